import { ancestors, dayOf, daysBetween, type Element, type Page } from '../../src/probe.ts';

import { FRAGMENT, PATH } from './steps.ts';

/**
 * The week of step 4 and its cells, in all the forms they have had: links to `/booking/create/{id}/5/…/{unix time}`, the words
 * `libre` and `plage libre`, the class `free`, hours as links; `complet` for a full one (facts of November 2026).
 */

export const CALENDAR_HEAD = 'th[colspan="7"]';
/** A slot further away than this is a mistake of the page, or no slot. */
const LONGEST_LEAD_DAYS = 731;

const FREE_WORDS = /^(?:\d{1,2} ?[h:] ?\d{2} ?-? ?)?(?:plage )?libres?(?: ?[:(] ?[1-9]\d* ?(?:places?)? ?\)?)?$/;
const FULL_WORDS = /^(?:\d{1,2} ?[h:] ?\d{2} ?-? ?)?(?:complete?|indisponible|ferme)s?$/;
/** What says that a cell which names a free time has none. */
const NOT_FREE = /complet|indisponible|ferme|aucun|: ?0\b|\( ?0 ?\)|\b0 (?:place|libre)|reserve|passe/;
/** Any mark of a free cell, of any generation: where one stands, nothing is a "no". */
const FREE_MARK = /\blibres?\b|disponible/;
const HOUR = /\b\d{1,2} ?[h:] ?\d{2}\b/;

export interface Week {
  /** Free times that can be chosen, and the days of those whose day is known (`YYYY-MM-DD`). */
  readonly free: number;
  readonly days: readonly string[];
  /** Cells that say they are full. */
  readonly full: number;
  /** Cells that are neither, or that bear a mark of a free one which nobody could choose. */
  readonly unknown: number;
}

const isOff = (element: Element): boolean => {
  const { disabled, class: classes = '', 'aria-disabled': off } = element.attribs;
  return disabled !== undefined || off === 'true' || /\b(?:disabled|inactive|busy|occupe|full)\b/i.test(classes);
};

const cellOf = (link: Element): Element | undefined =>
  ancestors(link).find(({ name }) => name === 'td' || name === 'li');

/** Links to a slot of this very module that a person can press now: one a free slot. */
export function slotLinks(page: Page): { readonly count: number; readonly days: readonly string[] } {
  const module = PATH.exec(page.url.pathname)?.[1];
  const days = page.visible('a[href*="booking/create/"]').flatMap((link) => {
    const address = page.linkOf(link);
    const [, id, step] = PATH.exec(address?.pathname ?? '') ?? [];
    if (address === null || address.host !== page.url.host || step !== '5' || id !== module) return [];
    const around = [link, ...ancestors(link)];
    const said = `${page.wordsOf(link)} ${page.wordsOf(cellOf(link) ?? link)}`;
    const seconds = Number(/\/(\d{9,11})\/?$/.exec(address.pathname)?.[1] ?? Number.NaN);
    const day = Number.isNaN(seconds) ? null : dayOf(seconds * 1_000);
    const isNear = day !== null && daysBetween(dayOf(page.capture.observedAt), day) <= LONGEST_LEAD_DAYS;
    return around.some(isOff) || NOT_FREE.test(said) || !isNear || day === null ? [] : [day];
  });
  return { count: days.length, days };
}

/** The week as its cells say it; null when no week is drawn. Cells of the legend belong to no week. */
export function weekOf(page: Page): Week | null {
  const [head] = page.visible(CALENDAR_HEAD);
  const table = head === undefined ? undefined : ancestors(head).find(({ name }) => name === 'table');
  const legend = page
    .visible('caption, p, div, span, li, legend, strong, th, td')
    .find((part) => /^legende\b/.test(page.wordsOf(part)));
  const all = page.visible('td');
  const order = legend === undefined ? all : page.visible('td, caption, p, div, span, li, legend, strong, th');
  const end = legend === undefined ? -1 : order.indexOf(legend);
  const cells = all.filter(
    (cell) => (table === undefined || ancestors(cell).includes(table)) && (end === -1 || order.indexOf(cell) < end),
  );
  if (head === undefined) return null;
  const links = slotLinks(page);
  let free = 0;
  let full = 0;
  let unknown = 0;
  for (const cell of cells) {
    const kind = kindOf(page, cell);
    if (kind === 'free') free += 1;
    else if (kind === 'full') full += 1;
    else if (kind === 'unknown') unknown += 1;
  }
  return { free: links.count > 0 ? links.count : free, days: links.days, full, unknown };
}

function kindOf(page: Page, cell: Element): 'free' | 'full' | 'unknown' | 'label' {
  const words = page.wordsOf(cell);
  const links = page.visible('a').filter((link) => ancestors(link).includes(cell));
  const hasFreeClass = /\bfree\b/i.test(cell.attribs['class'] ?? '');
  const isChoosable = ![cell, ...ancestors(cell)].some(isOff) && !links.some(isOff) && !NOT_FREE.test(words);
  if (FULL_WORDS.test(words) && links.length === 0 && !hasFreeClass) return 'full';
  const isFree = FREE_WORDS.test(words) || (hasFreeClass && links.length > 0 && HOUR.test(words));
  // A link that is no slot of this module, or one that cannot be pressed, makes no free time.
  const leadsElsewhere = links.length > 0 && !links.every((link) => isOwnOrScripted(page, link));
  if (isFree && isChoosable && !leadsElsewhere) return 'free';
  if (/^\d{1,2} ?[h:] ?\d{2}(?: ?-)?$/.test(words) && links.length === 0 && !hasFreeClass) return 'label';
  return 'unknown';
}

function isOwnOrScripted(page: Page, link: Element): boolean {
  const { href = '' } = link.attribs;
  if (href === '' || href.startsWith('#') || href.startsWith('javascript:')) return true;
  const address = page.linkOf(link);
  const day = /\/(\d{9,11})\/?$/.exec(address?.pathname ?? '')?.[1];
  return address?.host === page.url.host && day === undefined;
}

/** Whether anything on the page looks like a free time, whoever offers it. */
export function hasFreeMark(page: Page): boolean {
  const cells = page.visible('td').some((cell) => {
    const words = page.wordsOf(cell);
    return (FREE_MARK.test(words) && !NOT_FREE.test(words)) || /\bfree\b/i.test(cell.attribs['class'] ?? '');
  });
  return (
    cells ||
    page.present('a[href*="booking/create/"]').some((link) => PATH.exec(page.linkOf(link)?.pathname ?? '')?.[2] === '5')
  );
}

/** How far the calendar was shown, in days; a fragment's address says where its week begins. */
export function horizonOf(page: Page): number | null {
  const offset = FRAGMENT.exec(decodeURIComponent(page.url.pathname))?.[1];
  return offset === undefined ? null : Number(offset) + 7;
}
