import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import * as claims from './claims.ts';
import type { StartReport } from './report.ts';
import { HEALTHY } from './scenes.ts';
import type { TargetId } from './sites.ts';
import { whyNoNamespace } from '../support/namespace.ts';
import { rehearse, type Rehearsed } from './rehearse.ts';

/** `guetteur start` as an operator types it, for four minutes by the machine's own clock, on the catalogue's own addresses. */

const LASTS_MS = 240_000;
const RECEPISSE = 'xx-rdv-service-public-recepisse-2458';
const asIs = (machine: number): number => machine;

let rehearsed: Rehearsed<StartReport> | undefined;
let report: StartReport;

describe('a live start of four minutes', { skip: whyNoNamespace() }, () => {
  before(async () => {
    rehearsed = await rehearse('watch.ts', [String(LASTS_MS)]);
    ({ report } = rehearsed);
  });
  after(() => rehearsed?.remove());

  test('reads every page, complains of nothing, and ends when it is told to', () => {
    for (const [target, healthy] of Object.entries(HEALTHY) as [TargetId, string][]) {
      const read = report.checks.filter((check) => check.target === target).map(({ outcome }) => outcome);
      assert.ok(read.length > 0, `${target} was not checked`);
      const expected = target === RECEPISSE ? 'slots' : healthy;
      assert.deepEqual(
        read.filter((outcome) => outcome !== expected),
        [],
        target,
      );
    }
    assert.doesNotMatch(report.log, /"level":"(?:error|fatal)"/);
    assert.equal(report.code, 0);
  });

  test('sends packets to the configured addresses and to nobody else', () => {
    claims.assertOnlyConfigured(report.packets);
    claims.assertHonest(report.world);
  });

  test('visits a host once at a time and leaves it 20 s between two visits, as its log and the packets have it', () => {
    claims.assertSpaced(claims.documents(report.world.asked, asIs), report.checks);
    claims.assertSpaced(claims.openings(report.packets, asIs), report.checks);
  });

  test('counts the pages that the logs of the sites count, and shows the same figures everywhere', () => {
    claims.assertLoadsAreInLogs(claims.documents(report.world.asked, asIs), report.checks);
    claims.assertMetricsCount(report);
    claims.assertFiguresAgree(report);
  });

  test('tells of the slots that it saw, in the time of Paris', () => {
    const [letter, ...more] = report.world.letters.filter(({ to }) => to.includes(claims.READERS));
    assert.deepEqual(
      more.map(({ subject }) => subject),
      [],
    );
    assert.match(letter?.subject ?? '', /créneaux vus/);
    claims.assertMails(report.world, report.checks);
  });
});
