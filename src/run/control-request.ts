import { getGlobalDispatcher } from 'undici';

import type { DatedAnswer } from './clock.ts';

const ANSWER_WITHIN_MS = 5_000;

export type ControlAnswer =
  | ({ readonly kind: 'dated' } & DatedAnswer)
  /** It answered, and did not say when. */
  | { readonly kind: 'no-date' }
  /** It was reached, and its certificate was not one that we trust. */
  | { readonly kind: 'distrusted'; readonly code: string }
  | { readonly kind: 'down' };

/** Codes by which OpenSSL and Node refuse a certificate (Node's documentation of `tls`, "X509 certificate error codes"). */
const DISTRUST =
  /^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|CRL_|INVALID_(?:CA|PURPOSE)|HOSTNAME_|ERR_TLS_CERT_|PATH_LENGTH_)/;

/** One HEAD, and the time between its leaving on an open connection and its answer: making the connection is no part of it. */
export function askDate(address: string, userAgent: string, now: () => number): Promise<ControlAnswer> {
  const { origin, pathname, search } = new URL(address);
  return new Promise((resolve) => {
    let sentAt = now();
    let giveUp = (): void => undefined;
    const timer = setTimeout(() => {
      end({ kind: 'down' });
      giveUp();
    }, ANSWER_WITHIN_MS);
    const end = (answer: ControlAnswer): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    getGlobalDispatcher().dispatch(
      {
        origin,
        path: `${pathname}${search}`,
        method: 'HEAD',
        headers: { 'user-agent': userAgent },
        headersTimeout: ANSWER_WITHIN_MS,
        bodyTimeout: ANSWER_WITHIN_MS,
      },
      {
        // The connection is open now, and the request is about to be written to it.
        onRequestStart: (controller) => {
          giveUp = () => controller.abort(new Error('late'));
          sentAt = now();
        },
        onResponseStart: (_controller, status, headers) => {
          if (status < 200) return;
          const receivedAt = now();
          const date = Date.parse(String(headers['date'] ?? ''));
          end(Number.isNaN(date) ? { kind: 'no-date' } : { kind: 'dated', sentAt, receivedAt, date });
        },
        onResponseError: (_controller, error) => {
          const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
          end(DISTRUST.test(code) ? { kind: 'distrusted', code } : { kind: 'down' });
        },
        onResponseData: () => undefined,
        onResponseEnd: () => undefined,
      },
    );
  });
}
