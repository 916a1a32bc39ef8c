/** How slots may come and go: what statistics are tried on. Times are counted in days. */

type Draw = () => number;
/** What is open at a time counted in days. */
type IsOpen = (time: number) => boolean;
export type Process = (draw: Draw, days: number) => IsOpen;

/** Open and closed in turn, each for a random time: openings go over midnight as they like. */
export function renewal(openDays: number, closedDays: number): Process {
  return (draw, span) => {
    const lasting = (mean: number): number => -Math.log(1 - draw()) * mean;
    let isOpen = draw() < openDays / (openDays + closedDays);
    const changes: number[] = [];
    const first = isOpen;
    for (let at = 0; at < span; isOpen = !isOpen) {
      at += lasting(isOpen ? openDays : closedDays);
      changes.push(at);
    }
    let index = 0;
    return (time) => {
      while ((changes[index] ?? Infinity) <= time) index += 1;
      return index % 2 === 0 ? first : !first;
    };
  };
}

/** A batch at the same minute of some days, gone after a while: what a fixed-minute schedule would always or never see. */
export function batches(chance: number, meanHours: number): Process {
  return (draw, span) => {
    const lengths = Array.from({ length: span }, () => (draw() < chance ? (2 * draw() * meanHours) / 24 : 0));
    return (time) => {
      const within = time - Math.floor(time) - 0.4;
      return within >= 0 && within < (lengths[Math.floor(time)] ?? 0);
    };
  };
}

/** At the same minute of every week, gone after half to one and a half of the mean: as regular as an office. */
export function weekly(meanDays: number): Process {
  return (draw, span) => {
    const begin = 7 * draw();
    const lengths = Array.from({ length: Math.ceil(span / 7) + 2 }, () => meanDays * (0.5 + draw()));
    return (time) => {
      const since = time + 7 + begin;
      return since % 7 < (lengths[Math.floor(since / 7)] ?? 0);
    };
  };
}
