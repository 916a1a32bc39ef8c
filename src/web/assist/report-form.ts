import { z } from 'zod';

import { MOST_PICTURE_BYTES, MOST_PICTURE_POINTS, pictureFacts } from '../../assist/picture.ts';
import { REPORTABLE, REPORTED_WITHIN_MS, type Report } from '../../assist/report.ts';
import type { Target } from '../../core/target.ts';
import { parisInstant } from '../../read/dates.ts';
import type { ReportError } from './words/words.ts';

/** A report from the outside world to ours. */

export interface TypedReport {
  readonly target: string;
  readonly when: string;
  readonly outcome: string;
  readonly firstDate: string;
  readonly spot: string;
}

export interface GoodReport {
  readonly report: Report;
  /** As it was sent; to be drawn anew before it is kept. */
  readonly picture: Uint8Array | null;
}

const word = z.string().catch('');
const typedShape = z.object({ target: word, when: word, outcome: word, firstDate: word, spot: word });

export function typedReport(body: unknown): TypedReport {
  return typedShape.parse(z.looseObject({}).catch({}).parse(body));
}

const MOMENT = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** Clocks of telephones run a little fast. */
const FAST_MS = 120_000;

export async function reportOf(
  typed: TypedReport,
  file: unknown,
  { targets, now }: { readonly targets: readonly Target[]; readonly now: number },
): Promise<GoodReport | { readonly errors: readonly ReportError[] }> {
  const target = targets.find(({ id }) => id === typed.target);
  const outcome = REPORTABLE.find((name) => name === typed.outcome);
  const at = momentOf(typed.when);
  const isDated = typed.firstDate === '' || (DAY.test(typed.firstDate) && typed.firstDate >= parisDay(at ?? now));
  const picture = await pictureOf(file);
  const errors: readonly (ReportError | null)[] = [
    target === undefined ? 'target' : null,
    at === null || at > now + FAST_MS || at < now - REPORTED_WITHIN_MS ? 'when' : null,
    outcome === undefined ? 'outcome' : null,
    isDated ? null : 'firstDate',
    typeof picture === 'string' ? picture : null,
  ];
  const found = errors.filter((error): error is ReportError => error !== null);
  if (found.length > 0 || target === undefined || outcome === undefined || at === null || typeof picture === 'string')
    return { errors: found };
  const firstDate = outcome === 'slots' && typed.firstDate !== '' ? typed.firstDate : null;
  return { report: { target, outcome, at: Math.min(at, now), firstDate }, picture };
}

function momentOf(words: string): number | null {
  const [, day, time] = MOMENT.exec(words) ?? [];
  if (day === undefined || time === undefined) return null;
  const at = parisInstant(day, time);
  return Number.isNaN(at) ? null : at;
}

function parisDay(at: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris', dateStyle: 'short' }).format(at);
}

/** By what the bytes say, not by the name or the type that the browser gives. A field left empty is an empty file. */
async function pictureOf(file: unknown): Promise<Uint8Array | null | 'pictureKind' | 'pictureSize'> {
  if (!(file instanceof File) || file.size === 0) return null;
  if (file.size > MOST_PICTURE_BYTES) return 'pictureSize';
  const bytes = new Uint8Array(await file.arrayBuffer());
  const facts = pictureFacts(bytes);
  if (facts === null || facts.width === 0 || facts.height === 0) return 'pictureKind';
  return facts.width * facts.height > MOST_PICTURE_POINTS ? 'pictureSize' : bytes;
}
