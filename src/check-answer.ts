import { iso } from './commands.ts';
import type { Check, Evidence } from './core/check.ts';
import { groupOf } from './core/outcome.ts';
import type { Redirect } from './core/capture.ts';
import type { Facets } from './core/reading.ts';

/** The answer to one check: the JSON object that programs read. Instants are ISO 8601 UTC, hashes SHA-256 in hex. */
export interface CheckAnswer {
  readonly outcome: string;
  readonly group: string;
  readonly platform: string;
  readonly target: string;
  readonly rule: string;
  readonly message: string;
  readonly facets: Facets;
  readonly status: number | null;
  readonly finalUrl: string | null;
  readonly redirects: readonly Redirect[];
  readonly steps: readonly { readonly name: string; readonly durationMs: number }[];
  readonly startedAt: string | null;
  readonly observedAt: string | null;
  /** Hashes of the page that was read; null where there is none. */
  readonly evidence: { readonly html: string | null; readonly text: string | null; readonly screenshot: string | null };
  /** What the browser was kept from doing, or that was cut: refused addresses, pop-ups, downloads; empty when nothing was. */
  readonly incidents: readonly { readonly kind: string; readonly detail: string; readonly url: string }[];
  readonly dialogs: readonly string[];
  readonly truncated: boolean;
}

const NO_EVIDENCE: Record<keyof Evidence, null> = { html: null, text: null, screenshot: null };

export function answerOf(check: Check): CheckAnswer {
  const { outcome, rule, message, facets } = check.reading;
  const last = check.captures.at(-1);
  return {
    outcome,
    group: groupOf(outcome),
    platform: check.platform,
    target: check.targetId,
    rule,
    message,
    facets,
    status: check.status,
    finalUrl: check.finalUrl,
    redirects: check.captures.flatMap(({ capture }) => capture.redirects),
    steps: check.captures.map(({ capture }) => ({ name: capture.step, durationMs: capture.durationMs })),
    startedAt: iso(check.startedAt),
    observedAt: iso(check.observedAt),
    evidence: last?.evidence ?? NO_EVIDENCE,
    incidents: check.captures.flatMap(({ capture }) =>
      capture.incidents.map(({ kind, detail, url }) => ({ kind, detail, url })),
    ),
    dialogs: check.captures.flatMap(({ capture }) => capture.dialogs.map((dialog) => dialog.message)),
    truncated: check.captures.some(({ capture }) => capture.truncated),
  };
}

/** The same for a person, in a few lines. */
export function describe(check: Check): string {
  const { outcome, rule, message, facets } = check.reading;
  const details = Object.entries(facets).map(
    ([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
  );
  return [
    `${outcome} (${groupOf(outcome)}): ${message}`,
    `  rule ${rule}${details.length === 0 ? '' : `; ${details.join(', ')}`}`,
    `  ${check.targetId} at ${check.finalUrl ?? 'no page'}${check.status === null ? '' : `, HTTP ${check.status}`}`,
    `  ${new Date(check.startedAt).toISOString()}, ${check.finishedAt - check.startedAt} ms`,
  ].join('\n');
}
