import type { WSContext, WSEvents } from 'hono/ws';

import { messageOf, type PersonMessage } from '../../assist/input.ts';
import type { Peer, Session, SessionState } from '../../assist/session.ts';
import { RateLimit } from '../../core/rate-limit.ts';

/** A person's browser at the other end: pictures go out as they are, everything else as JSON; what comes in is read by `input.ts`. */

/** Faster than anybody taps and types; a scroll wheel is slowed by the page's script. */
const MESSAGES = { count: 90, withinMs: 3_000 };
const POLICY_VIOLATION = 1_008;
const GOING_AWAY = 1_001;
const TRY_LATER = 1_013;
/** Codes of our own (RFC 6455, 7.4.2), which `window.js` knows: it does not come back after either. */
const CLOSED = { over: 1_000, elsewhere: 4_001 } as const;

export function socketEvents(session: Session, now: () => number): WSEvents {
  const limit = new RateLimit(MESSAGES);
  let peer: Peer | null = null;
  return {
    onOpen: (_event, socket) => {
      peer = peerOf(socket, now);
      if (!session.join(peer)) socket.close(TRY_LATER);
    },
    onMessage: ({ data }, socket) => {
      const message = typeof data === 'string' ? messageOf(data) : null;
      if (peer === null || message === null || limit.take('', now()) > 0) {
        socket.close(POLICY_VIOLATION);
        return;
      }
      void handle(session, peer, message).catch(() => socket.close(GOING_AWAY));
    },
    onClose: () => {
      if (peer !== null) session.detach(peer);
    },
  };
}

async function handle(session: Session, peer: Peer, message: PersonMessage): Promise<void> {
  if (message.kind === 'hello') await session.attach(peer, message.size);
  else if (message.kind === 'seen') session.seen(peer);
  else if (message.kind === 'leave') session.leave();
  else await session.act(peer, message);
}

function peerOf(socket: WSContext, now: () => number): Peer {
  const tell = (news: object): void => {
    if (socket.readyState === 1) socket.send(JSON.stringify(news));
  };
  return {
    state: (state) => tell({ state: stateFor(state, now()) }),
    window: ({ width, height }) => tell({ window: { width, height } }),
    captcha: (captcha) => tell({ captcha }),
    refused: (refused) => tell({ refused }),
    sound: (bytes, type) => tell({ sound: { type, base64: Buffer.from(bytes).toString('base64') } }),
    close: (why) => socket.close(CLOSED[why]),
    picture: (jpeg) => {
      if (socket.readyState === 1) socket.send(new Uint8Array(jpeg));
    },
  };
}

/** Clocks of telephones are not ours: times are told as what is left of them. */
function stateFor(state: SessionState, now: number): object {
  if (state.kind === 'open') return { kind: state.kind, leftMs: state.until - now };
  if (state.kind === 'waiting')
    return { kind: state.kind, leftMs: state.until === null ? null : Math.max(0, state.until - now) };
  return state;
}
