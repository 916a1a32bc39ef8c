import { html, raw } from 'hono/html';
import type { Markup } from '../shared/sites.ts';
import { SIGN_IN_ROUTE, ssoAddress, TRIAGE_ROUTE } from './addresses.ts';
import type { Route } from './route.ts';

/** The portal since June 2026: the State's design system, under `/usagers/`. Mostly inferred from its public components. */

const STYLE = raw(`<style>
body{margin:0;font:16px/1.5 Marianne,system-ui,Arial,sans-serif;color:#161616}
.fr-container{max-width:1180px;margin:0 auto;padding:0 24px}.fr-header{border-bottom:1px solid #ddd;padding:16px 0}
.fr-header .fr-container{display:flex;gap:32px;align-items:center}.fr-header__tools{margin-left:auto}
.fr-logo{font-weight:bold;border-left:5px solid #000091;padding-left:10px;margin:0}
.fr-btn{display:inline-block;background:#000091;color:#fff;border:0;padding:8px 16px;font:inherit;text-decoration:none}
.fr-btn--secondary{background:#fff;color:#000091;border:1px solid #000091}
.fr-grid{display:grid;grid-template-columns:repeat(3, 1fr);gap:24px}
.fr-tile{border:1px solid #ddd;border-bottom:4px solid #000091;padding:24px}
.fr-notice{background:#e8edff;padding:12px}
.fr-alert{border:1px solid #ce0500;border-left-width:40px;padding:12px 16px}main{min-height:420px;padding:32px 0}
.fr-footer{border-top:2px solid #000091;padding:24px 0;font-size:14px}.fr-modal,.fr-collapse{display:none}
.fr-btn--menu{display:none}
@media(max-width:62em){.fr-header__tools,.wide-only{display:none}.fr-btn--menu{display:inline-block}.fr-grid{grid-template-columns:1fr}}
</style>`);

const FOOTER_ROUTES = ['/contact', '/plandusite', '/aide-accessibilite', '/mentions-legales'] as const;

/** In the closed list of the header's language switch; the design system's component. */
const LANGUAGES = { fr: 'FR - Français', en: 'EN - English', zh: 'ZH - 中文' } as const;
type Language = keyof typeof LANGUAGES;

export type HomeLanguage = 'fr' | 'en';

interface Words {
  readonly title: string;
  readonly service: string;
  readonly heading: string;
  readonly introduction: string;
  readonly tiles: readonly (readonly [string, string])[];
  readonly residence: string;
  readonly signIn: string;
  readonly register: string;
  readonly footer: readonly string[];
}

const FRENCH: Words = {
  title: 'Accueil | Administration numérique pour les étrangers en France (ANEF)',
  service: 'Administration numérique pour les étrangers en France',
  heading: 'Vos démarches en ligne',
  introduction:
    "Déposez votre demande, suivez son avancement et téléchargez vos documents depuis votre espace personnel. Les démarches sont gratuites ; seul le timbre fiscal est payant, à la remise du titre. En cas de difficulté, le centre de contact citoyen et les points d'accueil numérique des préfectures vous aident.",
  tiles: [
    ['Je valide mon VLS-TS', 'Validez votre VLS-TS en ligne après votre arrivée en France.'],
    ['Je demande ou renouvelle un titre de séjour', 'Déposez une première demande ou un renouvellement.'],
    [
      'Je déclare un changement de situation',
      'Signalez un changement d’adresse, de situation familiale ou de passeport.',
    ],
    ['Je demande un document de voyage', 'Pour les bénéficiaires d’une protection et pour les mineurs.'],
    ['Je demande la nationalité française', 'Déposez une demande de naturalisation par décret.'],
    ['J’achète un timbre fiscal', 'Payez en ligne la taxe due à la remise du titre.'],
  ],
  residence: 'Je demande ou renouvelle un titre de séjour',
  signIn: 'Se connecter',
  register: 'Créer un compte',
  footer: ['Contact', 'Plan du site', 'Accessibilité : partiellement conforme', 'Mentions légales'],
};

const ENGLISH: Words = {
  title: 'Home | Digital administration for foreigners in France (ANEF)',
  service: 'Digital administration for foreigners in France',
  heading: 'Your online procedures',
  introduction:
    'Submit your application, follow its progress and download your documents from your personal space. The procedures are free of charge; only the tax stamp has to be paid, when the permit is handed over. The contact centre and the digital help desks of the prefectures assist you if you meet any difficulty.',
  tiles: [
    ['I validate my VLS-TS', 'Validate your long-stay visa online after your arrival in France.'],
    ['I apply for or renew a residence permit', 'Submit a first application or a renewal.'],
    ['I report a change of situation', 'Report a change of address, family situation or passport.'],
    ['I apply for a travel document', 'For persons under protection and for minors.'],
    ['I apply for French nationality', 'Submit an application for naturalisation by decree.'],
    ['I buy a tax stamp', 'Pay online the tax due when the permit is handed over.'],
  ],
  residence: 'I apply for or renew a residence permit',
  signIn: 'Log in',
  register: 'Create an account',
  footer: ['Contact', 'Site map', 'Accessibility: partially compliant', 'Legal notice'],
};

const LOST_ON_TELEPHONES = raw('<style>@media(max-width:62em){main{position:absolute;left:-9999px}}</style>');

export interface FrameParts {
  readonly language?: HomeLanguage;
  readonly content: Markup | string;
  /** Where the header's own sign-in control is; `hidden`: a closed menu without a button; `wide-only`: itself not drawn on a telephone. */
  readonly headerControl?: 'shown' | 'hidden' | 'wide-only';
  readonly notice?: string;
  /** The languages of the switch; none of them, and the switch is not there. */
  readonly languages?: readonly Language[];
  /** The style of a release that was never looked at on a telephone. */
  readonly isLostOnTelephones?: boolean;
}

function languageSwitch(languages: readonly Language[]): Markup | string {
  if (languages.length === 0) return '';
  return html`<nav class="fr-translate" role="navigation">
    <button type="button" class="fr-translate__btn" aria-controls="translate" aria-expanded="false">FR</button>
    <div class="fr-collapse" id="translate">
      <ul>
        ${languages.map(
          (code) =>
            html`<li>
              <a class="fr-translate__language" hreflang="${code}" lang="${code}" href="#/">${LANGUAGES[code]}</a>
            </li>`,
        )}
      </ul>
    </div>
  </nav>`;
}

function headerControls(words: Words, state: FrameParts['headerControl']): Markup {
  const control = html`<a class="fr-btn fr-icon-lock-line" href="#${SIGN_IN_ROUTE}">${words.signIn}</a>`;
  const menu = html`<div class="fr-header__menu fr-modal" id="menu">
    <div class="fr-header__menu-links">${control}</div>
  </div>`;
  if (state === 'hidden') return menu;
  if (state === 'wide-only') {
    return html`<button type="button" class="fr-btn fr-btn--menu" aria-haspopup="menu">Menu</button>
      <a class="fr-btn wide-only" href="#${SIGN_IN_ROUTE}">${words.signIn}</a>`;
  }
  return html`<div class="fr-header__navbar">
      <button type="button" class="fr-btn fr-btn--menu" aria-controls="menu" aria-haspopup="menu">Menu</button>
    </div>
    <div class="fr-header__tools">${control}</div>
    ${menu}`;
}

export function frameV2(parts: FrameParts): Markup {
  const words = parts.language === 'en' ? ENGLISH : FRENCH;
  return html`${STYLE}${parts.isLostOnTelephones === true ? LOST_ON_TELEPHONES : ''}
    <header role="banner" class="fr-header">
      <div class="fr-container">
        <p class="fr-logo">République<br />Française</p>
        <p class="fr-header__service-title"><a href="#/">${words.service}</a></p>
        ${headerControls(words, parts.headerControl)} ${languageSwitch(parts.languages ?? ['fr', 'en', 'zh'])}
      </div>
    </header>
    ${
      parts.notice === undefined
        ? ''
        : html`<div class="fr-notice fr-notice--info">
            <div class="fr-container"><p class="fr-notice__title">${parts.notice}</p></div>
          </div>`
    }
    <main id="content" role="main"><div class="fr-container">${parts.content}</div></main>
    <footer class="fr-footer" role="contentinfo">
      <div class="fr-container">
        ${words.footer.map((link, at) => html`<a href="#${FOOTER_ROUTES[at] ?? '/'}">${link}</a> · `)}Page d'exercice
        (réplique)
      </div>
    </footer>`;
}

export interface HomeParts extends Omit<FrameParts, 'content'> {
  /** The sign-in control of the page itself; gone with a hidden one in the header. */
  readonly mainControl?: 'shown' | 'absent';
  /** Above the tiles, in the page's own part. */
  readonly above?: Markup;
  /** Where the page's own control leads. */
  readonly signIn?: string;
  /** What stands behind the tile for residence permits, when it is there. */
  readonly residence?: 'triage' | 'account' | 'absent';
}

export function homeV2(parts: HomeParts = {}): Route {
  const words = parts.language === 'en' ? ENGLISH : FRENCH;
  const tiles = words.tiles.filter(([title]) => parts.residence !== 'absent' || title !== words.residence);
  const residenceRoute = parts.residence === 'account' ? SIGN_IN_ROUTE : TRIAGE_ROUTE;
  const controls =
    parts.headerControl === 'hidden' || parts.mainControl === 'absent'
      ? ''
      : html`<p>
          <dsfr-button
            ><button type="button" class="fr-btn" onclick="location.href='${parts.signIn ?? ssoAddress('usagers')}'">
              ${words.signIn}
            </button></dsfr-button
          >
          <dsfr-button
            ><button type="button" class="fr-btn fr-btn--secondary" onclick="location.hash='#${SIGN_IN_ROUTE}'">
              ${words.register}
            </button></dsfr-button
          >
        </p>`;
  const content = html`<h1>${words.heading}</h1>
    ${parts.above ?? ''}
    <p>${words.introduction}</p>
    <div class="fr-grid">
      ${tiles.map(
        ([title, text]) =>
          html`<div class="fr-tile">
            <h3 class="fr-tile__title">
              <a href="#${title === words.residence ? residenceRoute : SIGN_IN_ROUTE}">${title}</a>
            </h3>
            <p class="fr-tile__desc">${text}</p>
          </div>`,
      )}
    </div>
    ${controls}`;
  return { title: words.title, body: frameV2({ ...parts, content }) };
}

export interface SignInParts {
  readonly signIn?: string;
  readonly withoutCreation?: boolean;
}

export function signInV2({ signIn = ssoAddress('usagers'), withoutCreation = false }: SignInParts = {}): Route {
  const content = html`<h1>Connexion ou création de compte</h1>
    <h2>J'ai déjà un compte</h2>
    <p>
      Connectez-vous avec votre identifiant et votre mot de passe, ou avec FranceConnect, pour retrouver vos démarches
      et vos documents.
    </p>
    <dsfr-button
      ><button type="button" class="fr-btn" onclick="location.href='${signIn}'">Se connecter</button></dsfr-button
    >
    <h2>Je n'ai pas encore de compte</h2>
    <p>
      Munissez-vous de votre visa ou de votre titre de séjour en cours de validité : les informations demandées y
      figurent.
    </p>
    ${
      withoutCreation
        ? ''
        : html`<dsfr-button
            ><button type="button" class="fr-btn fr-btn--secondary">Créer un compte</button></dsfr-button
          >`
    }`;
  return {
    title: 'Connexion | Administration numérique pour les étrangers en France (ANEF)',
    body: frameV2({ content }),
  };
}

/** Nobody has seen this portal: other words, other controls. */
export function redesigned(): Route {
  const body = html`${STYLE}
    <header class="fr-header">
      <div class="fr-container">
        <p class="fr-logo">République<br />Française</p>
        <p>Mon séjour</p>
      </div>
    </header>
    <main>
      <div class="fr-container">
        <h1>Bonjour, que souhaitez-vous faire aujourd'hui ?</h1>
        <p>
          Votre assistant vous accompagne du premier jour jusqu'à la remise de votre carte. Décrivez votre besoin en une
          phrase ou choisissez l'un des parcours proposés ci-dessous. Vous pourrez à tout moment revenir en arrière,
          mettre votre parcours en pause et le reprendre sur un autre appareil.
        </p>
        <div class="fr-grid">
          <div class="fr-tile">
            <h3>Parcours arrivée</h3>
            <p>Vos premières semaines, étape par étape.</p>
          </div>
          <div class="fr-tile">
            <h3>Parcours études</h3>
            <p>De l'inscription au diplôme.</p>
          </div>
          <div class="fr-tile">
            <h3>Parcours famille</h3>
            <p>Accueillir un proche, grandir ici.</p>
          </div>
        </div>
        <p><button type="button" class="fr-btn">Entrer dans mon espace</button></p>
      </div>
    </main>
    <footer class="fr-footer"><div class="fr-container">Page d'exercice (réplique)</div></footer>`;
  return { title: 'Mon séjour', body };
}
