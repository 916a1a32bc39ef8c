import type { Page } from './page.ts';
import type { Sign } from './rules.ts';

/**
 * What a page says of itself: in its title, its headings, and on a short page anywhere. Elsewhere the same words are about
 * something else: "Erreur 404" in a list of help, "file d'attente" in the news.
 */

/** A page that says one thing has few words; on a longer one, words about faults may be advice or news. */
const SHORT_PAGE = 700;
/** Beyond this no page is a bare notice, whatever its headings say. */
const NOTICE_LENGTH = 2_500;

export const isShort = (page: Page): boolean => page.words.length < SHORT_PAGE;

/** Folded words of the visible headings that head the page: the first ones, before its parts. */
export function headings(page: Page): string[] {
  const all = page.visible('h1, h2').map((heading) => page.wordsOf(heading));
  return all.slice(0, 3);
}

/** The words that match, in the title or the first headings, or anywhere on a short page; null when nowhere. */
export function saysOfItself(page: Page, expression: RegExp): string | null {
  const heads = page.words.length < NOTICE_LENGTH ? headings(page) : headings(page).slice(0, 1);
  const said = [page.titleWords, ...heads].find((words) => expression.test(words));
  if (said !== undefined) return page.quote(expression) ?? said.slice(0, 300);
  return isShort(page) && expression.test(page.words) ? (page.quote(expression) ?? page.words.slice(0, 300)) : null;
}

export function statusIs(accept: (status: number) => boolean) {
  return (page: Page): Sign | null => {
    const { status } = page.capture;
    return status !== null && accept(status) ? { message: `HTTP ${status}` } : null;
  };
}
