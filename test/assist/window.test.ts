import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright';

import { PRACTICE_CODE } from '../../src/practice/rdv-prefecture/door.ts';
import { openAssistSite, SOON, type AssistSite } from '../support/assist-site.ts';

async function answer(page: Page, code: string): Promise<void> {
  await page.locator('#code-image[src^="data:"]').waitFor(SOON);
  await page.getByLabel(/Code de l’image/).fill(code);
  await page.getByRole('button', { name: 'Envoyer' }).click();
}

async function result(page: Page): Promise<string> {
  await page.locator('#result').waitFor(SOON);
  return await page.locator('#result').innerText();
}

describe('a person in the assisted window, on a telephone', () => {
  let site: AssistSite;
  before(async () => {
    site = await openAssistSite({ scenarios: { a: 'landing-captcha-a', b: 'landing-captcha-b' } });
  });
  after(() => site.close());

  test('passes the captcha of the older markup; the reading is recorded with its proof and told at once', async () => {
    const page = await site.enter(await site.person(), 'a');
    await answer(page, PRACTICE_CODE);
    assert.match(await result(page), /Merci !\s+Le robot a lu : des rendez-vous proposés\. Première date proposée/);
    const [row] = await site.monitor.store.helpedChecks({ limit: 1 });
    assert.ok(row);
    assert.deepEqual(
      [row.targetId, row.mode, row.outcome, row.design, row.helper],
      ['a', 'assisted', 'slots', 'uniform', 'Camille'],
    );
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
});
