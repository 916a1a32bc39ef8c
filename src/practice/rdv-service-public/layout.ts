import { html, raw } from 'hono/html';
import type { Markup } from '../shared/sites.ts';

export const MOTIVE = 'Renouvellement de récépissés arrivés à échéance';
export const SEARCH = '/prendre_rdv';
const ORGANISATION = 'public_link_organisation_id=2458';
/** The address as prefectures publish it: the motive's name without its accents, and the organisation. */
export const START = `${SEARCH}?motif_name_with_location_type=renouvellement_de_recepisses_arrives_a_echeance_-public_office&${ORGANISATION}`;
/** The same search by the organisation alone, as it is where an organisation has one motive. */
export const SHORT_START = `${SEARCH}?${ORGANISATION}`;

export type Generation = 2024 | 2026;

const COMMON = `body{margin:0;font:16px/1.5 system-ui,Arial,sans-serif;color:#161616}.container,.fr-container{max-width:1200px;margin:0 auto;padding:16px 24px}
header{border-bottom:1px solid #ddd}.columns{display:flex;gap:8px;position:relative}.columns>div{flex:1;text-align:center}.fr-hidden{display:none}
.overlay{position:absolute;inset:0;background:rgba(255,255,255,.9);display:flex;align-items:center;justify-content:center}
footer{border-top:2px solid #000091;margin-top:48px;font-size:14px}.main-alert{background:#fff3cd;padding:12px 24px}`;

const STYLES: Readonly<Record<Generation, string>> = {
  2024: `.bg-primary{background:#2f4077;color:#fff}.bg-light{background:#f1f3fa;padding:24px 0}.card{background:#fff;border:1px solid #dee2e6;border-radius:4px;margin-bottom:16px}
.card-body{padding:20px}.row{display:flex}.btn{display:block;padding:6px 12px;margin-bottom:6px;border-radius:4px;text-decoration:none}.btn-light{background:#eef2f7;color:#313a46}.alert{padding:12px 20px;border:1px solid #ffe69c}`,
  2026: `.fr-btn{display:block;background:#000091;color:#fff;padding:8px 16px;margin-bottom:8px;text-decoration:none;border:0;font:inherit}.fr-btn--tertiary,.fr-btn--secondary{background:#fff;color:#000091;border:1px solid #ddd}
.fr-card{border:1px solid #ddd;padding:24px;margin-bottom:16px;list-style:none}.fr-raw-list{padding:0}.fr-text--sm{font-size:14px;color:#666}dialog.fr-modal{border:1px solid #ddd}`,
};

export interface ShellParts {
  readonly generation: Generation;
  readonly title?: string;
  readonly main: Markup;
  /** The site's own news, over every page. */
  readonly banner?: string;
  /** Said once, after the visitor was sent back from a step. */
  readonly flash?: string;
  /** In the footer of every page. */
  readonly footer?: Markup;
}

export function shell(parts: ShellParts): Markup {
  const title = parts.title === undefined ? 'RDV Service Public' : `${parts.title} - RDV Service Public`;
  return html`<!DOCTYPE html>
    <html lang="fr">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, shrink-to-fit=no" />
        <meta name="csrf-token" content="replique-0001" />
        <title>${title}</title>
        <style>
          ${raw(COMMON + STYLES[parts.generation])}
        </style>
      </head>
      <body>
        ${parts.banner === undefined ? '' : html`<div class="main-alert alert-warning" role="alert">⚠️ ${parts.banner}</div>`}
        ${header(parts.generation)}
        ${parts.flash === undefined ? '' : html`<div class="alert alert-danger fr-alert--error" role="alert">${parts.flash}</div>`}
        <main id="content" role="main">${parts.main}</main>
        <footer class="fr-footer" role="contentinfo">
          <div class="fr-container">
            <a href="/accessibility">Accessibilité : partiellement conforme</a> ·
            <a href="/mentions_legales">Mentions légales</a> · <a href="/contact">Contact</a>
            <p>Page d'exercice (réplique), sans démarche réelle</p>
            ${parts.footer ?? ''}
          </div>
        </footer>
      </body>
    </html>`;
}

function header(generation: Generation): Markup {
  const signIn = html`<a class="${generation === 2024 ? 'nav-link' : 'fr-link'}" href="/users/sign_in"
    >Se connecter</a
  >`;
  return html`<header role="banner" class="${generation === 2024 ? 'navbar' : 'fr-header'}">
    <div class="fr-container">
      <p class="fr-header__service-title"><a href="/">RDV Service Public</a></p>
      ${signIn}
    </div>
  </header>`;
}

/** The banner with the organisation's name, and the motive that was chosen. */
export function opening(generation: Generation, motive = MOTIVE): Markup {
  if (generation === 2024) {
    return html`<section class="bg-primary">
        <div class="container"><h1>Prenez rendez-vous avec Préfecture (réplique)</h1></div>
      </section>
      <div class="container">
        <div class="card">
          <div class="card-body">
            <a href="${SHORT_START}" class="d-block stretched-link"><h2 class="pb-1 mb-1">${motive} (Sur place)</h2></a>
            Titres de séjour
          </div>
        </div>
      </div>`;
  }
  return html`<div class="fr-container">
    <h1>Prenez rendez-vous avec Préfecture (réplique)</h1>
    <ul class="fr-raw-list">
      <li>
        Motif : ${motive}
        <a href="${SHORT_START}" title="Modifier le motif">modifier</a>
      </li>
    </ul>
  </div>`;
}
