import type { Language } from '../../../core/subscription.ts';
import type { Kind } from '../choices.ts';

/** All that the pages for subscribers, their mail and the feeds say in one language. No markup, no facts. */
export interface PageWords {
  readonly language: Language;
  readonly direction: 'ltr' | 'rtl';
  /** The language's own name for itself. */
  readonly name: string;
  /** Last part of the page's address: `/fr/alertes`. */
  readonly slug: string;
  readonly title: string;
  readonly intro: readonly string[];
  /** Stands over everything of a practice instance. */
  readonly practice: string;
  readonly form: FormWords;
  readonly errors: Readonly<Record<ErrorKey, string>>;
  readonly errorsTitle: (count: number) => string;
  readonly privacy: { readonly title: string; readonly lines: readonly string[] };
  readonly sent: { readonly title: string; readonly lines: (address: string) => readonly string[] };
  readonly confirm: Steps;
  readonly stop: Steps;
  readonly refused: Readonly<Record<Refusal, Note>>;
  readonly tooMany: (minutes: number) => Note;
  readonly closed: Note;
  readonly others: OtherWords;
  readonly summary: SummaryWords;
  readonly mail: MailWords;
}

export type ErrorKey =
  | 'address'
  | 'departments'
  | 'procedures'
  | 'kinds'
  | 'language'
  | 'quiet'
  | 'quietHalf'
  | 'timeZone'
  | 'when'
  | 'digestAt';

/** `failed`: the mail did not leave; `foreign`: the form came from another site. */
export type Refusal = 'failed' | 'foreign' | 'tooLong' | 'broken' | 'notHere';

export interface Note {
  readonly title: string;
  readonly lines: readonly string[];
}

/** A link's page with its button, what is said after it, and when there is nothing behind the link. */
export interface Steps {
  readonly title: string;
  readonly lines: readonly string[];
  readonly button: string;
  readonly done: Note;
  readonly none: Note;
}

export interface FormWords {
  readonly address: string;
  readonly addressHint: string;
  readonly departments: string;
  readonly procedures: string;
  /** That nothing ticked means all. */
  readonly allHint: string;
  readonly kinds: string;
  readonly kindNames: Readonly<Record<Kind, string>>;
  readonly language: string;
  readonly when: string;
  readonly atOnce: string;
  readonly daily: string;
  readonly dailyAt: string;
  readonly quiet: string;
  readonly quietHint: string;
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  readonly paris: string;
  readonly submit: string;
}

export interface OtherWords {
  readonly title: string;
  readonly feeds: string;
  readonly feedAll: string;
  readonly feedsByDepartment: string;
  readonly telegram: string;
  readonly ntfy: string;
  readonly push: {
    readonly title: string;
    readonly text: string;
    readonly button: string;
    readonly stop: string;
    readonly on: string;
    readonly off: string;
    readonly failed: string;
  };
}

export interface SummaryWords {
  readonly departments: string;
  readonly procedures: string;
  readonly kinds: string;
  readonly all: string;
  readonly kindNames: Readonly<Record<Kind, string>>;
  readonly delivery: string;
  readonly atOnce: string;
  readonly daily: (clock: string, place: string) => string;
  readonly quiet: (from: string, to: string, place: string) => string;
}

export interface MailWords {
  readonly subject: string;
  readonly asked: string;
  readonly press: string;
  readonly after: readonly string[];
}
