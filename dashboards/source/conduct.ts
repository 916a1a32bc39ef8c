import type { DashboardSpec } from './frame.ts';
import { outcomeSeries } from './outcomes.ts';
import { figure, lines, rows } from './panels.ts';
import { HERE, orZero } from './selectors.ts';
import { NO_YES } from './words.ts';

const HOST = { host: { fr: 'Site', en: 'Host' } };

/** How we treat the sites that we read. */
export const CONDUCT: DashboardSpec = {
  name: 'conduct',
  title: { fr: 'Conduite', en: 'Conduct' },
  description: {
    fr: 'Ce que cette instance demande aux sites, et ce qu’ils en disent. À montrer à un organisme qui le demande.',
    en: 'What this instance asks of the sites, and what they say to it. To be shown to a public body that asks.',
  },
  from: 'now-24h',
  variables: [],
  panels: [
    figure(
      { expr: `min(guetteur_host_shortest_spacing_seconds{${HERE}})` },
      {
        title: { fr: 'Plus court écart vu', en: 'Shortest spacing seen' },
        help: {
          fr: 'Entre deux visites d’un même site depuis le démarrage. Ne doit jamais passer sous l’écart promis.',
          en: 'Between two visits of one host since the start. Must never fall below the spacing promised.',
        },
        width: 6,
        unit: 's',
      },
    ),
    figure(
      { expr: `max(guetteur_politeness_spacing_seconds{${HERE}, between="host"})` },
      {
        title: { fr: 'Écart promis, par site', en: 'Spacing promised, per host' },
        help: { fr: 'Plancher : 20 s. 0 en mode exercice.', en: 'Floor: 20 s. 0 in practice mode.' },
        width: 6,
        unit: 's',
      },
    ),
    figure(
      { expr: `max(guetteur_politeness_spacing_seconds{${HERE}, between="target"})` },
      {
        title: { fr: 'Écart promis, par page', en: 'Spacing promised, per page' },
        help: { fr: 'Plancher : 180 s. 0 en mode exercice.', en: 'Floor: 180 s. 0 in practice mode.' },
        width: 6,
        unit: 's',
      },
    ),
    figure(
      { expr: orZero(`count(guetteur_stop_file{${HERE}})`) },
      {
        title: { fr: 'Arrêts posés', en: 'Stops that stand' },
        help: {
          fr: 'Fichiers STOP : aucune visite, pour tous les sites ou pour un seul.',
          en: 'STOP files: no visit, of all hosts or of one.',
        },
        width: 6,
      },
    ),
    lines([{ expr: `sum by (host) (increase(guetteur_page_loads_total{${HERE}}[1h]))`, legend: '{{host}}' }], {
      title: { fr: 'Pages demandées par heure', en: 'Pages asked for in an hour' },
      help: {
        fr: 'Pages, pas requêtes : une page appelle ses propres images et scripts, comme chez toute personne.',
        en: 'Pages, not requests: a page calls its own pictures and scripts, as for any person.',
      },
      width: 12,
    }),
    lines([{ expr: `guetteur_host_checks_in_last_hour{${HERE}}`, legend: '{{host}}' }], {
      title: { fr: 'Vérifications de la dernière heure', en: 'Checks in the last hour' },
      help: { fr: 'Plafond par site : 180 par heure.', en: 'Ceiling per host: 180 an hour.' },
      width: 12,
    }),
    rows(
      [
        {
          query: { expr: `guetteur_host_shortest_spacing_seconds{${HERE}}` },
          title: { fr: 'Plus court écart', en: 'Shortest spacing' },
          unit: 's',
          decimals: 1,
        },
        {
          query: { expr: `guetteur_breaker_open{${HERE}}` },
          title: { fr: 'En pause', en: 'Paused' },
          mappings: NO_YES,
        },
        {
          query: { expr: `1000 * guetteur_breaker_open_until_timestamp_seconds{${HERE}}` },
          title: { fr: 'Jusqu’à', en: 'Until' },
          unit: 'dateTimeAsIso',
        },
        {
          query: { expr: `1000 * guetteur_robots_read_timestamp_seconds{${HERE}}` },
          title: { fr: 'robots.txt lu', en: 'robots.txt read' },
          unit: 'dateTimeAsIso',
        },
        {
          query: { expr: `1000 * guetteur_robots_failing_since_timestamp_seconds{${HERE}}` },
          title: { fr: 'robots.txt illisible depuis', en: 'robots.txt unreadable since' },
          unit: 'dateTimeAsIso',
        },
        {
          query: { expr: `1000 * guetteur_certificate_expiry_timestamp_seconds{${HERE}}` },
          title: { fr: 'Certificat valable jusqu’à', en: 'Certificate valid until' },
          unit: 'dateTimeAsIso',
        },
      ],
      {
        title: { fr: 'Sites', en: 'Hosts' },
        help: {
          fr: 'Une pause suit un refus (429, 403, captcha nouveau, trois erreurs de suite) et double à chaque fois, de 15 minutes à 24 heures.',
          en: 'A pause follows a refusal (429, 403, a new captcha, three errors in a row) and doubles each time, from 15 minutes to 24 hours.',
        },
        width: 24,
        height: 10,
        rows: HOST,
      },
    ),
    lines([{ expr: `sum by (outcome) (guetteur_target_outcome{${HERE}, group="gate"})`, legend: '{{outcome}}' }], {
      title: { fr: 'Barrières', en: 'Gates' },
      help: {
        fr: 'Cibles arrêtées à une barrière : nous nous y arrêtons, toujours.',
        en: 'Targets that ended at a gate: we stop there, always.',
      },
      width: 12,
      isStacked: true,
      series: outcomeSeries('gate'),
    }),
    lines(
      [{ expr: `sum by (le) (increase(guetteur_host_spacing_seconds_bucket{${HERE}}[1h]))`, legend: '≤ {{le}} s' }],
      {
        title: { fr: 'Écarts entre deux visites d’un site', en: 'Spacing between two visits of a host' },
        help: {
          fr: 'Nombre d’écarts d’une heure au plus aussi longs. En direct, rien ne doit paraître sous 20 s.',
          en: 'Number of spacings of an hour at most so long. In live mode nothing may show below 20 s.',
        },
        width: 12,
      },
    ),
  ],
};
