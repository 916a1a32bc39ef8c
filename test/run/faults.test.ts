import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';

import type { Check } from '../../src/core/check.ts';
import { processTree } from '../../src/run/browser/processes.ts';
import { Control } from '../../src/run/control.ts';
import { openBench, type Bench } from '../support/bench.ts';
import { openPage, openWebSite, sendPage, type WebSite } from '../support/web-site.ts';

const SHORT = { actionMs: 1_500, stepMs: 2_000, checkMs: 4_000 };

describe('what a page does to the browser ends in one outcome, and the next check is served', () => {
  let bench: Bench;
  let site: WebSite;
  let body = '';
  before(async () => {
    bench = await openBench();
    site = await openWebSite(({ path }, response) => {
      if (path.startsWith('/boucle')) response.writeHead(302, { location: `/boucle?${Math.random()}` }).end();
      else if (path === '/fichier')
        response.writeHead(200, { 'content-disposition': 'attachment; filename="a.pdf"' }).end('x'.repeat(10_000));
      else if (path === '/vide') return;
      else sendPage(response, path === '/suite' ? openPage('<p>suite</p>') : openPage(body));
    });
  });
  after(async () => {
    await bench.close();
    await site.close();
  });
  afterEach(async () => {
    assert.equal(bench.openContexts(), 0, 'every context is closed');
    body = '';
    const next = await bench.check(`${site.origin}/page`);
    assert.equal(next.reading.outcome, 'operational', `the next check: ${next.reading.message}`);
    assert.equal(bench.openContexts(), 0);
  });

  const dialogsOf = (check: Check) => check.captures.flatMap(({ capture }) => capture.dialogs);
  const incidentsOf = (check: Check) =>
    check.captures.flatMap(({ capture }) => capture.incidents.map(({ kind }) => kind as string));

  test('dialogs are recorded, dismissed and do not hold the visit up', async () => {
    body = `<p id="a"></p><script>alert('un'); a.textContent = [confirm('deux'), prompt('trois', 'x')].join('/');</script>`;
    const check = await bench.check(`${site.origin}/page`);
    assert.deepEqual(dialogsOf(check), [
      { kind: 'alert', message: 'un' },
      { kind: 'confirm', message: 'deux' },
      { kind: 'prompt', message: 'trois' },
    ]);
    const text = await bench.monitor.blobs.get(check.captures[0]?.evidence?.text ?? '');
    assert.match(text.toString('utf8'), /^false\/$/m);
  });

  test('a page that does not want to be left is recorded, and the visit ends', async () => {
    body = `<a id="suite" href="/suite">suite</a><script>addEventListener('beforeunload', (e) => { e.preventDefault(); e.returnValue = 'x'; });</script>`;
    const check = await bench.check(`${site.origin}/page`, {
      visit: async (visit, target) => {
        await visit.open('page', target.address);
        await visit.press('suite', '#suite');
      },
    });
    assert.deepEqual(
      dialogsOf(check).map(({ kind }) => kind),
      ['beforeunload'],
    );
    assert.equal(check.errorCode, null);
  });

  test('a hundred dialogs do not fill the record', async () => {
    body = `<script>for (let i = 0; i < 100; i += 1) alert('n'.repeat(5000));</script>`;
    const check = await bench.check(`${site.origin}/page`, {}, { parts: {} });
    assert.equal(dialogsOf(check).length, 50);
    assert.ok(dialogsOf(check).every(({ message }) => message.length <= 1_000));
  });

  test('a download that a page starts is cut and recorded', async () => {
    body = `<iframe src="/fichier"></iframe><script type="module">await new Promise((r) => setTimeout(r, 400)); document.title = 'fini';</script>`;
    const check = await bench.check(`${site.origin}/page`, {
      visit: async (visit, target) => {
        await visit.open('page', target.address, { until: (page) => page.titleWords === 'fini', withinMs: 3_000 });
      },
    });
    assert.equal(check.reading.outcome, 'operational');
    assert.ok(incidentsOf(check).includes('download'), incidentsOf(check).join());
  });

  test('an address that is a file and no page is no failure of ours', async () => {
    const check = await bench.check(`${site.origin}/fichier`);
    assert.deepEqual([check.reading.outcome, check.reading.rule], ['unknown_page', 'failure-download']);
  });

  test('new windows are cut and recorded', async () => {
    body = `<script>window.open('/suite'); window.open('about:blank');</script>`;
    const mark = site.asked.length;
    const check = await bench.check(`${site.origin}/page`);
    assert.deepEqual(incidentsOf(check), ['popup', 'popup']);
    assert.deepEqual(site.pathsSince(mark), ['/page']);
  });

  test('redirects without end are an error of the site', async () => {
    const check = await bench.check(`${site.origin}/boucle`);
    assert.deepEqual([check.reading.outcome, check.reading.rule], ['error', 'failure-redirects']);
  });

  test('a page of 7 MB is kept in part, says so, and is no yes', async () => {
    body = `<p hidden>${'mot '.repeat(1_750_000)}</p>`;
    const check = await bench.check(`${site.origin}/page`);
    const [kept] = check.captures;
    assert.equal(kept?.capture.truncated, true, check.reading.message);
    assert.deepEqual([check.reading.outcome, check.reading.rule], ['unknown_page', 'truncated']);
    const html = await bench.monitor.blobs.get(kept.evidence?.html ?? '');
    const text = await bench.monitor.blobs.get(kept.evidence?.text ?? '');
    assert.ok(html.length <= 5_000_100 && text.length <= 5_000_000, `${html.length}, ${text.length}`);
  });

  test('a page whose script never ends is a timeout', async () => {
    body = '<script>for (;;);</script>';
    const check = await bench.check(`${site.origin}/page`, {}, { parts: { deadlines: SHORT } });
    assert.equal(check.reading.outcome, 'timeout', check.reading.message);
  });

  test('a page that hangs once it was drawn is a timeout', async () => {
    body = '<script>setTimeout(() => { for (;;); }, 0);</script>';
    const check = await bench.check(
      `${site.origin}/page`,
      {
        visit: async (visit, target) => {
          await visit.open('page', target.address, { until: () => false });
        },
      },
      { parts: { deadlines: SHORT } },
    );
    assert.equal(check.reading.outcome, 'timeout', check.reading.message);
  });

  test('a server that never answers is a timeout', async () => {
    const check = await bench.check(`${site.origin}/vide`, {}, { parts: { deadlines: SHORT } });
    assert.equal(check.reading.outcome, 'timeout');
  });

  test('a browser that is killed in the middle of a check is our own failure', async () => {
    const check = await bench.check(`${site.origin}/page`, {
      visit: async (visit, target) => {
        await visit.open('page', target.address);
        await killBrowser('--remote-debugging-pipe');
        await visit.open('again', target.address);
      },
    });
    assert.deepEqual([check.reading.outcome, check.errorCode], ['monitor_error', 'BROWSER_FAILED']);
  });

  test('a renderer that is killed in the middle of a check is our own failure, not a slow site', async () => {
    // A page without scripts is not waited for.
    body = '<script>setInterval(() => undefined, 50)</script>';
    const check = await bench.check(
      `${site.origin}/page`,
      {
        visit: async (visit, target) => {
          await visit.open('page', target.address, {
            until: () => {
              void killBrowser('--type=renderer').catch(() => undefined);
              return false;
            },
            withinMs: 1_500,
          });
        },
      },
      { parts: { deadlines: SHORT } },
    );
    assert.deepEqual([check.reading.outcome, check.errorCode], ['monitor_error', 'BROWSER_FAILED']);
  });

  test('a probe that throws is our own failure', async () => {
    for (const probe of [
      { visit: () => Promise.reject(new Error('broken')) },
      {
        read: () => {
          throw new Error('broken');
        },
      },
    ]) {
      const check = await bench.check(`${site.origin}/page`, probe);
      assert.deepEqual(
        [check.reading.outcome, check.errorCode],
        ['monitor_error', 'PROBE_FAILED'],
        check.reading.message,
      );
    }
  });

  test('a proof that cannot be kept is our own failure', async () => {
    const blobs = join(bench.monitor.folder, 'blobs');
    await rm(blobs, { recursive: true, force: true });
    await writeFile(blobs, '');
    const check = await bench.check(`${site.origin}/page`);
    await rm(blobs);
    assert.deepEqual([check.reading.outcome, check.errorCode], ['monitor_error', 'EVIDENCE_FAILED']);
    assert.match(check.reading.message, /read as operational/);
    assert.deepEqual(check.captures, []);
  });
});

/** Kills processes of this test's own browser: its main one, or its renderers. */
async function killBrowser(which: '--remote-debugging-pipe' | '--type=renderer'): Promise<void> {
  for (const { pid } of (await processTree(process.pid)).slice(1)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    // Chromium's children write their command line as one text.
    if (command.split(/[\0 ]/).includes(which)) process.kill(pid, 'SIGKILL');
  }
}

describe('our own line and clock are told from the site', () => {
  let bench: Bench;
  let site: WebSite;
  before(async () => {
    bench = await openBench();
    site = await openWebSite(({ path }, response) => {
      if (path === '/panne') sendPage(response, '<h1>panne</h1>', 503);
      else sendPage(response, openPage(''));
    });
  });
  after(async () => {
    await bench.close();
    await site.close();
  });

  const withDate = async (date: string | null, use: (control: Control) => Promise<void>): Promise<void> => {
    const server = createServer((_request, response) => {
      response.sendDate = false;
      if (date !== null) response.setHeader('date', date);
      response.end();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    try {
      await use(new Control([`http://127.0.0.1:${port}/`], 'test'));
    } finally {
      server.closeAllConnections();
      server.close();
    }
  };
  const dateIn = (milliseconds: number): string => new Date(Date.now() + milliseconds).toUTCString();

  for (const [name, date, path, outcome] of [
    ['a good clock', () => dateIn(0), '/page', 'operational'],
    ['a clock that is 5 s late', () => dateIn(5_000), '/page', 'clock_untrusted'],
    ['a clock that is 5 s early', () => dateIn(-5_000), '/page', 'clock_untrusted'],
    ['a clock that is an hour late', () => dateIn(3_600_000), '/panne', 'clock_untrusted'],
    ['a control host without a clock', () => null, '/page', 'clock_untrusted'],
    ['a control host with nonsense for a date', () => 'hier', '/page', 'clock_untrusted'],
    ['a fault while the control host answers', () => dateIn(0), '/panne', 'overloaded'],
  ] as const) {
    test(`${name} makes ${path} ${outcome}`, async () => {
      await withDate(date(), async (control) => {
        const check = await bench.check(`${site.origin}${path}`, {}, { parts: { control } });
        assert.equal(check.reading.outcome, outcome, check.reading.message);
        if (outcome === 'clock_untrusted') assert.match(check.reading.message, /the page read as/);
      });
    });
  }

  test('a fault while the control host is down too is our own line', async () => {
    const control = new Control(['http://127.0.0.1:1/'], 'test');
    const check = await bench.check(`${site.origin}/panne`, {}, { parts: { control } });
    assert.deepEqual([check.reading.outcome, check.reading.rule], ['network_down', 'control-host']);
  });

  test('a page that was reached while the control host is down is kept and not counted', async () => {
    const control = new Control(['http://127.0.0.1:1/'], 'test');
    const check = await bench.check(`${site.origin}/page`, {}, { parts: { control } });
    assert.equal(check.reading.outcome, 'clock_untrusted');
    assert.equal(check.clockOffsetMs, null);
  });

  test('one wrong control host of three does not mislead', async () => {
    await withDate(dateIn(0), async (good) => {
      await good.ask();
      assert.ok(Math.abs(good.last?.clockOffsetMs ?? 9_999) <= 2_000);
    });
    const dates = [dateIn(0), dateIn(0), dateIn(90_000)];
    const servers = await Promise.all(
      dates.map((date) =>
        openWebSite((_asked, response) => {
          response.sendDate = false;
          response.writeHead(200, { date }).end();
        }),
      ),
    );
    const reading = await new Control(
      servers.map(({ origin }) => origin),
      'test',
    ).ask();
    assert.ok(Math.abs(reading.clockOffsetMs ?? 9_999) <= 2_000, String(reading.clockOffsetMs));
    await Promise.all(servers.map((server) => server.close()));
  });
});
