import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { makeAuthority } from '../support/authority.ts';
import { temporaryFolder } from '../support/monitor.ts';
import { runInNamespace } from '../support/namespace.ts';
import { NAMES } from './sites.ts';

export interface Rehearsed<T> {
  readonly report: T;
  remove(): Promise<void>;
}

const BROWSER = process.env['GUETTEUR_BROWSER'] ?? '/usr/bin/chromium-headless-shell';

/** Runs a script of this folder in namespaces of its own, with a certificate authority of its own, and reads its report. */
export async function rehearse<T>(
  script: string,
  args: readonly string[] = [],
  nodeArgs: readonly string[] = [],
): Promise<Rehearsed<T>> {
  const folder = await temporaryFolder();
  try {
    const authority = makeAuthority(folder.path, NAMES);
    const env = {
      PATH: process.env['PATH'],
      HOME: authority.home,
      NODE_EXTRA_CA_CERTS: authority.file,
      GUETTEUR_BROWSER: BROWSER,
    };
    const path = join(import.meta.dirname, script);
    const { code, said } = await runInNamespace(path, [folder.path, ...args], { env, nodeArgs });
    assert.equal(code, 0, said);
    const report = JSON.parse(await readFile(join(folder.path, 'report.json'), 'utf8')) as T;
    return { report, remove: () => folder.remove() };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}
