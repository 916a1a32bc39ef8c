import { html, raw } from 'hono/html';

import type { Markup } from '../../frame.ts';

/**
 * Charts are pure functions from figures to SVG. Time runs from the left in every language; each has a text alternative and a
 * table beside it. Colours come from the style sheet by class, so that they follow dark mode and print.
 */

/** The hatches of "not measured" and "could not look", and the dots of "too little data"; once on a page that uses them. */
export function hatches(): Markup {
  return html`<svg class="defs" aria-hidden="true" focusable="false">
    <defs>${patterns('', 1)} ${patterns('-small', 0.4)}</defs>
  </svg>`;
}

/** `-small`: for parts of the map that are drawn enlarged, so that their hatches look like those of the legend. */
function patterns(suffix: '' | '-small', scale: number): Markup {
  return html`<pattern
      id="hatch${suffix}"
      width="9"
      height="9"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45) scale(${scale})"
    >
      <rect class="hatch-ground" width="9" height="9" />
      <path class="hatch-line" d="M0 4.5h9" stroke-width="1.6" />
    </pattern>
    <pattern
      id="cross${suffix}"
      width="10"
      height="10"
      patternUnits="userSpaceOnUse"
      patternTransform="scale(${scale})"
    >
      <rect class="hatch-ground" width="10" height="10" />
      <path class="cross-line" d="M0 0l10 10M10 0L0 10" stroke-width="2.2" />
    </pattern>
    <pattern id="dots${suffix}" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="scale(${scale})">
      <rect class="dots-ground" width="9" height="9" />
      <circle class="dot" cx="4.5" cy="4.5" r="1.3" />
    </pattern>`;
}

/** A small patch of a colour or a hatch, for legends. */
export function swatch(name: string): Markup {
  return html`<svg viewBox="0 0 32 20" aria-hidden="true" focusable="false">
    <rect class="${name}" x="1" y="1" width="30" height="18" />
  </svg>`;
}

export interface KeyEntry {
  readonly name: string;
  readonly words: string;
}

export function keyOf(entries: readonly KeyEntry[]): Markup {
  return html`<ul class="key">
    ${entries.map(({ name, words }) => html`<li>${swatch(name)} <span>${words}</span></li>`)}
  </ul>`;
}

/** Numbers as short as an SVG needs them. */
export function at(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export function rect(
  name: string,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): string {
  return `<rect class="${name}" x="${at(box.x)}" y="${at(box.y)}" width="${at(box.width)}" height="${at(box.height)}"/>`;
}

/** Marks made of numbers and our own class names only: nothing in them comes from outside. */
export function marks(parts: readonly string[]): Markup {
  return raw(parts.join(''));
}
