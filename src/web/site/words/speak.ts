import { LANGUAGES, type Language } from '../../../core/subscription.ts';
import { AR } from './ar.ts';
import { EN } from './en.ts';
import { FR } from './fr.ts';
import { AR_PROSE } from './prose/ar.ts';
import { EN_PROSE } from './prose/en.ts';
import { FR_PROSE } from './prose/fr.ts';
import type { ProseWords } from './prose/prose.ts';
import type { SiteWords } from './words.ts';

export const SITE_WORDS: Readonly<Record<Language, SiteWords>> = { fr: FR, en: EN, ar: AR };
export const PROSE: Readonly<Record<Language, ProseWords>> = { fr: FR_PROSE, en: EN_PROSE, ar: AR_PROSE };

export function isLanguage(word: string): word is Language {
  return LANGUAGES.some((language) => language === word);
}
