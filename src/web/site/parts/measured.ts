import { html } from 'hono/html';

import { isOutcome } from '../../../core/outcome.ts';
import type { MapEntry, Measured } from '../../../stats/figures.ts';
import type { Missing, Proportion, Share } from '../../../stats/results.ts';
import type { Markup } from '../../frame.ts';
import { shareBar } from '../charts/share-bar.ts';
import type { Here } from '../frame.ts';
import { dataTable, facts, type Fact } from './tables.ts';

/** S1 and what always stands beside it, in words. A figure carries its whole value in `<data>`: programs read the same as people. */

export function figure(value: number, words: string): Markup {
  return html`<data value="${String(value)}">${words}</data>`;
}

export interface ShareInWords {
  /** A few words for a cell or a title. */
  readonly short: string;
  /** The figure, or what stands in its place. */
  readonly lead: Markup;
  readonly lines: readonly string[];
}

export function shareWords(here: Here, { state, measured }: Pick<MapEntry, 'state' | 'measured'>): ShareInWords {
  if (state === 'gate' || state === 'not_measured') {
    const words = here.words.states[state];
    return { short: words, lead: html`${words}`, lines: gateLine(here, measured.gates) };
  }
  return wordsOf(here, measured.share);
}

function wordsOf(here: Here, share: Share): ShareInWords {
  const { words, format } = here;
  const base = words.share.base(format.count(share.hits), format.count(share.checks), format.count(share.days));
  switch (share.kind) {
    case 'share': {
      const interval = words.share.interval(format.percent(share.low), format.percent(share.high));
      const shown = format.percent(share.share);
      return { short: `${shown}, ${interval}`, lead: figure(share.share, shown), lines: [interval, base] };
    }
    case 'no_hits': {
      const bounds = words.share.noHitsBounds(format.percent(share.perCheckHigh), format.percent(share.perDayHigh));
      return { short: words.share.noHits, lead: figure(0, words.share.noHits), lines: [base, bounds] };
    }
    case 'all_hits': {
      const bounds = words.share.allHitsBounds(format.percent(share.perCheckLow), format.percent(share.perDayLow));
      return { short: words.share.allHits, lead: figure(1, words.share.allHits), lines: [base, bounds] };
    }
    case 'insufficient': {
      const soFar = words.share.soFar(format.count(share.hits), format.count(share.checks));
      const missing = share.missing.map((one) => missingLine(here, one));
      const short = words.share.insufficient;
      return { short, lead: html`${short}`, lines: [`${soFar} ${missing.join(', ')}.`] };
    }
    default:
      return share satisfies never;
  }
}

/** Coverage is a share; everything else that may be missing is counted. */
export function missingLine({ words, format }: Here, { what, have, need }: Missing): string {
  const shown = (value: number): string => (what === 'coverage' ? format.percent(value) : format.count(value));
  return words.missing[what](shown(have), shown(need));
}

/** Interval or bounds only, for lists of many. */
export function shortShareCell(here: Here, entry: Pick<MapEntry, 'state' | 'measured'>): Markup {
  const { words, format } = here;
  const { share, gates } = entry.measured;
  const { lead, lines } = shareWords(here, entry);
  const isGated = entry.state === 'gate' && gates.share !== null;
  const gated = isGated ? `${format.percent(gates.share ?? 0)} – ${words.beside.gatesHint}` : null;
  const line = gated ?? (share.kind === 'no_hits' || share.kind === 'all_hits' ? lines[1] : lines[0]) ?? '';
  return html`<div class="together"><strong>${lead}</strong> ${shareBar(share)}</div>
    ${line === '' ? '' : html`<small>${line}</small>`}`;
}

/** "We could not look" is said in words wherever it is more than one check in ten. */
function gateLine({ words, format }: Here, { share }: Proportion): string[] {
  return share !== null && share > 0.1 ? [words.beside.couldNotLook(format.percent(share))] : [];
}

/** A cell of a table: figure, interval, bar. */
export function shareCell(here: Here, entry: Pick<MapEntry, 'state' | 'measured'>): Markup {
  const { lead, lines } = shareWords(here, entry);
  return html`<div class="together"><strong>${lead}</strong> ${shareBar(entry.measured.share)}</div>
    ${lines.map((line) => html`<small>${line}</small>`)}`;
}

export function proportion({ words, format }: Here, { count, of, share }: Proportion): Markup {
  if (share === null) return html`–`;
  return html`${figure(share, format.percent(share))}
    <small>${words.beside.of(format.count(count), format.count(of))}</small>`;
}

/** A share as people say it; nothing where none is printed. */
export function oftenLine(
  { words, format }: Here,
  { state, measured: { share } }: Pick<MapEntry, 'state' | 'measured'>,
): Markup {
  if (share.kind !== 'share' || state === 'gate') return html``;
  const { often } = words.share;
  const of = share.share < 0.095 ? 100 : 10;
  const times = Math.round(share.share * of);
  if (times === of) return html`<p class="often">${often.always}</p>`;
  return html`<p class="often">${times === 0 ? often.seldom : often.times(format.count(times), format.count(of))}</p>`;
}

export interface MoreMeasured {
  /** How the figure came about, close to it. */
  readonly how?: Markup;
  /** What stands before coverage, faults and gates. */
  readonly facts?: readonly Fact[];
}

/** The whole of it: the share with its interval, coverage, faults and gates, and every outcome in a table. */
export function measuredSection(
  here: Here,
  entry: Pick<MapEntry, 'state' | 'measured'>,
  more: MoreMeasured = {},
): Markup {
  const { words, format } = here;
  const { share, coverage, faults, gates, softBlocked } = entry.measured;
  const { lead, lines } = shareWords(here, entry);
  const hint = (name: string, about: string): string => `${name} (${about})`;
  const gate = gateLine(here, gates);
  const isSaid = lines.includes(gate[0] ?? '');
  return html`<p><span class="big">${lead}</span> ${shareBar(share)}</p>
    ${oftenLine(here, entry)} ${lines.map((line) => html`<p>${line}</p>`)}
    <p class="quiet">${words.share.meaning}</p>
    ${isSaid ? '' : gate.map((line) => html`<p class="note">${line}</p>`)} ${more.how ?? ''}
    ${facts([
      ...(more.facts ?? []),
      [hint(words.beside.coverage, words.beside.coverageHint), proportion(here, coverage)],
      [hint(words.beside.faults, words.beside.faultsHint), proportion(here, faults)],
      [hint(words.beside.gates, words.beside.gatesHint), proportion(here, gates)],
      ...(softBlocked === 0 ? [] : [[words.beside.softBlocked, format.count(softBlocked)] as const]),
    ])}
    ${outcomesTable(here, entry.measured)}`;
}

function outcomesTable({ words, format }: Here, { outcomes }: Measured): Markup {
  const rows = Object.entries(outcomes)
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a)
    .map(([outcome, count]) => [isOutcome(outcome) ? words.outcomes[outcome] : outcome, format.count(count)]);
  if (rows.length === 0) return html``;
  const { beside } = words;
  return html`<details>
    <summary>${beside.outcomes}</summary>
    ${dataTable({ caption: beside.outcomes, head: [beside.outcome, beside.checks], rows })}
  </details>`;
}
