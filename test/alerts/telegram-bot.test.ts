import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { pino } from 'pino';

import { channel } from '../../src/alerts/channels/telegram.ts';
import { Seal } from '../../src/alerts/seal.ts';
import { TelegramBot, type TelegramBotParts } from '../../src/alerts/telegram-bot.ts';
import { AppError } from '../../src/core/errors.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { START } from '../support/checks.ts';
import { temporaryFolder } from '../support/monitor.ts';
import { WATCHED } from '../support/subscribe-site.ts';
import { openTelegramDouble, type TelegramDouble } from '../support/telegram-double.ts';

const TOKEN = '1234567890:abcdefghijklmnopqrstuvwxyz';
const MINUTE = 60_000;

interface Talk {
  readonly telegram: TelegramDouble;
  readonly store: Store;
  readonly seal: Seal;
  readonly clock: { now: number };
  readonly offset: { value: number };
  readonly log: readonly string[];
  /** How long the bot said it would wait; it does not. */
  readonly pauses: readonly number[];
  readonly bot: TelegramBot;
  /** Resolves when the bot has stopped by itself. */
  readonly running: Promise<void>;
  readonly stop: () => Promise<void>;
  /** `chat departments procedures kinds language` of every row. */
  readonly rows: () => Promise<string[]>;
}

async function talk(
  t: TestContext,
  { parts = {}, before }: { parts?: Partial<TelegramBotParts>; before?: (telegram: TelegramDouble) => void } = {},
): Promise<Talk> {
  const folder = await temporaryFolder();
  const store = await openStore(folder.path);
  const telegram = await openTelegramDouble(TOKEN);
  before?.(telegram);
  const seal = new Seal(Buffer.alloc(32, 3));
  const clock = { now: START };
  const offset = { value: 0 };
  const log: string[] = [];
  const pauses: number[] = [];
  const bot = new TelegramBot({
    settings: channel.settings.parse({ token: TOKEN, apiBase: telegram.origin }),
    store,
    seal,
    targets: WATCHED,
    offset: { load: () => offset.value, save: (value) => (offset.value = value) },
    practice: false,
    log: pino({ level: 'debug' }, { write: (line) => void log.push(line) }),
    now: () => clock.now,
    pause: (ms) => {
      pauses.push(ms);
      return new Promise(setImmediate);
    },
    ...parts,
  });
  const end = new AbortController();
  const running = bot.run(end.signal);
  const stop = async (): Promise<void> => {
    end.abort();
    await running;
  };
  t.after(async () => {
    await stop();
    await telegram.close();
    await store.end();
    await folder.remove();
  });
  const rows = async (): Promise<string[]> =>
    (await store.subscriptions()).map((row) => {
      const { chatId } = seal.open(row.sealedTo) as { chatId: number };
      return [
        chatId,
        row.departments.join('+') || '*',
        row.procedures.join('+') || '*',
        row.kinds.join('+'),
        row.language,
      ].join(' ');
    });
  return { telegram, store, seal, clock, offset, log, pauses, bot, running, stop, rows };
}

const SLOTS = 'slots+better+gone';

describe('a chat', () => {
  test('subscribes, looks, changes and stops', async (t) => {
    const { telegram, store, rows } = await talk(t);
    await telegram.write('/start');
    assert.match(telegram.last(), /gratuit et personnel[\s\S]*\/subscribe 93/);
    await telegram.write('/list');
    assert.match(telegram.last(), /pas d’alertes/);
    await telegram.write('/subscribe 93 2a renewal');
    assert.deepEqual(await rows(), [`42 93 renewal ${SLOTS} fr`, `42 2A renewal ${SLOTS} fr`]);
    assert.match(telegram.last(), /93 Seine-Saint-Denis : renouvellement de titre\n- 2A Corse-du-Sud/);
    const [first] = await store.subscriptions();
    assert.deepEqual([first?.channel, first?.source, first?.state], ['telegram', 'self', 'active']);
    assert.ok(channel.to.safeParse(new Seal(Buffer.alloc(32, 3)).open(first?.sealedTo ?? Buffer.alloc(0))).success);
    await telegram.write('/subscribe 93');
    assert.deepEqual(await rows(), [`42 93 * ${SLOTS} fr`, `42 2A renewal ${SLOTS} fr`]);
    await telegram.write('/stop 93');
    assert.deepEqual(await rows(), [`42 2A renewal ${SLOTS} fr`]);
    await telegram.write('/stop');
    assert.deepEqual([await rows(), telegram.last()], [[], 'C’est arrêté et effacé.']);
    await telegram.write('/stop');
    assert.match(telegram.last(), /rien à arrêter/);
  });

  test('is never told the same twice: all departments and single ones take the place of each other', async (t) => {
    const { telegram, rows } = await talk(t);
    await telegram.write('/subscribe 93 973');
    await telegram.write('/subscribe tout 93');
    assert.deepEqual(await rows(), [`42 * * ${SLOTS} fr`]);
    await telegram.write('/subscribe pannes');
    assert.deepEqual(await rows(), [`42 * * ${SLOTS} fr`, '42 * * outage+recovered fr']);
    await telegram.write('/subscribe 973 AES');
    assert.deepEqual(await rows(), ['42 * * outage+recovered fr', `42 973 aes ${SLOTS} fr`]);
    await telegram.write('/subscribe 973');
    await telegram.write('/subscribe 973');
    assert.equal((await rows()).length, 2);
  });

  for (const [language, words, answer] of [
    ['fr', '93 Renouvellement', /renouvellement de titre/],
    ['en', '93, renewal', /permit renewal/],
    ['ar', '93 تجديد', /تجديد الإقامة/],
    ['de', '93 renewal', /renouvellement de titre/],
  ] as const) {
    test(`is answered in its own language: ${language}`, async (t) => {
      const { telegram, rows } = await talk(t);
      await telegram.write(`/subscribe ${words}`, { language: `${language}-XX` });
      assert.match(telegram.last(), answer);
      assert.deepEqual(await rows(), [`42 93 renewal ${SLOTS} ${language === 'de' ? 'fr' : language}`]);
    });
  }

  test('chooses another language, before and after it subscribed', async (t) => {
    const { telegram, rows } = await talk(t);
    await telegram.write('/language ar');
    assert.equal(telegram.last(), 'سأكتب إليك الآن بالعربية.');
    await telegram.write('/subscribe 93');
    assert.deepEqual(await rows(), [`42 93 * ${SLOTS} ar`]);
    await telegram.write('/language EN');
    assert.deepEqual(await rows(), [`42 93 * ${SLOTS} en`]);
    await telegram.write('/language klingon');
    assert.match(telegram.last(), /^Choose/);
    assert.deepEqual(await rows(), [`42 93 * ${SLOTS} en`]);
  });

  test('that names what is not watched gets the list, and nothing is written', async (t) => {
    const { telegram, rows } = await talk(t);
    for (const words of ['75', '93 student', '93 bitcoin', '93; drop table', 'x'.repeat(3_000)]) {
      await telegram.write(`/subscribe ${words}`);
      assert.match(telegram.last(), /^Je ne connais pas : /, words);
      assert.match(telegram.last(), /93 Seine-Saint-Denis[\s\S]*renouvellement \(renouvellement de titre\)/);
      assert.ok(telegram.last().length < 1_000);
    }
    await telegram.write('/subscribe');
    assert.match(telegram.last(), /93 Seine-Saint-Denis/);
    await telegram.write('/stop renewal');
    assert.match(telegram.last(), /^Je ne connais pas/);
    assert.deepEqual(await rows(), []);
  });

  test('has only its own', async (t) => {
    const { telegram, rows } = await talk(t);
    await telegram.write('/subscribe 93', { chat: 42 });
    await telegram.write('/subscribe 93', { chat: 43 });
    await telegram.write('/stop', { chat: 43 });
    assert.deepEqual(await rows(), [`42 93 * ${SLOTS} fr`]);
    await telegram.write('/list', { chat: 43 });
    assert.match(telegram.last(), /pas d’alertes/);
  });

  test('of a group is answered when it names the bot, and its talk is left alone', async (t) => {
    const { telegram, rows, bot } = await talk(t);
    await telegram.write('bonjour à tous', { chat: -100_123 });
    await telegram.write('/subscribe@other_bot 93', { chat: -100_123 });
    assert.deepEqual([telegram.said, await rows(), bot.username], [[], [], 'guetteur_bot']);
    await telegram.write('/subscribe@Guetteur_Bot 93', { chat: -100_123 });
    assert.deepEqual(await rows(), [`-100123 93 * ${SLOTS} fr`]);
    await telegram.write('bonjour');
    assert.match(telegram.last(), /^\/subscribe 93/);
  });

  test('that writes too much is told so once, and others are served', async (t) => {
    const { telegram, clock } = await talk(t);
    for (let at = 0; at < 30; at += 1) await telegram.write('/list');
    assert.equal(telegram.said.length, 21);
    assert.match(telegram.last(), /Trop de messages/);
    await telegram.write('/list', { chat: 43 });
    assert.equal(telegram.said.at(-1)?.chat, 43);
    clock.now += MINUTE;
    await telegram.write('/list');
    assert.match(telegram.last(), /pas d’alertes/);
  });

  test('of a practice instance is told so', async (t) => {
    const { telegram } = await talk(t, { parts: { practice: true } });
    await telegram.write('/start');
    assert.match(telegram.last(), /^\[EXERCICE\] /);
    await telegram.write('/subscribe 93');
    assert.match(telegram.last(), /^\[EXERCICE\] /);
  });
});

describe('the line to Telegram', () => {
  const refusal = (code: number, parameters?: unknown) => ({
    status: code,
    body: {
      ok: false,
      error_code: code,
      description: `secret ${TOKEN}`,
      ...(parameters === undefined ? {} : { parameters }),
    },
  });

  for (const [name, fault, wait] of [
    ['asks for a pause (429)', refusal(429, { retry_after: 17 }), 17_000],
    ['has another listener (409)', refusal(409), MINUTE],
    ['is broken (502)', refusal(502), 1_000],
    ['answers with a page of something in between', { status: 200, body: '<html>sign in</html>' }, 1_000],
    ['breaks', 'reset', 1_000],
  ] as const) {
    test(`${name}: the bot waits as it should, loses nothing, and tells nobody the token`, async (t) => {
      const { telegram, pauses, rows, log } = await talk(t, { before: (double) => double.fail('getUpdates', fault) });
      await telegram.write('/subscribe 93');
      assert.deepEqual(pauses, [wait]);
      assert.deepEqual(await rows(), [`42 93 * ${SLOTS} fr`]);
      assert.equal(log.length, 1);
      assert.ok(!log.join().includes(TOKEN.slice(12)));
    });
  }

  test('stays broken: the pauses grow to a minute', async (t) => {
    const { telegram, pauses } = await talk(t, {
      before: (double) => double.fail('getUpdates', ...Array.from({ length: 8 }, () => refusal(500))),
    });
    await telegram.write('/list');
    assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  test('hangs: stopping does not wait for it', async (t) => {
    const { stop, telegram } = await talk(t, { before: (double) => double.fail('getUpdates', 'hang') });
    await stop();
    assert.deepEqual(telegram.said, []);
  });

  test('refuses the token: the bot gives up and says so', async (t) => {
    const { running, log, pauses } = await talk(t, { before: (double) => double.fail('getUpdates', refusal(401)) });
    await running;
    assert.deepEqual(pauses, []);
    assert.match(log.join(), /the token is refused/);
  });

  test('does not take an answer at once: it is given again; for good: the next command is served', async (t) => {
    const { telegram, pauses, rows } = await talk(t);
    telegram.fail('sendMessage', refusal(429, { retry_after: 3 }), refusal(500));
    await telegram.write('/subscribe 93');
    assert.match(telegram.last(), /93 Seine-Saint-Denis/);
    assert.deepEqual(pauses, [3_000, 1_000]);
    telegram.fail('sendMessage', refusal(403));
    await telegram.write('/stop');
    assert.deepEqual([await rows(), telegram.said.length, pauses.length], [[], 1, 2]);
    await telegram.write('/list');
    assert.match(telegram.last(), /pas d’alertes/);
  });
});

describe('updates', () => {
  test('are asked for from the one after the last, also after a restart', async (t) => {
    const { telegram, offset, stop } = await talk(t);
    await telegram.write('/list');
    await stop();
    assert.equal(offset.value, 702);
    assert.deepEqual(telegram.offsets.slice(0, 2), [0, 702]);
  });

  test('that are no text of a person are passed over', async (t) => {
    const { telegram } = await talk(t);
    await telegram.push({ message: { message_id: 1, chat: { id: 42 }, sticker: {} } });
    await telegram.push({ edited_message: { text: '/list' } });
    await telegram.push({ message: { chat: { id: '42' }, text: '/list' } });
    await telegram.push({ message: { chat: { id: 42 }, text: '/list', from: { is_bot: true } } });
    assert.deepEqual(telegram.said, []);
    await telegram.write('/list');
    assert.equal(telegram.said.length, 1);
  });

  test('of the longest texts are read to their end', async (t) => {
    const { telegram } = await talk(t);
    const long = '\\u0631'.repeat(4_096);
    await Promise.all(Array.from({ length: 20 }, (_each, at) => telegram.write(`/list ${long}`, { chat: 100 + at })));
    assert.equal(telegram.said.length, 20);
  });

  test('wait while the store fails, and are worked through afterwards', async (t) => {
    const { telegram, store, rows, pauses } = await talk(t);
    let failures = 2;
    const subscriptions = store.subscriptions.bind(store);
    t.mock.method(store, 'subscriptions', () => {
      failures -= 1;
      return failures >= 0 ? Promise.reject(new AppError('STORE_FAILED', 'full')) : subscriptions();
    });
    await telegram.write('/subscribe 93');
    assert.equal(pauses.length, 2);
    assert.deepEqual(await rows(), [`42 93 * ${SLOTS} fr`]);
  });

  test('that cannot be stood are given up, so that others are heard', async (t) => {
    const { telegram, store } = await talk(t);
    const broken = t.mock.method(store, 'subscriptions', () => Promise.reject(new AppError('STORE_FAILED', 'full')));
    await telegram.write('/list');
    assert.match(telegram.last(), /panne de notre côté/);
    broken.mock.restore();
    await telegram.write('/list');
    assert.match(telegram.last(), /pas d’alertes/);
  });
});
