import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';

import { groupOf, OUTCOMES, type Group } from '../../src/core/outcome.ts';
import type { Language } from './words.ts';

/** How outcomes are drawn: one colour a group, told apart by people who do not see red and green apart. */

const COLOURS: Readonly<Record<Group, string>> = {
  observed: '#3274D9',
  fault: '#D44A3A',
  gate: '#E0B400',
  unmeasured: '#8E8E8E',
};
const OWN_COLOURS: Readonly<Record<string, string>> = { slots: '#56A64B', operational: '#56A64B', moved: '#8F3BB8' };

const FRENCH: Readonly<Record<string, string>> = {
  slots: 'créneaux',
  no_slots: 'aucun créneau',
  suspended: 'suspendu',
  moved: 'déplacé',
  operational: 'la porte s’ouvre',
  overloaded: 'surchargé',
  maintenance: 'maintenance',
  error: 'erreur',
  timeout: 'trop lent',
  unreachable: 'injoignable',
  captcha: 'captcha',
  login: 'connexion demandée',
  denied: 'accès refusé',
  rate_limited: 'prié de ralentir',
  robots: 'robots.txt',
  unknown_page: 'page inconnue',
  ambiguous: 'ambigu',
  network_down: 'notre réseau',
  clock_untrusted: 'notre horloge',
  monitor_error: 'notre panne',
  skipped: 'sauté',
  missed: 'manqué',
};

/** The numbers of `guetteur_target_outcome_code` as words and colours. */
export function outcomeMappings(language: Language): ValueMapping[] {
  const options = OUTCOMES.map((outcome, at) => {
    const text = language === 'fr' ? (FRENCH[outcome] ?? outcome) : outcome.replaceAll('_', ' ');
    return [String(at + 1), { text, color: OWN_COLOURS[outcome] ?? COLOURS[groupOf(outcome)], index: at }] as const;
  });
  return [{ type: MappingType.ValueToText, options: Object.fromEntries(options) }];
}
