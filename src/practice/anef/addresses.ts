/** The authorization address a visitor is sent to, on the replica's own host. The portal's move changes `redirect_uri`. */
export function ssoAddress(segment: 'particuliers' | 'usagers'): string {
  const query = new URLSearchParams({
    client_id: 'anef-usagers',
    theme: 'portail-anef',
    redirect_uri: `https://administration-etrangers-en-france.interieur.gouv.fr/${segment}/#`,
    response_mode: 'fragment',
    response_type: 'code',
    scope: 'openid',
    ui_locales: 'fr',
  });
  return `${REALM}/protocol/openid-connect/auth?${query}`;
}

export const REALM = '/auth/realms/anef-usagers';
export const DISCOVERY = `${REALM}/.well-known/openid-configuration`;
export const SIGN_IN_ROUTE = '/espace-personnel/connexion-inscription';
/** Made up: no source names the route of the questions before sign-in. */
export const TRIAGE_ROUTE = '/demarches/orientation';
