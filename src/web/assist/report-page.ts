import { html } from 'hono/html';

import { REPORTABLE } from '../../assist/report.ts';
import type { Target } from '../../core/target.ts';
import type { Markup } from '../frame.ts';
import { assetAddress } from './assets.ts';
import { aboutOf, field, wrongOf } from './field.ts';
import { assistPage, lines } from './frame.ts';
import { placeLine, placeName } from './place.ts';
import type { TypedReport } from './report-form.ts';
import type { AssistWords, ReportError } from './words/words.ts';

export interface ReportPage {
  readonly words: AssistWords;
  readonly practice: boolean;
  readonly targets: readonly Target[];
  /** The one target that a spot check asks about. */
  readonly asked: Target | null;
  readonly typed: TypedReport;
  readonly errors: readonly ReportError[];
}

export function reportPage(page: ReportPage): Markup {
  const { words, practice, typed, errors } = page;
  const say = words.report;
  const rest = typed.spot === '' ? 'report' : `report?spot=${encodeURIComponent(typed.spot)}`;
  const mark = errors.length > 0 ? `(${errors.length}) ` : '';
  return assistPage(
    { words, title: say.title, practice, root: '../', rest, mark },
    html`${lines(say.intro)} ${errorList(errors, words)}
      <form method="post" enctype="multipart/form-data" id="report" novalidate>
        ${typed.spot === '' ? '' : html`<input type="hidden" name="spot" value="${typed.spot}" />`} ${targetField(page)}
        ${dateField(page, { id: 'when', type: 'datetime-local', value: typed.when.slice(0, 16) })}
        <fieldset id="outcome" tabindex="-1" ${aboutOf({ id: 'outcome', wrong: wrongWith('outcome', page) })}>
          <legend>${say.outcome}</legend>
          ${wrongOf('outcome', wrongWith('outcome', page))}
          ${REPORTABLE.map(
            (outcome) =>
              html`<label class="choice"
                ><input type="radio" name="outcome" value="${outcome}" ${typed.outcome === outcome ? 'checked' : ''} />
                <span>${words.outcomes[outcome]}</span></label
              >`,
          )}
        </fieldset>
        ${dateField(page, { id: 'firstDate', type: 'date', value: typed.firstDate.slice(0, 10) })} ${pictureField(page)}
        <button type="submit">${say.submit}</button>
      </form>
      <p><a href="./">${words.back}</a></p>
      <script type="module" src="${assetAddress('../', 'report.js')}"></script>`,
  );
}

interface DateField {
  readonly id: 'when' | 'firstDate';
  readonly type: 'datetime-local' | 'date';
  readonly value: string;
}

function dateField(page: ReportPage, { id, type, value }: DateField): Markup {
  const say = page.words.report;
  return field(
    { id, label: say[id], hint: say[`${id}Hint`], wrong: wrongWith(id, page) },
    (about) =>
      html`<input
        type="${type}"
        id="${id}"
        name="${id}"
        ${id === 'when' ? 'required' : ''}
        value="${value}"
        ${about}
      />`,
  );
}

function targetField(page: ReportPage): Markup {
  const { words, targets, asked, typed } = page;
  const say = words.report;
  if (asked !== null) {
    return html`<p>${placeName(asked, words.language)}</p>
      <p><a href="${asked.address}" target="_blank" rel="noopener noreferrer">${say.official}</a></p>
      <input type="hidden" name="target" value="${asked.id}" />`;
  }
  return field(
    { id: 'target', label: say.target, wrong: wrongWith('target', page) },
    (about) =>
      html`<select id="target" name="target" ${about}>
        <option value=""></option>
        ${targets.map(
          (target) =>
            html`<option value="${target.id}" ${typed.target === target.id ? 'selected' : ''}>
              ${placeLine(target, words.language)}
            </option>`,
        )}
      </select>`,
  );
}

/** Where scripts run, the picture is shown and covered before it is sent; elsewhere it is sent as it is. */
function pictureField(page: ReportPage): Markup {
  const say = page.words.report;
  return field(
    { id: 'picture', label: say.picture, hint: say.pictureHint, wrong: wrongWith('picture', page) },
    (about) =>
      html`<input type="file" id="picture" name="picture" accept="image/png,image/jpeg,image/webp" ${about} />
        <div id="cover" hidden>
          <p class="hint" id="cover-hint">${say.blurHint}</p>
          <canvas
            id="cover-picture"
            tabindex="0"
            role="img"
            aria-label="${say.preview}"
            aria-describedby="cover-hint"
          ></canvas>
          <p class="row">
            <button type="button" class="plain" id="undo">${say.undo}</button>
            <button type="button" class="plain" id="remove">${say.remove}</button>
          </p>
        </div>`,
  );
}

const FIELD_OF: Readonly<Record<ReportError, string>> = {
  target: 'target',
  when: 'when',
  outcome: 'outcome',
  firstDate: 'firstDate',
  picture: 'picture',
  pictureKind: 'picture',
  pictureSize: 'picture',
};

function errorList(errors: readonly ReportError[], { report: say }: AssistWords): Markup | '' {
  if (errors.length === 0) return '';
  return html`<div class="errors" role="alert">
    <h2>${say.errorsTitle}</h2>
    <ul>
      ${errors.map((error) => html`<li><a href="#${FIELD_OF[error]}">${say.errors[error]}</a></li>`)}
    </ul>
  </div>`;
}

/** What is wrong with a field, in words; null for nothing. */
function wrongWith(id: string, { errors, words }: ReportPage): string | null {
  const error = errors.find((one) => FIELD_OF[one] === id);
  return error === undefined ? null : words.report.errors[error];
}
