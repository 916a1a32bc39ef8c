import { z } from 'zod';

import type { Notice, NoticeKind } from '../../core/notice.ts';
import type { Channel, Message } from '../channel.ts';
import { send, webAddress } from '../http.ts';

/** Prometheus Alertmanager, API v2 (https://prometheus.io/docs/alerting/latest/alerts_api/). */

const settings = z.strictObject({});

const to = z.strictObject({
  url: webAddress.describe('Where Alertmanager is reached, without /api/v2/alerts'),
});

type Settings = z.infer<typeof settings>;
type To = z.infer<typeof to>;

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt?: string;
  readonly generatorURL?: string;
}

/**
 * What kind of alert a notice belongs to. Alertmanager knows an alert by its labels alone: the end of an opening must carry the
 * labels of its beginning, or nothing is resolved.
 */
const FAMILIES: Readonly<Record<NoticeKind, { readonly alertname: string; readonly kind: NoticeKind }>> = {
  slots: { alertname: 'GuetteurSlots', kind: 'slots' },
  better: { alertname: 'GuetteurSlots', kind: 'slots' },
  gone: { alertname: 'GuetteurSlots', kind: 'slots' },
  outage: { alertname: 'GuetteurOutage', kind: 'outage' },
  recovered: { alertname: 'GuetteurOutage', kind: 'outage' },
  due: { alertname: 'GuetteurReadingDue', kind: 'due' },
  operator: { alertname: 'GuetteurOperator', kind: 'operator' },
  canary: { alertname: 'GuetteurCanary', kind: 'canary' },
};

/**
 * An alert without an end is resolved after `resolve_timeout`, 5 minutes by default, unless it is sent again and again
 * (https://prometheus.io/docs/alerting/latest/clients/). A message is sent once: without these ends Alertmanager would tell after
 * 5 minutes that slots are gone while they are still there. The real end, sent when it is seen, comes first and rules.
 */
const LASTS_MS: Readonly<Record<'slots' | 'better' | 'outage' | 'operator', number>> = {
  slots: 7 * 86_400_000,
  better: 7 * 86_400_000,
  outage: 7 * 86_400_000,
  operator: 86_400_000,
};

export const channel: Channel<Settings, To> = {
  name: 'alertmanager',
  settings,
  to,
  /** Alertmanager has no limit of its own and is sent thousands a minute by Prometheus. */
  perMinute: 600,
  async deliver(message, { url }, _settings, signal) {
    const base = url.endsWith('/') ? url : `${url}/`;
    const body = JSON.stringify(message.notices.map((notice) => alertOf(notice, message)));
    const headers = { 'content-type': 'application/json' };
    await send(new URL('api/v2/alerts', base).href, { headers, body }, signal);
  },
};

function alertOf(notice: Notice, { subject, text }: Message): Alert {
  const endsAt = endOf(notice);
  const { place, episode } = notice;
  return {
    labels: labelsOf(notice),
    annotations: { summary: subject, description: text },
    startsAt: iso(episode?.startedAt ?? notice.at),
    ...(endsAt === null ? {} : { endsAt: iso(endsAt) }),
    ...(place === null ? {} : { generatorURL: place.address }),
  };
}

/** Labels without a value are left out: to Alertmanager an empty label is none. */
function labelsOf({ kind, place, event }: Notice): Record<string, string> {
  const { department, procedure, id, platform, practice } = place ?? {};
  const labels = {
    ...FAMILIES[kind],
    department,
    procedure,
    target: id,
    platform,
    practice: practice === undefined ? undefined : String(practice),
    // Two things that the operator must look at are two alerts.
    event: event?.kind,
  };
  return Object.fromEntries(
    Object.entries(labels).flatMap(([name, value]) => (value === undefined || value === null ? [] : [[name, value]])),
  );
}

function endOf({ kind, at, episode, until }: Notice): number | null {
  switch (kind) {
    case 'gone':
    case 'recovered':
      return episode?.endedAt ?? at;
    case 'slots':
    case 'better':
    case 'outage':
    case 'operator':
      return at + LASTS_MS[kind];
    case 'due':
      return until ?? null;
    case 'canary':
      return null;
    default:
      return kind satisfies never;
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
