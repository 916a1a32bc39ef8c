/** Every page of the public site in a real browser: three languages, a telephone and a desk, with and without scripts. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright';

import { LANGUAGES, type Language } from '../../../src/core/subscription.ts';
import { FORMATS } from '../../../src/web/site/format.ts';
import { SITE_WORDS } from '../../../src/web/site/words/speak.ts';
import { EXECUTABLE } from '../../support/bench.ts';
import { openPublicSite, type PublicSite } from '../../support/public-site.ts';

const PAGES = [
  '',
  'department/93/',
  'target/78-synthetic-aes/',
  'service/anef/',
  'compare/',
  'method/',
  'data/',
  'status/',
  'department/93/widget/',
  'department/20/',
] as const;
/** The same kinds of pages with nothing, or hardly anything, to show. */
const MORE = ['department/12/', 'target/95-synthetic-aes/', 'department/29/'] as const;
const WIDTHS = [360, 1_366] as const;
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let browser: Browser;
let site: PublicSite;

before(async () => {
  browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox'] });
  site = await openPublicSite({ only: ['06', '93', '78', '95', '29', '976', '69', '67', '35', '86'] });
});
after(async () => {
  await browser.close();
  await site.close();
});

interface Watched {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly foreign: string[];
  readonly faults: string[];
}

async function open(options: Parameters<Browser['newContext']>[0]): Promise<Watched> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const foreign: string[] = [];
  const faults: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(site.url)) foreign.push(request.url());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (line) => faults.push(line.text()));
  return { context, page, foreign, faults };
}

/** Injected by hand: its builder for this browser takes three times as long. */
async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(async (tags) => {
    const { axe: found } = globalThis as unknown as { readonly axe: typeof axe };
    const { violations } = await found.run({ runOnly: tags, resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  }, RULES);
}

const NOT_HERE = /status of 404/;

// Six readers at a time: each waits for its own pages, and what they ask is the same site.
describe('every page', { concurrency: true }, () => {
  for (const language of LANGUAGES) {
    for (const width of WIDTHS) {
      test(`in ${language} at ${width} px: nothing wrong for anyone, nothing foreign, no cookie`, async () => {
        const { context, page, foreign, faults } = await open({ viewport: { width, height: 800 } });
        for (const path of language === 'fr' ? [...PAGES, ...MORE] : PAGES) {
          const name = `${language}/${path}`;
          const answer = await page.goto(`${site.url}${name}`);
          assert.equal(answer?.status(), path === 'department/20/' ? 404 : 200, name);
          const seen = await page.evaluate(() => {
            const { lang, dir, scrollWidth, clientWidth } = document.documentElement;
            return { lang, dir, over: scrollWidth - clientWidth, heads: document.querySelectorAll('h1').length };
          });
          assert.deepEqual(seen, { lang: language, dir: SITE_WORDS[language].direction, over: 0, heads: 1 }, name);
          assert.ok(await page.getByRole('note').first().isVisible(), `${name}: practice must be said`);
          const found = await violationsOf(page);
          assert.deepEqual(found, [], name);
        }
        assert.deepEqual(foreign, []);
        assert.deepEqual(
          faults.filter((fault) => !NOT_HERE.test(fault)),
          [],
        );
        assert.deepEqual(await context.cookies(), []);
        assert.deepEqual(site.failures, []);
        await context.close();
      });
    }
  }
});

describe('without scripts', () => {
  for (const language of LANGUAGES) {
    test(`home in ${language} shows its figures, its map and its table at once`, async () => {
      const { context, page } = await open({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
      await page.goto(`${site.url}${language}/`);
      const { share } = (await site.figures.national(site.figures.lastDays(90))).measured;
      assert.equal(share.kind, 'share');
      const lead = page.locator('.figures .big').first();
      assert.equal(await lead.locator('data').getAttribute('value'), String(share.share));
      assert.equal((await lead.textContent())?.trim(), spoken(language, FORMATS[language].percent(share.share)));
      assert.equal(await page.locator('.map path').count(), 101 + 8);
      await assertPaints(page);
      await page.getByRole('link', { name: '93 Seine-Saint-Denis' }).last().click();
      assert.equal(page.url(), `${site.url}${language}/department/93/`);
      assert.ok(await page.locator('.chart svg').first().isVisible());
      assert.ok(!(await page.locator('.series').isVisible()), 'what needs a script is not shown');
      await context.close();
    });
  }
});

/** French spaces do not break. */
function spoken(language: Language, words: string): string {
  return language === 'fr' ? words.replaceAll(' %', '\u00A0%') : words;
}

/** S12: measured departments have a colour, the others a pattern; what nobody measured has not the colour of none. */
async function assertPaints(page: Page): Promise<void> {
  const paintOf = (code: string): Promise<string | null> =>
    page.locator(`.map a[href$="department/${code}/"] path`).first().getAttribute('class');
  const paints = await Promise.all(['06', '93', '78', '95', '29', '12', '976'].map(paintOf));
  assert.deepEqual(paints, ['m0', 'm1', 'm5', 'gate', 'few', 'unmeasured', 'gate']);
  const fills = await page.evaluate(() =>
    ['m0', 'gate', 'few', 'unmeasured'].map((name) => {
      const path = document.querySelector(`.map path.${name}`);
      return path === null ? '' : getComputedStyle(path).fill;
    }),
  );
  assert.match(fills[0] ?? '', /^rgb/);
  for (const fill of fills.slice(1)) assert.match(fill, /^url\("#/);
  assert.equal(new Set(fills).size, 4);
}

describe('the page of a target', () => {
  test('answers first: how often, in words that people use, and from how many looks', async () => {
    const { context, page } = await open({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
    for (const [id, lead, often] of [
      ['78-synthetic-aes', /^\d\d,\d\s%$/, /à peu près [4-8] fois sur 10/],
      ['69-synthetic-aes', /^\d+,\d\s%$/, /à peu près \d fois sur 10/],
      ['93-synthetic-renewal', /^Aucun créneau vu$/, null],
    ] as const) {
      const known = [...site.figures.watched.keys()].find((one) => one === id) ?? '';
      if (known === '') continue;
      await page.goto(`${site.url}fr/target/${id}/`);
      const { measured } = (await site.figures.target(id, site.figures.lastDays(90))) ?? assert.fail();
      const texts = await page.locator('main > *').allTextContents();
      const [title = '', ...rest] = texts
        .map((text) => text.replaceAll(/\s+/g, ' ').trim())
        .filter((text) => text !== '');
      const question = rest.findIndex((text) => /une chance de créneau/.test(text));
      assert.ok(title.length > 0 && question >= 0 && question <= 1, 'nothing but a name stands before the question');
      assert.match((await page.locator('main .big').first().textContent())?.trim() ?? '', lead);
      if (often !== null) assert.match(rest.join(' '), often);
      else assert.equal(await page.locator('.often').count(), 0);
      const how =
        (await page.getByText('Comment le sait-on ?').locator('..').textContent())?.replaceAll(/\s+/g, ' ') ?? '';
      assert.ok(
        how.includes(`${measured.coverage.of} fois`) && how.includes(`lire ${measured.coverage.count} fois`),
        how,
      );
    }
    await context.close();
  });
});

describe('on paper', () => {
  test('stands what can be read, with its address, and nothing that is to be pressed', async (t) => {
    const own = await openPublicSite({ only: ['93'], facts: { publicUrl: 'https://guetteur.example/' } });
    t.after(() => own.close());
    const { context, page } = await open({ viewport: { width: 794, height: 1_123 }, colorScheme: 'dark' });
    await page.goto(`${own.url}fr/target/93-synthetic-aes/`);
    const outcomes = page.locator('details table').first();
    assert.ok(!(await outcomes.isVisible()));
    await page.emulateMedia({ media: 'print' });
    assert.ok(
      await page.getByText('https://guetteur.example/fr/target/93-synthetic-aes/', { exact: true }).isVisible(),
    );
    assert.ok(await outcomes.isVisible(), 'what is folded on the screen is open on paper');
    for (const hidden of ['.menu', '.languages', 'summary', '.embed', '.series'])
      assert.ok(!(await page.locator(hidden).first().isVisible()), hidden);
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(paper, 'rgb(255, 255, 255)', 'dark mode is for screens');
    await context.close();
  });
});

describe('with scripts', () => {
  test('the interactive series draws the days of the table, within the policy', async () => {
    const { context, page, faults } = await open({ viewport: { width: 1_366, height: 900 } });
    await page.goto(`${site.url}en/department/78/`);
    const chart = page.locator('.series .uplot');
    await chart.waitFor();
    await page.locator('.series .u-over').hover({ position: { x: 300, y: 60 } });
    const legend = await page.locator('.series .u-legend').textContent();
    assert.match(legend ?? '', /Day\s*\d+ \w+ 2026/);
    assert.match(legend ?? '', /slots seen\s*\d+(?:\.\d)?%/);
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('the form of the comparison leads to an answer, and to what is wrong', async () => {
    const { context, page } = await open({ locale: 'en-GB' });
    await page.goto(`${site.url}en/compare/`);
    await page.getByLabel('What').selectOption('department:78');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('heading', { name: '78 Yvelines' }).waitFor();
    await page.getByText(/points \(between/).waitFor();
    await page.getByLabel('After, to').fill('2030-01-01');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('alert').waitFor();
    assert.equal(await page.getByLabel('After, to').inputValue(), '2030-01-01');
    await context.close();
  });
});
