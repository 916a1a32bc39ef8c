/** What one check can conclude: a closed list. An outcome says what was seen, never what is hoped. */

export const GROUPS = {
  observed: ['slots', 'no_slots', 'suspended', 'moved', 'operational'],
  fault: ['overloaded', 'maintenance', 'error', 'timeout', 'unreachable'],
  gate: ['captcha', 'login', 'denied', 'rate_limited', 'robots'],
  unmeasured: ['unknown_page', 'ambiguous', 'network_down', 'clock_untrusted', 'monitor_error', 'skipped', 'missed'],
} as const;

export type Group = keyof typeof GROUPS;
export type Outcome = (typeof GROUPS)[Group][number];

export const OUTCOMES: readonly Outcome[] = Object.values(GROUPS).flat();

/** When several outcomes are supported by one page, the first in this list wins. */
export const PRECEDENCE: readonly Outcome[] = [
  'robots',
  'skipped',
  'missed',
  'monitor_error',
  'network_down',
  'unreachable',
  'timeout',
  'rate_limited',
  'denied',
  'captcha',
  'login',
  'maintenance',
  'overloaded',
  'error',
  'moved',
  'suspended',
  'ambiguous',
  'slots',
  'no_slots',
  'operational',
  'unknown_page',
];

const groupByOutcome = new Map<string, Group>([
  ...GROUPS.observed.map((outcome) => [outcome, 'observed'] as const),
  ...GROUPS.fault.map((outcome) => [outcome, 'fault'] as const),
  ...GROUPS.gate.map((outcome) => [outcome, 'gate'] as const),
  ...GROUPS.unmeasured.map((outcome) => [outcome, 'unmeasured'] as const),
]);

export function isOutcome(value: string): value is Outcome {
  return groupByOutcome.has(value);
}

export function groupOf(outcome: Outcome): Group {
  return groupByOutcome.get(outcome) ?? 'unmeasured';
}

/** A page was there and no reader could say what it is: a person must look. */
const UNRECOGNISED = ['unknown_page', 'ambiguous'] as const satisfies readonly Outcome[];

export function isUnrecognised(outcome: Outcome): boolean {
  return UNRECOGNISED.some((unrecognised) => unrecognised === outcome);
}
