import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { sealKey } from '../../src/alerts/seal-key.ts';
import { Seal } from '../../src/alerts/seal.ts';
import type { NewSubscription, Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { runCli, type CliAnswer } from './cli.ts';
import { temporaryFolder } from './monitor.ts';
import { subscriptionOf } from './subscriptions.ts';

/** An operator at a terminal: a folder of their own, the real command line, the real store. */
export interface Operator {
  readonly folder: string;
  /** Where the practice instance of that folder keeps its data. */
  readonly data: string;
  readonly seal: Seal;
  guetteur(...args: readonly string[]): Promise<CliAnswer>;
  guetteurWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<CliAnswer>;
  /** What a command that exits with 0 answers to `--json`. */
  said<T>(...args: readonly string[]): Promise<T>;
  configure(alerts: object): Promise<void>;
  withStore<T>(work: (store: Store) => Promise<T>): Promise<T>;
  /** Somebody who subscribed by themselves, sealed with the key of the data folder. */
  subscriptionTo(to: unknown, change?: Partial<NewSubscription>): NewSubscription;
  leave(): Promise<void>;
}

export async function openOperator(): Promise<Operator> {
  const folder = await temporaryFolder();
  const data = join(folder.path, 'data/practice');
  const seal = new Seal(await sealKey(data, () => undefined));
  return {
    folder: folder.path,
    data,
    seal,
    guetteur: (...args) => runCli(args, folder.path),
    guetteurWith: (env, ...args) => runCli(args, folder.path, env),
    said: async <T>(...args: readonly string[]) => {
      const { out, err, code } = await runCli([...args, '--json'], folder.path);
      assert.equal(code, 0, err);
      return JSON.parse(out) as T;
    },
    configure: (alerts) =>
      writeFile(join(folder.path, 'guetteur.yaml'), `mode: practice\nalerts: ${JSON.stringify(alerts)}\n`),
    withStore: async (work) => {
      const store = await openStore(data);
      try {
        return await work(store);
      } finally {
        await store.end();
      }
    },
    subscriptionTo: (to, change = {}) =>
      subscriptionOf('', {
        ...{ channel: 'webhook', sealedTo: seal.seal(to), toHash: seal.hash(to), source: 'self' },
        ...{ kinds: ['slots', 'canary'], departments: ['93'], language: 'en', ...change },
      }),
    leave: () => folder.remove(),
  };
}
