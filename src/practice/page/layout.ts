import { html, raw } from 'hono/html';
import type { Markup } from '../shared/sites.ts';

const STYLE = raw(`<style>
body{margin:0;font:16px/1.5 system-ui,Arial,sans-serif;color:#161616}
header,footer{padding:16px 8%;border-bottom:1px solid #ddd}main{padding:24px 8%;max-width:900px}
nav a,footer a{margin-right:16px}.fr-btn{background:#000091;color:#fff;border:0;padding:8px 16px;font:inherit;text-decoration:none}
.fr-notice{background:#e8edff;padding:12px 8%}.is-closed{display:none}
.fr-sr-only{position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0 0 0 0);white-space:nowrap}
.fr-modal{position:fixed;inset:0;background:#161616cc;padding:10%}.fr-modal>div{background:#fff;padding:32px}
.lame{display:flex;gap:24px}.lame section{flex:1;background:#f5f5fe;padding:24px}
</style>`);

export interface Shell {
  readonly title: string;
  readonly main: Markup;
  /** Of the html element; null leaves it out. */
  readonly language?: string | null;
  readonly notice?: string;
  /** Stands in the header, after the name of the site. */
  readonly header?: Markup;
  /** Address of a script that runs after the page. */
  readonly script?: string;
}

export function shell({ title, main, language = 'fr', notice, header, script }: Shell): Markup {
  const spoken = language === null ? '' : raw(`lang="${language}"`);
  return html`<!doctype html>
    <html ${spoken}>
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        ${STYLE}
      </head>
      <body>
        <header role="banner" class="fr-header">
          <p><strong>République française</strong></p>
          ${header ?? ''}
        </header>
        ${notice === undefined ? '' : html`<div class="fr-notice"><p>${notice}</p></div>`}
        <main role="main" id="contenu">${main}</main>
        <footer class="fr-footer" role="contentinfo">
          <a href="/mentions-legales">Mentions légales</a><a href="/accessibilite">Accessibilité</a>
          <p>Page d'exercice (réplique)</p>
        </footer>
        ${script === undefined ? '' : html`<script src="${script}"></script>`}
      </body>
    </html>`;
}

/** A page that asks who one is. Its form counts as a submission when it is sent. */
export function signInPage(): Markup {
  return shell({
    title: 'Connexion',
    main: html`<h1>Accès à l'espace personnel</h1>
      <form method="post" action="/connexion">
        <label for="identifiant">Identifiant</label><input id="identifiant" name="identifiant" />
        <label for="secret">Mot de passe</label><input id="secret" name="secret" type="password" />
        <button type="submit" class="fr-btn">Se connecter</button>
      </form>`,
  });
}

export function missingPage(): Markup {
  return shell({
    title: 'Page introuvable',
    main: html`<h1>Page introuvable</h1>
      <p>L'adresse demandée ne mène nulle part.</p>`,
  });
}
