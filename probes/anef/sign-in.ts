import { z, type Capture, type Page, type Sign } from '../../src/probe.ts';

import { DISCOVERY, isSso, surfaceOf } from './address.ts';
import { ENABLED, isClosed } from './marks.ts';

/** The pages of the sign-in service. */

export const FORGOTTEN_WORDS = /mot de passe oubli|forgot(?:ten)? (?:your )?password/;
const SUBMIT = ':is(button, input)[type="submit"]';

/** Whether one form holds all of them, and each can be used. */
function inOneForm(page: Page, ...fields: readonly string[]): boolean {
  const form = `form${fields.map((field) => `:has(${field})`).join('')}`;
  return fields.every((field) => page.has(`${form} ${field}${ENABLED}`));
}

/** The one signature that every theme has kept since 2022: both fields and a submit button inside one form. */
export function signInForm(page: Page): Sign | null {
  if (surfaceOf(page.url) !== 'sign-in' || isClosed(page)) return null;
  if (!inOneForm(page, 'input[name="username"]', 'input[name="password"]', SUBMIT)) return null;
  const reset = page.says(FORGOTTEN_WORDS) || page.has(RESET_LINK) ? '' : ', without the forgotten-password link';
  const franceConnect = page.has(FRANCE_CONNECT) ? '' : ', without FranceConnect';
  return { message: `the sign-in form is shown${reset}${franceConnect}` };
}

export const RESET_LINK = 'a[href*="/login-actions/reset-credentials"]';
const FRANCE_CONNECT =
  'a[href*="franceconnect"], .fr-connect, img[alt*="FranceConnect" i], img[alt*="France Connect" i]';

export function forgotten(page: Page): Sign | null {
  if (!isSso(page.url) || page.has('input[type="password"]') || isClosed(page)) return null;
  const isReset = surfaceOf(page.url) === 'forgotten' || FORGOTTEN_WORDS.test(page.titleWords);
  const hasField = inOneForm(page, ':is(input[name="username"], input[name="email"])', SUBMIT);
  return isReset && hasField ? { message: 'the form for a forgotten password is shown' } : null;
}

/** Keycloak's own description of the realm: JSON, which the browser shows as text. */
export function discovery(page: Page): Sign | null {
  if (surfaceOf(page.url) !== 'discovery') return null;
  const issuer = issuerIn(page.capture);
  const realm = page.url.pathname.slice(0, -DISCOVERY.length);
  const isOwn = issuer?.hostname === page.url.hostname && issuer.pathname.replace(/\/$/, '') === realm;
  return isOwn ? { message: `the sign-in service describes itself as ${issuer.href}` } : null;
}

function issuerIn({ text, headers }: Capture): URL | null {
  // Around JSON the browser may write words of its own; a page that quotes some describes nothing.
  const isJson = /\bjson\b/.test(headers['content-type'] ?? '');
  try {
    const whole: unknown = JSON.parse(isJson ? text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1) : text);
    return new URL(z.object({ issuer: z.url() }).parse(whole).issuer);
  } catch {
    // Not JSON, or without an issuer: no sign, and the page is told as unknown.
    return null;
  }
}

/** The page works, whichever of the sign-in service's it is. */
export const ofSso = (page: Page): Sign | null => discovery(page) ?? forgotten(page) ?? signInForm(page);
