import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Certificate } from './certificate.ts';

/** A certificate authority of a test's own, by the openssl program, and who trusts it. */
export interface Authority {
  /** For NODE_EXTRA_CA_CERTS. */
  readonly file: string;
  /** A home whose browsers trust it (the NSS database of Chromium), and one whose browsers trust no authority of ours. */
  readonly home: string;
  readonly homeWithoutTrust: string;
}

/** Which certificate a site shows: a good one, one that is over, or one of an authority that nobody knows. */
export const SHOWN = ['good', 'expired', 'stranger'] as const;
export type Shown = (typeof SHOWN)[number];

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Writes everything into `folder`, from which `certificateOf` reads: another process may be the one that shows it. */
export function makeAuthority(folder: string, names: readonly string[]): Authority {
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  };
  for (const name of ['ca', 'unknown-ca']) {
    const isAuthority = ['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign'];
    const files = ['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)];
    openssl('req', '-x509', ...KEY, '-days', '30', '-subj', `/CN=Rehearsal ${name}`, ...isAuthority, ...files);
  }
  const alternatives = `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`;
  const files = ['-keyout', at('site.key'), '-out', at('site.csr')];
  openssl('req', ...KEY, '-subj', '/CN=rehearsal', '-addext', alternatives, ...files);
  for (const [shown, authority, days] of [
    ['good', 'ca', '20'],
    ['expired', 'ca', '-1'],
    ['stranger', 'unknown-ca', '20'],
  ] as const satisfies readonly (readonly [Shown, string, string])[]) {
    const by = ['-CA', at(`${authority}.pem`), '-CAkey', at(`${authority}.key`), '-copy_extensions', 'copy'];
    openssl('x509', '-req', '-in', at('site.csr'), ...by, '-days', days, '-out', at(`${shown}.pem`));
  }
  const homes = { home: at('home'), homeWithoutTrust: at('home-without-trust') };
  const database = join(homes.home, '.pki/nssdb');
  for (const path of [database, homes.homeWithoutTrust]) mkdirSync(path, { recursive: true });
  execFileSync('certutil', ['-N', '-d', `sql:${database}`, '--empty-password']);
  execFileSync('certutil', ['-A', '-d', `sql:${database}`, '-t', 'C,,', '-n', 'rehearsal', '-i', at('ca.pem')]);
  return { file: at('ca.pem'), ...homes };
}

export function certificateOf(folder: string, shown: Shown): Certificate {
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  return { key: read('site.key'), cert: read(`${shown}.pem`) };
}
