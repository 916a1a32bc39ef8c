import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';

import { PRACTICE_CODE } from '../../src/practice/rdv-prefecture/captcha-service.ts';
import { LANGUAGES } from '../../src/core/subscription.ts';
import { openAssistSite, resultOf, SOON, type AssistSite } from '../support/assist-site.ts';

async function problemsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120) ?? ''}`);
}

/** WCAG 2.2, 1.4.10: nothing is scrolled sideways. */
async function isReflowed(page: Page): Promise<boolean> {
  return await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
}

describe('without sight, without a mouse, at 320 CSS pixels', () => {
  let site: AssistSite;
  before(async () => {
    site = await openAssistSite({ scenarios: { a: 'landing-captcha-a', b: 'landing-captcha-b' } });
  });
  after(() => site.close());

  for (const language of LANGUAGES) {
    test(`list, window and report pass axe and fit the screen in ${language}`, async () => {
      const context = await site.person({ width: 320 });
      const page = await context.newPage();
      await page.goto(await site.invite({ language }));
      assert.deepEqual(await problemsOf(page), []);
      assert.ok(await isReflowed(page), 'list');
      await page.locator('button[type="submit"]').first().click();
      await page.locator('#code-image[src^="data:"]').waitFor(SOON);
      await page.locator('#picture[data-drawn]').waitFor(SOON);
      assert.deepEqual(await problemsOf(page), []);
      assert.ok(await isReflowed(page), 'window');
      await page.locator('#leave').click();
      await resultOf(page);
      assert.deepEqual(await problemsOf(page), []);
      await page.goto(`${site.page}assist/${language}/report`);
      assert.deepEqual(await problemsOf(page), []);
      assert.ok(await isReflowed(page), 'report');
      await context.close();
    });
  }

  for (const id of ['a', 'b']) {
    test(`the site's spoken code is played, and with the keyboard alone a reading is made (${id})`, async () => {
      const context = await site.person();
      const page = await context.newPage();
      await page.goto(await site.invite({ language: 'en' }));
      await press(page, (focused) => focused === `Read this page ${id}`);
      await page.locator('#code-image[src^="data:"]').waitFor(SOON);
      // The replica's sound is longer with each code: the one of the code before would be heard to be wrong.
      const seconds = await listen(page);
      assert.ok(seconds >= 1.5, `${seconds} s: the sound of the site, whole`);
      assert.equal(await listen(page), seconds, 'again');
      const first = await page.locator('#code-image').getAttribute('src');
      await press(page, (focused) => focused === 'Another code');
      await page.waitForFunction((src) => document.querySelector<HTMLImageElement>('#code-image')!.src !== src, first);
      assert.equal(await listen(page), seconds + 0.25, 'of the other code');
      await press(page, (focused) => focused.startsWith('Code in the picture'));
      await page.keyboard.type(PRACTICE_CODE);
      await page.keyboard.press('Enter');
      assert.match(await resultOf(page), /Thank you!/);
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'result-title', 'the result is heard');
      await context.close();
    });
  }

  test('without JavaScript the window says what to do instead, and a report can be made', async () => {
    const context = await site.person({ javaScript: false });
    const page = await site.enter(context, 'a', await site.invite({ language: 'en' }));
    await page.getByText('This window needs JavaScript').waitFor();
    await page.getByRole('link', { name: 'Report what I saw' }).click();
    await page.getByLabel('Page', { exact: true }).selectOption('a');
    await page.getByText('a sign-in was asked for').click();
    await page.getByRole('button', { name: 'Send the report' }).click();
    await page.getByText('Your report is kept').waitFor(SOON);
    await context.close();
  });
});

/** Asks for the spoken code; its length in seconds, to a hundredth. */
async function listen(page: Page): Promise<number> {
  const sound = page.locator('#sound');
  const last = (await sound.getAttribute('src')) ?? '';
  await press(page, (focused) => focused === 'Listen to the code');
  await page.locator(`#sound[src^="blob:"]:not([src="${last}"])`).waitFor(SOON);
  const seconds = await sound.evaluate(
    (audio: HTMLAudioElement) =>
      new Promise<number>((resolve) => {
        if (audio.readyState >= 1) resolve(audio.duration);
        audio.addEventListener('loadedmetadata', () => resolve(audio.duration));
      }),
  );
  return Math.round(seconds * 100) / 100;
}

/** Goes on with Tab until what has the focus is named so, then presses it; a field is left with the focus in it. */
async function press(page: Page, isIt: (name: string) => boolean): Promise<void> {
  for (let steps = 0; steps < 40; steps += 1) {
    const found = await page.evaluate(() => {
      const focused = document.activeElement;
      if (focused instanceof HTMLInputElement) return { name: focused.labels?.[0]?.textContent ?? '', isField: true };
      const about = focused?.parentElement?.querySelector('input[name="target"]')?.getAttribute('value');
      return {
        name: `${focused?.textContent ?? ''}${about === null || about === undefined ? '' : ` ${about}`}`.trim(),
        isField: false,
      };
    });
    if (isIt(found.name)) {
      if (!found.isField) await page.keyboard.press('Enter');
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error('the keyboard does not reach it');
}
