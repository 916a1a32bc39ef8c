import { html, raw } from 'hono/html';
import type { Markup } from '../shared/sites.ts';

/** The module's arrows: the image number is the step of the address at which the arrow turns red. */
const ARROWS = [
  { image: '1', short: 'Prise de RDV', long: 'Prise de rendez-vous' },
  { image: '3', short: 'Descriptif', long: 'Descriptif' },
  { image: '4', short: "Choix d'une plage", long: "Choix d'une plage" },
  { image: '6', short: 'Contrôle de sécurité', long: 'Contrôle de sécurité' },
  { image: '8', short: 'Coordonnées personnelles', long: 'Cordonnées personnelles' },
  { image: '9', short: 'Valider et terminer', long: 'Valider et terminer' },
] as const;

export interface PageParts {
  readonly prefecture: string;
  readonly title: string;
  /** Step of the address; decides which arrow is red. None for pages without arrows. */
  readonly step?: string;
  readonly content: Markup;
  /** Laid over the page. */
  readonly overlay?: Markup;
  /** The print layout has neither header nor footer. */
  readonly bare?: boolean;
}

const STYLE = raw(`<style>
body{margin:0;background:#ececec;font:15px/1.5 Arial,Helvetica,sans-serif;color:#222}
#page{max-width:1120px;margin:0 auto;background:#fff;padding:24px 48px;min-height:100vh;box-sizing:border-box}
#header{display:flex;gap:48px;align-items:center;border-bottom:1px solid #ccc;padding-bottom:16px}
#header .rf{font-weight:bold;border-left:6px solid #24408e;padding-left:10px;text-transform:uppercase;max-width:220px}
#header p{font-size:26px;margin:0}#path{font-size:13px;margin:18px 0}
ul.etapes{list-style:none;display:flex;gap:18px;padding:0}ul.etapes img{width:158px;height:52px}
h1,h2{color:#3f5f9b;font-family:'Trebuchet MS', Arial, sans-serif}fieldset{border:1px solid #ccc;margin:16px 0}
.Bbutton{border:1px solid #7c1c1c;background:#e7e7e7;padding:3px 6px}
ul.error{color:#a00;border:1px solid #a00;padding:10px 30px}table.planning{border-collapse:collapse;width:100%}
table.planning th,table.planning td{border:1px solid #bbb;padding:4px;text-align:center;font-size:13px}
td.libre{background:#d6efd0}
#footer{border-top:1px solid #ccc;margin-top:48px;padding-top:12px;font-size:13px;color:#555;text-align:center}
</style>`);

function arrows(step: string): Markup {
  return html`<ul class="etapes">
    ${ARROWS.map(
      ({ image, long }) =>
        html`<li>
          <img
            src="/extension/booking/design/standard/images/etape_${image}${image === step ? 'r' : 'b'}.png"
            alt="${long}"
            title="${long}"
          />
        </li>`,
    )}
  </ul>`;
}

/** Served under a `.png` name: the arrow is drawn, not stored. */
export function arrowImage(path: string): Response | null {
  const found = /\/etape_(\d)([rb])\.png$/.exec(path);
  const arrow = ARROWS.find(({ image }) => image === found?.[1]);
  if (arrow === undefined) return null;
  const colour = found?.[2] === 'r' ? '#f4511e' : '#1565c0';
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 158 52"><path d="M1 12h128V2l28 24-28 24V40H1z" fill="${colour}" stroke="#111"/><text x="66" y="30" text-anchor="middle" font-family="Arial" font-size="9.5" fill="#fff">${arrow.short}</text></svg>`;
  return new Response(drawing, { headers: { 'content-type': 'image/svg+xml' } });
}

export function ezPage(parts: PageParts): Markup {
  const body = html`${parts.step === undefined ? '' : arrows(parts.step)}
    <div id="inner_Booking">${parts.content}</div>`;
  return html`<!DOCTYPE html>
    <html lang="fr">
      <head>
        <meta charset="utf-8" />
        <title>${parts.title} / ${parts.prefecture}</title>
        <meta name="generator" content="eZ Publish" />
        ${STYLE}
      </head>
      <body>
        <div id="page">
          ${
            parts.bare === true
              ? body
              : html`<div id="header">
                    <div class="rf">${parts.prefecture}</div>
                    <p>Les services de l'État<br /><strong>Services en ligne</strong></p>
                  </div>
                  <div id="path"><a href="/">Accueil</a> &gt; <strong>${parts.title}</strong></div>
                  <div id="main">${body}</div>
                  <div id="footer">
                    <p>
                      <a href="/Contacts">Contacts</a> · <a href="/Aide">Aide en ligne</a> ·
                      <a href="/Mentions-legales">Mentions légales</a> · <a href="/Plan-du-site">Plan du site</a>
                    </p>
                    <p>Portail de l'État dans le département – page d'exercice (réplique), sans démarche réelle</p>
                  </div>`
          }
        </div>
        ${parts.overlay ?? ''}
      </body>
    </html>`;
}
