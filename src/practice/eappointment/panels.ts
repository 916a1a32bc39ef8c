import { html, raw } from 'hono/html';
import type { Markup } from '../shared/sites.ts';
import { ROOT } from './layout.ts';

export interface DatePanel {
  readonly calendar?: Markup;
  /** The calendar stays folded until its picture is pressed. */
  readonly isFolded?: boolean;
  readonly isDisabled?: boolean;
  /** The hours stand in the page and are not shown. */
  readonly areHoursHidden?: boolean;
}

const FOLDED = raw('<style>#ui-datepicker-div{display:none}</style>');

/** The step after the motives: a day and an hour. */
export function datePanel(look: DatePanel): Markup {
  const { calendar, isFolded = false, isDisabled = false, areHoursHidden = false } = look;
  return html`<div class="title">Quand souhaitez-vous venir ?</div>
    <div class="form-group">
      <label for="dayValueId">Jour</label>
      <input
        type="text"
        class="form-control hasDatepicker"
        id="dayValueId"
        name="dayValue"
        ${isDisabled ? raw('disabled="disabled"') : ''}
      />
      ${
        isFolded
          ? html`<img
              id="calendarImgId"
              alt="Ouvrir le calendrier"
              width="24"
              height="24"
              src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="
              onclick="openJqueryCal()"
            />`
          : ''
      }
      <input type="hidden" id="dateFormatStrId" value="dd/mm/yy" />
    </div>
    <div class="form-group" ${areHoursHidden ? raw('style="display:none"') : ''}>
      <label for="hourValueSelect">Heure</label>
      <select id="hourValueSelect" name="hourValue" class="form-control">
        <option value="">Toutes</option>
        <option value="9">9h</option>
        <option value="14">14h</option>
      </select>
    </div>
    ${isFolded ? FOLDED : ''}${calendar ?? ''}`;
}

/** The step after the date: a person, and a captcha in the same form. */
export function identityPanel({ hasCaptcha }: { readonly hasCaptcha: boolean }): Markup {
  const fields = [
    ['userLastName', 'Nom'],
    ['userFirstName', 'Prénom'],
    ['userZip', 'Code postal'],
    ['userEmail', 'Courriel'],
    ['userPhone', 'Téléphone'],
  ];
  return html`<div class="title">Vos coordonnées</div>
    ${fields.map(
      ([name, label]) =>
        html`<div class="form-group">
          <label for="${name}">${label}</label><input type="text" class="form-control" id="${name}" name="${name}" />
        </div>`,
    )}
    ${
      hasCaptcha
        ? html`<div class="choice_captcha">
            <div class="img_captcha"><img src="${ROOT}/captcha?1" alt="" width="120" height="40" /></div>
            <input type="text" class="form-control" name="imgc" />
          </div>`
        : ''
    }
    <input type="submit" class="btn" id="saveRdvId" formaction="${ROOT}/saveRdv.do" value="Enregistrer" />`;
}
