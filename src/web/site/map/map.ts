import { html, raw } from 'hono/html';

import { departmentName } from '../../../core/department-names.ts';
import type { MapEntry } from '../../../stats/figures.ts';
import type { Share } from '../../../stats/results.ts';
import type { Markup } from '../../frame.ts';
import { swatch } from '../charts/svg.ts';
import type { Here } from '../frame.ts';
import { shareWords } from '../parts/measured.ts';
import type { Outlines } from './outlines.ts';

/**
 * S12. Only a department with a printed share has a colour; too little data, gates and what nobody measured have patterns of
 * their own, and none of them is the colour of zero.
 */

/** Where a class ends: a share below it belongs to the class before. */
const CLASS_ENDS = [0.01, 0.05, 0.2, 0.5] as const;

/** Name of the style that paints an entry: `m0` to `m5`, `few`, `gate`, `unmeasured`. */
export function paintOf({ state, measured: { share } }: Pick<MapEntry, 'state' | 'measured'>): string {
  switch (state) {
    case 'gate':
      return 'gate';
    case 'not_measured':
      return 'unmeasured';
    case 'insufficient':
      return 'few';
    case 'no_hits':
      return 'm0';
    case 'all_hits':
      return 'm5';
    case 'share':
      return share.kind === 'share' ? `m${classOf(share)}` : 'few';
    default:
      return state satisfies never;
  }
}

function classOf({ share, hits }: Extract<Share, { readonly kind: 'share' }>): number {
  if (hits === 0) return 0;
  const found = CLASS_ENDS.findIndex((end) => share < end);
  return found === -1 ? 5 : found + 1;
}

/** Five overseas departments stand in the Atlantic, Paris and what is around it in the north-east, enlarged. */
const ISLANDS = { x: 0, y: 452, step: 112, size: 92 };
/** Part of the mainland's frame, and where it stands. */
const AROUND = { box: '482 211 38 46', x: 848, y: 4, width: 150, height: 182 };
const AROUND_CODES = ['75', '77', '78', '91', '92', '93', '94', '95'];

export function franceMap(here: Here, entries: readonly MapEntry[], outlines: Outlines): Markup {
  const byCode = new Map(entries.map((entry) => [entry.department, entry]));
  const shape = (code: string, path: string): string => {
    const entry = byCode.get(code);
    const paint = entry === undefined ? 'unmeasured' : paintOf(entry);
    // Only our own codes and path data, checked when they were read, stand in this markup; names are escaped.
    const title = escaped(titleOf(here, code, entry));
    return `<a href="${here.link(`department/${code}/`)}" tabindex="-1"><title>${title}</title><path class="${paint}" d="${path}"/></a>`;
  };
  const mainland = [...outlines.mainland].map(([code, path]) => shape(code, path)).join('');
  const around = AROUND_CODES.map((code) => shape(code, outlines.mainland.get(code) ?? '')).join('');
  const { x, y, width, height } = AROUND;
  // Whoever cannot see or point finds the same, with the same links, in the table below.
  return html`<figure class="map">
    <svg viewBox="0 0 1010 1024" aria-hidden="true" focusable="false" direction="ltr">
      ${raw(mainland)} ${raw(islands(outlines, shape))}
      <rect class="frame" x="${x}" y="${y + 1}" width="${width}" height="${height}" />
      <svg class="island" x="${x}" y="${y}" width="${width}" height="${height}" viewBox="${AROUND.box}">
        ${raw(around)}
      </svg>
      <text x="${x - 14}" y="${y + 26}" text-anchor="end">${here.words.map.around}</text>
    </svg>
    <figcaption>${here.words.map.caption}</figcaption>
  </figure>`;
}

function islands({ overseas }: Outlines, shape: (code: string, path: string) => string): string {
  return [...overseas]
    .map(([code, { box, path }], index) => {
      const y = ISLANDS.y + index * ISLANDS.step;
      const frame = `x="${ISLANDS.x + 4}" y="${y + 4}" width="${ISLANDS.size}" height="${ISLANDS.size}"`;
      const label = `<text x="${ISLANDS.x + ISLANDS.size + 12}" y="${y + 58}">${code}</text>`;
      return `<svg class="island" ${frame} viewBox="${box}">${shape(code, path)}</svg>${label}`;
    })
    .join('');
}

function titleOf(here: Here, code: string, entry: MapEntry | undefined): string {
  const name = `${code} ${departmentName(code) ?? ''}`.trim();
  return entry === undefined ? name : `${name}: ${shareWords(here, entry).short}`;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function mapLegend({ words: { map, states } }: Here): Markup {
  const rows = [
    ...map.classes.map((words, index) => ({ name: `m${index}`, words })),
    { name: 'few', words: states.insufficient },
    { name: 'gate', words: states.gate },
    { name: 'unmeasured', words: states.not_measured },
  ];
  return html`<p id="legend"><strong>${map.legend}</strong></p>
    <ul class="legend" aria-labelledby="legend">
      ${rows.map(({ name, words }) => html`<li>${swatch(name)} <span>${words}</span></li>`)}
    </ul>
    <p class="quiet">${map.noRanking}</p>`;
}
