import type { Episode } from './episode.ts';
import type { EventKind } from './event.ts';
import type { ToldIncident } from './incident.ts';
import type { Target } from './target.ts';

/**
 * What happened, for whoever subscribed to it: facts, no words. Written with the check that made it; the words are made when
 * it is delivered.
 */
export const NOTICE_KINDS = {
  slots: 'slots were seen for the first time',
  better: 'an earlier date is offered than before',
  gone: 'the slots are no longer offered',
  outage: 'a service fails',
  recovered: 'a service works again',
  due: 'a page waits to be read by a person',
  operator: 'the monitor itself needs its operator',
  canary: 'nothing happened: shows that messages leave',
} as const satisfies Record<string, string>;

export type NoticeKind = keyof typeof NOTICE_KINDS;

/** What of a target stands in a message. */
export type Place = Pick<
  Target,
  'id' | 'platform' | 'address' | 'department' | 'prefecture' | 'procedure' | 'label' | 'practice'
>;

export function placeOf(target: Target): Place {
  const { id, platform, address, department, prefecture, procedure, label, practice } = target;
  return { id, platform, address, department, prefecture, procedure, label, practice };
}

export interface Notice {
  readonly kind: NoticeKind;
  /** Names what is told: two notices of one key are one notice. */
  readonly key: string;
  /** When it was observed; epoch milliseconds UTC. */
  readonly at: number;
  /** The target it is about; null for the monitor itself. */
  readonly place: Place | null;
  /** The opening or outage as it was then; null where there is none. */
  readonly episode: Episode | null;
  /** For the operator: what kind of event, and its words in English, for programs and logs. `told`: the same as facts. */
  readonly event: {
    readonly kind: EventKind | null;
    readonly message: string;
    readonly told?: ToldIncident;
  } | null;
  /** A person passed the captcha before it; absent where the monitor saw it alone. */
  readonly seenBy?: 'person';
  /** After this it is no news any more; absent where it stays one. Epoch milliseconds UTC. */
  readonly until?: number;
}
