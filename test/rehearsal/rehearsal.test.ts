import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { groupOf } from '../../src/core/outcome.ts';
import { whyNoNamespace } from '../support/namespace.ts';
import * as claims from './claims.ts';
import { rehearse, type Rehearsed } from './rehearse.ts';
import type { CheckSeen, Report } from './report.ts';
import { HEALTHY, SCENES, type Expected, type Scene } from './scenes.ts';
import type { TargetId } from './sites.ts';

/**
 * A live monitor on the catalogue's own addresses, in a network of its own whose clock, names, cable and certificates are ours.
 * It is played once; what was seen is asked here. Sites: `sites.ts`. What happens to them: `scenes.ts`.
 */

const RDV = '91-palaiseau-titre-2246';
const RECEPISSE = 'xx-rdv-service-public-recepisse-2458';

let rehearsed: Rehearsed<Report> | undefined;
let report: Report;

describe('the live rehearsal', { skip: whyNoNamespace() }, () => {
  before(async () => {
    rehearsed = await rehearse('play.ts', [], ['--import', join(import.meta.dirname, 'clock.ts')]);
    ({ report } = rehearsed);
  });
  after(() => rehearsed?.remove());

  for (const [at, scene] of SCENES.entries()) {
    test(`reads every page rightly: ${scene.name}`, () => {
      const { from, until } = report.scenes[at] ?? { from: 0, until: 0 };
      for (const target of Object.keys(HEALTHY) as TargetId[]) {
        const made = report.checks.filter((check) => {
          const { plannedAt, mode } = check;
          return check.target === target && mode === 'scheduled' && plannedAt !== null && isIn(plannedAt, from, until);
        });
        assert.ok(made.length > 0, `${target} was not checked`);
        for (const check of made) assertReads(check, expectedOf(scene, target));
      }
    });
  }

  test('sends packets to the configured addresses and to nobody else', () => {
    claims.assertOnlyConfigured(report.packets);
    claims.assertHonest(report.world);
  });

  test('visits a host once at a time and leaves it 20 s between two visits, as its log and the packets have it', () => {
    claims.assertSpaced(claims.documents(report.world.asked, timeOf), report.checks);
    claims.assertSpaced(claims.openings(report.packets, timeOf), report.checks);
  });

  test('counts the pages that the logs of the sites count', () => {
    claims.assertLoadsAreInLogs(claims.documents(report.world.asked, timeOf), report.checks);
  });

  test('has the same figures in /metrics, on the command line, in the API and on the pages', () => {
    claims.assertMetricsCount(report);
    claims.assertFiguresAgree(report);
  });

  test('tells of slots once when they come and once when they are gone, in the time of Paris', () => {
    const observedAt = checksOf(RECEPISSE, 'slots')[0]?.observedAt ?? 0;
    assert.deepEqual(
      lettersOf(/créneaux vus à/).map(({ text }) => text.includes(claims.inParis(observedAt))),
      [true],
    );
    const gone = lettersOf(/créneaux partis/);
    assert.equal(gone.length, 1, gone.map(({ text }) => text).join('\n---\n'));
    assert.match(gone[0]?.text ?? '', /heure de Paris/);
  });

  test('writes every time in its mails as a clock in Paris shows it', () => {
    claims.assertMails(report.world, report.checks);
  });

  test('tells of one outage of a service in one mail, and of its end in another, however many pages it had', () => {
    for (const words of [/en panne/, /de nouveau en service/]) {
      const letters = lettersOf(words);
      assert.equal(letters.length, 1, letters.map(({ text }) => text).join('\n---\n'));
      assert.equal(letters[0]?.text.split(words).length, 2, letters[0]?.text);
    }
  });

  test('tells readers of nothing that was our own: line, names, clock, certificates of ours', () => {
    const told = lettersTo(claims.READERS).map(({ at, subject }) => ({ at: timeOf(at), subject }));
    const [cut] = report.scenes.filter(({ name }) => name.startsWith('the cable'));
    assert.ok(cut !== undefined);
    assert.deepEqual(
      told.filter(({ at }) => at >= cut.from),
      [],
    );
    const outages = report.episodes.filter(({ kind, startedAt }) => kind === 'outage' && startedAt >= cut.from);
    assert.deepEqual(outages, []);
  });

  test('ends an outage behind a captcha when the captcha stands again', () => {
    const outages = report.episodes.filter(({ kind, target }) => kind === 'outage' && target === RDV);
    const [first, ...more] = checksOf(RDV, 'overloaded');
    const end = checksOf(RDV, 'captcha').find(({ id }) => id > (more.at(-1)?.id ?? 0));
    assert.deepEqual(
      outages.map(({ startedAt, endedAt, outcome }) => ({ startedAt, endedAt, outcome })),
      [{ startedAt: first?.observedAt, endedAt: end?.observedAt, outcome: 'overloaded' }],
    );
  });

  test('tells its operator what only an operator can mend', () => {
    const told = lettersTo(claims.OPERATOR).map(({ text }) => text);
    for (const words of [
      /aucun hôte témoin ne répond/,
      /l'horloge retarde/,
      /demarche\.numerique\.gouv\.fr est en pause jusqu'à [^:]+:[^:]+: le site demande de ralentir/,
      /www\.essonne\.gouv\.fr est en pause jusqu'à [^:]+:[^:]+: un nouveau captcha/,
    ])
      assert.ok(
        told.some((text) => words.test(text)),
        `${String(words)} is in no mail:\n${told.join('\n---\n')}`,
      );
  });
});

function isIn(at: number, from: number, until: number): boolean {
  return at >= from && at < until;
}

/** A time of the machine by the clock of the rehearsal. */
function timeOf(machine: number): number {
  const was = report.clockWas.findLast(({ from }) => from <= machine) ?? report.clockWas[0];
  return machine + (was?.aheadMs ?? 0);
}

function checksOf(target: TargetId, outcome: string): CheckSeen[] {
  return report.checks.filter((check) => check.target === target && check.outcome === outcome);
}

function lettersTo(address: string): Report['world']['letters'] {
  return report.world.letters.filter(({ to }) => to.includes(address));
}

function lettersOf(words: RegExp): Report['world']['letters'] {
  return lettersTo(claims.READERS).filter(({ text }) => words.test(text));
}

function expectedOf({ reads }: Scene, target: TargetId): Expected {
  if (typeof reads === 'string' || Array.isArray(reads) || 'neverOf' in reads) return reads as Expected;
  return (reads as Partial<Record<TargetId, Expected>>)[target] ?? HEALTHY[target];
}

function assertReads({ target, outcome, rule, message }: CheckSeen, expected: Expected): void {
  const told = `${target} was read as ${outcome} (${rule}: ${message}), not as ${JSON.stringify(expected)}`;
  if (typeof expected === 'string') assert.equal(outcome, expected, told);
  else if ('neverOf' in expected)
    assert.ok(![outcome, groupOf(outcome)].some((is) => expected.neverOf.includes(is)), told);
  else assert.ok(expected.includes(outcome), told);
}
