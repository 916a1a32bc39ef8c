/** Whether the last answer is said of now: pages, badge, widget and API over a real database, in three languages. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';

import type { Check } from '../../../src/core/check.ts';
import type { Outcome } from '../../../src/core/outcome.ts';
import { LANGUAGES, type Language } from '../../../src/core/subscription.ts';
import type { Target } from '../../../src/core/target.ts';
import { followUps } from '../../../src/decide/follow.ts';
import { Answers } from '../../../src/stats/answers.ts';
import type { Now } from '../../../src/stats/results.ts';
import type { Store } from '../../../src/store/contract.ts';
import { openStore } from '../../../src/store/open.ts';
import { openTallySource } from '../../../src/store/tally-source.ts';
import { openDataRoutes } from '../../../src/web/open-data/routes.ts';
import { loadOutlines } from '../../../src/web/site/map/outlines.ts';
import { Pictures } from '../../../src/web/site/pictures/pictures.ts';
import { SiteWriter } from '../../../src/web/site/writer.ts';
import { webApp } from '../../../src/web/server.ts';
import { checkOf, HOUR, START, targetNamed } from '../../support/checks.ts';
import { temporaryFolder } from '../../support/monitor.ts';
import { siteFacts } from '../../support/site-facts.ts';

const MINUTE = 60_000;
const door = (id: string): Target => ({ ...targetNamed(id), platform: 'anef', procedure: 'service' });
const TARGETS: readonly Target[] = [
  { ...targetNamed('bobigny'), department: '93', procedure: 'renewal' },
  { ...targetNamed('witness'), department: '75', procedure: 'renewal', control: true },
  door('home'),
  door('sign-in'),
];
const PUBLISHER = { name: 'Association', page: 'https://association.example/', practice: false };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;
let now: number;
beforeEach(async () => {
  now = START;
  folder = await temporaryFolder();
  store = await openStore(folder.path);
  await store.saveTargets(TARGETS);
});
afterEach(async () => {
  await store.end();
  await folder.remove();
});

const decide = followUps({ targets: new Map(TARGETS.map((target) => [target.id, target])) });

async function record(target: string, minute: number, outcome: Outcome, change: Partial<Check> = {}): Promise<void> {
  const platform = TARGETS.find(({ id }) => id === target)?.platform ?? '';
  await store.record(checkOf(target, START + minute * MINUTE, outcome, { platform, ...change }), { decide });
  now = START + minute * MINUTE + 2_000;
}

interface Shown {
  readonly page: (language: Language, path: string) => Promise<string>;
  readonly api: <T>(path: string) => Promise<T>;
}

/** As everything is read now. */
async function shown<T>(use: (shown: Shown) => Promise<T>): Promise<T> {
  const source = openTallySource(folder.path);
  const clock = (): number => now;
  const figures = new Answers({ source, practice: false, now: clock });
  const blobs = { get: () => Promise.reject(new Error('no picture is kept')) };
  const writer = new SiteWriter({
    facts: siteFacts({ publisher: PUBLISHER, operator: null }),
    figures,
    targets: new Map(TARGETS.map((target) => [target.id, target])),
    store,
    pictures: new Pictures({ store, blobs, now: clock }),
    outlines: loadOutlines(),
    now: clock,
  });
  const onFailure = (reason: string): void => assert.fail(reason);
  const dumps = join(folder.path, 'dumps');
  const open = openDataRoutes({ figures, publisher: PUBLISHER, version: '0', dumps, onFailure, now: clock });
  try {
    return await use({
      page: async (language, path) => (await writer.write(language, path))?.body ?? assert.fail(path),
      api: async (path) => (await (await open.request(`/api/v1/${path}`)).json()) as never,
    });
  } finally {
    source.close();
  }
}

/** 23 November 2026, 09:00 in Paris: the last measurement. */
const SINCE: Readonly<Record<Language, RegExp>> = {
  fr: /Non mesuré depuis le 23 novembre 2026 à 09:00 \(heure de Paris\)/,
  en: /Not measured since 23 November 2026 at 09:00 \(Paris time\)/,
  ar: /لم يُقَس منذ 23 نوفمبر 2026 في 09:00 \(بتوقيت باريس\)/,
};
const PATHS = [
  '',
  'target/bobigny/',
  'department/93/',
  ...['target/bobigny/', 'department/93/', ''].flatMap((base) => [`${base}badge.svg`, `${base}widget/`]),
];

async function everywhere(expected: boolean): Promise<void> {
  await shown(async ({ page }) => {
    for (const language of LANGUAGES)
      for (const path of PATHS)
        assert.equal(SINCE[language].test(await page(language, path)), expected, `${language}/${path}`);
  });
}

async function nowOf(id: string): Promise<Now | null> {
  return await shown(async ({ api }) => (await api<{ now: Now | null }>(`targets/${id}`)).now);
}

describe('a target that was measured', () => {
  test('a moment ago is said to be, and nothing stands beside it', async () => {
    await record('bobigny', 0, 'slots');
    await everywhere(false);
    assert.deepEqual(await nowOf('bobigny'), { state: 'measured', measuredAt: START + 500, visitedAt: START + 500 });
  });

  for (const [name, later, state] of [
    ['and whose last visits nobody understood', ['unknown_page', 'ambiguous'], 'unknown'],
    ['and whose last visits ended at a gate', ['captcha', 'login'], 'gate'],
    ['and whose last visits cannot be dated', ['clock_untrusted'], 'unknown'],
  ] as const) {
    test(`${name} is not measured since then: pages, badge, widget and API say so in three languages`, async () => {
      await record('bobigny', 0, 'slots');
      for (const [at, outcome] of later.entries()) await record('bobigny', 30 * (at + 1), outcome);
      await everywhere(true);
      const found = await nowOf('bobigny');
      assert.deepEqual([found?.state, found?.measuredAt], [state, START + 500]);
      assert.equal(found?.visitedAt, now - 2_000 + 500);
    });
  }

  test('more than three intervals ago is not measured since then', async () => {
    await record('bobigny', 0, 'slots');
    now = START + 500 + 90 * MINUTE;
    await everywhere(false);
    now += 1;
    await everywhere(true);
    assert.equal((await nowOf('bobigny'))?.state, 'old');
  });

  test('by a fault is measured: the site fails, and that is known', async () => {
    await record('bobigny', 0, 'slots');
    await record('bobigny', 30, 'overloaded');
    assert.equal((await nowOf('bobigny'))?.state, 'measured');
  });

  test('by a "no" that is not believed is not', async () => {
    await record('bobigny', 0, 'slots');
    await record('bobigny', 30, 'no_slots');
    const window = { host: '127.0.0.1:1', fromAt: START + MINUTE, toAt: null, reason: 'r', markedBy: 'Odile' };
    await store.markSoftBlock(window, now);
    await everywhere(true);
    assert.equal((await nowOf('bobigny'))?.state, 'unknown');
  });

  test('never, though it was visited, is said so', async () => {
    await record('bobigny', 0, 'captcha');
    assert.equal((await nowOf('bobigny'))?.state, 'never');
    const words = { fr: /Jamais mesuré/, en: /Never measured/, ar: /لم يُقَس قط/ };
    for (const language of LANGUAGES)
      assert.match(await shown(({ page }) => page(language, 'target/bobigny/')), words[language]);
  });

  test('as a control says nothing of now', async () => {
    await record('witness', 0, 'slots', { mode: 'control' });
    assert.equal(await nowOf('witness'), null);
    const { now: together } = await shown(({ api }) => api<{ now: Now }>('national'));
    assert.deepEqual(together, { state: 'never', measuredAt: null, visitedAt: null });
  });

  test('by a burst, a confirmation or a person’s help is measured by them, and seen last by them', async () => {
    await record('bobigny', 0, 'no_slots');
    for (const [at, change] of [
      { design: 'burst' },
      { mode: 'confirmation', design: 'opportunistic' },
      { mode: 'assisted', design: 'opportunistic' },
    ].entries()) {
      const minute = (at + 1) * 24 * 60;
      await record('bobigny', minute, 'slots', change as Partial<Check>);
      const found = await shown(({ api }) =>
        api<{ lastSlotsDay: string; lastObservedDay: string; now: Now; measured: { share: { checks: number } } }>(
          'targets/bobigny',
        ),
      );
      const day = `2026-11-${24 + at}`;
      assert.deepEqual([found.lastSlotsDay, found.lastObservedDay, found.now.measuredAt], [day, day, now - 1_500]);
      assert.equal(found.measured.share.checks, 1, 'the headline share is of uniform checks alone');
    }
    const [summary] = (await shown(({ api }) => api<{ targets: { lastSlotsDay: string }[] }>('targets'))).targets;
    assert.equal(summary?.lastSlotsDay, '2026-11-26');
    assert.match(await shown(({ page }) => page('fr', 'department/93/')), /26 novembre 2026/);
  });
});

describe('a service', () => {
  test('of which nobody can say how it is now is not said to open, nor to fail', async () => {
    await record('home', 0, 'operational');
    await record('sign-in', 0, 'operational');
    for (const language of LANGUAGES)
      assert.doesNotMatch(await shown(({ page }) => page(language, 'service/anef/')), SINCE[language]);
    await record('home', 30, 'unknown_page');
    const some = await shown(({ page }) => page('en', 'service/anef/'));
    assert.match(some, /The door opens\. Not measured at present: 1 of 2 steps/);
    await record('sign-in', 31, 'unknown_page');
    for (const language of LANGUAGES)
      for (const path of ['', 'service/anef/'])
        assert.match(await shown(({ page }) => page(language, path)), SINCE[language], `${language}/${path}`);
    assert.doesNotMatch(await shown(({ page }) => page('en', 'service/anef/')), /The door opens\./);
    const {
      now: found,
      lasting,
      unmeasured,
    } = await shown(({ api }) => api<{ now: Now; lasting: number; unmeasured: number }>('services/anef'));
    assert.deepEqual([found.state, lasting, unmeasured], ['unknown', 0, 2]);
  });

  test('whose outage was not seen for more than a day is not said to fail still: its end was not seen', async () => {
    for (const minute of [0, 10]) await record('home', minute, 'error');
    now = START + 10 * MINUTE + 24 * HOUR;
    const outage = async (): Promise<{ goneByAt: unknown; lostAt: unknown } | undefined> =>
      (await shown(({ api }) => api<{ outages: { goneByAt: unknown; lostAt: unknown }[] }>('services/anef')))
        .outages[0];
    assert.deepEqual([(await outage())?.goneByAt, (await outage())?.lostAt], [null, null]);
    now += HOUR;
    assert.equal((await outage())?.lostAt, START + 10 * MINUTE + 500 + 24 * HOUR);
    assert.match(await shown(({ page }) => page('en', 'service/anef/')), /its end was not seen/);
  });
});

test('the list of the operator says since when a target is not measured', async () => {
  await record('bobigny', 0, 'slots');
  await record('bobigny', 30, 'unknown_page');
  const [target] = TARGETS;
  assert.ok(target !== undefined);
  const app = webApp({
    store,
    blobs: { get: () => Promise.reject(new Error('none')) },
    targets: new Map([[target.id, target]]),
    metrics: { contentType: 'text/plain', expose: () => Promise.resolve('') },
    publicPages: [],
    hook: { token: undefined, tell: () => Promise.resolve(0) },
    practice: true,
    readyWithinMs: 1_000,
    metricsToken: undefined,
    access: { token: undefined, listensOn: '127.0.0.1', hosts: [], publicUrl: null },
    onFailure: (failure) => assert.fail(String(failure)),
    now: () => now,
  });
  const list = async (): Promise<string> => (await app.request('/operator/')).text();
  assert.match(await list(), /Not measured since <time[^>]*>23\/11\/2026, 09:00:00 \(Paris\)/);
  await record('bobigny', 60, 'no_slots', { design: 'burst' });
  assert.doesNotMatch(await list(), /Not measured since/);
  now += 91 * MINUTE;
  assert.match(await list(), /Not measured since/);
});
