import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { PRACTICE_CODE } from '../../src/practice/rdv-prefecture/captcha-service.ts';
import { answer, centreOf, openAssistSite, resultOf, SOON, touch, type AssistSite } from '../support/assist-site.ts';

describe('a person in the assisted window, on a telephone', () => {
  let site: AssistSite;
  before(async () => {
    site = await openAssistSite({
      scenarios: {
        a: 'landing-captcha-a',
        b: 'landing-captcha-b',
        lost: 'captcha-session-lost',
        broken: 'captcha-then-failure',
        shut: 'maintenance',
        narrow: 'captcha-then-narrow-slots',
        again: 'landing-captcha-b',
        shared: 'landing-captcha-b',
        gone: 'landing-captcha-b',
      },
      rules: { lostAfterMs: 2_500 },
    });
  });
  after(() => site.close());

  const helped = async (targetId: string) =>
    (await site.monitor.store.helpedChecks({ limit: 50 })).filter((row) => row.targetId === targetId);

  test('passes the captcha of the older markup; the reading is recorded with its proof and told at once', async () => {
    const page = await site.enter(await site.person(), 'a');
    await answer(page, PRACTICE_CODE);
    assert.match(
      await resultOf(page),
      /Merci !\s+Le robot a lu : des rendez-vous proposés\.\s+Première date proposée : \d{1,2}(?:er)? \S+ 20\d\d\s/,
    );
    const [row] = await helped('a');
    assert.ok(row);
    assert.deepEqual([row.mode, row.outcome, row.design, row.helper], ['assisted', 'slots', 'uniform', 'Camille']);
    const stored = await site.monitor.store.storedCheck(row.id);
    assert.deepEqual(
      stored?.captures.map(({ capture }) => capture.step),
      ['landing', 'conditions', 'slots'],
    );
    const evidence = stored?.captures.at(-1)?.evidence;
    assert.ok(evidence?.screenshot);
    const png = await site.monitor.blobs.get(evidence.screenshot);
    assert.ok(png.readUInt32BE(16) >= 1_366, 'photographed at the width of a desktop');
    assert.match((await site.monitor.blobs.get(evidence.text)).toString(), /Choisissez votre créneau/);
    const [episode] = await site.monitor.store.episodes({ targetId: 'a', limit: 1 });
    assert.equal(episode?.kind, 'opening');
    assert.deepEqual({ ...site.tally('a'), posts: [] }, { submissions: 0, holds: 0, captchaAnswers: 1, posts: [] });
    await page.context().close();
  });

  test('passes the captcha of the newer markup on the picture itself: touches its field, types, touches its button', async () => {
    const context = await site.person();
    const conditions = site.addressOf('b', 'cgu/');
    const field = await centreOf(context, conditions, '#captchaFormulaireExtInput');
    const button = await centreOf(context, conditions, 'button[formaction]');
    const page = await site.enter(context, 'b');
    await page.locator('#code-image[src^="data:"]').waitFor(SOON);
    await touch(page, field);
    await page.keyboard.type(`${PRACTICE_CODE}x`);
    await page.keyboard.press('Backspace');
    await touch(page, button);
    assert.match(await resultOf(page), /aucun rendez-vous proposé/);
    assert.equal((await helped('b'))[0]?.outcome, 'no_slots');
    await context.close();
  });

  test('on a telephone too, the page behind is read as a desktop shows it: every day of the week, not the one that is open', async () => {
    const page = await site.enter(await site.person(), 'narrow');
    await answer(page, PRACTICE_CODE);
    await resultOf(page);
    const [row] = await helped('narrow');
    assert.deepEqual([row?.outcome, row?.facets.distinctDays, row?.facets.slotCount], ['slots', 3, 6]);
    await page.context().close();
  });

  test('is told by the site of a wrong code, and answers again', async () => {
    const page = await site.enter(await site.person(), 'again');
    await answer(page, 'falsch');
    await page.getByText('Le code de sécurité saisi est incorrect').waitFor(SOON);
    assert.equal(await page.locator('#answer-text').inputValue(), '', 'the field is empty for the next code');
    await answer(page, PRACTICE_CODE);
    assert.match(await resultOf(page), /aucun rendez-vous/);
    assert.equal(site.tally('again').captchaAnswers, 2);
    await page.context().close();
  });

  test('answers again when the session of the site is over before it began', async () => {
    const page = await site.enter(await site.person(), 'lost');
    await answer(page, PRACTICE_CODE);
    await page.getByText(/Votre session n.est plus valide/).waitFor(SOON);
    await answer(page, PRACTICE_CODE);
    assert.match(await resultOf(page), /aucun rendez-vous/);
    await page.context().close();
  });

  test('reads a failure behind the captcha as what it is', async () => {
    const page = await site.enter(await site.person(), 'broken');
    await answer(page, PRACTICE_CODE);
    assert.match(await resultOf(page), /surchargé/);
    const [row] = await helped('broken');
    assert.deepEqual([row?.outcome, row?.status, row?.design], ['overloaded', 503, 'opportunistic']);
    await page.context().close();
  });

  test('needs nobody where no captcha stands: what is there is read', async () => {
    const page = await site.enter(await site.person(), 'shut');
    assert.match(await resultOf(page), /maintenance annoncée/);
    await page.context().close();
  });

  test('a second reading in one window is no random one', async () => {
    const page = await site.enter(await site.person(), 'b');
    await answer(page, PRACTICE_CODE);
    assert.match(await resultOf(page), /lecture d’occasion/);
    const rows = await helped('b');
    assert.deepEqual(
      rows.map(({ design }) => design),
      ['opportunistic', 'uniform'],
    );
    await page.context().close();
  });

  test('goes on after a reload, and after a connection that was lost for a moment', async () => {
    const context = await site.person();
    let page = await site.enter(context, 'gone');
    await page.locator('#code-image[src^="data:"]').waitFor(SOON);
    await page.reload();
    await page.locator('#code-image[src^="data:"]').waitFor(SOON);
    const address = page.url();
    await page.close();
    page = await context.newPage();
    await page.goto(address);
    await page.locator('#picture[data-drawn]').waitFor(SOON);
    await answer(page, PRACTICE_CODE);
    assert.match(await resultOf(page), /aucun rendez-vous/);
    await context.close();
  });

  test('who does not come back gives the page back; the visit is recorded as the captcha that it ended at', async () => {
    const page = await site.enter(await site.person(), 'gone');
    await page.locator('#code-image[src^="data:"]').waitFor(SOON);
    const count = (await helped('gone')).length;
    await page.context().close();
    await site.desk.settled();
    const rows = await helped('gone');
    assert.equal(rows.length, count + 1);
    assert.deepEqual([rows[0]?.outcome, rows[0]?.design], ['captcha', 'opportunistic']);
  });

  test('two people on one target: the second waits for the first, then has a turn', async () => {
    const first = await site.enter(await site.person(), 'shared');
    await first.locator('#code-image[src^="data:"]').waitFor(SOON);
    const second = await site.enter(
      await site.person(),
      'shared',
      await site.invite({ name: 'Odile', language: 'en' }),
    );
    await second.getByText('Waiting for the site to be free').waitFor(SOON);
    await first.getByRole('button', { name: 'Quitter' }).click();
    assert.match(await resultOf(first), /Vous avez quitté/);
    await answer(second, PRACTICE_CODE);
    assert.match(await resultOf(second), /no appointment offered/);
    await first.context().close();
    await second.context().close();
  });
});
