import { createECDH, ECDH } from 'node:crypto';
import webPush from 'web-push';
import { z } from 'zod';

import { secretAddress } from '../address.ts';
import type { Channel, Message } from '../channel.ts';
import { shortened } from '../shorten.ts';
import { isAccepted, refusalOf } from '../http.ts';
import { shortKey } from '../key.ts';
import { postPublic } from '../public-request.ts';

const CURVE = 'prime256v1';

const settings = z
  .strictObject({
    subject: z
      .string()
      .regex(/^(?:mailto:\S+@\S+|https:\/\/\S+)$/, { error: 'write mailto: and an address, or an https address' })
      .describe('Whom a push service asks when something is wrong'),
    publicKey: bytes(65).describe('VAPID key pair: every subscription is bound to it'),
    privateKey: bytes(32),
    allowLoopback: z
      .boolean()
      .default(false)
      .describe('For practice and tests: an endpoint on this machine may be asked'),
  })
  .refine(isPair, { path: ['publicKey'], error: 'the public key is not that of the private key' });

const to = z
  .object({
    endpoint: secretAddress.describe('Where the browser listens; whoever knows it and the keys may write to it'),
    keys: z.object({
      p256dh: bytes(65).refine(isPoint, { error: 'this is no point of the curve P-256' }),
      // RFC 8291, 3.2: 16 octets.
      auth: bytes(16),
    }),
  })
  .describe('What `PushSubscription.toJSON()` gives');

/** A seen slot is gone or told of elsewhere by then: a telephone that was off is not to wake to stale hopes. */
const LIVES_SECONDS = 4 * 3_600;
/** Of 4096 octets that every service takes (RFC 8030, 7.2), aes128gcm takes 86 for its head and 17 at its end (RFC 8188). */
const MOST_PAYLOAD_BYTES = 4_096 - 86 - 17;
const MOST_TITLE_CHARACTERS = 200;

/** What RFC 8030 (7.2, 7.3) and the services say of refusals, in our words. */
const MEANINGS: Readonly<Record<number, string>> = {
  400: 'the message is refused',
  401: 'the VAPID keys are refused',
  403: 'the subscription is bound to other VAPID keys',
  404: 'the subscription is gone',
  410: 'the subscription is gone',
  413: 'the message is too large',
};

/**
 * A notification in a browser, encrypted for it alone (RFC 8030, 8188, 8291, 8292). A repetition has the same topic and tag: it
 * takes the place of the first in the service's store and on the screen.
 */
export const channel: Channel<z.infer<typeof settings>, z.infer<typeof to>> = {
  name: 'web-push',
  settings,
  to,
  // Google takes 600 000 (FCM, "Throttling and quotas", November 2026), others do not say. Each opens a connection of its own.
  perMinute: 600,
  deliver: async (message, { endpoint, keys }, { subject, publicKey, privateKey, allowLoopback }, signal) => {
    const { cipherText } = webPush.encrypt(keys.p256dh, keys.auth, payloadOf(message), 'aes128gcm');
    const { origin } = new URL(endpoint);
    const { Authorization } = webPush.getVapidHeaders(origin, subject, publicKey, privateKey, 'aes128gcm');
    const isPressing = message.notices.some(({ kind }) => kind === 'slots' || kind === 'better');
    const headers = {
      authorization: Authorization,
      'content-type': 'application/octet-stream',
      'content-encoding': 'aes128gcm',
      'content-length': cipherText.length,
      ttl: LIVES_SECONDS,
      topic: shortKey(message.key),
      urgency: isPressing ? 'high' : 'normal',
    };
    const answer = await postPublic(endpoint, { headers, body: cipherText, allowLoopback }, signal);
    if (!isAccepted(answer)) throw refusalOf(answer, MEANINGS[answer.status]);
  },
};

/** A digest is cut to what fits: a notification points to the page, it does not replace it. */
function payloadOf({ subject, text, notices, key }: Message): string {
  const pages = new Set(notices.flatMap(({ place }) => (place === null ? [] : [place.address])));
  const [url = null] = pages.size === 1 ? pages : [];
  const title = subject.slice(0, MOST_TITLE_CHARACTERS).toWellFormed();
  const written = (body: string): string => JSON.stringify({ title, body, url, tag: key });
  return written(shortened(text.toWellFormed(), MOST_PAYLOAD_BYTES, (body) => Buffer.byteLength(written(body))));
}

function bytes(count: number): z.ZodString {
  return z.string().refine((value) => /^[\w-]+$/.test(value) && Buffer.from(value, 'base64url').length === count, {
    error: `write ${count} bytes in base64url`,
  });
}

function isPoint(key: string): boolean {
  try {
    ECDH.convertKey(key, CURVE, 'base64url');
    return true;
  } catch {
    return false;
  }
}

function isPair({ publicKey, privateKey }: { publicKey: string; privateKey: string }): boolean {
  const curve = createECDH(CURVE);
  try {
    curve.setPrivateKey(privateKey, 'base64url');
    return curve.getPublicKey('base64url') === publicKey;
  } catch {
    return false;
  }
}
