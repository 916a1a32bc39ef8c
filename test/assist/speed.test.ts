import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Watch } from '../../src/check.ts';
import { bareTarget } from '../../src/core/target.ts';
import { followUps } from '../../src/decide/follow.ts';
import { loadProbes } from '../../src/plugins.ts';
import { Pace } from '../../src/run/browser/pace.ts';
import { processTree } from '../../src/run/browser/processes.ts';
import { pino } from 'pino';
import { hasCaptcha, isState, openLine, visitor, type Line } from '../support/assist-client.ts';
import { NEVER, openAssistSite, SOON, type AssistSite } from '../support/assist-site.ts';
import { STUB_CAPTCHA, STUB_CODE } from '../support/stub-captcha.ts';
import { openWebSite, sendPage, type WebSite } from '../support/web-site.ts';

/** Figures of one run are printed: they are what `docs/assisted.md` states. */

const WINDOWS = 20;
/** What may come in one go after a rest; the pace's own bound. */
const BURST_BYTES = 240_000;
/** Resident bytes of all browser processes, what they share counted in each: stated in the document. */
const MEMORY_BOUND = 3_800_000_000;

/** A captcha page with a block that changes its colour when it is touched, and one that never rests. */
const PAGE = `<!doctype html><html lang="fr"><title>x</title><body style="margin:0">
<div id="block" style="height:200px;background:#f00" onclick="this.style.background=this.style.background.includes('0, 0, 255')?'#f00':'rgb(0, 0, 255)'"></div>
${STUB_CODE}
<div id="restless" hidden style="height:300px"></div>
<script>if (location.search === '?restless') { const box = document.getElementById('restless'); box.hidden = false;
setInterval(() => { box.style.background = 'repeating-linear-gradient(' + Math.random() * 360 + 'deg,#123,#fa3 ' + (5 + Math.random() * 20) + 'px)'; }, 30); }</script></body></html>`;

describe('what a window costs', () => {
  let site: AssistSite;
  /** Two hosts: a host is visited by one at a time. */
  let pages: readonly WebSite[];
  before(async () => {
    pages = await Promise.all([1, 2].map(() => openWebSite((_asked, response) => sendPage(response, PAGE))));
    const targetOf = (id: string, { origin }: WebSite) =>
      bareTarget({ id, platform: 'stub', address: `${origin}/?${id}`, practice: true });
    const doors = Object.fromEntries(
      Array.from({ length: WINDOWS }, (_empty, at) => [`door-${String(at).padStart(2, '0')}`, 'landing-captcha-b']),
    );
    site = await openAssistSite({
      scenarios: { ...doors, free: 'landing-captcha-a' },
      others: ['still', 'restless'].map((id, at) => targetOf(id, pages[at]!)),
      runner: { probes: new Map([...(await loadProbes()), ['stub', STUB_CAPTCHA]]) },
      isAssisted: () => true,
      rules: { instants: NEVER },
    });
  });
  after(async () => {
    await site.close();
    for (const page of pages) await page.close();
  });

  const open = async (targetId: string): Promise<Line> => {
    const who = await visitor(site.page, await site.invite());
    const line = await openLine(site.page, await who.begin(targetId), who);
    line.send({ kind: 'hello', size: 'narrow' });
    await line.until(hasCaptcha);
    return line;
  };

  test('a touch shows its effect in well under a quarter of a second (median of 40)', async (context) => {
    const volunteer = await (await site.person()).newPage();
    await volunteer.goto(await site.invite({ targets: ['still'] }));
    await volunteer.locator('button[type="submit"]').click();
    await volunteer.locator('#picture[data-drawn]').waitFor(SOON);
    await volunteer.waitForTimeout(500);
    const samples = await volunteer.evaluate(async () => {
      const picture = document.querySelector<HTMLCanvasElement>('#picture')!;
      const isRed = (): boolean => picture.getContext('2d')!.getImageData(200, 100, 1, 1).data[0]! > 128;
      const times: number[] = [];
      for (let round = 0; round < 40; round += 1) {
        const was = isRed();
        const box = picture.getBoundingClientRect();
        const began = performance.now();
        const point = { clientX: box.left + box.width / 2, clientY: box.top + 40, bubbles: true };
        picture.dispatchEvent(new MouseEvent('click', point));
        while (isRed() === was && performance.now() - began < 3_000) {
          await new Promise((resolve) => {
            setTimeout(resolve, 4);
          });
        }
        times.push(performance.now() - began);
        await new Promise((resolve) => {
          setTimeout(resolve, 60);
        });
      }
      return times.toSorted((a, b) => a - b);
    });
    const [median = Infinity, p95 = Infinity] = [samples[20], samples[37]];
    context.diagnostic(`click to effect: median ${median.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`);
    assert.ok(median < 250, `median ${median} ms`);
    await volunteer.locator('#leave').click();
    await volunteer.context().close();
    await site.desk.settled();
  });

  test('under 40 kB/s while nothing changes, with a blinking cursor; and no more on a page that never rests', async (context) => {
    const lines = await Promise.all(['still', 'restless'].map(async (id) => ({ id, line: await open(id) })));
    for (const { line } of lines) line.send({ kind: 'tap', x: 60, y: 285 });
    await sleep(2_500);
    // What may come in one go after a rest is over by then.
    for (let tries = 0; tries < 100 && (lines[1]?.line.bytes ?? 0) < BURST_BYTES; tries += 1) await sleep(100);
    const begun = lines.map(({ line: { bytes, pictures } }) => ({ bytes, pictures, at: performance.now() }));
    await sleep(6_000);
    for (const [at, { id, line }] of lines.entries()) {
      const { bytes, pictures, at: since } = begun[at]!;
      const seconds = (performance.now() - since) / 1_000;
      const rate = (line.bytes - bytes) / seconds;
      context.diagnostic(
        `${id}: ${(rate / 1_000).toFixed(1)} kB/s, ${line.pictures - pictures} pictures in ${seconds.toFixed(0)} s`,
      );
      assert.ok(rate < 40_000, `${id}: ${rate} bytes/s`);
      line.send({ kind: 'leave' });
      await line.until(isState('over', 'left'));
    }
  });

  test(`${WINDOWS} windows at once keep within their memory, and scheduled checks go on`, async (context) => {
    const empty = await site.monitor.browser.residentBytes();
    const lines: Line[] = [];
    // By fives, as people come.
    for (let at = 0; at < WINDOWS; at += 5) {
      const ids = Array.from({ length: 5 }, (_empty, step) => `door-${String(at + step).padStart(2, '0')}`);
      lines.push(...(await Promise.all(ids.map(open))));
    }
    assert.equal(site.desk.open, WINDOWS);
    const resident = await site.monitor.browser.residentBytes();
    const own = process.memoryUsage.rss();
    const shared = await proportionalBytes();
    context.diagnostic(
      `${WINDOWS} windows: browser ${(resident / 1e6).toFixed(0)} MB resident (before ${(empty / 1e6).toFixed(0)}), ${(shared / 1e6).toFixed(0)} MB with what is shared counted once, monitor ${(own / 1e6).toFixed(0)} MB`,
    );
    assert.ok(resident < MEMORY_BOUND, `${resident} bytes`);

    const delays = await scheduled(site, ['free', 'door-00'], async () => {
      lines[0]?.send({ kind: 'leave' });
      await lines[0]?.until(isState('over', 'left'));
    });
    context.diagnostic(
      `scheduled checks meanwhile: other host after ${delays.get('free')} ms, host of a window ${delays.get('door-00')} ms after it closed`,
    );
    assert.ok((delays.get('free') ?? Infinity) < 20_000 && (delays.get('door-00') ?? Infinity) < 20_000);
    for (const line of lines.slice(1)) line.send({ kind: 'leave' });
    await site.desk.settled();
  });
});

/** Memory of all child processes with what they share counted once (proc_pid_smaps(5), `Pss`). */
async function proportionalBytes(): Promise<number> {
  const children = (await processTree(process.pid)).filter(({ pid }) => pid !== process.pid);
  const texts = await Promise.all(
    children.map(({ pid }) => readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')),
  );
  return texts.reduce((sum, text) => sum + Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1_024, 0);
}

/** How late scheduled checks begin: of a free host from their instant, of a host with a window from its end. */
async function scheduled(
  site: AssistSite,
  ids: readonly string[],
  release: () => Promise<void>,
): Promise<Map<string, number>> {
  const { store, runner } = site.monitor;
  const dueAt = Date.now();
  await store.plan(
    ids.map((targetId) => ({
      targetId,
      intervalStart: dueAt,
      intervalEnd: dueAt + 60_000,
      plannedAt: dueAt,
      design: 'uniform',
      mode: 'scheduled',
    })),
  );
  const begun = new Map<string, number>();
  const watch = new Watch({
    targets: site.targets,
    ledger: { tick: (now) => store.due(now) },
    runner,
    store,
    log: pino({ level: 'silent' }),
    concurrency: 4,
    decide: followUps({ targets: site.targets }),
    onRecorded: (check) => begun.set(check.targetId, check.startedAt),
  });
  const until = async (id: string): Promise<number> => {
    for (let tries = 0; tries < 120 && !begun.has(id); tries += 1) {
      await watch.tick();
      await sleep(250);
    }
    return begun.get(id) ?? Infinity;
  };
  const [free = '', held = ''] = ids;
  const late = new Map([[free, (await until(free)) - dueAt]]);
  assert.ok(!begun.has(held), 'the host of a window is not asked by anybody else');
  await release();
  const releasedAt = Date.now();
  watch.free(new URL(site.addressOf(held)).host);
  late.set(held, (await until(held)) - releasedAt);
  await watch.stop(5_000);
  return late;
}

describe('the pace of pictures', () => {
  test('never lets more than 30 kB/s through in the long run, whatever the pictures weigh', () => {
    for (const size of [3_000, 20_000, 120_000]) {
      const pace = new Pace(0);
      let now = 0;
      let bytes = 0;
      while (now < 120_000) {
        pace.acted(now);
        bytes += size;
        now += Math.max(33, pace.waitAfter(size, now));
      }
      assert.ok(bytes / 120 <= 30_000 + 240_000 / 120 + size / 60, `${bytes / 120} bytes/s at ${size}`);
    }
  });

  test('rests when nobody acts, and is awake at once when somebody does', () => {
    const pace = new Pace(0);
    assert.equal(pace.waitAfter(10_000, 100), 0);
    assert.equal(pace.waitAfter(10_000, 5_000), 2_000);
    pace.acted(5_100);
    assert.equal(pace.owedMs(5_100), 0);
    assert.equal(pace.waitAfter(10_000, 5_200), 0);
  });
});
