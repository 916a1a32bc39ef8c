import { html } from 'hono/html';

import type { Language } from '../../core/subscription.ts';
import type { Target } from '../../core/target.ts';
import type { Markup } from '../frame.ts';
import { departmentLine, procedureName } from '../subscribe/summary.ts';

/** What stands on a card of a target: French names are French in every language. */
export function placeName(target: Target, language: Language): Markup {
  const { department, prefecture, procedure, label } = target;
  const where = [department === null ? null : departmentLine(department, language), prefecture].filter(
    (part) => part !== null,
  );
  const what = procedure === 'other' ? (label ?? target.id) : procedureName(procedure, language);
  return html`<strong>${what}</strong
    >${label === null || label === what ? '' : html`<br /><bdi lang="fr">${label}</bdi>`}<br /><bdi lang="fr"
      >${where.join(' · ')}</bdi
    >`;
}

/** One line without markup, for lists of choices. */
export function placeLine(target: Target, language: Language): string {
  const { department, prefecture, procedure, label, id } = target;
  const what = procedure === 'other' ? null : procedureName(procedure, language);
  return [department, prefecture, what, label].filter((part) => part !== null).join(' · ') || id;
}

const LOCALES: Readonly<Record<Language, string>> = { fr: 'fr-FR', en: 'en-GB', ar: 'ar-u-nu-latn' };

export function clockIn(instant: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Paris', timeStyle: 'short' }).format(instant);
}

export function dayIn(instant: number, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], {
    timeZone: 'Europe/Paris',
    dateStyle: 'medium',
    timeStyle: 'short',
  }).format(instant);
}
