import { html } from 'hono/html';

import type { Markup } from '../../frame.ts';
import { pageOf, type Here } from '../frame.ts';
import type { Refusal } from '../words/words.ts';

/** A page that says what went wrong and leads on; no trace of ours. */
export function refusalPage(here: Here, refusal: Refusal): Markup {
  const { title, text } = here.words.errors[refusal];
  return pageOf(
    here,
    { title, isHidden: true },
    html`<p>${text}</p>
      <p><a href="${here.link('')}">${here.words.frame.menuItems.home}</a></p>`,
  );
}
