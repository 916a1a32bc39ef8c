import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { configShape } from '../../src/config/shape.ts';
import { YamlFile } from '../../src/config/yaml.ts';
import { AppError } from '../../src/core/errors.ts';

/** Files that are small and would be large. */

function problemsOf(text: string): string[] {
  try {
    new YamlFile('guetteur.yaml', text).parts(configShape);
    return [];
  } catch (error) {
    assert.ok(error instanceof AppError && error.code === 'CONFIG_INVALID' && error.exitCode === 2, String(error));
    return error.message.split('\n');
  }
}

describe('a YAML bomb', () => {
  test('aliases of aliases, and levels without end, are mistakes with a place', () => {
    const ten = (name: string): string => `[${Array.from({ length: 10 }, () => name).join(', ')}]`;
    const bomb = `mode: practice\na: &a ${ten('x')}\nb: &b ${ten('*a')}\nc: &c ${ten('*b')}\nd: &d ${ten('*c')}\ne: ${ten('*d')}\n`;
    assert.deepEqual(problemsOf(bomb), [
      'guetteur.yaml:4:8 aliases (*) or levels without end: write out what is meant',
    ]);
    for (const deep of [`a: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`, `a: ${'{a: '.repeat(20_000)}\n`]) {
      const problems = problemsOf(deep);
      assert.ok(problems.length > 0 && problems.length < 10, problems.join('\n').slice(0, 500));
      assert.match(problems[0] ?? '', /^guetteur\.yaml:1:\d+ /);
    }
  });
});
