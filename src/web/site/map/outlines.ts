import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The outlines of the 101 departments; see `tools/map-data.ts` for where they come from. */
export interface Outlines {
  /** Path data by code, all in one frame of 1010 × 1010. */
  readonly mainland: ReadonlyMap<string, string>;
  /** Each in a frame of its own. */
  readonly overseas: ReadonlyMap<string, { readonly box: string; readonly path: string }>;
}

const path = z.string().regex(/^[MmLlHhVvCcSsQqTtAaZz\d\s.,-]+$/);
const box = z.string().regex(/^0 0 \d+ \d+$/);

const shape = z.object({
  mainland: z.record(z.string(), path),
  overseas: z.record(z.string(), z.object({ box, path })),
});

export function loadOutlines(): Outlines {
  const data = shape.parse(JSON.parse(readFileSync(new URL('departments.json', import.meta.url), 'utf8')));
  // The order of an object's keys puts whole numbers first: 2A and 2B come back between 19 and 21.
  const key = (code: string): string => code.replace(/^2(?=[AB])/, '20');
  const mainland = Object.entries(data.mainland).toSorted(([a], [b]) => (key(a) < key(b) ? -1 : 1));
  return { mainland: new Map(mainland), overseas: new Map(Object.entries(data.overseas)) };
}
