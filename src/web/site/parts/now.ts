import { html } from 'hono/html';

import type { Now } from '../../../stats/results.ts';
import type { Markup } from '../../frame.ts';
import type { Here } from '../frame.ts';
import { NOW_WORDS } from '../words/now.ts';

/** What is said instead of the last known answer, where that does not speak for now. Null where it does, and of a control. */
export function notMeasured({ language, format }: Pick<Here, 'language' | 'format'>, now: Now | null): string | null {
  if (now === null || now.state === 'measured') return null;
  const words = NOW_WORDS[language];
  return now.measuredAt === null ? words.never : words.since(format.instant(now.measuredAt));
}

/** The same as a note with its reason, before figures of a longer time. */
export function nowNote(here: Here, now: Now | null): Markup {
  const said = notMeasured(here, now);
  if (said === null || now === null) return html``;
  const words = NOW_WORDS[here.language];
  if (now.state === 'measured' || now.state === 'never' || now.measuredAt === null) {
    return html`<p class="note"><strong>${said}.</strong></p>`;
  }
  return html`<p class="note">
    <strong><time datetime="${new Date(now.measuredAt).toISOString()}">${said}</time>.</strong>
    ${words.why[now.state]} ${words.ofThePeriod}
  </p>`;
}

/** In a cell, under the name of what is not measured. */
export function nowLine(here: Here, now: Now | null): Markup {
  const said = notMeasured(here, now);
  return said === null ? html`` : html` <small>${said}</small>`;
}
