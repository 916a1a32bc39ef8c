import { html } from 'hono/html';

import { LANGUAGES, type Language } from '../../core/subscription.ts';
import type { Markup } from '../frame.ts';
import { AR } from './words/ar.ts';
import { EN } from './words/en.ts';
import { FR } from './words/fr.ts';
import type { AssistWords, Note } from './words/words.ts';

export const ASSIST_WORDS: Readonly<Record<Language, AssistWords>> = { fr: FR, en: EN, ar: AR };

/** What every page for people who help has around it. Addresses are relative, as on the pages for subscribers. */
export interface AssistFrame {
  readonly words: AssistWords;
  readonly title: string;
  readonly practice: boolean;
  /** From the page up to `/assist/`: `../` or `../../`. */
  readonly root: string;
  /** What follows the language in the page's address. */
  readonly rest: string;
  readonly mark?: string;
}

export function assistPage({ words, title, practice, root, rest, mark = '' }: AssistFrame, main: Markup): Markup {
  return html`<!doctype html>
    <html lang="${words.language}" dir="${words.direction}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${mark}${title} – Guetteur</title>
        <link rel="stylesheet" href="${root}assist.css" />
      </head>
      <body>
        <header>
          <p class="name" lang="fr" translate="no">Guetteur</p>
          <nav aria-label="Langue, language, اللغة">
            ${LANGUAGES.map((language) => languageLink(language, words, `${root}${language}/${rest}`))}
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

function languageLink(language: Language, words: AssistWords, address: string): Markup {
  const { name } = ASSIST_WORDS[language];
  if (language === words.language) return html`<span aria-current="true" lang="${language}">${name}</span>`;
  return html`<a href="${address}" hreflang="${language}" lang="${language}">${name}</a>`;
}

export function lines(said: readonly string[]): Markup {
  return html`${said.map((line) => html`<p>${line}</p>`)}`;
}

/** A page that says one thing, with the way back to the list where there is one. */
export function assistNote(
  note: Note,
  frame: Omit<AssistFrame, 'title' | 'rest'> & { readonly hasList: boolean },
): Markup {
  const { words, root, hasList } = frame;
  const back = hasList ? html`<p><a href="${root}${words.language}/">${words.back}</a></p>` : '';
  return assistPage({ ...frame, title: note.title, rest: '' }, html`${lines(note.lines)} ${back}`);
}
