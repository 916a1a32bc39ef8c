import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { PRACTICE_CODE } from '../../src/practice/rdv-prefecture/captcha-service.ts';
import { withinFloors } from '../../src/run/politeness.ts';
import { hasCaptcha, isState, openLine, visitor, type Visitor } from '../support/assist-client.ts';
import { NEVER, openAssistSite, type AssistSite } from '../support/assist-site.ts';

const FLOORS = withinFloors({ targetSpacingMs: 0, hostSpacingMs: 0, checksPerHostAndHour: Infinity });

async function read(site: AssistSite, targetId: string): Promise<void> {
  const who = await visitor(site.page, await site.invite());
  const line = await openLine(site.page, await who.begin(targetId), who);
  line.send({ kind: 'hello', size: 'narrow' });
  await line.until(hasCaptcha);
  line.send({ kind: 'answer', text: PRACTICE_CODE });
  await line.until(isState('done'));
}

describe('an assisted visit among the others', () => {
  let site: AssistSite;
  before(async () => {
    site = await openAssistSite({
      scenarios: { door: 'landing-captcha-a', other: 'landing-captcha-b' },
      runner: { rules: FLOORS },
      rules: { instants: NEVER, waitMs: 3_000, spacingMs: FLOORS.targetSpacingMs },
    });
  });
  after(() => site.close());

  test('holds the lease of its host: a scheduled check waits, one of another host does not', async () => {
    const who = await visitor(site.page, await site.invite());
    const line = await openLine(site.page, await who.begin('door'), who);
    line.send({ kind: 'hello', size: 'narrow' });
    await line.until(hasCaptcha);
    const scheduled = { mode: 'scheduled', design: 'uniform' } as const;
    const waits = await site.monitor.runner.check({ target: site.targets.get('door')!, ...scheduled });
    assert.equal(waits.kind, 'wait');
    const goes = await site.monitor.runner.check({ target: site.targets.get('other')!, ...scheduled });
    assert.equal(goes.kind, 'checked');
    line.send({ kind: 'answer', text: PRACTICE_CODE });
    await line.until(isState('done'));
  });

  test('keeps the spacing of conduct C6: the same target is not visited again at once', async () => {
    const who = await visitor(site.page, await site.invite());
    const line = await openLine(site.page, await who.begin('door'), who);
    line.send({ kind: 'hello', size: 'narrow' });
    await line.until(isState('over', 'busy'));
    assert.equal(site.tally('door').captchaAnswers, 1);
  });

  test('is opportunistic when no random instant is open', async () => {
    const [row] = await site.monitor.store.helpedChecks({ limit: 1 });
    assert.deepEqual([row?.outcome, row?.design, row?.plannedAt], ['slots', 'opportunistic', null]);
  });

  test('asks nothing of the site before the person is there', async () => {
    const asked = site.tally('other').posts.length;
    const who = await visitor(site.page, await site.invite());
    await who.begin('other');
    const state = await site.monitor.store.hostState(new URL(site.addressOf('other')).host, Date.now());
    assert.ok(state.leasedUntil === 0 && site.tally('other').posts.length === asked);
  });
});

describe('sharing among those who help at once', () => {
  let site: AssistSite;
  before(async () => {
    site = await openAssistSite({
      scenarios: { a: 'landing-captcha-a', b: 'landing-captcha-b', c: 'landing-captcha-b' },
      rules: { instants: NEVER },
    });
  });
  after(() => site.close());
  const firstOf = async (who: Visitor): Promise<string | undefined> =>
    /name="target" value="(\w+)"/.exec(await (await who.get('assist/fr/')).text())?.[1];

  test('who looks at the list at the same time is shown another target first', async () => {
    const people = [];
    for (let count = 0; count < 3; count += 1) people.push(await visitor(site.page, await site.invite()));
    for (const who of people) await firstOf(who);
    const firsts = await Promise.all(people.map(firstOf));
    assert.equal(new Set(firsts).size, 3, firsts.join());
  });

  test('who began and never came does not hold up the next one on the same host', async () => {
    const idle = await visitor(site.page, await site.invite());
    await idle.begin('a');
    const there = await visitor(site.page, await site.invite());
    const line = await openLine(site.page, await there.begin('a'), there);
    line.send({ kind: 'hello', size: 'narrow' });
    const began = Date.now();
    await line.until(hasCaptcha);
    // They would be waited for eight seconds.
    assert.ok(Date.now() - began < 6_000, `${Date.now() - began} ms`);
    line.send({ kind: 'leave' });
    await line.until(isState('over', 'left'));
    await site.desk.settled();
  });
});

describe('reading again, when the operator turned it on', () => {
  let site: AssistSite;
  let ahead = 0;
  before(async () => {
    site = await openAssistSite({
      scenarios: { door: 'landing-captcha-a' },
      rules: { again: { times: 6, everyMs: 600_000 } },
      now: () => Date.now() + ahead,
    });
  });
  after(() => site.close());

  test('reads the same page without a person until the site asks for the captcha again, and counts none as random', async () => {
    await read(site, 'door');
    for (let round = 0; round < 8; round += 1) {
      ahead += 601_000;
      await site.desk.tick();
    }
    const rows = (await site.monitor.store.helpedChecks({ limit: 20 })).toReversed();
    // The replica's session shows the page four times.
    assert.deepEqual(
      rows.map(({ kind, outcome, design }) => `${kind} ${outcome} ${design}`),
      [
        'reading slots uniform',
        'again slots opportunistic',
        'again slots opportunistic',
        'again slots opportunistic',
        'again captcha opportunistic',
      ],
    );
    assert.equal(site.tally('door').captchaAnswers, 1, 'no answer but the person’s');
    assert.deepEqual([site.tally('door').holds, site.tally('door').submissions], [0, 0]);
  });
});

describe('a browser that dies under a person', () => {
  test('ends the session at once as a fault of ours, recorded as such; the next one gets a new browser', async () => {
    const site = await openAssistSite({ scenarios: { a: 'landing-captcha-a' } });
    try {
      const who = await visitor(site.page, await site.invite());
      const line = await openLine(site.page, await who.begin('a'), who);
      line.send({ kind: 'hello', size: 'narrow' });
      await line.until(hasCaptcha);
      await site.monitor.browser.close();
      await line.until(isState('over', 'failed'));
      const [row] = await site.monitor.store.helpedChecks({ limit: 1 });
      assert.deepEqual([row?.outcome, row?.design], ['monitor_error', 'opportunistic']);
      await read(site, 'a');
    } finally {
      await site.close();
    }
  });
});

describe('windows open at once', () => {
  test('are bounded: who comes on top is told so', async () => {
    const site = await openAssistSite({
      scenarios: { a: 'landing-captcha-a', b: 'landing-captcha-b' },
      rules: { windows: 1 },
    });
    try {
      const first = await visitor(site.page, await site.invite());
      await first.begin('a');
      const second = await visitor(site.page, await site.invite());
      const answer = await second.post('assist/en/begin', { target: 'b' });
      assert.equal(answer.status, 503);
      assert.match(await answer.text(), /All windows are open/);
    } finally {
      await site.close();
    }
  });
});
