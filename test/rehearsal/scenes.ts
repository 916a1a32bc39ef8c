import type { Group, Outcome } from '../../src/core/outcome.ts';
import { DEMARCHE, ESSONNE, RDV_PREFECTURE, RDV_SERVICE_PUBLIC, SSO, VAL_DE_MARNE, type TargetId } from './sites.ts';
import type { Change } from './stage.ts';

/**
 * The script of the rehearsal: one scene after another, each as long as one interval of the schedule. What changes at its
 * beginning, and how each page must be read in it; what is not named is read as while all is well.
 */
export interface Scene {
  readonly name: string;
  readonly changes: readonly (Change | { readonly browserTrusts: boolean })[];
  readonly reads: Partial<Record<TargetId, Expected>> | Expected;
}

/** One outcome, one of several, or any that is not of a group. */
export type Expected = Outcome | readonly Outcome[] | { readonly neverOf: readonly (Group | Outcome)[] };

export const INTERVAL_MS = 300_000;
/** Always the same, so that the random instants of the schedule are; a summer's morning, two hours from UTC in Paris. */
export const BEGINS_AT = Date.UTC(2027, 5, 15, 7);

export const HEALTHY: Readonly<Record<TargetId, Outcome>> = {
  '91-palaiseau-titre-2246': 'captcha',
  '91-evry-naturalisation-23014': 'no_slots',
  '94-creteil-naturalisation-4963': 'no_slots',
  'anef-home': 'operational',
  'anef-sso': 'operational',
  'anef-sign-in-through-portal': 'operational',
  'xx-rdv-service-public-recepisse-2458': 'no_slots',
  '69-rhone-premiere-demande': 'operational',
};

const RDV = '91-palaiseau-titre-2246';
const EVRY = '91-evry-naturalisation-23014';
const CRETEIL = '94-creteil-naturalisation-4963';
const RECEPISSE = 'xx-rdv-service-public-recepisse-2458';
const RHONE = '69-rhone-premiere-demande';
/** A host that asked for it is left alone for a quarter of an hour: three scenes, and the fourth may have begun. */
const AFTER_A_PAUSE = ['skipped', 'operational'] as const;
/** What a page that could not be looked at must never become. */
const NO_WORD_OF_THE_SITE = { neverOf: ['observed', 'gate'] } as const;

export const SCENES: readonly Scene[] = [
  { name: 'all is well', changes: [], reads: {} },
  {
    name: 'slots; a redesign beside a healthy neighbour; an unknown authority; a request to slow down',
    changes: [
      { site: RDV_SERVICE_PUBLIC, plays: 'week-2026' },
      { site: ESSONNE, plays: 'unknown-redesign' },
      { site: SSO, shows: 'stranger' },
      { site: DEMARCHE, plays: 'too-many-requests' },
    ],
    reads: {
      [RECEPISSE]: 'slots',
      [EVRY]: 'unknown_page',
      'anef-sso': 'unreachable',
      'anef-sign-in-through-portal': 'unreachable',
      [RHONE]: 'rate_limited',
    },
  },
  {
    name: 'the slots are gone; the authority stays unknown; a first bad gateway; a certificate that is over',
    changes: [
      { site: RDV_SERVICE_PUBLIC, plays: null },
      { site: DEMARCHE, plays: null },
      { site: RDV_PREFECTURE, plays: 'bad-gateway' },
      { site: VAL_DE_MARNE, shows: 'expired' },
    ],
    reads: {
      [EVRY]: 'unknown_page',
      'anef-sso': 'unreachable',
      'anef-sign-in-through-portal': 'unreachable',
      [RHONE]: 'skipped',
      [RDV]: 'overloaded',
      [CRETEIL]: 'unreachable',
    },
  },
  {
    name: 'the sign-in is back; an outage behind a captcha; a new captcha; a name that is gone, one that turned private',
    changes: [
      { site: SSO, shows: 'good' },
      { site: ESSONNE, plays: 'captcha-at-the-door' },
      { site: VAL_DE_MARNE, shows: 'good' },
      { site: VAL_DE_MARNE, leads: 'nowhere' },
      { site: RDV_SERVICE_PUBLIC, leads: 'to a private address' },
    ],
    reads: {
      [EVRY]: 'captcha',
      [RDV]: 'overloaded',
      [CRETEIL]: 'unreachable',
      [RECEPISSE]: NO_WORD_OF_THE_SITE,
      [RHONE]: AFTER_A_PAUSE,
    },
  },
  {
    name: 'the captcha stands again, the names are back',
    changes: [
      { site: RDV_PREFECTURE, plays: null },
      { site: ESSONNE, plays: null },
      { site: VAL_DE_MARNE, leads: 'home' },
      { site: RDV_SERVICE_PUBLIC, leads: 'home' },
    ],
    reads: { [EVRY]: 'skipped', [RHONE]: AFTER_A_PAUSE },
  },
  { name: 'the cable is cut', changes: [{ cable: 'cut' }], reads: ['network_down', 'skipped'] },
  {
    name: 'no name is known',
    changes: [{ cable: 'whole' }, { names: 'gone' }],
    reads: ['network_down', 'skipped'],
  },
  {
    name: 'the clocks of the control hosts are an hour ahead',
    changes: [{ names: 'known' }, { controlsOffMs: 3_600_000 }],
    reads: 'clock_untrusted',
  },
  { name: 'all is well again', changes: [{ controlsOffMs: 0 }], reads: {} },
  { name: 'the browser trusts no authority', changes: [{ browserTrusts: false }], reads: 'monitor_error' },
];
