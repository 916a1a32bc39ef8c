import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { loadProbes, loadReplicas } from '../../src/plugins.ts';
import { openSite } from '../../src/practice/server/open.ts';
import { DEADLINES } from '../../src/run/visit.ts';
import { openTestMonitor, practiceTarget, type TestMonitor } from '../support/monitor.ts';

const probes = await loadProbes();
const replicas = await loadReplicas();

/** Every scenario of every replica, through a real browser and through `read` alone. */
describe('probes keep their contract', () => {
  let monitor: TestMonitor;
  before(async () => {
    monitor = await openTestMonitor({ deadlines: { ...DEADLINES, stepMs: 12_000, checkMs: 40_000 } });
  });
  after(() => monitor.close());

  test('every probe has a replica and every replica a probe', () => {
    assert.deepEqual([...replicas.keys()], [...probes.keys()]);
    assert.ok(probes.size >= 3);
  });

  for (const [platform, replica] of replicas) {
    for (const scenario of replica.scenarios) {
      test(`${platform}: ${scenario.name}`, async () => {
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
          await readsTheSameFromTheStore(monitor, check);
        } finally {
          await site.close();
        }
      });
    }
  }
});

async function readsTheSameFromTheStore(
  monitor: TestMonitor,
  check: import('../../src/core/check.ts').Check,
): Promise<void> {
  if (check.withheld !== null || ['network_down', 'clock_untrusted'].includes(check.reading.outcome)) return;
  const captures = await Promise.all(
    check.captures.map(async ({ capture, evidence }) => ({
      ...capture,
      html: evidence === null ? '' : (await monitor.blobs.get(evidence.html)).toString('utf8'),
      text: evidence === null ? '' : (await monitor.blobs.get(evidence.text)).toString('utf8'),
    })),
  );
  const probe = probes.get(check.platform);
  assert.ok(probe !== undefined);
  assert.deepEqual(
    probe.read(captures, practiceTarget(check.platform, check.finalUrl ?? 'http://127.0.0.1/')),
    check.reading,
  );
}
