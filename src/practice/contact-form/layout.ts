import { html, raw } from 'hono/html';
import type { Site, Stage } from '../../core/replica.ts';
import { openStage, respond, siteFrom } from '../shared/sites.ts';
import type { Markup } from '../shared/sites.ts';

export const START = '/etrangers/renouvellement-recepisse/';
/** The title of the real page, as one source links it. */
export const TITLE =
  "Demande de renouvellement de récépissé - Saisine des services de l'Etat par voie électronique - Etrangers";
export const SERVICE = "Saisine des services de l'Etat par voie électronique";

const STYLE = raw(`<style>
body{margin:0;font:16px/1.5 Arial,sans-serif;color:#1e1e1e;background:#f5f5fe}
.bandeau{background:#fff;border-bottom:3px solid #000091;padding:16px 8%;display:flex;gap:32px;align-items:center}
.bandeau strong{border-left:5px solid #000091;padding-left:10px}.fil{padding:12px 8%;font-size:13px}
main{background:#fff;margin:0 8%;padding:24px 32px;min-height:360px}.ligne{margin:14px 0}.ligne label{display:block}
input[type=text],input[type=email],select,textarea{width:60%;padding:6px;font:inherit}
.avis{background:#e8edff;padding:12px;margin:12px 0}.bouton{background:#000091;color:#fff;border:0;padding:10px 24px;font:inherit}
.pied{padding:24px 8%;font-size:13px}.cache{display:none}
.restyle input{position:absolute;opacity:0}.restyle label::before{content:"○ "}.restyle input:checked+label::before{content:"● "}
</style>`);

export interface ShellParts {
  readonly title?: string;
  readonly service?: string;
  readonly language?: 'fr' | 'en';
  readonly main: Markup | string;
  /** Runs after the page. */
  readonly script?: string;
}

export function shell(parts: ShellParts): Markup {
  return html`<!doctype html>
    <html lang="${parts.language ?? 'fr'}">
      <head>
        <meta charset="utf-8" />
        <title>${parts.title ?? TITLE}</title>
        ${STYLE}
      </head>
      <body>
        <header class="bandeau" role="banner">
          <strong>Ministère de l'Intérieur</strong><span>${parts.service ?? SERVICE}</span>
          <form role="search" action="/" method="get">
            <input type="search" name="s" aria-label="Rechercher" /> <button type="submit">Rechercher</button>
          </form>
        </header>
        <nav class="fil" aria-label="Fil"><a href="/">Accueil</a> &gt; <a href="/etrangers/">Etrangers</a></nav>
        <main>${parts.main}</main>
        <footer class="pied">
          <a href="/mentions-legales/">Mentions légales</a> · <a href="/accessibilite/">Accessibilité</a>
          <p>Page d'exercice (réplique), sans démarche réelle</p>
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

/** A site whose form page is `page`; whatever is sent to it is counted. */
export function formSite(page: (now: number) => Markup): (stage: Stage) => Site {
  return (stage) => {
    const app = openStage(stage);
    app.on(['POST', 'PUT'], '*', async (context) => {
      const form = new URLSearchParams(await context.req.text());
      if ((form.get('captcha') ?? form.get('controle') ?? '') !== '') stage.tally.captchaAnswers += 1;
      stage.tally.submissions += 1;
      return respond(shell({ main: html`<h1>Votre demande est enregistrée</h1>` }));
    });
    app.get(START, () => respond(page(stage.now())));
    app.all('*', () => respond(shell({ title: 'Page non trouvée', main: html`<h1>Page non trouvée</h1>` }), 404));
    return siteFrom(app);
  };
}
