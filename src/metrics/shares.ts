import type { Registry } from 'prom-client';

import { METRICS } from './catalogue.ts';
import { gauge } from './gauges.ts';

/** A target's availability as the pages and the open data say it; `share` is null where too little was seen to print one. */
export interface TargetShare {
  readonly targetId: string;
  readonly share: number | null;
  readonly hits: number;
  readonly checks: number;
}

export interface Shares {
  /** Name of the period that they are of, as `90d`. */
  readonly window: string;
  readonly targets: readonly TargetShare[];
}

/** What may not be printed is absent, and never 0. Its counts are there: they say how much is missing. */
export function addShares(registry: Registry, { window, targets }: Shares): void {
  const share = gauge(registry, METRICS.share);
  const hits = gauge(registry, METRICS.shareHits);
  const checks = gauge(registry, METRICS.shareChecks);
  for (const one of targets) {
    const names = { target: one.targetId, window };
    if (one.share !== null) share.set(names, one.share);
    hits.set(names, one.hits);
    checks.set(names, one.checks);
  }
}
