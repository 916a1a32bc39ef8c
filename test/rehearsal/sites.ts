/** The sites of the rehearsal: the catalogue's own addresses, each played by a replica. Addresses of machines are made up. */

export interface SiteSpec {
  readonly host: string;
  readonly address: string;
  readonly platform: string;
  /** What it plays while all is well. */
  readonly healthy: string;
  /** Words of the catalogue's addresses, and what the replica has for them. */
  readonly words: readonly (readonly [ours: string, replicas: string])[];
}

const PORTAL = 'administration-etrangers-en-france.interieur.gouv.fr';
export const SSO = 'sso.anef.dgef.interieur.gouv.fr';
export const RDV_PREFECTURE = 'www.rdv-prefecture.interieur.gouv.fr';
export const ESSONNE = 'www.essonne.gouv.fr';
export const VAL_DE_MARNE = 'www.val-de-marne.gouv.fr';
export const RDV_SERVICE_PUBLIC = 'rdv.anct.gouv.fr';
export const DEMARCHE = 'demarche.numerique.gouv.fr';

export const SITES: readonly SiteSpec[] = [
  {
    host: RDV_PREFECTURE,
    address: '81.200.1.1',
    platform: 'rdv-prefecture',
    healthy: 'landing-captcha-b',
    words: [['/demarche/2246/', '/demarche/4407/']],
  },
  {
    host: ESSONNE,
    address: '81.200.1.2',
    platform: 'ez-booking',
    healthy: 'no-slots-in-place',
    words: [['/booking/create/23014', '/booking/create/717']],
  },
  {
    host: VAL_DE_MARNE,
    address: '81.200.1.3',
    platform: 'ez-booking',
    healthy: 'no-slots-redirected',
    words: [['/booking/create/4963', '/booking/create/717']],
  },
  {
    host: PORTAL,
    address: '81.200.1.4',
    platform: 'anef',
    healthy: 'sign-in-walk-v2',
    // The replica has the sign-in on its own host.
    words: [[`https://${SSO}/auth/realms/`, '/auth/realms/']],
  },
  { host: SSO, address: '81.200.1.5', platform: 'anef', healthy: 'sign-in-walk-v2', words: [] },
  {
    host: RDV_SERVICE_PUBLIC,
    address: '81.200.1.6',
    platform: 'rdv-service-public',
    healthy: 'nothing-2026',
    words: [],
  },
  {
    host: DEMARCHE,
    address: '81.200.1.7',
    platform: 'demarche-numerique',
    healthy: 'open',
    words: [['premiere-demande-titre-sejour-prefecture-rhone', 'rendez-vous-admission-exceptionnelle-replique']],
  },
];

/** Hosts of the default configuration that tell whether our line and clock are good. */
export const CONTROLS = [
  { host: 'www.afnic.fr', address: '81.200.2.1' },
  { host: 'www.debian.org', address: '81.200.2.2' },
  { host: 'www.wikipedia.org', address: '81.200.2.3' },
] as const;

export const MAIL = { host: 'smtp.association.example', address: '81.200.3.1', port: 587 } as const;
/** Of the machine that the monitor runs on. */
export const OURS = '81.200.9.9';
/** Where a name leads that turned private; somebody listens there. */
export const PRIVATE = '10.20.30.40';

export const NAMES: readonly string[] = [...SITES, ...CONTROLS, MAIL].map(({ host }) => host);

/** Catalogue entries that are watched, with the hosts that a visit of each may ask. */
export const TARGETS = {
  '91-palaiseau-titre-2246': [RDV_PREFECTURE],
  '91-evry-naturalisation-23014': [ESSONNE],
  '94-creteil-naturalisation-4963': [VAL_DE_MARNE],
  'anef-home': [PORTAL],
  'anef-sso': [SSO],
  'anef-sign-in-through-portal': [PORTAL, SSO],
  'xx-rdv-service-public-recepisse-2458': [RDV_SERVICE_PUBLIC],
  '69-rhone-premiere-demande': [DEMARCHE],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type TargetId = keyof typeof TARGETS;
