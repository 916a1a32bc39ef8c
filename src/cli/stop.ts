import { mkdir } from 'node:fs/promises';

import type { CliCommand } from '../commands.ts';
import { loadConfig } from '../config/load.ts';
import { loadProbes } from '../plugins.ts';
import { KillSwitch } from '../run/kill-switch.ts';

export const command: CliCommand = {
  name: 'stop',
  add: (program, io) => {
    program
      .command('stop')
      .description('make no visit from now on, to one host or to any; a running monitor obeys at its next check')
      .argument('[host]', 'the host, as in the address (www.essonne.gouv.fr); all hosts when left out')
      .action(async (host: string | undefined) => {
        const { data } = await loadConfig(program.opts<{ config?: string }>().config, await loadProbes());
        await mkdir(data, { recursive: true });
        io.answer(`${host ?? 'every host'} is stopped by ${await new KillSwitch(data).stop(host ?? null)}`);
      });
  },
};
