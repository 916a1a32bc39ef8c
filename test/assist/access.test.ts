import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';

import { PRACTICE_CODE } from '../../src/practice/rdv-prefecture/captcha-service.ts';
import { hasCaptcha, isState, openLine, visitor } from '../support/assist-client.ts';
import { openAssistSite, type AssistSite } from '../support/assist-site.ts';

describe('who may help, and with what', () => {
  let site: AssistSite;
  const clock = { ahead: 0 };
  before(async () => {
    site = await openAssistSite({
      scenarios: { one: 'landing-captcha-a', two: 'landing-captcha-b', three: 'landing-captcha-b' },
      rules: { sessionMs: 4_000 },
      now: () => Date.now() + clock.ahead,
    });
  });
  after(() => site.close());

  test('the link sets a cookie that no script and no other site reads, and leads on without the secret', async () => {
    const link = await site.invite({ language: 'ar' });
    const entered = await fetch(link, { redirect: 'manual' });
    assert.equal(entered.status, 303);
    assert.equal(new URL(entered.headers.get('location') ?? '', link).pathname, '/assist/ar/');
    assert.match(entered.headers.get('set-cookie') ?? '', /; HttpOnly; SameSite=Lax$/);
    assert.equal(entered.headers.get('referrer-policy'), 'same-origin');
    const secret = link.split('/').at(-1) ?? '';
    const stored = await readFile(join(site.monitor.folder, 'guetteur.sqlite'), 'latin1');
    assert.ok(!stored.includes(secret) && !stored.includes(Buffer.from(secret, 'base64url').toString('latin1')));
  });

  test('without an invitation there is nothing: no list, no window, no report, no socket', async () => {
    const nobody = await visitor(site.page, `${site.page}assist/i/${'x'.repeat(32)}`);
    assert.equal(nobody.cookie, '');
    for (const path of ['assist/fr/', 'assist/fr/report', 'assist/en/window/abc'])
      assert.equal((await nobody.get(path)).status, 403, path);
    assert.equal((await nobody.post('assist/fr/begin', { target: 'one' })).status, 403);
    assert.equal((await nobody.post('assist/fr/report', { target: 'one' })).status, 403);
    const own = await visitor(site.page, await site.invite());
    const id = await own.begin('one');
    await assert.rejects(openLine(site.page, id, nobody), /403/);
    site.desk.session(id, 0)?.leave();
    const line = await openLine(site.page, id, own);
    line.send({ kind: 'hello', size: 'narrow' });
    line.send({ kind: 'leave' });
    await line.until(isState('over', 'left'));
  });

  test("an invitation reaches its own targets only, and nobody's window but its own", async () => {
    const narrow = await visitor(site.page, await site.invite({ targets: ['two'] }));
    const shown = await (await narrow.get('assist/fr/')).text();
    assert.deepEqual(
      [...shown.matchAll(/name="target" value="(\w+)"/g)].map(([, id]) => id),
      ['two'],
    );
    assert.equal((await narrow.post('assist/fr/begin', { target: 'one' })).status, 404);
    assert.equal((await narrow.post('assist/fr/begin', { target: 'nowhere' })).status, 404);
    const other = await visitor(site.page, await site.invite());
    const id = await other.begin('three');
    assert.equal((await narrow.get(`assist/fr/window/${id}`)).status, 404);
    await assert.rejects(openLine(site.page, id, narrow), /404/);
    assert.equal((await other.get(`assist/fr/window/${id}`)).status, 200);
    assert.equal((await other.post('assist/fr/begin', { target: 'one' })).status, 409, 'one window a person');
    const line = await openLine(site.page, id, other);
    line.send({ kind: 'hello', size: 'narrow' });
    line.send({ kind: 'leave' });
    await line.until(isState('over', 'left'));
  });

  test('a socket is opened by our own page only', async () => {
    const who = await visitor(site.page, await site.invite());
    const id = await who.begin('one');
    for (const origin of ['https://elsewhere.example', 'null', null])
      await assert.rejects(openLine(site.page, id, { ...who, origin }), /403/, String(origin));
    const line = await openLine(site.page, id, who);
    line.send({ kind: 'leave' });
    await site.desk.settled();
    const foreign = await who.post('assist/fr/begin', { target: 'one' }, { 'sec-fetch-site': 'cross-site' });
    assert.equal(foreign.status, 403);
  });

  test('what is no tap, no scroll and no word for the captcha closes the socket', async () => {
    const who = await visitor(site.page, await site.invite());
    const id = await who.begin('one');
    const bad: readonly unknown[] = [
      'no JSON',
      { kind: 'navigate', address: 'https://example.org/' },
      { kind: 'key', key: 'F12' },
      { kind: 'key', key: 'Enter', modifiers: 2 },
      { kind: 'key', key: 'v', ctrlKey: true },
      { kind: 'text', text: 'a\u0016' },
      { kind: 'text', text: 'x'.repeat(25) },
      { kind: 'answer', text: '' },
      { kind: 'tap', x: -1, y: 5 },
      { kind: 'tap', x: 5_000, y: 5 },
      { kind: 'tap', x: 5, y: 5, button: 'middle' },
      { kind: 'tap', x: 5, y: 5, clickCount: 2 },
      { kind: 'tap', x: null, y: 5 },
      '{"kind":"tap","x":1e999,"y":5}',
      { kind: 'drag', x: 5, y: 5 },
      { kind: 'touch', x: 5, y: 5 },
      { kind: 'scroll', x: 5, y: 5, dy: 100_000 },
      { kind: 'key', key: 'Tab' },
      { kind: 'key', key: ' ' },
      { kind: 'hello', size: 'huge' },
      { kind: 'evaluate', expression: '1' },
      '{"kind":"tap","x":5,"y":5,"__proto__":{"isOver":true}}',
      [{ kind: 'leave' }],
      '['.repeat(2_000),
      Buffer.from('{"kind":"leave"}'),
      { kind: 'upload', file: '/etc/passwd' },
      { kind: 'paste' },
      { kind: 'text', text: 'y'.repeat(3_000) },
    ];
    for (const message of bad) {
      const line = await openLine(site.page, id, who);
      line.send(message);
      const code = await Promise.race([line.closed, sleep(5_000, 0)]);
      assert.ok([1_008, 1_009].includes(code), JSON.stringify(message).slice(0, 80));
    }
    const flood = await openLine(site.page, id, who);
    for (let count = 0; count < 200; count += 1) flood.send({ kind: 'scroll', x: 1, y: 1, dy: 1 });
    assert.equal(await flood.closed, 1_008);
    const line = await openLine(site.page, id, who);
    line.send({ kind: 'leave' });
    await site.desk.settled();
  });

  test('two windows of one person: the newer one goes on, the older is told so and is heard no more', async () => {
    const who = await visitor(site.page, await site.invite());
    const id = await who.begin('three');
    const first = await openLine(site.page, id, who);
    first.send({ kind: 'hello', size: 'narrow' });
    await first.until(hasCaptcha);
    const second = await openLine(site.page, id, who);
    second.send({ kind: 'hello', size: 'narrow' });
    await second.until(hasCaptcha);
    assert.equal(await first.closed, 4_001);
    const { pictures } = first;
    second.send({ kind: 'scroll', x: 5, y: 5, dy: 200 });
    second.send({ kind: 'leave' });
    await second.until(isState('over', 'left'));
    assert.equal(first.pictures, pictures);
    assert.equal(await second.closed, 1_000, 'and when all is over, nothing stays open');
  });

  test('what a socket says before its hello, or beside the one that has the window, does nothing', async () => {
    const who = await visitor(site.page, await site.invite());
    const id = await who.begin('three');
    const line = await openLine(site.page, id, who);
    line.send({ kind: 'hello', size: 'narrow' });
    await line.until(hasCaptcha);
    const beside = await openLine(site.page, id, who);
    beside.send({ kind: 'answer', text: PRACTICE_CODE });
    beside.send({ kind: 'seen' });
    await sleep(1_000);
    assert.equal(site.tally('three').captchaAnswers, 0);
    assert.equal(site.desk.session(id, site.desk.sessionOf(0)?.invitation.id ?? -1), null);
    const more = await Promise.all([1, 2, 3, 4].map(() => openLine(site.page, id, who)));
    assert.ok((await Promise.all(more.slice(2).map(({ closed }) => closed))).every((code) => code === 1_013));
    line.send({ kind: 'leave' });
    await line.until(isState('over', 'left'));
    assert.equal(await beside.closed, 1_000);
  });

  test('who connects again and again is asked to wait', async () => {
    const who = await visitor(site.page, await site.invite());
    const id = await who.begin('three');
    let refused = '';
    for (let tries = 0; tries < 130 && refused === ''; tries += 1) {
      const line = await openLine(site.page, id, who).catch((error: Error) => error.message);
      if (typeof line === 'string') refused = line;
      else line.close();
    }
    assert.equal(refused, '429');
    site.desk.sessionOf((await site.monitor.store.invitations()).at(-1)!.id)?.leave();
    await site.desk.settled();
  });

  test('a session does not outlive its time, whatever the person does', async () => {
    const who = await visitor(site.page, await site.invite());
    const line = await openLine(site.page, await who.begin('one'), who);
    line.send({ kind: 'hello', size: 'wide' });
    await line.until(hasCaptcha);
    const opened = Date.now();
    const busy = setInterval(() => line.send({ kind: 'scroll', x: 10, y: 10, dy: 5 }), 200);
    await line.until(isState('over', 'late'));
    clearInterval(busy);
    assert.ok(Date.now() - opened < 6_000, `${Date.now() - opened} ms`);
    line.send({ kind: 'tap', x: 10, y: 10 });
    assert.equal(site.desk.open, 0);
    line.close();
  });

  test('a revoked invitation is over at once: its window closes, its cookie opens nothing', async () => {
    const who = await visitor(site.page, await site.invite({ name: 'Revoked' }));
    const line = await openLine(site.page, await who.begin('one'), who);
    line.send({ kind: 'hello', size: 'narrow' });
    await line.until(hasCaptcha);
    const { id } = (await site.monitor.store.invitations()).find(({ name }) => name === 'Revoked')!;
    assert.equal(await site.monitor.store.revokeInvitation(id, Date.now()), true);
    await site.desk.tick();
    await line.until(isState('over', 'left'));
    assert.equal((await who.get('assist/fr/')).status, 403);
  });

  test('an invitation that ends in the middle of a session ends the session', async () => {
    const who = await visitor(site.page, await site.invite({ days: 2 }));
    const line = await openLine(site.page, await who.begin('two'), who);
    line.send({ kind: 'hello', size: 'narrow' });
    await line.until(hasCaptcha);
    clock.ahead += 2 * 86_400_000 + 1_000;
    await site.desk.tick();
    await line.until(isState('over', 'left'));
    line.send({ kind: 'answer', text: PRACTICE_CODE });
    clock.ahead = 0;
    await site.desk.settled();
    assert.equal(site.tally('two').captchaAnswers, 0);
  });

  test('an invitation ends by itself', async () => {
    const who = await visitor(site.page, await site.invite({ days: 2 }));
    const { expiresAt } = (await site.monitor.store.invitations()).at(-1)!;
    assert.ok(Math.abs(expiresAt - Date.now() - 2 * 86_400_000) < 60_000);
    assert.equal((await who.get('assist/fr/')).status, 200);
    clock.ahead += 2 * 86_400_000;
    assert.equal((await who.get('assist/fr/')).status, 403);
    clock.ahead = 0;
  });

  test('the number of links that one address may try is limited', async () => {
    const statuses: number[] = [];
    for (let tries = 0; tries < 130; tries += 1)
      statuses.push((await fetch(`${site.page}assist/i/${'y'.repeat(32)}`)).status);
    assert.ok(statuses.includes(404) && statuses.at(-1) === 429, statuses.join());
    clock.ahead += 3_600_000;
    assert.equal((await fetch(`${site.page}assist/i/${'y'.repeat(32)}`)).status, 404);
    clock.ahead = 0;
  });

  test('the pages carry a strict policy: own scripts, no frames, no camera, no clipboard, no cache', async () => {
    const who = await visitor(site.page, await site.invite());
    const answer = await who.get('assist/fr/');
    const policy = answer.headers.get('content-security-policy') ?? '';
    for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"])
      assert.ok(policy.includes(rule), rule);
    assert.ok(!policy.includes('unsafe'));
    assert.match(answer.headers.get('permissions-policy') ?? '', /clipboard-read=\(\)/);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const style = /href="\.\.\/(assist\.css\?\w+)"/.exec(await answer.text())?.[1] ?? '';
    const kept = await who.get(`assist/${style}`);
    assert.match(kept.headers.get('cache-control') ?? '', /immutable/);
    assert.match(kept.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    assert.equal((await who.get(`assist/${style}0`)).headers.get('cache-control'), 'no-store', 'of another version');
  });

  test('nothing that was typed is logged or stored', async () => {
    const typed = 'Zq7Typed9';
    const who = await visitor(site.page, await site.invite());
    const line = await openLine(site.page, await who.begin('three'), who);
    line.send({ kind: 'hello', size: 'narrow' });
    await line.until(hasCaptcha);
    line.send({ kind: 'answer', text: typed });
    await line.until(({ captcha }) => /incorrect/.test((captcha as { wrong?: string } | null)?.wrong ?? ''));
    line.send({ kind: 'answer', text: PRACTICE_CODE });
    await line.until(isState('done'));
    const kept = [...site.log, ...(await everything(site.monitor.folder))];
    assert.ok(kept.some((text) => text.includes('a person helped')));
    assert.ok(
      kept.some((text) => text.includes('Aucun créneau disponible sur cette semaine')),
      'the proof is looked at',
    );
    for (const word of [typed, PRACTICE_CODE, 'captchaUsercode=']) {
      assert.ok(!kept.some((text) => text.includes(word)), `${word} was kept`);
    }
  });
});

/** All that a data folder holds, unpacked. */
async function everything(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(
    files.map(async (path) => {
      const bytes = await readFile(path);
      return (path.endsWith('.zst') ? await promisify(zstdDecompress)(bytes) : bytes).toString('utf8');
    }),
  );
}
