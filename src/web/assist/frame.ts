import { html } from 'hono/html';

import { LANGUAGES, type Language } from '../../core/subscription.ts';
import type { Markup } from '../frame.ts';
import { sheet } from '../sheet.ts';
import { assetAddress } from './assets.ts';
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
  /** More of the head. */
  readonly more?: Markup;
}

export function assistPage({ words, title, practice, root, rest, mark = '', more }: AssistFrame, main: Markup): Markup {
  return sheet(
    {
      language: words.language,
      direction: words.direction,
      title,
      mark,
      head: html`<meta name="robots" content="noindex" />
        <link rel="stylesheet" href="${assetAddress(root, 'assist.css')}" /> ${more ?? ''}`,
      languages: LANGUAGES.map((language) => ({
        language,
        name: ASSIST_WORDS[language].name,
        address: `${root}${language}/${rest}`,
      })),
      practice: practice ? words.practice : null,
    },
    main,
  );
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
