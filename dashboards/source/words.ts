import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';

/** The two languages of the dashboards. Every title and description is written in both. */
export const LANGUAGES = ['fr', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Words = Readonly<Record<Language, string>>;

/** What Grafana writes instead of these values. */
export function mapped(words: Readonly<Record<string, Words>>): (language: Language) => ValueMapping[] {
  return (language) => {
    const options = Object.entries(words).map(
      ([value, word], index) => [value, { text: word[language], index }] as const,
    );
    return [{ type: MappingType.ValueToText, options: Object.fromEntries(options) }];
  };
}

export const NO_YES = mapped({ 0: { fr: 'non', en: 'no' }, 1: { fr: 'oui', en: 'yes' } });
