import { html } from 'hono/html';

import type { CompareFigures, CompareQuestion, Measured, TargetName } from '../../../stats/figures.ts';
import type { Markup } from '../../frame.ts';
import { departmentLine, procedureName } from '../../subscribe/summary.ts';
import type { CompareForm } from '../compare-form.ts';
import { pageOf, type Here } from '../frame.ts';
import { figure, missingLine, proportion, shareCell } from '../parts/measured.ts';
import { dataTable } from '../parts/tables.ts';

export interface ComparePage {
  /** What stands in the form: what was typed, or the last eight weeks. */
  readonly form: CompareForm;
  readonly departments: readonly string[];
  readonly targets: readonly TargetName[];
  /** The answer; null where the form has a mistake. */
  readonly figures: CompareFigures | null;
}

/** S11: two periods side by side, with the difference, its interval, and what it does not say. */
export function comparePage(here: Here, page: ComparePage): Markup {
  const { compare } = here.words;
  const { figures, form } = page;
  const provenance = figures === null ? {} : { provenance: figures.provenance };
  return pageOf(
    here,
    { title: compare.title, current: 'compare', description: compare.lede, ...provenance },
    html`<p class="lede">${compare.lede}</p>
      <p class="note">${compare.beforehand}</p>
      ${here.facts.isStatic ? staticNote(here) : formOf(here, page)}
      ${form.mistake === null ? '' : html`<p class="wrong" role="alert">${compare.wrong[form.mistake]}</p>`}
      ${figures === null ? '' : answer(here, figures)}`,
  );
}

function staticNote({ words: { compare }, facts, language }: Here): Markup {
  const { publicUrl } = facts;
  if (publicUrl === null) return html`<p>${compare.staticOnly}</p>`;
  return html`<p><a href="${publicUrl}${language}/compare/">${compare.staticOnly}</a></p>`;
}

function formOf(here: Here, { form, departments, targets }: ComparePage): Markup {
  const { compare } = here.words;
  const option = (value: string, words: string): Markup =>
    html`<option value="${value}" ${value === form.subject ? 'selected' : ''}>${words}</option>`;
  const day = (name: 'bf' | 'bt' | 'af' | 'at', label: string): Markup =>
    html`<div>
      <label for="${name}">${label}</label>
      <input type="date" id="${name}" name="${name}" value="${form[name]}" required />
    </div>`;
  return html`<form method="get">
    <div>
      <label for="of">${compare.subject}</label>
      <select id="of" name="of">
        ${option('france', compare.everything)}
        <optgroup label="${compare.departments}">
          ${departments.map((code) => option(`department:${code}`, departmentLine(code, here.language)))}
        </optgroup>
        <optgroup label="${compare.pages}">
          ${targets.map((target) =>
            option(`target:${target.id}`, `${procedureName(target.procedure, here.language)} – ${target.id}`),
          )}
        </optgroup>
      </select>
    </div>
    ${day('bf', `${compare.before}, ${compare.from}`)} ${day('bt', `${compare.before}, ${compare.to}`)}
    ${day('af', `${compare.after}, ${compare.from}`)} ${day('at', `${compare.after}, ${compare.to}`)}
    <button type="submit">${compare.submit}</button>
  </form>`;
}

function answer(here: Here, { before, after, question, difference }: CompareFigures): Markup {
  const { words, format } = here;
  const { compare, beside, share } = words;
  const column = (measured: Measured): Markup => shareCell(here, { state: stateOf(measured), measured });
  const span = (side: 'before' | 'after'): string => {
    const { from, to } = question[side];
    return `${compare[side]}, ${format.day(from)} – ${format.day(to)}`;
  };
  const rows = [
    [share.title, column(before), column(after)],
    [beside.coverage, proportion(here, before.coverage), proportion(here, after.coverage)],
    [beside.faults, proportion(here, before.faults), proportion(here, after.faults)],
    [beside.gates, proportion(here, before.gates), proportion(here, after.gates)],
  ];
  const about = subjectOf(here, question);
  return html`<h2>${about}</h2>
    ${dataTable({ caption: about, head: [compare.subject, span('before'), span('after')], rows, isCards: true })}
    <h3>${compare.difference}</h3>
    ${differenceOf(here, difference)}`;
}

function differenceOf(here: Here, difference: CompareFigures['difference']): Markup {
  const { words, format } = here;
  const { compare } = words;
  if (difference.kind === 'insufficient') {
    return html`<p>${compare.insufficient}</p>
      <ul>
        ${difference.missing.map((one) => html`<li>${compare.side[one.side]} – ${missingLine(here, one)}</li>`)}
      </ul>`;
  }
  const { low, high } = difference;
  const text = compare.points(format.points(difference.difference), format.points(low), format.points(high));
  return html`<p><strong>${figure(difference.difference, text)}</strong></p>
    <p>${low <= 0 && high >= 0 ? compare.includesZero : compare.associated}</p>`;
}

/** Of a period nobody says how a map would paint it: its share says enough. */
function stateOf({ share, gates }: Measured): 'gate' | Measured['share']['kind'] {
  return share.kind === 'insufficient' && gates.share !== null && gates.share > 0.5 ? 'gate' : share.kind;
}

function subjectOf({ words: { compare }, language }: Here, { subject }: CompareQuestion): string {
  if ('department' in subject) return departmentLine(subject.department, language);
  return 'target' in subject ? subject.target : compare.everything;
}
