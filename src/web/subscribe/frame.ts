import { html } from 'hono/html';

import type { Language } from '../../core/subscription.ts';
import type { Markup } from '../frame.ts';
import { sheet } from '../sheet.ts';
import { PAGE_WORDS } from './page-words.ts';
import type { Note, PageWords } from './words/words.ts';

/** What the pages for subscribers have around them. Addresses are relative: the public may find them under a path of its own. */
export interface PageFrame {
  readonly words: PageWords;
  readonly title: string;
  /** Stands before the title where it is heard first: how much is wrong. */
  readonly mark?: string;
  readonly practice: boolean;
  /** More of the head, such as the feeds that a reader finds by itself. */
  readonly head?: Markup;
}

export function pageOf({ words, title, mark = '', practice, head }: PageFrame, main: Markup): Markup {
  return sheet(
    {
      language: words.language,
      direction: words.direction,
      title,
      mark,
      head: html`<link rel="stylesheet" href="../subscribe.css" /> ${head ?? ''}`,
      languages: Object.values(PAGE_WORDS).map(({ language, name }) => ({
        language,
        name,
        address: `../${pathOf(language)}`,
      })),
      practice: practice ? words.practice : null,
    },
    main,
  );
}

export function pathOf(language: Language): string {
  return `${language}/${PAGE_WORDS[language].slug}`;
}

export function paragraphs(lines: readonly string[]): Markup {
  return html`${lines.map((line) => html`<p>${line}</p>`)}`;
}

/** A page that says one thing, with the way back to the form. */
export function notePage(note: Note, words: PageWords, practice: boolean): Markup {
  return pageOf(
    { words, title: note.title, practice },
    html`${paragraphs(note.lines)}
      <p><a href="../${pathOf(words.language)}">${words.title}</a></p>`,
  );
}

/** A page with one button, which posts to its own address: programs that open the links of mails do not press it. */
export function buttonPage(
  { title, lines, button }: Note & { readonly button: string },
  {
    words,
    practice,
    details,
  }: { readonly words: PageWords; readonly practice: boolean; readonly details: readonly string[] },
): Markup {
  const list =
    details.length === 0
      ? ''
      : html`<ul>
          ${details.map((line) => html`<li>${line}</li>`)}
        </ul>`;
  return pageOf(
    { words, title, practice },
    html`${paragraphs(lines)} ${list}
      <form method="post"><button type="submit">${button}</button></form>`,
  );
}
