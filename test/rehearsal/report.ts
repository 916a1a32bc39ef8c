import type { EpisodeKind } from '../../src/core/episode.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { Packet } from '../support/packets.ts';
import type { TargetId } from './sites.ts';
import type { WorldReport } from './world.ts';

/** All that there was to see of a rehearsal. Instants are of the rehearsal's clock, those of packets and sites the machine's. */

export interface CheckSeen {
  readonly id: number;
  readonly target: TargetId;
  readonly platform: string;
  readonly host: string;
  readonly mode: string;
  readonly startedAt: number;
  readonly observedAt: number | null;
  readonly finishedAt: number;
  readonly loads: number;
  readonly status: number | null;
  readonly outcome: Outcome;
  readonly rule: string;
  readonly message: string;
  /** Null where the check answered no plan. */
  readonly plannedAt: number | null;
}

interface PlanSeen {
  readonly target: TargetId;
  readonly mode: string;
  readonly design: string;
  readonly plannedAt: number;
  readonly state: string;
  readonly reason: string;
}

interface EpisodeSeen {
  readonly target: TargetId;
  readonly kind: EpisodeKind;
  readonly startedAt: number;
  readonly lastAt: number;
  readonly endedAt: number | null;
  readonly outcome: Outcome;
}

export interface Shown {
  readonly checks: readonly CheckSeen[];
  readonly plans: readonly PlanSeen[];
  readonly episodes: readonly EpisodeSeen[];
  readonly metrics: string;
  readonly stats: Readonly<Record<string, unknown>>;
  readonly api: Readonly<Record<string, unknown>>;
  readonly pages: Readonly<Record<string, string>>;
  /** Pages, questions and commands that gave no answer. */
  readonly refused: readonly string[];
}

interface Surroundings {
  readonly world: WorldReport;
  readonly packets: readonly Packet[];
}

export interface Report extends Shown, Surroundings {
  readonly scenes: { readonly name: string; readonly from: number; readonly until: number }[];
  /** How far the clock was ahead from an instant of the machine on. */
  readonly clockWas: { readonly from: number; readonly aheadMs: number }[];
}

/** Of a start by the machine's own clock. */
export interface StartReport extends Shown, Surroundings {
  readonly code: number | null;
  readonly log: string;
}
