/** A month of the past in the OpenMetrics format, for rules and panels that look back further than a test can wait. */

const DAYS = 31;
const EVERY_SECONDS = 600;
const RESULTS = ['slots', 'no_slots', 'suspended', 'moved', 'operational', 'fault', 'gate', 'unmeasured'];

export interface PastWorld {
  readonly instance: string;
  readonly targets: readonly { readonly id: string; readonly platform: string }[];
  readonly departments: readonly string[];
  /** Where the past ends: seconds since 1970. Prometheus takes it only from before its own first block. */
  readonly until: number;
}

type Sample = (name: string, labels: string, value: number, at: number) => string;

export function past({ instance, targets, departments, until }: PastWorld): string {
  const sample: Sample = (name, labels, value, at) =>
    `${name}{job="guetteur",instance="${instance}",${labels}} ${value} ${at}`;
  const times = Array.from(
    { length: (DAYS * 86_400) / EVERY_SECONDS },
    (_, at) => Math.floor(until / EVERY_SECONDS - at) * EVERY_SECONDS,
  ).toReversed();
  const plans = targets.flatMap(({ id, platform }) => plansOf(id, platform, { times, sample }));
  const works = targets.flatMap(({ id, platform }) => worksOf(id, platform, { times, sample }));
  const hours = departments.flatMap((department) =>
    times.map((at) =>
      sample(
        'department_weekday_hour:guetteur_slots:avg',
        `department="${department}",${clock(at)}`,
        Number(resultAt(at, '') === 'slots'),
        at,
      ),
    ),
  );
  const families = [
    '# TYPE guetteur_target_planned_checks counter',
    ...plans,
    '# TYPE target:guetteur_works:bool gauge',
    ...works,
    '# TYPE department_weekday_hour:guetteur_slots:avg gauge',
    ...hours,
  ];
  return [...families, '# EOF', ''].join('\n');
}

interface Timed {
  readonly times: readonly number[];
  readonly sample: Sample;
}

function plansOf(id: string, platform: string, { times, sample }: Timed): string[] {
  const counts = new Map(RESULTS.map((result) => [result, 0]));
  return times.flatMap((at) => {
    const result = resultAt(at, platform);
    counts.set(result, (counts.get(result) ?? 0) + 1);
    return [...counts].map(([name, count]) =>
      sample('guetteur_target_planned_checks_total', `target="${id}",result="${name}"`, count, at),
    );
  });
}

function worksOf(id: string, platform: string, { times, sample }: Timed): string[] {
  return times.flatMap((at) => {
    const result = resultAt(at, platform);
    if (result === 'unmeasured' || result === 'gate') return [];
    return [sample('target:guetteur_works:bool', `target="${id}"`, Number(result !== 'fault'), at)];
  });
}

/** Slots at breakfast on weekdays, a captcha at noon, faults at night; one look in twelve is missed. */
function resultAt(at: number, platform: string): string {
  const date = new Date(at * 1_000);
  const hour = date.getUTCHours();
  if (at % 7_200 === 0) return 'unmeasured';
  if (hour === 3) return 'fault';
  if (platform === 'anef') return 'operational';
  if (hour === 12) return 'gate';
  return hour === 8 && date.getUTCDay() % 6 !== 0 ? 'slots' : 'no_slots';
}

function clock(at: number): string {
  const date = new Date(at * 1_000);
  const weekday = date.getUTCDay() === 0 ? 7 : date.getUTCDay();
  return `weekday="${weekday}",hour="${String(date.getUTCHours()).padStart(2, '0')}"`;
}
