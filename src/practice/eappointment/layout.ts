import { html, raw } from 'hono/html';
import type { Markup } from '../shared/sites.ts';

export const ROOT = '/eAppointmentpref94';
export const DOOR = `${ROOT}/element/jsp/specific/pref94.jsp`;
export const APPOINTMENT = `${ROOT}/element/jsp/appointment.jsp`;

const STYLE = raw(`<style>
body{margin:0;background:#f3f3f3;font:14px/1.5 Arial,Helvetica,sans-serif;color:#333}
.container{width:970px;margin:0 auto;background:#fff;padding:20px 30px;min-height:90vh}
.entete{display:flex;gap:30px;align-items:center;border-bottom:3px solid #1a3f7a}
.entete strong{text-transform:uppercase;border-left:6px solid #1a3f7a;padding-left:10px}
.form-group{margin:15px 0}.form-control{border:1px solid #aaa;padding:6px 10px;font:inherit}
.btn{border:1px solid #2e6da4;padding:6px 14px;font:inherit;cursor:pointer}.btn-primary{background:#337ab7;color:#fff}
.btn[disabled]{opacity:.5}.etapes{display:flex;gap:6px;list-style:none;padding:0}.etapes li{flex:1;background:#ddd;padding:6px}
.etapes li.active{background:#1a3f7a;color:#fff}.title{font-weight:bold;font-size:16px;margin:12px 0}
.ligneMotif{padding:3px 0}.noLayerMotive{display:none}
#ui-datepicker-div{border:1px solid #aaa;padding:6px;display:inline-block;background:#fff}
.ui-datepicker-group{display:inline-block;vertical-align:top;margin:0 8px}.ui-datepicker-title{text-align:center;font-weight:bold}
.ui-datepicker-calendar td{text-align:right;padding:2px}.ui-datepicker-calendar .ui-state-default{display:block;border:1px solid #ddd;padding:3px 6px;color:#999}
.ui-datepicker-calendar a.ui-state-default{background:#d9edf7;color:#1a3f7a;text-decoration:none}
.pied{border-top:1px solid #ccc;margin-top:40px;font-size:12px;color:#666}
</style>`);

export interface ShellParts {
  readonly title: string;
  readonly main: Markup;
  readonly scripts?: readonly string[];
}

export function shell({ title, main, scripts = [] }: ShellParts): Markup {
  return html`<!DOCTYPE html>
    <html lang="fr">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        ${STYLE}
      </head>
      <body>
        <div class="container">
          <div class="entete">
            <strong>Préfecture<br />du Val-de-Marne</strong>
            <p>Rendez-vous du service des étrangers</p>
          </div>
          ${main}
          <div class="pied"><p>eAppointment – page d'exercice (réplique), sans démarche réelle</p></div>
        </div>
        ${scripts.map((source) => html`<script src="${source}"></script>`)}
      </body>
    </html>`;
}

/** The page that asks for a post code, and its script, which only sends the browser on. */
export function postCodePage(notice: Markup | '' = ''): Markup {
  return shell({
    title: 'Prise de rendez-vous',
    scripts: [`${ROOT}/element/js/specific/pref94.js`],
    main: html`<h2>Prendre un rendez-vous</h2>
      ${notice}
      <p>
        Le guichet qui vous reçoit dépend de la commune où vous habitez. Le rendez-vous est gratuit et personnel ;
        munissez-vous de votre convocation le jour venu.
      </p>
      <form name="frm" class="form-horizontal" action="javascript:coin()">
        <div class="form-group">
          <label for="CPId">Votre code postal</label>
          <input type="text" class="form-control" id="CPId" name="CP" maxlength="5" placeholder="Code Postal" />
        </div>
        <div class="form-group"><input type="button" class="btn btn-primary" value="Continuer" onclick="coin()" /></div>
      </form>`,
  });
}

/** Three of the communes' codes are enough for an exercise. */
export const POST_CODE_SCRIPT = `const SITES = { 94000: 'P941', 94130: 'P942', 94240: 'P943' };
function coin() {
  const field = document.forms.frm.CP;
  const site = SITES[field.value.trim()];
  field.value = '';
  if (site === undefined) alert('Veuillez saisir un code postal valide.');
  else location.assign('${ROOT}/appointment.do?sitekey=' + site + '&mobile=false');
}
`;
