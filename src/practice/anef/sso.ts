import type { Hono } from 'hono';
import type { Stage } from '../../core/replica.ts';
import { nginxPage } from '../shared/block-pages.ts';
import { redirect, respond } from '../shared/sites.ts';
import { DISCOVERY, REALM } from './addresses.ts';
import { unexpected } from './error-pages.ts';
import { brokenSignIn, describedInWords, forgottenPage, keycloakError, signInPage } from './sso-pages.ts';
import type { SignInLook } from './sso-pages.ts';

/** The sign-in service and how it does. */
export interface SsoLook extends SignInLook {
  /** Keycloak knows another `redirect_uri` than the one asked with. */
  readonly refusesRedirect?: boolean;
  readonly answersHome?: string;
  /** The service itself does not answer as it should, while the portal does. */
  readonly fault?: 'bad-gateway' | 'server-error' | 'hangs' | 'broken-form';
  readonly forgotten?: 'empty' | 'server-error';
  readonly discovery?: 'bad-gateway' | 'page' | 'quoted' | 'other-realm' | 'without-issuer';
}

export function addSso(app: Hono, stage: Stage, look: SsoLook): void {
  app.get(`${REALM}/protocol/openid-connect/auth`, () => authorization(look));
  app.post(`${REALM}/*`, () => {
    stage.tally.submissions += 1;
    return respond(signInPage({ ...look, wrongPassword: true }));
  });
  app.get(DISCOVERY, (context) => describedRealm(look, new URL(context.req.url).origin));
  app.get(`${REALM}/login-actions/reset-credentials`, () => {
    if (look.forgotten === 'server-error') return respond(unexpected, 500);
    return respond(forgottenPage(look.theme, look.forgotten ?? 'whole'));
  });
  // What signs in or goes to FranceConnect by a link alone.
  for (const path of ['login-actions/*', 'broker/*']) {
    app.get(`${REALM}/${path}`, () => {
      stage.tally.submissions += 1;
      return respond(signInPage(look));
    });
  }
}

function authorization(look: SsoLook): Promise<Response> | Response {
  if (look.fault === 'bad-gateway') return nginxPage(502);
  if (look.fault === 'server-error') return respond(unexpected, 500);
  if (look.fault === 'broken-form') return respond(brokenSignIn());
  if (look.fault === 'hangs') return new Promise<Response>(() => undefined);
  if (look.answersHome !== undefined) return redirect(look.answersHome);
  return look.refusesRedirect === true ? respond(keycloakError(), 400) : respond(signInPage(look));
}

/** The standard document in which a realm describes itself. */
function describedRealm(look: SsoLook, origin: string): Promise<Response> | Response {
  if (look.discovery === 'bad-gateway') return nginxPage(502);
  if (look.discovery === 'page') return respond(signInPage(look));
  if (look.discovery === 'without-issuer') return Response.json({ error: 'Realm does not exist' });
  const realm = `${origin}${REALM}`;
  if (look.discovery === 'quoted') return respond(describedInWords(realm));
  return Response.json({
    issuer: look.discovery === 'other-realm' ? `${origin}/auth/realms/master` : realm,
    authorization_endpoint: `${realm}/protocol/openid-connect/auth`,
    token_endpoint: `${realm}/protocol/openid-connect/token`,
    jwks_uri: `${realm}/protocol/openid-connect/certs`,
    response_types_supported: ['code', 'none'],
  });
}
