import { html } from 'hono/html';

import type { TargetName } from '../../../stats/figures.ts';
import type { Outage } from '../../../stats/results.ts';
import type { Markup } from '../../frame.ts';
import type { Here } from '../frame.ts';
import { NOW_WORDS } from '../words/now.ts';
import { dataTable } from './tables.ts';

/** Outages with the bounds of their beginning and end, and the page's own words, which stay in its language. */
export function outageTable(
  here: Here,
  outages: readonly Outage[],
  { caption, nameOf }: { readonly caption: string; readonly nameOf: ((targetId: string) => string | Markup) | null },
): Markup {
  const { service, outcomes } = here.words;
  if (outages.length === 0) return html`<p>${service.outagesNone}</p>`;
  const rows = outages.map((outage) => [
    began(here, outage),
    ended(here, outage),
    html`<span class="state fault">${outcomes[outage.outcome]}</span> ${
        nameOf === null ? '' : html`<small>${nameOf(outage.targetId)}</small>`
      }`,
    textsOf(here, outage),
  ]);
  return dataTable({
    caption,
    head: [service.began, service.ended, service.what, service.text],
    rows,
    isCards: true,
    isQuiet: true,
  });
}

function time(here: Here, at: number): string {
  return here.format.moment(at);
}

function began(here: Here, { afterAt, firstSeenAt }: Outage): Markup {
  const { service } = here.words;
  const words =
    afterAt === null
      ? service.beganBy(time(here, firstSeenAt))
      : service.beganBetween(time(here, afterAt), time(here, firstSeenAt));
  return html`<time datetime="${new Date(firstSeenAt).toISOString()}">${words}</time>`;
}

function ended(here: Here, { lastSeenAt, goneByAt, lostAt }: Outage): Markup {
  const { service } = here.words;
  if (lostAt !== null) {
    const said = NOW_WORDS[here.language].endNotSeen(time(here, lastSeenAt));
    return html`<time datetime="${new Date(lastSeenAt).toISOString()}">${said}</time>`;
  }
  if (goneByAt === null) return html`<strong>${service.lasts}</strong>`;
  return html`<time datetime="${new Date(goneByAt).toISOString()}"
    >${service.endedBetween(time(here, lastSeenAt), time(here, goneByAt))}</time
  >`;
}

function textsOf({ words: { service } }: Here, { texts }: Outage): Markup {
  if (texts.length === 0) return html`<span class="quiet">${service.noText}</span>`;
  return html`${texts.map((text) => html`<blockquote lang="fr" dir="ltr">${text}</blockquote>`)}`;
}

/** `Renouvellement de titre, Préfecture de la Seine-Saint-Denis`: a page in a few words, from our words and the catalogue's. */
export function targetLine({ procedure, label, prefecture, id }: TargetName, procedureWords: string): Markup {
  const what = label === null ? procedureWords : `${procedureWords} (\u2068${label}\u2069)`;
  const where = prefecture ?? (label === null ? id : null);
  return html`${procedure === 'service' && label !== null ? html`<bdi>${label}</bdi>` : what}${
    where === null ? '' : html` – <bdi>${where}</bdi>`
  }`;
}
