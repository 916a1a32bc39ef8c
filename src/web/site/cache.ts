import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gunzipSync, gzip } from 'node:zlib';

/** An answer as it is kept: compressed once, for all readers. */
export interface Kept {
  readonly contentType: string;
  readonly etag: string;
  readonly brotli: Buffer;
  readonly gzip: Buffer;
  readonly at: number;
}

export interface CacheRules {
  readonly keptMs: number;
  /** Entries; beyond it the longest unread leaves. A compressed page has some 30 kB. */
  readonly most: number;
}

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);
/** Halfway: a page of 100 kB takes some milliseconds. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/**
 * A thousand readers of one page cost one computation: who asks while it is under way waits for the same one. Computations run
 * one after the other, so that checks get their turn in between.
 */
export class PageCache {
  readonly #rules: CacheRules;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();
  readonly #underWay = new Map<string, Promise<Kept | null>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(rules: CacheRules, now: () => number) {
    this.#rules = rules;
    this.#now = now;
  }

  /** What is kept and not too old; a clock that was set back makes nothing older than it is. */
  fresh(key: string): Kept | null {
    const kept = this.#kept.get(key);
    if (kept === undefined) return null;
    const age = this.#now() - kept.at;
    if (age < 0 || age >= this.#rules.keptMs) return null;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept;
  }

  /** What is kept, however old. */
  stale(key: string): Kept | null {
    return this.#kept.get(key) ?? null;
  }

  isUnderWay(key: string): boolean {
    return this.#underWay.has(key);
  }

  /** Computes what is not fresh. Null is not kept, and neither is a failure. */
  async get(
    key: string,
    compute: () => Promise<{ readonly contentType: string; readonly text: string } | null>,
  ): Promise<Kept | null> {
    const fresh = this.fresh(key);
    if (fresh !== null) return fresh;
    const known = this.#underWay.get(key);
    if (known !== undefined) return await known;
    const turn = this.#last.then(async () => await this.#compute(key, compute));
    this.#last = turn.catch(() => undefined);
    this.#underWay.set(key, turn);
    try {
      return await turn;
    } finally {
      this.#underWay.delete(key);
    }
  }

  async #compute(
    key: string,
    compute: () => Promise<{ readonly contentType: string; readonly text: string } | null>,
  ): Promise<Kept | null> {
    const at = this.#now();
    const written = await compute();
    if (written === null) return null;
    const kept = await compressed(written, at);
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    if (this.#kept.size > this.#rules.most) {
      const [oldest] = this.#kept.keys();
      if (oldest !== undefined) this.#kept.delete(oldest);
    }
    return kept;
  }
}

export async function compressed(
  { contentType, text }: { readonly contentType: string; readonly text: string | Buffer },
  at: number,
): Promise<Kept> {
  const body = Buffer.from(text);
  // Weak: one tag for the page in whatever coding it travels (RFC 9110, 8.8.1).
  const etag = `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const [brotli, zipped] = await Promise.all([compressBrotli(body, BROTLI), compressGzip(body)]);
  return { contentType, etag, brotli, gzip: zipped, at };
}

/** The body in the best coding that a reader takes (RFC 9110, 12.5.3). */
export function bodyFor(kept: Kept, accepted: string | undefined): { body: Buffer; encoding: 'br' | 'gzip' | null } {
  const takes = (coding: string): boolean =>
    (accepted ?? '').split(',').some((part) => {
      const [name = '', quality = ''] = part.trim().toLowerCase().split(';');
      return name === coding && !/^\s*q=0(?:\.0*)?$/.test(quality);
    });
  if (takes('br')) return { body: kept.brotli, encoding: 'br' };
  if (takes('gzip')) return { body: kept.gzip, encoding: 'gzip' };
  return { body: gunzipSync(kept.gzip), encoding: null };
}
