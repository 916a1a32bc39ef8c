import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';

import type { CliCommand } from '../commands.ts';
import { CONFIG_NAME } from '../config/load.ts';
import { AppError } from '../core/errors.ts';

const EXAMPLE = new URL('../../guetteur.example.yaml', import.meta.url);

export const command: CliCommand = {
  name: 'init',
  add: (program, io) => {
    program
      .command('init')
      .description(`write a commented ${CONFIG_NAME} to start from; an existing file is left as it is`)
      .argument('[file]', 'where to write it', CONFIG_NAME)
      .action(async (file: string) => {
        if (existsSync(file)) throw new AppError('USAGE', `${file} exists already and was left as it is`);
        const example = await readFile(EXAMPLE, 'utf8');
        await writeFile(file, example, { flag: 'wx' }).catch((error: unknown) => {
          throw new AppError('CONFIG_MISSING', `${file} cannot be written`, { cause: error });
        });
        io.answer(`${file} is written: edit it, then run \`guetteur config check\``);
      });
  },
};
