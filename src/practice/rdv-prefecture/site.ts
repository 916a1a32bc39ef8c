import { html, raw } from 'hono/html';
import type { Site, Stage } from '../../core/replica.ts';
import { javascript, openStage, redirect, respond, scriptValue, siteFrom } from '../shared/sites.ts';
import type { Markup } from '../shared/sites.ts';
import { captchaScript } from './captcha-scripts.ts';
import { captchaService, isCaptchaService, PRACTICE_CODE } from './captcha-service.ts';
import { conditions, landing } from './door.ts';
import type { Door } from './door.ts';
import type { Mounting } from './mounting.ts';
import { ROOT, START, TITLE, cloakedShell, shell } from './layout.ts';

/**
 * The platform seen by a visitor without a session: whatever is asked for beyond the captcha leads back to it. Where something
 * stands behind it, the right code begins a session, which is over when the page of the slots was shown `SHOWN_TIMES`.
 */
export function doorSite(door: Door): (stage: Stage) => Site {
  return (stage) => {
    const app = openStage(stage);
    const sessions = new Map<string, number>();
    app.post(`${START}_validerCaptcha`, async (context) => {
      stage.tally.captchaAnswers += 1;
      const { captchaUsercode } = await context.req.parseBody();
      if (door.behind === undefined || captchaUsercode !== PRACTICE_CODE)
        return redirect(`${START}cgu/?error=invalidCaptcha`);
      const session = `replique-${sessions.size + 1}-${stage.now()}`;
      sessions.set(session, door.losesFirst === true && sessions.size === 0 ? SHOWN_TIMES : 0);
      const cookie = `JSESSIONID=${session}; Path=${ROOT}; HttpOnly`;
      return new Response(null, { status: 302, headers: { location: `${START}creneau/`, 'set-cookie': cookie } });
    });
    countForbidden(app, stage);
    app.get(START, () => respond(landing(door)));
    app.get(`${START}cgu/`, (context) =>
      respond(conditions({ door, origin: new URL(context.req.url).origin, error: context.req.query('error') })),
    );
    app.get('/rdvpref/static/captcha.js', () => javascript(captchaScript(door.generation)));
    app.get(`${START}creneau/*`, async (context, next) => {
      const session = /JSESSIONID=([\w-]+)/.exec(context.req.header('cookie') ?? '')?.[1] ?? '';
      const shown = sessions.get(session);
      if (door.behind === undefined || shown === undefined || shown >= SHOWN_TIMES)
        return redirect(`${START}cgu/?error=errorSessionInvalide`);
      sessions.set(session, shown + 1);
      return await next();
    });
    if (door.behind !== undefined) showSlots(app, stage, door.behind);
    app.all('*', () => respond(missing(), 404));
    const site = siteFrom(app);
    const service = captchaService(door.generation);
    return (request) => (isCaptchaService(new URL(request.url).pathname) ? service : site)(request);
  };
}

/** How long a session lives on the real platform is not documented; bots of 2024 to 2026 read the page again for an hour. */
const SHOWN_TIMES = 4;

/** The slots page as it is seen when a person's captcha was accepted before. */
export function slotsSite(mounting: Mounting): (stage: Stage) => Site {
  return (stage) => {
    const app = openStage(stage);
    refuseAnswers(app, stage);
    countForbidden(app, stage);
    showSlots(app, stage, mounting);
    app.all('*', () => respond(missing(), 404));
    return siteFrom(app);
  };
}

function showSlots(app: ReturnType<typeof openStage>, stage: Stage, mounting: Mounting): void {
  app.get(`${START}creneau/`, () => {
    const script = '/rdvpref/static/creneau.js';
    if (mounting.never === true) return respond(cloakedShell(unmounted(stage.now()), script));
    return respond(
      shell({ title: 'Choisissez votre créneau - RDV-Préfecture', main: unmounted(stage.now()), script }),
      mounting.status ?? 200,
    );
  });
  app.get('/rdvpref/static/creneau.js', async () => {
    if (mounting.never === true) return respond('Not found', 404);
    const wide = String(await mounting.content(stage.now()));
    const narrow = mounting.narrow === undefined ? {} : { narrow: String(await mounting.narrow(stage.now())) };
    return javascript(mountScript({ wide, ...narrow }, mounting.afterMs ?? 40));
  });
}

function refuseAnswers(app: ReturnType<typeof openStage>, stage: Stage): void {
  app.post(`${START}_validerCaptcha`, () => {
    stage.tally.captchaAnswers += 1;
    return redirect(`${START}cgu/?error=invalidCaptcha`);
  });
}

function countForbidden(app: ReturnType<typeof openStage>, stage: Stage): void {
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

function mountScript(content: { readonly wide: string; readonly narrow?: string }, afterMs: number): string {
  return `const content = ${JSON.stringify(content)};
const draw = () => { document.getElementById('creneaux').innerHTML = (innerWidth < 600 && content.narrow) || content.wide; };
setTimeout(draw, ${afterMs});
let soon = 0;
if (content.narrow) addEventListener('resize', () => { clearTimeout(soon); soon = setTimeout(draw, 100); });
`;
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
