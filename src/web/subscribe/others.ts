import { html } from 'hono/html';

import type { AlertSettings } from '../../alerts/configured.ts';
import type { Markup } from '../frame.ts';
import type { Choices } from './choices.ts';
import { MESSAGE_WORDS } from './summary.ts';
import type { PageWords } from './words/words.ts';

/** Ways to hear of openings that need no address: they are shown below the form, or in its place. */
export interface Offers {
  /** Name of the bot without @; null where there is none. */
  readonly telegramBot: string | null;
  /** Addresses of ntfy topics that anyone may read. */
  readonly ntfyTopics: readonly string[];
}

const NTFY_SERVER = 'https://ntfy.sh';

/**
 * The ntfy topics of the configuration that carry what the public may read. A topic that also tells the operator of faults is the
 * operator's own and stays unnamed: whoever knows a topic can read it.
 */
export function publicTopics({ channels, subscriptions }: AlertSettings): readonly string[] {
  const server = channels['ntfy']?.['server'];
  const base = typeof server === 'string' ? server.replace(/\/+$/, '') : NTFY_SERVER;
  const own = ({ kinds }: AlertSettings['subscriptions'][number]): boolean =>
    kinds.includes('operator') || kinds.includes('canary');
  const topics = subscriptions.filter(({ channel }) => channel === 'ntfy');
  const hidden = new Set(topics.filter(own).map(({ to }) => topicOf(to)));
  const shown = topics.filter((one) => !own(one) && one.kinds.includes('slots')).map(({ to }) => topicOf(to));
  return [...new Set(shown)].flatMap((topic) => (topic === null || hidden.has(topic) ? [] : [`${base}/${topic}`]));
}

function topicOf(to: unknown): string | null {
  if (typeof to !== 'object' || to === null || !('topic' in to)) return null;
  return typeof to.topic === 'string' ? to.topic : null;
}

interface OthersRequest {
  readonly words: PageWords;
  readonly choices: Choices;
  readonly offers: Offers;
}

export function othersSection({ words, choices, offers }: OthersRequest): Markup {
  const { others, language } = words;
  const { colon } = MESSAGE_WORDS[language];
  const feed = (name: string, label: Markup | string): Markup =>
    html`<li>
      ${label}${colon}<a href="../feeds/${name}.atom?lang=${language}">Atom</a>,
      <a href="../feeds/${name}.json?lang=${language}">JSON</a>
    </li>`;
  const byDepartment = choices.departments.map(({ code, name }) =>
    feed(code, html`<bdi lang="fr">${name === null ? code : `${code} ${name}`}</bdi>`),
  );
  const departments =
    byDepartment.length === 0
      ? ''
      : html`<details>
          <summary>${others.feedsByDepartment}</summary>
          <ul class="feeds">
            ${byDepartment}
          </ul>
        </details>`;
  const bot = offers.telegramBot;
  const telegram =
    bot === null
      ? ''
      : html`<p>
          ${others.telegram} <a href="https://t.me/${bot}"><bdi dir="ltr">@${bot}</bdi></a>
        </p>`;
  const topics = offers.ntfyTopics.map(
    (address) =>
      html`<li>
        <a href="${address}"><bdi dir="ltr">${address}</bdi></a>
      </li>`,
  );
  const ntfy =
    topics.length === 0
      ? ''
      : html`<p>${others.ntfy}</p>
          <ul>
            ${topics}
          </ul>`;
  return html`<section aria-labelledby="others">
    <h2 id="others">${others.title}</h2>
    <p>${others.feeds}</p>
    <ul>
      ${feed('alerts', others.feedAll)}
    </ul>
    ${departments} ${telegram} ${ntfy}
  </section>`;
}
