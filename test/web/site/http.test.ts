/** How the public site answers over HTTP: codes, headers, caching, limits. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';

import { LANGUAGES } from '../../../src/core/subscription.ts';
import { DATA_WORDS } from '../../../src/web/open-data/words/speak.ts';
import { DOWNLOADS } from '../../../src/web/site/pages/data.ts';
import { breakerAfter } from '../../../src/run/politeness.ts';
import { PAUSES } from '../../../src/web/site/words/pauses.ts';
import { captureBeforeEach, openPublicSite, PICTURE, type PublicSite } from '../../support/public-site.ts';

let site: PublicSite;
before(async () => {
  site = await openPublicSite({ only: ['93', '78', '95'] });
});
after(() => site.close());

async function get(path: string, headers: Record<string, string> = {}, from = site): Promise<Response> {
  return await fetch(new URL(path, from.url), { redirect: 'manual', headers });
}

async function status(path: string, headers: Record<string, string> = {}, from = site): Promise<string> {
  const answer = await get(path, headers, from);
  const body = await answer.text();
  assert.doesNotMatch(body, /\bat (?:async )?\w+.*\.ts:\d+|node_modules|Error:/, path);
  return `${answer.status} ${answer.headers.get('location') ?? ''}`.trim();
}

describe('addresses', () => {
  test('the door leads to the language of the reader', async () => {
    assert.equal(await status('/', { 'accept-language': 'ar-MA,fr;q=0.5' }), '302 ar/');
    assert.equal(await status('/', { 'accept-language': 'de, en;q=0.7' }), '302 en/');
    assert.equal(await status('/', { 'accept-language': 'xx' }), '302 fr/');
    assert.equal((await get('/')).headers.get('vary'), 'accept-language');
  });

  test('pages stand at addresses with a slash at their end; others lead there or nowhere', async () => {
    assert.equal(await status('/fr'), '301 fr/');
    assert.equal(await status('/fr/department/93'), '301 93/');
    assert.equal(await status('/en/target/93-synthetic-aes'), '301 93-synthetic-aes/');
    for (const path of ['/fr/', '/en/compare/', '/ar/method/', '/fr/badge.svg', '/fr/department/93/widget/']) {
      assert.equal(await status(path), '200', path);
    }
  });

  test('an unknown language, department, target or service is not found, in words the reader knows', async () => {
    for (const path of [
      '/de/',
      '/fr/department/20/',
      '/fr/department/96/',
      '/fr/department/93/x/',
      '/en/target/nobody/',
      '/en/target/..%2f..%2fetc/',
      '/fr/service/nothing/',
      '/fr/department/12/badge.svg',
      '/assets/site.css',
      '/assets/..%2fsite.css',
      '/fr/constructor/',
      '/fr/__proto__/',
    ]) {
      assert.equal(await status(path), '404', path);
    }
    const arabic = await (await get('/xx/', { 'accept-language': 'ar' })).text();
    assert.match(arabic, /<html lang="ar" dir="rtl">/);
    assert.match(await (await get('/en/department/20/')).text(), /Unknown department/);
  });

  test('an address without end is answered shortly, and no word of one comes back as a header', async () => {
    const deep = await get(`/${'x/'.repeat(7_000)}`);
    assert.equal(deep.status, 404);
    assert.ok((await deep.text()).length < 100);
    for (const path of [
      '/fr/compare/?of=france%0d%0ax-evil:1',
      '/fr/x%0d%0ax-evil:1/',
      '/fr/department/93%0d%0ax-evil:1',
    ]) {
      const answer = await get(path);
      assert.ok([400, 404].includes(answer.status), path);
      for (const [name, value] of answer.headers) assert.doesNotMatch(`${name}${value}`, /evil/);
    }
    const long = await get(`/fr/compare/?of=${'x'.repeat(9_000)}`);
    assert.equal(long.status, 400);
    const known = site.figures.asked.get('department 93') ?? 0;
    for (let at = 0; at < 20; at += 1) assert.equal(await status(`/fr/department/93/?${at}=${'y'.repeat(500)}`), '200');
    assert.ok(
      (site.figures.asked.get('department 93') ?? 0) <= known + 1,
      'a query that means nothing is not another page',
    );
  });

  test('pages are only to be read', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'PROPFIND']) {
      const answer = await fetch(new URL('/fr/department/93/', site.url), { method });
      assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'GET, HEAD'], method);
      assert.equal((await fetch(new URL('/fr/nothing/', site.url), { method })).status, 404);
    }
    const head = await fetch(new URL('/fr/method/', site.url), { method: 'HEAD' });
    assert.deepEqual([head.status, (await head.text()).length], [200, 0]);
    assert.match(head.headers.get('etag') ?? '', /^W/);
  });

  test('hostile ranges of the comparison are refused with what is wrong, and computed never', async () => {
    const computed = site.figures.asked.get('compare') ?? 0;
    const good = { of: 'france', bf: '2026-09-01', bt: '2026-09-30', af: '2026-10-01', at: '2026-10-31' };
    const wrong: readonly Partial<Record<keyof typeof good, string>>[] = [
      { of: 'target:nobody' },
      { of: '<script>alert(1)</script>' },
      { bf: '2026-02-31' },
      { bf: "1' or 1=1" },
      { at: '9999-12-31' },
      { bt: '2026-08-01' },
      { bt: '2026-10-15' },
      { bf: '1900-01-01' },
    ];
    for (const change of wrong) {
      const query = new URLSearchParams({ ...good, ...change });
      const answer = await get(`/en/compare/?${query.toString()}`);
      assert.equal(answer.status, 400, query.toString());
      const body = await answer.text();
      assert.match(body, /role="alert"/);
      assert.doesNotMatch(body, /<script>alert/);
    }
    assert.equal(site.figures.asked.get('compare') ?? 0, computed);
    assert.equal(await status(`/en/compare/?${new URLSearchParams(good).toString()}`), '200');
  });
});

describe('headers', () => {
  test('nothing inline, nothing foreign, no cookie; only a widget may be framed by others', async () => {
    for (const path of ['/fr/', '/fr/nothing/', '/en/department/93/', '/fr/badge.svg', '/xx/', '/fr/compare/?bf=x']) {
      const { headers } = await get(path);
      const policy = headers.get('content-security-policy') ?? '';
      assert.match(policy, /^default-src 'none'; /);
      assert.doesNotMatch(policy, /unsafe|\*|https?:/, path);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('set-cookie'), null);
    }
    const widget = await get('/fr/department/93/widget/');
    assert.match(widget.headers.get('content-security-policy') ?? '', /frame-ancestors \*$/);
  });

  test('pages have no style and no script of their own inside', async () => {
    for (const path of site.writer.paths) {
      const written = await site.writer.write('en', path);
      assert.ok(written !== null, path);
      assert.doesNotMatch(written.body, /<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)/, path);
      assert.doesNotMatch(written.body, /\ssrc="(?:https?:)?\/\//, path);
      // What is not ours is led to, never loaded.
      for (const [tag] of written.body.matchAll(/<[a-z]+[^>]*\shref="(?:https?:)?\/\/[^>]*>/g))
        assert.match(tag, /^<a [^>]*\srel="external/, `${path}: ${tag}`);
      if (written.contentType.startsWith('image/')) assert.doesNotMatch(written.body, /<a |<image|href=/);
    }
  });
});

describe('the page of the data', () => {
  test('explains every table and column in the language of the page, and no two languages say the same', async () => {
    for (const language of LANGUAGES) {
      const page = (await (await get(`/${language}/data/`)).text()).replaceAll('\u00A0', ' ');
      const { tables, columns } = DATA_WORDS[language];
      for (const { name, columns: own } of DOWNLOADS) {
        assert.ok(page.includes(escaped(tables[name].title)), `${language}: ${name}`);
        assert.ok(page.includes(escaped(tables[name].meaning)), `${language}: ${name}`);
        for (const column of own)
          assert.ok(page.includes(escaped(columns[column.name])), `${language}: ${column.name}`);
      }
    }
    for (const name of Object.keys(DATA_WORDS.en.columns) as (keyof typeof DATA_WORDS.en.columns)[])
      assert.equal(new Set(LANGUAGES.map((language) => DATA_WORDS[language].columns[name])).size, 3, name);
  });
});

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

describe('what a reader downloads', () => {
  test('home with all that it loads is under 150 kB over the wire, compressed as the reader takes it', async () => {
    const whole = await openPublicSite();
    try {
      const answer = await get('/fr/', { 'accept-encoding': 'gzip' }, whole);
      assert.equal(answer.headers.get('content-encoding'), 'gzip');
      const text = await answer.text();
      const linked = [...text.matchAll(/(?:src|href)="\.\.\/(assets\/[^"]+)"/g)].map(([, path = '']) => path);
      assert.ok(linked.length >= 2);
      const bytes = async (path: string): Promise<number> => {
        const found = await fetch(new URL(path, whole.url), { headers: { 'accept-encoding': 'gzip' } });
        await found.arrayBuffer();
        return Number(found.headers.get('content-length'));
      };
      const sizes = await Promise.all(['fr/', ...linked].map(bytes));
      const total = sizes.reduce((sum, size) => sum + size, 0);
      assert.ok(total > 10_000 && total < 150_000, `${total} bytes`);
    } finally {
      await whole.close();
    }
  });

  test('the same page in every coding, and once only for who has it', async () => {
    const plain = await get('/fr/method/', { 'accept-encoding': 'identity' });
    const text = await plain.text();
    const tag = plain.headers.get('etag') ?? '';
    assert.match(tag, /^W\/"/);
    const brotli = await fetchRaw('fr/method/', 'br;q=1, gzip;q=0');
    assert.equal(brotliDecompressSync(brotli).toString(), text);
    assert.equal((await get('/fr/method/', { 'if-none-match': tag })).status, 304);
    assert.equal((await get('/fr/method/', { 'if-none-match': '"other"' })).status, 200);
    const asset = /assets\/[\da-f]{8}\.site\.css/.exec(text)?.[0] ?? '';
    const style = await get(`/${asset}`);
    assert.match(style.headers.get('cache-control') ?? '', /immutable/);
    const mark = createHash('sha256')
      .update(await style.text())
      .digest('hex')
      .slice(0, 8);
    assert.ok(asset.includes(mark), 'the name says the content');
  });
});

/** As it travels: `fetch` unpacks what it knows. */
async function fetchRaw(path: string, coding: string): Promise<Buffer> {
  const { request } = await import('node:http');
  return await new Promise((resolve, reject) => {
    request(new URL(path, site.url), { headers: { 'accept-encoding': coding } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve(Buffer.concat(chunks)));
    })
      .on('error', reject)
      .end();
  });
}

describe('a thousand readers', () => {
  test('cost one computation, and the next one when it is old', async (t) => {
    const own = await openPublicSite({ only: ['93'] });
    t.after(() => own.close());
    const answers = await Promise.all(Array.from({ length: 200 }, () => status('/fr/department/93/', {}, own)));
    assert.deepEqual([...new Set(answers)], ['200']);
    assert.equal(own.figures.asked.get('department 93'), 1);
    own.clock.now += 119_000;
    await status('/fr/department/93/', {}, own);
    assert.equal(own.figures.asked.get('department 93'), 1);
    own.clock.now += 2_000;
    await status('/fr/department/93/', {}, own);
    assert.equal(own.figures.asked.get('department 93'), 2);
  });

  test('who asks for too many computations is told to wait; what is kept is still given', async (t) => {
    const rules = { perClient: { count: 3, withinMs: 60_000 } };
    const own = await openPublicSite({ only: ['93'], rules });
    t.after(() => own.close());
    const paths = ['/fr/', '/fr/method/', '/fr/data/', '/en/method/', '/fr/'];
    const answers = [];
    for (const path of paths) answers.push(await get(path, {}, own));
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [200, 200, 200, 429, 200],
    );
    assert.ok(Number(answers[3]?.headers.get('retry-after')) > 0);
    own.clock.now += 130_000;
    for (const path of ['/en/', '/ar/', '/en/data/']) assert.equal(await status(path, {}, own), '200');
    // Old now, and nothing is left to compute it anew: an old page says more than a refusal.
    assert.equal(await status('/fr/', {}, own), '200');
  });

  test('a failure of ours is told without its cause, noted for the operator, and not kept', async (t) => {
    const own = await openPublicSite({ only: ['93'] });
    t.after(() => own.close());
    const failing = { isOn: true };
    const national = own.figures.national.bind(own.figures);
    own.figures.national = async (period) => {
      if (failing.isOn) throw new Error('secret path /var/x');
      return await national(period);
    };
    assert.equal(await status('/fr/', {}, own), '500');
    assert.doesNotMatch(await (await get('/fr/', {}, own)).text(), /secret/);
    assert.match(own.failures[0] ?? '', /secret path/);
    failing.isOn = false;
    assert.equal(await status('/fr/', {}, own), '200');
  });
});

describe('the state of the robot', () => {
  test('says in the language of the page why a site is left alone, whatever the reason', async () => {
    const signal = { outcome: 'error', status: 503, retryAfter: '', expectsCaptcha: false } as const;
    const faults = { level: 0, openUntil: 0, reason: '', faults: 9 };
    const trips = [
      breakerAfter(faults, { ...signal, outcome: 'rate_limited' }, 0),
      breakerAfter(faults, { ...signal, outcome: 'denied' }, 0),
      breakerAfter(faults, { ...signal, outcome: 'captcha' }, 0),
      breakerAfter(faults, signal, 0),
      breakerAfter({ ...faults, faults: 0 }, { ...signal, retryAfter: '60' }, 0),
    ];
    const reasons = trips.map(({ reason }) => reason.replace(/^\d+ /, ''));
    for (const words of Object.values(PAUSES)) assert.deepEqual(Object.keys(words).toSorted(), reasons.toSorted());
    for (const [language, words] of Object.entries(PAUSES))
      assert.ok((await (await get(`/${language}/status/`)).text()).includes(words['a new captcha'] ?? assert.fail()));
  });
});

const picturesOn = (page: string): string[] =>
  [...page.matchAll(/captures\/[^"]*\/(\d+)\.png/g)].map(([, id = '']) => id);

describe('pictures', () => {
  test('every picture of a page is given as long as somebody may have that page open, and then no more', async (t) => {
    const own = await openPublicSite({ only: ['93'] });
    t.after(() => own.close());
    const past = captureBeforeEach(own.figures);
    const given = async (id: string | number): Promise<string[]> =>
      await Promise.all(['', '-small'].map((size) => status(`/captures/93-synthetic-aes/${id}${size}.png`, {}, own)));
    const [oldest = ''] = picturesOn(await (await get('/fr/target/93-synthetic-aes/', {}, own)).text()).toReversed();
    for (let round = 1; round <= 7; round += 1) {
      own.clock.now += 130_000;
      for (const language of LANGUAGES) {
        const page = await (await get(`/${language}/target/93-synthetic-aes/`, {}, own)).text();
        const shown = picturesOn(page);
        assert.deepEqual(shown, [past.newest, past.newest - 1, past.newest - 2].map(String));
        for (const id of [...shown, oldest]) assert.deepEqual(await given(id), ['200', '200'], `${round} ${id}`);
        assert.deepEqual(await given(past.newest + 1), ['404', '404'], 'not shown yet');
      }
    }
    own.clock.now += 130_000;
    await get('/fr/target/93-synthetic-aes/', {}, own);
    assert.deepEqual(await given(oldest), ['404', '404'], 'there is no archive');
  });

  test('a page from before our start gets its pictures, and 500 of them at once cost one question', async (t) => {
    const own = await openPublicSite({ only: ['93'], rules: { perClient: { count: 1, withinMs: 60_000 } } });
    t.after(() => own.close());
    const { captures } = (await own.figures.target('93-synthetic-aes', own.figures.lastDays(90))) ?? assert.fail();
    const [target, picturesShown] = [own.figures.target.bind(own.figures), own.writer.picturesShown.bind(own.writer)];
    const allCame = Promise.withResolvers<null>();
    let [came, asked] = [0, 0];
    own.writer.picturesShown = (id) => {
      came += 1;
      if (came === 500) allCame.resolve(null);
      return picturesShown(id);
    };
    own.figures.target = async (name, period) => {
      asked += 1;
      await allCame.promise;
      return await target(name, period);
    };
    const paths = Array.from({ length: 500 }, () => `/captures/93-synthetic-aes/${captures[0]?.checkId}-small.png`);
    const answers = await Promise.all(paths.map((path) => status(path, {}, own)));
    assert.deepEqual(new Set(answers), new Set(['200']));
    assert.equal(asked, 1);
    assert.equal(await status('/captures/93-synthetic-renewal/1.png', {}, own), '429', 'as any question');
    own.clock.now += 60_000;
    own.figures.target = () => Promise.reject(new Error('busy'));
    assert.equal(await status('/captures/93-synthetic-renewal/1.png', {}, own), '500');
    own.figures.target = target;
    own.clock.now += 60_000;
    assert.equal(await status('/captures/93-synthetic-renewal/1.png', {}, own), '404', 'a failure is not kept');
  });

  test('only those that a page shows are given, small on the page and whole behind it', async () => {
    const page = await (await get('/fr/target/93-synthetic-aes/')).text();
    const shown = [...page.matchAll(/captures\/93-synthetic-aes\/(\d+)\.png/g)].map(([, id = '']) => id);
    const [first = ''] = shown;
    assert.equal(shown.length, 3);
    for (const id of shown)
      assert.match(page, new RegExp(`<img\\s+src="[./]+captures/93-synthetic-aes/${id}-small\\.png"`));
    const answer = await get(`/captures/93-synthetic-aes/${first}.png`);
    assert.equal(answer.headers.get('content-type'), 'image/png');
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), PICTURE);
    const small = await get(`/captures/93-synthetic-aes/${first}-small.png`);
    const bytes = Buffer.from(await small.arrayBuffer());
    assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [320, 240]);
    assert.ok(bytes.length < 25_000, `${bytes.length} bytes`);
    const tag = small.headers.get('etag') ?? '';
    assert.equal((await get(`/captures/93-synthetic-aes/${first}-small.png`, { 'if-none-match': tag })).status, 304);
    const other = Number(first) - 100;
    for (const path of [
      `/captures/93-synthetic-aes/${other}.png`,
      `/captures/93-synthetic-aes/${other}-small.png`,
      `/captures/78-synthetic-aes/${first}.png`,
      '/captures/nobody/1.png',
      '/captures/nobody/1-small.png',
      '/captures/93-synthetic-aes/99999999999999999999.png',
      '/captures/..%2f..%2fetc/1.png',
    ]) {
      assert.equal(await status(path), '404', path);
    }
  });

  test('what a person sent, or saw behind a captcha, is not shown and not given', async (t) => {
    const own = await openPublicSite({
      only: ['93'],
      modeOf: (id) => (['reported', 'assisted', 'scheduled', 'confirmation'] as const)[id % 4] ?? 'scheduled',
    });
    t.after(() => own.close());
    const { captures } = (await own.figures.target('93-synthetic-aes', own.figures.lastDays(90))) ?? assert.fail();
    assert.ok(captures.length >= 4);
    const page = await (await get('/fr/target/93-synthetic-aes/', {}, own)).text();
    for (const { checkId } of captures) {
      const isOwn = checkId % 4 > 1;
      assert.equal(page.includes(`/${checkId}-small.png`), isOwn, `${checkId}`);
      for (const name of [`${checkId}.png`, `${checkId}-small.png`])
        assert.equal(await status(`/captures/93-synthetic-aes/${name}`, {}, own), isOwn ? '200' : '404', name);
    }
  });
});
