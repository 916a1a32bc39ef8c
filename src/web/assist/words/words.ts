import type { OverReason } from '../../../assist/session.ts';
import type { BeginRefusal } from '../../../assist/desk.ts';
import type { Reason } from '../../../assist/queue.ts';
import type { Outcome } from '../../../core/outcome.ts';
import type { Language } from '../../../core/subscription.ts';
import type { PersonRefusal } from '../../../run/assisted.ts';

/** All that the pages for people who help say in one language. No markup, no facts. */
export interface AssistWords {
  readonly language: Language;
  readonly direction: 'ltr' | 'rtl';
  readonly name: string;
  readonly practice: string;
  readonly queue: QueueWords;
  readonly window: WindowWords;
  readonly report: ReportWords;
  readonly outcomes: Readonly<Record<ShownOutcome, string>>;
  readonly notes: Readonly<Record<NoteKey, Note>>;
  readonly begin: Readonly<Record<BeginRefusal, Note>>;
  readonly tooMany: (minutes: number) => Note;
  readonly back: string;
}

/** `other`: what only the operator can make something of. */
export type ShownOutcome =
  | Exclude<
      Outcome,
      'robots' | 'ambiguous' | 'network_down' | 'clock_untrusted' | 'monitor_error' | 'skipped' | 'missed'
    >
  | 'other';

export interface Note {
  readonly title: string;
  readonly lines: readonly string[];
}

/** `noLink`: no invitation, or one that is over; `gone`: a window that is no more. */
export type NoteKey = 'noLink' | 'gone' | 'foreign' | 'tooLong' | 'broken' | 'reported';

export interface QueueWords {
  readonly title: string;
  readonly hello: (name: string) => string;
  /** All that somebody needs to know; `intro` says the rest. */
  readonly short: string;
  readonly howTitle: string;
  readonly intro: readonly string[];
  readonly listTitle: string;
  readonly none: readonly string[];
  readonly button: string;
  readonly resume: string;
  readonly reasons: Readonly<Record<Reason, string>>;
  readonly lastSeen: (when: string) => string;
  readonly countsUntil: (clock: string) => string;
  readonly freeIn: (minutes: number) => string;
  readonly taken: string;
  readonly spotTitle: string;
  readonly spotText: string;
  readonly spotSeen: (clock: string) => string;
  readonly spotButton: string;
  readonly otherTitle: string;
  readonly otherText: string;
  readonly otherLink: string;
  readonly privacyTitle: string;
  readonly privacy: readonly string[];
}

export interface WindowWords {
  readonly title: string;
  readonly how: string;
  readonly noScript: string;
  readonly picture: string;
  readonly pictureHint: string;
  readonly up: string;
  readonly down: string;
  readonly codeTitle: string;
  readonly codeImage: string;
  readonly codeLabel: string;
  readonly codeHint: string;
  readonly send: string;
  readonly listen: string;
  readonly renew: string;
  readonly leave: string;
  readonly timeLeft: string;
  readonly atMost: string;
  readonly loading: string;
  readonly lost: string;
  readonly waiting: string;
  readonly coming: string;
  readonly open: string;
  readonly elsewhere: string;
  readonly reading: string;
  readonly wrong: string;
  readonly siteSays: string;
  readonly sent: string;
  readonly playing: string;
  readonly refused: Readonly<Record<PersonRefusal, string>>;
  readonly thanks: string;
  readonly result: string;
  readonly firstDate: string;
  readonly uniform: string;
  readonly opportunistic: string;
  readonly over: Readonly<Record<OverReason, string>>;
  readonly next: string;
}

export interface ReportWords {
  readonly title: string;
  readonly intro: readonly string[];
  readonly target: string;
  readonly official: string;
  readonly when: string;
  readonly whenHint: string;
  readonly outcome: string;
  readonly firstDate: string;
  readonly firstDateHint: string;
  readonly picture: string;
  readonly pictureHint: string;
  readonly blurHint: string;
  readonly undo: string;
  readonly remove: string;
  readonly preview: string;
  readonly submit: string;
  readonly errorsTitle: string;
  readonly errors: Readonly<Record<ReportError, string>>;
}

export type ReportError = 'target' | 'when' | 'outcome' | 'firstDate' | 'picture' | 'pictureKind' | 'pictureSize';
