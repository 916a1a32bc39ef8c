import { html } from 'hono/html';

import type { Agreement, HelpedCheck } from '../store/contract.ts';
import { frame, table, time, type Markup } from './frame.ts';

export interface PeoplePage {
  readonly helped: readonly HelpedCheck[];
  readonly agreements: readonly Agreement[];
  readonly practice: boolean;
}

/** What people read with the monitor, and apart from it what they reported themselves: their word is no reading of ours. */
export function peoplePage({ helped, agreements, practice }: PeoplePage): Markup {
  const isWord = ({ mode }: HelpedCheck): boolean => mode === 'reported';
  const agreeing = agreements.filter(({ isAgreed }) => isAgreed).length;
  return frame(
    { title: 'People', practice },
    html`<p><a href="/operator/">All targets</a></p>
      <h2>Read with a person's help</h2>
      <p>
        “uniform” was read at a random instant and may enter a share (S1). “opportunistic” stands beside it, never in
        it.
      </p>
      ${table(['Check', 'Target', 'Seen', 'Outcome', 'Design', 'By'], helped.filter((row) => !isWord(row)).map(readRow))}
      <h2>Reported by people</h2>
      <p>
        Their own word, in no share. Of ${String(agreements.length)} pairs with an automatic reading ${String(agreeing)}
        agree (S13).
      </p>
      ${table(['Check', 'Target', 'Seen', 'Said', 'Picture', 'By'], helped.filter(isWord).map(wordRow))}`,
  );
}

function readRow({
  id,
  targetId,
  observedAt,
  startedAt,
  outcome,
  design,
  helper,
  kind,
}: HelpedCheck): (string | Markup)[] {
  const by = helper ?? (kind === 'again' ? 'read again' : '-');
  return [String(id), targetId, time(observedAt ?? startedAt), outcome, design, by];
}

function wordRow({ id, targetId, startedAt, outcome, picture, helper, kind }: HelpedCheck): (string | Markup)[] {
  const link = picture === null ? '-' : html`<a href="/operator/people/${String(id)}.png">picture</a>`;
  const said = kind === 'spot' ? `${outcome} (spot check)` : outcome;
  return [String(id), targetId, time(startedAt), said, link, helper ?? '-'];
}
