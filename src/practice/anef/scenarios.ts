import { html } from 'hono/html';
import type { Scenario } from '../../core/replica.ts';
import { nginxPage, tooManyRequestsPage } from '../shared/block-pages.ts';
import { frenchDate, parisDay, plusDays } from '../shared/paris.ts';
import { always, at, outcome, redirect, respond } from '../shared/sites.ts';
import type { PlayedScenario } from '../shared/sites.ts';
import { SIGN_IN_ROUTE, ssoAddress } from './addresses.ts';
import { portalSite } from './application.ts';
import { maintenance, rejected, unavailable, unexpected } from './error-pages.ts';
import { guide, interrupted, maintenanceNotice, unknownMiddle, unnamedNotice } from './notices.ts';
import { errorModal, frameV1, homeV1 } from './portal-v1.ts';
import { frameV2, homeV2, redesigned } from './portal-v2.ts';
import { walks } from './walks.ts';

const V1 = '/particuliers/#/';
const V2 = '/usagers/#/';
const SSO = ssoAddress('usagers');

function shown(label: string): Pick<Scenario, 'shown'> {
  return { shown: { prefecture: 'ANEF, portail national (réplique)', procedure: 'service', label } };
}

const HOME: readonly PlayedScenario[] = [
  at(V1)('home-v1', portalSite({ segment: 'particuliers' }), outcome('operational')),
  at(V2)('home-v2', portalSite({ segment: 'usagers' }), outcome('operational'), shown('Accueil du portail')),
  at('/')('bare-host', portalSite({ segment: 'usagers' }), outcome('operational')),
  at(V2)(
    'home-english',
    portalSite({ segment: 'usagers', language: 'en', home: () => homeV2({ language: 'en' }) }),
    outcome('operational'),
  ),
  at(V2)(
    'home-announces-maintenance',
    portalSite({
      segment: 'usagers',
      home: (now) =>
        homeV2({
          notice: `Une opération de maintenance est prévue le ${frenchDate(plusDays(parisDay(now), 9))} de 20h à 23h : le site sera alors indisponible.`,
        }),
    }),
    outcome('operational'),
  ),
  at(V2)(
    'home-announces-maintenance-in-page',
    portalSite({
      segment: 'usagers',
      home: (now) =>
        homeV2({ above: html`<h2>Maintenance prévue le ${frenchDate(plusDays(parisDay(now), 9))} à 20h</h2>` }),
    }),
    outcome('operational'),
  ),
  at(V1)(
    'closed-error-dialog',
    portalSite({ segment: 'particuliers', home: () => homeV1(errorModal('closed')) }),
    outcome('operational'),
  ),
  at(V1)(
    'open-error-dialog',
    portalSite({ segment: 'particuliers', home: () => homeV1(errorModal('open')) }),
    outcome('error'),
    shown('Fenêtre d’erreur sur l’accueil'),
  ),
  at(V1)('old-link-http', portalSite({ segment: 'usagers', oldLinks: 'http' }), outcome('operational')),
  at(V1)('old-link-script', portalSite({ segment: 'usagers', oldLinks: 'script' }), outcome('operational')),
  at(V2)('slow-first-byte', portalSite({ segment: 'usagers', firstByteMs: 2500 }), outcome('operational')),
  at(V2)('late-rendering', portalSite({ segment: 'usagers', drawsAfterMs: 1500 }), outcome('operational')),
  at(V1)('late-rendering-v1', portalSite({ segment: 'particuliers', drawsAfterMs: 1500 }), outcome('operational')),
  at(V2)('web-font-missing', portalSite({ segment: 'usagers', brokenFont: true }), outcome('operational')),
  at(V2)(
    'sign-in-hidden-in-menu',
    portalSite({ segment: 'usagers', home: () => homeV2({ headerControl: 'hidden' }) }),
    outcome('unknown_page'),
  ),
  at(V2)(
    'unknown-redesign',
    portalSite({ segment: 'usagers', home: redesigned }),
    outcome('unknown_page'),
    shown('Accueil inconnu du lecteur'),
  ),
];

/** Titled as the portal, with its sign-in button and words of its procedures: what is offered tells them from its home. */
const NOT_HOME: readonly PlayedScenario[] = [
  at(V1)(
    'maintenance-names-procedures',
    portalSite({ segment: 'particuliers', home: (now) => maintenanceNotice(frenchDate(plusDays(parisDay(now), 2))) }),
    outcome('maintenance'),
  ),
  at(V2)(
    'maintenance-over-tiles',
    portalSite({ segment: 'usagers', home: () => homeV2({ above: html`<h2>Le site est en maintenance</h2>` }) }),
    outcome('maintenance'),
  ),
  at(V2)(
    'unavailable-over-tiles',
    portalSite({ segment: 'usagers', home: () => homeV2({ above: html`<h2>Service indisponible</h2>` }) }),
    outcome('error'),
  ),
  at(V1)('interrupted-names-procedures', portalSite({ segment: 'particuliers', home: interrupted }), outcome('error')),
  at(V1)(
    'notice-names-procedures',
    portalSite({ segment: 'particuliers', home: unnamedNotice }),
    outcome('unknown_page'),
  ),
  at(V1)('guide-names-procedures', portalSite({ segment: 'particuliers', home: guide }), outcome('unknown_page')),
  at(V2)(
    'unknown-middle-api-fails',
    portalSite({ segment: 'usagers', home: unknownMiddle, apiFails: true }),
    outcome('unknown_page'),
  ),
];

const SIGN_IN: readonly PlayedScenario[] = [
  at(`/particuliers/#${SIGN_IN_ROUTE}`)(
    'sign-in-page-v1',
    portalSite({ segment: 'particuliers' }),
    outcome('operational'),
  ),
  at(`/usagers/#${SIGN_IN_ROUTE}`)('sign-in-page-v2', portalSite({ segment: 'usagers' }), outcome('operational')),
  at(ssoAddress('particuliers'))(
    'sso-v1',
    portalSite({ segment: 'particuliers' }),
    outcome('operational'),
    shown('Page de connexion (2023)'),
  ),
  at(SSO)('sso-v2', portalSite({ segment: 'usagers' }), outcome('operational'), shown('Page de connexion')),
  at(ssoAddress('particuliers'))(
    'sso-wrong-password-shown',
    portalSite({ segment: 'particuliers', sso: { theme: 'v1', wrongPassword: true } }),
    outcome('operational'),
  ),
  at(SSO)(
    'sso-wrong-password-shown-v2',
    portalSite({ segment: 'usagers', sso: { theme: 'v2', wrongPassword: true } }),
    outcome('operational'),
  ),
  at(SSO)(
    'sso-without-franceconnect',
    portalSite({ segment: 'usagers', sso: { theme: 'v2', withoutFranceConnect: true } }),
    outcome('operational'),
  ),
  at(SSO)(
    'sso-refuses-redirect',
    portalSite({ segment: 'usagers', sso: { theme: 'v1', refusesRedirect: true } }),
    outcome('unknown_page'),
  ),
  at(SSO)(
    'sso-answers-home',
    portalSite({ segment: 'usagers', sso: { theme: 'v2', answersHome: V2 } }),
    outcome('unknown_page'),
  ),
  at(SSO)(
    'sso-fields-in-two-forms',
    portalSite({ segment: 'usagers', sso: { theme: 'v2', fault: 'broken-form' } }),
    outcome('unknown_page'),
  ),
  at(SSO)(
    'sso-form-disabled',
    portalSite({ segment: 'usagers', sso: { theme: 'v2', disabled: 'silent' } }),
    outcome('unknown_page'),
  ),
  at(SSO)(
    'sso-maintenance-form-disabled',
    portalSite({ segment: 'usagers', sso: { theme: 'v2', disabled: 'maintenance' } }),
    outcome('maintenance'),
  ),
  at(SSO)('sso-captcha', portalSite({ segment: 'usagers', sso: { theme: 'v2', captcha: true } }), outcome('captcha')),
  at(SSO)(
    'sso-bad-gateway',
    always(() => nginxPage(502)),
    outcome('overloaded'),
  ),
];

const DEAD: readonly PlayedScenario[] = [
  at(V2)(
    'blank-application',
    portalSite({ segment: 'usagers', bundle: 'throws' }),
    outcome('error'),
    shown('Page blanche'),
  ),
  at(V2)('missing-bundle', portalSite({ segment: 'usagers', bundle: 'missing' }), outcome('error')),
  at(V2)('bundle-is-html', portalSite({ segment: 'usagers', bundle: 'html' }), outcome('error')),
  at(V2)(
    'api-down-empty',
    portalSite({ segment: 'usagers', apiDown: frameV2({ content: '' }) }),
    outcome('error'),
    shown('Coquille vide, services en panne'),
  ),
  at(V1)(
    'api-down-empty-v1',
    portalSite({ segment: 'particuliers', apiDown: frameV1(html``, errorModal('unused')) }),
    outcome('error'),
  ),
  at(V2)(
    'api-down-with-words',
    portalSite({ segment: 'usagers', apiDown: frameV2({ content: 'Service momentanément indisponible' }) }),
    outcome('error'),
  ),
  at(V2)(
    'maintenance',
    always((stage) => respond(maintenance(frenchDate(plusDays(parisDay(stage.now()), 1))))),
    outcome('maintenance'),
    shown('Maintenance annoncée'),
  ),
  at(V2)(
    'unavailable-503',
    always(() => respond(unavailable, 503)),
    outcome('overloaded'),
  ),
  at(V2)(
    'unavailable-words-200',
    always(() => respond(unavailable)),
    outcome('error'),
  ),
  at(V2)(
    'unexpected-500',
    always(() => respond(unexpected, 500)),
    outcome('error'),
  ),
  at(V2)(
    'bad-gateway',
    always(() => nginxPage(502)),
    outcome('overloaded'),
  ),
  at(V2)(
    'service-unavailable',
    always(() => nginxPage(503)),
    outcome('overloaded'),
  ),
  at(V2)(
    'redirect-loop',
    always((_stage, request) => redirect(new URL(request.url).pathname === '/' ? '/usagers/' : '/')),
    outcome('error'),
  ),
  at(V2)(
    'firewall',
    always(() => respond(rejected, 403)),
    outcome('denied'),
  ),
  at(V2)(
    'too-many-requests',
    always(() => tooManyRequestsPage(120)),
    outcome('rate_limited'),
  ),
  at(V2)(
    'connection-reset',
    always(() => respond('')),
    outcome('unreachable'),
    { transport: 'reset' },
  ),
];

export const scenarios: readonly PlayedScenario[] = [...HOME, ...NOT_HOME, ...SIGN_IN, ...DEAD, ...walks];
