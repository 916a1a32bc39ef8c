import type { Failure, Incident } from '../core/capture.ts';

/** The last document that the filter refused, when it refused one. */
export function refusedDocument(incidents: readonly Incident[]): Incident | undefined {
  return incidents.findLast((incident) => incident.resource === 'document');
}

/**
 * What a navigation that ended in one of Chromium's errors has met, told by the error's own name (net/base/net_error_list.h)
 * and by what the filter did on the way.
 */
export function failureNamed(code: string, incidents: readonly Incident[]): Failure {
  const refused = code === 'ERR_BLOCKED_BY_CLIENT' ? refusedDocument(incidents) : undefined;
  if (refused !== undefined) return { kind: refusedKind(refused), message: `refused: ${refused.detail}` };
  return { kind: kindOf(code, incidents), message: `net::${code}` };
}

function refusedKind({ rule }: Incident): Failure['kind'] {
  if (rule === 'robots') return 'robots';
  return rule === 'host' || rule === 'address' ? 'left_hosts' : 'refused';
}

function kindOf(code: string, incidents: readonly Incident[]): Failure['kind'] {
  if (code === 'ERR_ABORTED') return incidents.some(({ kind }) => kind === 'download') ? 'download' : 'aborted';
  if (code === 'ERR_TOO_MANY_REDIRECTS') return 'redirects';
  // What the browser itself will not load says nothing of the site.
  if (/^ERR_(?:UNSAFE_|DISALLOWED_|BLOCKED_BY_)/.test(code)) return 'refused';
  if (/^ERR_(?:NAME_|DNS_|ICANN_)/.test(code)) return 'dns';
  if (/^ERR_(?:SSL_|CERT_|BAD_SSL|ECH_)/.test(code)) return 'tls';
  return 'connection';
}
