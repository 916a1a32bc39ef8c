import { html } from 'hono/html';

import type { Language } from '../../core/subscription.ts';
import type { Markup } from '../frame.ts';
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
  return html`<!doctype html>
    <html lang="${words.language}" dir="${words.direction}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${mark}${title} – Guetteur</title>
        <link rel="stylesheet" href="../subscribe.css" />
        ${head ?? ''}
      </head>
      <body>
        <header>
          <p class="name" lang="fr" translate="no">Guetteur</p>
          <nav aria-label="Langue, language, اللغة">
            ${Object.values(PAGE_WORDS).map((other) => languageLink(other, words))}
          </nav>
        </header>
        ${practice ? html`<p class="practice" role="note">${words.practice}</p>` : ''}
        <main>
          <h1>${title}</h1>
          ${main}
        </main>
      </body>
    </html>`;
}

export function pathOf(language: Language): string {
  return `${language}/${PAGE_WORDS[language].slug}`;
}

function languageLink(other: PageWords, { language }: PageWords): Markup {
  const { name } = other;
  if (other.language === language) return html`<span aria-current="true" lang="${language}">${name}</span>`;
  return html`<a href="../${pathOf(other.language)}" hreflang="${other.language}" lang="${other.language}">${name}</a>`;
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
