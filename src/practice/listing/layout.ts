import { html, raw } from 'hono/html';
import type { Site, Stage } from '../../core/replica.ts';
import { openStage, respond, siteFrom } from '../shared/sites.ts';
import type { Markup } from '../shared/sites.ts';

export const START = '/Prendre-un-rendez-vous';
export const SITE_NAME = "Les services de l'État dans les Yvelines";
export const ANEF = 'https://administration-etrangers-en-france.interieur.gouv.fr/';

const STYLE = raw(`<style>
body{margin:0;font:16px/1.5 Marianne,Arial,sans-serif;color:#161616}
.fr-container{max-width:1180px;margin:0 auto;padding:0 24px}.fr-header{border-bottom:1px solid #ddd;padding:16px 0}
.fr-nav a{margin-right:24px}.fr-notice{background:#e8edff;padding:12px}main{min-height:360px;padding:24px 0}
.fr-collapse{visibility:hidden;height:0;overflow:hidden}.fr-btn{background:#000091;color:#fff;border:0;padding:8px 16px}
.fr-footer{border-top:2px solid #000091;padding:24px 0;font-size:14px}.invisible{display:none}
</style>`);

export interface PageParts {
  readonly title?: string;
  readonly name?: string;
  readonly language?: 'fr' | 'en';
  readonly main: Markup | string;
  /** Runs after the page. */
  readonly script?: string;
}

/** The departments' sites since 2023, in the State's design system. Every page's frame has doors of its own. */
export function shell(parts: PageParts): Markup {
  const name = parts.name ?? SITE_NAME;
  return html`<!doctype html>
    <html lang="${parts.language ?? 'fr'}" data-fr-scheme="system">
      <head>
        <meta charset="utf-8" />
        <title>${parts.title ?? `Prendre un rendez-vous - ${name}`}</title>
        ${STYLE}
      </head>
      <body>
        <header role="banner" class="fr-header">
          <div class="fr-container">
            <p>${name}</p>
            <a href="https://www.demarches-simplifiees.fr/commencer/signaler-un-oubli">Vos démarches en ligne</a>
          </div>
          <nav class="fr-nav fr-container" role="navigation">
            <a href="/Actualites">Actualités</a><a href="/Demarches">Démarches</a
            ><a href="${START}">Prendre un rendez-vous</a><a href="/Services-de-l-Etat">Services de l'État</a>
          </nav>
        </header>
        <main id="content" role="main" class="fr-container">${parts.main}</main>
        <footer class="fr-footer" role="contentinfo">
          <div class="fr-container">
            <a href="https://contacts-demarches.interieur.gouv.fr/">Nous écrire</a> ·
            <a href="/Mentions-legales">Mentions légales</a>
            <p>Page d'exercice (réplique), sans démarche réelle</p>
          </div>
        </footer>
        ${
          parts.script === undefined
            ? ''
            : html`<script>
                ${raw(parts.script)};
              </script>`
        }
      </body>
    </html>`;
}

/** The sites before 2023: no part of the page says what it is. */
export function classicShell(main: Markup): Markup {
  return html`<!doctype html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
    <html lang="fr">
      <head>
        <title>Prendre un rendez-vous / ${SITE_NAME}</title>
      </head>
      <body class="fullwidth">
        <div id="page">
          <div id="header"><p>Préfecture des Yvelines</p></div>
          <div id="path"><a href="/">Accueil</a> &gt; Prendre un rendez-vous</div>
          <div id="main"><div class="content-view-full">${main}</div></div>
          <div id="footer"><a href="/Mentions-legales">Mentions légales</a></div>
        </div>
      </body>
    </html>`;
}

export interface ListSite {
  readonly page: (now: number) => Markup;
  /** Where the list stands now, when its old address only leads there. */
  readonly path?: string;
}

export function listSite({ page, path = START }: ListSite): (stage: Stage) => Site {
  return (stage) => {
    const app = openStage(stage);
    app.post('*', (context) => {
      stage.tally.submissions += 1;
      return context.text('Not found', 404);
    });
    // Whoever follows a link of the list begins a booking: a monitor has no business there.
    app.all('/booking/*', () => {
      stage.tally.holds += 1;
      return respond(shell({ title: `Réservation - ${SITE_NAME}`, main: html`<h1>Réservation</h1>` }));
    });
    app.get(path, () => respond(page(stage.now())));
    if (path !== START) app.get(START, (context) => context.redirect(path, 301));
    app.all('*', () => respond(missingPage, 404));
    return siteFrom(app);
  };
}

export const missingPage: Markup = shell({
  title: `Page non trouvée - ${SITE_NAME}`,
  main: html`<h1>Page non trouvée</h1>
    <p>La page demandée n'existe pas, ou plus.</p>
    <p>Retrouvez vos démarches d'étranger sur <a href="${ANEF}">le portail national</a>.</p>`,
});
