/** What happened beside the readings and a person should know: a closed list. Kept apart from readings, never edited. */

export const EVENT_KINDS = {
  drift: { meaning: 'a page kept its outcome and changed its structure', asks: false },
  moved: { meaning: 'a target was seen to have moved for the first time', asks: true },
  links_changed: {
    meaning: 'a list page links to other platforms than before: the procedure may have moved',
    asks: true,
  },
  unknown_streak: { meaning: 'several pages of one target, or of one host, in a row were not recognised', asks: true },
  soft_block: { meaning: 'a window of "no" on a host is marked as not to be trusted', asks: true },
  soft_block_over: { meaning: 'the control shows slots again: the marked window is closed', asks: false },
  soft_block_lifted: { meaning: 'a person took the mark off a window', asks: false },
  labelled: { meaning: 'a person said what a group of unknown pages is', asks: false },
} as const satisfies Record<string, { readonly meaning: string; readonly asks: boolean }>;

export type EventKind = keyof typeof EVENT_KINDS;

/** `asks` of its kind: the operator has to look, and it stays open until a person says it was seen. */
export interface Event {
  readonly kind: EventKind;
  /** Epoch milliseconds UTC. */
  readonly at: number;
  readonly platform: string | null;
  readonly host: string | null;
  readonly targetId: string | null;
  readonly message: string;
}

/** A window of one host in which a "no" is not believed. Ends are epoch milliseconds; `toAt` is null while it lasts. */
export interface SoftBlock {
  readonly host: string;
  readonly fromAt: number;
  readonly toAt: number | null;
  readonly reason: string;
  /** Who marked it: the rule, or a person's name. */
  readonly markedBy: string;
}
