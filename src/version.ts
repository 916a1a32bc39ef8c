import { readFileSync } from 'node:fs';
import { z } from 'zod';

const manifest = z
  .object({ version: z.string(), homepage: z.url() })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')));

export const VERSION: string = manifest.version;
export const HOMEPAGE: string = manifest.homepage;
/** What every request says that is no visit of a watched site: product, version, address of the project. */
export const OWN_AGENT = `Guetteur/${VERSION} (+${HOMEPAGE})`;
