import type { Check } from '../../../core/check.ts';
import type { Blobs } from '../../../evidence/blobs.ts';
import type { Store } from '../../../store/contract.ts';
import { AnswerCache, type Kept } from '../../answer-cache.ts';
import { thumbnailOf } from './thumbnail.ts';

export interface PictureParts {
  readonly store: Pick<Store, 'storedCheck'>;
  readonly blobs: Pick<Blobs, 'get'>;
  readonly now: () => number;
}

export type PictureSize = 'whole' | 'small';

/** Thumbnails of some ten kilobytes; a picture never changes, so one is made once. */
const SMALL_RULES = { keptMs: Infinity, most: 2_000, mostBytes: 24_000_000 } as const;
const PNG = 'image/png';

/** Pictures of checks, as the public may see them. */
export class Pictures {
  readonly #parts: PictureParts;
  readonly #small: AnswerCache;

  constructor(parts: PictureParts) {
    this.#parts = parts;
    this.#small = new AnswerCache(SMALL_RULES, parts.now);
  }

  /** Null for a check without a picture, or whose picture is not the robot's own. Throws `EVIDENCE_FAILED`. */
  async whole(checkId: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const check = await this.#parts.store.storedCheck(checkId);
    const hash = check === null ? null : publicPicture(check);
    return hash === null ? null : new Uint8Array(await this.#parts.blobs.get(hash));
  }

  /** The same, made small and kept. A picture that cannot be made small is given as it is. */
  async small(checkId: number): Promise<Kept | null> {
    return await this.#small.get(String(checkId), async () => {
      const whole = await this.whole(checkId);
      return whole === null ? null : { contentType: PNG, body: (await thumbnailOf(whole)) ?? whole };
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
