import { html, raw } from 'hono/html';
import type { Markup } from '../shared/sites.ts';
import { SIGN_IN_ROUTE, ssoAddress, TRIAGE_ROUTE } from './addresses.ts';
import type { Route } from './route.ts';

/** The portal as it was from 2023 to June 2026: Angular 7 with PrimeNG, under `/particuliers/`. */

const RESIDENCE = 'Je demande ou renouvelle un titre de séjour';
const TILES = [
  'Je valide mon VLS-TS',
  RESIDENCE,
  'Je demande l’accès à la nationalité française',
  'Je demande une autorisation de travail',
  'Je déclare un changement de situation',
  'Je demande un document de voyage',
] as const;

const MENU = [
  'Demander ou renouveler un titre de séjour',
  'Demander l’accès à la nationalité française',
  'Demander une autorisation de travail',
  'Déclarer un changement de situation',
  'Demander un document de voyage',
  'Acheter un timbre fiscal',
] as const;

const STYLE = raw(`<style>
body{margin:0;font:16px/1.5 Roboto,Arial,sans-serif;color:#222}
#mainHeader{display:flex;gap:40px;align-items:center;padding:16px 8%}
#mainHeader h1{font-size:22px;color:#1d62b0;margin:0}
#mainHeader h2{font-size:15px;font-weight:normal;margin:0;text-transform:uppercase}
.header-items{margin-left:auto;color:#1d62b0}
#navBar-new nav{display:flex;gap:32px;background:#26609e;padding:12px 8%}
#navBar-new a{color:#fff;text-decoration:none}#connexion_link{margin-left:auto;cursor:pointer}
.ui-submenu-list{display:none}main{padding:32px 8%;min-height:420px}
.tiles{display:grid;grid-template-columns:repeat(3, 1fr);gap:24px}
anef-tile a{display:block;border:1px solid #c5d3e2;padding:36px 16px;text-align:center;color:#1d62b0;text-decoration:none}
#footer{display:flex;gap:48px;justify-content:center;background:#434a54;padding:20px}#footer a{color:#fff}
#cookies-banner{display:block;background:#eee;padding:12px 8%}
.ui-dialog-mask{position:fixed;inset:0;background:rgba(0, 0, 0, 0.4);align-items:center;justify-content:center}
.ui-dialog{background:#fff;max-width:460px;padding:24px;border-top:6px solid #b00020}
@media(max-width:600px){#mainHeader,#navBar-new nav{flex-wrap:wrap;gap:12px}.tiles{grid-template-columns:1fr}}
.ui-helper-hidden-accessible{position:absolute;clip:rect(0 0 0 0);width:1px;height:1px;overflow:hidden}
.primary-btn,p-button button{background:#26609e;color:#fff;border:0;padding:10px 24px;font:inherit}
</style>`);

/** The component is always in the document: empty until its first use, then closed with its words still in it. */
export function errorModal(state: 'unused' | 'closed' | 'open'): Markup {
  if (state === 'unused') return html`<lib-error-modal><p-dialog class="modalAlert"></p-dialog></lib-error-modal>`;
  const display = state === 'open' ? 'flex' : 'none';
  return html`<lib-error-modal
    ><p-dialog class="modalAlert"
      ><div class="ui-dialog-mask" style="display:${display}">
        <div class="ui-dialog" role="dialog">
          <div class="ui-dialog-titlebar"><span class="ui-dialog-title">ERREUR</span></div>
          <div class="ui-dialog-content">
            <p>Problème technique</p>
            <p><strong>Une erreur technique est survenue</strong></p>
            <p>Merci de refaire la procédure ultérieurement.</p>
          </div>
          <p-button><button type="button">Fermer</button></p-button>
        </div>
      </div></p-dialog
    ></lib-error-modal
  >`;
}

export function frameV1(content: Markup, modal: Markup): Markup {
  return html`${STYLE}
    <div class="app-root">
      <router-outlet></router-outlet
      ><app-portal>
        <app-header-new id="header"
          ><header id="mainHeader" role="banner">
            <div>
              <h1>Étrangers en France</h1>
              <h2>Direction Générale des étrangers en France</h2>
            </div>
            <div class="header-items">
              <a href="#/contact"><span class="help-item">NOUS CONTACTER</span></a> |
              <a href="#/faq"><span class="contact-item">BESOIN D'AIDE ?</span></a> |
              <app-language
                ><span id="language-menu"
                  ><a id="menu-langue-fr">Français</a> <a id="menu-langue-en">English</a>
                  <a id="menu-langue-zh">中文</a></span
                ></app-language
              >
            </div>
          </header></app-header-new
        >
        <app-nav-new id="navBar-new"
          ><nav role="navigation">
            <a href="#/">Accueil</a><a id="demarches-submenu" href="#/">Démarches</a>
            <ul class="ui-submenu-list">
              ${MENU.map((words) => html`<li><a href="#/">${words}</a></li>`)}
            </ul>
            <a id="connexion_link" href="#${SIGN_IN_ROUTE}">SE CONNECTER</a>
          </nav></app-nav-new
        >
        <main>
          <app-theme-v1><div>${content}</div></app-theme-v1>
        </main>
        ${modal}
        <div id="footer-global">
          <app-cookies-banner id="cookies-banner"
            >Ce site utilise des cookies qui garantissent le bon fonctionnement du site et permettent son optimisation.
            <button type="button" onclick="this.parentElement.remove()">
              Accepter les cookies nécessaires
            </button></app-cookies-banner
          >
          <app-footer-global id="footer"
            ><a id="footer-contact" href="#/contact">Contact</a
            ><a id="footer-plandusite" href="#/plandusite">Plan du site</a
            ><a id="footer-mentions-legales" href="#/mentions-legales">Mentions légales</a
            ><a
              id="footer-aide-accessibilite"
              href="#/aide-accessibilite"
              title="Accessibilité - Partiellement conforme"
              >Accessibilité</a
            ></app-footer-global
          >
        </div>
      </app-portal>
    </div>`;
}

export function homeV1(modal: Markup = errorModal('unused')): Route {
  const content = html`<app-portal-root
    ><app-default-root-content>
      <p>
        Bienvenue sur le site de l'administration numérique pour les étrangers en France. Vous pouvez y effectuer vos
        démarches de séjour et d'accès à la nationalité française, sans vous déplacer. Choisissez ci-dessous la démarche
        qui correspond à votre situation : vous serez guidé pas à pas et informé de l'avancement de votre dossier dans
        votre espace personnel.
      </p>
      <div class="tiles">
        ${TILES.map(
          (words) =>
            html`<anef-tile
              ><a href="#${words === RESIDENCE ? TRIAGE_ROUTE : SIGN_IN_ROUTE}"
                ><span><span>${words}</span></span></a
              ></anef-tile
            >`,
        )}
      </div></app-default-root-content
    ></app-portal-root
  >`;
  return { title: 'Étrangers en France', body: frameV1(content, modal) };
}

function date(label: string): Markup {
  return html`<p>
    ${label}
    <app-date
      ><input type="text" size="2" aria-label="Jour" />
      <select aria-label="Mois">
        <option>Mois</option>
      </select>
      <input type="text" size="4" aria-label="Année"
    /></app-date>
  </p>`;
}

export function signInV1(signIn = ssoAddress('particuliers')): Route {
  const content = html`<app-registration
    ><p>Vous êtes ici : Accueil &gt; Connexion</p>
    <section>
      <h3>Vous avez déjà un compte</h3>
      <p>Connectez-vous pour suivre vos démarches, compléter un dossier ou télécharger vos documents.</p>
      <p-button class="fullWidthButton"
        ><button type="button" onclick="location.href='${signIn}'">Se connecter</button></p-button
      >
    </section>
    <section>
      <h3>Vous n'avez pas encore de compte</h3>
      <p>Munissez-vous de votre visa ou de votre titre de séjour : les informations demandées y figurent.</p>
      <app-identification
        ><form onsubmit="fetch('/api/usager/identification', { method: 'POST' }); return false;">
          <p>
            <label
              >Numéro étranger ou numéro de visa * <input type="number" placeholder="Exemple : 9999999999"
            /></label>
          </p>
          ${date('Date de début de validité *')}${date('Date de fin de validité *')}<p-button
            ><button type="submit">Créer un compte</button></p-button
          >
        </form></app-identification
      >
    </section></app-registration
  >`;
  return { title: 'Étrangers en France | Connexion', body: frameV1(content, errorModal('unused')) };
}
