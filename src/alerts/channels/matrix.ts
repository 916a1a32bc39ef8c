import { z } from 'zod';

import { secretAddress } from '../address.ts';
import { DeliveryError, type Channel } from '../channel.ts';
import { harmlessText } from '../harmless.ts';
import { ask, headerToken, isAccepted, jsonOf, pauseOf, refusalOf, type Answer } from '../http.ts';
import { shortKey } from '../key.ts';

const settings = z.strictObject({
  homeserver: secretAddress.describe('Base address of the client-server API, such as https://matrix.example.org'),
  accessToken: headerToken.describe('Of an account that has joined the rooms'),
});

/** Opaque but for its mark and, up to room version 11, its server (Matrix specification, appendices, "Room IDs"). */
const roomId = z
  .string()
  .max(255)
  .regex(/^![^\s:/?#]+(?::[\w.:[\]-]+)?$/, { error: 'write the room id: "!" and letters, not the alias with "#"' });

const to = z.strictObject({ roomId });

/** What the specification says of refusals, in our words. */
const MEANINGS: Readonly<Record<number, string>> = {
  401: 'the access token is refused',
  403: 'the account may not write in the room',
  404: 'no homeserver is found there',
  413: 'the message is too large',
};

/** Servers older than specification 1.10 name the pause of M_LIMIT_EXCEEDED in the body only. */
const answerShape = z.object({ event_id: z.string().optional(), retry_after_ms: z.number().optional() });

/**
 * A room of a Matrix server. The server drops a repeated transaction id of one token, and answers with the first event
 * (client-server API, "Transaction identifiers"), so a message whose answer was lost does not appear twice.
 */
export const channel: Channel<z.infer<typeof settings>, z.infer<typeof to>> = {
  name: 'matrix',
  settings,
  to,
  // Synapse as it is delivered: rc_message, 0.2 a second (configuration manual, November 2026).
  perMinute: 12,
  deliver: async (message, { roomId: room }, { homeserver, accessToken }, signal) => {
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/${shortKey(message.key)}`;
    // `m.text`: the default rules do not notify of `m.notice`. Empty `m.mentions` say that nobody is named (specification 1.7).
    const body = JSON.stringify({ msgtype: 'm.text', body: harmlessText(message), 'm.mentions': {} });
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` };
    accept(await ask(homeserver.replace(/\/+$/, '') + path, { method: 'PUT', headers, body }, signal));
  },
};

/** Throws unless the server names the event it made: a page of something in between is no acceptance. */
function accept(answer: Answer): void {
  const shape = answerShape.safeParse(jsonOf(answer.text)).data;
  if (isAccepted(answer)) {
    if (shape?.event_id !== undefined) return;
    throw new DeliveryError(`HTTP ${answer.status}, but not an answer of Matrix`, { isFinal: false });
  }
  const asked = shape?.retry_after_ms;
  const retryAfterMs = answer.retryAfterMs ?? (asked === undefined ? null : pauseOf(asked / 1_000));
  throw refusalOf({ ...answer, retryAfterMs }, MEANINGS[answer.status]);
}
