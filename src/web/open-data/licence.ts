import { EN_DATA } from './words/en.ts';

/** Under what terms, and how to cite. */

export const LICENCE = {
  name: 'etalab-2.0',
  title: 'Licence Ouverte / Open Licence 2.0',
  path: 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/',
} as const;

export const HOST_WORDS = EN_DATA.dataset;

export interface Publisher {
  readonly name: string;
  /** Where the public finds these pages, with a slash at its end. */
  readonly page: string;
  readonly practice: boolean;
}

export function citation({ name, page, practice }: Publisher, day: string): string {
  const what = practice ? `PRACTICE DATA, not about any public body. ${HOST_WORDS}` : HOST_WORDS;
  return `${name}. ${what}. ${day}. ${LICENCE.title}. ${page}api/v1`;
}
