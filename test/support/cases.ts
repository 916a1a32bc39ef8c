import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

import type { Check } from '../../src/core/check.ts';
import { OUTCOMES, type Outcome } from '../../src/core/outcome.ts';
import { bareTarget } from '../../src/core/target.ts';
import type { Runner } from '../../src/run/runner.ts';

/** Pages in a folder, each with the outcomes that a careful person gives it: `cases.json` and the pages it names. */
export interface PageCase {
  readonly id: string;
  readonly file: string;
  readonly platform: string;
  readonly url: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly expect: readonly Outcome[];
  readonly kind?: string | undefined;
  readonly why: string;
}

const shape = z.array(
  z.object({
    id: z.string(),
    file: z.string(),
    platform: z.string(),
    url: z.url(),
    status: z.number(),
    headers: z.record(z.string(), z.string()).optional(),
    expect: z.array(z.enum(OUTCOMES)).min(1),
    kind: z.string().optional(),
    why: z.string(),
  }),
);

export async function casesIn(folder: string): Promise<readonly PageCase[]> {
  return shape.parse(JSON.parse(await readFile(join(folder, 'cases.json'), 'utf8')));
}

/** Reads a page as `guetteur read` does. */
export async function readCase(runner: Runner, folder: string, pageCase: PageCase): Promise<Check> {
  const { id, platform, url, status, headers, file } = pageCase;
  const html = filledIn(await readFile(join(folder, file), 'utf8'), Date.now());
  const target = bareTarget({ id, platform, address: url, practice: false });
  return await runner.read(target, { url, status, html, ...(headers === undefined ? {} : { headers }) });
}

const paris = (at: number, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', ...options }).format(at);

/** Days as a page writes them. */
const FORMS: Readonly<Record<string, (at: number) => string>> = {
  wd: (at) => paris(at, { weekday: 'long' }),
  dmon: (at) => paris(at, { day: 'numeric', month: 'short' }),
  dmy: (at) => paris(at, { day: '2-digit', month: '2-digit', year: 'numeric' }),
  long: (at) => paris(at, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
  iso: (at) => new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' }).format(at),
  unix: (at) => String(Math.floor(at / 1_000)),
};

/** `{{+9:dmy}}` is the day in nine days. */
function filledIn(html: string, now: number): string {
  return html.replace(/\{\{([+-]\d+):(\w+)\}\}/g, (_all, days: string, form: string) => {
    const written = FORMS[form];
    if (written === undefined) throw new Error(`no form of a day is called "${form}"`);
    return written(now + Number(days) * 86_400_000);
  });
}
