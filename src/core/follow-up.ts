import type { Check } from './check.ts';
import type { Episode, EpisodeState, Step } from './episode.ts';
import type { Event, SoftBlock } from './event.ts';
import type { Notice } from './notice.ts';
import type { Outcome } from './outcome.ts';

/** What was known before a check, and what follows from it: the words in which `decide/` and the store speak. */

/** What the store knew before a check. Visits only: what was skipped or missed saw nothing. */
export interface Before {
  /** Outcome of the target's visit before this one; null for the first. */
  readonly previous: Outcome | null;
  /** Links that the target's last reading with links had recorded; null when none did. */
  readonly lastLinks: readonly string[] | null;
  /** Outcomes of the target's last visits, newest first. */
  readonly targetOutcomes: readonly Outcome[];
  /** The last visits of the host, newest first. */
  readonly hostVisits: readonly HostVisit[];
  /** Structures that the target's pages of this step, outcome and rule have shown, in order of their first sight. */
  readonly fingerprints: readonly string[];
  readonly host: HostPast;
  /** What the target's checks have folded to so far. */
  readonly episodes: EpisodeState;
  /** Time between two planned checks of the target. */
  readonly intervalMs: number;
  /** Outages of the platform's targets, those of late and those that last; asked for only where one may begin or end. */
  readonly outages: readonly TargetOutage[];
  /** When scheduled checks of the target come next; ascending. */
  readonly plannedAt: readonly number[];
}

export interface HostVisit {
  readonly targetId: string;
  readonly outcome: Outcome;
}

export interface TargetOutage extends Episode {
  readonly targetId: string;
}

/** What is known of a host before a check of one of its targets. */
export interface HostPast {
  readonly neighbours: readonly Neighbour[];
  /** When a control of the host last showed slots; null when none ever did. */
  readonly controlSlotsAt: number | null;
  /** A window of the host is marked and lasts. */
  readonly isMarked: boolean;
  /** Where the last window of the host began that was ever marked, lifted or not; null when none was. */
  readonly lastMarkFromAt: number | null;
  /** Structures of the "no" pages seen on the host. */
  readonly noPages: readonly string[];
}

/** The last reading of another target of the host, not older than a day. */
export interface Neighbour {
  readonly targetId: string;
  readonly outcome: Outcome;
  readonly isControl: boolean;
}

/** What follows from a check, written in the same transaction. */
export interface Decision {
  readonly events: readonly Event[];
  /** A window that begins, or the end of the open one. */
  readonly softBlock: SoftBlock | { readonly overAt: number } | null;
  /** When the first sight of slots is to be confirmed; null for not at all. */
  readonly confirmAt: number | null;
  /** The fold with this check in it. */
  readonly episodes: Step;
  /** What subscribers are told. */
  readonly notices: readonly Notice[];
}

export type Decide = (before: Before, check: Check) => Decision;
