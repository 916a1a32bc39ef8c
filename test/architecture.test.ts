import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, test } from 'node:test';

/** Who may import whom. Read by text: what a file imports stands in its import lines. */

const ROOT = join(import.meta.dirname, '..');

/** A place is a folder of src/, a single file there, or `probes`. Its own files are always allowed. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  stats: ['core'],
  read: ['core'],
  config: ['core', 'probe.ts'],
  decide: ['core'],
  schedule: ['core', 'store/contract.ts', 'log.ts'],
  evidence: ['core'],
  store: ['core'],
  run: ['core', 'read', 'probe.ts', 'evidence/blobs.ts', 'store/contract.ts'],
  metrics: ['core', 'store/contract.ts'],
  alerts: ['core', 'store/contract.ts', 'version.ts'],
  assist: ['core', 'store/contract.ts', 'run/assisted.ts', 'run/runner.ts'],
  web: [
    'core',
    'stats',
    'store/contract.ts',
    'evidence/blobs.ts',
    'alerts',
    'assist',
    'run/assisted.ts',
    'read/dates.ts',
  ],
  practice: ['core'],
  probes: ['probe.ts'],
  'probe.ts': ['core', 'read'],
  'check.ts': ['core', 'run/runner.ts', 'schedule/ledger.ts', 'store/contract.ts'],
  'replay.ts': ['core', 'run/runner.ts', 'evidence', 'store/contract.ts', 'probe.ts'],
  'plugins.ts': ['core', 'load-folder.ts', 'probe.ts', 'alerts/channel.ts'],
  'load-folder.ts': ['core'],
  'figures-thread.ts': ['core', 'stats'],
  'commands.ts': ['core', 'load-folder.ts', 'read'],
  'check-answer.ts': ['core', 'commands.ts'],
  'log.ts': ['core'],
  'service-manager.ts': [],
  'watchdog.ts': [],
  'watchdog-worker.ts': ['watchdog.ts'],
  'version.ts': [],
};

/** Composition: these build or start everything. */
const FREE = new Set([
  'main.ts',
  'compose.ts',
  'compose-alerts.ts',
  'compose-assist.ts',
  'compose-open-data.ts',
  'compose-site.ts',
  'compose-web.ts',
  'compose-ticks.ts',
  'desk.ts',
  'figures-worker.ts',
  'cli',
]);

/** One heavy package, one owner. */
const OWNERS: Readonly<Record<string, RegExp>> = {
  playwright: /^src\/run\/browser\//,
  'better-sqlite3': /^src\/store\//,
  kysely: /^src\/store\//,
  'prom-client': /^src\/metrics\//,
  hono: /^src\/(?:web\/|practice\/|compose-open-data\.ts$)/,
  '@hono/node-server': /^src\/(?:web|practice)\//,
  htmlparser2: /^src\/read\//,
  'css-select': /^src\/read\//,
  undici: /^src\/run\//,
  'csv-stringify': /^src\/web\/open-data\//,
  'hyparquet-writer': /^src\/web\/open-data\//,
  yaml: /^src\/config\//,
  commander: /^src\/(?:main\.ts|commands\.ts|cli\/)/,
  nodemailer: /^src\/alerts\/channels\/email\.ts$/,
  ws: /^src\/web\//,
  'web-push': /^src\/alerts\/channels\/web-push\.ts$/,
  'robots-parser': /^src\/run\/robots\.ts$/,
};

interface Source {
  readonly path: string;
  readonly place: string;
  readonly text: string;
  readonly imports: readonly string[];
}

async function sources(): Promise<Source[]> {
  const files = [...(await tsFiles('src')), ...(await tsFiles('probes'))];
  return await Promise.all(
    files.map(async (path) => {
      const text = await readFile(join(ROOT, path), 'utf8');
      const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((found) => found[1] ?? '');
      return { path, place: placeOf(path), text, imports };
    }),
  );
}

async function tsFiles(folder: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

/** `src/run/visit.ts` stands in `run`, `src/check.ts` in `check.ts`, `probes/anef.ts` in `probes`. */
function placeOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === 'src' ? second : first;
}

function breaches({ path, place, imports }: Source): string[] {
  if (FREE.has(place)) return [];
  const allowed = MAY_IMPORT[place];
  if (allowed === undefined) return [`${path}: the place "${place}" is not in the table`];
  return imports.flatMap((name) => {
    if (!name.startsWith('.')) return [];
    const target = normalize(join(dirname(path), name));
    const within = placeOf(target);
    const inSource = target.replace(/^src\//, '');
    const isAllowed = within === place || allowed.includes(within) || allowed.includes(inSource);
    return isAllowed ? [] : [`${path} imports ${target}`];
  });
}

describe('architecture', async () => {
  const all = await sources();

  test('every place of the table was seen, so that the table cannot pass by seeing nothing', () => {
    const seen = new Set(all.map((source) => source.place));
    assert.deepEqual(
      [...Object.keys(MAY_IMPORT), ...FREE].filter((place) => !seen.has(place)),
      [],
    );
    assert.ok(all.length > 60, `${all.length} files`);
    assert.ok(all.flatMap((source) => source.imports).length > 200);
  });

  test('imports point inward, and to contracts', () => {
    assert.deepEqual(all.flatMap(breaches), []);
  });

  test('the check finds a breach', () => {
    const bad: Source = {
      path: 'src/core/time.ts',
      place: 'core',
      text: '',
      imports: ['../run/runner.ts', './target.ts'],
    };
    assert.deepEqual(breaches(bad), ['src/core/time.ts imports src/run/runner.ts']);
  });

  test('each heavy package has one owner, and its owner uses it', () => {
    const wrong: string[] = [];
    for (const [name, owner] of Object.entries(OWNERS)) {
      const users = all.filter(({ imports }) =>
        imports.some((found) => found === name || found.startsWith(`${name}/`)),
      );
      assert.ok(users.length > 0, `nobody imports ${name}`);
      wrong.push(...users.filter(({ path }) => !owner.test(path)).map(({ path }) => `${path} imports ${name}`));
    }
    assert.deepEqual(wrong, []);
  });

  test('core uses no package but zod', () => {
    const packages = all
      .filter(({ place }) => place === 'core')
      .flatMap(({ imports }) => imports.filter((name) => !name.startsWith('.')));
    assert.deepEqual([...new Set(packages)].toSorted(), ['node:crypto', 'node:net', 'zod']);
  });

  test('the environment is read in config only, signals and exit belong to main and cli', () => {
    const outside = (pattern: RegExp, owner: RegExp): string[] =>
      all.filter(({ path, text }) => pattern.test(text) && !owner.test(path)).map(({ path }) => path);
    assert.deepEqual(outside(/process\.env/, /^src\/config\/environment\.ts$/), []);
    assert.deepEqual(outside(/process\.(?:on\(|exit\b|exitCode)/, /^src\/(?:main\.ts|cli\/)/), []);
  });
});
