import { html, raw } from 'hono/html';
import type { Markup } from '../shared/sites.ts';
import { REALM } from './addresses.ts';

/** The pages of the sign-in service: Keycloak with the theme of 2023, and with the State's design system. */

const ACTION = `${REALM}/login-actions/authenticate?session_code=replique&execution=replique&client_id=anef-usagers&tab_id=replique`;
const FORGOTTEN = `${REALM}/login-actions/reset-credentials?client_id=anef-usagers&tab_id=replique&theme=portail-anef`;
const BROKER = `${REALM}/broker/franceconnect-particulier/login?client_id=anef-usagers&tab_id=replique&session_code=replique`;
const FC_IMAGE = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="44"><text x="0" y="28" font-family="Arial" font-size="16" fill="#fff">S’identifier avec FranceConnect</text></svg>',
)}`;
/** Their quotation marks. */
const WRONG_PASSWORD = `Nom d’utilisateur ou mot de passe invalide, veuillez cliquer sur "Mot de passe oublié ?"`;

/** Keycloak's sign-in page and how it is set up. */
export interface SignInLook {
  readonly theme: 'v1' | 'v2';
  readonly language?: 'fr' | 'en';
  readonly wrongPassword?: boolean;
  readonly withoutFranceConnect?: boolean;
  readonly withoutForgotten?: boolean;
  readonly captcha?: boolean;
  /** The form is drawn, but nothing can be written or sent; `maintenance`: the page says why. */
  readonly disabled?: 'silent' | 'maintenance';
}

export function signInPage(look: SignInLook): Markup {
  if (look.disabled !== undefined) return disabledSignIn(look.disabled);
  return look.theme === 'v1' ? signInV1(look) : signInV2(look);
}

const STYLE_V1 = raw(`<style>
body{margin:0;font:16px/1.4 Lato,Arial,sans-serif;color:#555}#mainHeader{display:flex;gap:24px;padding:18px 9%}
#mainHeader h1{color:#1d62b0;font-size:22px;font-weight:normal;margin:0}
.logo-desc p{text-transform:uppercase;color:#000;margin:4px 0}
.logo-img{font-weight:bold;text-transform:uppercase;font-size:12px;width:120px;color:#000}
.logo-fami{margin-left:auto;align-self:end}.bar-display{display:none}
.form-container{width:396px;margin:24px auto;background:#f6f6f6;padding:24px;text-align:center}
.form-container h1{color:#000}.form-group{text-align:left;margin:30px 74px 0}
.form-group input{width:210px;height:34px;border:1px solid #333}
.tooltip{border-radius:50%;border:0;background:#1d62b0;color:#fff}.tooltiptext{display:none}
.tooltip:hover .tooltiptext{display:block}
.forgotten-pwd a,.first-connection a{text-transform:uppercase;color:#1d4f91;text-decoration:none;font-size:15px}
.primary-btn{background:#246bb4;color:#fff;border:0;padding:12px 20px;margin-top:15px;font:inherit}
#logo-img-fc-hover{display:none}
.button-fc{background:#004a9f;display:inline-block;padding:12px 36px;margin:12px;color:#fff}
.button-fc img{color:#fff}.first-connection{text-align:center}
.alert-error{border:1px solid #b00020;color:#b00020;padding:8px;background:#fff}
.footer{background:#434a54;display:flex;justify-content:space-around;padding:24px 12%;margin-top:48px}
.footer a{color:#fff;text-decoration:none}
</style>`);

function captchaBox(): Markup {
  return html`<div class="g-recaptcha" data-sitekey="6LcReplique000000000000000000000000000000">
    <div style="border:1px solid #d3d3d3;background:#f9f9f9;padding:24px 12px;margin:12px 0">
      Je ne suis pas un robot
    </div>
    <textarea name="g-recaptcha-response" style="display:none"></textarea>
  </div>`;
}

function franceConnectV1(): Markup {
  return html`<div class="space">
      <div class="border"></div>
      <span>OU</span>
      <div class="border"></div>
    </div>
    <div class="fc">
      <div class="description">
        FranceConnect est la solution proposée par l’État pour sécuriser et simplifier la connexion à vos services en
        ligne.
      </div>
      <div class="button-fc">
        <a href="${BROKER}"
          ><img id="logo-img-fc" src="${FC_IMAGE}" alt="S'identifier avec France Connect" /><img
            id="logo-img-fc-hover"
            src="${FC_IMAGE}"
            alt="S'identifier avec France Connect"
        /></a>
      </div>
      <br /><a class="blue anchor-lined fc-link" href="/particuliers/#/faq">Qu’est-ce que FranceConnect ?</a>
    </div>`;
}

function headerV1(): Markup {
  return html`<header id="mainHeader" role="banner" class="header">
    <div class="logo-img"><a href="/particuliers/#/">Ministère de l'Intérieur</a></div>
    <div class="logo-desc">
      <h1>Étrangers en France</h1>
      <p>Direction Générale des étrangers en France</p>
    </div>
    <div class="logo-fami">
      <a href="/particuliers/#/contact"><span class="help-item">NOUS CONTACTER</span></a> |
      <a href="/particuliers/#/faq"><span class="contact-item">BESOIN D'AIDE ?</span></a> |
      <label for="mySelect">Choisissez une langue :</label>
      <select class="blue lang-selector" id="mySelect">
        <option value="?kc_locale=en" lang="en">ENGLISH</option>
        <option selected value="?kc_locale=fr" lang="fr">FRANÇAIS</option>
      </select>
    </div>
  </header>`;
}

function footerV1(): Markup {
  return html`<div class="footer">
    <span><a href="/particuliers/#/contact">Contact</a></span
    ><span><a href="/particuliers/#/plandusite">Plan du site</a></span
    ><span><a href="/particuliers/#/mentions-legales">Mentions légales</a></span
    ><span><a href="/particuliers/#/aide-accessibilite">Accessiblité</a></span
    ><span><a href="/particuliers/#/plandusite">Data.gouv.fr</a></span>
  </div>`;
}

function fieldsV1(look: SignInLook): Markup {
  return html`<div class="form-group">
      <label class="input-labels" for="login">Identifiant :</label>
      <div>
        <input id="login" type="text" name="username" value="" autocomplete="on" />
        <button class="tooltip container" type="button" aria-label="À quoi correspond l'identifiant ?">
          ?
          <div class="tooltiptext">
            Votre identifiant de connexion est votre numéro d'étranger, si vous n'en n'avez pas, votre adresse mail
          </div>
        </button>
      </div>
    </div>
    <div class="form-group">
      <label class="input-labels" for="password">Mot de passe :</label
      ><input id="password" type="password" name="password" />
      ${
        look.withoutForgotten === true
          ? ''
          : html`<div class="forgotten-pwd pointer"><a class="blue" href="${FORGOTTEN}">Mot de passe oublié ?</a></div>`
      }
    </div>`;
}

/** The theme `portail_anef`, as captured on 12 December 2023. */
function signInV1(look: SignInLook): Markup {
  const alert = html`<div class="alert alert-error">
    <span class="pficon pficon-error-circle-o"></span><span class="kc-feedback-text">${WRONG_PASSWORD}</span>
  </div>`;
  return html`<!DOCTYPE html>
    <html xmlns="http://www.w3.org/1999/xhtml" class="login-pf" lang="fr">
      <head>
        <meta charset="utf-8" />
        <meta name="robots" content="noindex, nofollow" />
        <title>Se connecter | Étrangers en France</title>
        ${STYLE_V1}
      </head>
      <body class="hipe-body">
        <div id="portail-anef">
          <div class="content-container">
            ${headerV1()}
            <nav class="bar-display" role="navigation">
              <a href="/particuliers/#/"><span class="ui-menuitem-text">Accueil</span></a>
            </nav>
            <main class="content-body">
              <form class="form-container" action="${ACTION}" method="post">
                <h1>Vous avez déjà un compte</h1>
                ${look.wrongPassword === true ? alert : ''} ${fieldsV1(look)}
                ${look.captcha === true ? captchaBox() : ''}<button
                  class="primary-btn pointer mrg-top-15"
                  type="submit"
                >
                  S'identifier
                </button>
                ${look.withoutFranceConnect === true ? '' : franceConnectV1()}
              </form>
              <div class="first-connection">
                <a href="/particuliers/#/espace-personnel/connexion-inscription" class="blue"
                  >Première visite ? Créer votre compte</a
                >
              </div>
            </main>
            ${footerV1()}
          </div>
        </div>
      </body>
    </html>`;
}

const STYLE_V2 = raw(`<style>
body{margin:0;font:16px/1.5 Marianne,system-ui,Arial,sans-serif;color:#161616}
.fr-header,.fr-footer{padding:16px 10%;border-bottom:1px solid #ddd}.fr-footer{border-top:2px solid #000091}
main{max-width:520px;margin:32px auto;background:#f6f6f6;padding:32px}
.fr-input{display:block;width:100%;box-sizing:border-box;padding:8px;border:0;border-bottom:2px solid #3a3a3a;background:#eee;margin-bottom:16px}
.fr-btn,.fr-connect{background:#000091;color:#fff;border:0;padding:10px 16px;font:inherit}
.fr-alert{border:1px solid #ce0500;border-left-width:40px;padding:8px 16px;margin-bottom:16px}
</style>`);

/** Words of the sign-in page. */
const FRENCH = {
  signIn: 'Se connecter',
  heading: 'Connexion à mon compte',
  user: 'Identifiant',
  password: 'Mot de passe',
  forgotten: 'Mot de passe oublié ?',
};
const ENGLISH: typeof FRENCH = {
  signIn: 'Log in',
  heading: 'Log in to my account',
  user: 'Username',
  password: 'Password',
  forgotten: 'Forgot password?',
};

/** The design system's sign-in model with the two field ids a script of 2026 names; the rest is inferred. */
function signInV2(look: SignInLook): Markup {
  const words = look.language === 'en' ? ENGLISH : FRENCH;
  return html`<!DOCTYPE html>
    <html class="login-pf" lang="${look.language ?? 'fr'}">
      <head>
        <meta charset="utf-8" />
        <meta name="robots" content="noindex, nofollow" />
        <title>${words.signIn} | Étrangers en France</title>
        ${STYLE_V2}
      </head>
      <body>
        <header role="banner" class="fr-header">
          <p><strong>République Française</strong></p>
          <p>Administration numérique pour les étrangers en France</p>
        </header>
        <main id="content" role="main">
          <h1>${words.heading}</h1>
          ${look.wrongPassword === true ? html`<div class="fr-alert fr-alert--error" role="alert"><p>${WRONG_PASSWORD}</p></div>` : ''}
          ${
            look.withoutFranceConnect === true
              ? ''
              : html`<h2>Se connecter avec FranceConnect</h2>
                  <div class="fr-connect-group">
                    <button type="button" class="fr-connect" onclick="location.href='${BROKER}'">
                      <span class="fr-connect__login">S’identifier avec</span>
                      <span class="fr-connect__brand">FranceConnect</span>
                    </button>
                    <p><a href="/usagers/#/faq">Qu’est-ce que FranceConnect ?</a></p>
                  </div>
                  <p>ou</p>`
          }
          <form id="login-1760" action="${ACTION}" method="post">
            <fieldset class="fr-fieldset">
              <legend><h2>Se connecter avec son compte</h2></legend>
              <label class="fr-label" for="username-1757">${words.user}</label
              ><input class="fr-input" id="username-1757" name="username" type="text" autocomplete="username" /><label
                class="fr-label"
                for="password-1758-input"
                >${words.password}</label
              ><input
                class="fr-input"
                id="password-1758-input"
                name="password"
                type="password"
                autocomplete="current-password"
              />
              ${look.withoutForgotten === true ? '' : html`<p><a class="fr-link" href="${FORGOTTEN}">${words.forgotten}</a></p>`}
              ${look.captcha === true ? captchaBox() : ''}<button class="fr-btn" type="submit">${words.signIn}</button>
            </fieldset>
          </form>
          <h2>Vous n’avez pas de compte ?</h2>
          <p><a class="fr-link" href="/usagers/#/espace-personnel/connexion-inscription">Créer un compte</a></p>
        </main>
        <footer class="fr-footer" role="contentinfo">
          <a href="/usagers/#/contact">Contact</a> · <a href="/usagers/#/mentions-legales">Mentions légales</a> · Page
          d'exercice (réplique)
        </footer>
      </body>
    </html>`;
}

function keycloakPage(title: string, content: Markup): Markup {
  return html`<!DOCTYPE html>
    <html class="login-pf" lang="fr">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        ${STYLE_V2}
      </head>
      <body>
        <header role="banner" class="fr-header"><p>République Française</p></header>
        <main>${content}</main>
      </body>
    </html>`;
}

function disabledSignIn(state: 'silent' | 'maintenance'): Markup {
  const notice = html`<h1>Maintenance</h1>
    <p>La connexion est en cours de maintenance : les identifiants ne sont pas acceptés pour le moment.</p>`;
  return keycloakPage(
    'Se connecter | Étrangers en France',
    html`${state === 'maintenance' ? notice : ''}
      <form action="${ACTION}" method="post">
        <fieldset disabled>
          <label>Identifiant <input class="fr-input" name="username" /></label>
          <label>Mot de passe <input class="fr-input" name="password" type="password" /></label>
          <button class="fr-btn" type="submit">Se connecter</button>
        </fieldset>
      </form>
      <p><a href="${FORGOTTEN}">Mot de passe oublié ?</a></p>`,
  );
}

/** A template whose form closes before its password: what is sent lacks it. */
export function brokenSignIn(): Markup {
  return keycloakPage(
    'Se connecter | Étrangers en France',
    html`<form action="${ACTION}" method="post">
        <label>Identifiant <input class="fr-input" name="username" /></label>
        <button class="fr-btn" type="submit">Se connecter</button>
      </form>
      <form action="${ACTION}" method="post">
        <label>Mot de passe <input class="fr-input" name="password" type="password" /></label>
      </form>`,
  );
}

/** Somebody explains the realm's description instead of giving it. */
export function describedInWords(issuer: string): Markup {
  return keycloakPage('Découverte', html`<p>{"issuer":"${raw(issuer)}"} : voici un exemple de réponse.</p>`);
}

/** A form with a user field and nothing else. `empty`: the template lost its form. */
export function forgottenPage(theme: 'v1' | 'v2', form: 'whole' | 'empty' = 'whole'): Markup {
  const isV1 = theme === 'v1';
  const fields = html`<form class="form-container" action="${FORGOTTEN}" method="post">
    <div class="form-group">
      <label for="username">Identifiant :</label><input id="username" class="fr-input" name="username" type="text" />
    </div>
    <button class="primary-btn fr-btn" type="submit">Valider</button>
  </form>`;
  return html`<!DOCTYPE html>
    <html class="login-pf" lang="fr">
      <head>
        <meta charset="utf-8" />
        <title>Mot de passe oublié ? | Étrangers en France</title>
        ${isV1 ? STYLE_V1 : STYLE_V2}
      </head>
      <body class="hipe-body">
        ${isV1 ? headerV1() : html`<header role="banner" class="fr-header"><p>République Française</p></header>`}
        <main>
          <h1>Mot de passe oublié ?</h1>
          <p>Saisissez votre identifiant : un lien vous sera envoyé à l’adresse électronique de votre compte.</p>
          ${form === 'whole' ? fields : ''}
        </main>
        ${isV1 ? footerV1() : html`<footer class="fr-footer">Page d'exercice (réplique)</footer>`}
      </body>
    </html>`;
}

export function keycloakError(): Markup {
  return html`<!DOCTYPE html>
    <html class="login-pf" lang="fr">
      <head>
        <meta charset="utf-8" />
        <meta name="robots" content="noindex, nofollow" />
        <title>We are sorry...</title>
        ${STYLE_V1}
      </head>
      <body class="hipe-body">
        <div id="portail-anef">
          ${headerV1()}
          <main class="content-body">
            <div class="form-container">
              <h1 id="kc-page-title">We are sorry...</h1>
              <div id="kc-error-message"><p class="instruction">Paramètre invalide : redirect_uri</p></div>
            </div>
          </main>
          ${footerV1()}
        </div>
      </body>
    </html>`;
}
