import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { bareTarget } from '../../src/core/target.ts';
import { loadProbes } from '../../src/plugins.ts';
import { PRACTICE_CODE } from '../../src/practice/rdv-prefecture/captcha-service.ts';
import { answer, NEVER, openAssistSite, resultOf, SOON, type AssistSite } from '../support/assist-site.ts';
import { openSlowLine, SLOW_3G, type SlowLine } from '../support/slow-line.ts';
import { STUB_CAPTCHA, STUB_CODE } from '../support/stub-captcha.ts';
import { openWebSite, sendPage, type WebSite } from '../support/web-site.ts';

const BITS = 12;
const TICK_MS = 50;

/** A block that changes its colour when it is touched. */
const TOUCHED = `<div style="height:200px;background:#f00" onclick="this.style.background=this.style.background.includes('0, 0, 255')?'#f00':'rgb(0, 0, 255)'"></div>${STUB_CODE}`;

/** A page that never rests and says in squares, black or white, when it was drawn. */
const RESTLESS = `<div id="clock" style="display:flex;height:40px"></div>${STUB_CODE}<div id="noise" style="height:380px"></div>
<script>for (let bit = 0; bit < ${BITS}; bit += 1) { const square = document.createElement('i'); square.style.width = '34px'; clock.append(square); }
setInterval(() => { const ticks = Math.floor(Date.now() / ${TICK_MS});
[...clock.children].forEach((square, bit) => { square.style.background = (ticks >> bit) & 1 ? '#fff' : '#000'; });
noise.style.background = 'repeating-linear-gradient(' + Math.random() * 360 + 'deg,#123,#fa3 ' + (5 + Math.random() * 20) + 'px)'; }, 30);</script>`;

/** A page that changes faster than any picture for a second when it is touched, and ends in another colour than it began. */
const SETTLING = `<div style="height:300px" id="block"></div>${STUB_CODE}<script>let round = 0;
block.onclick = () => { round += 1; const until = performance.now() + 1000; const step = () => { const isOver = performance.now() > until;
block.style.background = isOver ? (round % 2 === 1 ? 'rgb(0, 255, 0)' : 'rgb(0, 0, 255)') : 'rgb(255, 0, ' + Math.floor(Math.random() * 99) + ')';
if (!isOver) requestAnimationFrame(step); }; step(); };</script>`;

const BODIES = [
  ['restless', RESTLESS],
  ['settling', SETTLING],
  ['touched', TOUCHED],
] as const;

const pageOf = (body: string): string =>
  `<!doctype html><html lang="fr"><title>x</title><body style="margin:0">${body}</body></html>`;

describe('a telephone at 3G speed: 400 kbit/s, 150 ms each way', () => {
  let site: AssistSite;
  let page: WebSite;
  let line: SlowLine;
  before(async () => {
    page = await openWebSite(({ path }, response) =>
      sendPage(response, pageOf(BODIES.find(([name]) => path.includes(name))?.[1] ?? '')),
    );
    const targetOf = (id: string) =>
      bareTarget({ id, platform: 'stub', address: `${page.origin}/?${id}`, practice: true });
    site = await openAssistSite({
      scenarios: { a: 'landing-captcha-a', b: 'landing-captcha-b' },
      others: BODIES.map(([name]) => targetOf(name)),
      runner: { probes: new Map([...(await loadProbes()), ['stub', STUB_CAPTCHA]]) },
      isAssisted: () => true,
      rules: { instants: NEVER },
    });
    line = await openSlowLine(Number(new URL(site.page).port), SLOW_3G);
  });
  after(async () => {
    await site.close();
    await line.close();
    await page.close();
  });

  const invite = async (target: string): Promise<string> =>
    (await site.invite({ targets: [target] })).replace(/:\d+\//, `:${line.port}/`);

  for (const id of ['a', 'b']) {
    test(`the code is legible, is answered, and the reading is recorded (${id})`, async (context) => {
      const volunteer = await site.person();
      const opened = await volunteer.newPage();
      const from = line.downBytes;
      const begun = performance.now();
      await opened.goto(await invite(id));
      const listed = performance.now();
      await opened.locator('button[type="submit"]').click();
      const code = opened.locator('#code-image[src^="data:"]');
      await code.waitFor(SOON);
      const legible = performance.now();
      const size = await code.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]);
      assert.deepEqual(size, [200, 70], 'in full size, not as the picture of the page is pressed');
      await answer(opened, PRACTICE_CODE);
      assert.match(await resultOf(opened), /Le robot a lu/);
      const done = performance.now();
      const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
      context.diagnostic(
        `list ${seconds(listed - begun)} s, then code ${seconds(legible - listed)} s, then result ${seconds(done - legible)} s; ${Math.round((line.downBytes - from) / 1_000)} kB down in all`,
      );
      // The visit of the site itself is in it. Somebody who types for five seconds has then given fifteen.
      assert.ok(done - listed < 10_000, `${done - listed} ms`);
      const [row] = await site.monitor.store.helpedChecks({ limit: 1 });
      assert.deepEqual([row?.targetId, row?.mode], [id, 'assisted']);
      await volunteer.close();
    });
  }

  test('a touch shows its effect within the way there and back and one picture', async (context) => {
    const volunteer = await site.person();
    const opened = await volunteer.newPage();
    await opened.goto(await invite('touched'));
    await opened.locator('button[type="submit"]').click();
    await opened.locator('#picture[data-drawn]').waitFor(SOON);
    const samples = await opened.evaluate(async () => {
      const picture = document.querySelector<HTMLCanvasElement>('#picture')!;
      const isRed = (): boolean => picture.getContext('2d')!.getImageData(200, 100, 1, 1).data[0]! > 128;
      const wait = (ms: number) =>
        new Promise((resolve) => {
          setTimeout(resolve, ms);
        });
      await wait(1_000);
      const times: number[] = [];
      for (let round = 0; round < 11; round += 1) {
        const was = isRed();
        const box = picture.getBoundingClientRect();
        const began = performance.now();
        picture.dispatchEvent(
          new MouseEvent('click', { clientX: box.left + box.width / 2, clientY: box.top + 40, bubbles: true }),
        );
        while (isRed() === was && performance.now() - began < 5_000) await wait(4);
        times.push(performance.now() - began);
        await wait(200);
      }
      return times.toSorted((a, b) => a - b);
    });
    const [median = Infinity, worst = Infinity] = [samples[5], samples.at(-1)];
    context.diagnostic(`touch to effect: median ${median.toFixed(0)} ms, worst ${worst.toFixed(0)} ms of 11`);
    assert.ok(median < 1_000, `median ${median} ms`);
    await opened.locator('#leave').click();
    await volunteer.close();
    await site.desk.settled();
  });

  test('pictures do not queue up: what is shown of a restless page is never old, and the newest wins', async (context) => {
    const volunteer = await site.person();
    const opened = await volunteer.newPage();
    await opened.goto(await invite('restless'));
    await opened.locator('button[type="submit"]').click();
    await opened.locator('#picture[data-drawn]').waitFor(SOON);
    line.forgetWaiting();
    const ages = await opened.evaluate(
      async ({ bits, tickMs }) => {
        const picture = document.querySelector<HTMLCanvasElement>('#picture')!;
        const pen = picture.getContext('2d')!;
        const found: number[] = [];
        const until = Date.now() + 12_000;
        let drawn = picture.dataset['drawn'];
        while (Date.now() < until) {
          await new Promise((resolve) => {
            setTimeout(resolve, 5);
          });
          // Somebody who scrolls all the while: the pace of pictures is at its fastest.
          document.querySelector<HTMLButtonElement>(found.length % 2 === 0 ? '#down' : '#up')!.click();
          if (picture.dataset['drawn'] === drawn) continue;
          drawn = picture.dataset['drawn'];
          let ticks = 0;
          for (let bit = 0; bit < bits; bit += 1)
            if (pen.getImageData(34 * bit + 17, 20, 1, 1).data[0]! > 128) ticks += 2 ** bit;
          const span = 2 ** bits;
          found.push(((Math.floor(Date.now() / tickMs) - ticks) & (span - 1)) * tickMs);
        }
        return found;
      },
      { bits: BITS, tickMs: TICK_MS },
    );
    const median = (values: readonly number[]): number =>
      values.toSorted((a, b) => a - b)[values.length >> 1] ?? Infinity;
    const half = ages.length >> 1;
    const [early, late] = [median(ages.slice(0, half)), median(ages.slice(half))];
    context.diagnostic(
      `${ages.length} pictures in 12 s; age when drawn: median ${early} ms, later ${late} ms, worst ${Math.max(...ages)} ms; most that waited for the line: ${Math.round(line.mostWaiting / 1_000)} kB`,
    );
    assert.ok(ages.length >= 6, `${ages.length} pictures`);
    assert.ok(Math.max(...ages) < 2_500, `${Math.max(...ages)} ms`);
    assert.ok(late < early + 500, `${early} ms, later ${late} ms`);
    await opened.locator('#leave').click();
    await volunteer.close();
    await site.desk.settled();
  });

  test('what changed while a picture was on its way is shown in the end: the page as it rests', async () => {
    const volunteer = await site.person();
    const opened = await volunteer.newPage();
    await opened.goto(await invite('settling'));
    await opened.locator('button[type="submit"]').click();
    await opened.locator('#picture[data-drawn]').waitFor(SOON);
    for (const [round, colour] of ['0,255,0', '0,0,255', '0,255,0'].entries()) {
      await opened.locator('#picture').click({ position: { x: 100, y: 60 } });
      await opened
        .waitForFunction(
          (wanted) => {
            const picture = document.querySelector<HTMLCanvasElement>('#picture')!;
            const data = [...picture.getContext('2d')!.getImageData(200, 150, 1, 1).data].slice(0, 3);
            return wanted.split(',').every((value, at) => Math.abs(Number(value) - data[at]!) < 30);
          },
          colour,
          { timeout: 6_000 },
        )
        .catch(() => assert.fail(`round ${round}: ${colour} is not shown`));
    }
    await opened.locator('#leave').click();
    await volunteer.close();
    await site.desk.settled();
  });
});
