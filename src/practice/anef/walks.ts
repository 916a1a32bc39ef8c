import type { Expectation, Scenario } from '../../core/replica.ts';
import type { Outcome } from '../../core/outcome.ts';
import { html } from 'hono/html';
import { nginxPage } from '../shared/block-pages.ts';
import { frenchDate, parisDay, plusDays } from '../shared/paris.ts';
import { always, respond } from '../shared/sites.ts';
import type { PlayedScenario } from '../shared/sites.ts';
import { DISCOVERY, SIGN_IN_ROUTE, ssoAddress, TRIAGE_ROUTE } from './addresses.ts';
import { portalSite, type Portal } from './application.ts';
import { maintenance, missing, unavailable, unexpected } from './error-pages.ts';
import { helpPage, HELP_ROUTES } from './help-pages.ts';
import { bareChoices, consentPanel, creationClosed, maintenanceNotice, survey, twoTiles } from './notices.ts';
import { errorModal, homeV1 } from './portal-v1.ts';
import { frameV2, homeV2, signInV2 } from './portal-v2.ts';
import type { SsoLook } from './sso.ts';
import { triageV1, triageV2 } from './triage.ts';

/** Scenarios of the doors behind the first page: each walk of the probe, on a portal and a sign-in that fail apart. */

type Build = PlayedScenario['build'];

function surface(outcome: Outcome, name: string): () => Expectation {
  return () => ({ outcome, facets: { surface: name } });
}

/** Scenarios of one walk that begins at `path`; the first is shown when it has a label. */
function walk(path: string, params: Scenario['params'] = {}) {
  return (name: string, build: Build, expect: Scenario['expect'], label?: string): PlayedScenario => ({
    name,
    path,
    build,
    expect,
    params,
    ...(label !== undefined && {
      shown: { prefecture: 'ANEF, portail national (réplique)', procedure: 'service', label },
    }),
  });
}

const v1 = (portal: Omit<Portal, 'segment'> = {}): Build => portalSite({ segment: 'particuliers', ...portal });
const v2 = (portal: Omit<Portal, 'segment'> = {}): Build => portalSite({ segment: 'usagers', ...portal });
const withSso = (sso: Omit<SsoLook, 'theme'>): Build => v2({ sso: { theme: 'v2', ...sso } });
const noticeV1: Build = v1({ home: (now) => maintenanceNotice(frenchDate(plusDays(parisDay(now), 2))) });
const gateway: Build = always(() => nginxPage(502));

/** Nothing listens there: an address of this machine that no practice site takes. */
const NOBODY = 'http://127.0.0.66:4436';

const triage = walk('/', { walk: 'triage' });
const TRIAGE: readonly PlayedScenario[] = [
  triage('triage-v2', v2(), surface('operational', 'triage'), 'Questions avant la connexion'),
  triage('triage-v1', v1(), surface('operational', 'triage')),
  triage('triage-english', v2({ language: 'en' }), surface('operational', 'triage')),
  triage(
    'triage-without-continue',
    v2({ pages: { [TRIAGE_ROUTE]: triageV2({ withoutContinue: true }) } }),
    surface('unknown_page', 'triage'),
  ),
  triage(
    'triage-without-choices',
    v2({ pages: { [TRIAGE_ROUTE]: triageV2({ withoutChoices: true }) } }),
    surface('unknown_page', 'triage'),
  ),
  triage('triage-without-tile', v2({ home: () => homeV2({ residence: 'absent' }) }), surface('unknown_page', 'home')),
  triage(
    'triage-error-dialog',
    v1({ pages: { [TRIAGE_ROUTE]: triageV1({ modal: errorModal('open') }) } }),
    surface('error', 'triage'),
  ),
  triage('triage-account-first', v2({ home: () => homeV2({ residence: 'account' }) }), surface('login', 'account')),
  triage('triage-consent-panel', v2({ pages: { [TRIAGE_ROUTE]: consentPanel() } }), surface('unknown_page', 'triage')),
  triage('triage-survey', v1({ pages: { [TRIAGE_ROUTE]: survey() } }), surface('unknown_page', 'triage')),
  triage('triage-bare-choices', v1({ pages: { [TRIAGE_ROUTE]: bareChoices() } }), surface('unknown_page', 'triage')),
  triage('triage-portal-down', gateway, surface('overloaded', 'home')),
];

const signIn = walk('/', { walk: 'sign-in' });
const SIGN_IN: readonly PlayedScenario[] = [
  signIn('sign-in-walk-v2', v2(), surface('operational', 'sign-in'), 'Connexion depuis le portail'),
  signIn('sign-in-walk-v1', v1(), surface('operational', 'sign-in')),
  signIn(
    'sign-in-walk-english',
    v2({ language: 'en', sso: { theme: 'v2', language: 'en' } }),
    surface('operational', 'sign-in'),
  ),
  signIn(
    'sign-in-over-account-page',
    v2({ home: () => homeV2({ mainControl: 'absent' }) }),
    surface('operational', 'sign-in'),
  ),
  signIn('sign-in-sso-gateway', withSso({ fault: 'bad-gateway' }), surface('overloaded', 'sign-in')),
  signIn('sign-in-sso-error', withSso({ fault: 'server-error' }), surface('error', 'sign-in')),
  signIn(
    'sign-in-sso-unreachable',
    v2({ signIn: `${NOBODY}${ssoAddress('usagers')}` }),
    surface('unreachable', 'sign-in'),
  ),
  signIn('sign-in-sso-captcha', withSso({ captcha: true }), surface('captcha', 'sign-in')),
  signIn('sign-in-address-refused', withSso({ refusesRedirect: true }), surface('error', 'sign-in')),
  signIn('sign-in-portal-down', gateway, surface('overloaded', 'home')),
  signIn('sign-in-portal-gateway', v2({ signIn: '/api/connexion' }), surface('overloaded', 'portal')),
  signIn(
    'sign-in-wrong-host',
    v2({ signIn: 'https://connexion.example/auth/realms/anef-usagers/protocol/openid-connect/auth' }),
    () => ({ outcome: 'unknown_page' }),
  ),
  signIn('sign-in-button-dead', v2({ signIn: '#' }), surface('unknown_page', 'home')),
  // A site of its own: it would hold up the others for most of a minute.
  walk('/usagers/', { walk: 'sign-in' })(
    'sign-in-sso-hangs',
    withSso({ fault: 'hangs' }),
    surface('timeout', 'sign-in'),
  ),
];

const forgotten = walk(ssoAddress('usagers'), { walk: 'forgotten' });
const FORGOTTEN: readonly PlayedScenario[] = [
  forgotten('forgotten-v2', v2(), surface('operational', 'forgotten')),
  forgotten('forgotten-v1', v1(), surface('operational', 'forgotten')),
  forgotten('forgotten-english', withSso({ language: 'en' }), surface('operational', 'forgotten')),
  forgotten('forgotten-error', withSso({ forgotten: 'server-error' }), surface('error', 'forgotten')),
  forgotten('forgotten-without-form', withSso({ forgotten: 'empty' }), surface('unknown_page', 'forgotten')),
  forgotten('forgotten-without-link', withSso({ withoutForgotten: true }), surface('unknown_page', 'sign-in')),
  forgotten('forgotten-sso-down', withSso({ fault: 'bad-gateway' }), surface('overloaded', 'sign-in')),
];

const register = walk(`/usagers/#${SIGN_IN_ROUTE}`);
const REGISTER: readonly PlayedScenario[] = [
  register(
    'register-without-creation',
    v2({ pages: { [SIGN_IN_ROUTE]: signInV2({ withoutCreation: true }) } }),
    surface('unknown_page', 'account'),
  ),
  register(
    'register-creation-closed',
    v2({ pages: { [SIGN_IN_ROUTE]: creationClosed() } }),
    surface('unknown_page', 'account'),
  ),
  register(
    'register-shows-two-tiles',
    v2({ pages: { [SIGN_IN_ROUTE]: twoTiles() } }),
    surface('unknown_page', 'account'),
  ),
  register('register-shows-home', v2({ pages: { [SIGN_IN_ROUTE]: null } }), surface('unknown_page', 'account')),
];

const faq = walk('/usagers/#/faq');
const contact = walk('/usagers/#/contact');
const HIDDEN_NUMBER = html`<span style="display:none">0 806 001 620</span>, bientôt affiché`;
const HELP: readonly PlayedScenario[] = [
  ...HELP_ROUTES.map((route) => walk(`/usagers/#/${route}`)(`help-${route}`, v2(), surface('operational', 'page'))),
  ...(['contact', 'aide-accessibilite'] as const).map((route) =>
    walk(`/particuliers/#/${route}`, { walk: 'help' })(`help-${route}-v1`, v1(), surface('operational', 'page')),
  ),
  contact(
    'contact-english',
    v2({ pages: { '/contact': helpPage('contact', 'en', '0806 001 620') } }),
    surface('operational', 'page'),
  ),
  contact(
    'contact-without-number',
    v2({ pages: { '/contact': helpPage('contact', 'fr', 'numéro à venir') } }),
    surface('unknown_page', 'page'),
  ),
  contact(
    'contact-number-hidden',
    v2({ pages: { '/contact': helpPage('contact', 'fr', HIDDEN_NUMBER) } }),
    surface('unknown_page', 'page'),
  ),
  faq('help-shows-home', v2({ pages: { '/faq': null } }), surface('unknown_page', 'page')),
  faq(
    'help-empty',
    v2({ pages: { '/faq': { title: 'Besoin d’aide ? | ANEF', body: frameV2({ content: '' }) } } }),
    surface('error', 'page'),
  ),
  faq('help-portal-down', gateway, surface('overloaded', 'page')),
];

const old = walk('/particuliers/#/');
const OLD_LINKS: readonly PlayedScenario[] = [
  walk('/particuliers/#/contact')('old-link-deep', v2({ oldLinks: 'http' }), surface('operational', 'page')),
  walk('/particuliers/#/sejour/demande-tse/etudiant')(
    'old-link-to-home',
    v2({ oldLinks: 'script' }),
    surface('operational', 'home'),
  ),
  old('old-link-404', v2(), surface('moved', 'home')),
  old(
    'old-link-missing-200',
    always(() => respond(missing)),
    surface('moved', 'home'),
  ),
  old('old-link-maintenance', noticeV1, surface('maintenance', 'home')),
  old('old-link-notice', v2({ oldLinks: 'notice' }), surface('moved', 'home')),
  old(
    'old-link-server-error',
    always(() => respond(unexpected, 500)),
    surface('error', 'home'),
  ),
  old('late-error-dialog', v1({ home: () => homeV1(errorModal('closed')), errorAfterMs: 1_400 }), () => ({
    outcome: 'error',
  })),
];

const mobile = walk('/', { walk: 'mobile' });
const MOBILE: readonly PlayedScenario[] = [
  mobile('mobile-v2', v2(), surface('operational', 'home')),
  mobile('mobile-v1', v1(), surface('operational', 'home')),
  mobile(
    'mobile-sign-in-in-menu',
    v2({ home: () => homeV2({ mainControl: 'absent' }) }),
    surface('operational', 'home'),
  ),
  mobile(
    'mobile-sign-in-not-drawn',
    v2({ home: () => homeV2({ headerControl: 'wide-only', mainControl: 'absent' }) }),
    surface('operational', 'home'),
  ),
  mobile('mobile-maintenance', noticeV1, surface('maintenance', 'home')),
  mobile(
    'mobile-menu-without-button',
    v2({ home: () => homeV2({ headerControl: 'hidden' }) }),
    surface('unknown_page', 'home'),
  ),
  mobile('mobile-lost', v2({ home: () => homeV2({ isLostOnTelephones: true }) }), surface('error', 'home')),
];

const languages = walk('/', { walk: 'languages' });
const LANGUAGES: readonly PlayedScenario[] = [
  languages('languages-closed-menu', v2(), surface('operational', 'home')),
  languages('languages-v1', v1(), surface('operational', 'home')),
  languages(
    'languages-named-in-text',
    v2({
      home: () =>
        homeV2({
          languages: [],
          above: html`<ul>
            <li>Certificat traduit en anglais (English)</li>
            <li>Documents en chinois : <a href="#/faq">traduction du chinois ou de l’anglais</a></li>
          </ul>`,
        }),
    }),
    surface('unknown_page', 'home'),
  ),
  languages(
    'languages-without-chinese',
    v2({ home: () => homeV2({ languages: ['fr', 'en'] }) }),
    surface('unknown_page', 'home'),
  ),
];

const discovery = walk(DISCOVERY);
const DISCOVERIES: readonly PlayedScenario[] = [
  discovery('discovery', v2(), surface('operational', 'discovery')),
  discovery('discovery-gateway', withSso({ discovery: 'bad-gateway' }), surface('overloaded', 'discovery')),
  discovery('discovery-page', withSso({ discovery: 'page' }), surface('unknown_page', 'discovery')),
  discovery('discovery-quoted', withSso({ discovery: 'quoted' }), surface('unknown_page', 'discovery')),
  discovery('discovery-other-realm', withSso({ discovery: 'other-realm' }), surface('unknown_page', 'discovery')),
  discovery('discovery-without-issuer', withSso({ discovery: 'without-issuer' }), surface('unknown_page', 'discovery')),
  discovery(
    'discovery-unavailable',
    always(() => respond(unavailable)),
    surface('error', 'discovery'),
  ),
  discovery(
    'discovery-maintenance',
    always((stage) => respond(maintenance(frenchDate(plusDays(parisDay(stage.now()), 1))))),
    surface('maintenance', 'discovery'),
  ),
];

export const walks: readonly PlayedScenario[] = [
  ...TRIAGE,
  ...SIGN_IN,
  ...FORGOTTEN,
  ...REGISTER,
  ...HELP,
  ...OLD_LINKS,
  ...MOBILE,
  ...LANGUAGES,
  ...DISCOVERIES,
];
