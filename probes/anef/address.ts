import { z, type Capture } from '../../src/probe.ts';

/** Which of ANEF's public doors an address or a capture stands for. The portal and its sign-in are hosts of their own. */

/** What a visit goes to see. Steps are named `<walk>:<part>`, so that a stored capture tells by itself what it was for. */
const PORTAL_WALKS = ['home', 'triage', 'register', 'help', 'old-link', 'mobile', 'languages'] as const;
export const walkName = z.enum([...PORTAL_WALKS, 'sign-in', 'sso', 'forgotten', 'discovery']);
export type Walk = z.infer<typeof walkName>;

/** The kind of page an address stands for. The last three are on the sign-in service's host, the others on the portal's. */
export type Surface = 'home' | 'account' | 'page' | 'triage' | 'portal' | 'sign-in' | 'forgotten' | 'discovery';

export const DISCOVERY = '/.well-known/openid-configuration';

export const isSso = (url: URL): boolean => /\/realms\/[^/]+\//.test(url.pathname) || url.hostname.startsWith('sso.');

export function surfaceOf(url: URL): Surface {
  if (isSso(url)) {
    if (url.pathname.endsWith(DISCOVERY)) return 'discovery';
    return /\/login-actions\/reset-credentials/.test(url.pathname) ? 'forgotten' : 'sign-in';
  }
  if (url.pathname.startsWith('/api/')) return 'portal';
  if (url.hash.startsWith('#/espace-personnel/connexion-inscription')) return 'account';
  return helpRoute(url) === null ? 'home' : 'page';
}

export function walkAt(address: URL): Walk {
  const surface = surfaceOf(address);
  if (surface === 'discovery') return 'discovery';
  if (isSso(address)) return 'sso';
  if (/^\/particuliers(?:\/|$)/.test(address.pathname)) return 'old-link';
  if (surface === 'account') return 'register';
  return surface === 'page' ? 'help' : 'home';
}

/** A page read from a file, or kept by version 1, has a step without a walk. */
export function walkOf({ step, requestedUrl }: Capture): Walk {
  const named = walkName.safeParse(/^(.+):/.exec(step)?.[1]);
  return named.success ? named.data : walkAt(new URL(requestedUrl));
}

/** The help pages and the words that head each. */
export const HELP: ReadonlyMap<string, RegExp> = new Map([
  ['contact', /\bcontact/],
  ['faq', /\bfaq\b|besoin d'aide|questions? frequente|frequently asked|\bhelp\b/],
  ['plandusite', /plan du site|site ?map/],
  ['mentions-legales', /mentions? legales?|legal (?:notice|information)/],
  ['aide-accessibilite', /accessibilite|accessibility/],
  ['aide', /\baide\b|\bhelp\b/],
]);

export function helpRoute(url: URL): string | null {
  const route = /^#\/([a-z-]+)(?:[/?]|$)/.exec(url.hash)?.[1] ?? '';
  return HELP.has(route) ? route : null;
}
