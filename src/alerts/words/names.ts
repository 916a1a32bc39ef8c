import type { Place } from '../../core/notice.ts';
import { clean, cut, plain } from './fitting.ts';
import type { Words } from './words.ts';

/** What a message is about, in as much room as there is: the label gives way first, then the prefecture. */
export interface Naming {
  readonly prefecture: string;
  readonly label: string;
  readonly render: (prefecture: string, label: string) => string;
  /** What stays when nothing else fits. */
  readonly least: string;
  readonly mark: string;
}

/** `[93 Bobigny] AES vie privée`; `[Guetteur]` where no place is meant. */
export function namingOf(place: Place | null, words: Words): Naming {
  if (place === null) return fixedNaming(`[${words.monitor.text}]`);
  const render = (prefecture: string, label: string): string =>
    `[${words.isolate(whereOf(place, prefecture, words))}] ${whatOf(place, label, words)}`;
  const least = `[${words.isolate(whereOf(place, '', words))}]`;
  return { ...partsOf(place), render, least, mark: '…' };
}

/** `Bobigny, AES vie privée`, where the department stands above. */
export function listNaming(place: Place, words: Words, isPrefectureSaid: boolean): Naming {
  const { prefecture, label } = partsOf(place);
  const render = (prefectureNow: string, labelNow: string): string =>
    [prefectureNow === '' ? '' : words.isolate(prefectureNow), whatOf(place, labelNow, words)]
      .filter((part) => part !== '')
      .join(words.comma);
  const least = words.procedures[place.procedure];
  return { prefecture: isPrefectureSaid ? '' : prefecture, label, render, least, mark: '…' };
}

/**
 * `93 Bobigny AES vie privée`, in the GSM alphabet. Where SMS have 70 characters, only the department and the translated
 * procedure: telephones turn Latin names round in a sentence of another direction, and often ignore the marks against it.
 */
export function smsNaming(place: Place | null, words: Words): Naming {
  if (place === null) return fixedNaming(words.monitor.sms);
  if (words.sms === 'ucs2') {
    const where = place.department ?? words.country;
    const what = place.procedure === 'other' ? '' : ` ${words.procedures[place.procedure]}`;
    return { ...fixedNaming(`${where}${what}`), least: where };
  }
  const parts = partsOf(place);
  const render = (prefecture: string, label: string): string =>
    `${whereOf(place, prefecture, words)} ${plain(whatOf(place, label, words))}`;
  const least = whereOf(place, '', words);
  return { prefecture: plain(parts.prefecture).trim(), label: plain(parts.label).trim(), render, least, mark: '..' };
}

/** The prefecture whole, and the label nearly so. */
export function wholeName(room: number, naming: Naming): string | null {
  return labelled(room, naming.prefecture, { naming, least: 16 });
}

/** As much of a name as there is room for; null when even the procedure and the department are too long. */
export function nameWithin(room: number, naming: Naming): string | null {
  const { prefecture, render, mark } = naming;
  const short = cut(prefecture, 12, mark);
  return (
    wholeName(room, naming) ??
    labelled(room, short, { naming, least: 12 }) ??
    within(room, render(prefecture, '')) ??
    within(room, render(short, '')) ??
    labelled(room, '', { naming, least: 8 }) ??
    within(room, render('', ''))
  );
}

/** `93 Seine-Saint-Denis`: a department, with the prefecture where all its places share it. */
export function departmentName(places: readonly Place[], words: Words): string {
  const [first] = places;
  if (first === undefined) return words.monitor.text;
  const prefecture = sharesPrefecture(places) ? partsOf(first).prefecture : '';
  return words.isolate(whereOf(first, cut(prefecture, 40), words));
}

/** The same for SMS. */
export function smsDepartment(places: readonly Place[], words: Words): string {
  const [first] = places;
  if (first === undefined) return words.monitor.sms;
  const prefecture = words.sms === 'gsm' && sharesPrefecture(places) ? plain(partsOf(first).prefecture).trim() : '';
  return whereOf(first, cut(prefecture, 24, '..'), words);
}

export function sharesPrefecture(places: readonly Place[]): boolean {
  return new Set(places.map((place) => partsOf(place).prefecture)).size === 1;
}

function labelled(
  room: number,
  prefecture: string,
  { naming, least }: { readonly naming: Naming; readonly least: number },
): string | null {
  const { label, render, mark } = naming;
  const whole = render(prefecture, label);
  if (whole.length <= room) return whole;
  const left = label.length - (whole.length - room);
  return left >= least ? within(room, render(prefecture, cut(label, left, mark))) : null;
}

function within(room: number, name: string): string | null {
  return name.length <= room ? name : null;
}

/** A name that does not give way. */
export function fixedNaming(name: string): Naming {
  return { prefecture: '', label: '', render: () => name, least: name, mark: '' };
}

/** Long enough for any name, short enough that a hostile one costs nothing. */
const READ_UNITS = 400;

/** The department's code and "Préfecture de" say the same: "93 Seine-Saint-Denis". The "Préfecture de police" keeps its name. */
const OF_DEPARTMENT = /^Préfecture (?:de la |de l['’]|des |du |de (?!police)|d['’])(?=\S)/iu;

function partsOf({ prefecture, label }: Place): { readonly prefecture: string; readonly label: string } {
  const read = (words: string | null): string => clean((words ?? '').slice(0, READ_UNITS));
  return { prefecture: read(prefecture).replace(OF_DEPARTMENT, ''), label: read(label) };
}

function whereOf({ department }: Place, prefecture: string, words: Words): string {
  if (department === null) return prefecture === '' ? words.country : prefecture;
  return prefecture === '' ? department : `${department} ${prefecture}`;
}

/** The page's own words in their language; elsewhere the translated name with them in brackets, to be found on the page. */
function whatOf({ procedure }: Place, label: string, words: Words): string {
  const translated = words.procedures[procedure];
  if (label === '') return translated;
  if (words.isOfPages) return label;
  return procedure === 'other' ? words.isolate(label) : `${translated} (${words.isolate(label)})`;
}
