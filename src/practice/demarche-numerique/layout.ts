import { html, raw } from 'hono/html';
import type { Markup } from '../shared/sites.ts';

/** The procedure that the scenarios ask for, the name it gets by a 301, and the one that replaces it. */
export const SLUG = 'rendez-vous-admission-exceptionnelle-replique';
export const RENAMED = 'rendez-vous-aes-replique';
export const SUCCESSOR = 'admission-exceptionnelle-nouvelle-replique';
export const START = `/commencer/${SLUG}`;
export const TITLE = 'Demande de rendez-vous – admission exceptionnelle au séjour';
export const SITE = 'demarche.numerique.gouv.fr';

const MONTHS = [
  'janvier',
  'février',
  'mars',
  'avril',
  'mai',
  'juin',
  'juillet',
  'août',
  'septembre',
  'octobre',
  'novembre',
  'décembre',
];

/** `05 mars 2026`: the platform writes days with two digits. */
export function longDate(day: string): string {
  return `${day.slice(8, 10)} ${MONTHS[Number(day.slice(5, 7)) - 1] ?? ''} ${day.slice(0, 4)}`;
}

const STYLE = raw(`<style>
body{margin:0;font:16px/1.5 system-ui,Arial,sans-serif;color:#161616}.fr-container{max-width:1200px;margin:0 auto;padding:0 24px}
.fr-header{border-bottom:1px solid #ddd;padding:16px 0}.fr-header__body-row{display:flex;gap:32px;align-items:center}
.fr-logo{font-weight:bold;text-transform:uppercase}.fr-header__service-title{font-weight:bold;font-size:20px}
.fr-btns-group{list-style:none;padding:0;display:flex;gap:16px}.fr-btn{display:inline-block;background:#000091;color:#fff;padding:8px 16px;text-decoration:none;border:0;font:inherit}
.fr-btn--secondary,.fr-btn--tertiary{background:#fff;color:#000091;border:1px solid #000091}
.fr-callout{background:#eee;border-left:4px solid #6a6af4;padding:24px;margin:24px 0}.fr-alert{border:1px solid #0063cb;border-left-width:40px;padding:12px 16px;margin:16px 0}
.fr-alert--warning{border-color:#b34000}.fr-accordion{border-top:1px solid #ddd}.fr-collapse[hidden]{display:none}
.alert{background:#ffe9e9;color:#ce0500;padding:16px;text-align:center}.site-banner{background:#fff4c2;padding:12px 24px}
.two-columns{display:flex;gap:48px}.column{flex:1}.hidden{display:none}.fr-footer{border-top:2px solid #000091;margin-top:48px;padding:24px 0;font-size:14px}
</style>`);

function header(): Markup {
  return html`<header class="fr-header" role="banner">
    <div class="fr-container fr-header__body-row">
      <p class="fr-logo">République<br />Française</p>
      <div class="fr-header__service">
        <a href="/" title="Aller à la page d’accueil — ${SITE}"
          ><span class="fr-header__service-title">${SITE}</span></a
        >
      </div>
      <ul class="fr-btns-group">
        <li><a class="fr-btn fr-btn--tertiary" href="/users/sign_in">Se connecter</a></li>
        <li><a class="fr-btn fr-btn--tertiary" href="/pro_connect">Professionnel</a></li>
        <li><a class="fr-btn" href="/faq">Aide</a></li>
      </ul>
    </div>
  </header>`;
}

export interface ShellParts {
  /** Before the site's own name; the home page has none. */
  readonly title?: string;
  readonly language?: 'fr' | 'en';
  readonly banner?: Markup;
  readonly flash?: string;
  readonly main: Markup;
}

export function shell(parts: ShellParts): Markup {
  const flash =
    parts.flash === undefined ? '' : html`<div class="alert alert-danger" role="alert">${parts.flash}</div>`;
  return html`<!DOCTYPE html>
    <html lang="${parts.language ?? 'fr'}" data-fr-scheme="system">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${parts.title === undefined ? SITE : `${parts.title} · ${SITE}`}</title>
        ${STYLE}
      </head>
      <body>
        <div class="page-wrapper">
          ${parts.banner ?? ''}${header()}
          <main id="contenu" role="main">
            <div id="flash_messages"><div id="flash_message" class="center">${flash}</div></div>
            ${parts.main}
          </main>
          <footer class="fr-footer" role="contentinfo">
            <div class="fr-container">
              <p>Page d’exercice (réplique), sans démarche réelle</p>
              <a href="/mentions-legales">Mentions légales</a> · <a href="/stats">Statistiques</a>
            </div>
          </footer>
        </div>
      </body>
    </html>`;
}

/** News of the platform above any of its pages. */
export function banner(words: string): Markup {
  return html`<div class="site-banner warning">
    <div class="site-banner-text"><strong>${words}</strong></div>
  </div>`;
}
