import { html, raw } from 'hono/html';
import type { Site, Stage } from '../../core/replica.ts';
import { javascript, openStage, redirect, respond, scriptValue, siteFrom } from '../shared/sites.ts';
import type { Markup } from '../shared/sites.ts';
import { captchaScript, conditions, landing } from './door.ts';
import type { Door } from './door.ts';
import { START, TITLE, cloakedShell, shell } from './layout.ts';

/** How the framework brings the slots page to life. */
export interface Mounting {
  /** The page's content, as it stands once mounted. */
  readonly content: (now: number) => Markup;
  readonly afterMs?: number;
  /** The framework never starts: its custom elements stay as they came. */
  readonly never?: boolean;
  readonly status?: number;
}

/** The platform seen by a visitor without a session: whatever is asked for beyond the captcha leads back to it. */
export function doorSite(door: Door): (stage: Stage) => Site {
  return (stage) => {
    const app = openStage(stage);
    countForbidden(app, stage);
    app.get(START, () => respond(landing(door)));
    app.get(`${START}cgu/`, (context) => respond(conditions(context.req.query('error'))));
    app.get('/rdvpref/static/captcha.js', (context) =>
      javascript(captchaScript(door.generation, context.req.query('invalid') !== undefined)),
    );
    app.get(`${START}creneau/*`, () => redirect(`${START}cgu/?error=errorSessionInvalide`));
    app.all('*', () => respond(missing(), 404));
    return siteFrom(app);
  };
}

/** The slots page as it is seen when a person's captcha was accepted before. */
export function slotsSite(mounting: Mounting): (stage: Stage) => Site {
  return (stage) => {
    const app = openStage(stage);
    countForbidden(app, stage);
    app.get(`${START}creneau/`, () => {
      const script = '/rdvpref/static/creneau.js';
      if (mounting.never === true) return respond(cloakedShell(unmounted(stage.now()), script));
      return respond(
        shell({ title: 'Créneaux - RDV-Préfecture', main: unmounted(stage.now()), script }),
        mounting.status ?? 200,
      );
    });
    app.get('/rdvpref/static/creneau.js', async () => {
      if (mounting.never === true) return respond('Not found', 404);
      return javascript(mountScript(String(await mounting.content(stage.now())), mounting.afterMs ?? 40));
    });
    app.all('*', () => respond(missing(), 404));
    return siteFrom(app);
  };
}

function countForbidden(app: ReturnType<typeof openStage>, stage: Stage): void {
  app.post(`${START}_validerCaptcha`, () => {
    stage.tally.captchaAnswers += 1;
    return redirect(`${START}cgu/?error=invalidCaptcha`);
  });
  app.all(`${START}creneau/_choisirBloc`, () => {
    stage.tally.holds += 1;
    return redirect(`${START}formulaire/`);
  });
  app.all(`${START}formulaire/*`, (context) => {
    if (context.req.method !== 'GET') stage.tally.submissions += 1;
    return respond(identityForm());
  });
}

function unmounted(now: number): Markup {
  const data = {
    vueData: { critere: { premierJour: new Date(now).toISOString().slice(0, 10), datePremiereDispo: '' } },
  };
  return html`<div id="creneaux">
      <rdv-selection-creneau :nombre-de-ligne="10" url="_rechercherCreneaux"></rdv-selection-creneau>
    </div>
    <script id="vui-init-data" type="application/json">
      ${raw(scriptValue(data))}
    </script>`;
}

function mountScript(content: string, afterMs: number): string {
  return `setTimeout(() => { document.getElementById('creneaux').innerHTML = ${JSON.stringify(content)}; }, ${afterMs});\n`;
}

function identityForm(): Markup {
  return shell({
    main: html`<h1>${TITLE}</h1>
      <h2>Vos informations</h2>
      <form method="post" action="${START}formulaire/">
        <div class="fr-input-group">
          <label class="fr-label" for="nom">Nom</label><input class="fr-input" id="nom" name="nom" />
        </div>
        <div class="fr-input-group">
          <label class="fr-label" for="courriel">Courriel</label
          ><input class="fr-input" id="courriel" name="courriel" />
        </div>
        <button type="submit" class="q-btn q-btn--actionable">Confirmer le rendez-vous</button>
      </form>`,
  });
}

function missing(): Markup {
  return shell({
    main: html`<h1>Page non trouvée</h1>
      <p>La page que vous cherchez est introuvable.</p>`,
  });
}
