import type { Hash } from './check.ts';
import type { Outcome } from './outcome.ts';
import type { Language } from './subscription.ts';

/** A person who may help. No account, no address: whoever has the link is that person, until it ends or is revoked. */
export interface Invitation {
  readonly id: number;
  /** What the operator calls them; a first name or initials will do. */
  readonly name: string;
  readonly language: Language;
  /** Only these departments, only these targets; all when empty. */
  readonly departments: readonly string[];
  readonly targets: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
  readonly lastUsedAt: number | null;
}

/** `reading`: in the assisted window; `again`: the page read again after it; `report`: with their own browser; `spot`: asked to confirm a "no". */
export const HELP_KINDS = ['reading', 'again', 'report', 'spot'] as const;
export type HelpKind = (typeof HELP_KINDS)[number];

/** What is written of a person's part in a check. Of what they typed there is nothing. */
export interface Help {
  readonly kind: HelpKind;
  readonly invitationId: number | null;
  /** The random instant that the reading answers, when it was made in its window; null otherwise. */
  readonly plannedAt: number | null;
  /** The automatic check that it is to be compared with. */
  readonly pairedCheckId: number | null;
  /** The screenshot that came with a report. */
  readonly picture: Hash | null;
}

/** What is known of a target, as far as a person's help is concerned. */
export interface HelpFacts {
  readonly targetId: string;
  /** What the last automatic visit ended in. */
  readonly lastAutomatic: Outcome | null;
  /** When it was last visited by anybody; 0 for never. */
  readonly lastVisitAt: number;
  /** Instants at which the slots themselves were seen, oldest first; none where automatic visits see them anyway. */
  readonly seenAt: readonly number[];
  /** Random instants that were answered. */
  readonly answeredAt: readonly number[];
}
