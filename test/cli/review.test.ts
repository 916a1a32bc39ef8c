import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import type { KeptCapture } from '../../src/core/check.ts';
import { followUps } from '../../src/decide/follow.ts';
import { Blobs } from '../../src/evidence/blobs.ts';
import { readFixture } from '../../src/evidence/fixture.ts';
import { z, type Probe } from '../../src/probe.ts';
import { loadProbes } from '../../src/plugins.ts';
import { fingerprintOf } from '../../src/read/fingerprint.ts';
import { replay } from '../../src/replay.ts';
import { openStore } from '../../src/store/open.ts';
import { captureOf } from '../support/capture.ts';
import { checkOf, START, targetNamed } from '../support/checks.ts';
import { runCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/monitor.ts';

const listShape = z.object({
  groups: z.array(
    z.object({ name: z.string(), checks: z.number(), targets: z.number(), sample: z.object({ folder: z.string() }) }),
  ),
  events: z.array(z.object({ kind: z.string() })),
});
const readShape = z.object({ outcome: z.string(), said: z.string() });
const lifted = z.object({ by: z.string(), why: z.string() });
const blocksShape = z.array(
  z.object({
    host: z.string(),
    from: z.string(),
    to: z.string().nullable(),
    markedBy: z.string(),
    lifted: lifted.nullable(),
  }),
);

/** The life of an unknown page: seen, listed, said by a person what it is, exported, made known, read again. */

const NEW_WORDS = 'Le planning est entièrement réservé';
const PAGE = `<main class="refonte"><h1>Agenda</h1><p>${NEW_WORDS}.</p></main>`;
const OTHER = '<section class="autre"><h1>Bienvenue</h1><p>Une page que personne ne connaît.</p></section>';
const PICTURE = Buffer.from('not really a picture');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let data: string;
const guetteur = (...args: string[]): ReturnType<typeof runCli> => runCli(args, folder.path);

async function kept(blobs: Blobs, html: string): Promise<KeptCapture[]> {
  const text = html.replace(/<[^>]*>/g, '\n');
  const { html: _html, text: _text, ...capture } = captureOf({ title: 'Agenda' });
  const evidence = { html: await blobs.put(html), text: await blobs.put(text), screenshot: await blobs.put(PICTURE) };
  return [{ capture, evidence }];
}

before(async () => {
  folder = await temporaryFolder();
  data = join(folder.path, 'data/practice');
  await writeFile(join(folder.path, 'guetteur.yaml'), 'mode: practice\n');
  const store = await openStore(data);
  const blobs = new Blobs(join(data, 'blobs'));
  await store.saveTargets([{ ...targetNamed('a'), params: { planning: ['7'] } }, targetNamed('bb')]);
  const pages = [
    ['a', PAGE],
    ['bb', PAGE],
    ['a', OTHER],
  ] as const;
  for (const [at, [target, html]] of pages.entries()) {
    const captures = await kept(blobs, html);
    const check = checkOf(target, START + at * 60_000, 'unknown_page', {
      captures,
      reading: { outcome: 'unknown_page', rule: 'no-rule', message: 'no rule knows this page', facets: {} },
      fingerprint: fingerprintOf(captureOf({ html })),
    });
    await store.record(check, { decide: followUps() });
  }
  await store.end();
});
after(() => folder.remove());

const groupOfPage = fingerprintOf(captureOf({ html: PAGE })) ?? '';

describe('guetteur review', () => {
  test('lists one group a structure with where its sample lies, and the open events', async () => {
    const { out, code } = await guetteur('review', '--json');
    assert.equal(code, 0);
    const { groups, events } = listShape.parse(JSON.parse(out));
    assert.deepEqual(
      groups.map(({ checks, targets, name }) => [name === groupOfPage, checks, targets]),
      [
        [false, 1, 1],
        [true, 2, 2],
      ],
    );
    const files = await readdir(groups[1]?.sample.folder ?? '');
    assert.deepEqual(files.toSorted(), ['1.html', '1.png', '1.txt', 'visit.json']);
    assert.deepEqual(await readFile(join(groups[1]?.sample.folder ?? '', '1.png')), PICTURE);
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['unknown_streak'],
    );
    const words = await guetteur('review');
    assert.match(words.out, new RegExp(`ez-booking/${groupOfPage}: 2 checks of 2 targets`));
    assert.match(words.out, /unknown_streak +127\.0\.0\.1:1 +3 pages of 127\.0\.0\.1:1 in a row/);
  });

  test('an event that was seen is open no longer', async () => {
    assert.equal((await guetteur('review', 'seen', '1', '--by', 'Odile')).code, 0);
    assert.equal((await guetteur('review', 'seen', '1', '--by', 'Odile')).code, 2);
    assert.deepEqual(listShape.parse(JSON.parse((await guetteur('review', '--json')).out)).events, []);
  });

  const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['an outcome that is none', ['label', groupOfPage, '--outcome', 'maybe', '--by', 'Odile'], /"maybe"/],
    [
      'an outcome nobody can see',
      ['label', groupOfPage, '--outcome', 'unknown_page', '--by', 'Odile'],
      /"unknown_page"/,
    ],
    ['a label without a name', ['label', groupOfPage, '--outcome', 'no_slots', '--by', ' '], /--by: say something/],
    ['a group that is not there', ['label', 'ffff', '--outcome', 'no_slots', '--by', 'Odile'], /no group .* "ffff"/],
    ['two groups at once', ['label', 'ez-booking/', '--outcome', 'no_slots', '--by', 'Odile'], /2 groups/],
    ['an export of what nobody has named', ['export', groupOfPage], /guetteur review label/],
  ];
  for (const [name, args, words] of refused) {
    test(`refuses ${name}`, async () => {
      const { code, err } = await guetteur('review', ...args);
      assert.deepEqual([code, words.test(err)], [2, true], err);
    });
  }

  test('from a label to a rule: said, exported, red, green, read again, gone from the queue', async () => {
    const said = ['--outcome', 'no_slots', '--by', 'Odile', '--note', 'new wording'];
    assert.match((await guetteur('review', 'label', groupOfPage.slice(0, 6), ...said)).out, /^2 checks/);
    const exported = await guetteur('review', 'export', groupOfPage, '--to', join(folder.path, 'fixtures'));
    assert.equal(exported.code, 0, exported.err);
    const place = join(folder.path, 'fixtures', `ez-booking-${groupOfPage}`);
    const fixture = await readFixture(place);
    assert.deepEqual(
      [fixture.outcome, fixture.by, fixture.note, fixture.captures.length],
      ['no_slots', 'Odile', 'new wording', 1],
    );
    const red = readShape.parse(JSON.parse((await guetteur('read', place, '--json')).out));
    assert.deepEqual([red.outcome, red.said], ['unknown_page', 'no_slots']);

    const probes = await loadProbes();
    const ez = probes.get('ez-booking');
    assert.ok(ez !== undefined);
    const read: Probe['read'] = (captures, target) =>
      captures.at(-1)?.text.includes(NEW_WORDS) === true
        ? { outcome: 'no_slots', rule: 'fully-booked', message: NEW_WORDS, facets: {} }
        : ez.read(captures, target);
    const better = new Map([...probes, ['ez-booking', { ...ez, version: ez.version + 1, read }]]);
    assert.equal(read(fixture.captures, targetNamed('a')).outcome, fixture.outcome);

    const store = await openStore(data);
    const blobs = new Blobs(join(data, 'blobs'));
    const result = await replay({ store, blobs, probes: better, targets: [], now: Date.now() }, { since: 0 });
    const queue = await store.unrecognised();
    await store.end();
    assert.deepEqual(
      result.changes.map(({ target, from, to, rule }) => [target, from, to, rule]),
      [
        ['a', 'unknown_page', 'no_slots', 'fully-booked'],
        ['bb', 'unknown_page', 'no_slots', 'fully-booked'],
      ],
    );
    assert.deepEqual([queue.length, queue[0]?.name === groupOfPage], [1, false]);
  });
});

describe('guetteur soft-block', () => {
  const mark = ['mark', 'www.essonne.gouv.fr', '--from', '2026-11-20', '--by', 'Odile', '--why', 'the page lies'];

  test('marks a window, lists it, and lifts it with name and reason', async () => {
    assert.equal((await guetteur('soft-block', ...mark)).code, 0);
    assert.equal((await guetteur('soft-block', ...mark)).code, 2);
    const lift = ['lift', '1', '--by', 'Paul', '--why', 'it did not'];
    assert.equal((await guetteur('soft-block', ...lift)).code, 0);
    assert.equal((await guetteur('soft-block', ...lift)).code, 2);
    const [block] = blocksShape.parse(JSON.parse((await guetteur('soft-block', '--json')).out));
    assert.deepEqual(
      [block?.host, block?.from, block?.to, block?.markedBy, block?.lifted?.by, block?.lifted?.why],
      ['www.essonne.gouv.fr', '2026-11-19T23:00:00.000Z', null, 'Odile', 'Paul', 'it did not'],
    );
  });

  const withOption = (option: string, value: string): string[] =>
    mark.map((word, at) => (mark[at - 1] === option ? value : word));
  const wrong: readonly (readonly [string, readonly string[]])[] = [
    ['a window that ends before it begins', [...mark, '--to', '2026-11-19']],
    ['an end that is no date', [...mark, '--to', 'soon']],
    ['a day of another notation', withOption('--from', '01/11/2026')],
    ['a day that does not exist', withOption('--from', '2026-02-31')],
    ['a number', withOption('--from', '1')],
    ['a beginning to come', withOption('--from', '2999-01-01')],
    ['an address instead of a host', withOption('mark', 'https://www.essonne.gouv.fr/')],
    ['nobody', withOption('--by', ' ')],
    ['no reason', withOption('--why', '')],
  ];
  for (const [name, args] of wrong) {
    test(`refuses ${name}`, async () => assert.equal((await guetteur('soft-block', ...args)).code, 2));
  }

  test('takes a host as it is typed, and a time of Paris', async () => {
    const at = withOption('mark', 'WWW.Yvelines.gouv.fr').map((word) =>
      word === '2026-11-20' ? '2026-11-20T10:30' : word,
    );
    assert.equal((await guetteur('soft-block', ...at)).code, 0);
    const [block] = blocksShape.parse(JSON.parse((await guetteur('soft-block', '--json')).out));
    assert.deepEqual([block?.host, block?.from], ['www.yvelines.gouv.fr', '2026-11-20T09:30:00.000Z']);
  });
});
