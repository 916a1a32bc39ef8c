import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { openBench, refusedRules, type Bench } from '../support/bench.ts';
import { openWebSite, sendPage, type WebSite } from '../support/web-site.ts';

/** Pages that would make a polite visitor rude: they reload themselves, send forms by address, or offer what nobody sees. */

const RELOADING: Readonly<Record<string, string>> = {
  reload: '<script>location.reload()</script>',
  refresh: '<meta http-equiv="refresh" content="0">',
  replace: '<script>location.replace("/replace?" + Math.random())</script>',
};

let bench: Bench;
let site: WebSite;
const asked = new Map<string, number>();

before(async () => {
  bench = await openBench();
  site = await openWebSite(({ path: url }, response) => {
    const path = new URL(url, 'http://x').pathname.slice(1);
    asked.set(path, (asked.get(path) ?? 0) + 1);
    const pages: Readonly<Record<string, string>> = {
      ...RELOADING,
      formulaire:
        '<form action="/reserver"><input type="hidden" name="creneau" value="9"><button>Suivant</button></form>',
      sans_champ: '<form action="/suite"><button>Suivant</button></form>',
      cache: '<a href="/piege" style="opacity:0">Suivant</a><a href="/suite">Suivant</a>',
    };
    sendPage(
      response,
      `<!doctype html><title>x</title><h1>Une page sans rien de connu, assez longue.</h1>${pages[path] ?? ''}`,
    );
  });
});
after(async () => {
  await bench.close();
  await site.close();
});

describe('a page that loads itself again and again', () => {
  for (const name of Object.keys(RELOADING)) {
    test(`by ${name} is cut after a few times, is not recognised, and its loads are counted`, async () => {
      const check = await bench.check(`${site.origin}/${name}`, {
        visit: (visit, target) =>
          visit.open('page', target.address, { until: () => false, withinMs: 4_000 }).then(() => undefined),
      });
      assert.ok((asked.get(name) ?? 0) <= 6, `${asked.get(name)} requests`);
      assert.deepEqual([check.reading.outcome, check.errorCode], ['unknown_page', null], check.reading.message);
      assert.equal(check.loads, asked.get(name));
    });
  }
});

describe('a press', () => {
  const pressed = (path: string) =>
    bench.check(`${site.origin}/${path}`, {
      visit: async (visit, target) => {
        await visit.open('page', target.address);
        await visit.press('next', 'a, button', { named: /^suivant$/ });
      },
    });

  test('sends no form by its address', async () => {
    const check = await pressed('formulaire');
    assert.equal(asked.get('reserver'), undefined);
    assert.deepEqual(refusedRules(check), ['form  /formulaire']);
  });

  test('goes on where a form has no field to send', async () => {
    await pressed('sans_champ');
    assert.equal(asked.get('suite'), 1);
  });

  test('meets what a person sees, not what is drawn transparent before it', async () => {
    await pressed('cache');
    assert.deepEqual([asked.get('piege'), asked.get('suite')], [undefined, 2]);
  });
});
