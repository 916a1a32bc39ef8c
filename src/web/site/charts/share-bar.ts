import { html } from 'hono/html';

import type { Markup } from '../../frame.ts';
import type { Share } from '../../../stats/results.ts';
import { at } from './svg.ts';
import { spanOf } from './span.ts';

/** The interval of a share on a line from none to all; nothing where there is no share. The figures stand beside it. */
export function shareBar(share: Share): Markup | '' {
  const span = spanOf(share);
  if (span === null) return '';
  const x = (value: number): string => at(2 + value * 196);
  const width = at(Math.max(2, (span.high - span.low) * 196));
  return html`<svg class="bar" viewBox="0 0 200 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">
    <rect class="track" x="1" y="2" width="198" height="8" rx="2" />
    <rect class="span" x="${x(span.low)}" y="2" width="${width}" height="8" />
    <rect class="mark" x="${at(Math.min(195, 1 + span.share * 196))}" y="0" width="4" height="12" />
  </svg>`;
}
