import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { parse } from 'yaml';
import { z } from 'zod';

import { targetEntry } from '../src/core/target.ts';

// The facts of probes/catalogue.yaml, not its loading: what a hand that edits the list can break without noticing.

const entry = targetEntry.extend({
  source: z.string().min(1),
  year: z.int().min(2018).max(2026),
  status: z.enum(['live', 'stale', 'retired', 'unverified']),
});

const catalogue = new URL('../probes/catalogue.yaml', import.meta.url);
const { targets } = z.strictObject({ targets: z.array(entry) }).parse(parse(readFileSync(catalogue, 'utf8')));

/** Every démarche number found in public material up to 2026-11-23. */
const DEMARCHES = [
  2246, 2282, 2200, 2220, 2201, 2085, 9040, 16040, 3720, 3327, 3744, 3745, 3802, 3921, 3922, 1922, 3460, 1000, 1040,
  1022, 1380, 9481, 4418, 6860, 6880, 3762, 11800, 2381, 4382, 3260, 4407, 4409, 4564, 4443, 1904, 4083, 4446, 4566,
  4600, 3823,
];

/** Every EZ booking number, by department: the numbers are those of each site and 804 is found on two of them. */
const BOOKINGS: Readonly<Record<string, readonly number[]>> = {
  '01': [804],
  '12': [717],
  '31': [7736, 18131, 25794],
  '34': [15253, 27396],
  '38': [14544, 23012],
  '42': [804],
  '47': [795],
  '63': [801],
  '67': [27623],
  '74': [29396],
  '75': [989, 948, 953, 876, 885, 957, 976],
  '76': [50382, 50389, 50420, 50416, 51406, 47116],
  '77': [48803, 30500],
  '84': [1156],
  '91': [23014, 13185, 32237],
  '92': [12083, 11681, 4129, 11025, 11658, 12491, 13525, 9087, 4485, 12249, 12245, 8485, 12069],
  '93': [16105, 9845, 9829, 9846, 10317, 13303, 2616, 9636, 9497],
  '94': [4963],
  '95': [11343, 11404, 5260, 23749],
  '973': [18974, 4150],
};

const NATIONAL = [
  'anef-home',
  'anef-home-usagers',
  'anef-home-particuliers',
  'anef-sign-in',
  'anef-sso',
  'anef-sso-particuliers',
];

function on(platform: string) {
  return targets.filter((target) => target.platform === platform);
}

function numberOf(address: string): number {
  return Number(/\/(?:demarche|create)\/(\d+)\/?$/.exec(address)?.[1]);
}

function repeated(values: readonly string[]): readonly string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

function differences(found: readonly string[], expected: readonly string[]) {
  return {
    lost: expected.filter((name) => !found.includes(name)),
    unlisted: found.filter((name) => !expected.includes(name)),
  };
}

const NO_DIFFERENCE = { lost: [], unlisted: [] };

test('holds every known démarche of RDV-Préfecture', () => {
  const found = on('rdv-prefecture').map((target) => String(numberOf(target.address)));
  assert.deepEqual(differences(found, DEMARCHES.map(String)), NO_DIFFERENCE);
  assert.equal(found.length, 40);
});

test('holds every known page of EZ booking', () => {
  const found = on('ez-booking').map((target) => `${target.department}/${numberOf(target.address)}`);
  const expected = Object.entries(BOOKINGS).flatMap(([code, numbers]) => numbers.map((number) => `${code}/${number}`));
  assert.deepEqual(differences(found, expected), NO_DIFFERENCE);
  assert.equal(found.length, 62);
});

test('holds the doors of ANEF, national services without a control', () => {
  const found = on('anef').map((target) => target.id);
  assert.deepEqual(differences(found, NATIONAL), NO_DIFFERENCE);
  for (const { id, department, procedure } of on('anef')) {
    assert.deepEqual({ department, procedure }, { department: null, procedure: 'service' }, id);
  }
});

test('names no platform but the three it covers', () => {
  const platforms = new Set(targets.map((target) => target.platform));
  assert.deepEqual([...platforms].toSorted(), ['anef', 'ez-booking', 'rdv-prefecture']);
});

test('gives each target an id of its own', () => {
  assert.deepEqual(repeated(targets.map((target) => target.id)), []);
});

test('visits no page twice, whatever its scheme, its /index.php/ or its last slash', () => {
  const pages = targets.map(({ address }) =>
    address
      .replace(/^https?:/, '')
      .replace('/index.php/', '/')
      .replace(/\/$/, ''),
  );
  assert.deepEqual(repeated(pages), []);
});

test('opens an id with the department and closes it with the number of the page', () => {
  for (const { id, platform, department, address } of targets) {
    if (platform === 'anef') {
      assert.match(id, /^anef-/);
      continue;
    }
    assert.equal(id.split('-').at(0), department ?? 'xx', id);
    assert.equal(id.split('-').at(-1), String(numberOf(address)), id);
  }
});

test('knows a prefecture exactly where it knows a department', () => {
  for (const { id, department, prefecture } of targets) {
    assert.equal(prefecture === null, department === null, id);
    if (prefecture !== null) assert.match(prefecture, /^(?:Préfecture|Sous-préfecture) d/, id);
  }
});

test('turns on only what recent evidence names: where it is and what it is', () => {
  const live = targets.filter((target) => target.status === 'live');
  assert.ok(live.length > 0);
  for (const { id, platform, prefecture, label, year } of live) {
    assert.ok(prefecture !== null || platform === 'anef', `${id} has no prefecture`);
    assert.ok(label !== null, `${id} has no label`);
    assert.ok(year >= 2025, `${id} was last seen in ${year}`);
  }
});

test('keeps out of rounds the desks that are not for foreigners and the links disabled for good', () => {
  const retired = targets.filter((target) => target.status === 'retired').map((target) => target.id);
  assert.deepEqual(retired.toSorted(), [
    '78-versailles-acces-ants-1040',
    '78-versailles-passeport-1022',
    '92-hauts-de-seine-accueil-numerique-1922',
    '92-hauts-de-seine-commission-medicale-3460',
    '93-seine-saint-denis-9497',
  ]);
});

test('calls no target a control, since none is known always to have slots', () => {
  assert.deepEqual(
    targets.filter((target) => target.control),
    [],
  );
});

test('stays on hosts of the State', () => {
  for (const { id, address } of targets) assert.match(new URL(address).hostname, /\.gouv\.fr$/, id);
});

test('reads an EZ booking page on the site of its own department', () => {
  const hosts = new Map<string, Set<string>>();
  for (const { address, department } of on('ez-booking')) {
    const host = new URL(address).hostname;
    hosts.set(host, (hosts.get(host) ?? new Set()).add(String(department)));
  }
  for (const [host, departments] of hosts) assert.equal(departments.size, 1, `${host}: ${[...departments].join(', ')}`);
});

test('asks the sign-in service for a harmless page in French', () => {
  const address = targets.find((target) => target.id === 'anef-sso')?.address;
  assert.ok(address !== undefined);
  assert.deepEqual(Object.fromEntries(new URL(address).searchParams), {
    client_id: 'anef-usagers',
    theme: 'portail-anef',
    redirect_uri: 'https://administration-etrangers-en-france.interieur.gouv.fr/usagers/#',
    response_mode: 'fragment',
    response_type: 'code',
    scope: 'openid',
    ui_locales: 'fr',
  });
});
