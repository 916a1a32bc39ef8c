/** `guetteur targets` and `guetteur targets add`: what is listed, and how a page gets into guetteur.yaml. */
import assert from 'node:assert/strict';
import { chmod, lstat, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { parse } from 'yaml';

import { addTarget } from '../src/config/add-target.ts';
import { departmentOfSite, placeOfSite } from '../src/config/departments.ts';
import { insertTarget, type WrittenEntry } from '../src/config/insert-target.ts';
import { AppError } from '../src/core/errors.ts';
import { loadProbes } from '../src/plugins.ts';
import { z } from '../src/probe.ts';
import { runCli, type CliAnswer } from './support/cli.ts';
import { temporaryFolder } from './support/monitor.ts';

const ENTRY: WrittenEntry = {
  id: '91-essonne-99999',
  platform: 'ez-booking',
  address: 'https://www.essonne.gouv.fr/booking/create/99999',
  department: '91',
  procedure: 'renewal',
  label: "renouvellement : guichet n° 2, l'après-midi # 14 h",
};

const EXAMPLE = await readFile(new URL('../guetteur.example.yaml', import.meta.url), 'utf8');

const shape = z.looseObject({ targets: z.looseObject({ inline: z.array(z.unknown()).nullish() }).nullish() });

function inlineOf(text: string): readonly unknown[] {
  return shape.parse(parse(text) ?? {}).targets?.inline ?? [];
}

/** The new lines of a text; null when one of the old ones is lost or out of order. Empty braces may have made room. */
function addedTo(old: string, next: string): string[] | null {
  const rest = old.replace(/\r?\n$/, '').split(/\r?\n/);
  const added = next.split(/\r?\n/).filter((line) => {
    if (line !== rest[0] && line !== rest[0]?.replace(/(?<=^targets:) \{\}/, '')) return true;
    rest.shift();
    return false;
  });
  return rest.length === 0 ? added : null;
}

const OTHER_LINES = '- id: a\n  platform: anef # which one\n  address: https://a.example/\n';
const at = (column: number, lines: string): string => lines.replaceAll(/^(?=.)/gm, ' '.repeat(column));

describe('an entry is put into the text of guetteur.yaml', () => {
  for (const [name, text] of [
    ['that is empty', ''],
    ['that holds comments only', '# nothing yet\n'],
    ['without targets', 'mode: live # public pages\n'],
    ['without targets and without a last line end', 'mode: live'],
    ['whose targets are empty', '# first\ntargets: # none yet\n\nlog: {level: info}\n'],
    [
      'whose targets are only chosen',
      'targets:\n  select:\n    - platform: anef # all\n  # and no more\n\nvantage: x\n',
    ],
    ['whose list is not written', 'targets:\n  select: []\n  inline: # to come\nvantage: x\n'],
    ['whose targets are empty braces', 'targets: {} # none\n# and now\nmode: live\n'],
    ['whose list stands first', 'targets:\n  inline:\n  select: []\n'],
    ['with an entry', `targets:\n  inline:\n${at(4, OTHER_LINES)}`],
    ['with an entry and no last line end', `targets:\n  inline:\n${at(4, OTHER_LINES).trimEnd()}`],
    ['with an entry at the depth of its key', `targets:\n  inline:\n${at(2, OTHER_LINES)}log: {level: info}\n`],
    ['indented by four', `targets:\n    select:\n        - platform: anef\n    inline:\n${at(8, OTHER_LINES)}`],
    [
      'with a comment on the entry',
      `targets:\n  inline:\n${at(4, `${OTHER_LINES}  # params: {}\n`)}  # end\nmode: live\n`,
    ],
    ['with an entry in braces', `targets:\n  inline:\n    - {id: a, platform: anef, address: 'https://a/'} # x\n`],
    [
      'with nested parameters',
      `targets:\n  inline:\n${at(4, `${OTHER_LINES}  params:\n    planning:\n      - '1'\n`)}\n# end\n`,
    ],
    [
      'with a text of several lines',
      `targets:\n  inline:\n${at(4, `${OTHER_LINES}  label: |\n    one\n\n    two\n`)}\nmode: live\n`,
    ],
    ['with Windows line ends', `mode: live\ntargets:\n  inline:\n${at(4, OTHER_LINES)}`.replaceAll('\n', '\r\n')],
    [
      'with quotes and folded words',
      `vantage: "home"\nlog:   { level:  'info' }\noperator:\n  name: >-\n    A\n    B\n`,
    ],
  ] as const) {
    test(name, () => {
      const next = insertTarget(text, ENTRY);
      assert.deepEqual(inlineOf(next), [...inlineOf(text), ENTRY]);
      const added = addedTo(text, next);
      assert.ok(added !== null, `a line was lost or changed:\n${next}`);
      const own = added.filter((line) => !/^\s*(?:targets:|inline:)?\s*$/.test(line));
      assert.equal(own.length, Object.keys(ENTRY).length, next);
      assert.equal(next.includes('\r\n'), text.includes('\r\n'));
      assert.ok(!text.includes('\r\n') || !/[^\r]\n/.test(next), 'line ends are mixed');
      // And once more, now below the entry just written.
      const twice = insertTarget(next, { ...ENTRY, id: 'b' });
      assert.deepEqual(inlineOf(twice), [...inlineOf(next), { ...ENTRY, id: 'b' }]);
      assert.ok(addedTo(next, twice) !== null, twice);
    });
  }

  test('that `guetteur init` writes: the empty list makes room, and not another line changes', () => {
    const next = insertTarget(EXAMPLE, ENTRY);
    const lines = EXAMPLE.split('\n');
    const list = lines.indexOf('  inline: []');
    assert.ok(list > 0);
    const found = next.split('\n');
    assert.deepEqual(found.slice(0, list), lines.slice(0, list));
    assert.equal(found[list], '  inline:');
    assert.equal(found[list + 1], '    - id: 91-essonne-99999');
    assert.deepEqual(found.slice(list + 7), lines.slice(list + 1));
  });

  test('a comment on the last entry stays with it, one on what follows stays below', () => {
    const text = `targets:\n  inline:\n    - id: a\n      # of a\n  # of the rest\nmode: live\n`;
    assert.match(insertTarget(text, ENTRY), / # of a\n {4}- id: 91-[\s\S]*99999[\s\S]*\n {2}# of the rest\nmode/);
  });

  for (const [name, text] of [
    ['an empty list in braces', '# c1\ntargets: { inline: [] } # c2\nmode: live # c3\n'],
    ['a list in braces', `targets:\n  inline: [{ id: a, platform: anef, address: https://a.example/ }] # c1\n# c2\n`],
    ['the whole in braces', '{ mode: live, targets: { select: [{ platform: anef }] } } # c1\n'],
    ['a comment between key and list', 'targets:\n  inline: # c1\n    []\nmode: live\n'],
    ['a document that is closed', '# c1\n---\nmode: live # c2\n...\n'],
  ] as const) {
    test(`with ${name}, where nothing is lost but the layout`, () => {
      const next = insertTarget(text, ENTRY);
      assert.deepEqual(inlineOf(next), [...inlineOf(text), ENTRY]);
      for (const comment of text.match(/# c\d/g) ?? [])
        assert.ok(next.includes(comment), `${comment} is lost:\n${next}`);
      assert.deepEqual({ ...parse(next), targets: 0 }, { ...parse(text), targets: 0 });
    });
  }

  test('but not where the list is a reference: it is said what to write by hand', () => {
    assert.throws(
      () => insertTarget('x: &list [1]\ntargets:\n  inline: *list\n', ENTRY),
      (error) =>
        error instanceof AppError && error.code === 'CONFIG_INVALID' && error.hint.includes('- id: 91-essonne'),
    );
  });
});

describe('the department of a site', () => {
  for (const [host, department, place] of [
    ['www.essonne.gouv.fr', '91', 'essonne'],
    ['www.rdv.puy-de-dome.gouv.fr', '63', 'puy-de-dome'],
    ['rdv.vaucluse.gouv.fr', '84', 'vaucluse'],
    ['www.haute-corse.gouv.fr', '2B', 'haute-corse'],
    ['www.reunion.gouv.fr', '974', 'reunion'],
    ['pprdv.interieur.gouv.fr', '75', 'pprdv'],
    ['rdv.anct.gouv.fr', null, 'rdv-anct'],
    ['www.rdv-prefecture.interieur.gouv.fr', null, 'rdv-prefecture'],
    ['www.interieur.gouv.fr', null, 'interieur'],
    ['essonne.gouv.fr.example', null, 'essonne-gouv-fr-example'],
    ['www.constructor.gouv.fr', null, 'constructor'],
    ['127.0.0.1', null, '127-0-0-1'],
  ] as const) {
    test(`${host} is of ${department ?? 'none'}`, () => {
      assert.equal(departmentOfSite(host), department);
      assert.equal(placeOfSite(host), place);
    });
  }
});

const LIVE = `# Ours.\nmode: live\noperator: {name: Association, contact: veille@association.example}\n`;
const CHOSEN = `${LIVE}targets:\n  select:\n    - id: 94-creteil-naturalisation-4963\n`;
const DESK = 'https://www.essonne.gouv.fr/booking/create/99999';

describe('guetteur targets add', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => folder.remove());
  beforeEach(async () => {
    await rm(folder.path, { recursive: true });
    await mkdir(folder.path);
  });

  const file = (name = 'guetteur.yaml'): string => join(folder.path, name);
  const add = (...args: readonly string[]): Promise<CliAnswer> => runCli(['targets', 'add', ...args], folder.path);

  test('writes what it found out from the address, and the configuration is good', async () => {
    await writeFile(file(), CHOSEN);
    const answer = await add(DESK, '--label', 'renouvellement', '--procedure', 'renewal');
    assert.equal(answer.code, 0, answer.err);
    assert.match(answer.out, /^- id: 91-essonne-99999\n {2}platform: ez-booking\n/);
    assert.match(answer.err, /--prefecture[\s\S]*added to guetteur\.yaml/);
    const text = await readFile(file(), 'utf8');
    assert.ok(text.startsWith(CHOSEN), text);
    assert.deepEqual(inlineOf(text), [{ ...ENTRY, label: 'renouvellement' }]);
    assert.equal((await runCli(['config', 'check'], folder.path)).code, 0);
    const listed = await runCli(['targets', '--department', '91', '--json'], folder.path);
    assert.match(listed.out, /"id":"91-essonne-99999"[^}]*"status":"configured"/);
    assert.deepEqual(await readdir(folder.path), ['guetteur.yaml']);
  });

  test('writes everything it is told, also over what the address says', async () => {
    await writeFile(file('other.yaml'), LIVE);
    const told = [
      '--id',
      'my-desk',
      '--department',
      '92',
      '--prefecture',
      "Préfecture d'ici",
      '--label',
      'le : guichet',
    ];
    const more = ['--procedure', 'aes', '--control', '--params', '{"planning":["1"]}', '--json', '-c', 'other.yaml'];
    const answer = await add(DESK, ...told, ...more);
    assert.equal(answer.code, 0, answer.err);
    const target = {
      id: 'my-desk',
      platform: 'ez-booking',
      address: DESK,
      department: '92',
      prefecture: "Préfecture d'ici",
      procedure: 'aes',
      label: 'le : guichet',
      control: true,
      params: { planning: ['1'] },
    };
    assert.deepEqual(JSON.parse(answer.out), { ok: true, written: true, path: 'other.yaml', target, notes: [] });
    assert.deepEqual(inlineOf(await readFile(file('other.yaml'), 'utf8')), [target]);
  });

  test('takes another counter of a page, under an id of its own', async () => {
    await writeFile(file(), LIVE);
    assert.equal((await add(DESK)).code, 0);
    const answer = await add(DESK, '--params', '{"planning":["2"]}');
    assert.equal(answer.code, 0, answer.err);
    assert.match(answer.out, /^- id: 91-essonne-99999-[0-9a-f]{8}\n/);
    const known = await add('https://www.val-de-marne.gouv.fr/booking/create/4963', '--params', '{"planning":["2"]}');
    assert.match(known.err, /the catalogue has this page as "94-creteil-naturalisation-4963"/);
  });

  test('in practice mode takes a loopback page, and leaves the department open', async () => {
    await writeFile(file(), 'mode: practice\n');
    const answer = await add('http://127.0.0.1:4711/booking/create/12');
    assert.equal(answer.code, 0, answer.err);
    assert.match(answer.out, /^- id: xx-127-0-0-1-12\n/);
    assert.match(answer.err, /the department is not known from this address/);
  });

  test('names a page without a number by a short hash, the same every time', async () => {
    await writeFile(file(), LIVE);
    const args = [
      'https://www.ain.gouv.fr/page',
      '--platform',
      'page',
      '--params',
      '{"expect":["rendez-vous"]}',
      '--dry-run',
    ] as const;
    const [one, two] = await Promise.all([add(...args), add(...args)]);
    assert.match(one?.out ?? '', /^- id: 01-ain-[0-9a-f]{8}\n/, one?.err);
    assert.equal(one?.out, two?.out);
  });

  test('with --dry-run checks and shows everything, and writes nothing', async () => {
    await writeFile(file(), LIVE);
    const answer = await add(DESK, '--dry-run');
    assert.equal(answer.code, 0);
    assert.match(answer.out, /^- id: 91-essonne-99999\n/);
    assert.match(answer.err, /nothing was written to guetteur\.yaml/);
    assert.equal(await readFile(file(), 'utf8'), LIVE);
    assert.match((await add(DESK, '--dry-run', '--json')).out, /"written":false/);
    assert.equal((await add(`${DESK}/5/1`, '--dry-run')).code, 2);
  });

  test('keeps the rights of the file, and the link that leads to it', async () => {
    await mkdir(file('real'));
    await writeFile(file('real/here.yaml'), LIVE);
    await chmod(file('real/here.yaml'), 0o640);
    await symlink('real/here.yaml', file());
    assert.equal((await add(DESK)).code, 0);
    assert.equal((await stat(file('real/here.yaml'))).mode & 0o777, 0o640);
    assert.ok((await lstat(file())).isSymbolicLink());
    assert.equal(inlineOf(await readFile(file(), 'utf8')).length, 1);
    assert.deepEqual(await readdir(file('real')), ['here.yaml']);
  });

  test('without a file says how to write one', async () => {
    const answer = await add(DESK);
    assert.deepEqual([answer.code, answer.out], [2, '']);
    assert.match(answer.err, /^CONFIG_MISSING: there is no guetteur\.yaml[\s\S]*`guetteur init`/);
    assert.match((await add(DESK, '-c', 'mine.yaml')).err, /no mine\.yaml[\s\S]*`guetteur init mine\.yaml`/);
    assert.deepEqual(await readdir(folder.path), []);
  });

  const PRACTICE = 'mode: practice\n';
  const PAGE = 'https://www.essonne.gouv.fr/page';
  const NATURALISATION = 'http://www.val-de-marne.gouv.fr/index.php/booking/create/4963/';
  for (const [name, text, address, wishes, said] of [
    ['a public page in practice mode', PRACTICE, DESK, {}, /^TARGET_REFUSED: practice mode visits loopback addresses/],
    ['a loopback page in live mode', LIVE, 'http://localhost/booking/create/1', {}, /live mode refuses the loopback/],
    ['a path that holds a slot', LIVE, `${DESK}/5/17`, {}, /^TARGET_REFUSED: this address holds, books or identifies/],
    ['a host of no platform', LIVE, 'https://www.example.org/booking/create/1', {}, /is not a host of ez-booking/],
    ['a page that nobody recognises', LIVE, PAGE, {}, /^USAGE: no platform recognises [\s\S]*--platform: anef, /],
    ['a platform of nobody', LIVE, DESK, { platform: 'x' }, /^TARGET_UNKNOWN: no probe is named "x"/],
    ['no address', LIVE, 'essonne', {}, /^USAGE: essonne is not the address of a page/],
    ['another kind of address', LIVE, 'file:///etc/hostname', {}, /is not the address of a page/],
    ['parameters that are not JSON', LIVE, DESK, { params: '[1' }, /^USAGE: --params is not a JSON object/],
    ['parameters that are no object', LIVE, DESK, { params: '[1]' }, /^USAGE: --params is not a JSON object/],
    ['parameters of nobody', LIVE, DESK, { params: '{"planing":["1"]}' }, /^USAGE: params\.planing: no such key/],
    ['an id of the wrong form', LIVE, DESK, { id: 'My Desk' }, /--id: write the id in lower-case/],
    ['an id of the catalogue', LIVE, DESK, { id: 'anef-home' }, /"anef-home" is the id of another target/],
    ['a procedure of nobody', LIVE, DESK, { procedure: 'renewing' }, /^USAGE: --procedure: Invalid option/],
    ['a department of nobody', LIVE, DESK, { department: '96' }, /^USAGE: --department: write the department/],
    ['a page of the catalogue', LIVE, NATURALISATION, {}, /as "94-creteil-n[\s\S]*select:\n {4}- id: 94-creteil-nat/],
    ['a page that is chosen', CHOSEN, NATURALISATION, {}, /watched already, as "94-creteil-naturalisation-4963"/],
    ['a file with a mistake', `${LIVE}vantage: A B\n`, DESK, {}, /^CONFIG_INVALID: guetteur\.yaml:4:10 vantage: write/],
    ['live without an operator', 'mode: live\n', DESK, {}, /^CONFIG_INVALID: guetteur\.yaml:1:1 operator: live mode/],
    ['a file that is not YAML', 'targets: [\n', DESK, {}, /^CONFIG_INVALID: guetteur\.yaml:/],
  ] as const) {
    test(`${name} is refused, and the file stays as it was`, async () => {
      await writeFile(file(), text);
      const options = { configFile: file(), probes: await loadProbes(), dryRun: false };
      await assert.rejects(addTarget(address, wishes, options), (error) => {
        assert.ok(error instanceof AppError, String(error));
        assert.match(`${error.code}: ${error.message}\n${error.hint}`.replaceAll(`${folder.path}/`, ''), said);
        assert.equal(error.exitCode, 2);
        return true;
      });
      assert.equal(await readFile(file(), 'utf8'), text);
      assert.deepEqual(await readdir(folder.path), ['guetteur.yaml']);
    });
  }

  test('a page that the file has already is named, not written again', async () => {
    await writeFile(file(), LIVE);
    assert.equal((await add(DESK, '--id', 'mine')).code, 0);
    const text = await readFile(file(), 'utf8');
    const answer = await add(`${DESK}/`, '--label', 'other words');
    assert.equal(answer.code, 2);
    assert.match(answer.err, /guetteur\.yaml has this address already, as "mine"/);
    assert.equal(await readFile(file(), 'utf8'), text);
  });

  test('a page that two platforms recognise needs a word', async () => {
    const probes = new Map(await loadProbes());
    const twin = probes.get('ez-booking');
    assert.ok(twin !== undefined);
    probes.set('twin', { ...twin, name: 'twin' });
    await writeFile(file(), LIVE);
    const options = { configFile: file(), probes, dryRun: true };
    await assert.rejects(addTarget(DESK, {}, options), /ez-booking and twin recognise https:/);
    assert.equal((await addTarget(DESK, { platform: 'ez-booking' }, options)).entry.platform, 'ez-booking');
    // One that may not stand on that host is no choice.
    probes.set('twin', { ...twin, name: 'twin', hosts: [/^elsewhere\.example$/] });
    assert.equal((await addTarget(DESK, {}, options)).entry.platform, 'ez-booking');
  });

  test('refuses a word that is no command', async () => {
    assert.equal((await runCli(['targets', 'ad', DESK], folder.path)).code, 2);
  });
});

describe('guetteur targets', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => folder.remove());

  const row = z.looseObject({ id: z.string(), department: z.string().nullable(), control: z.boolean() });
  const rowsOf = ({ out, err }: CliAnswer) => {
    assert.equal(err, '');
    return z.array(row).parse(JSON.parse(out));
  };

  test('of a department lists that department and no national service, and says what it leaves out', async () => {
    const answer = await runCli(['targets', '--department', '93'], folder.path);
    assert.equal(answer.code, 0);
    assert.match(answer.out, /^ID +DEP +PLATFORM +PROCEDURE +STATUS +CONTROL +LABEL\n/);
    assert.match(answer.out, /\n93-bobigny-remise-titre-16105 +93 +ez-booking +collection +live +- +Préfecture/);
    assert.match(answer.err, /^\d+ more are stale, retired or unverified: see them with --all\n$/);
    const all = rowsOf(await runCli(['targets', '--department', '93', '--all', '--json'], folder.path));
    assert.ok(all.length >= 10);
    for (const { id, department } of all) assert.equal(department, '93', id);
    assert.equal(answer.out.trim().split('\n').length - 1 + Number.parseInt(answer.err, 10), all.length);
  });

  test('says which target is a control, in the table and in JSON', async () => {
    const entry = `{id: here, platform: ez-booking, address: 'http://127.0.0.1:9/booking/create/1', control: true}`;
    await writeFile(join(folder.path, 'guetteur.yaml'), `targets:\n  inline: [${entry}]\n`);
    const { out } = await runCli(['targets', '--platform', 'ez-booking'], folder.path);
    assert.match(out, /\nhere +- +ez-booking +other +configured +yes\n/);
    const rows = rowsOf(await runCli(['targets', '--all', '--json'], folder.path));
    assert.deepEqual(
      rows.filter(({ control, status }) => control && status !== 'practice').map(({ id }) => id),
      ['here'],
    );
  });
});
