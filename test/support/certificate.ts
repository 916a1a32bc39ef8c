import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];

/** A certificate for 127.0.0.1 that nobody but itself vouches for, made by the openssl program. */
export async function selfSigned(): Promise<Certificate> {
  return await made([...['-x509', ...NEW_KEY, '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']]);
}

/** A CA of this test's own, and a certificate by it for 127.0.0.1 and some names. */
export async function ownAuthority(names: readonly string[] = []): Promise<{ ca: string; site: Certificate }> {
  const ca = await made(['-x509', ...NEW_KEY, '-subj', '/CN=Own test CA', '-addext', 'keyUsage=critical,keyCertSign']);
  const folder = await mkdtemp(join(tmpdir(), 'guetteur-ca-'));
  try {
    await writeFile(join(folder, 'ca.crt'), ca.cert);
    await writeFile(join(folder, 'ca.key'), ca.key, { mode: 0o600 });
    const alternatives = ['IP:127.0.0.1', ...names.map((name) => `DNS:${name}`)].join(',');
    const site = await made([
      ...['-x509', '-CA', join(folder, 'ca.crt'), '-CAkey', join(folder, 'ca.key'), ...NEW_KEY],
      ...['-subj', '/CN=127.0.0.1', '-addext', `subjectAltName=${alternatives}`],
      ...['-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'extendedKeyUsage=serverAuth'],
    ]);
    return { ca: ca.cert, site };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** By which Chromium is told on its command line to let a certificate pass: the hash of its key. */
export function keyHash({ cert }: Certificate): string {
  const key = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('base64');
}

async function made(options: readonly string[]): Promise<Certificate> {
  const { stdout } = await promisify(execFile)('openssl', ['req', ...options, '-keyout', '-', '-out', '-']);
  const part = (name: RegExp): string => {
    const found = name.exec(stdout);
    if (found === null) throw new Error('openssl wrote no certificate');
    return found[0];
  };
  return {
    key: part(/-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n/),
    cert: part(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/),
  };
}
