import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import type { RobotsRecord } from '../../src/core/host.ts';
import { AddressBook } from '../../src/run/addresses.ts';
import { Robots, robotsFetcher, type FetchRobots } from '../../src/run/robots.ts';
import { openStore } from '../../src/store/open.ts';
import { openBench, type Bench } from '../support/bench.ts';
import { temporaryFolder } from '../support/monitor.ts';
import { openPage, openWebSite, sendPage, type WebSite } from '../support/web-site.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PAGE = 'https://www.site.example/booking/create/1';

/** A robots.txt that changes, or cannot be read (null), and a clock that is moved by hand. */
function playedRobots(first: string | null) {
  const records = new Map<string, RobotsRecord>();
  const state = { now: Date.UTC(2026, 10, 23), text: first, fetched: [] as string[] };
  const fetch: FetchRobots = (url) => {
    state.fetched.push(url);
    return Promise.resolve(state.text);
  };
  const memory = {
    robotsOf: (origin: string) => Promise.resolve(records.get(origin) ?? null),
    saveRobots: (record: RobotsRecord) => Promise.resolve(void records.set(record.origin, record)),
  };
  return { state, robots: new Robots(memory, fetch, () => state.now) };
}

describe('C7: robots.txt is read daily and obeyed', () => {
  const disallowed = 'User-agent: *\nDisallow: /booking/\n';
  for (const [name, text, expected] of [
    ['no file at all', '', 'allowed'],
    ['a path that it disallows', disallowed, 'disallowed'],
    ['another path that it disallows', 'User-agent: *\nDisallow: /user/\n', 'allowed'],
    ['everything disallowed', 'User-agent: *\nDisallow: /', 'disallowed'],
    ['a rule for this monitor by name', 'User-agent: Guetteur\nDisallow: /booking/', 'disallowed'],
    ['a rule for this monitor in lower case', 'user-agent: guetteur\ndisallow: /booking/', 'disallowed'],
    ['a rule for another robot', 'User-agent: OtherBot\nDisallow: /', 'allowed'],
    ['its own rule before that of all', 'User-agent: *\nDisallow: /\n\nUser-agent: Guetteur\nAllow: /', 'allowed'],
    ['a longer rule that allows', 'User-agent: *\nDisallow: /booking/\nAllow: /booking/create/', 'allowed'],
    ['Windows line ends and a mark at the start', '\ufeffUser-agent: *\r\nDisallow: /booking/\r\n', 'disallowed'],
    ['a page in place of a file', '<!doctype html><html><body>Bonjour</body></html>', 'allowed'],
  ] as const) {
    test(`C7: ${name} is ${expected}`, async () => {
      const { robots } = playedRobots(text);
      assert.equal(await robots.ask(PAGE), expected);
    });
  }

  test('C7: it is read once a day, for each origin', async () => {
    const { robots, state } = playedRobots('');
    await robots.ask(PAGE);
    await robots.ask(`${PAGE}?x=1`);
    state.now += DAY - 1;
    await robots.ask(PAGE);
    assert.deepEqual(state.fetched, ['https://www.site.example/robots.txt']);
    state.now += 1;
    await robots.ask(PAGE);
    assert.equal(state.fetched.length, 2);
    await robots.ask('https://www.site.example:8443/');
    assert.equal(state.fetched.at(-1), 'https://www.site.example:8443/robots.txt');
  });

  test('C7: a new rule is obeyed a day later at most', async () => {
    const { robots, state } = playedRobots('');
    assert.equal(await robots.ask(PAGE), 'allowed');
    state.text = disallowed;
    state.now += DAY;
    assert.equal(await robots.ask(PAGE), 'disallowed');
  });

  test('C7: unreadable, the last known one is obeyed for 7 days, then the visits stop', async () => {
    for (const [known, kept] of [
      ['', 'allowed'],
      [disallowed, 'disallowed'],
    ] as const) {
      const { robots, state } = playedRobots(known);
      await robots.ask(PAGE);
      state.text = null;
      const readAt = state.now;
      for (const hours of [24, 48, 100, 168]) {
        state.now = readAt + hours * HOUR;
        assert.equal(await robots.ask(PAGE), kept, `${hours} h`);
      }
      state.now = readAt + 7 * DAY + 1;
      assert.equal(await robots.ask(PAGE), 'unreadable');
      state.text = '';
      state.now += HOUR;
      assert.equal(await robots.ask(PAGE), 'allowed', 'and go on when it can be read again');
    }
  });

  test('C7: never read, visits stop 7 days after the first attempt', async () => {
    const { robots, state } = playedRobots(null);
    const startedAt = state.now;
    assert.equal(await robots.ask(PAGE), 'allowed');
    state.now = startedAt + 7 * DAY;
    assert.equal(await robots.ask(PAGE), 'allowed');
    state.now += HOUR;
    assert.equal(await robots.ask(PAGE), 'unreadable');
  });

  test('C7: an unreadable file is tried again once an hour', async () => {
    const { robots, state } = playedRobots(null);
    for (const minutes of [0, 10, 59]) {
      state.now = Date.UTC(2026, 10, 23) + minutes * 60_000;
      await robots.ask(PAGE);
    }
    assert.equal(state.fetched.length, 1);
    state.now = Date.UTC(2026, 10, 23) + HOUR;
    await robots.ask(PAGE);
    assert.equal(state.fetched.length, 2);
  });

  test('C7: what was read survives a restart', async () => {
    const folder = await temporaryFolder();
    try {
      const first = await openStore(folder.path);
      await new Robots(
        first,
        () => Promise.resolve(disallowed),
        () => 1_000,
      ).ask(PAGE);
      await first.end();
      const second = await openStore(folder.path);
      let fetched = 0;
      const fetch: FetchRobots = () => Promise.resolve(String((fetched += 1)));
      assert.equal(await new Robots(second, fetch, () => 2_000).ask(PAGE), 'disallowed');
      assert.equal(fetched, 0);
      await second.end();
    } finally {
      await folder.remove();
    }
  });
});

describe('C7: the fetch of robots.txt', () => {
  let site: WebSite;
  before(async () => {
    site = await openWebSite((_asked, response) => response.writeHead(200).end('User-agent: *\nDisallow: /\n'));
  });
  after(() => site.close());

  test('C7: the fetch asks no address of this machine, by name or by number', async () => {
    const fetch = robotsFetcher('test', new AddressBook());
    for (const host of ['localhost', '127.0.0.1', '127.1', '2130706433', '[::ffff:127.0.0.1]']) {
      await fetch(`http://${host}:${site.port}/robots.txt`);
    }
    assert.deepEqual(site.asked, []);
  });
});

describe('C7: the runner obeys', () => {
  let bench: Bench;
  let site: WebSite;
  let text: string | null = '';
  before(async () => {
    site = await openWebSite((_asked, response) =>
      sendPage(response, openPage('<a id="suite" href="/prive/creneau">suite</a><a id="renvoi" href="/renvoi">r</a>')),
    );
    bench = await openBench(
      { addresses: new AddressBook(() => Promise.resolve(['93.184.216.34'])) },
      `MAP site.example 127.0.0.1:${site.port}`,
    );
  });
  after(async () => {
    await bench.close();
    await site.close();
  });

  const live = (records = new Map<string, RobotsRecord>()) => ({
    practice: false,
    parts: {
      robots: new Robots(
        { robotsOf: (origin) => Promise.resolve(records.get(origin) ?? null), saveRobots: () => Promise.resolve() },
        () => Promise.resolve(text),
      ),
    },
  });

  test('C7: a disallowed target ends as `robots` and nothing is loaded', async () => {
    text = 'User-agent: *\nDisallow: /prive/\n';
    const check = await bench.check('http://site.example/prive/1', {}, live());
    assert.equal(check.reading.outcome, 'robots');
    assert.deepEqual([check.loads, check.captures.length, check.observedAt], [0, 0, null]);
    assert.deepEqual(site.asked, []);
  });

  test('C7: an allowed target is visited', async () => {
    text = 'User-agent: *\nDisallow: /prive/\n';
    const check = await bench.check('http://site.example/public', {}, live());
    assert.equal(check.reading.outcome, 'operational', check.reading.message);
    assert.ok(site.asked.some(({ path }) => path === '/public'));
  });

  test('C7: a disallowed page is not asked for in a later step of the visit either', async () => {
    text = 'User-agent: *\nDisallow: /prive/\n';
    const mark = site.asked.length;
    await bench.check(
      'http://site.example/public',
      {
        visit: async (visit, target) => {
          await visit.open('page', target.address);
          await visit.press('suite', '#suite');
        },
      },
      live(),
    );
    assert.deepEqual(site.pathsSince(mark), ['/public']);
  });

  test('C7: unreadable for 7 days, the check is skipped and says why', async () => {
    const mark = site.asked.length;
    const now = Date.now();
    const origin = 'http://site.example';
    const old = { origin, body: '', readAt: now - 8 * DAY, triedAt: now, failingSince: now - 7.5 * DAY };
    const check = await bench.check(`${origin}/public`, {}, live(new Map([[origin, old]])));
    assert.deepEqual([check.reading.outcome, check.reading.rule], ['skipped', 'robots-unreadable']);
    assert.equal(site.asked.length, mark);
  });

  test('C7: practice targets are exempt, and robots.txt is not asked for', async () => {
    text = 'User-agent: *\nDisallow: /\n';
    const mark = site.asked.length;
    const check = await bench.check(`${site.origin}/prive/1`);
    assert.equal(check.reading.outcome, 'operational');
    assert.deepEqual(site.pathsSince(mark), ['/prive/1']);
  });
});
