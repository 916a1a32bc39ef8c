import { html, raw } from 'hono/html';

import type { MapEntry, Provenance } from '../../stats/figures.ts';
import type { Now } from '../../stats/results.ts';
import type { Markup } from '../frame.ts';
import { at } from './charts/svg.ts';
import { shareBar } from './charts/share-bar.ts';
import type { Here } from './frame.ts';
import { paintOf } from './map/map.ts';
import { shareWords } from './parts/measured.ts';
import { nowNote, notMeasured } from './parts/now.ts';

/** What an association puts on its own page: a picture, or a small page in a frame. Neither asks anything of a third party. */
export interface Embedded {
  /** `93 Seine-Saint-Denis`, or the name of a page. */
  readonly name: string;
  readonly entry: Pick<MapEntry, 'state' | 'measured'> & { readonly now: Now | null };
  readonly provenance: Provenance;
}

/** Colours of the light style sheet: a picture knows none of the page it stands on. White words need 4.5:1 against them. */
const PAINTS: Readonly<Record<string, string>> = {
  m0: '#7a2a05',
  m1: '#a8430a',
  m2: '#8a4b12',
  m3: '#6b5310',
  m4: '#25617f',
  m5: '#1f5f93',
};
const PLAIN = '#525661';
const CHARACTER = 7.1;
const PADDING = 9;

export function badge(here: Here, { name, entry }: Embedded): Markup {
  const { embed, direction } = here.words;
  const left = `${here.facts.practice ? `${here.words.status.modes.practice.split(',')[0] ?? ''} · ` : ''}${embed.label} ${codeOf(name)}`;
  // A badge has no room for "then": it says what holds now, or that nobody knows.
  const isEver = entry.now !== null && entry.now.measuredAt !== null;
  const unmeasured = isEver ? notMeasured(here, entry.now) : null;
  const right = unmeasured ?? valueOf(here, entry);
  const widths = [left, right].map((text) => Math.ceil(text.length * CHARACTER) + 2 * PADDING);
  const [first = 0, second = 0] = widths;
  const paint = unmeasured === null ? (PAINTS[paintOf(entry)] ?? PLAIN) : PLAIN;
  const text = `${left}: ${right}`;
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    width="${first + second}"
    height="24"
    viewBox="0 0 ${first + second} 24"
    role="img"
    aria-label="${text}"
  >
    <title>${text}</title>
    <rect width="${first + second}" height="24" rx="4" fill="#33363f" />
    <path d="M${first} 0h${second - 4}a4 4 0 0 1 4 4v16a4 4 0 0 1-4 4H${first}z" fill="${raw(paint)}" />
    <g
      fill="#fff"
      font-family="Verdana, 'DejaVu Sans', system-ui, sans-serif"
      font-size="12"
      text-anchor="middle"
      direction="${direction}"
    >
      <text x="${at(first / 2)}" y="16.5">${left}</text>
      <text x="${at(first + second / 2)}" y="16.5">${right}</text>
    </g>
  </svg>`;
}

function codeOf(name: string): string {
  return name.replaceAll(/[\u2068\u2069]/g, '').split(' ')[0] ?? name;
}

function valueOf({ words: { embed }, format }: Here, { state, measured: { share } }: Embedded['entry']): string {
  if (state === 'gate') return embed.gate;
  if (state === 'not_measured') return embed.unmeasured;
  switch (share.kind) {
    case 'share':
      return `${format.percent(share.share)} (${format.percent(share.low)}–${format.percent(share.high)})`;
    case 'no_hits':
      return embed.none;
    case 'all_hits':
      return format.percent(1);
    case 'insufficient':
      return embed.few;
    default:
      return share satisfies never;
  }
}

/** Stands in a frame of another site: no menu, and its links leave the frame. */
export function widgetPage(here: Here, { name, entry, provenance }: Embedded): Markup {
  const { words, facts, format } = here;
  const { lead, lines } = shareWords(here, entry);
  const whole = here.link(here.path.replace(/widget\/$/, ''));
  return html`<!doctype html>
    <html lang="${words.language}" dir="${words.direction}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${name} – Guetteur</title>
        <link rel="stylesheet" href="${here.fromRoot(facts.assets['site.css'].path)}" />
      </head>
      <body>
        ${
          facts.practice || provenance.practice
            ? html`<header><p class="practice" role="note">${words.frame.practice}</p></header>`
            : ''
        }
        <main>
          <h1 class="small">${name}</h1>
          ${nowNote(here, entry.now)}
          <p>
            <span class="${notMeasured(here, entry.now) === null ? 'big' : ''}">${lead}</span>
            ${shareBar(entry.measured.share)}
          </p>
          ${lines.map((line) => html`<p>${line}</p>`)}
          <p class="quiet">
            ${words.share.meaning}
            <time datetime="${new Date(provenance.computedAt).toISOString()}"
              >${format.instant(provenance.computedAt)}</time
            >
          </p>
          <p><a href="${whole}" target="_blank" rel="noopener">${words.embed.more}</a> · ${words.frame.neverBuy}</p>
        </main>
      </body>
    </html>`;
}

/** The lines to copy. Where nobody knows the public address, a word stands in for it. */
export function embedSection(here: Here): Markup {
  const { embed } = here.words;
  const { facts, language, path } = here;
  const base = `${facts.publicUrl ?? 'https://…/'}${language}/${path}`;
  const image = `<a href="${base}"><img src="${base}badge.svg" alt="Guetteur" height="24"></a>`;
  const frame = `<iframe src="${base}widget/" title="Guetteur" width="320" height="340" loading="lazy" referrerpolicy="no-referrer"></iframe>`;
  return html`<section class="embed">
    <h2>${embed.title}</h2>
    <p>${embed.text}</p>
    <h3>${embed.badge}</h3>
    <p><img src="${here.link(`${path}badge.svg`)}" alt="${embed.badge}" height="24" loading="lazy" /></p>
    <pre><code>${image}</code></pre>
    <h3>${embed.widget}</h3>
    <pre><code>${frame}</code></pre>
  </section>`;
}
