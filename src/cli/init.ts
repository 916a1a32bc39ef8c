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
        try {
          await writeFile(file, await readFile(EXAMPLE, 'utf8'), { flag: 'wx' });
        } catch (error) {
          throw new AppError(
            'CONFIG_INVALID',
            `${file} cannot be written: it exists already, or the folder cannot be written to`,
            { cause: error },
          );
        }
        io.answer(`${file} is written: edit it, then run \`guetteur config check\``);
      });
  },
};
