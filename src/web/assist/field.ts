import { html } from 'hono/html';

import type { Markup } from '../frame.ts';

/** One field of a form for people who help. */
export interface Field {
  /** Of the control; those of its hint and of what is wrong are made from it. */
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  /** What is wrong with what was typed; null for nothing. */
  readonly wrong?: string | null;
}

/** Label, hint, what is wrong, and the control, which gets the attributes that tie it to them. */
export function field(one: Field, control: (about: Markup | '') => Markup): Markup {
  const { id, label, hint, wrong = null } = one;
  return html`<div class="field">
    <label for="${id}">${label}</label>
    ${hint === undefined ? '' : html`<p class="hint" id="${id}-hint">${hint}</p>`} ${wrongOf(id, wrong)}
    ${control(aboutOf(one))}
  </div>`;
}

export function wrongOf(id: string, wrong: string | null): Markup | '' {
  return wrong === null ? '' : html`<p class="wrong" id="${id}-wrong">${wrong}</p>`;
}

/** `id` and what describes the control, as attributes. */
export function aboutOf({ id, hint, wrong = null }: Omit<Field, 'label'>): Markup | '' {
  const by = [hint === undefined ? null : `${id}-hint`, wrong === null ? null : `${id}-wrong`].filter(
    (found) => found !== null,
  );
  const described = by.length === 0 ? '' : html`aria-describedby="${by.join(' ')}"`;
  return wrong === null ? described : html`${described} aria-invalid="true"`;
}
