import { writeSynthetic, type SyntheticOptions } from '../../bench/synthetic.ts';
import { openStore } from '../../src/store/open.ts';
import { oldStore } from './old-store.ts';

/** A data folder with some months of checks that never were. Made in the old form, so its migration is part of every use. */
export async function fillStore(folder: string, options: Partial<SyntheticOptions> = {}): Promise<void> {
  const path = await oldStore(folder, '0003-alerts');
  writeSynthetic(path, { targets: 20, days: 60, until: FILLED_UNTIL, seed: 'filled', ...options });
  await (await openStore(folder)).end();
}

/** 27 November 2026, 01:00 in Paris. */
export const FILLED_UNTIL = Date.UTC(2026, 10, 27);
