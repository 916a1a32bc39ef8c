import type { CliCommand, Io } from '../commands.ts';
import { atDesk, type Desk } from '../desk.ts';
import { Answers } from '../stats/answers.ts';
import { openTallySource } from '../store/tally-source.ts';
import { writeDump } from '../web/open-data/dump.ts';
import { publisherOf } from '../compose-open-data.ts';

export const command: CliCommand = {
  name: 'data',
  add: (program, io) => {
    const group = program.command('data').description('the open data as files (see docs/open-data.md)');
    group
      .command('dump')
      .description('write every day that is over as CSV and Parquet, with checksums, description and licence')
      .argument('<folder>', 'where to; files of an earlier dump are replaced')
      .option('--json', 'answer with one JSON object')
      .action((folder: string, { json }: { json?: boolean }) =>
        atDesk(program.opts<{ config?: string }>().config, io, (desk) =>
          dump(desk, folder, { isJson: json === true, io }),
        ),
      );
  },
};

async function dump({ config }: Desk, folder: string, { isJson, io }: { isJson: boolean; io: Io }): Promise<void> {
  const source = openTallySource(config.data);
  try {
    const answers = new Answers({ source, practice: config.mode === 'practice', now: Date.now });
    const result = await writeDump(folder, answers, publisherOf(config));
    if (isJson) io.answer(JSON.stringify(result));
    else if (result.until === null) io.answer('no day is over yet: nothing was written');
    else io.answer(`${result.files} files, ${Math.ceil(result.bytes / 1_000)} kB, up to ${result.until}, in ${folder}`);
  } finally {
    source.close();
  }
}
