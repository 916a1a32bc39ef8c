import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

/** What the launcher knows of the command line is what the command line is. */

const ROOT = path.resolve(import.meta.dirname, '..');

describe('a browser', () => {
  test('is found for every command that needs one, and the options with a value are those of the program', () => {
    const launcher = fs.readFileSync(path.join(ROOT, 'bin/guetteur.mjs'), 'utf8');
    const main = fs.readFileSync(path.join(ROOT, 'src/main.ts'), 'utf8');
    const names = (text: string): string[] =>
      [...text.matchAll(/'([^']+)'/g)].map((found) => found[1] ?? '').toSorted();
    const known = (set: string): string[] =>
      names(new RegExp(`const ${set} = new Set\\(\\[(.*?)\\]`).exec(launcher)?.[1] ?? '');
    const valued = [...main.matchAll(/\.option\('(-\w), (--\w+) [<[]/g)].flatMap(([, short = '', long = '']) => [
      short,
      long,
    ]);
    assert.deepEqual(known('TAKE_A_VALUE'), valued.toSorted());
    const cli = fs.globSync('src/cli/*.ts', { cwd: ROOT });
    const visiting = cli.filter((file) => fs.readFileSync(path.join(ROOT, file), 'utf8').includes('openWorkbench('));
    assert.deepEqual(
      visiting.map((file) => path.basename(file, '.ts')).toSorted(),
      [...known('VISITING'), 'doctor'].toSorted(),
    );
  });
});
