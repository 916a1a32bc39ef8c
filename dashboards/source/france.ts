import { EN } from '../../src/alerts/words/en.ts';
import { FR } from '../../src/alerts/words/fr.ts';
import { PROCEDURES } from '../../src/core/target.ts';
import { WINDOW, type DashboardSpec } from './frame.ts';
import { GROUP_LOOKS } from './outcomes.ts';
import { figure, lines, rows } from './panels.ts';
import { HERE, orZero, withInfo, WITH_SLOTS } from './selectors.ts';
import { mapped } from './words.ts';

const PLACE = `${HERE}, procedure=~"$procedure"`;
const CHOSEN = 'procedure=~"$procedure"';
const DEPARTMENT = { fr: 'Département', en: 'Department', opens: ['department', 'department'], width: 110 } as const;
const PROCEDURE = {
  fr: 'Démarche',
  en: 'Procedure',
  mappings: mapped(
    Object.fromEntries(PROCEDURES.map((name) => [name, { fr: FR.procedures[name], en: EN.procedures[name] }])),
  ),
};
/** A prefecture may have several pages of one procedure: the target tells them apart. */
const TARGETS = {
  department: DEPARTMENT,
  prefecture: { fr: 'Préfecture', en: 'Prefecture' },
  procedure: PROCEDURE,
  target: { fr: 'Cible', en: 'Target', width: 300 },
};
const TARGET_LABELS = 'department, prefecture, procedure';

/** How scarce appointments are, by department and procedure, now and over time. */
export const FRANCE: DashboardSpec = {
  name: 'france',
  title: { fr: 'France', en: 'France' },
  description: {
    fr: 'Rareté des rendez-vous par département et démarche. Une part est celle des vérifications, à des instants tirés au hasard, où au moins un créneau était proposé. Ce qui n’a pas été vu n’est pas zéro.',
    en: 'Scarcity of appointments by department and procedure. A share is that of checks, at random instants, at which at least one slot was offered. What was not seen is not zero.',
  },
  from: 'now-7d',
  variables: [
    {
      name: 'procedure',
      label: { fr: PROCEDURE.fr, en: PROCEDURE.en },
      values: { metric: `guetteur_target_info{${HERE}, ${WITH_SLOTS}}`, label: 'procedure' },
      isMulti: true,
    },
    WINDOW,
  ],
  panels: [
    figure(
      { expr: `count(guetteur_target_info{${PLACE}})` },
      {
        title: { fr: 'Cibles surveillées', en: 'Targets watched' },
        help: {
          fr: 'Pages de rendez-vous que cette instance vérifie, pour les démarches choisies.',
          en: 'Pages of appointments that this instance checks, for the chosen procedures.',
        },
        width: 4,
      },
    ),
    figure(
      {
        expr: orZero(
          `count(${withInfo(`guetteur_target_opening_start_timestamp_seconds{${HERE}}`, 'procedure', CHOSEN)})`,
        ),
      },
      {
        title: { fr: 'Avec des créneaux', en: 'With slots' },
        help: {
          fr: 'Cibles où des créneaux ont été vus et pas encore vus disparaître.',
          en: 'Targets where slots were seen and were not yet seen to go.',
        },
        width: 5,
        steps: [
          [null, 'text'],
          [1, 'green'],
        ],
      },
    ),
    figure(
      { expr: orZero(`count(target:guetteur_slots:bool{${PLACE}} == 0)`) },
      {
        title: { fr: 'Sans créneau', en: 'Without slots' },
        help: {
          fr: 'Cibles dont la dernière page dit elle-même qu’il n’y a pas de créneau, ou que la réservation est fermée.',
          en: 'Targets whose last page says itself that there is no slot, or that booking is closed.',
        },
        width: 5,
      },
    ),
    figure(
      { expr: orZero(`count(guetteur_target_outcome{${PLACE}, group="gate"})`) },
      {
        title: { fr: 'Non lisibles (barrière)', en: 'Not readable (gate)' },
        help: {
          fr: 'Captcha, connexion ou refus : nous n’avons pas pu regarder. Ce n’est pas « aucun créneau ».',
          en: 'Captcha, sign-in or refusal: we could not look. That is not "no slots".',
        },
        width: 5,
      },
    ),
    figure(
      { expr: orZero(`count(guetteur_target_outcome{${PLACE}, group="unmeasured"})`) },
      {
        title: { fr: 'Non mesurées', en: 'Not measured' },
        help: {
          fr: 'Page que personne ne connaît encore, ou panne de notre côté.',
          en: 'A page that nobody knows yet, or a failure of ours.',
        },
        width: 5,
      },
    ),
    rows(
      [
        {
          query: { expr: `department_procedure:guetteur_availability:ratio$window{${PLACE}}` },
          title: { fr: 'Part avec créneaux', en: 'Share with slots' },
          unit: 'percentunit',
          decimals: 1,
        },
        {
          query: { expr: `round(department_procedure:guetteur_looked:increase$window{${PLACE}})` },
          title: { fr: 'Vérifications lues', en: 'Checks read' },
          decimals: 0,
        },
        {
          query: {
            expr: `1000 * max by (department, procedure) (${withInfo(`guetteur_target_last_slots_timestamp_seconds{${HERE}}`, 'department, procedure', CHOSEN)})`,
          },
          title: { fr: 'Derniers créneaux vus', en: 'Slots last seen' },
          unit: 'dateTimeAsIso',
        },
        {
          query: {
            expr: `time() - min by (department, procedure) (${withInfo(`guetteur_target_drought_start_timestamp_seconds{${HERE}}`, 'department, procedure', CHOSEN)})`,
          },
          title: { fr: 'Plus longue attente en cours', en: 'Longest drought that lasts' },
          unit: 's',
          decimals: 0,
        },
      ],
      {
        title: { fr: 'Départements et démarches', en: 'Departments and procedures' },
        help: {
          fr: 'Sur la fenêtre choisie. Lire la part avec le nombre de vérifications : en dessous de 30, elle ne dit rien. Les intervalles de confiance sont dans les pages publiques, pas ici. Aucun rang : des intervalles peuvent se chevaucher.',
          en: 'Over the chosen window. Read the share with the number of checks: below 30 it says nothing. Confidence intervals are on the public pages, not here. No ranking: intervals may overlap.',
        },
        width: 24,
        height: 10,
        rows: { department: DEPARTMENT, procedure: PROCEDURE },
      },
    ),
    lines(
      [
        {
          expr: `department_procedure:guetteur_availability:ratio$window{${PLACE}}`,
          legend: '{{department}} {{procedure}}',
        },
      ],
      {
        title: { fr: 'Part avec créneaux', en: 'Share with slots' },
        help: {
          fr: 'Part des vérifications lues où au moins un créneau était proposé, sur la fenêtre glissante choisie.',
          en: 'Share of the checks read at which at least one slot was offered, over the chosen sliding window.',
        },
        width: 12,
        unit: 'percentunit',
        max: 1,
      },
    ),
    lines([{ expr: `sum by (group) (guetteur_target_outcome{${PLACE}})`, legend: '{{group}}' }], {
      title: { fr: 'Ce que disent les cibles', en: 'What targets say' },
      help: {
        fr: 'Cibles par groupe de leur dernier résultat : observé, panne, barrière, non mesuré. Un trou : l’instance ne tournait pas.',
        en: 'Targets by group of their last outcome: observed, fault, gate, unmeasured. A gap: the instance was not running.',
      },
      width: 12,
      isStacked: true,
      series: GROUP_LOOKS,
    }),
    rows(
      [
        {
          query: {
            expr: withInfo(`guetteur_target_drought_checks{${HERE}}`, TARGET_LABELS, CHOSEN),
          },
          title: { fr: 'Vérifications sans créneau', en: 'Checks without slots' },
          decimals: 0,
        },
        {
          query: {
            expr: withInfo(`1000 * guetteur_target_drought_start_timestamp_seconds{${HERE}}`, TARGET_LABELS, CHOSEN),
          },
          title: { fr: 'Depuis', en: 'Since' },
          unit: 'dateTimeAsIso',
        },
        {
          query: {
            expr: withInfo(`guetteur_target_drought_longest_gap_seconds{${HERE}}`, TARGET_LABELS, CHOSEN),
          },
          title: { fr: 'Plus longue durée sans regard', en: 'Longest time without a look' },
          unit: 's',
          decimals: 0,
        },
      ],
      {
        title: { fr: 'Attentes sans créneau', en: 'Droughts' },
        help: {
          fr: 'Aucun créneau n’a été vu en N vérifications depuis cette date. Entre deux vérifications, des créneaux ont pu paraître et partir.',
          en: 'No slot was seen in N checks since that date. Between two checks, slots may have come and gone.',
        },
        width: 24,
        height: 10,
        rows: TARGETS,
      },
    ),
    rows(
      [
        {
          query: {
            expr: withInfo(
              `(guetteur_target_first_slot_timestamp_seconds{${HERE}} - time()) / 86400`,
              TARGET_LABELS,
              CHOSEN,
            ),
          },
          title: { fr: 'Jours d’attente', en: 'Days ahead' },
          decimals: 0,
        },
      ],
      {
        title: { fr: 'Première date proposée', en: 'First date offered' },
        help: {
          fr: 'Là où la dernière visite a vu des créneaux : jours jusqu’à la première date proposée.',
          en: 'Where the last visit saw slots: days to the first date offered.',
        },
        width: 24,
        height: 10,
        rows: TARGETS,
      },
    ),
  ],
};
