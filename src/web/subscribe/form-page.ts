import { html } from 'hono/html';

import { LANGUAGES } from '../../core/subscription.ts';
import type { Markup } from '../frame.ts';
import { KIND_NAMES, TIME_ZONES, type Choices } from './choices.ts';
import { pageOf, paragraphs } from './frame.ts';
import { othersSection, type Offers } from './others.ts';
import { PAGE_WORDS } from './page-words.ts';
import { AT_ONCE, DAILY, type Field, type Mistakes, type Typed } from './request.ts';
import { clockName, procedureName } from './summary.ts';
import type { ErrorKey, PageWords } from './words/words.ts';

/** The form, with what was typed and what is wrong with it beside each field. Works without scripts and at 320 px. */
export interface FormPage {
  readonly words: PageWords;
  readonly choices: Choices;
  readonly typed: Typed;
  readonly mistakes: Mistakes;
  readonly practice: boolean;
  readonly offers: Offers;
  /** False where no mail can be sent: then the page says what else there is. */
  readonly isOpen: boolean;
  /** Whether browsers can be told themselves; that takes a script. */
  readonly isPush: boolean;
}

const NO_MISTAKES: Mistakes = new Map();

export function formPage(page: FormPage): Markup {
  const { words, choices, practice, offers, isOpen, isPush, mistakes } = page;
  const title = isOpen ? words.title : words.closed.title;
  const head = html`<link
    rel="alternate"
    type="application/atom+xml"
    title="Guetteur"
    href="../feeds/alerts.atom?lang=${words.language}"
  />`;
  const others = othersSection({ words, choices, offers });
  const form = isOpen || isPush ? formOf(page) : '';
  const push = isPush ? pushSection(words) : '';
  const main = isOpen
    ? html`${paragraphs(words.intro)} ${errorList(mistakes, words)} ${form} ${push}
        <section aria-labelledby="privacy">
          <h2 id="privacy">${words.privacy.title}</h2>
          ${paragraphs(words.privacy.lines)}
        </section>
        ${others}`
    : html`${paragraphs(words.closed.lines)} ${form} ${push} ${others}`;
  const mark = mistakes.size > 0 ? `(${mistakes.size}) ` : '';
  return pageOf({ words, title, mark, practice, head }, main);
}

/** Each line leads to its field. */
function errorList(mistakes: Mistakes, words: PageWords): Markup | '' {
  if (mistakes.size === 0) return '';
  const lines = [...mistakes].map(
    ([field, key]) => html`<li><a href="#${targetOf(field)}">${words.errors[key]}</a></li>`,
  );
  return html`<div class="errors" role="alert" id="errors">
    <h2>${words.errorsTitle(mistakes.size)}</h2>
    <ul>
      ${lines}
    </ul>
  </div>`;
}

function targetOf(field: Field): string {
  return field === 'quiet' ? 'from' : field;
}

/** Shown by its script, where the browser can do it. */
function pushSection({ others: { push } }: PageWords): Markup {
  return html`<section
    id="push"
    aria-labelledby="push-title"
    hidden
    data-on="${push.on}"
    data-off="${push.off}"
    data-failed="${push.failed}"
  >
    <h2 id="push-title">${push.title}</h2>
    <p>${push.text}</p>
    <p role="status" id="push-state"></p>
    <p>
      <button type="button" id="push-start">${push.button}</button>
      <button type="button" id="push-stop" hidden>${push.stop}</button>
    </p>
    <script type="module" src="../push.js"></script>
  </section>`;
}

/** Without mail there is nothing to send: then only the script for browsers reads the choices, and shows them. */
function formOf(page: FormPage): Markup {
  const { words, choices, typed, mistakes, isOpen } = page;
  const { form: say } = words;
  const kindBoxes = KIND_NAMES.map((kind) =>
    box({ name: 'kinds', value: kind, label: say.kindNames[kind], isTicked: typed.kinds.includes(kind) }),
  );
  const procedureBoxes = choices.procedures.map((procedure) =>
    box({
      name: 'procedures',
      value: procedure,
      label: procedureName(procedure, words.language),
      isTicked: typed.procedures.includes(procedure),
    }),
  );
  return html`<form method="post" novalidate id="wishes" ${isOpen ? '' : 'hidden'}>
    ${isOpen ? addressField(page) : ''} ${departmentField(page)}
    ${group({ field: 'procedures', legend: say.procedures, hint: say.allHint, mistakes, words }, html`<div class="boxes">${procedureBoxes}</div>`)}
    ${group({ field: 'kinds', legend: say.kinds, mistakes, words }, html`${kindBoxes}`)} ${whenField(page)}
    ${quietField(page)} ${languageField(page)} ${isOpen ? html`<button type="submit">${say.submit}</button>` : ''}
  </form>`;
}

function addressField({ words, typed, mistakes }: FormPage): Markup {
  const { address, addressHint } = words.form;
  return html`<div class="field ${mistakes.has('address') ? 'wrong' : ''}">
    <label for="address">${address}</label>
    <p class="hint" id="address-hint">${addressHint}</p>
    ${errorLine('address', mistakes, words)}
    <input
      id="address"
      name="address"
      type="email"
      dir="ltr"
      autocomplete="email"
      autocapitalize="none"
      spellcheck="false"
      required
      value="${typed.address.slice(0, 320)}"
      ${described('address', mistakes, 'address-hint')}
    />
  </div>`;
}

/** Names are French in every language; the code stands first, since people know theirs. */
function departmentField({ words, choices, typed, mistakes }: FormPage): Markup | '' {
  if (choices.departments.length === 0) return '';
  const boxes = choices.departments.map(({ code, name }) =>
    box({
      name: 'departments',
      value: code,
      label: html`<bdi lang="fr">${name === null ? code : `${code} ${name}`}</bdi>`,
      isTicked: typed.departments.includes(code),
    }),
  );
  const { departments, allHint } = words.form;
  return group(
    { field: 'departments', legend: departments, hint: allHint, mistakes, words },
    html`<div class="boxes">${boxes}</div>`,
  );
}

function whenField({ words, typed, mistakes }: FormPage): Markup {
  const { when, atOnce, daily, dailyAt } = words.form;
  const choice = (value: string, label: string): Markup =>
    html`<label class="choice"
      ><input type="radio" name="when" value="${value}" ${typed.when === value ? 'checked' : ''} />
      <span>${label}</span></label
    >`;
  return group(
    { field: 'when', legend: when, mistakes, words },
    html`${choice(AT_ONCE, atOnce)} ${choice(DAILY, daily)}
      <div class="field inner ${mistakes.has('digestAt') ? 'wrong' : ''}">
        <label for="digestAt">${dailyAt}</label>
        ${errorLine('digestAt', mistakes, words)} ${clock('digestAt', typed.digestAt, described('digestAt', mistakes))}
      </div>`,
  );
}

function quietField({ words, typed, mistakes }: FormPage): Markup {
  const { quiet, quietHint, from, to, timeZone, paris } = words.form;
  const about = described('quiet', mistakes, 'quiet-hint');
  const options = TIME_ZONES.map(({ zone, city }) => {
    const name = city === null ? paris : clockName(zone, words.language);
    return html`<option value="${zone}" ${typed.timeZone === zone ? 'selected' : ''}>${name}</option>`;
  });
  return group(
    { field: 'quiet', legend: quiet, hint: quietHint, mistakes, words },
    html`<div class="row">
      <div class="field"><label for="from">${from}</label>${clock('from', typed.from, about)}</div>
      <div class="field"><label for="to">${to}</label>${clock('to', typed.to, about)}</div>
      <div class="field">
        <label for="timeZone">${timeZone}</label>
        ${errorLine('timeZone', mistakes, words)}
        <select id="timeZone" name="timeZone" ${described('timeZone', mistakes)}>
          ${options}
        </select>
      </div>
    </div>`,
  );
}

function languageField({ words, typed, mistakes }: FormPage): Markup {
  const options = LANGUAGES.map(
    (language) =>
      html`<option value="${language}" lang="${language}" ${typed.language === language ? 'selected' : ''}>
        ${PAGE_WORDS[language].name}
      </option>`,
  );
  return html`<div class="field ${mistakes.has('language') ? 'wrong' : ''}">
    <label for="language">${words.form.language}</label>
    ${errorLine('language', mistakes, words)}
    <select id="language" name="language" ${described('language', mistakes)}>
      ${options}
    </select>
  </div>`;
}

interface Group {
  readonly field: Field;
  readonly legend: string;
  readonly hint?: string;
  readonly mistakes: Mistakes;
  readonly words: PageWords;
}

function group({ field, legend, hint, mistakes, words }: Group, inner: Markup): Markup {
  const hintLine = hint === undefined ? '' : html`<p class="hint" id="${field}-hint">${hint}</p>`;
  return html`<fieldset
    id="${field}"
    class="${mistakes.has(field) ? 'wrong' : ''}"
    tabindex="-1"
    ${described(field, mistakes, hint === undefined ? undefined : `${field}-hint`)}
  >
    <legend>${legend}</legend>
    ${hintLine} ${errorLine(field, mistakes, words)} ${inner}
  </fieldset>`;
}

interface Box {
  readonly name: string;
  readonly value: string;
  readonly label: string | Markup;
  readonly isTicked: boolean;
}

function box({ name, value, label, isTicked }: Box): Markup {
  return html`<label class="choice"
    ><input type="checkbox" name="${name}" value="${value}" ${isTicked ? 'checked' : ''} /> <span>${label}</span></label
  >`;
}

function clock(name: string, value: string, about: Markup | ''): Markup {
  return html`<input type="time" id="${name}" name="${name}" value="${value.slice(0, 5)}" ${about} />`;
}

function errorLine(field: Field, mistakes: Mistakes, words: PageWords): Markup | '' {
  const key: ErrorKey | undefined = mistakes.get(field);
  return key === undefined ? '' : html`<p class="error" id="${field}-error">${words.errors[key]}</p>`;
}

/** Ties the hint and the error to the field for who hears the page. */
function described(field: Field, mistakes: Mistakes = NO_MISTAKES, hint?: string): Markup | '' {
  const isWrong = mistakes.has(field);
  const ids = [hint, isWrong ? `${field}-error` : undefined].filter((id) => id !== undefined).join(' ');
  if (ids === '') return '';
  return isWrong ? html`aria-describedby="${ids}" aria-invalid="true"` : html`aria-describedby="${ids}"`;
}
