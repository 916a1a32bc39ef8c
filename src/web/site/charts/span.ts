import type { Share } from '../../../stats/results.ts';

export interface Span {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** What a share can be drawn as; with no hit, or only hits, up to the cautious bound by days. Null where nothing may be drawn. */
export function spanOf(share: Share): Span | null {
  switch (share.kind) {
    case 'share':
      return share;
    case 'no_hits':
      return { share: 0, low: 0, high: share.perDayHigh };
    case 'all_hits':
      return { share: 1, low: share.perDayLow, high: 1 };
    case 'insufficient':
      return null;
    default:
      return share satisfies never;
  }
}
