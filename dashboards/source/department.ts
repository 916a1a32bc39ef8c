import { WINDOW, type DashboardSpec } from './frame.ts';
import { outcomeMappings, RESULT_SERIES } from './outcomes.ts';
import { figure, lines, matrix, rows, timeline } from './panels.ts';
import { HERE, orZero, withInfo, WITH_SLOTS } from './selectors.ts';
import { mapped } from './words.ts';

const TARGET = `${HERE}, target=~"$target"`;
const OF_TARGET = { target: { fr: 'Cible', en: 'Target', width: 300 } };

/** Prometheus has weekdays as numbers, from 1 for Monday. */
const WEEKDAYS = mapped({
  1: { fr: 'lundi', en: 'Monday' },
  2: { fr: 'mardi', en: 'Tuesday' },
  3: { fr: 'mercredi', en: 'Wednesday' },
  4: { fr: 'jeudi', en: 'Thursday' },
  5: { fr: 'vendredi', en: 'Friday' },
  6: { fr: 'samedi', en: 'Saturday' },
  7: { fr: 'dimanche', en: 'Sunday' },
});

/** One prefecture's targets in detail. */
export const DEPARTMENT: DashboardSpec = {
  name: 'department',
  title: { fr: 'Département', en: 'Department' },
  description: {
    fr: 'Les cibles d’un département, une par une : ce qui a été vu, quand, et sur combien de vérifications une part repose.',
    en: 'The targets of one department, one by one: what was seen, when, and on how many checks a share rests.',
  },
  from: 'now-2d',
  variables: [
    {
      name: 'department',
      label: { fr: 'Département', en: 'Department' },
      values: { metric: `guetteur_target_info{${HERE}, ${WITH_SLOTS}}`, label: 'department' },
      isMulti: false,
    },
    {
      name: 'target',
      label: { fr: 'Cible', en: 'Target' },
      values: { metric: `guetteur_target_info{${HERE}, department="$department"}`, label: 'target' },
      isMulti: true,
    },
    WINDOW,
  ],
  panels: [
    timeline(
      { expr: `max by (target) (guetteur_target_outcome_code{${TARGET}})`, legend: '{{target}}' },
      {
        title: { fr: 'Résultats dans le temps', en: 'Outcomes over time' },
        help: {
          fr: 'Le dernier résultat de chaque cible. Un blanc : l’instance ne tournait pas. Bleu : lu, sans créneau ; bleu clair : réservation fermée. Vert : créneaux. Violet : déplacé. Rouge : panne du site. Jaune : barrière. Gris : non mesuré.',
          en: 'The last outcome of each target. A blank: the instance was not running. Blue: read, without slots; light blue: booking closed. Green: slots. Purple: moved. Red: the site failed. Yellow: gate. Grey: not measured.',
        },
        width: 24,
        height: 9,
        mappings: outcomeMappings,
      },
    ),
    rows(
      [
        {
          query: { expr: `target:guetteur_availability:ratio$window{${TARGET}}` },
          title: { fr: 'Part avec créneaux', en: 'Share with slots' },
          unit: 'percentunit',
          decimals: 1,
        },
        {
          query: { expr: `round(target:guetteur_looked:increase$window{${TARGET}})` },
          title: { fr: 'Vérifications lues', en: 'Checks read' },
          decimals: 0,
        },
        {
          query: { expr: `target:guetteur_coverage:ratio$window{${TARGET}}` },
          title: { fr: 'Couverture', en: 'Coverage' },
          unit: 'percentunit',
          decimals: 0,
        },
        {
          query: { expr: `target:guetteur_fault:ratio$window{${TARGET}}` },
          title: { fr: 'Pannes', en: 'Faults' },
          unit: 'percentunit',
          decimals: 1,
        },
        {
          query: { expr: `target:guetteur_gate:ratio$window{${TARGET}}` },
          title: { fr: 'Barrières', en: 'Gates' },
          unit: 'percentunit',
          decimals: 1,
        },
        {
          query: { expr: `target:guetteur_availability:printable30d{${TARGET}}` },
          title: { fr: 'Part publiable (30 j)', en: 'Share fit to print (30 d)' },
          unit: 'percentunit',
          decimals: 1,
        },
        {
          query: { expr: `time() - guetteur_target_last_check_timestamp_seconds{${TARGET}}` },
          title: { fr: 'Dernière vérification', en: 'Last check' },
          unit: 's',
          decimals: 0,
        },
        {
          query: { expr: `time() - guetteur_target_last_observed_timestamp_seconds{${TARGET}}` },
          title: { fr: 'Dernière lecture', en: 'Last reading' },
          unit: 's',
          decimals: 0,
        },
      ],
      {
        title: { fr: 'Parts, avec ce sur quoi elles reposent', en: 'Shares, with what they rest on' },
        help: {
          fr: 'Part publiable : au moins 30 vérifications lues, 10 jours et 80 % de couverture ; vide sinon. Une barrière ne change pas la part avec créneaux, elle baisse la couverture.',
          en: 'Fit to print: at least 30 checks read, 10 days and a coverage of 80 %; empty otherwise. A gate does not change the share with slots, it lowers the coverage.',
        },
        width: 24,
        height: 9,
        rows: OF_TARGET,
      },
    ),
    rows(
      [
        {
          query: { expr: `guetteur_target_share_ratio{${TARGET}}` },
          title: { fr: 'Part avec créneaux', en: 'Share with slots' },
          unit: 'percentunit',
          decimals: 2,
        },
        {
          query: { expr: `guetteur_target_share_hits{${TARGET}}` },
          title: { fr: 'Avec créneaux', en: 'With slots' },
          decimals: 0,
        },
        {
          query: { expr: `guetteur_target_share_checks{${TARGET}}` },
          title: { fr: 'Vérifications', en: 'Checks' },
          decimals: 0,
        },
      ],
      {
        title: { fr: 'Telles que publiées (S1)', en: 'As published (S1)' },
        help: {
          fr: 'Les chiffres des pages publiques et des données ouvertes, corrigés par les relectures. Vide : trop peu pour publier une part.',
          en: 'The figures of the public pages and of the open data, corrected by later readings. Empty: too little to print a share.',
        },
        width: 24,
        rows: { ...OF_TARGET, window: { fr: 'Période', en: 'Period' } },
      },
    ),
    matrix(
      {
        expr: `avg by (weekday, hour) (avg_over_time(department_weekday_hour:guetteur_slots:avg{${HERE}, department="$department"}[28d:10m]))`,
      },
      {
        title: { fr: 'Heures et jours où des créneaux se voient', en: 'Hours and weekdays at which slots are seen' },
        help: {
          fr: 'Part du temps, sur 28 jours, où une cible du département montrait des créneaux. Lignes : jours. Colonnes : heures de Paris. Interne : en public, ces chiffres ont au moins 30 jours.',
          en: 'Share of the time, over 28 days, at which a target of the department showed slots. Rows: days. Columns: hours of Paris. Internal: in public these figures are at least 30 days old.',
        },
        width: 24,
        height: 9,
        row: { label: 'weekday', fr: 'Jour', en: 'Day', mappings: WEEKDAYS },
        column: { label: 'hour', fr: 'Heure', en: 'Hour' },
        unit: 'percentunit',
      },
    ),
    lines([{ expr: `target:guetteur_availability:ratio$window{${TARGET}}`, legend: '{{target}}' }], {
      title: { fr: 'Part avec créneaux', en: 'Share with slots' },
      help: {
        fr: 'Part des vérifications lues où au moins un créneau était proposé, sur la fenêtre choisie.',
        en: 'Share of the checks read at which at least one slot was offered, over the chosen window.',
      },
      width: 12,
      unit: 'percentunit',
      max: 1,
    }),
    lines(
      [
        {
          expr: `(guetteur_target_first_slot_timestamp_seconds{${TARGET}} - time()) / 86400`,
          legend: '{{target}}',
        },
      ],
      {
        title: { fr: 'Jours jusqu’à la première date', en: 'Days to the first date' },
        help: {
          fr: 'Au moment où des créneaux étaient vus : attente jusqu’à la première date proposée.',
          en: 'While slots were seen: wait until the first date offered.',
        },
        width: 12,
      },
    ),
    lines(
      [
        {
          expr: `sum by (result) (target_result:guetteur_planned_checks:increase1d{${TARGET}})`,
          legend: '{{result}}',
        },
      ],
      {
        title: { fr: 'Vérifications d’un jour, par fin', en: 'Checks of a day, by end' },
        help: {
          fr: 'Comment ont fini les vérifications prévues des dernières 24 heures. « Non mesuré » : notre panne, une page inconnue, un arrêt.',
          en: 'How the planned checks of the last 24 hours ended. "unmeasured": a failure of ours, an unknown page, a stop.',
        },
        width: 16,
        isStacked: true,
        series: RESULT_SERIES,
      },
    ),
    figure(
      {
        expr: orZero(
          `count(${withInfo(`guetteur_target_opening_start_timestamp_seconds{${HERE}}`, 'department', 'department="$department"')})`,
        ),
      },
      {
        title: { fr: 'Cibles avec des créneaux', en: 'Targets with slots' },
        help: { fr: 'Maintenant, dans ce département.', en: 'Now, in this department.' },
        width: 4,
        height: 8,
        steps: [
          [null, 'text'],
          [1, 'green'],
        ],
      },
    ),
    figure(
      {
        expr: `time() - max(${withInfo(`guetteur_target_last_slots_timestamp_seconds{${HERE}}`, 'department', 'department="$department"')})`,
      },
      {
        title: { fr: 'Derniers créneaux vus il y a', en: 'Slots last seen before' },
        help: {
          fr: 'Vide quand aucune cible du département n’en a jamais montré.',
          en: 'Empty where no target of the department ever showed any.',
        },
        width: 4,
        height: 8,
        unit: 's',
      },
    ),
  ],
};
