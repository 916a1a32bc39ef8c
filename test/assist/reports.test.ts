import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { pictureFacts } from '../../src/assist/picture.ts';
import { checkOf } from '../support/checks.ts';
import { visitor, type Visitor } from '../support/assist-client.ts';
import { openAssistSite, SOON, type AssistSite } from '../support/assist-site.ts';

/** A PNG of one colour made by a browser, and the same picture in the other kinds. */
async function pictures(site: AssistSite): Promise<Record<'png' | 'jpeg' | 'webp', Buffer>> {
  const page = await (await site.person()).newPage();
  const made = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 320;
    canvas.height = 200;
    const pen = canvas.getContext('2d')!;
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, 320, 200);
    pen.fillStyle = '#00f';
    pen.fillRect(40, 40, 60, 60);
    return ['png', 'jpeg', 'webp'].map((type) => canvas.toDataURL(`image/${type}`).split(',')[1] ?? '');
  });
  await page.context().close();
  const [png = '', jpeg = '', webp = ''] = made;
  const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');
  return { png: bytes(png), jpeg: bytes(jpeg), webp: bytes(webp) };
}

/** A comment with a name in it, as cameras and screenshot tools write them (PNG, RFC 2083, 4.2.3). */
function withComment(png: Buffer): Buffer {
  const words = Buffer.from('Author\u0000Fatima Exemple, 48.9N 2.4E', 'latin1');
  const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from('tEXt'), words, Buffer.alloc(4)]);
  chunk.writeUInt32BE(words.length, 0);
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}

const parisNow = (): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris', dateStyle: 'short', timeStyle: 'short' })
    .format(Date.now())
    .replace(' ', 'T');

describe('what a person reports', () => {
  let site: AssistSite;
  let who: Visitor;
  let made: Awaited<ReturnType<typeof pictures>>;
  before(async () => {
    site = await openAssistSite({ scenarios: { a: 'landing-captcha-a', b: 'landing-captcha-b' } });
    who = await visitor(site.page, await site.invite());
    made = await pictures(site);
  });
  after(() => site.close());

  const send = async (fields: Record<string, string>, picture?: Buffer, name = 'x.png'): Promise<Response> => {
    const body = new FormData();
    for (const [key, value] of Object.entries({ target: 'a', when: parisNow(), outcome: 'no_slots', ...fields }))
      body.append(key, value);
    if (picture !== undefined) body.append('picture', new File([new Uint8Array(picture)], name));
    return await fetch(`${site.page}assist/fr/report`, { method: 'POST', body, headers: { cookie: who.cookie } });
  };

  test('is kept as their word: mode reported, opportunistic, no alert, no status, no opening', async () => {
    const statuses = await site.monitor.store.statuses();
    assert.equal((await send({ outcome: 'slots', firstDate: '2099-01-12' })).status, 200);
    const [row] = await site.monitor.store.helpedChecks({ limit: 1 });
    assert.deepEqual(
      [row?.mode, row?.design, row?.kind, row?.outcome, row?.facets, row?.helper],
      ['reported', 'opportunistic', 'report', 'slots', { firstDate: '2099-01-12' }, 'Camille'],
    );
    assert.deepEqual(await site.monitor.store.statuses(), statuses);
    assert.deepEqual(await site.monitor.store.episodes({ targetId: 'a', limit: 5 }), []);
  });

  test('a picture of each kind is drawn anew as PNG; what its file held beside the points is gone', async () => {
    const files = { 'x.png': withComment(made.png), 'x.jpg': made.jpeg, 'x.webp': made.webp };
    for (const [name, bytes] of Object.entries(files)) {
      assert.equal((await send({}, bytes, name)).status, 200, name);
      const [row] = await site.monitor.store.helpedChecks({ limit: 1 });
      const kept = await site.monitor.blobs.get(row!.picture!);
      assert.deepEqual(pictureFacts(kept), { type: 'image/png', width: 320, height: 200 });
      assert.ok(!kept.includes('Fatima') && !kept.includes('tEXt'));
    }
  });

  test('what is no picture, a cut one, a huge one, an animation of code: all refused, nothing kept', async () => {
    const count = (await site.monitor.store.helpedChecks({ limit: 100 })).length;
    const bomb = Buffer.from(made.png);
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    const bad: readonly [string, Buffer, RegExp][] = [
      ['text', Buffer.from('no picture at all'), /PNG, JPEG ou WebP/],
      ['svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'), /PNG, JPEG ou WebP/],
      ['html', Buffer.from('<!doctype html><title>x</title>'), /PNG, JPEG ou WebP/],
      ['gif', Buffer.from('GIF89a'), /PNG, JPEG ou WebP/],
      ['cut header', made.png.subarray(0, 18), /PNG, JPEG ou WebP/],
      ['unfolds', bomb, /trop grande/],
      ['broken inside', Buffer.concat([made.png.subarray(0, 60), Buffer.alloc(400, 7)]), /pas pu être lue/],
    ];
    for (const [name, bytes, said] of bad) {
      const answer = await send({}, bytes, 'x.png');
      assert.equal(answer.status, 422, name);
      assert.match(await answer.text(), said, name);
    }
    assert.equal((await send({}, Buffer.alloc(9_000_000, 1))).status, 413);
    assert.equal((await site.monitor.store.helpedChecks({ limit: 100 })).length, count);
  });

  test('a wrong field is told beside the others, and nothing is kept', async () => {
    const wrong: readonly [Record<string, string>, RegExp][] = [
      [{ target: 'nowhere' }, /Choisissez une page/],
      [{ when: '2019-01-01T10:00' }, /sept derniers jours/],
      [{ when: '2099-01-01T10:00' }, /sept derniers jours/],
      [{ when: 'yesterday' }, /sept derniers jours/],
      [{ outcome: 'captcha' }, /Choisissez ce que vous avez vu/],
      [{ outcome: 'slots', firstDate: '2001-01-01' }, /une date à partir d’aujourd’hui/],
    ];
    for (const [fields, said] of wrong) {
      const answer = await send(fields);
      assert.equal(answer.status, 422, JSON.stringify(fields));
      assert.match(await answer.text(), said);
    }
  });

  test('one in N automatic "no"s is shown for a look; the answer is its pair, and agreement counts both', async () => {
    const { store } = site.monitor;
    const target = site.targets.get('b')!;
    const seen = { platform: target.platform, host: new URL(target.address).host };
    const checkId = await store.record(checkOf('b', Date.now() - 60_000, 'no_slots', seen), {});
    const list = await (await who.get('assist/fr/')).text();
    assert.match(list, new RegExp(`href="report\\?spot=${checkId}"`));
    const form = await (await who.get(`assist/fr/report?spot=${checkId}`)).text();
    assert.ok(form.includes(target.address) && form.includes('rel="noopener noreferrer"'));
    assert.equal((await send({ target: 'b', outcome: 'slots', spot: String(checkId) })).status, 200);
    const [row] = await store.helpedChecks({ limit: 1 });
    assert.deepEqual([row?.kind, row?.pairedCheckId], ['spot', checkId]);
    assert.doesNotMatch(await (await who.get('assist/fr/')).text(), /spot=/, 'asked once');
    const pairs = await store.agreements();
    assert.deepEqual(
      pairs.map(({ said, automatic, automaticId }) => [said, automatic, automaticId]),
      [['slots', 'no_slots', checkId]],
    );
  });

  test('a person covers a part of the picture before it leaves their device', async () => {
    const context = await site.person();
    const page = await context.newPage();
    await page.goto(await site.invite({ language: 'en' }));
    await page.goto(`${site.page}assist/en/report`);
    await page.getByLabel('Page', { exact: true }).selectOption('a');
    await page.getByText('no appointment offered', { exact: true }).click();
    const sent: Buffer[] = [];
    page.on('request', (request) => {
      const body = request.postDataBuffer();
      if (body !== null) sent.push(body);
    });
    await page
      .getByLabel('Screenshot (optional)')
      .setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: withComment(made.png) });
    const canvas = page.locator('#cover-picture');
    await canvas.waitFor(SOON);
    await canvas.scrollIntoViewIfNeeded();
    const box = (await canvas.boundingBox())!;
    const at = (x: number, y: number) => [box.x + (x / 320) * box.width, box.y + (y / 200) * box.height] as const;
    await page.mouse.move(...at(30, 30));
    await page.mouse.down();
    await page.mouse.move(...at(110, 110), { steps: 4 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'Send the report' }).click();
    await page.getByText('Your report is kept').waitFor(SOON);
    const [row] = await site.monitor.store.helpedChecks({ limit: 1 });
    const kept = await site.monitor.blobs.get(row!.picture!);
    const blue = await page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes]));
      const board = document.createElement('canvas');
      board.width = bitmap.width;
      board.height = bitmap.height;
      const pen = board.getContext('2d')!;
      pen.drawImage(bitmap, 0, 0);
      const [red = 0, green = 0, blueness = 0] = pen.getImageData(70, 70, 1, 1).data;
      return blueness - (red + green) / 2;
    }, kept.toString('base64'));
    assert.ok(blue < 40, 'the blue square is covered');
    assert.ok(
      sent.every((body) => !body.includes('Fatima')),
      'the file itself never left',
    );
    await context.close();
  });
});
