import type { Language } from '../../../core/subscription.ts';
import { AR_DATA } from './ar.ts';
import { EN_DATA } from './en.ts';
import { FR_DATA } from './fr.ts';

export type TableName = keyof typeof EN_DATA.tables;
export type ColumnName = keyof typeof EN_DATA.columns;

/** What tables and columns are called and mean, in one language. */
export interface DataWords {
  readonly dataset: string;
  readonly tables: Readonly<Record<TableName, { readonly title: string; readonly meaning: string }>>;
  readonly columns: Readonly<Record<ColumnName, string>>;
}

export const DATA_WORDS: Readonly<Record<Language, DataWords>> = { fr: FR_DATA, en: EN_DATA, ar: AR_DATA };
