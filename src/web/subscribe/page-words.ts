import { LANGUAGES, type Language } from '../../core/subscription.ts';
import { AR } from './words/ar.ts';
import { EN } from './words/en.ts';
import { FR } from './words/fr.ts';
import type { PageWords } from './words/words.ts';

export const PAGE_WORDS: Readonly<Record<Language, PageWords>> = { fr: FR, en: EN, ar: AR };

/** The first language of `Accept-Language` that we speak; French otherwise. For pages that know nobody's choice. */
export function spokenLanguage(accepted: string | undefined): Language {
  const wanted = (accepted ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', quality = 'q=1'] = part.trim().toLowerCase().split(';');
      return { language: tag.split('-')[0], weight: Number(quality.trim().replace('q=', '')) };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  for (const { language } of wanted) {
    const found = LANGUAGES.find((known) => known === language);
    if (found !== undefined) return found;
  }
  return 'fr';
}
