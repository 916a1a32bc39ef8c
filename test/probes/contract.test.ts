import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';

import type { Capture } from '../../src/core/capture.ts';
import type { Check } from '../../src/core/check.ts';
import { groupOf, type Outcome } from '../../src/core/outcome.ts';
import type { Replica, Scenario } from '../../src/core/replica.ts';
import type { Reading } from '../../src/core/reading.ts';
import type { Target } from '../../src/core/target.ts';
import { loadProbes, loadReplicas } from '../../src/plugins.ts';
import { openSite } from '../../src/practice/server/open.ts';
import { DEADLINES } from '../../src/run/visit.ts';
import { captureOf } from '../support/capture.ts';
import { mutate, mutations, strangePages } from '../support/mutations.ts';
import { openTestMonitor, practiceTarget, type TestMonitor } from '../support/monitor.ts';

const probes = await loadProbes();
const replicas = await loadReplicas();

/** Every scenario of every replica, through a real browser and through `read` alone. */
describe('probes keep their contract', () => {
  let monitor: TestMonitor;
  before(async () => {
    monitor = await openTestMonitor({ deadlines: { ...DEADLINES, stepMs: 12_000 } });
  });
  after(() => monitor.close());

  test('every probe has a replica and every replica a probe', () => {
    assert.deepEqual([...replicas.keys()], [...probes.keys()]);
    assert.ok(probes.size >= 3);
  });

  /** What the scenarios' visits captured, for the properties below. */
  const seen: Seen[] = [];

  // Each scenario is a host of its own, and most of a visit is waiting.
  describe('scenarios', { concurrency: 4 }, () => {
    for (const [platform, replica] of replicas) {
      for (const scenario of replica.scenarios) {
        test(`${platform}: ${scenario.name}`, () => keepsItsWord(platform, replica, scenario));
      }
    }
  });

  async function keepsItsWord(platform: string, replica: Replica, scenario: Scenario): Promise<void> {
    const site = await openSite(replica, scenario);
    try {
      const target = practiceTarget(platform, site.address, scenario.params);
      const result = await monitor.runner.check({ target, mode: 'scheduled', design: 'uniform' });
      assert.equal(result.kind, 'checked');
      if (result.kind !== 'checked') return;
      const { check } = result;
      const expected = scenario.expect(check.startedAt);
      assert.equal(check.reading.outcome, expected.outcome, `${check.reading.rule}: ${check.reading.message}`);
      for (const [name, value] of Object.entries(expected.facets ?? {})) {
        assert.deepEqual(Object.entries(check.reading.facets).find(([key]) => key === name)?.[1], value, name);
      }
      const { submissions, holds, captchaAnswers } = site.tally;
      assert.deepEqual({ submissions, holds, captchaAnswers }, { submissions: 0, holds: 0, captchaAnswers: 0 });
      assert.equal(check.errorCode, null);
      const captures = await storedCaptures(monitor, check);
      seen.push({ platform, scenario, outcome: check.reading.outcome, captures });
      readsTheSame(check, captures, scenario.params);
    } finally {
      await site.close();
    }
  }

  test('no change of spaces, case, apostrophes, Unicode form or markup turns a no into anything else', () => {
    const noes = seen.filter(({ outcome }) => outcome === 'no_slots');
    assert.ok(noes.length >= 10, `${noes.length} pages say no`);
    for (const { platform, scenario, captures } of noes) {
      fc.assert(
        fc.property(mutations, (chosen) => {
          const { outcome } = read(
            platform,
            captures.map((capture) => mutate(capture, chosen)),
            scenario.params,
          );
          assert.equal(outcome, 'no_slots', `${scenario.name} after ${chosen.map(({ name }) => name).join(', ')}`);
        }),
        { numRuns: 40 },
      );
    }
  });

  test('no fault, gate or unknown page reads as slots or no_slots, whatever is done to its words', () => {
    const others = seen.filter(({ outcome }) => ['fault', 'gate', 'unmeasured'].includes(groupOf(outcome)));
    assert.ok(others.length >= 40, `${others.length} pages`);
    for (const { platform, scenario, captures } of others) {
      fc.assert(
        fc.property(mutations, (chosen) => {
          const { outcome } = read(
            platform,
            captures.map((capture) => mutate(capture, chosen)),
            scenario.params,
          );
          assert.ok(outcome !== 'slots' && outcome !== 'no_slots', `${scenario.name} reads as ${outcome}`);
        }),
        { numRuns: 15 },
      );
    }
  });

  test("no page of one platform reads as slots or no_slots by another platform's reader", () => {
    for (const { platform, scenario, captures } of seen) {
      for (const other of probes.keys()) {
        if (other === platform || captures.length === 0) continue;
        const { outcome } = read(other, captures);
        assert.ok(
          outcome !== 'slots' && outcome !== 'no_slots',
          `${platform} ${scenario.name} reads as ${outcome} by ${other}`,
        );
      }
    }
  });

  test('no strange page makes a reader throw, or read a slot or its absence', () => {
    const paths = new Set([...replicas.values()].flatMap(({ scenarios }) => scenarios.map(({ path }) => path)));
    const wanted = fc.constantFrom(
      ...[...replicas].map(
        ([
          platform,
          {
            scenarios: [first],
          },
        ]) => ({ platform, first }),
      ),
    );
    fc.assert(
      fc.property(strangePages, fc.constantFrom(...paths), wanted, (html, path, { platform, first }) => {
        const { outcome } = read(platform, [emptyCapture(html, path)], first?.params);
        assert.ok(outcome !== 'slots' && outcome !== 'no_slots' && outcome !== 'operational', outcome);
      }),
      { numRuns: 4_000 },
    );
  });
});

interface Seen {
  readonly platform: string;
  readonly scenario: Scenario;
  readonly outcome: Outcome;
  readonly captures: readonly Capture[];
}

async function storedCaptures({ blobs }: TestMonitor, { captures }: Check): Promise<Capture[]> {
  const wordsOf = async (hash: string | undefined): Promise<string> =>
    hash === undefined ? '' : (await blobs.get(hash)).toString('utf8');
  return await Promise.all(
    captures.map(async ({ capture, evidence }) => ({
      ...capture,
      html: await wordsOf(evidence?.html),
      text: await wordsOf(evidence?.text),
    })),
  );
}

/** From the proofs on disk, without a browser, a reader comes to the same reading. */
function readsTheSame(check: Check, captures: readonly Capture[], params: Target['params'] = {}): void {
  if (check.withheld !== null || ['network_down', 'clock_untrusted'].includes(check.reading.outcome)) return;
  assert.deepEqual(read(check.platform, captures, params), check.reading);
}

function read(platform: string, captures: readonly Capture[], params: Target['params'] = {}): Reading {
  const probe = probes.get(platform);
  assert.ok(probe !== undefined);
  return probe.read(captures, practiceTarget(platform, captures[0]?.requestedUrl ?? 'http://127.0.0.1/', params));
}

function emptyCapture(html: string, path: string): Capture {
  const url = `http://127.0.0.1${path}`;
  return captureOf({ requestedUrl: url, finalUrl: url, html, text: html.replace(/<[^>]*>/g, '\n') });
}
