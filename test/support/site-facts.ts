import { loadAssets } from '../../src/web/site/assets.ts';
import type { SiteFacts } from '../../src/web/site/frame.ts';

/** A site that nobody in particular runs, served at an address of its own. */
export function siteFacts(change: Partial<SiteFacts> = {}): SiteFacts {
  return {
    practice: false,
    operator: null,
    publisher: { name: 'Association', page: 'https://association.example/', practice: false },
    vantage: 'test',
    version: '0.1.0',
    userAgent: 'Guetteur/0.1.0',
    publicUrl: 'https://association.example/',
    isStatic: false,
    assets: loadAssets(),
    ...change,
  };
}
