import type { DashboardSpec } from './frame.ts';
import { figure, lines, rows } from './panels.ts';
import { grown, HERE, orZero, quantile } from './selectors.ts';
import { mapped, NO_YES } from './words.ts';

const CHANNEL = {
  channel: { fr: 'Canal', en: 'Channel' },
  state: {
    fr: 'État',
    en: 'State',
    mappings: mapped({
      waiting: { fr: 'retenu', en: 'held' },
      ready: { fr: 'à envoyer', en: 'to be sent' },
      claimed: { fr: 'en cours d’envoi', en: 'being sent' },
      sent: { fr: 'parti', en: 'sent' },
      dead: { fr: 'abandonné', en: 'given up' },
      pending: { fr: 'à confirmer', en: 'to be confirmed' },
      active: { fr: 'actif', en: 'active' },
    }),
  },
};

/** Whether the monitor itself is well: what it planned and did, its browser, store, clock and messages. */
export const MONITOR: DashboardSpec = {
  name: 'monitor',
  title: { fr: 'Le guetteur lui-même', en: 'The monitor itself' },
  description: {
    fr: 'Ce que l’instance a prévu et fait, et si ses messages partent. Un trou ici est un trou dans tous les chiffres.',
    en: 'What the instance planned and did, and whether its messages leave. A gap here is a gap in every figure.',
  },
  from: 'now-24h',
  variables: [],
  panels: [
    figure(
      { expr: `min(up{job="guetteur", ${HERE}})` },
      {
        title: { fr: 'Répond', en: 'Answers' },
        help: { fr: 'Prometheus lit l’instance.', en: 'Prometheus reads the instance.' },
        width: 3,
        mappings: NO_YES,
        steps: [
          [null, 'red'],
          [1, 'green'],
        ],
      },
    ),
    figure(
      { expr: orZero(`count(guetteur_trouble{${HERE}})`) },
      {
        title: { fr: 'Ennuis', en: 'Troubles' },
        help: {
          fr: 'Ce dont l’exploitant a été averti et qui dure.',
          en: 'What the operator was told of and that lasts.',
        },
        width: 3,
        steps: [
          [null, 'green'],
          [1, 'red'],
        ],
      },
    ),
    figure(
      {
        expr: `1 - sum(target_result:guetteur_planned_checks:increase1d{${HERE}, result="unmeasured"}) / sum(target:guetteur_planned:increase1d{${HERE}})`,
      },
      {
        title: { fr: 'Prévu et fait (1 j)', en: 'Planned and done (1 d)' },
        help: {
          fr: 'Part des vérifications prévues d’un jour qui ont dit quelque chose du site.',
          en: 'Share of the planned checks of a day that said something of the site.',
        },
        width: 4,
        unit: 'percentunit',
        steps: [
          [null, 'red'],
          [0.8, 'green'],
        ],
      },
    ),
    figure(
      { expr: `count(target:guetteur_fresh:bool{${HERE}} == 1) / sum(guetteur_targets{${HERE}})` },
      {
        title: { fr: 'Cibles à jour', en: 'Targets up to date' },
        help: {
          fr: 'Part des cibles vérifiées depuis moins de trois intervalles.',
          en: 'Share of the targets that were checked within three intervals.',
        },
        width: 4,
        unit: 'percentunit',
      },
    ),
    figure(
      { expr: `max(abs(guetteur_clock_offset_seconds{${HERE}}))` },
      {
        title: { fr: 'Écart d’horloge', en: 'Clock offset' },
        help: {
          fr: 'Au-delà de 2 s, les lectures sont gardées et ne comptent pas.',
          en: 'Beyond 2 s readings are kept and do not count.',
        },
        width: 3,
        unit: 's',
        steps: [
          [null, 'green'],
          [2, 'red'],
        ],
      },
    ),
    figure(
      { expr: `min(guetteur_network_up{${HERE}})` },
      {
        title: { fr: 'Réseau', en: 'Network' },
        help: { fr: 'Un site de contrôle a répondu.', en: 'A control host answered.' },
        width: 3,
        mappings: NO_YES,
        steps: [
          [null, 'red'],
          [1, 'green'],
        ],
      },
    ),
    figure(
      { expr: orZero(`sum(guetteur_review_groups{${HERE}})`) },
      {
        title: { fr: 'Pages à regarder', en: 'Pages to look at' },
        help: {
          fr: 'Sortes de page qu’aucun lecteur ne connaît : `guetteur review`.',
          en: 'Kinds of page that no reader knows: `guetteur review`.',
        },
        width: 4,
        steps: [
          [null, 'green'],
          [1, 'orange'],
        ],
      },
    ),
    lines(
      [
        {
          expr: `sum by (state, reason) ${grown(`guetteur_planned_checks{${HERE}, state=~"missed|skipped"}`, '1h')}`,
          legend: '{{state}}: {{reason}}',
        },
        { expr: `sum(guetteur_planned_checks{${HERE}, state="begun"})`, legend: 'begun' },
      ],
      {
        title: {
          fr: 'Manqué et sauté par heure, avec la raison',
          en: 'Missed and skipped in an hour, with the reason',
        },
        help: {
          fr: 'Vérifications prévues et non faites. Chacune finit en un seul état, avec sa raison.',
          en: 'Planned checks that were not made. Each ends in one state, with its reason.',
        },
        width: 12,
      },
    ),
    lines(
      [0.5, 0.95].map((share) => ({
        expr: quantile(share, `guetteur_check_lateness_seconds_bucket{${HERE}}`, '', '1h'),
        legend: `p${share * 100}`,
      })),
      {
        title: { fr: 'Retard sur l’instant prévu', en: 'Lateness' },
        help: {
          fr: 'De l’instant tiré au hasard au début de la vérification, sur une heure.',
          en: 'From the instant that was drawn to the start of the check, over an hour.',
        },
        width: 12,
        unit: 's',
      },
    ),
    lines(
      [
        {
          expr: `sum by (group, mode) (increase(guetteur_checks_total{${HERE}}[1h]))`,
          legend: '{{group}} {{mode}}',
        },
      ],
      {
        title: { fr: 'Vérifications par heure', en: 'Checks in an hour' },
        help: { fr: 'Par groupe de résultat et par mode.', en: 'By group of outcome and by mode.' },
        width: 12,
        isStacked: true,
      },
    ),
    lines(
      [
        {
          expr: quantile(0.95, `guetteur_check_duration_seconds_bucket{${HERE}}`, 'platform', '1h'),
          legend: '{{platform}}',
        },
      ],
      {
        title: { fr: 'Durée d’une vérification (p95)', en: 'Duration of a check (p95)' },
        help: { fr: 'Par plateforme, sur une heure.', en: 'By platform, over an hour.' },
        width: 12,
        unit: 's',
      },
    ),
    { row: { fr: 'Messages', en: 'Messages' } },
    rows(
      [
        { query: { expr: `guetteur_outbox_messages{${HERE}}` }, title: { fr: 'Messages', en: 'Messages' } },
        {
          query: { expr: `time() - guetteur_outbox_oldest_timestamp_seconds{${HERE}}` },
          title: { fr: 'Le plus ancien', en: 'Oldest' },
          unit: 's',
          decimals: 0,
        },
        {
          query: { expr: `clamp_min(time() - guetteur_outbox_due_timestamp_seconds{${HERE}}, 0)` },
          title: { fr: 'En retard de', en: 'Late by' },
          unit: 's',
          decimals: 0,
        },
      ],
      {
        title: { fr: 'Boîte d’envoi', en: 'Outbox' },
        help: {
          fr: 'Rien ne se perd : un message attend, part, ou est abandonné après ses essais, et se voit alors ici.',
          en: 'Nothing is lost: a message waits, leaves, or is given up after its tries, and then shows here.',
        },
        width: 12,
        rows: CHANNEL,
      },
    ),
    lines(
      (
        [
          [0.5, 'guetteur_alert_delay_seconds_bucket', 'alert p50'],
          [0.95, 'guetteur_alert_delay_seconds_bucket', 'alert p95'],
          [0.95, 'guetteur_canary_delay_seconds_bucket', 'canary p95'],
        ] as const
      ).map(([share, bucket, legend]) => ({
        expr: quantile(share, `${bucket}{${HERE}}`, 'channel', '1d'),
        legend: `{{channel}} ${legend}`,
      })),
      {
        title: {
          fr: 'De l’observation au message accepté (1 j)',
          en: 'From the observation to the message accepted (1 d)',
        },
        help: {
          fr: 'S14. Sans les abonnements à heures calmes ou à bulletin. Le canari part chaque matin.',
          en: 'S14. Without subscriptions with quiet hours or a digest. The canary leaves every morning.',
        },
        width: 12,
        unit: 's',
      },
    ),
    lines(
      [
        {
          expr: `sum by (kind, result) ${grown(`guetteur_notices_total{${HERE}}`, '1h')}`,
          legend: '{{kind}} {{result}}',
        },
      ],
      {
        title: { fr: 'Nouvelles par heure', en: 'Notices in an hour' },
        help: {
          fr: 'À des destinataires, par sorte et par fin : parties, abandonnées, expirées.',
          en: 'To recipients, by kind and by result: sent, dead, expired.',
        },
        width: 8,
      },
    ),
    rows(
      [
        {
          query: { expr: `sum by (channel, state) (guetteur_subscriptions{${HERE}})` },
          title: { fr: 'Nombre', en: 'Number' },
        },
      ],
      {
        title: { fr: 'Abonnements', en: 'Subscriptions' },
        help: { fr: 'Sans aucun nom : des nombres.', en: 'Without any name: numbers.' },
        width: 8,
        rows: CHANNEL,
      },
    ),
    rows([{ query: { expr: `guetteur_trouble{${HERE}}` }, title: { fr: 'Dure', en: 'Lasts' }, mappings: NO_YES }], {
      title: { fr: 'Ennuis qui durent', en: 'Troubles that last' },
      help: { fr: 'Leur sorte, et de quoi il s’agit.', en: 'Their kind, and what they are about.' },
      width: 8,
      rows: { kind: { fr: 'Sorte', en: 'Kind' }, subject: { fr: 'Objet', en: 'Subject' } },
    }),
    { row: { fr: 'Machine', en: 'Machine' } },
    lines(
      [
        { expr: `guetteur_browser_resident_memory_bytes{${HERE}}`, legend: '{{instance}} browser' },
        { expr: `guetteur_store_size_bytes{${HERE}}`, legend: '{{instance}} store' },
      ],
      {
        title: { fr: 'Mémoire du navigateur, taille de la base', en: 'Memory of the browser, size of the store' },
        help: { fr: 'Les preuves ne sont pas comptées.', en: 'Proofs are not counted.' },
        width: 8,
        unit: 'bytes',
      },
    ),
    lines(
      [
        { expr: `increase(guetteur_browser_restarts_total{${HERE}}[1h])`, legend: '{{instance}} restarts' },
        { expr: `sum by (kind) ${grown(`guetteur_events{${HERE}}`, '1h')}`, legend: '{{kind}}' },
        { expr: `sum(guetteur_soft_block{${HERE}})`, legend: 'soft_block now' },
      ],
      {
        title: { fr: 'Redémarrages du navigateur, événements', en: 'Restarts of the browser, events' },
        help: {
          fr: 'Par heure ; soft_block now : sites dont un « non » n’est pas cru maintenant.',
          en: 'In an hour; soft_block now: hosts of which a "no" is not believed now.',
        },
        width: 8,
      },
    ),
    lines([{ expr: `scrape_duration_seconds{job="guetteur", ${HERE}}`, legend: '{{instance}}' }], {
      title: { fr: 'Durée d’une lecture par Prometheus', en: 'Duration of a scrape' },
      help: {
        fr: 'Ce que coûte une lecture de /metrics.',
        en: 'What reading /metrics costs.',
      },
      width: 8,
      unit: 's',
    }),
  ],
};
