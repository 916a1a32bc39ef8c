import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';

import { runCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/monitor.ts';

const answer = z.object({ ok: z.literal(true), warnings: z.array(z.string()) });

describe('`config check` says what is allowed and does less than one would think', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => folder.remove());

  const live = 'mode: live\noperator: {name: a, contact: a@b.example}\ntargets: {select: [{platform: anef}]}\n';

  const nobody = /^nobody is told when the monitor itself needs its operator/;

  for (const [name, text, warnings] of [
    ['nothing of the default interval, but that its operator is told nothing', live, [nobody]],
    ['nothing of four times the spacing', `${live}schedule: {intervalSeconds: 720}\n`, [nobody]],
    [
      'that a shorter interval leaves no room',
      `${live}schedule: {intervalSeconds: 719}\n`,
      [nobody, /^schedule\.intervalSeconds: 719 s .*720/],
    ],
    ['nothing of it in practice, which has no spacing', 'schedule: {intervalSeconds: 180}\n', []],
    [
      'that control hosts without certificates do not tell of those',
      `${live}control: {hosts: ['http://control.example/']}\n`,
      [nobody, /^control\.hosts: no address begins with https/],
    ],
  ] as const) {
    test(name, async () => {
      await writeFile(join(folder.path, 'guetteur.yaml'), text);
      const { out, err, code } = await runCli(['config', 'check', '--json'], folder.path);
      assert.equal(code, 0, err);
      const found = answer.parse(JSON.parse(out)).warnings;
      assert.equal(found.length, warnings.length, found.join('\n'));
      for (const [at, warning] of warnings.entries()) {
        assert.match(found[at] ?? '', warning);
        assert.ok(err.includes(`warning: ${found[at]}`), 'in words as well');
      }
    });
  }
});
