import type { Check } from '../../../core/check.ts';
import type { Blobs } from '../../../evidence/blobs.ts';
import type { Store } from '../../../store/contract.ts';
import { AnswerCache, type CacheRules, type Kept } from '../../answer-cache.ts';
import { thumbnailOf } from './thumbnail.ts';

export interface PictureParts {
  readonly store: Pick<Store, 'storedCheck'>;
  readonly blobs: Pick<Blobs, 'get'>;
  readonly now: () => number;
}

export type PictureSize = 'whole' | 'small';

/** A picture never changes: it is read, and made small, once. Thumbnails have some ten kilobytes, whole ones a hundred and more. */
const RULES = {
  small: { keptMs: Infinity, most: 2_000, mostBytes: 24_000_000 },
  whole: { keptMs: Infinity, most: 200, mostBytes: 32_000_000 },
} as const satisfies Record<PictureSize, CacheRules>;
const PNG = 'image/png';

/** Pictures of checks, as the public may see them. */
export class Pictures {
  readonly #parts: PictureParts;
  readonly #kept: Readonly<Record<PictureSize, AnswerCache>>;

  constructor(parts: PictureParts) {
    this.#parts = parts;
    this.#kept = {
      small: new AnswerCache(RULES.small, parts.now),
      whole: new AnswerCache(RULES.whole, parts.now),
    };
  }

  /**
   * Null for a check without a picture, or whose picture is not the robot's own. One that cannot be made small is given as it is.
   * Throws `EVIDENCE_FAILED`.
   */
  async get(checkId: number, size: PictureSize): Promise<Kept | null> {
    return await this.#kept[size].get(String(checkId), async () => {
      const check = await this.#parts.store.storedCheck(checkId);
      const hash = check === null ? null : publicPicture(check);
      if (hash === null) return null;
      const whole = await this.#parts.blobs.get(hash);
      return { contentType: PNG, body: size === 'whole' ? whole : ((await thumbnailOf(whole)) ?? whole) };
    });
  }

  /** Of some checks those whose picture the public may see, in their order. */
  async shown<T extends { readonly checkId: number }>(checks: readonly T[]): Promise<T[]> {
    const found = await Promise.all(checks.map(({ checkId }) => this.#parts.store.storedCheck(checkId)));
    return checks.filter((_, at) => {
      const check = found[at] ?? null;
      return check !== null && publicPicture(check) !== null;
    });
  }
}

/** What a person sent, or saw behind a captcha, was given for the record and not for everybody's eyes. */
function publicPicture({ mode, captures }: Pick<Check, 'mode' | 'captures'>): string | null {
  if (mode === 'reported' || mode === 'assisted') return null;
  return captures.findLast(({ evidence }) => evidence !== null)?.evidence?.screenshot ?? null;
}
