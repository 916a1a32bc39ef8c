/** What promtool and amtool say of the committed rules and configuration. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, rm, writeFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { stringify } from 'yaml';

import { chosen, committedDashboards, committedRules, ROOT } from '../support/dashboards.ts';
import { isInstalled } from '../support/prometheus.ts';

function skipWithout(program: string, what: string): string | false {
  return isInstalled(program) ? false : `NOT CHECKED: ${program} is not installed (apt-get install ${what})`;
}

function run(program: string, ...args: readonly string[]): { code: number | null; answer: string; said: string } {
  const { status, stdout, stderr } = spawnSync(program, [...args], { cwd: ROOT, encoding: 'utf8' });
  return { code: status, answer: stdout.trim(), said: stdout + stderr };
}

const ALERTMANAGER = 'dashboards/alertmanager/alertmanager.yaml';

describe('promtool', { skip: skipWithout('promtool', 'prometheus') }, () => {
  test('accepts the rules and the configuration', () => {
    const rules = run(
      'promtool',
      'check',
      'rules',
      ...globSync('dashboards/prometheus/{recording/*,alerting}.yaml', { cwd: ROOT }),
    );
    assert.equal(rules.code, 0, rules.said);
    const config = run('promtool', 'check', 'config', '--syntax-only', 'dashboards/prometheus/prometheus.yaml');
    assert.equal(config.code, 0, config.said);
  });

  test('passes the unit tests of the rules, and fails them where a rule is broken', async () => {
    const files = globSync('dashboards/prometheus/tests/*.yaml', { cwd: ROOT });
    assert.equal(files.length, 4);
    const whole = run('promtool', 'test', 'rules', ...files);
    assert.equal(whole.code, 0, whole.said);
    const folder = await mkdtemp(join(tmpdir(), 'guetteur-rules-'));
    try {
      const rules = await readFile(join(ROOT, 'dashboards/prometheus/recording/guetteur-1h.yaml'), 'utf8');
      await writeFile(join(folder, 'guetteur-1h.yaml'), rules.replaceAll('|no_slots|', '|'));
      const shares = await readFile(join(ROOT, 'dashboards/prometheus/tests/shares.yaml'), 'utf8');
      await writeFile(join(folder, 'shares.yaml'), shares.replaceAll('../recording/', ''));
      assert.equal(run('promtool', 'test', 'rules', join(folder, 'shares.yaml')).code, 1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('the panel of missed checks shows the first ones too, and forgets them after an hour', async () => {
    const panels = committedDashboards('en').flatMap(({ dashboard }) => dashboard.panels);
    const panel = panels.find(({ title }) => title.startsWith('Missed and skipped'));
    const expr = chosen(panel?.targets[0]?.expr ?? '', { instance: 'a' });
    const of = (state: string, reason: string): string =>
      `guetteur_planned_checks{job="g", instance="a", state="${state}", reason="${reason}"}`;
    const told = (eval_time: string, ...samples: [labels: string, value: number][]) => ({
      expr,
      eval_time,
      exp_samples: samples.map(([labels, value]) => ({ labels, value })),
    });
    const [missed, skipped] = ['{state="missed", reason="down"}', '{state="skipped", reason="breaker"}'];
    const unit = {
      interval: '1m',
      input_series: [
        { series: 'guetteur_targets{job="g", instance="a"}', values: '1x200' },
        // The first that were ever missed: thirty at once, 100 minutes after the beginning.
        { series: of('missed', 'down'), values: '_x100 30x100' },
        { series: of('skipped', 'breaker'), values: '5x90 9x110' },
      ],
      promql_expr_test: [
        told('30m', [skipped, 0]),
        told('120m', [missed, 30], [skipped, 4]),
        told('190m', [missed, 0], [skipped, 0]),
      ],
    };
    const folder = await mkdtemp(join(tmpdir(), 'guetteur-panel-'));
    try {
      await writeFile(join(folder, 'unit.yaml'), stringify({ evaluation_interval: '1m', tests: [unit] }));
      const found = run('promtool', 'test', 'rules', join(folder, 'unit.yaml'));
      assert.equal(found.code, 0, found.said);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('every alert has a unit test', async () => {
    const tests = await readFile(join(ROOT, 'dashboards/prometheus/tests/alerts.yaml'), 'utf8');
    const names = committedRules('alerting').groups.flatMap((group) => group.rules.map(({ alert = '' }) => alert));
    assert.deepEqual(
      [...new Set(names)].filter((name) => !tests.includes(name)),
      [],
    );
  });
});

describe('amtool', { skip: skipWithout('amtool', 'prometheus-alertmanager') }, () => {
  test('accepts the configuration', () => {
    const found = run('amtool', 'check-config', ALERTMANAGER);
    assert.equal(found.code, 0, found.said);
  });

  for (const [labels, receiver] of [
    [['audience=volunteers', 'department=93'], 'ile-de-france'],
    [['audience=volunteers', 'department=974'], 'outre-mer'],
    [['audience=volunteers', 'department=69'], 'guetteur'],
    [['audience=operator', 'department=93'], 'guetteur'],
  ] as const) {
    test(`routes ${labels.join(' ')} to ${receiver}`, () => {
      const found = run('amtool', 'config', 'routes', 'test', `--config.file=${ALERTMANAGER}`, ...labels);
      assert.equal(found.answer, receiver);
    });
  }
});

describe('alerts', () => {
  test('for volunteers say that booking is free and personal, and lead to the public page only', () => {
    const told = committedRules('alerting')
      .groups.flatMap((group) => group.rules)
      .filter(({ labels }) => labels['audience'] === 'volunteers');
    assert.ok(told.length > 0);
    for (const { annotations } of told) {
      assert.match(annotations['description'] ?? '', /free and personal: never buy an appointment/);
      assert.match(annotations['description_fr'] ?? '', /Gratuit et personnel : n'achetez jamais un rendez-vous/);
      assert.doesNotMatch(JSON.stringify(annotations), /https?:/);
    }
  });
});
