import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { loadReplicas } from '../../src/plugins.ts';
import { openLivingSite } from '../../src/practice/server/open.ts';
import { livingPlaces, outcomesOf, timetable } from '../../src/practice/server/timetable.ts';
import { openPracticeWorld, practiceTargets } from '../../src/practice/server/world.ts';
import { START } from '../support/checks.ts';

const replicas = await loadReplicas();
const DAY_MS = 86_400_000;
const PHASE_MS = 120_000;

const instants = Array.from({ length: DAY_MS / PHASE_MS }, (_each, at) => START + at * PHASE_MS);

describe('the timetable of practice mode', () => {
  test('has a living place for every platform', () => {
    for (const [platform, replica] of replicas) assert.ok(livingPlaces(replica).length > 0, platform);
  });

  for (const [platform, replica] of replicas) {
    for (const place of livingPlaces(replica)) {
      test(`${platform} at ${place.path} shows each of its outcomes within a day, in turns`, () => {
        const scenarioAt = timetable(place, 'seed');
        const played = instants.map((now) => scenarioAt(now).expect(0).outcome);
        assert.deepEqual(new Set(played), outcomesOf(place));
        const turns = played.filter((outcome, at) => outcome !== played[at + 1]).length;
        assert.ok(turns > instants.length / 10, `${turns} turns in a day`);
        for (const refusal of ['denied', 'rate_limited'] as const) {
          assert.ok(played.filter((outcome) => outcome === refusal).length < instants.length / 10, refusal);
        }
      });
    }
  }

  test('is the same for the same seed and another for another', () => {
    const [place] = livingPlaces(replicas.get('rdv-prefecture') ?? { platform: '', scenarios: [], site: () => fail });
    assert.ok(place !== undefined);
    const day = (seed: string): string[] => {
      const scenarioAt = timetable(place, seed);
      return instants.map((now) => scenarioAt(now).name);
    };
    assert.deepEqual(day('a'), day('a'));
    assert.notDeepEqual(day('a'), day('b'));
  });
});

const fail = (): never => {
  throw new Error('not asked for');
};

describe('a living site', () => {
  test('turns to the next state between two visits and not within one', async () => {
    const replica = replicas.get('rdv-prefecture');
    const place = replica === undefined ? undefined : livingPlaces(replica)[0];
    const [first, second] = place?.scenarios.filter(({ transport }) => transport === undefined) ?? [];
    assert.ok(replica !== undefined && first !== undefined && second !== undefined);
    let now = START;
    let current = first;
    const asked: string[] = [];
    const watched = {
      ...replica,
      site: (stage: Parameters<typeof replica.site>[0]) => {
        const site = replica.site(stage);
        return (request: Request) => {
          asked.push(stage.scenario);
          return site(request);
        };
      },
    };
    const site = await openLivingSite(watched, () => current, { now: () => now });
    const ask = async (): Promise<void> => void (await (await fetch(site.address, { redirect: 'manual' })).text());
    try {
      await ask();
      current = second;
      now += 2_000;
      await ask();
      now += 3_001;
      await ask();
      assert.deepEqual(asked, [first.name, first.name, second.name]);
    } finally {
      await site.close();
    }
  });
});

describe('the practice world', () => {
  test('lists what it opens: fixed sites, living sites, and a control beside the living slots', async () => {
    const listed = practiceTargets(replicas).map(({ id }) => id);
    assert.equal(new Set(listed).size, listed.length);
    const world = await openPracticeWorld(replicas, { wanted: (id) => id.includes('ez-booking'), seed: 'seed' });
    try {
      const opened = world.targets.map(({ id }) => id);
      assert.deepEqual(
        opened,
        listed.filter((id) => id.includes('ez-booking')),
      );
      const living = world.targets.filter(({ id }) => id.startsWith('practice-ez-booking-living'));
      assert.ok(living.some(({ control }) => control) && living.some(({ control }) => !control));
      assert.equal(new Set(living.slice(0, 2).map(({ address }) => address)).size, 1);
    } finally {
      await world.close();
    }
  });
});
