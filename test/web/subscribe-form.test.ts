import assert from 'node:assert/strict';
import { after, before, describe, test, type TestContext } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright';

import { EXECUTABLE } from '../support/bench.ts';
import { ADDRESS, openSubscribeSite, type SubscribeSite } from '../support/subscribe-site.ts';

/** The form as a volunteer meets it: a real browser without scripts, on a phone and on a desk. */

const PATHS = { fr: 'fr/alertes', ar: 'ar/alerts', en: 'en/alerts' } as const;

let browser: Browser;
let site: SubscribeSite;
before(async () => {
  browser = await chromium.launch({ executablePath: EXECUTABLE });
  site = await openSubscribeSite({
    parts: { offers: { telegramBot: 'guetteur_bot', ntfyTopics: ['https://ntfy.example/rdv-93'] } },
  });
});
after(async () => {
  await browser.close();
  await site.close();
});

async function open(t: TestContext, path: string, width: number, javaScriptEnabled = false): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, javaScriptEnabled });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${site.page}${path}`);
  return page;
}

/** Where an element is on the screen; the browser itself tells, no script of the page. */
async function boxOf(page: Page, selector: string): Promise<{ x: number; right: number; height: number }> {
  const box = await page.locator(selector).first().boundingBox();
  assert.ok(box !== null, selector);
  return { x: box.x, right: box.x + box.width, height: box.height };
}

for (const [language, width] of [
  ['fr', 360],
  ['fr', 1366],
  ['ar', 360],
  ['ar', 1366],
] as const) {
  test(`is filled in without scripts in ${language} at ${width} px, and its mail confirmed`, async (t) => {
    const page = await open(t, PATHS[language], width);
    await page
      .getByLabel(language === 'fr' ? 'Adresse électronique' : 'عنوان البريد الإلكتروني')
      .fill(ADDRESS.replace('odile', `${language}${width}`));
    await page.getByRole('checkbox', { name: '93 Seine-Saint-Denis' }).check();
    await page.locator('#from').fill('22:00');
    await page.locator('#to').fill('07:00');
    await page.locator('#timeZone').selectOption('America/Cayenne');
    await page.locator('form button').click();
    assert.match(await page.locator('main').innerText(), new RegExp(`${language}${width}@association\\.example`));
    await page.goto(`${site.page}${site.link('confirm')}`);
    await page.locator('form button').click();
    assert.equal(await page.locator('h1').innerText(), language === 'fr' ? 'C’est fait' : 'تم');
    const row = (await site.store.subscriptions()).at(-1);
    assert.deepEqual(
      [row?.state, row?.language, row?.departments, row?.quiet, row?.timeZone],
      ['active', language, ['93'], { from: '22:00', to: '07:00' }, 'America/Cayenne'],
    );
  });
}

describe('the page', () => {
  for (const language of ['fr', 'ar', 'en'] as const) {
    test(`in ${language} fits 360 px, and everything to be touched is 44 px high`, async (t) => {
      const page = await open(t, PATHS[language], 360);
      const elements = await page.locator('body *:visible').all();
      assert.ok(elements.length > 60);
      for (const element of elements) {
        const box = await element.boundingBox();
        assert.ok(
          box !== null && box.x >= 0 && box.x + box.width <= 360,
          await element.evaluate((one) => one.outerHTML),
        );
      }
      for (const selector of ['form button', '#address', '#from', '#language', '.choice']) {
        assert.ok((await boxOf(page, selector)).height >= 44, selector);
      }
    });
  }

  test('is read from the right in Arabic, but addresses from the left', async (t) => {
    const page = await open(t, PATHS.ar, 360);
    const [tick, words] = [await boxOf(page, '.choice input'), await boxOf(page, '.choice span')];
    assert.ok(tick.x > words.x);
    assert.ok(tick.x > 180);
    assert.equal(await page.locator('#address').getAttribute('dir'), 'ltr');
    const french = await open(t, PATHS.fr, 360);
    assert.ok((await boxOf(french, '.choice input')).x < (await boxOf(french, '.choice span')).x);
  });

  test('ties errors to their fields, leads to them, and keeps what was typed', async (t) => {
    const page = await open(t, PATHS.fr, 360);
    await page.locator('#address').fill('a@b.example, c@d.example');
    await page.getByRole('checkbox', { name: '973 Guyane' }).check();
    await page.getByRole('radio', { name: 'Un seul message par jour' }).check();
    await page.locator('#digestAt').fill('');
    await page.locator('form button').click();
    assert.match(await page.title(), /^\(2\)/);
    assert.equal(await page.getByRole('alert').getByRole('link').count(), 2);
    const address = page.getByRole('textbox', { name: 'Adresse électronique' });
    assert.equal(await address.inputValue(), 'a@b.example, c@d.example');
    assert.match((await address.getAttribute('aria-describedby')) ?? '', /address-error/);
    assert.match(await page.locator('#address-error').innerText(), /une seule adresse/);
    assert.ok(await page.getByRole('checkbox', { name: '973 Guyane' }).isChecked());
    assert.ok(await page.getByRole('radio', { name: 'Un seul message par jour' }).isChecked());
    await page.getByRole('alert').getByRole('link').last().click();
    await page.keyboard.press('Tab');
    assert.match(page.url(), /#digestAt$/);
  });

  test('is used by the keyboard alone, and shows where it is', async (t) => {
    const page = await open(t, PATHS.fr, 360);
    const focused = page.locator(':focus');
    const seen: string[] = [];
    for (let press = 0; press < 40; press += 1) {
      await page.keyboard.press('Tab');
      if ((await focused.count()) === 0) continue;
      const [name, outline] = await focused.evaluate((one) => [
        one.getAttribute('name') ?? one.tagName,
        getComputedStyle(one).outlineStyle,
      ]);
      assert.equal(outline, 'solid', name);
      seen.push(name ?? '');
      if (name === 'BUTTON') break;
    }
    const fields = [
      'address',
      'departments',
      'procedures',
      'kinds',
      'when',
      'digestAt',
      'from',
      'to',
      'timeZone',
      'language',
    ];
    assert.deepEqual(
      [...new Set(seen)].filter((name) => fields.includes(name)),
      fields,
    );
    assert.equal(seen.at(-1), 'BUTTON');
  });

  test('names every field, and breaks none of its own rules of safety', async (t) => {
    const page = await open(t, PATHS.fr, 1366, true);
    const faults: string[] = [];
    page.on('console', (line) => faults.push(line.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('requestfailed', (request) => faults.push(request.url()));
    await page.reload();
    assert.deepEqual(faults, []);
    const unnamed = await page
      .locator('input, select')
      .evaluateAll((fields) =>
        fields.flatMap((field) =>
          'labels' in field && field.labels instanceof NodeList && field.labels.length > 0 ? [] : [field.outerHTML],
        ),
      );
    assert.deepEqual(unnamed, []);
    const ids = await page.locator('[id]').evaluateAll((all) => all.map(({ id }) => id));
    assert.equal(new Set(ids).size, ids.length);
    const described = await page
      .locator('[aria-describedby]')
      .evaluateAll((all) => all.flatMap((one) => (one.getAttribute('aria-describedby') ?? '').split(' ')));
    assert.deepEqual(
      described.filter((id) => !ids.includes(id)),
      [],
    );
    assert.equal(
      await page.locator('body').evaluate((body) => getComputedStyle(body).maxWidth),
      '736px',
      'the style came',
    );
  });

  test('leads to its other languages and to feeds that are there', async (t) => {
    const page = await open(t, PATHS.fr, 1366);
    const links = await page
      .locator('a[href], link[href]')
      .evaluateAll((all) => all.map((one) => ('href' in one ? String(one.href) : '')));
    const own = links.filter((link) => link.startsWith(site.page));
    assert.ok(own.length >= 12, own.join(' '));
    for (const link of own) assert.equal((await fetch(link)).status, 200, link);
    assert.ok(links.includes('https://t.me/guetteur_bot'));
  });

  test('has feeds that a browser reads as XML', async (t) => {
    const page = await open(t, PATHS.fr, 1366, true);
    await site.record('bobigny', 'slots');
    site.clock.now += 2_000;
    const root = await page.evaluate(async () => {
      const text = await (await fetch('../feeds/alerts.atom')).text();
      const found = new DOMParser().parseFromString(text, 'application/xml');
      return [
        found.documentElement.localName,
        found.querySelectorAll('parsererror').length,
        found.querySelectorAll('entry').length,
      ];
    });
    assert.deepEqual(root, ['feed', 0, 1]);
  });
});
