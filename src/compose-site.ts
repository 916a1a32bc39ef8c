import type { Logger } from 'pino';

import { publisherOf } from './compose-open-data.ts';
import { userAgentSuffix } from './compose.ts';
import type { Config } from './config/load.ts';
import type { Target } from './core/target.ts';
import type { Blobs } from './evidence/blobs.ts';
import type { Figures } from './stats/figures.ts';
import type { Store } from './store/contract.ts';
import { failureFacts } from './log.ts';
import { VERSION } from './version.ts';
import { loadAssets } from './web/site/assets.ts';
import { loadOutlines } from './web/site/map/outlines.ts';
import { SITE_RULES, sitePages } from './web/site/mount.ts';
import { Pictures } from './web/site/pictures/pictures.ts';
import { SiteWriter } from './web/site/writer.ts';

/** The public site of an instance, built by hand from its configuration. */

export interface SiteBench {
  readonly config: Config;
  readonly targets: ReadonlyMap<string, Target>;
  readonly store: Store;
  readonly blobs: Blobs;
}

/** `isStatic`: the pages are to stand in a folder of files. */
export function siteWriter(
  { config, targets, store, blobs }: SiteBench,
  figures: Figures,
  { isStatic }: { readonly isStatic: boolean },
): SiteWriter {
  const { operator, mode, vantage, http } = config;
  const facts = {
    practice: mode === 'practice',
    operator:
      operator === undefined
        ? null
        : { name: operator.name, contact: operator.contact, website: operator.website ?? null },
    publisher: publisherOf(config),
    vantage,
    version: VERSION,
    userAgent: userAgentSuffix(config),
    publicUrl: http.publicUrl ?? null,
    isStatic,
    assets: loadAssets(),
  };
  const pictures = new Pictures({ store, blobs, now: Date.now });
  return new SiteWriter({ facts, figures, targets, store, pictures, outlines: loadOutlines(), now: Date.now });
}

/** To be mounted before what shares a language's prefix. */
export function openMonitorSite(bench: SiteBench, figures: Figures, log: Logger): ReturnType<typeof sitePages> {
  const { config } = bench;
  return sitePages({
    writer: siteWriter(bench, figures, { isStatic: false }),
    now: Date.now,
    onFailure: (reason, error) => log.error(failureFacts(error), `a public page failed: ${reason}`),
    // Practice changes by the second, and whoever looks is the one who made it.
    rules: config.mode === 'practice' ? { ...SITE_RULES, keptMs: 10_000 } : SITE_RULES,
  });
}
