import { z } from 'zod';

/** The closed vocabulary of procedures; `other` needs its words in the target's `label`. */
export const PROCEDURES = [
  'first_application',
  'renewal',
  'collection',
  'aes',
  'naturalisation_decree',
  'naturalisation_declaration',
  'travel_document',
  'duplicate',
  'recepisse',
  'student',
  'service',
  'other',
] as const;

/** Two digits, Corsica's 2A and 2B, or the overseas codes 971 to 989. `null` stands for the whole country. */
export const department = z.string().regex(/^(?:0[1-9]|[1-8]\d|9[0-5]|2[AB]|9[78]\d)$/, {
  error: 'write the department as two characters ("01" to "95", "2A", "2B") or an overseas code ("971" to "989")',
});

export const targetId = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, {
  error: 'write the id in lower-case letters, digits and single hyphens',
});

export const targetEntry = z.strictObject({
  id: targetId.describe('Stable name of the target in metrics, exports and the database'),
  platform: z.string().describe('Name of the probe that reads it: a file of probes/'),
  address: z.url({ protocol: /^https?$/ }).describe('The public page where the visit begins'),
  department: department.nullable().default(null).describe('Department code; null for a national service'),
  prefecture: z.string().nullable().default(null).describe('Prefecture or sub-prefecture, as the public knows it'),
  procedure: z.enum(PROCEDURES).default('other'),
  label: z.string().nullable().default(null).describe('The procedure in the words of the page'),
  control: z.boolean().default(false).describe('Known to have slots: shows whether the host answers robots honestly'),
  contacts: z
    .array(z.string())
    .default([])
    .describe("The service's own e-mail addresses and telephone numbers on the page: they may be kept"),
  params: z.record(z.string(), z.unknown()).default({}).describe("The probe's own parameters"),
});

export type TargetEntry = z.infer<typeof targetEntry>;

export interface Target extends TargetEntry {
  /** Served from a loopback address by a replica: everything it yields is labelled practice. */
  readonly practice: boolean;
}

/** `host[:port]`, the unit of every politeness rule. */
export function hostOf(address: string): string {
  return new URL(address).host;
}

/** Whether an address fills a form in beforehand: at demarche.numerique.gouv.fr that writes a draft (fact sheet, section 4). */
export function fillsForm(address: URL): boolean {
  return [...address.searchParams.keys()].some((name) => /^(?:champ(?:_|\[|$)|identite_|prefill_token)/i.test(name));
}

/** A target of which only the address is known: on the command line, or when a stored one is no longer configured. */
export function bareTarget(known: Pick<Target, 'id' | 'platform' | 'address' | 'practice'>): Target {
  return {
    ...known,
    department: null,
    prefecture: null,
    procedure: 'other',
    label: null,
    control: false,
    contacts: [],
    params: {},
  };
}
