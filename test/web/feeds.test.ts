import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { Parser } from 'htmlparser2';

import { openSubscribeSite, type SubscribeSite } from '../support/subscribe-site.ts';

const MINUTE = 60_000;

let site: SubscribeSite;
beforeEach(async () => {
  site = await openSubscribeSite();
});
afterEach(() => site.close());

interface Item {
  readonly id: string;
  readonly url: string;
  readonly title: string;
  readonly content_text: string;
  readonly date_published: string;
  readonly date_modified: string;
  readonly tags: readonly string[];
}

interface JsonFeed {
  readonly version: string;
  readonly title: string;
  readonly home_page_url: string;
  readonly feed_url: string;
  readonly language: string;
  readonly items: readonly Item[];
}

const json = async (path: string): Promise<JsonFeed> => JSON.parse((await site.get(path)).text) as JsonFeed;

/** `a/b/c` of every element with its text, in order; attributes as `@name`. */
function elementsOf(xml: string): [string, string][] {
  const found: [string, string][] = [];
  const open: { name: string; text: string }[] = [];
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        open.push({ name, text: '' });
        const path = open.map((one) => one.name).join('/');
        for (const [key, value] of Object.entries(attributes)) found.push([`${path}@${key}`, value]);
      },
      ontext: (text) => {
        const last = open.at(-1);
        if (last !== undefined) last.text += text;
      },
      onclosetag: () => {
        const path = open.map((one) => one.name).join('/');
        found.push([path, open.pop()?.text.trim() ?? '']);
      },
    },
    { xmlMode: true },
  );
  parser.end(xml);
  assert.equal(open.length, 0);
  return found;
}

async function openings(): Promise<void> {
  await site.record('bobigny', 'slots', {
    reading: { outcome: 'slots', rule: '', message: '', facets: { firstDate: '2026-12-03' } },
  });
  site.clock.now += 30 * MINUTE;
  await site.record('cayenne-xy', 'slots');
  site.clock.now += 30 * MINUTE;
  await site.record('bobigny', 'no_slots');
}

describe('the feeds', () => {
  test('C13: leave out what ended a day ago: they are news, not a record of hours', async () => {
    await openings();
    site.clock.now += 23 * 60 * MINUTE;
    const ids = async (): Promise<number> => (await json('feeds/alerts.json')).items.length;
    assert.equal(await ids(), 2);
    await site.record('cayenne-xy', 'slots');
    site.clock.now += 61 * MINUTE;
    assert.equal(await ids(), 1);
  });

  test('leave out an opening that nobody has seen for a day: it is not told as one of now', async () => {
    await site.record('cayenne-xy', 'slots');
    for (let hours = 0; hours < 25; hours += 1) {
      site.clock.now += 60 * MINUTE;
      await site.record('cayenne-xy', hours % 2 === 0 ? 'captcha' : 'unknown_page');
    }
    site.clock.now += MINUTE;
    assert.equal((await json('feeds/alerts.json')).items.length, 0);
    await site.record('cayenne-xy', 'slots');
    site.clock.now += MINUTE;
    assert.equal((await json('feeds/alerts.json')).items.length, 1);
  });

  test('say nothing of a control, of a clock that is not trusted, and of a "no" in a soft block', async () => {
    await site.record('bobigny', 'slots', { mode: 'control' });
    await site.record('bobigny', 'clock_untrusted');
    site.clock.now += MINUTE;
    assert.equal((await json('feeds/alerts.json')).items.length, 0);
    await site.record('cayenne-xy', 'slots');
    const block = { host: '127.0.0.1:1', fromAt: site.clock.now, toAt: null, reason: 'throttled', markedBy: 'Odile' };
    await site.store.markSoftBlock(block, site.clock.now);
    site.clock.now += MINUTE;
    await site.record('cayenne-xy', 'no_slots');
    site.clock.now += MINUTE;
    const [item] = (await json('feeds/alerts.json')).items;
    assert.match(item?.title ?? '', /créneaux 23/);
    assert.doesNotMatch(item?.title ?? '', /plus de créneaux/);
  });

  test('tell the last openings in the words of the messages, with the banner of practice', async () => {
    await openings();
    const feed = await json('feeds/alerts.json');
    assert.equal(feed.version, 'https://jsonfeed.org/version/1.1');
    assert.deepEqual(
      [feed.home_page_url, feed.feed_url],
      [`${site.page}fr/alertes`, `${site.page}feeds/alerts.json?lang=fr`],
    );
    const [cayenne, bobigny] = feed.items;
    assert.equal(feed.items.length, 2);
    assert.match(cayenne?.title ?? '', /^\[EXERCICE\] \[973\].*créneaux 23\/11 09:30/);
    assert.match(bobigny?.title ?? '', /^\[EXERCICE\] \[93\].*plus de créneaux 23\/11 10:00/);
    assert.match(bobigny?.content_text ?? '', /23\/11 à 09:00[\s\S]*Gratuit et personnel/);
    assert.equal(bobigny?.url, 'http://127.0.0.1:1/booking/create/7');
    assert.deepEqual(bobigny?.tags, ['93', 'renewal', 'practice']);
    assert.deepEqual(
      [bobigny?.date_published, bobigny?.date_modified],
      ['2026-11-23T08:00:00.500Z', '2026-11-23T09:00:00.500Z'],
    );
  });

  test('of a department have its openings and no others', async () => {
    await openings();
    assert.deepEqual(
      (await json('feeds/93.json')).items.map(({ tags }) => tags[0]),
      ['93'],
    );
    assert.deepEqual((await json('feeds/2A.json')).items, []);
    for (const path of ['feeds/75.atom', 'feeds/x.json', 'feeds/93.rss', 'feeds/..atom']) {
      assert.equal((await site.get(path)).status, 404, path);
    }
  });

  test('speak three languages', async () => {
    await openings();
    assert.match((await json('feeds/alerts.json?lang=en')).items[0]?.title ?? '', /^\[PRACTICE\].*: slots 23\/11/);
    const arabic = await json('feeds/93.json?lang=ar');
    assert.deepEqual([arabic.language, arabic.home_page_url], ['ar', `${site.page}ar/alerts`]);
    assert.match(arabic.items[0]?.title ?? '', /لم تعد هناك مواعيد/);
    assert.equal((await json('feeds/alerts.json?lang=xx')).language, 'fr');
  });

  test('keep the id of an opening while it lasts and after, in both formats and all languages', async () => {
    await site.record('bobigny', 'slots');
    const [before] = (await json('feeds/alerts.json')).items;
    site.clock.now += 2 * MINUTE;
    await site.record('bobigny', 'slots');
    site.clock.now += 2 * MINUTE;
    const [confirmed] = (await json('feeds/93.json?lang=ar')).items;
    await site.record('bobigny', 'no_slots');
    site.clock.now += 2 * MINUTE;
    const [after] = (await json('feeds/alerts.json')).items;
    assert.deepEqual([confirmed?.id, after?.id], [before?.id, before?.id]);
    assert.match(before?.id ?? '', /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const modified = [before, confirmed, after].map((item) => item?.date_modified.slice(11, 19));
    assert.deepEqual(modified, ['08:00:00', '08:02:00', '08:04:00']);
    const { text } = await site.get('feeds/alerts.atom');
    assert.ok(text.includes(`<id>${before?.id}</id>`));
  });

  test('are Atom: what RFC 4287 requires is there once, and outside words are escaped', async () => {
    await openings();
    const { text, headers } = await site.get('feeds/alerts.atom?lang=ar');
    assert.equal(headers.get('content-type'), 'application/atom+xml; charset=utf-8');
    const elements = elementsOf(text);
    const of = (path: string): string[] => elements.filter(([name]) => name === path).map(([, value]) => value);
    assert.deepEqual(of('feed@xmlns'), ['http://www.w3.org/2005/Atom']);
    for (const path of ['feed/id', 'feed/title', 'feed/updated', 'feed/author/name', 'feed@xml:lang']) {
      assert.deepEqual(of(path).map(Boolean), [true], path);
    }
    for (const path of ['id', 'title', 'updated', 'published', 'content', 'link@href']) {
      assert.deepEqual(of(`feed/entry/${path}`).map(Boolean), [true, true], path);
    }
    assert.deepEqual(of('feed/link@rel'), ['self', 'alternate']);
    assert.equal(of('feed/link@href')[0], `${site.page}feeds/alerts.atom?lang=ar`);
    const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
    for (const at of [...of('feed/updated'), ...of('feed/entry/updated')]) assert.match(at, instant);
    assert.equal(of('feed/updated')[0], of('feed/entry/updated').toSorted().at(-1));
    assert.ok(text.includes('Renouvellement &amp; &lt;duplicata&gt;'));
    assert.equal(new Set(of('feed/entry/id')).size, 2);
  });

  test('answer 304 until something changes', async () => {
    await openings();
    for (const path of ['feeds/alerts.atom', 'feeds/93.json']) {
      const first = await site.get(path);
      const tag = first.headers.get('etag') ?? '';
      const modified = first.headers.get('last-modified') ?? '';
      assert.equal(modified, path.includes('93') ? 'Mon, 23 Nov 2026 09:00:00 GMT' : modified);
      const before = new Date(Date.parse(modified) - 1_000).toUTCString();
      for (const [headers, status] of [
        [{ 'if-none-match': tag }, 304],
        [{ 'if-none-match': `"x", W/${tag}` }, 304],
        [{ 'if-none-match': '"x"' }, 200],
        [{ 'if-modified-since': modified }, 304],
        [{ 'if-modified-since': before }, 200],
        [{ 'if-modified-since': 'yesterday' }, 200],
        [{ 'if-none-match': '"x"', 'if-modified-since': modified }, 200],
      ] as const) {
        const answer = await site.get(path, headers);
        assert.equal(answer.status, status, `${path} ${JSON.stringify(headers)}`);
        assert.equal(answer.text === '', status === 304);
        assert.equal(answer.headers.get('etag'), tag);
      }
    }
    const tag = (await site.get('feeds/alerts.atom')).headers.get('etag') ?? '';
    site.clock.now += 23 * 60 * MINUTE;
    assert.equal(
      (await site.get('feeds/alerts.atom', { 'if-none-match': tag })).status,
      304,
      'a night changes no word',
    );
    await site.record('cayenne-xy', 'no_slots');
    site.clock.now += MINUTE;
    assert.equal((await site.get('feeds/alerts.atom', { 'if-none-match': tag })).status, 200);
  });

  test('show an opening within two seconds of its check, and answer many readers from one question', async (t) => {
    const asked = t.mock.method(site.store, 'episodes');
    await Promise.all(Array.from({ length: 50 }, () => site.get('feeds/alerts.atom')));
    assert.equal(asked.mock.callCount(), 1);
    await site.record('bobigny', 'slots');
    site.clock.now += 1_000;
    assert.equal((await json('feeds/alerts.json')).items.length, 1);
  });

  test('stay whole when there is nothing yet', async () => {
    const feed = await json('feeds/alerts.json');
    assert.deepEqual(feed.items, []);
    const { text } = await site.get('feeds/alerts.atom');
    assert.match(text, /<updated>2026-11-23T08:00:00\.000Z<\/updated>/);
  });

  test('leave out outages', async () => {
    for (let at = 0; at < 3; at += 1) {
      await site.record('bobigny', 'error');
      site.clock.now += 5 * MINUTE;
    }
    assert.equal((await site.store.episodes({ limit: 9 }))[0]?.kind, 'outage');
    assert.deepEqual((await json('feeds/alerts.json')).items, []);
  });
});
