import { z } from 'zod';

import type { CliCommand } from '../commands.ts';
import { alertMistakes } from '../compose-alerts.ts';
import { loadConfig } from '../config/load.ts';
import { configShape } from '../config/shape.ts';
import { loadProbes } from '../plugins.ts';

export const command: CliCommand = {
  name: 'config',
  add: (program, io) => {
    const config = program.command('config').description('check guetteur.yaml, or print its schema for editors');
    config
      .command('check')
      .description('validate guetteur.yaml; every problem is listed with its place')
      .option('--json', 'answer with one JSON object')
      .action(async (options: { json?: boolean }) => {
        const loaded = await loadConfig(program.opts<{ config?: string }>().config, await loadProbes());
        const { path, mode, data, targets } = loaded;
        const mistakes = await alertMistakes(loaded);
        if (mistakes.length > 0) throw loaded.invalid(mistakes);
        if (options.json === true) io.answer(JSON.stringify({ ok: true, path, mode, data, targets: targets.length }));
        else if (path === null)
          io.answer(`there is no guetteur.yaml: practice mode, with the built-in replica sites; data in ${data}`);
        else io.answer(`${path} is good: ${mode} mode, ${targets.length} targets chosen; data in ${data}`);
      });
    config
      .command('schema')
      .description('print the JSON Schema of guetteur.yaml')
      .action(() => io.answer(JSON.stringify(z.toJSONSchema(configShape, { io: 'input' }), null, 2)));
  },
};
