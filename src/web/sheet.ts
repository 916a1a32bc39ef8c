import { html } from 'hono/html';

import type { Language } from '../core/subscription.ts';
import type { Markup } from './frame.ts';

/** One plain page in a language of its own, with the way to the same page in the others: for subscribers and for people who help. */
export interface Sheet {
  readonly language: Language;
  readonly direction: 'ltr' | 'rtl';
  readonly title: string;
  /** Stands before the title where it is heard first: how much is wrong. */
  readonly mark: string;
  /** More of the head: the style sheet, feeds that a reader finds by itself. */
  readonly head: Markup;
  /** The page in each language, by its address. */
  readonly languages: readonly { readonly language: Language; readonly name: string; readonly address: string }[];
  /** The words of the practice banner; null outside practice. */
  readonly practice: string | null;
}

export function sheet({ language, direction, title, mark, head, languages, practice }: Sheet, main: Markup): Markup {
  return html`<!doctype html>
    <html lang="${language}" dir="${direction}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${mark}${title} – Guetteur</title>
        ${head}
      </head>
      <body>
        <header>
          <p class="name" lang="fr" translate="no">Guetteur</p>
          <nav aria-label="Langue, language, اللغة">${languages.map((other) => languageLink(other, language))}</nav>
        </header>
        ${practice === null ? '' : html`<p class="practice" role="note">${practice}</p>`}
        <main>
          <h1>${title}</h1>
          ${main}
        </main>
      </body>
    </html>`;
}

function languageLink({ language, name, address }: Sheet['languages'][number], shown: Language): Markup {
  if (language === shown) return html`<span aria-current="true" lang="${language}">${name}</span>`;
  return html`<a href="${address}" hreflang="${language}" lang="${language}">${name}</a>`;
}
