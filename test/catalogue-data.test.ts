import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { parse } from 'yaml';
import { z } from 'zod';

import { readCatalogue } from '../src/config/catalogue.ts';
import { catalogueDoubts } from '../src/config/catalogue-doubts.ts';
import { departmentOfSite } from '../src/config/departments.ts';
import { AppError } from '../src/core/errors.ts';
import { targetEntry } from '../src/core/target.ts';
import { loadProbes } from '../src/plugins.ts';
import { temporaryFolder } from './support/monitor.ts';

// The facts of probes/catalogue.yaml: what a hand that edits the list can break without noticing.

const entry = targetEntry.extend({
  source: z.string().min(1),
  year: z.int().min(2018).max(2026),
  status: z.enum(['live', 'stale', 'retired', 'unverified']),
});

const TEXT = readFileSync(new URL('../probes/catalogue.yaml', import.meta.url), 'utf8');
const { targets } = z.strictObject({ targets: z.array(entry) }).parse(parse(TEXT));

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
  'anef-triage',
  'anef-sign-in-through-portal',
  'anef-forgotten-password',
  'anef-home-mobile',
  'anef-languages',
  'anef-sso-discovery',
  'anef-help-contact',
  'anef-help-faq',
  'anef-help-plan-du-site',
  'anef-help-mentions-legales',
  'anef-help-accessibilite',
  'anef-old-link-contact',
  'anef-old-link-sign-in',
];

/** Every other door found in public material whose address is known whole, by platform. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  'rdv-service-public': ['xx-rdv-service-public-recepisse-2458'],
  'demarche-numerique': ['69-rhone-premiere-demande', '78-yvelines-rendez-vous-aes'],
  eappointment: ['94-val-de-marne-eappointment'],
  'contact-form': ['contact-renouvellement-recepisse'],
  listing: [
    '75-pp-etudiants-etrangers',
    '75-pp-titres-non-europeens',
    '75-pp-rendez-vous',
    '78-yvelines-prendre-rendez-vous',
    '92-hauts-de-seine-naturalisation-info',
    '93-seine-saint-denis-prendre-rendez-vous',
    '974-reunion-naturalisation',
  ],
  page: [
    '75-pp-liste-rendez-vous',
    '75-pp-etrangers-renouvellement',
    '75-pp-etrangers-etudiants',
    'france-visas-accueil',
    'france-visas-accueil-en',
    'france-visas-questions-frequentes',
    'france-visas-contact-ancien-lien',
    'france-visas-demande',
    'service-public-n110',
    'service-public-f2213',
    'service-public-f2726',
    'timbres-accueil',
    'anef-employeurs',
  ],
};

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

test('holds every other known door, each on its platform', () => {
  for (const [platform, ids] of Object.entries(OTHERS)) {
    const found = on(platform).map((target) => target.id);
    assert.deepEqual(differences(found, ids), NO_DIFFERENCE, platform);
  }
});

test('names no platform but those listed here', () => {
  const platforms = new Set(targets.map((target) => target.platform));
  const covered = ['anef', 'ez-booking', 'rdv-prefecture', ...Object.keys(OTHERS)];
  assert.deepEqual([...platforms].toSorted(), covered.toSorted());
});

test('gives each target an id of its own', () => {
  assert.deepEqual(repeated(targets.map((target) => target.id)), []);
});

test('visits no page twice in the same way, whatever its scheme, its /index.php/ or its last slash', () => {
  const visits = targets.map(({ platform, address, params }) => {
    const page = address
      .replace(/^https?:/, '')
      .replace('/index.php/', '/')
      .replace(/\/$/, '');
    return `${platform} ${page} ${JSON.stringify(params)}`;
  });
  assert.deepEqual(repeated(visits), []);
});

test('opens an id with the department, or with the name of a national service', () => {
  for (const { id, department } of targets) {
    if (department === null) assert.match(id, /^(?:xx|anef|contact|france-visas|service-public|timbres)-/);
    else assert.equal(id.split('-').at(0), department, id);
  }
});

test('closes the id of a booking page with the number of the page', () => {
  for (const { id, address } of [...on('rdv-prefecture'), ...on('ez-booking')])
    assert.equal(id.split('-').at(-1), String(numberOf(address)), id);
});

test("puts a page of a prefecture's own site in its department", () => {
  const known = targets.filter(({ address }) => departmentOfSite(new URL(address).hostname) !== null);
  assert.ok(known.length > 60);
  for (const { id, address, department } of known)
    assert.equal(departmentOfSite(new URL(address).hostname), department, id);
  for (const { id, address } of on('ez-booking')) assert.ok(departmentOfSite(new URL(address).hostname) !== null, id);
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
    assert.ok(prefecture !== null || ['anef', 'contact-form'].includes(platform), `${id} has no prefecture`);
    assert.ok(label !== null, `${id} has no label`);
    assert.ok(year >= 2025, `${id} was last seen in ${year}`);
  }
});

test('turns on no page of which no source has told a text', () => {
  assert.deepEqual(
    on('page').filter((target) => target.status === 'live'),
    [],
  );
});

test('keeps out of rounds the desks that are not for foreigners, the links disabled for good and the site that was left', () => {
  const retired = targets.filter((target) => target.status === 'retired').map((target) => target.id);
  assert.deepEqual(retired.toSorted(), [
    '78-versailles-acces-ants-1040',
    '78-versailles-passeport-1022',
    '92-hauts-de-seine-accueil-numerique-1922',
    '92-hauts-de-seine-commission-medicale-3460',
    '93-seine-saint-denis-9497',
    '94-val-de-marne-eappointment',
  ]);
});

test('calls no target a control, since none is known always to have slots', () => {
  assert.deepEqual(
    targets.filter((target) => target.control),
    [],
  );
});

test('stays on hosts of the State', () => {
  for (const { id, address } of targets)
    assert.match(new URL(address).hostname, /\.gouv\.fr$|^www\.demarches-simplifiees\.fr$/, id);
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

describe('a doubtful entry is told with its place', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => folder.remove());

  /** What is doubtful in a text that stands in the place of the catalogue, each without the folder's name. */
  async function doubtsOf(text: string): Promise<readonly string[]> {
    const path = join(folder.path, 'catalogue.yaml');
    await writeFile(path, text);
    const doubts = catalogueDoubts({ probes: await loadProbes(), year: 2026 });
    return await readCatalogue(path, doubts).then(
      () => [],
      (error: unknown) => {
        assert.ok(error instanceof AppError && error.code === 'CONFIG_INVALID', String(error));
        return error.message.replaceAll(`${folder.path}/`, '').split('\n');
      },
    );
  }

  test('and the catalogue has none', async () => {
    assert.deepEqual(await doubtsOf(TEXT), []);
  });

  /** Where a word stands that follows a key of an entry, as `line:column`. */
  function placeIn(text: string, id: string, key: string, word: string): string {
    const lines = text.split('\n');
    const start = lines.lastIndexOf(`  - id: ${id}`);
    const line = lines.findIndex(
      (found, at) => at >= start && found.trimStart().replace(/^- /, '').startsWith(`${key}:`),
    );
    assert.ok(start >= 0 && line >= start, `${id} has no ${key}`);
    return `${line + 1}:${(lines[line] ?? '').indexOf(word) + 1}`;
  }

  /** The catalogue with another value of one key. */
  function broken(id: string, key: string, value: string): string {
    const [line = 0] = placeIn(TEXT, id, key, key).split(':').map(Number);
    const lines = TEXT.split('\n');
    const found = lines[line - 1] ?? '';
    return lines.with(line - 1, `${found.slice(0, found.indexOf(':') + 1)} ${value}`).join('\n');
  }

  const DESK = '94-creteil-naturalisation-4963';
  const OTHER = '92-nanterre-biometrie-11681';
  const COUNTER = '92-nanterre-remise-titre-12083';
  const NOWHERE = 'xx-rdv-service-public-recepisse-2458';
  const SITE = 'https://www.val-de-marne.gouv.fr';
  const TWICE = 'https://www.hauts-de-seine.gouv.fr/index.php/booking/create/4129/';
  // Name, entry, key and value that make the doubt; what is said of it; where, if not at that value: a key or a word of it.
  for (const [doubt, id, key, value, said, atKey = key, atWord = value] of [
    ['a platform of nobody', DESK, 'platform', 'ez-bookings', /no probe is named "ez-bookings": known are anef, .*ez-/],
    [
      'a host of another platform',
      DESK,
      'address',
      'https://example.org/booking/create/1',
      /not a host of ez-booking$/,
    ],
    ['a loopback address', DESK, 'address', 'http://127.0.0.1/booking/create/1', /live mode refuses the loopback/],
    ['a password', DESK, 'address', `https://a:b@val-de-marne.gouv.fr/booking/create/1`, /must not hold a user name/],
    ['a page that its probe does not know', DESK, 'address', `${SITE}/Demarches`, /ez-booking does not recognise this/],
    ['a path that holds a slot', DESK, 'address', `${SITE}/booking/create/4963/5/1`, /this address holds, books or/],
    ['a year to come', DESK, 'year', '2027', /year: 2027 is in the future$/],
    ['an id that stands twice', DESK, 'id', OTHER, /"92-nanterre-biometrie-11681" stands here twice$/],
    ['a visit made twice', OTHER, 'address', TWICE, /"92-nanterre-au-pair-stagiaire-mineur-4129" visits this page/],
    ['a live entry of no prefecture', DESK, 'prefecture', 'null', /prefecture: a live entry names its prefecture$/],
    ['a live entry that says nothing', DESK, 'label', 'null', /label: a live entry says what is asked for there$/],
    ['a live desk of no place', NOWHERE, 'status', 'live', /a live entry names its pref/, 'prefecture', 'null'],
    [
      'a prefecture of no department',
      OTHER,
      'department',
      'null',
      /Préfecture des Hauts-de-Seine lies in a department/,
    ],
    [
      'a parameter of the wrong kind',
      COUNTER,
      'params',
      '{ planning: 14673 }',
      /params\.planning: /,
      'params',
      '14673',
    ],
    [
      'a parameter of nobody',
      COUNTER,
      'params',
      "{ planing: ['1'] }",
      /params\.planing: no such key$/,
      'params',
      'planing',
    ],
    ['a status of nobody', DESK, 'status', 'perhaps', /status: Invalid option/],
    ['a procedure of nobody', DESK, 'procedure', 'renewing', /procedure: Invalid option/],
    ['a department of nobody', DESK, 'department', "'96'", /department: write the department as two characters/],
  ] as const) {
    test(doubt, async () => {
      const text = broken(id, key, value);
      const place = placeIn(text, key === 'id' ? value : id, atKey, atWord);
      const doubts = await doubtsOf(text);
      assert.equal(doubts.length, 1, doubts.join('\n'));
      assert.match(doubts[0] ?? '', said);
      assert.equal(doubts[0]?.split(' ')[0], `catalogue.yaml:${place}`);
    });
  }

  test('and every one of them is told at once', async () => {
    const text = broken(DESK, 'label', 'null')
      .replace(`- id: ${OTHER}\n`, `- id: ${COUNTER}\n`)
      .replace('year: 2026', 'year: 2027');
    const doubts = await doubtsOf(text);
    assert.equal(doubts.length, 3, doubts.join('\n'));
    const lines = doubts.map((told) => Number(/^catalogue\.yaml:(\d+):\d+ /.exec(told)?.[1]));
    assert.deepEqual(
      lines,
      lines.toSorted((a, b) => a - b),
    );
  });
});
