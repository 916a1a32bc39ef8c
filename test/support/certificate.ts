import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A certificate for 127.0.0.1 that nobody but itself vouches for, made by the openssl program. */
export async function selfSigned(): Promise<Certificate> {
  const { stdout } = await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', '-', '-out', '-'],
  ]);
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
