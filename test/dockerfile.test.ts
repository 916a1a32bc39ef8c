/** The Dockerfile held against its rules without a Docker: names that must exist, and what an image must never be. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

const ROOT = path.resolve(import.meta.dirname, '..');

interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** What a Dockerfile is held against; a question that cannot be answered here is `null` and is not asked. */
interface Surroundings {
  readonly hasAptPackage: ((name: string) => boolean) | null;
  readonly hasNpmPackage: (name: string) => boolean;
  readonly hasPath: (name: string) => boolean;
  readonly dependencies: readonly string[];
}

/** Joins continued lines, drops comments; enough for a file without here-documents. */
function parseDockerfile(source: string): Instruction[] {
  const lines = source.split('\n').filter((line) => !line.trimStart().startsWith('#'));
  const joined = lines.join('\n').replaceAll(/\\\s*\n/g, ' ');
  return joined
    .split('\n')
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', ...rest] = line.split(' ');
      return { name: name.toUpperCase(), text: rest.join(' ') };
    });
}

/** Every rule that the text breaks, one sentence each. */
function findings(source: string, around: Surroundings): string[] {
  const instructions = parseDockerfile(source);
  return [
    ...baseFindings(instructions),
    ...aptFindings(instructions, around),
    ...npmFindings(instructions, around),
    ...copyFindings(instructions, around),
    ...userFindings(instructions),
    ...secretFindings(instructions),
    ...serviceFindings(instructions),
  ];
}

function baseFindings(instructions: readonly Instruction[]): string[] {
  const defaults = new Map(
    texts(instructions, 'ARG').map((text): [string, string] => [
      `\${${text.split('=')[0]}}`,
      text.replace(/^[^=]*=?/, ''),
    ]),
  );
  const images = texts(instructions, 'FROM')
    .map((text) => text.split(' ')[0] ?? '')
    .map((image) => defaults.get(image) ?? image);
  if (images.length === 0) return ['no FROM'];
  const isMoving = (image: string): boolean => !/[:@]/.test(image.split('/').at(-1) ?? '') || image.endsWith(':latest');
  return images.filter(isMoving).map((image) => `the tag of ${image} moves`);
}

function aptFindings(instructions: readonly Instruction[], { hasAptPackage }: Surroundings): string[] {
  const layers = texts(instructions, 'RUN').filter((text) => /\bapt(-get)? install\b/.test(text));
  return layers.flatMap((layer) => [
    ...(/\bapt-get update\b/.test(layer) ? [] : ['apt-get install without update in the same layer']),
    ...(layer.includes('--no-install-recommends') ? [] : ['apt-get install with recommended packages']),
    ...(/rm -rf \/var\/lib\/apt\/lists/.test(layer) ? [] : ['apt lists stay in the layer']),
    ...installed(layer, /\bapt(?:-get)? install\b/)
      .filter((name) => hasAptPackage?.(name) === false)
      .map((name) => `no Debian package ${name}`),
  ]);
}

function npmFindings(instructions: readonly Instruction[], around: Surroundings): string[] {
  const runs = texts(instructions, 'RUN');
  const copyAt = instructions.findIndex(({ name, text }) => name === 'COPY' && text.includes('package-lock.json'));
  const ciAt = instructions.findIndex(({ name, text }) => name === 'RUN' && /\bnpm ci\b/.test(text));
  const sourcesAt = instructions.findIndex(({ name, text }) => name === 'COPY' && hasSources(text));
  const isCached = copyAt >= 0 && copyAt < ciAt && (sourcesAt < 0 || ciAt < sourcesAt);
  return [
    ...(runs.some((text) => /\bnpm ci\b.*--omit=dev/.test(text))
      ? []
      : ['packages do not come from npm ci --omit=dev']),
    ...(isCached ? [] : ['npm ci is not between the lock file and the sources']),
    ...around.dependencies
      .concat(runs.flatMap((text) => installed(text, /\bnpm (?:install|i|add)\b/)))
      .filter((name) => !around.hasNpmPackage(name))
      .map((name) => `${name} is not in package-lock.json`),
  ];
}

function hasSources(copy: string): boolean {
  return words(copy)
    .slice(0, -1)
    .some((name) => /^(\.\/?|(\.\/)?src\/?)$/.test(name));
}

function copyFindings(instructions: readonly Instruction[], { hasPath }: Surroundings): string[] {
  const added = texts(instructions, 'ADD').filter((text) => /\b(https?|git|ssh):|git@/.test(text));
  const copied = texts(instructions, 'COPY').filter((text) => !text.includes('--from='));
  const sources = copied.flatMap((text) => words(text).slice(0, -1));
  return [
    ...added.map((text) => `ADD fetches ${text}`),
    ...sources.filter((name) => !hasPath(name)).map((name) => `COPY of ${name}, which does not exist`),
  ];
}

function userFindings(instructions: readonly Instruction[]): string[] {
  const lastUser = instructions.findLastIndex(({ name }) => name === 'USER');
  const user = instructions[lastUser]?.text.split(':')[0];
  if (user === undefined || user === 'root' || user === '0') return ['runs as root'];
  const isInstaller = ({ name, text }: Instruction): boolean =>
    name === 'RUN' && /\b(apt(-get)? install|npm (ci|install))\b/.test(text);
  return instructions.findLastIndex(isInstaller) > lastUser ? ['installs after USER'] : [];
}

function secretFindings(instructions: readonly Instruction[]): string[] {
  const names = instructions
    .filter(({ name }) => name === 'ENV' || name === 'ARG')
    .flatMap(({ text }) => (text.includes('=') ? words(text).map((word) => word.split('=')[0] ?? '') : words(text)));
  return names
    .filter((name) => /pass(word|wd|phrase)?|secret|token|credential|(api|private|access)_?key|auth|dsn/i.test(name))
    .map((name) => `${name} looks like a secret`);
}

function serviceFindings(instructions: readonly Instruction[]): string[] {
  const has = (name: string, pattern: RegExp): boolean => texts(instructions, name).some((text) => pattern.test(text));
  return [
    ...(has('ENTRYPOINT', /^\["(\/usr\/bin\/)?tini", "--"/) ? [] : ['no init collects dead processes']),
    ...(has('HEALTHCHECK', /CMD .*8640\/healthz/) ? [] : ['no HEALTHCHECK of /healthz']),
    ...(has('VOLUME', /^\/data$/) ? [] : ['/data is not a VOLUME']),
    ...(has('EXPOSE', /^8640$/) ? [] : ['8640 is not exposed']),
  ];
}

function texts(instructions: readonly Instruction[], name: string): string[] {
  return instructions.filter((instruction) => instruction.name === name).map(({ text }) => text);
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '' && !word.startsWith('--'));
}

/** The package names after each `… install`, without flags and versions. */
function installed(layer: string, command: RegExp): string[] {
  const commands = layer.split(/&&|;|\|\|/).filter((part) => command.test(part));
  const names = commands.flatMap((part) => part.slice(part.search(command)).replace(command, '').trim().split(' '));
  return names.filter((name) => name !== '' && !name.startsWith('-')).map((name) => name.replace(/(.)[=@].*$/, '$1'));
}

const REAL = fs.readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8');

function readJson(name: string): Record<string, Record<string, unknown> | undefined> {
  return JSON.parse(fs.readFileSync(path.join(ROOT, name), 'utf8')) as Record<string, Record<string, unknown>>;
}

/** Null where the names cannot be known: not Debian, or no lists of packages. One call: each takes most of a second. */
function aptLookup(): Surroundings['hasAptPackage'] {
  const isDebian = fs.existsSync('/etc/os-release') && /^ID=debian$/m.test(fs.readFileSync('/etc/os-release', 'utf8'));
  const lists = '/var/lib/apt/lists';
  const hasLists =
    fs.existsSync(lists) && fs.readdirSync(lists).some((name) => name.includes('_main_') && name.includes('_Packages'));
  if (!isDebian || !hasLists) return null;
  const { status, stdout } = spawnSync('apt-cache', ['pkgnames'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) return null;
  const names = new Set(stdout.split('\n'));
  return (name) => names.has(name);
}

const LOCKED = Object.keys(readJson('package-lock.json')['packages'] ?? {});

const AROUND: Surroundings = {
  hasAptPackage: null,
  hasNpmPackage: (name) => LOCKED.includes(`node_modules/${name}`),
  hasPath: (name) => fs.existsSync(path.join(ROOT, name)),
  dependencies: Object.keys(readJson('package.json')['dependencies'] ?? {}),
};

describe('the Dockerfile', () => {
  test('keeps every rule', () => {
    assert.ok(parseDockerfile(REAL).length > 10, 'it was read');
    assert.ok(AROUND.dependencies.length > 0, 'dependencies were read');
    assert.deepEqual(findings(REAL, AROUND), []);
  });

  test('names Debian packages that exist', (t) => {
    const hasAptPackage = aptLookup();
    if (hasAptPackage === null) {
      t.diagnostic('NOT CHECKED: the names of the Debian packages (not Debian, or no lists: apt-get update)');
      return t.skip('the names of Debian packages are not known here');
    }
    const layer = parseDockerfile(REAL).find(({ text }) => text.includes('apt-get install'))?.text ?? '';
    assert.deepEqual(installed(layer, /\bapt-get install\b/), [
      'ca-certificates',
      'chromium-headless-shell',
      'fonts-dejavu-core',
      'fonts-liberation',
      'tini',
    ]);
    assert.deepEqual(findings(REAL, { ...AROUND, hasAptPackage }), []);
    const wrong = REAL.replace(' tini ', ' tini-no-such-package ');
    assert.deepEqual(findings(wrong, { ...AROUND, hasAptPackage }), ['no Debian package tini-no-such-package']);
  });

  const cases: readonly { readonly change: string; readonly to: string; readonly finds: readonly string[] }[] = [
    { change: 'FROM ${NODE_IMAGE}', to: 'FROM node:latest', finds: ['the tag of node:latest moves'] },
    {
      change: 'FROM ${NODE_IMAGE}',
      to: 'FROM example.org:5000/node',
      finds: ['the tag of example.org:5000/node moves'],
    },
    { change: 'FROM ${NODE_IMAGE}', to: '', finds: ['no FROM'] },
    { change: 'NODE_IMAGE=node:24-bookworm-slim', to: 'NODE_IMAGE=node', finds: ['the tag of node moves'] },
    {
      change: 'RUN apt-get update \\\n  && apt-get',
      to: 'RUN apt-get',
      finds: ['apt-get install without update in the same layer'],
    },
    { change: ' --no-install-recommends', to: '', finds: ['apt-get install with recommended packages'] },
    {
      change: ' \\\n  && rm -rf /var/lib/apt/lists/*',
      to: '\nRUN rm -rf /var/lib/apt/lists/*',
      finds: ['apt lists stay in the layer'],
    },
    { change: 'npm ci --omit=dev', to: 'npm ci', finds: ['packages do not come from npm ci --omit=dev'] },
    {
      change: 'RUN npm ci --omit=dev',
      to: 'RUN npm install left-pad@1 && npm ci --omit=dev',
      finds: ['left-pad is not in package-lock.json'],
    },
    {
      change: 'COPY package.json package-lock.json ./',
      to: 'COPY . ./\nCOPY package.json package-lock.json ./',
      finds: ['npm ci is not between the lock file and the sources'],
    },
    { change: 'COPY probes ./probes', to: 'COPY probs ./probes', finds: ['COPY of probs, which does not exist'] },
    {
      change: 'COPY LICENSE guetteur.example.yaml ./',
      to: 'ADD https://example.org/x.tar /x',
      finds: ['ADD fetches https://example.org/x.tar /x'],
    },
    { change: 'USER node', to: '', finds: ['runs as root'] },
    { change: 'USER node', to: 'USER node\nUSER root:root', finds: ['runs as root'] },
    {
      change: 'USER node',
      to: 'USER node\nRUN npm install zod',
      finds: ['installs after USER'],
    },
    {
      change: 'GUETTEUR_DATA=/data',
      to: 'GUETTEUR_SMTP_PASSWORD=x',
      finds: ['GUETTEUR_SMTP_PASSWORD looks like a secret'],
    },
    { change: 'USER node', to: 'ARG NPM_TOKEN\nUSER node', finds: ['NPM_TOKEN looks like a secret'] },
    { change: '["/usr/bin/tini", "--", "node"', to: '["node"', finds: ['no init collects dead processes'] },
    { change: 'HEALTHCHECK', to: 'LABEL', finds: ['no HEALTHCHECK of /healthz'] },
    { change: 'VOLUME /data', to: '', finds: ['/data is not a VOLUME'] },
    { change: 'EXPOSE 8640', to: 'EXPOSE 80', finds: ['8640 is not exposed'] },
  ];
  for (const { change, to, finds } of cases) {
    const title = `${finds.join()}, by ${JSON.stringify(to)} for ${JSON.stringify(change)}`;
    test(title, () => {
      assert.ok(REAL.includes(change), 'the case still applies');
      assert.deepEqual(
        findings(
          REAL.replace(change, () => to),
          AROUND,
        ),
        finds,
      );
    });
  }

  test('is refused when a dependency is missing from the lock file', () => {
    const around = { ...AROUND, hasNpmPackage: (name: string) => name !== 'zod' };
    assert.deepEqual(findings(REAL, around), ['zod is not in package-lock.json']);
  });
});

/** The last matching line decides, as Docker has it; patterns without wildcards but `*` and a leading `**` folder. */
function isKeptOut(ignore: string, name: string): boolean {
  let isOut = false;
  for (const line of ignore.split('\n').map((text) => text.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const pattern = line
      .replace(/^!/, '')
      .replace(/^\*\*\//, '')
      .replace(/\/$/, '');
    if (pattern === '*' || name === pattern || name.startsWith(`${pattern}/`)) isOut = !line.startsWith('!');
  }
  return isOut;
}

describe('the .dockerignore', () => {
  const ignore = fs.readFileSync(path.join(ROOT, '.dockerignore'), 'utf8');
  const secretPlaces = ['node_modules', 'data', '.git', '.toolchain', '.env', 'guetteur.yaml', 'data/guetteur.db'];

  test('keeps installed packages, data, history and secrets out', () => {
    assert.deepEqual(
      secretPlaces.filter((name) => !isKeptOut(ignore, name)),
      [],
    );
  });

  test('lets in what the Dockerfile copies', () => {
    const copied = texts(parseDockerfile(REAL), 'COPY').flatMap((text) => words(text).slice(0, -1));
    assert.ok(copied.includes('src'));
    assert.deepEqual(
      copied.filter((name) => isKeptOut(ignore, name)),
      [],
    );
  });

  test('would be refused without its lines, or with one that lets data in again', () => {
    assert.ok(!isKeptOut('# nothing\n', 'node_modules'));
    assert.ok(!isKeptOut('*\n!data\n', 'data/guetteur.db'));
    assert.ok(isKeptOut('*\n!data\ndata/\n', 'data'));
  });
});
