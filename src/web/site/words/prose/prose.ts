import type { ServiceWords } from '../words.ts';

/** The long texts of one language: figures of others, what is invisible from outside, how it is measured. */
export interface ProseWords {
  readonly official: OfficialWords;
  readonly unseen: readonly UnseenRow[];
  readonly method: MethodWords;
}

/** Figures of others, beside ours. The numbers stand here too: they are quotations. */
export interface OfficialWords {
  readonly title: string;
  readonly lede: string;
  readonly what: string;
  readonly figure: string;
  readonly source: string;
  readonly checked: string;
  readonly rows: readonly OfficialRow[];
  readonly none: string;
}

export interface OfficialRow {
  readonly what: string;
  readonly figure: string;
  readonly source: string;
  /** Whether somebody found it where it is said to stand, and what is not certain. Last looked for in November 2026. */
  readonly checked: string;
  /** Where; null where it was not found. */
  readonly address: string | null;
}

/** A problem that people report of ANEF, and whether it can be seen without an account. */
export interface UnseenRow {
  readonly failure: string;
  readonly seen: keyof ServiceWords['seenWords'];
  readonly how: string;
}

export interface MethodWords {
  readonly title: string;
  readonly lede: string;
  readonly sections: readonly Section[];
  readonly conduct: Section;
  /** For who runs one of the sites that are read: who we are, at what rate, how to stop us. */
  readonly stop: Section & {
    readonly who: string;
    readonly contact: string;
    readonly contactPractice: string;
    readonly userAgent: string;
    readonly hosts: string;
    readonly host: string;
    readonly pages: string;
    readonly rate: string;
    readonly rateText: string;
  };
}

export interface Section {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly points: readonly string[];
}
