import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { confirmLink, isConfirmLink, isStopLink, parseLink, stopLink } from '../../src/alerts/links.ts';
import { sealKey } from '../../src/alerts/seal-key.ts';
import { Seal } from '../../src/alerts/seal.ts';
import type { AppError } from '../../src/core/errors.ts';
import type { NewSubscription } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { temporaryFolder } from '../support/monitor.ts';
import { subscriptionOf } from '../support/subscriptions.ts';

const SECRET = Buffer.alloc(32, 7);
const TO = { email: 'odile@desk.example' };
const NOW = Date.UTC(2026, 10, 23, 8);
const HOUR = 3_600_000;
const PAGE = 'https://guetteur.example/';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

describe('what is sealed', () => {
  const seal = new Seal(SECRET);

  test('comes back with the same secret, and shows nothing of itself', () => {
    const sealed = seal.seal(TO);
    assert.deepEqual(new Seal(SECRET).open(sealed), TO);
    assert.equal(sealed.toString('latin1').includes('odile'), false);
    assert.notDeepEqual(sealed, seal.seal(TO));
  });

  test('does not open with any one of its bits turned, nor cut, nor lengthened', () => {
    const sealed = seal.seal(TO);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const altered = Buffer.from(sealed);
      altered.writeUInt8(altered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      assert.throws(() => seal.open(altered), `bit ${bit}`);
    }
    for (let length = 0; length < sealed.length; length += 1) {
      assert.throws(() => seal.open(sealed.subarray(0, length)), `${length} bytes`);
    }
    assert.throws(() => seal.open(Buffer.concat([sealed, Buffer.of(0)])));
  });

  test('does not open with another secret, and hashes and signs otherwise', () => {
    const other = new Seal(Buffer.alloc(32, 8));
    assert.throws(() => other.open(seal.seal(TO)));
    assert.deepEqual(seal.hash(TO), new Seal(SECRET).hash({ ...TO }));
    assert.notDeepEqual(seal.hash(TO), other.hash(TO));
    assert.equal(other.isSigned(seal.sign('stop', 1), 'stop', 1), false);
  });

  test('a signature holds for its own words only, however they are joined', () => {
    const signature = seal.sign('stop', 12, 3);
    assert.equal(seal.isSigned(signature, 'stop', 12, 3), true);
    assert.equal(seal.isSigned(signature, 'stop', 1, 23), false);
    assert.equal(seal.isSigned(signature, 'stop', '12', 3), false);
    assert.equal(seal.isSigned(signature.slice(0, -1), 'stop', 12, 3), false);
    assert.equal(seal.isSigned('', 'stop', 12, 3), false);
  });
});

describe('links', () => {
  const seal = new Seal(SECRET);
  const odile = { id: 12, createdAt: NOW };
  const partOf = (link: string): { id: number; signature: string } => {
    const found = parseLink(new URL(link).pathname.split('/').at(-1) ?? '');
    assert.ok(found !== null, link);
    return found;
  };

  test('lead back to the subscription that they were made for', () => {
    const stop = partOf(stopLink(PAGE, seal, odile));
    const confirm = partOf(confirmLink(PAGE, seal, odile));
    assert.deepEqual([stop.id, confirm.id], [12, 12]);
    assert.equal(isStopLink(seal, stop.signature, odile), true);
    assert.equal(isConfirmLink(seal, confirm.signature, odile, NOW), true);
  });

  test('one to confirm ends nothing, and one to end confirms nothing', () => {
    assert.equal(isStopLink(seal, partOf(confirmLink(PAGE, seal, odile)).signature, odile), false);
    assert.equal(isConfirmLink(seal, partOf(stopLink(PAGE, seal, odile)).signature, odile, NOW), false);
  });

  test('one to confirm is good for 48 hours and not a moment longer; one to end is good for ever', () => {
    const confirm = partOf(confirmLink(PAGE, seal, odile)).signature;
    assert.equal(isConfirmLink(seal, confirm, odile, NOW + 48 * HOUR), true);
    assert.equal(isConfirmLink(seal, confirm, odile, NOW + 48 * HOUR + 1), false);
    assert.equal(isStopLink(seal, partOf(stopLink(PAGE, seal, odile)).signature, odile), true);
  });

  for (const [name, part] of [
    ['no number', '.'.padEnd(33, 'a')],
    ['no signature', '12.'],
    ['a signature that is too short', `12.${'a'.repeat(31)}`],
    ['a signature that is too long', `12.${'a'.repeat(33)}`],
    ['a number beyond all numbers', `${'9'.repeat(16)}.${'a'.repeat(32)}`],
    ['a negative number', `-1.${'a'.repeat(32)}`],
    ['something behind it', `12.${'a'.repeat(32)}/x`],
    ['a line break behind it', `12.${'a'.repeat(32)}\n`],
  ] as const) {
    test(`a last part with ${name} is none`, () => assert.equal(parseLink(part), null));
  }

  test('a stranger cannot end the subscription that got the number of a deleted one', async () => {
    const subscription = (createdAt: number, name: string): NewSubscription =>
      subscriptionOf(name, {
        ...{ channel: 'email', sealedTo: seal.seal(name), toHash: seal.hash(name) },
        ...{ source: 'self', state: 'pending', createdAt },
      });
    const store = await openStore(folder.path);
    try {
      const first = await store.subscription(await store.subscribe(subscription(NOW, 'odile')));
      assert.ok(first !== null);
      const links = { stop: stopLink(PAGE, seal, first), confirm: confirmLink(PAGE, seal, first) };
      assert.equal(await store.unsubscribe(first.id), true);
      const second = await store.subscription(await store.subscribe(subscription(NOW + 1, 'paul')));
      assert.ok(second !== null);
      assert.equal(second.id, first.id, 'the database gives the number again: otherwise this test shows nothing');
      assert.equal(isStopLink(seal, partOf(links.stop).signature, second), false);
      assert.equal(isConfirmLink(seal, partOf(links.confirm).signature, second, NOW + 2), false);
      assert.equal(isStopLink(seal, partOf(links.stop).signature, first), true);
    } finally {
      await store.end();
    }
  });
});

describe('the key of the seal', () => {
  const nothing = (): undefined => undefined;
  const secret = (value: string) => (name: string) => (name === 'GUETTEUR_SUBSCRIBERS_KEY' ? value : undefined);
  const keyFile = (): string => join(folder.path, 'subscribers.key');

  test('is the secret where one is set, and then no file is made', async () => {
    assert.deepEqual(Buffer.from(await sealKey(folder.path, secret(SECRET.toString('base64')))), SECRET);
    assert.deepEqual(await readdir(folder.path), []);
  });

  for (const [name, value] of [
    ['is too short', randomBytes(31).toString('base64')],
    ['is too long', randomBytes(33).toString('base64')],
    ['is hexadecimal', randomBytes(32).toString('hex')],
    ['is a password', 'correct horse battery staple'],
    ['lost a character within', `${SECRET.toString('base64').slice(0, 20)}*${SECRET.toString('base64').slice(20)}`],
  ] as const) {
    test(`a secret that ${name} is refused by its name and not by its value`, async () => {
      await assert.rejects(sealKey(folder.path, secret(value)), (error: AppError) => {
        assert.equal(error.code, 'CONFIG_INVALID');
        assert.match(error.message, /^GUETTEUR_SUBSCRIBERS_KEY must hold 32 bytes/);
        assert.equal(error.message.includes(value), false);
        return true;
      });
    });
  }

  test('is made once, in a folder that is not there yet, for its owner only, and then found again', async () => {
    const data = join(folder.path, 'data/live');
    const made = await sealKey(data, nothing);
    assert.equal(made.length, 32);
    assert.deepEqual(await readdir(data), ['subscribers.key']);
    assert.equal((await stat(join(data, 'subscribers.key'))).mode & 0o777, 0o600);
    assert.deepEqual(await sealKey(data, nothing), made);
  });

  test('is the same for ten that ask at once within one process', async () => {
    const keys = await Promise.all(Array.from({ length: 10 }, () => sealKey(folder.path, nothing)));
    const kept = Buffer.from(await readFile(keyFile(), 'utf8'), 'base64').toString('hex');
    assert.deepEqual([...new Set(keys.map((key) => Buffer.from(key).toString('hex')))], [kept]);
    assert.deepEqual(await readdir(folder.path), ['subscribers.key']);
  });

  test('is the same for processes that start at once', async () => {
    const module = new URL('../../src/alerts/seal-key.ts', import.meta.url).href;
    // Both are loaded before either may begin: the line on standard input is the starting shot.
    const code = `const { sealKey } = await import(${JSON.stringify(module)}); process.stdout.write('ready ');
      process.stdin.once('data', async () => {
        process.stdout.write(Buffer.from(await sealKey(${JSON.stringify(folder.path)}, () => undefined)).toString('hex'));
        process.stdin.destroy();
      });`;
    const racers = Array.from({ length: 4 }, () => {
      const child = spawn(process.execPath, [
        '--disable-warning=ExperimentalWarning',
        '--input-type=module',
        '-e',
        code,
      ]);
      const isReady = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
      return { child, isReady, said: text(child.stdout) };
    });
    await Promise.all(racers.map(({ isReady }) => isReady));
    for (const { child } of racers) child.stdin.end('go\n');
    const said = await Promise.all(racers.map((racer) => racer.said));
    assert.match(said[0] ?? '', /^ready [0-9a-f]{64}$/);
    assert.equal(new Set(said).size, 1);
  });

  test('a file that holds something else is named, and left as it is', async () => {
    await writeFile(keyFile(), 'not a key\n');
    await assert.rejects(sealKey(folder.path, nothing), {
      code: 'CONFIG_INVALID',
      message: /subscribers\.key must hold/,
    });
    assert.equal(await readFile(keyFile(), 'utf8'), 'not a key\n');
  });

  test('one that cannot be read is not replaced by another', async () => {
    await mkdir(keyFile());
    await assert.rejects(sealKey(folder.path, nothing), { code: 'CONFIG_MISSING', message: /cannot be read/ });
  });

  test('a folder that takes no file is named', async () => {
    const taken = join(folder.path, 'file');
    await writeFile(taken, '');
    await assert.rejects(sealKey(taken, nothing), { code: 'CONFIG_MISSING' });
  });
});
