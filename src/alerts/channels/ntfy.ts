import { z } from 'zod';

import type { Notice, NoticeKind } from '../../core/notice.ts';
import { secretAddress } from '../address.ts';
import { DeliveryError, type Channel } from '../channel.ts';
import { shortened } from '../shorten.ts';
import { headerToken, jsonOf, send } from '../http.ts';
import { shortKey } from '../key.ts';

/** ntfy, published as JSON to the root of its server (https://docs.ntfy.sh/publish/#publish-as-json). */

const settings = z.strictObject({
  server: secretAddress.default('https://ntfy.sh').describe('The ntfy server'),
  token: headerToken.optional().describe('Access token, where the topics are protected'),
});

const to = z.strictObject({
  topic: z
    .string()
    .regex(/^[-_A-Za-z0-9]{1,64}$/, { error: 'write the topic in at most 64 letters, digits, "-" and "_"' })
    .describe('The topic; whoever knows it can read it'),
});

type Settings = z.infer<typeof settings>;
type To = z.infer<typeof to>;

/** A longer message becomes an attachment that a phone does not show (https://docs.ntfy.sh/publish/#limitations). */
const MOST_BYTES = 4_096;

/** From 1 (no sound) to 5 (rings through). A tag that names an emoji is shown as that (https://docs.ntfy.sh/emojis/). */
const LOOKS: Readonly<Record<NoticeKind, { readonly priority: 1 | 2 | 3 | 4 | 5; readonly tag: string }>> = {
  slots: { priority: 5, tag: 'calendar' },
  better: { priority: 5, tag: 'calendar' },
  gone: { priority: 2, tag: 'no_entry_sign' },
  outage: { priority: 3, tag: 'warning' },
  recovered: { priority: 3, tag: 'white_check_mark' },
  due: { priority: 3, tag: 'raised_hand' },
  operator: { priority: 4, tag: 'wrench' },
  canary: { priority: 1, tag: 'hatched_chick' },
};

/** Of the answer only this is read: a message that was taken has an id. */
const answerShape = z.object({ id: z.string().min(1) });

export const channel: Channel<Settings, To> = {
  name: 'ntfy',
  settings,
  to,
  /** 60 at once, then one every 5 seconds, and 250 a day on ntfy.sh without an account (same source as above, read November 2026). */
  perMinute: 12,
  async deliver(message, { topic }, { server, token }, signal) {
    const { notices } = message;
    const click = startPageOf(notices);
    const body = JSON.stringify({
      topic,
      title: message.subject,
      message: shortened(message.text, MOST_BYTES, (text) => Buffer.byteLength(text)),
      tags: tagsOf(notices),
      priority: Math.max(1, ...notices.map(({ kind }) => LOOKS[kind].priority)),
      ...(click === null ? {} : { click }),
    });
    const headers = {
      'content-type': 'application/json',
      // A second notification of one sequence takes the place of the first; older servers do not look at it.
      'x-sequence-id': shortKey(message.key),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const answer = await send(server, { headers, body }, signal);
    if (answerShape.safeParse(jsonOf(answer)).success) return;
    throw new DeliveryError('accepted, but not by an ntfy server', { isFinal: false });
  },
};

/** The one public page that a message is about; null when it is about several or none (conduct C12: never deeper than that). */
function startPageOf(notices: readonly Notice[]): string | null {
  const pages = new Set(notices.map(({ place }) => place?.address ?? null));
  const [first = null] = pages;
  return pages.size === 1 ? first : null;
}

function tagsOf(notices: readonly Notice[]): string[] {
  const isPractice = notices.some(({ place }) => place?.practice === true);
  return [...new Set(notices.map(({ kind }) => LOOKS[kind].tag)), ...(isPractice ? ['practice'] : [])];
}
