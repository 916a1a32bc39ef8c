import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

import { Turns } from './turns.ts';

/** What a computation gives: text, or bytes as they are. */
export interface Written {
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

/** An answer as it is kept: written and compressed once, for all readers. */
export interface Kept {
  readonly contentType: string;
  readonly etag: string;
  /** Null for what compresses no further, as pictures and Parquet: `plain` holds it. */
  readonly coded: { readonly br: Bytes; readonly gzip: Bytes } | null;
  /** Empty where `coded` holds it. */
  readonly plain: Bytes;
  readonly at: number;
}

export type Bytes = Uint8Array<ArrayBuffer>;

export interface CacheRules {
  readonly keptMs: number;
  /** Entries and bytes, names included; beyond either the longest unread leave. A compressed page has some 30 kB. */
  readonly most: number;
  readonly mostBytes: number;
}

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);
/** Halfway: a page of 100 kB takes some milliseconds. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
const COMPRESSIBLE = /^text\/|json|xml|svg/;

/**
 * A thousand readers of one answer cost one computation: who asks while it is under way waits for the same one. Computations run
 * one after the other, and readers take turns, so that nobody's questions crowd out everybody's.
 */
export class AnswerCache {
  readonly #rules: CacheRules;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();
  readonly #underWay = new Map<string, Promise<Kept | null>>();
  readonly #turns = new Turns();
  #bytes = 0;

  constructor(rules: CacheRules, now: () => number) {
    this.#rules = rules;
    this.#now = now;
  }

  get size(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.#kept.size, bytes: this.#bytes };
  }

  /** What is kept and not too old. */
  fresh(key: string): Kept | null {
    const kept = this.stale(key, this.#rules.keptMs);
    if (kept === null) return null;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept;
  }

  /** What is kept and younger than that; a clock that was set back makes nothing older than it is. */
  stale(key: string, youngerThanMs: number): Kept | null {
    const kept = this.#kept.get(key);
    if (kept === undefined) return null;
    const age = this.#now() - kept.at;
    return age >= 0 && age < youngerThanMs ? kept : null;
  }

  isUnderWay(key: string): boolean {
    return this.#underWay.has(key);
  }

  /** Computes what is not fresh, when it is the turn of who asks. Null is not kept, and neither is a failure. */
  async get(key: string, compute: () => Promise<Written | null>, asker = ''): Promise<Kept | null> {
    const fresh = this.fresh(key);
    if (fresh !== null) return fresh;
    const known = this.#underWay.get(key);
    if (known !== undefined) return await known;
    const turn = this.#turns.take(asker, async () => await this.#compute(key, compute));
    this.#underWay.set(key, turn);
    try {
      return await turn;
    } finally {
      this.#underWay.delete(key);
    }
  }

  async #compute(key: string, compute: () => Promise<Written | null>): Promise<Kept | null> {
    const at = this.#now();
    const written = await compute();
    if (written === null) return null;
    const kept = await keptOf(written, at);
    this.#drop(key);
    this.#kept.set(key, kept);
    this.#bytes += sizeOf(key, kept);
    const { most, mostBytes } = this.#rules;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= most && this.#bytes <= mostBytes) break;
      this.#drop(oldest);
    }
    return kept;
  }

  #drop(key: string): void {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    this.#kept.delete(key);
    this.#bytes -= sizeOf(key, kept);
  }
}

/** A letter of a name takes two bytes at most. */
function sizeOf(key: string, { coded, plain }: Kept): number {
  return 2 * key.length + plain.length + (coded === null ? 0 : coded.br.length + coded.gzip.length);
}

export async function keptOf({ contentType, body }: Written, at: number): Promise<Kept> {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body);
  const mark = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  if (!COMPRESSIBLE.test(contentType)) return { contentType, etag: mark, coded: null, plain: bytes, at };
  const [br, zipped] = await Promise.all([compressBrotli(bytes, BROTLI), compressGzip(bytes)]);
  const coded = { br: new Uint8Array(br), gzip: new Uint8Array(zipped) };
  // Weak: one tag for the answer in whatever coding it travels (RFC 9110, 8.8.1).
  return { contentType, etag: `W/${mark}`, coded, plain: new Uint8Array(), at };
}
