import type { DashboardSpec } from './frame.ts';
import { outcomeMappings, outcomeSeries, outcomeWords } from './outcomes.ts';
import { figure, lines, rows, timeline } from './panels.ts';
import { HERE, orZero, quantile, withInfo } from './selectors.ts';

const CHOSEN = `${HERE}, platform=~"$platform"`;
const SERVICE = 'procedure="service", platform=~"$platform"';
const ROWS = {
  label: { fr: 'Porte', en: 'Door' },
  host: { fr: 'Site', en: 'Host' },
  target: { fr: 'Cible', en: 'Target', width: 260 },
};
const OUTAGES = { ...ROWS, outcome: { fr: 'Classe', en: 'Class', mappings: outcomeWords } };

const OUTAGE = `guetteur_target_outage_start_timestamp_seconds{${HERE}}`;

/** Steps of a visit at the sign-in host; the others are at the portal's. */
const SSO_STEPS = 'sso.*|forgotten.*|discovery.*|sign-in:press.*';

function uptime(window: string) {
  const at = `{${HERE}}`;
  return [
    {
      query: { expr: withInfo(`target:guetteur_uptime:ratio${window}${at}`, 'label, host', SERVICE) },
      title: { fr: `Ouverte (${window})`, en: `Open (${window})` },
      unit: 'percentunit',
      decimals: 2,
    },
    {
      query: { expr: withInfo(`target:guetteur_uptime_measured:ratio${window}${at}`, 'label, host', SERVICE) },
      title: { fr: `Mesuré (${window})`, en: `Measured (${window})` },
      unit: 'percentunit',
      decimals: 0,
    },
  ];
}

/** The public doors of ANEF and other services: open or not, since when, how fast. */
export const SERVICES: DashboardSpec = {
  name: 'services',
  title: { fr: 'ANEF et services', en: 'ANEF and services' },
  description: {
    fr: 'Les portes publiques. « Ouverte » veut dire que la porte publique s’ouvre, pas que le service marche : ce qui vient après la connexion ne se voit pas d’ici.',
    en: 'The public doors. "Open" means that the public door opens, not that the service works: what comes after signing in is not seen from here.',
  },
  from: 'now-7d',
  variables: [
    {
      name: 'platform',
      label: { fr: 'Service', en: 'Service' },
      values: { metric: `guetteur_target_info{${HERE}, procedure="service"}`, label: 'platform' },
      isMulti: true,
    },
  ],
  panels: [
    figure(
      { expr: orZero(`count(${withInfo(`target:guetteur_works:bool{${HERE}} == 1`, 'label', SERVICE)})`) },
      {
        title: { fr: 'Portes ouvertes', en: 'Doors open' },
        help: {
          fr: 'Portes dont la dernière visite a montré tous les signes attendus.',
          en: 'Doors whose last visit showed every sign that is expected.',
        },
        width: 6,
        steps: [[null, 'green']],
      },
    ),
    figure(
      {
        expr: orZero(`count(${withInfo(`guetteur_target_outage_start_timestamp_seconds{${HERE}}`, 'label', SERVICE)})`),
      },
      {
        title: { fr: 'Pannes en cours', en: 'Outages that last' },
        help: { fr: 'Deux visites de suite en panne, ou plus.', en: 'Two visits in a row that failed, or more.' },
        width: 6,
        steps: [
          [null, 'green'],
          [1, 'red'],
        ],
      },
    ),
    figure(
      { expr: `avg(${withInfo(`target:guetteur_uptime:ratio7d{${HERE}}`, 'label', SERVICE)})` },
      {
        title: { fr: 'Ouvertes sur 7 jours', en: 'Open over 7 days' },
        help: {
          fr: 'Moyenne sur les portes de la part du temps où elles s’ouvraient. Une maintenance annoncée compte comme fermée.',
          en: 'Mean over the doors of the share of time at which they opened. An announced maintenance counts as closed.',
        },
        width: 6,
        unit: 'percentunit',
      },
    ),
    figure(
      { expr: orZero(`count(guetteur_target_outcome{${CHOSEN}, outcome="maintenance"})`) },
      {
        title: { fr: 'En maintenance', en: 'Under maintenance' },
        help: {
          fr: 'Portes qui annoncent une maintenance : fermées, et comptées à part.',
          en: 'Doors that announce a maintenance: closed, and counted apart.',
        },
        width: 6,
      },
    ),
    timeline(
      {
        expr: `max by (target) (${withInfo(`guetteur_target_outcome_code{${HERE}}`, 'label', SERVICE)})`,
        legend: '{{target}}',
      },
      {
        title: { fr: 'Résultats dans le temps', en: 'Outcomes over time' },
        help: {
          fr: 'Une ligne par porte : portail, questions avant connexion, connexion, mot de passe oublié, compte, aide. Rouge : panne, avec sa classe.',
          en: 'One line a door: portal, questions before signing in, sign-in, forgotten password, account, help. Red: a fault, with its class.',
        },
        width: 24,
        height: 10,
        mappings: outcomeMappings,
      },
    ),
    rows([...uptime('1d'), ...uptime('7d'), ...uptime('30d')], {
      title: { fr: 'Part du temps où la porte s’ouvre', en: 'Share of the time at which the door opens' },
      help: {
        fr: 'Pondérée par le temps, sur ce qui a été observé ou en panne. « Mesuré » : part de la fenêtre que nous avons vue ; le reste n’est ni ouvert ni fermé. Portail et connexion sont deux sites et tombent l’un sans l’autre.',
        en: 'Weighted by time, over what was observed or failing. "Measured": the share of the window that we saw; the rest is neither open nor closed. Portal and sign-in are two hosts and fail apart.',
      },
      width: 24,
      height: 10,
      rows: ROWS,
    }),
    rows(
      [
        {
          query: {
            expr: withInfo(
              `1000 * guetteur_target_outage_start_timestamp_seconds{${HERE}}`,
              'label, host',
              'platform=~"$platform"',
            ),
          },
          title: { fr: 'Vue depuis', en: 'Seen since' },
          unit: 'dateTimeAsIso',
        },
      ],
      {
        title: { fr: 'Pannes en cours', en: 'Outages that last' },
        help: {
          fr: 'Première vue de la panne, et ce qui a été vu d’abord. Le texte exact et l’image sont avec les vérifications.',
          en: 'First sight of the outage, and what was seen first. The exact text and the picture are with the checks.',
        },
        width: 24,
        height: 6,
        rows: OUTAGES,
      },
    ),
    lines([{ expr: `sum by (outcome) (guetteur_target_outcome{${CHOSEN}, group="fault"})`, legend: '{{outcome}}' }], {
      title: { fr: 'Portes en panne, par classe', en: 'Doors that fail, by class' },
      help: {
        fr: 'Surchargé, maintenance, erreur, trop lent, injoignable. Rien : aucune panne, ou instance arrêtée.',
        en: 'Overloaded, maintenance, error, timeout, unreachable. Nothing: no fault, or the instance was stopped.',
      },
      width: 24,
      isStacked: true,
      series: outcomeSeries('fault'),
    }),
    rows(
      [
        {
          query: { expr: withInfo(`1000 * max_over_time(${OUTAGE}[$__range])`, 'label, host', SERVICE) },
          title: { fr: 'Vue depuis', en: 'Seen since' },
          unit: 'dateTimeAsIso',
        },
        {
          query: { expr: withInfo(`1000 * max_over_time(timestamp(${OUTAGE})[$__range:1m])`, 'label, host', SERVICE) },
          title: { fr: 'Encore vue', en: 'Still seen' },
          unit: 'dateTimeAsIso',
        },
      ],
      {
        title: { fr: 'Dernières pannes de la période affichée', en: 'Last outages of the time shown' },
        help: {
          fr: 'La dernière panne de chaque porte et classe : première vue, et dernier instant où elle durait encore pour l’instance. Toutes les pannes, avec leurs bornes : pages publiques, vue SQL `v_openings`.',
          en: 'The last outage of each door and class: first sight, and the last instant at which it still lasted for the instance. All outages, with their bounds: public pages, SQL view `v_openings`.',
        },
        width: 24,
        rows: OUTAGES,
      },
    ),
    ...(
      [
        [{ fr: 'Portail : durée des étapes', en: 'Portal: duration of steps' }, `step!~"${SSO_STEPS}"`],
        [{ fr: 'Connexion (SSO) : durée des étapes', en: 'Sign-in (SSO): duration of steps' }, `step=~"${SSO_STEPS}"`],
      ] as const
    ).map(([title, steps]) =>
      lines(
        [0.5, 0.95].map((share) => ({
          expr: quantile(share, `guetteur_step_duration_seconds_bucket{${CHOSEN}, ${steps}}`, 'step', '1h'),
          legend: `{{step}} p${share * 100}`,
        })),
        {
          title,
          help: {
            fr: 'Médiane et 95e centile sur une heure, de la demande à la page prête. Les seaux vont de 0,25 s à 120 s.',
            en: 'Median and 95th percentile over an hour, from the request to the page that stands. Buckets go from 0.25 s to 120 s.',
          },
          width: 12,
          unit: 's',
        },
      ),
    ),
  ],
};
