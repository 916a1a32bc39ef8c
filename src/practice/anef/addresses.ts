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
  return `/auth/realms/anef-usagers/protocol/openid-connect/auth?${query}`;
}

export const SIGN_IN_ROUTE = '/espace-personnel/connexion-inscription';
