import type { Outcome } from '../../core/outcome.ts';
import type { Expectation } from '../../core/replica.ts';
import { parisDay } from '../shared/paris.ts';
import { at, outcome } from '../shared/sites.ts';
import type { PlayedScenario } from '../shared/sites.ts';
import { ENGLISH, datepicker, daysOf, facetsOf, type Plan } from './calendar.ts';
import { deskSite, type Answer, type Manners } from './desk.ts';
import { DOOR } from './layout.ts';
import { datePanel, identityPanel, type DatePanel } from './panels.ts';

/** Collection of a permit at Créteil. */
export const ASKED = { site: 'P941', motive: '20' };

export const NONE = "Aucun rendez-vous n'est possible pour les motifs sélectionnés ou le créneau horaire sélectionné.";
const NONE_FOR_SERVICE = "Il n'y a pas de rendez-vous disponible pour ce service.";
const SHOWN = {
  department: '94',
  prefecture: 'Préfecture du Val-de-Marne (réplique)',
  procedure: 'collection',
} as const;

const SEVERAL: Plan = { fromDays: 6, count: 4, leadBand: 'within31_several' };
const SINGLE: Plan = { fromDays: 12, count: 1, leadBand: 'within31_single' };
const FAR: Plan = { fromDays: 70, count: 2, leadBand: 'from62' };
const PAST: Plan = { fromDays: -70, count: 3, leadBand: 'date_unknown' };

function says(name: string, message: string, expected: Outcome, manners: Manners = {}): PlayedScenario {
  return at(DOOR)(name, deskSite({ ...manners, answer: () => ({ message }) }), outcome(expected));
}

function offers(name: string, plan: Plan, look: DatePanel & Manners & { months?: string } = {}): PlayedScenario {
  const answer = (now: number): Answer => {
    const days = daysOf(now, plan);
    return { panel: datePanel({ ...look, calendar: datepicker(days[0] ?? parisDay(now), days, look.months) }) };
  };
  const expect = (now: number): Expectation => ({ outcome: 'slots', facets: facetsOf(now, plan) });
  return at(DOOR)(name, deskSite({ ...look, answer }), expect);
}

function answersWith(name: string, answer: Answer, expected: Outcome): PlayedScenario {
  return at(DOOR)(name, deskSite({ answer: () => answer }), outcome(expected));
}

const WITHOUT_SLOTS: readonly PlayedScenario[] = [
  {
    ...says('none-for-motives', NONE, 'no_slots'),
    shown: { ...SHOWN, label: 'Retrait de titre de séjour (Créteil)' },
  },
  says('none-for-service', NONE_FOR_SERVICE, 'no_slots'),
  says('none-said-at-once', NONE, 'no_slots', { isSynchronous: true }),
  says('none-misspelt', NONE.replaceAll('nné', 'nnné'), 'no_slots'),
  says('none-said-late', NONE, 'no_slots', { afterMs: 1_500 }),
  says('none-typographic', NONE.replaceAll("'", '’').replaceAll(' ', '\u00a0').replace(/\.$/, ''), 'no_slots'),
  says('none-without-spaces', NONE_FOR_SERVICE.replace('pas de', 'pasde').replace("n'y", 'n y'), 'no_slots'),
  // The call for the quantities is none that the probe may make: the page complains before it is asked anything.
  says('none-after-a-complaint', NONE, 'no_slots', { asksQuantities: true }),
];

const WITH_SLOTS: readonly PlayedScenario[] = [
  {
    ...offers('slots-several-days', SEVERAL),
    shown: { ...SHOWN, procedure: 'renewal', label: 'Renouvellement de titre de séjour (Créteil)' },
  },
  offers('slots-single-day', SINGLE),
  offers('slots-from-62-days', FAR),
  offers('slots-calendar-folded', SEVERAL, { isFolded: true }),
  offers('slots-english-calendar', SEVERAL, { months: ENGLISH }),
  // The dialog of an earlier step says nothing of the answer.
  offers('slots-after-an-early-none', SINGLE, { saysFirst: NONE_FOR_SERVICE }),
  at(DOOR)('slots-day-field-only', deskSite({ answer: () => ({ panel: datePanel({}) }) }), () => ({
    outcome: 'slots',
    facets: { leadBand: 'date_unknown', slotCount: null },
  })),
];

const UNDECIDED: readonly PlayedScenario[] = [
  says('other-dialog', 'Votre session a expiré, veuillez recommencer.', 'unknown_page'),
  says('post-code-dialog', 'Veuillez saisir un code postal valide.', 'unknown_page'),
  says('english-dialog', 'No appointment is available for the selected reasons.', 'unknown_page'),
  says('longer-dialog', `${NONE} De nouveaux rendez-vous sont proposés chaque lundi.`, 'unknown_page'),
  says('early-none-then-other', 'Veuillez patienter.', 'unknown_page', { saysFirst: NONE }),
  // The sentence stands hidden in the page, and nothing is said.
  answersWith('nothing-said', {}, 'unknown_page'),
  answersWith('hours-alone', { panel: datePanel({ isDisabled: true }) }, 'unknown_page'),
  answersWith('none-and-a-day-field', { message: NONE, panel: datePanel({}) }, 'ambiguous'),
  answersWith('goes-on-by-form', { sendsForm: true }, 'unknown_page'),
  at(DOOR)(
    'stale-calendar',
    deskSite({
      answer: (now) => {
        const days = daysOf(now, PAST);
        return { panel: datePanel({ calendar: datepicker(days[0] ?? '', days) }) };
      },
    }),
    outcome('unknown_page'),
  ),
  at(DOOR)(
    'calendar-without-free-day',
    deskSite({ answer: (now) => ({ panel: datePanel({ calendar: datepicker(parisDay(now), []) }) }) }),
    outcome('unknown_page'),
  ),
  says('check-tells-a-name', NONE, 'unknown_page', { tellsName: true }),
  // Whoever answers any failure by the sentence says it also when our own filter made the call fail.
  says('none-after-a-refused-check', NONE, 'unknown_page', { tellsName: true, saysOnFailure: NONE }),
  says('none-after-another-refused-call', NONE, 'unknown_page', { asksNextForm: true, saysOnFailure: NONE }),
  says('none-after-a-check-taken-back', NONE, 'unknown_page', { givesUpAfterMs: 250, saysOnFailure: NONE }),
  answersWith('day-field-without-hours', { panel: datePanel({ areHoursHidden: true }) }, 'unknown_page'),
  at(DOOR)(
    'day-field-before-any-answer',
    deskSite({ answer: () => ({}), standing: datePanel({}) }),
    outcome('unknown_page'),
  ),
  at(DOOR)(
    'day-field-beside-other-motives',
    deskSite({ motives: { '19': "Renouvellement d'un titre de séjour" }, answer: () => ({}), standing: datePanel({}) }),
    outcome('unknown_page'),
  ),
  at(DOOR)(
    'motive-not-offered',
    deskSite({ motives: { '19': "Renouvellement d'un titre de séjour" }, answer: () => ({ message: NONE }) }),
    outcome('unknown_page'),
  ),
];

const STOPPED: readonly PlayedScenario[] = [
  answersWith('captcha-with-identity', { panel: identityPanel({ hasCaptcha: true }) }, 'captcha'),
  answersWith('identity-first', { panel: identityPanel({ hasCaptcha: false }) }, 'login'),
  answersWith('check-forbidden', { status: 403 }, 'denied'),
  answersWith('check-bad-gateway', { status: 502 }, 'overloaded'),
  answersWith('check-server-error', { status: 500 }, 'error'),
];

const asked = (scenario: PlayedScenario): PlayedScenario => ({ ...scenario, params: ASKED });

/** Visits that come as far as the check, and the one that is not asked to. */
export const answers: readonly PlayedScenario[] = [
  ...[...WITHOUT_SLOTS, ...WITH_SLOTS, ...UNDECIDED, ...STOPPED].map(asked),
  says('post-code-page-only', NONE, 'operational'),
];
