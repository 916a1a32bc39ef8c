import { html, raw } from 'hono/html';
import type { Markup } from '../shared/sites.ts';

export const ROOT = '/rdvpref';
export const START = `${ROOT}/reservation/demarche/4407/`;
export const TITLE = 'Dépôt d’une demande de titre de séjour – guichet étrangers';

const STYLE = raw(`<style>
[v-cloak]{display:none}body{margin:0;font:16px/1.5 system-ui,Arial,sans-serif;color:#161616;background:#fff}
.fr-container{max-width:1200px;margin:0 auto;padding:0 24px}.fr-header{border-bottom:1px solid #ddd;padding:16px 0}
.fr-header__body-row{display:flex;gap:32px;align-items:center}
.fr-logo{font-weight:bold;text-transform:uppercase;border-left:5px solid #000091;padding-left:10px}
.fr-header__service-title{font-weight:bold;font-size:20px;margin:0}
.fr-btn,.q-btn{display:inline-block;background:#000091;color:#fff;border:0;padding:8px 16px;font:inherit;text-decoration:none}
.fr-btn--tertiary-no-outline,.q-btn--flat{background:transparent;color:#000091}
.fr-alert{border:1px solid #ce0500;border-left-width:40px;padding:12px 16px;margin:16px 0}
.text-center{text-align:center}.q-pa-md{padding:16px}.text-bold,.fr-text--bold{font-weight:bold}
.fr-text--italic{font-style:italic}.row{display:flex}.column{display:flex;flex-direction:column}.col{flex:1}
.items-center{align-items:center}.justify-center{justify-content:center}.semaine{border:1px solid #ddd}
.celulleHeader{font-size:16px;margin:8px 0}ul{padding-left:20px}
.blocCreneauSelection ul{list-style:none;padding:0;margin:0;width:100%}.cellule{padding:8px}
.even{background:#f6f6f6}.lt-sm{display:none}
.fr-footer{border-top:2px solid #000091;margin-top:48px;padding:24px 0;font-size:14px}
</style>`);

function header(): Markup {
  return html`<header role="banner" class="fr-header">
    <div class="fr-container fr-header__body-row">
      <p class="fr-logo">République<br />française</p>
      <div class="fr-header__service">
        <p class="fr-header__service-title">RDV-Préfecture</p>
        <p class="fr-header__service-tagline">Prise de rendez-vous en préfecture</p>
      </div>
    </div>
  </header>`;
}

function footer(): Markup {
  return html`<footer class="fr-footer" role="contentinfo">
    <div class="fr-container">
      <a href="${ROOT}/accessibilite">Accessibilité : non conforme</a> ·
      <a href="${ROOT}/mentions-legales">Mentions légales</a> ·
      <a href="${ROOT}/donnees-personnelles">Données personnelles</a>
      <p>Page d'exercice (réplique), sans démarche réelle</p>
    </div>
  </footer>`;
}

export interface ShellParts {
  readonly title?: string;
  readonly main: Markup;
  /** Runs after the page: mounts what the server left un-rendered. */
  readonly script?: string;
}

export function shell(parts: ShellParts): Markup {
  return html`<!DOCTYPE html>
    <html lang="fr" data-fr-scheme="light">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${parts.title ?? 'RDV-Préfecture'}</title>
        ${STYLE}
      </head>
      <body>
        <div id="page">
          ${header()}
          <main id="contenu" role="main" class="fr-container">${parts.main}</main>
          ${footer()}
        </div>
        ${parts.script === undefined ? '' : html`<script src="${parts.script}"></script>`}
      </body>
    </html>`;
}

/** An application in which even header and footer wait for the framework: nothing is to be read before it mounts. */
export function cloakedShell(main: Markup, script: string): Markup {
  return html`<!DOCTYPE html>
    <html lang="fr">
      <head>
        <meta charset="utf-8" />
        <title>RDV-Préfecture</title>
        ${STYLE}
      </head>
      <body>
        <div id="page" v-cloak>
          <q-layout><vu-header title="RDV-Préfecture"></vu-header>${main}<vu-footer></vu-footer></q-layout>
        </div>
        <script src="${script}"></script>
      </body>
    </html>`;
}
