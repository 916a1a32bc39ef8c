import { z } from 'zod';

import { LANGUAGES, type Language, type Subscription } from '../../core/subscription.ts';
import { KIND_NAMES, KINDS, PARIS, TIME_ZONES, type Choices, type Kind } from './choices.ts';
import type { ErrorKey } from './words/words.ts';

/** What somebody asks for, from the outside world to ours. Nothing gets past it that was not offered. */

/** What was typed and ticked, as it came: shown again beside what is wrong with it. */
export interface Typed {
  readonly address: string;
  readonly departments: readonly string[];
  readonly procedures: readonly string[];
  readonly kinds: readonly string[];
  readonly language: string;
  readonly when: string;
  readonly digestAt: string;
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

export type Field =
  'address' | 'departments' | 'procedures' | 'kinds' | 'language' | 'when' | 'digestAt' | 'quiet' | 'timeZone';

export type Mistakes = ReadonlyMap<Field, ErrorKey>;

/** A subscription without its recipient. */
export type Selection = Omit<Subscription, 'id' | 'channel'>;

export const AT_ONCE = 'now';
export const DAILY = 'daily';

export function untouched(language: Language): Typed {
  return {
    address: '',
    departments: [],
    procedures: [],
    kinds: ['slots', 'gone'],
    language,
    when: AT_ONCE,
    digestAt: '08:00',
    from: '',
    to: '',
    timeZone: PARIS,
  };
}

const one = z.string().catch('');
const many = z
  .union([z.string().transform((word) => [word]), z.array(z.string())])
  .catch([])
  .transform((words) => [...new Set(words)]);

/** The fields of a form or of a JSON body; what is missing or of another kind is empty, and refused as such later. */
const typedShape = z.object({
  // Pasted addresses bring spaces along. A line break is no space: it is how headers are written into mails.
  address: one.transform((address) => address.replaceAll(/^ +| +$/g, '')),
  departments: many,
  procedures: many,
  kinds: many,
  language: one,
  when: one,
  digestAt: one,
  from: one,
  to: one,
  timeZone: one,
});

export function typedOf(body: unknown): Typed {
  return typedShape.parse(z.looseObject({}).catch({}).parse(body));
}

const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const ERRORS: readonly ErrorKey[] = [
  'address',
  'departments',
  'procedures',
  'kinds',
  'language',
  'quiet',
  'quietHalf',
  'timeZone',
  'when',
  'digestAt',
];
const says = (error: ErrorKey): { readonly error: ErrorKey } => ({ error });

const quietShape = z
  .object({ from: z.string(), to: z.string() })
  .refine(({ from, to }) => (from === '') === (to === ''), says('quietHalf'))
  .refine(
    ({ from, to }) => from === '' || to === '' || (CLOCK.test(from) && CLOCK.test(to) && from !== to),
    says('quiet'),
  )
  .transform(({ from, to }) => (from === '' ? null : { from, to }));

const among = (words: readonly string[], error: ErrorKey) =>
  z.array(z.string().refine((word) => words.includes(word), says(error)));

function selectionShape({ departments, procedures }: Choices) {
  const codes = departments.map(({ code }) => code);
  const zones = TIME_ZONES.map(({ zone }): string => zone);
  return z.object({
    departments: among(codes, 'departments'),
    procedures: among(procedures, 'procedures'),
    kinds: z.array(z.enum(KIND_NAMES, says('kinds'))).min(1, says('kinds')),
    language: z.enum(LANGUAGES, says('language')),
    when: z.enum([AT_ONCE, DAILY], says('when')),
    quiet: quietShape,
    timeZone: z.string().refine((zone) => zones.includes(zone), says('timeZone')),
  });
}

const digestShape = z
  .object({ when: z.string(), digestAt: z.string() })
  .refine(({ when, digestAt }) => when !== DAILY || CLOCK.test(digestAt), says('digestAt'));

/** The selection, or what is wrong with each field. */
export function selectionOf(typed: Typed, choices: Choices): { selection: Selection } | { mistakes: Mistakes } {
  const { from, to, ...rest } = typed;
  const found = selectionShape(choices).safeParse({ ...rest, quiet: { from, to } });
  const digest = digestShape.safeParse(typed);
  if (!found.success || !digest.success) {
    const mistakes = new Map<Field, ErrorKey>(found.success ? [] : mistakesOf(found.error));
    if (!digest.success) mistakes.set('digestAt', 'digestAt');
    return { mistakes };
  }
  const { kinds, when, procedures, ...selected } = found.data;
  const selection: Selection = {
    ...selected,
    kinds: kinds.flatMap((kind: Kind) => [...KINDS[kind]]),
    procedures: withServices(procedures, kinds),
    platforms: [],
    digestAt: when === DAILY ? typed.digestAt : null,
  };
  return { selection };
}

/** Services are of no procedure: who wants to hear of their outages hears of them whatever else is ticked. */
function withServices(procedures: readonly string[], kinds: readonly Kind[]): readonly string[] {
  return procedures.length > 0 && kinds.includes('outage') ? [...procedures, 'service'] : procedures;
}

const FIELDS: readonly Field[] = ['departments', 'procedures', 'kinds', 'language', 'when', 'quiet', 'timeZone'];

function mistakesOf(error: z.ZodError): [Field, ErrorKey][] {
  return error.issues.flatMap((issue): [Field, ErrorKey][] => {
    const field = FIELDS.find((name) => name === issue.path[0]);
    const key = ERRORS.find((name) => name === issue.message);
    return field === undefined ? [] : [[field, key ?? 'kinds']];
  });
}

/** The recipient as the mail channel takes it; null when it is not exactly one address of a site. */
export function recipientOf(address: string, to: z.ZodType): { readonly address: string } | null {
  const at = address.lastIndexOf('@');
  // The mail channel takes `name@host` too: of strangers, no host without a dot is on the internet.
  if (!address.slice(at + 1).includes('.')) return null;
  const found = to.safeParse({ address: `${address.slice(0, at)}@${address.slice(at + 1).toLowerCase()}` });
  return found.success ? z.object({ address: z.string() }).parse(found.data) : null;
}
