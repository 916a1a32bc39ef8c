import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';

import { groupOf, GROUPS, OUTCOMES, type Group, type Outcome } from '../../src/core/outcome.ts';
import type { Look } from './panels.ts';
import { mapped, type Language, type Words } from './words.ts';

/** How outcomes are named and drawn: one colour a group, told apart by people who do not see red and green apart. */

export const GROUP_LOOKS: Readonly<Record<Group, Required<Look>>> = {
  observed: { words: { fr: 'observé', en: 'observed' }, colour: '#3274D9' },
  fault: { words: { fr: 'panne', en: 'fault' }, colour: '#D44A3A' },
  gate: { words: { fr: 'barrière', en: 'gate' }, colour: '#E0B400' },
  unmeasured: { words: { fr: 'non mesuré', en: 'unmeasured' }, colour: '#8E8E8E' },
};
const OWN_COLOURS: Readonly<Record<string, string>> = {
  slots: '#56A64B',
  operational: '#56A64B',
  suspended: '#8AB8FF',
  moved: '#8F3BB8',
  // Faults are all red, and told apart.
  overloaded: '#FF7F6B',
  maintenance: '#F2A09A',
  timeout: '#A3281C',
  unreachable: '#6B120B',
};

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

function wordsOf(outcome: string): Words {
  return { fr: FRENCH[outcome] ?? outcome, en: outcome.replaceAll('_', ' ') };
}

function colourOf(outcome: Outcome): string {
  return OWN_COLOURS[outcome] ?? GROUP_LOOKS[groupOf(outcome)].colour;
}

/** The numbers of `guetteur_target_outcome_code` as words and colours. */
export function outcomeMappings(language: Language): ValueMapping[] {
  const options = OUTCOMES.map((outcome, at) => {
    const look = { text: wordsOf(outcome)[language], color: colourOf(outcome), index: at };
    return [String(at + 1), look] as const;
  });
  return [{ type: MappingType.ValueToText, options: Object.fromEntries(options) }];
}

/** The label `outcome` as words, for tables. */
export const outcomeWords = mapped(Object.fromEntries(OUTCOMES.map((outcome) => [outcome, wordsOf(outcome)])));

/** How plans end: an observed outcome, or the group that hid it. */
export const RESULT_SERIES: Readonly<Record<string, Look>> = {
  ...Object.fromEntries(
    GROUPS.observed.map((outcome) => [outcome, { words: wordsOf(outcome), colour: colourOf(outcome) }]),
  ),
  fault: GROUP_LOOKS.fault,
  gate: GROUP_LOOKS.gate,
  unmeasured: GROUP_LOOKS.unmeasured,
};

/** Faults are drawn as in timelines; gates, which look alike there, each in a colour of Grafana's own. */
export function outcomeSeries(group: 'fault' | 'gate'): Readonly<Record<string, Look>> {
  const look = (outcome: Outcome): Look =>
    group === 'gate' ? { words: wordsOf(outcome) } : { words: wordsOf(outcome), colour: colourOf(outcome) };
  return Object.fromEntries(GROUPS[group].map((outcome) => [outcome, look(outcome)]));
}
