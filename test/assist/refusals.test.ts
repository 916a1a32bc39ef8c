import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright';

import { PRACTICE_CODE } from '../../src/practice/rdv-prefecture/captcha-service.ts';
import { hasCaptcha, isRefused, isState, openLine, visitor } from '../support/assist-client.ts';
import { answer, openAssistSite, resultOf, SOON, touch, type AssistSite } from '../support/assist-site.ts';

/** Where each temptation stands, measured on the page scrolled to its end: all fit on one screen there. */
async function temptationsOf(context: BrowserContext, address: string): Promise<Map<string, { x: number; y: number }>> {
  const page = await context.newPage();
  await page.setViewportSize({ width: 412, height: 760 });
  await page.goto(address);
  await page.locator('#BDC_CaptchaComponent').waitFor();
  await page.evaluate(() => window.scrollTo(0, 1_200));
  const found = await page
    .locator('#choisir, #confirmer, #deguise, #formulaire, #gerer, #ailleurs, #fenetre, #telecharger, #appel, #piece')
    .evaluateAll((elements) =>
      elements.map((element) => {
        const box = element.getBoundingClientRect();
        return [element.id, { x: box.x + box.width / 2, y: box.y + box.height / 2 }] as const;
      }),
    );
  await page.close();
  return new Map(found);
}

describe('whatever a person presses, nothing is booked, sent or left', () => {
  let site: AssistSite;
  before(async () => {
    site = await openAssistSite({
      scenarios: { tempting: 'captcha-with-temptations', late: 'captcha-then-late-slots', plain: 'landing-captcha-a' },
    });
  });
  after(() => site.close());

  const NOTHING = { submissions: 0, holds: 0 };
  const counted = (id: string) => ({ submissions: site.tally(id).submissions, holds: site.tally(id).holds });

  test('a slot, a form, a form in disguise, a link out, a window, a download, a file: each is refused and told why', async () => {
    const context = await site.person();
    const refusals = refusalsOf(context);
    const conditions = site.addressOf('tempting', 'cgu/');
    const points = await temptationsOf(context, conditions);
    assert.equal(points.size, 10);
    for (const [id, { y }] of points) assert.ok(y > 0 && y < 760, `${id} stands outside: ${y}`);
    const page = await site.enter(context, 'tempting');
    await page.locator('#code-image[src^="data:"]').waitFor(SOON);
    await scrollDown(page);
    const told: Record<string, string> = {};
    for (const [id, point] of points) {
      await quiet(page, refusals);
      told[id] = await tried(page, point).catch(() => `not told of ${id}`);
    }
    assert.deepEqual(
      Object.fromEntries(Object.entries(told).map(([id, words]) => [id, words.split(' : ')[1]?.split('.')[0]])),
      {
        choisir: 'cela choisirait un rendez-vous ou enverrait un formulaire',
        confirmer: 'cela choisirait un rendez-vous ou enverrait un formulaire',
        deguise: 'cela choisirait un rendez-vous ou enverrait un formulaire',
        formulaire: 'cela choisirait un rendez-vous ou enverrait un formulaire',
        gerer: 'cette page ne fait pas partie de la lecture',
        ailleurs: 'cette page ne fait pas partie de la lecture',
        fenetre: 'cela choisirait un rendez-vous ou enverrait un formulaire',
        telecharger: 'cette page ne fait pas partie de la lecture',
        appel: 'cela choisirait un rendez-vous ou enverrait un formulaire',
        piece: 'aucun fichier ne peut être choisi ici',
      },
    );
    assert.deepEqual(counted('tempting'), NOTHING);
    assert.deepEqual(site.tally('tempting').posts, []);
    // The page still stands, and the captcha can still be answered.
    await answer(page, PRACTICE_CODE);
    assert.match(await resultOf(page), /aucun rendez-vous/);
    assert.deepEqual(
      site.tally('tempting').posts.map((post) => post.split('/').at(-1)),
      ['_validerCaptcha'],
    );
    await context.close();
  });

  test('words go into the captcha field and into no other', async () => {
    const who = await visitor(site.page, await site.invite());
    const line = await openLine(site.page, await who.begin('tempting'), who);
    line.send({ kind: 'hello', size: 'narrow' });
    await line.until(hasCaptcha);
    line.send({ kind: 'text', text: 'Dupont' });
    await line.until(isRefused('field'));
    line.send({ kind: 'leave' });
    await line.until(isState('over', 'left'));
    assert.deepEqual(counted('tempting'), NOTHING);
  });

  test('where the slots are shown nothing can be pressed, however fast and wherever', async () => {
    const who = await visitor(site.page, await site.invite());
    const line = await openLine(site.page, await who.begin('late'), who);
    line.send({ kind: 'hello', size: 'narrow' });
    await line.until(hasCaptcha);
    line.send({ kind: 'answer', text: PRACTICE_CODE });
    await line.until(isState('reading'));
    // The week is drawn 2.5 s later; it is shot at all the while.
    const shooting = setInterval(() => {
      for (const y of [200, 300, 400, 500]) line.send({ kind: 'tap', x: 60 + (y % 97), y });
      line.send({ kind: 'key', key: 'Enter' });
    }, 250);
    const done = await line.until(isState('done'));
    clearInterval(shooting);
    assert.equal((done['state'] as { outcome: string }).outcome, 'slots');
    await line.until(isRefused('ended'));
    assert.deepEqual(counted('late'), NOTHING);
    line.close();
  });

  test('a kill switch closes the window', async () => {
    const who = await visitor(site.page, await site.invite());
    const line = await openLine(site.page, await who.begin('plain'), who);
    line.send({ kind: 'hello', size: 'narrow' });
    await line.until(hasCaptcha);
    await site.monitor.parts.killSwitch.stop(null);
    await line.until(isState('over', 'stopped'));
    await site.monitor.parts.killSwitch.resume(null);
    const next = await openLine(site.page, await who.begin('plain'), who);
    next.send({ kind: 'hello', size: 'narrow' });
    await next.until(hasCaptcha);
    next.send({ kind: 'leave' });
    await next.until(isState('over', 'left'));
  });
});

async function scrollDown(page: Page): Promise<void> {
  for (let step = 0; step < 4; step += 1) {
    const drawn = await page.locator('#picture').getAttribute('data-drawn');
    await page.locator('#down').click();
    if (step < 2) await page.locator(`#picture:not([data-drawn="${drawn}"])`).waitFor(SOON);
  }
  // Until the picture stands still.
  let last = '';
  while (last !== (last = (await page.locator('#picture').getAttribute('data-drawn')) ?? '')) {
    await page.waitForTimeout(700);
  }
}

/** How many refusals have come to the pages of a context so far. */
function refusalsOf(context: BrowserContext): () => number {
  let count = 0;
  context.on('page', (page) => {
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => {
        if (typeof payload === 'string' && payload.startsWith('{"refused"')) count += 1;
      });
    });
  });
  return () => count;
}

/** Until nothing more is said of the touch before: some are refused in more than one way. */
async function quiet(page: Page, refusals: () => number): Promise<void> {
  for (let last = -1; last !== refusals();) {
    last = refusals();
    await page.waitForTimeout(600);
  }
}

/** Touches a point and returns what the person is told. */
async function tried(page: Page, point: { x: number; y: number }): Promise<string> {
  await page.locator('#refusal').evaluate((element) => {
    element.textContent = '';
  });
  await touch(page, point);
  await page.locator('#refusal:not(:empty)').waitFor({ timeout: 6_000 });
  return await page.locator('#refusal').innerText();
}
