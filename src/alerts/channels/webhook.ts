import { createHmac } from 'node:crypto';
import { z } from 'zod';

import type { Episode } from '../../core/episode.ts';
import type { Notice, NoticeKind } from '../../core/notice.ts';
import { OUTCOMES } from '../../core/outcome.ts';
import { LANGUAGES } from '../../core/subscription.ts';
import { PROCEDURES } from '../../core/target.ts';
import type { Channel, Message } from '../channel.ts';
import { send, webAddress } from '../http.ts';

/** A message as JSON to an address of the recipient's own, signed so that it can tell ours from anybody's. */

const settings = z.strictObject({});

const to = z.strictObject({
  url: webAddress.describe('Receives one POST for each message; anything but 2xx is a refusal'),
  secret: z
    .string()
    .min(16, { error: 'write a secret of at least 16 characters' })
    .optional()
    .describe('Shared with the recipient: signs each message'),
});

type Settings = z.infer<typeof settings>;
type To = z.infer<typeof to>;

const KINDS = [
  'slots',
  'better',
  'gone',
  'outage',
  'recovered',
  'due',
  'operator',
  'canary',
] as const satisfies NoticeKind[];
const instant = z.iso.datetime().describe('UTC');

const place = z.strictObject({
  id: z.string().describe('Stable name of the target'),
  platform: z.string(),
  address: z.url().describe('The official public page where booking begins'),
  department: z.string().nullable().describe('Code; null for a national service'),
  prefecture: z.string().nullable(),
  procedure: z.enum(PROCEDURES),
  label: z.string().nullable().describe('The procedure in the words of the page'),
  practice: z.boolean().describe('A replica was read: nothing of it is real'),
});

const episode = z.strictObject({
  kind: z.enum(['opening', 'outage']),
  after: instant.nullable().describe('Last sighting of the contrary before it'),
  startedAt: instant.describe('First sighting of it'),
  confirmedAt: instant.nullable().describe('Seen a second time, a minute or more after the first'),
  lastAt: instant.describe('Last sighting of it'),
  endedAt: instant.nullable().describe('First sighting of the contrary after it; null while it lasts'),
  firstDate: z.iso.date().nullable().describe('Earliest date offered so far; null when the page names none'),
  outcome: z.enum(OUTCOMES).describe('What was seen first'),
  betterings: z.int().describe('How often an earlier date was offered'),
});

/** The body of every POST: what a recipient may rely on while `version` is 1. */
export const webhookBody = z.strictObject({
  version: z.literal(1),
  key: z.string().describe('The same at every attempt, and in the header Idempotency-Key: a known key is a repetition'),
  language: z.enum(LANGUAGES),
  subject: z.string(),
  text: z.string(),
  notices: z
    .array(
      z.strictObject({
        kind: z.enum(KINDS),
        key: z.string().describe('Names what is told: two notices of one key are one notice'),
        at: instant.describe('When it was observed'),
        place: place.nullable().describe('null when it is about the monitor itself'),
        episode: episode.nullable().describe('The opening or outage as it was then'),
        event: z
          .strictObject({ kind: z.string().nullable(), message: z.string() })
          .nullable()
          .describe('For the operator: what happened'),
        seenBy: z.literal('person').optional().describe('A person passed the captcha before it; absent otherwise'),
        until: instant.optional().describe('After this it is no news any more'),
      }),
    )
    .describe('The facts behind the words'),
  unsubscribe: z.url().nullable().describe('A POST to it ends the subscription'),
});

type Body = z.infer<typeof webhookBody>;

export const channel: Channel<Settings, To> = {
  name: 'webhook',
  settings,
  to,
  /** No limit is known of a recipient's own server: two a second is what a small one bears. */
  perMinute: 120,
  async deliver(message, { url, secret }, _settings, signal) {
    const body = JSON.stringify(bodyOf(message));
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const headers = {
      'content-type': 'application/json',
      'idempotency-key': message.key,
      'x-guetteur-timestamp': timestamp,
      ...(secret === undefined ? {} : { 'x-guetteur-signature': signatureOf(`${timestamp}.${body}`, secret) }),
    };
    await send(url, { headers, body }, signal);
  },
};

/** The time is signed with the body: a recipient that refuses old ones cannot be sent a recorded message again. */
function signatureOf(signed: string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(signed).digest('hex')}`;
}

function bodyOf({ key, language, subject, text, notices, unsubscribe }: Message): Body {
  return { version: 1, key, language, subject, text, notices: notices.map(noticeOf), unsubscribe };
}

function noticeOf(notice: Notice): Body['notices'][number] {
  const { kind, key, at, place: where, episode: what, event } = notice;
  return {
    kind,
    key,
    at: iso(at),
    place: where === null ? null : { ...where },
    episode: what === null ? null : episodeOf(what),
    event: event === null ? null : { kind: event.kind, message: event.message },
    ...(notice.seenBy === undefined ? {} : { seenBy: notice.seenBy }),
    ...(notice.until === undefined ? {} : { until: iso(notice.until) }),
  };
}

function episodeOf({ after, startedAt, confirmedAt, lastAt, endedAt, ...rest }: Episode): z.infer<typeof episode> {
  const orNull = (at: number | null): string | null => (at === null ? null : iso(at));
  return {
    ...rest,
    after: orNull(after),
    startedAt: iso(startedAt),
    confirmedAt: orNull(confirmedAt),
    lastAt: iso(lastAt),
    endedAt: orNull(endedAt),
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
