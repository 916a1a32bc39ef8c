import type { Context } from 'hono';

import type { Bytes, Kept } from './answer-cache.ts';

/** Gives a kept answer in the best coding that the reader takes, or tells that the reader has it (RFC 9110, 12.5.3 and 13). */
export function sendKept(context: Context, kept: Kept, cacheControl: string): Response {
  context.header('etag', kept.etag);
  if (kept.coded !== null) context.header('vary', 'accept-encoding');
  context.header('cache-control', cacheControl);
  if (isKnown(context.req.header('if-none-match'), kept.etag)) return context.body(null, 304);
  const { body, coding } = bodyFor(kept, context.req.header('accept-encoding'));
  if (coding !== null) context.header('content-encoding', coding);
  return context.body(body, 200, { 'content-type': kept.contentType });
}

function bodyFor(
  { coded, plain }: Kept,
  accepted: string | undefined,
): { readonly body: Bytes | ReadableStream<Bytes>; readonly coding: 'br' | 'gzip' | null } {
  if (coded === null) return { body: plain, coding: null };
  if (takes(accepted, 'br')) return { body: coded.br, coding: 'br' };
  if (takes(accepted, 'gzip')) return { body: coded.gzip, coding: 'gzip' };
  // Unpacked as it is read: many readers who take no coding must not each have a whole answer in memory.
  return { body: new Blob([coded.gzip]).stream().pipeThrough(new DecompressionStream('gzip')), coding: null };
}

/** Named with a weight above none. `*` is no name: who writes only that gets it plain. */
function takes(accepted: string | undefined, coding: string): boolean {
  return (accepted ?? '').split(',').some((part) => {
    const [name = '', ...parameters] = part
      .toLowerCase()
      .split(';')
      .map((word) => word.trim());
    return name === coding && !parameters.some((one) => /^q\s*=\s*0(?:\.0*)?$/.test(one));
  });
}

/** Weak comparison, as this header asks for (RFC 9110, 13.1.2). */
function isKnown(tags: string | undefined, etag: string): boolean {
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');
  return (tags ?? '').split(',').some((tag) => tag.trim() === '*' || opaque(tag) === opaque(etag));
}
