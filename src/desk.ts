import type { Io } from './commands.ts';
import { loadConfig, type Config } from './config/load.ts';
import { loadProbes } from './plugins.ts';
import type { Probe } from './probe.ts';
import type { Store } from './store/contract.ts';
import { openStore } from './store/open.ts';

/** What a command has before it that asks the store and visits nothing. */
export interface Desk {
  readonly config: Config;
  readonly probes: ReadonlyMap<string, Probe>;
  readonly store: Store;
}

/** Opens the store that the configuration names, says what of that takes long, and closes it whatever becomes of the work. */
export async function atDesk(
  configFile: string | undefined,
  io: Io,
  work: (desk: Desk) => Promise<void>,
): Promise<void> {
  const probes = await loadProbes();
  const config = await loadConfig(configFile, probes);
  const store = await openStore(config.data, { tell: io.note });
  try {
    await work({ config, probes, store });
  } finally {
    await store.end();
  }
}
