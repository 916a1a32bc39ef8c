import type { CliCommand, Io } from '../commands.ts';
import { loadConfig } from '../config/load.ts';
import { loadProbes } from '../plugins.ts';
import { KillSwitch } from '../run/kill-switch.ts';
import { openStore } from '../store/open.ts';

export const command: CliCommand = {
  name: 'resume',
  add: (program, io) => {
    program
      .command('resume')
      .description('lift a stop; for a named host, also end the pause of its circuit breaker')
      .argument('[host]', 'the host, as in the address; the stop of all hosts when left out')
      .action(async (host: string | undefined) => {
        const { data } = await loadConfig(program.opts<{ config?: string }>().config, await loadProbes());
        // The store first: where it cannot be opened, nothing is lifted.
        const wasPaused = host !== undefined && (await closeBreaker(data, host, io));
        const wasStopped = await new KillSwitch(data).resume(host ?? null);
        const lifted = [wasStopped ? 'stop' : '', wasPaused ? 'pause' : ''].filter(Boolean).join(' and ');
        io.answer(
          lifted === '' ? `${host ?? 'all hosts'}: nothing to lift` : `${host ?? 'all hosts'}: ${lifted} lifted`,
        );
      });
  },
};

async function closeBreaker(data: string, host: string, io: Io): Promise<boolean> {
  const store = await openStore(data, { tell: io.note });
  try {
    return await store.closeBreaker(host, Date.now());
  } finally {
    await store.end();
  }
}
