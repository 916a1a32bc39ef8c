/** Services that refuse for hours, over the line and with the real store: what is tried when, what is kept, and what is lost. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test, type TestContext } from 'node:test';
import { pino } from 'pino';

import { channel as email } from '../../src/alerts/channels/email.ts';
import { channel as webhook } from '../../src/alerts/channels/webhook.ts';
import type { Channel } from '../../src/alerts/channel.ts';
import { messageFor } from '../../src/alerts/messages.ts';
import { Outbox } from '../../src/alerts/outbox.ts';
import type { Store, StoredMessage } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { START } from '../support/checks.ts';
import { closedOrigin, openHttpDouble, type Answer } from '../support/http-double.ts';
import { noticeOf } from '../support/messages.ts';
import { temporaryFolder } from '../support/monitor.ts';
import { openSmtpDouble, type Refusal } from '../support/smtp-double.ts';
import { subscriptionOf } from '../support/subscriptions.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const TICK = 15 * SECOND;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;
let now = START;

beforeEach(async () => {
  now = START;
  folder = await temporaryFolder();
  store = await openStore(folder.path);
});
afterEach(async () => {
  await store.end();
  await folder.remove();
});

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly attempt?: number;
  /** Added here: when it was said. */
  readonly at: number;
}

interface Watched {
  readonly lines: readonly Line[];
  readonly run: (until: number) => Promise<void>;
  readonly message: () => Promise<StoredMessage>;
}

/** One subscriber of a real channel, told of an opening at the start, and of another one an hour later. */
async function watch(channel: Channel, to: unknown, settings: unknown): Promise<Watched> {
  const lines: Line[] = [];
  const log = pino({ base: null }, { write: (line: string) => lines.push({ ...(JSON.parse(line) as Line), at: now }) });
  const outbox = new Outbox({
    store,
    channels: new Map([[channel.name, { channel, settings: channel.settings.parse(settings) }]]),
    open: (sealed) => JSON.parse(sealed.toString()) as unknown,
    word: ({ key, notices, subscription }) => messageFor(notices, subscription, { key, unsubscribe: null, page: null }),
    log,
    owner: 'test',
    now: () => now,
  });
  const recipient = { channel: channel.name, sealedTo: Buffer.from(JSON.stringify(to)) };
  await store.configureSubscriptions([subscriptionOf('odile', recipient)]);
  await store.tell([noticeOf({ key: 'first', at: START })], START);
  return {
    lines,
    run: async (until) => {
      for (; now < until; now += TICK) {
        if (now === START + HOUR) await store.tell([noticeOf({ key: 'second', at: now })], now);
        await outbox.tick();
        await outbox.settled();
      }
    },
    message: async () => {
      const first = (await store.messages({ limit: 9 })).find(({ id }) => id === 1);
      assert.ok(first !== undefined);
      return first;
    },
  };
}

const attemptsOf = (lines: readonly Line[]): Line[] => lines.filter(({ attempt }) => attempt !== undefined);

/** As documented: from 10 s, doubled up to an hour, moved by up to a half either way; an attempt waits for the next tick. */
function assertDoubled(attempts: readonly Line[]): void {
  for (const [index, { at }] of attempts.slice(1).entries()) {
    const doubled = Math.min(10 * SECOND * 2 ** index, HOUR);
    const waited = at - (attempts[index]?.at ?? 0);
    assert.ok(waited >= 0.5 * doubled, `wait ${index} of ${waited} ms is too short`);
    assert.ok(waited <= 1.5 * doubled + TICK, `wait ${index} of ${waited} ms is too long`);
  }
}

/** Nothing failed but the service: no claim ran out, and the store took every word. */
function assertNoFault(lines: readonly Line[]): void {
  const faults = lines.filter(({ msg }) => !/^(?:not accepted yet|given up|accepted)/.test(msg));
  assert.deepEqual(faults, []);
}

interface RefusingLine {
  readonly name: string;
  readonly error: string;
  readonly open: (t: TestContext) => Promise<Watched>;
}

async function webhookTo(t: TestContext, answer: Answer): Promise<Watched> {
  const service = await openHttpDouble([answer]);
  t.after(() => service.close());
  return await watch(webhook as Channel, { url: service.origin }, {});
}

async function mailTo(t: TestContext, refusals: readonly Refusal[]): Promise<{ watched: Watched; subjects: string[] }> {
  const service = await openSmtpDouble({ refusals });
  t.after(() => service.close());
  const { host, port } = service;
  const settings = { host, port, tls: 'none', from: 'veille@guetteur.example' };
  const watched = await watch(email as Channel, { address: 'odile@benevole.example' }, settings);
  return {
    watched,
    get subjects() {
      return service.mails.map(({ parsed }) => parsed.subject ?? '');
    },
  };
}

const greylisted: Refusal = { stage: 'rcpt', code: 450, text: '4.2.0 greylisted' };

const LINES: readonly RefusingLine[] = [
  {
    name: 'a mail server that says 450',
    error: 'SMTP 450 4.2.0 to RCPT TO',
    open: async (t) =>
      (
        await mailTo(
          t,
          Array.from({ length: 20 }, () => greylisted),
        )
      ).watched,
  },
  { name: 'a service that says 429', error: 'HTTP 429', open: (t) => webhookTo(t, { status: 429 }) },
  {
    name: 'a service that says 429, and a second',
    error: 'HTTP 429',
    open: (t) => webhookTo(t, { status: 429, headers: { 'retry-after': '1' } }),
  },
  {
    name: 'a cut cable',
    error: 'ECONNREFUSED',
    open: async () => await watch(webhook as Channel, { url: await closedOrigin() }, {}),
  },
];

describe('for six hours', () => {
  for (const { name, error, open } of LINES) {
    test(`${name} is tried again later and later, for hours, and the alert is given up in the end only`, async (t) => {
      const { lines, run, message } = await open(t);
      await run(START + 20 * MINUTE);
      const early = await message();
      assert.deepEqual([early.state, early.lastError], ['ready', error]);
      assert.ok(Number.isInteger(early.nextAt) && early.nextAt > now - TICK);
      assert.ok(early.attempts < 10, `${early.attempts} attempts in 20 minutes`);
      await run(START + 3 * HOUR);
      assert.deepEqual([(await message()).state, (await message()).lastError], ['ready', error]);
      await run(START + 8 * HOUR);
      const late = await message();
      assert.deepEqual([late.state, late.lastError, late.attempts], ['dead', error, 14]);
      assertNoFault(lines);
      const first = attemptsOf(lines).slice(0, 14);
      assert.deepEqual(
        first.map(({ attempt }) => attempt),
        Array.from({ length: 14 }, (_each, at) => at + 1),
      );
      assertDoubled(first);
      const end = first.at(-1)?.at ?? 0;
      assert.ok(end - START > 4 * HOUR, `given up after ${(end - START) / HOUR} h`);
    });
  }

  test('a service that names an hour is asked once an hour, and the alert waits', async (t) => {
    const answer = { status: 429, headers: { 'retry-after': '3600' } };
    const { lines, run, message } = await webhookTo(t, answer);
    await run(START + 6 * HOUR);
    const { state, lastError } = await message();
    assert.deepEqual([state, lastError], ['ready', 'HTTP 429']);
    assertNoFault(lines);
    const attempts = attemptsOf(lines);
    assert.ok(attempts.length >= 5 && attempts.length <= 6, `${attempts.length} attempts`);
    for (const [index, { at }] of attempts.slice(1).entries())
      assert.ok(at - (attempts[index]?.at ?? 0) >= HOUR, `${at}`);
  });

  test('a mail server that takes mail again gets all of it, once and in order', async (t) => {
    const mail = await mailTo(
      t,
      Array.from({ length: 12 }, () => greylisted),
    );
    await mail.watched.run(START + 6 * HOUR);
    const sent = await store.messages({ limit: 9 });
    assert.deepEqual(
      sent.toSorted((a, b) => a.id - b.id).map(({ state, attempts }) => [state, attempts]),
      [
        ['sent', 13],
        ['sent', 1],
      ],
    );
    assert.equal(mail.subjects.length, 2);
    const [first, second] = sent.toSorted((a, b) => a.id - b.id);
    assert.ok((first?.endedAt ?? 0) <= (second?.endedAt ?? 0));
    assertNoFault(mail.watched.lines);
  });
});
