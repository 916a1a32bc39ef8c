import { OVERSEAS, type City } from '../../core/overseas.ts';
import { departmentName } from '../../core/department-names.ts';
import type { NoticeKind } from '../../core/notice.ts';
import { PROCEDURES, type Target } from '../../core/target.ts';

/** What can be asked for, from the targets that are watched: what is not here is refused. */

export type Procedure = (typeof PROCEDURES)[number];

export interface Choices {
  /** By code; only those of watched targets. */
  readonly departments: readonly { readonly code: string; readonly name: string | null }[];
  readonly procedures: readonly Procedure[];
}

/** What a reader ticks, and the kinds of notices it stands for. */
export const KINDS = {
  slots: ['slots', 'better'],
  gone: ['gone'],
  outage: ['outage', 'recovered'],
} as const satisfies Record<string, readonly NoticeKind[]>;

export type Kind = keyof typeof KINDS;
export const KIND_NAMES = ['slots', 'gone', 'outage'] as const satisfies readonly Kind[];

/** Where no department is known, or a service is only watched for outages, there is nothing to choose. */
export function choicesOf(targets: Iterable<Target>): Choices {
  const codes = new Set<string>();
  const procedures = new Set<Procedure>();
  for (const { department, procedure } of targets) {
    if (department !== null) codes.add(department);
    if (procedure !== 'service') procedures.add(procedure);
  }
  return {
    departments: [...codes].toSorted(byPlace).map((code) => ({ code, name: departmentName(code) })),
    procedures: PROCEDURES.filter((procedure) => procedures.has(procedure)),
  };
}

/** Corsica's 2A and 2B stand where 20 was, overseas codes at the end. */
function byPlace(a: string, b: string): number {
  const key = (code: string): string => code.replace(/^2(?=[AB])/, '20');
  return key(a) < key(b) ? -1 : 1;
}

export const PARIS = 'Europe/Paris';

/** Paris and the clocks overseas, without those where nobody lives (984, 989) and the second code of Mayotte (985). */
export const TIME_ZONES: readonly { readonly zone: string; readonly city: City | null }[] = [
  { zone: PARIS, city: null },
  ...Object.entries(OVERSEAS)
    .filter(([code]) => !['984', '985', '989'].includes(code))
    .map(([, clock]) => clock),
];
