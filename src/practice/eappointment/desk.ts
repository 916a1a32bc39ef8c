import { setTimeout as sleep } from 'node:timers/promises';

import { html, raw } from 'hono/html';
import type { Site, Stage } from '../../core/replica.ts';
import { javascript, openStage, redirect, respond, scriptValue, siteFrom } from '../shared/sites.ts';
import type { Markup } from '../shared/sites.ts';
import { APPOINTMENT, DOOR, POST_CODE_SCRIPT, ROOT, postCodePage, shell } from './layout.ts';
import { PAGE_SCRIPT } from './page-script.ts';

/** What the server says when it is asked for the ticked motives. */
export interface Answer {
  /** Said by the page in a dialog. */
  readonly message?: string;
  /** The next panel: something was found. */
  readonly panel?: Markup;
  /** Something was found, and the page goes on by sending its form. */
  readonly sendsForm?: boolean;
  /** The call itself fails. */
  readonly status?: number;
}

/** How the page behaves around its check. */
export interface Manners {
  readonly isSynchronous?: boolean;
  readonly afterMs?: number;
  /** Opens as soon as the motives are drawn. */
  readonly saysFirst?: string;
  /** Asks for the quantities when it loads, as the site's own script does: one more DWR call. */
  readonly asksQuantities?: boolean;
  /** The check carries a name. */
  readonly tellsName?: boolean;
  /** Said when a call fails, whatever the reason. */
  readonly saysOnFailure?: string;
  /** Asks for the next form instead of making the check: a call that the probe may not make. */
  readonly asksNextForm?: boolean;
  /** The page takes its check back after this long; the server takes longer. */
  readonly givesUpAfterMs?: number;
}

export interface Desk extends Manners {
  readonly answer: (now: number) => Answer;
  readonly motives?: Readonly<Record<string, string>>;
  /** Stands below the motives before anything was asked. */
  readonly standing?: Markup;
}

const MOTIVES: Readonly<Record<string, string>> = {
  '18': 'Première demande de titre de séjour',
  '19': "Renouvellement d'un titre de séjour",
  '20': "Retrait d'un titre de séjour",
  '21': 'Duplicata',
};

/** The three addresses of a visit, played to the end: post code, motives, check. */
export function deskSite(desk: Desk): (stage: Stage) => Site {
  return (stage) => {
    const app = openStage(stage);
    countForbidden(app, stage);
    app.get(DOOR, () => respond(postCodePage()));
    app.get(`${ROOT}/element/js/specific/pref94.js`, () => javascript(POST_CODE_SCRIPT));
    app.get(`${ROOT}/appointment.do`, (context) =>
      redirect(/^P94[123]$/.test(context.req.query('sitekey') ?? '') ? APPOINTMENT : DOOR),
    );
    app.get(APPOINTMENT, () => respond(motivesPage(desk)));
    app.get(`${ROOT}/element/js/appointment.js`, () => javascript(PAGE_SCRIPT));
    app.post(`${ROOT}/dwr/call/plaincall/AjaxMotive.motiveMultiSiteSubmit.dwr`, async (context) => {
      if (/userLastName/.test(await context.req.text())) stage.tally.submissions += 1;
      if (desk.givesUpAfterMs !== undefined) await sleep(desk.givesUpAfterMs * 4);
      return await reply(desk.answer(stage.now()));
    });
    app.all('*', () => respond(missing(), 404));
    return siteFrom(app);
  };
}

function countForbidden(app: ReturnType<typeof openStage>, stage: Stage): void {
  app.post(`${ROOT}/element/jsp/appointment.do`, () => {
    stage.tally.submissions += 1;
    return redirect(APPOINTMENT);
  });
  app.all(`${ROOT}/saveRdv.do`, () => {
    stage.tally.captchaAnswers += 1;
    stage.tally.submissions += 1;
    return redirect(DOOR);
  });
  app.post(`${ROOT}/dwr/call/plaincall/AjaxAvailableTimeArea.processSoonestTimeAreaSelected.dwr`, () => {
    stage.tally.holds += 1;
    return javascript("dwr.engine._remoteHandleCallback('9','0',null);");
  });
  app.get(`${ROOT}/captcha`, () => {
    const drawing =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><text x="10" y="28" font-size="24" transform="skewX(-12)">k7Rt2</text></svg>';
    return new Response(drawing, { headers: { 'content-type': 'image/svg+xml' } });
  });
}

/** As DWR 2 answers: a script that its engine runs after taking the guard of the first line away. */
async function reply({ message, panel, sendsForm, status = 200 }: Answer): Promise<Response> {
  if (status !== 200) return await respond('<html><body><h1>HTTP Status</h1></body></html>', status);
  const data = {
    foundAvailabilities: panel !== undefined || sendsForm === true,
    msg: message ?? null,
    panel: panel === undefined ? null : String(await panel),
  };
  return javascript(
    `throw 'allowScriptTagRemoting is false.';\n//#DWR-INSERT\n//#DWR-REPLY\nvar s0=${scriptValue(data)};\ndwr.engine._remoteHandleCallback('0','0',s0);\n`,
  );
}

function motivesPage({ answer: _answer, motives = MOTIVES, standing, ...manners }: Desk): Markup {
  return shell({
    title: 'Prise de rendez-vous',
    scripts: [`${ROOT}/element/js/appointment.js`],
    main: html`<ul class="etapes">
        <li class="active">1. Motif</li>
        <li>2. Date et heure</li>
        <li>3. Vos coordonnées</li>
        <li>4. Confirmation</li>
      </ul>
      <div id="displayDiv">
        <form id="form2" name="form2" method="post" action="${ROOT}/element/jsp/appointment.do">
          <input type="hidden" id="ISiteBeanKeySelect" name="siteKey" value="P941" />
          <input type="hidden" id="serviceBeanKey" name="serviceKey" value="" />
          <div id="pane3">
            <div class="title">Pour quel motif venez-vous ?</div>
            <div id="layerMotive" class="noLayerMotive"></div>
            <div class="motiveField1">
              ${Object.entries(motives).map(
                ([key, label]) =>
                  html`<div class="ligneMotif">
                    <input
                      type="checkbox"
                      name="selectedMotiveKeyList"
                      id="motive${key}"
                      value="${key}"
                      onclick="setQuantity(this)"
                    />
                    <label for="motive${key}">${label}</label>
                  </div>`,
              )}
            </div>
            <div id="timeareaempty" style="visibility:hidden">
              Aucun rendez-vous n'est possible pour les motifs sélectionnés ou le créneau horaire sélectionné.
            </div>
          </div>
          <div id="pane4">${standing ?? ''}</div>
          <div class="form-group">
            <input
              type="button"
              id="nextButtonId"
              class="btn btn-primary"
              value="Continuer"
              onclick="loadSoonestAvailabilities()"
            />
          </div>
        </form>
      </div>
      <script>
        const manners = ${raw(scriptValue(manners))};
      </script>`,
  });
}

function missing(): Markup {
  return shell({ title: 'Page introuvable', main: html`<h1>Page introuvable</h1>` });
}
