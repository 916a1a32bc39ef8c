import { html } from 'hono/html';

import type { Spot } from '../../assist/desk.ts';
import type { Offer } from '../../assist/queue.ts';
import type { Markup } from '../frame.ts';
import { assetAddress } from './assets.ts';
import { assistPage, lines } from './frame.ts';
import { clockIn, dayIn, placeName } from './place.ts';
import type { AssistWords } from './words/words.ts';

export interface QueuePage {
  readonly words: AssistWords;
  readonly practice: boolean;
  readonly name: string;
  readonly offers: readonly Offer[];
  readonly spots: readonly Spot[];
  /** The person's window that is still open. */
  readonly openId: string | null;
  readonly now: number;
}

/** More than anybody reads in one sitting. */
const SHOWN = 12;

export function queuePage({ words, practice, name, offers, spots, openId, now }: QueuePage): Markup {
  const say = words.queue;
  const resume = openId === null ? '' : html`<p><a class="button" href="window/${openId}">${say.resume}</a></p>`;
  const list =
    offers.length === 0
      ? lines(say.none)
      : html`<ol class="cards">
          ${offers.slice(0, SHOWN).map((offer) => card(offer, words, now))}
        </ol>`;
  return assistPage(
    { words, title: say.title, practice, root: '../', rest: '', more: nextScript() },
    html`<p>${say.hello(name)} ${say.short}</p>
      <details>
        <summary>${say.howTitle}</summary>
        ${lines(say.intro)}
      </details>
      ${resume}
      <section aria-labelledby="list">
        <h2 id="list">${say.listTitle}</h2>
        ${list}
      </section>
      ${spotSection(spots, words)}
      <section aria-labelledby="other">
        <h2 id="other">${say.otherTitle}</h2>
        <p>${say.otherText}</p>
        <p><a href="report">${say.otherLink}</a></p>
      </section>
      <section aria-labelledby="privacy">
        <h2 id="privacy">${say.privacyTitle}</h2>
        ${lines(say.privacy)}
      </section>`,
  );
}

/** What comes next is fetched while the list is read: on a slow line the code is there half a second sooner. */
function nextScript(): Markup {
  return html`<link rel="modulepreload" href="${assetAddress('../', 'window.js')}" />`;
}

function card(offer: Offer, words: AssistWords, now: number): Markup {
  const say = words.queue;
  const { target, reasons, lastSeenAt, windowUntil, freeAt, isTaken } = offer;
  // Until when it counts says as well that it counts.
  const others = reasons.filter((reason) => reason !== 'window');
  const notes = [
    windowUntil === null ? null : say.countsUntil(clockIn(windowUntil)),
    lastSeenAt === null ? null : say.lastSeen(dayIn(lastSeenAt, words.language)),
    freeAt > now ? say.freeIn(Math.ceil((freeAt - now) / 60_000)) : null,
    isTaken ? say.taken : null,
  ].filter((note) => note !== null);
  return html`<li class="${windowUntil === null ? '' : 'due'}">
    <p id="t-${target.id}">${placeName(target, words.language)}</p>
    <p class="hint">${[...others.map((reason) => say.reasons[reason]), ...notes].join(' · ')}</p>
    <form method="post" action="begin">
      <input type="hidden" name="target" value="${target.id}" />
      <button type="submit" aria-describedby="t-${target.id}">${say.button}</button>
    </form>
  </li>`;
}

function spotSection(spots: readonly Spot[], words: AssistWords): Markup | '' {
  if (spots.length === 0) return '';
  const say = words.queue;
  return html`<section aria-labelledby="spot">
    <h2 id="spot">${say.spotTitle}</h2>
    <p>${say.spotText}</p>
    <ol class="cards">
      ${spots.map(
        ({ target, checkId, observedAt }) =>
          html`<li>
            <p>${placeName(target, words.language)}</p>
            <p class="hint">${say.spotSeen(clockIn(observedAt))}</p>
            <p><a class="button" href="report?spot=${checkId}">${say.spotButton}</a></p>
          </li>`,
      )}
    </ol>
  </section>`;
}
