/**
 * The launcher as it is run: a small repository made for each test, real processes, and an `npm` of our own first on
 * PATH that notes its calls, so that no test needs a network.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { describe, test, type TestContext } from 'node:test';

const REPOSITORY = path.resolve(import.meta.dirname, '..');
const OPTIONS = { timeout: 20_000 };

/** Answers on standard output like npm does, so that a launcher that lets it through is found out. */
const FAKE_NPM = `#!${process.execPath}
const fs = require('node:fs');
const path = require('node:path');
const home = process.env.FAKE_HOME;
const args = process.argv.slice(2);
fs.appendFileSync(path.join(home, 'calls'), JSON.stringify({ args, cwd: process.cwd(), path: process.env.PATH }) + '\\n');
console.log('noise of npm');
function install() {
  if (fs.existsSync(path.join(home, 'npm-fails'))) process.exit(1);
  if (args[0] === 'ci') return fs.mkdirSync('node_modules', { recursive: true });
  const name = args.at(-1).replace(/@[^@]*$/, '');
  const bin = path.join(args[args.indexOf('--prefix') + 1], 'node_modules', name, 'bin');
  fs.mkdirSync(bin, { recursive: true });
  fs.writeFileSync(path.join(bin, 'node'), '#!/bin/sh\\nSTARTED_BY=toolchain exec ${process.execPath} "$@"\\n', { mode: 0o755 });
}
// A test that wants npm to be slow creates "hold"; it goes on when the file is gone.
const wait = setInterval(() => {
  if (fs.existsSync(path.join(home, 'hold'))) return;
  clearInterval(wait);
  install();
}, 10);
`;

const MAIN = `
const argv: string[] = process.argv.slice(2);
const { GUETTEUR_BROWSER: browser, STARTED_BY: startedBy } = process.env;
console.log(JSON.stringify({ argv, browser, startedBy, cwd: process.cwd() }));
process.exitCode = argv.includes('--fail') ? 7 : 0;
`;

/** Lives until it is told to stop, and says by what. */
const LONG_LIVED = `
import fs from 'node:fs';
const say = (word: string): void => fs.writeFileSync(process.argv[2] as string, word);
process.on('SIGTERM', () => { say('SIGTERM'); process.exit(9); });
process.on('disconnect', () => { say('disconnect'); process.exit(0); });
setInterval(() => undefined, 1000);
console.log('ready');
`;

/** Makes the running Node look old to the launcher, which the child, started without it, does not see. */
const OLD_NODE = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.0' } });`;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Call {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly path: string;
}

interface Launch {
  readonly env?: Readonly<Record<string, string>>;
  readonly isOldNode?: boolean;
}

class Fixture {
  readonly root: string;
  readonly #groups: number[] = [];

  constructor(t: TestContext) {
    this.root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'guetteur-launcher-')));
    t.after(() => {
      // A test that failed half-way must not leave processes behind: the runner would wait for them.
      for (const pid of this.#groups) stopGroup(pid);
      fs.rmSync(this.root, { recursive: true, force: true });
    });
    fs.cpSync(path.join(REPOSITORY, 'bin'), this.file('bin'), { recursive: true });
    this.write('package.json', '{"name":"tiny","version":"1.0.0","type":"module"}');
    this.write('package-lock.json', '{"name":"tiny","version":"1.0.0","lockfileVersion":3,"packages":{}}');
    this.write('src/main.ts', MAIN);
    this.write('src/long-lived.ts', LONG_LIVED);
    this.write('old-node.mjs', OLD_NODE);
    this.write('path/package.json', '{"type":"commonjs"}');
    this.write('path/npm', FAKE_NPM, 0o755);
  }

  file(...names: string[]): string {
    return path.join(this.root, ...names);
  }

  write(name: string, content: string, mode = 0o644): void {
    fs.mkdirSync(path.dirname(this.file(name)), { recursive: true });
    fs.writeFileSync(this.file(name), content, { mode });
  }

  launch(args: readonly string[], { env = {}, isOldNode = false }: Launch = {}): ChildProcess {
    const flags = isOldNode ? ['--import', this.file('old-node.mjs')] : [];
    const child = spawn(process.execPath, [...flags, this.file('bin/guetteur.mjs'), ...args], {
      cwd: os.tmpdir(),
      detached: true,
      env: { PATH: `${this.file('path')}:/usr/bin:/bin`, HOME: this.root, FAKE_HOME: this.root, ...env },
    });
    if (child.pid !== undefined) this.#groups.push(child.pid);
    return child;
  }

  run(args: readonly string[], options?: Launch): Promise<Ended> {
    return ended(this.launch(args, options));
  }

  calls(): Call[] {
    if (!fs.existsSync(this.file('calls'))) return [];
    const lines = fs.readFileSync(this.file('calls'), 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as Call);
  }

  /** The folder of the installed Node, whatever this machine's is called. */
  toolchain(): string {
    const [name] = fs.readdirSync(this.file('.toolchain')).filter((entry) => entry.startsWith('node-'));
    assert.ok(name, 'a Node was installed');
    return this.file('.toolchain', name);
  }
}

async function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, signal: child.signalCode, stdout, stderr };
}

/** Resolves when the words were said, so that a test goes on exactly then. */
function heard(stream: Readable | null, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(words)) resolve();
    });
    stream?.once('close', () => reject(new Error(`never said "${words}", but: ${text}`)));
  });
}

function answer({ stdout }: Ended): Record<string, unknown> {
  return JSON.parse(stdout) as Record<string, unknown>;
}

function stopGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended, as it should.
  }
}

function deadPid(): number {
  return spawnSync('/bin/true').pid;
}

describe('the launcher starts the command', () => {
  test('with its arguments, in the folder of the caller, and ends with its exit code', OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    const end = await fixture.run(['targets', '--json', '--fail']);
    assert.equal(end.code, 7);
    assert.deepEqual(answer(end), { argv: ['targets', '--json', '--fail'], cwd: fs.realpathSync(os.tmpdir()) });
  });

  test('and keeps what npm prints off standard output', OPTIONS, async (t) => {
    const end = await new Fixture(t).run(['targets']);
    assert.match(end.stderr, /noise of npm/);
    assert.deepEqual(answer(end)['argv'], ['targets'], 'all of standard output is one JSON object');
  });

  test('or a script named from the root of the repository', OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    fixture.write('bench/one.ts', 'const word: string = "bench"; console.log(word, process.argv[2]);');
    const end = await fixture.run(['--script', 'bench/one.ts', 'fast'], { env: { GUETTEUR_BROWSER: '/bin/true' } });
    assert.equal(end.stdout, 'bench fast\n');
  });

  test('and passes SIGTERM on', OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    const env = { GUETTEUR_BROWSER: '/bin/true' };
    const launcher = fixture.launch(['--script', 'src/long-lived.ts', fixture.file('said')], { env });
    await heard(launcher.stdout, 'ready');
    launcher.kill('SIGTERM');
    assert.equal((await ended(launcher)).code, 9);
    assert.equal(fs.readFileSync(fixture.file('said'), 'utf8'), 'SIGTERM');
  });

  test('and dies of the signal the command died of', OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    fixture.write('src/main.ts', `process.kill(process.pid, 'SIGTERM'); setInterval(() => undefined, 1000);`);
    assert.equal((await fixture.run(['targets'])).signal, 'SIGTERM');
  });

  test('which notices when the launcher is killed', OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    const env = { GUETTEUR_BROWSER: '/bin/true' };
    const launcher = fixture.launch(['--script', 'src/long-lived.ts', fixture.file('said')], { env });
    await heard(launcher.stdout, 'ready');
    launcher.kill('SIGKILL');
    await ended(launcher); // The outputs close when the last process that holds them is gone: the command's own.
    assert.equal(fs.readFileSync(fixture.file('said'), 'utf8'), 'disconnect');
  });
});

describe('packages are installed', () => {
  test('once, from the root, with errors shown and nothing asked of npm the second time', OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    await fixture.run(['targets']);
    const second = await fixture.run(['targets']);
    const [call, ...more] = fixture.calls();
    assert.deepEqual(call?.args, ['ci', '--loglevel=error', '--no-audit', '--no-fund']);
    assert.equal(call?.cwd, fixture.root);
    assert.deepEqual(more, []);
    assert.equal(second.stderr, '');
  });

  test('again when the lock file changed, or the stamp is broken or gone', OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    await fixture.run(['targets']);
    const stamp = fixture.file('node_modules/.guetteur-ready');
    const damages = [
      () => fs.appendFileSync(fixture.file('package-lock.json'), '\n'),
      () => fs.truncateSync(stamp, 20),
      () => fs.rmSync(stamp),
    ];
    for (const [index, damage] of damages.entries()) {
      damage();
      assert.equal((await fixture.run(['targets'])).code, 0);
      assert.equal(fixture.calls().length, index + 2);
    }
  });

  test('without development packages in production; a complete installation serves it too', OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    const production = { env: { NODE_ENV: 'production' } };
    await fixture.run(['targets'], production);
    await fixture.run(['targets']);
    await fixture.run(['targets'], production);
    const omitted = fixture.calls().map(({ args }) => args.includes('--omit=dev'));
    assert.deepEqual(omitted, [true, false]);
  });

  test('or nothing is started, and the next run tries again', OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    fixture.write('npm-fails', '');
    const failed = await fixture.run(['targets']);
    assert.equal(failed.code, 1);
    assert.equal(failed.stdout, '');
    assert.match(failed.stderr, /guetteur: `npm ci` failed/);
    fs.rmSync(fixture.file('npm-fails'));
    assert.equal((await fixture.run(['targets'])).code, 0);
  });

  test('and a missing lock file is named', OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    fs.rmSync(fixture.file('package-lock.json'));
    const end = await fixture.run(['targets']);
    assert.equal(end.code, 1);
    assert.match(end.stderr, /^guetteur: package-lock\.json is missing/);
    assert.deepEqual(fixture.calls(), []);
  });
});

describe('under an old Node', () => {
  const old = { isOldNode: true };

  test('a newer one is fetched once, and both npm and the command meet it', OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    const end = await fixture.run(['targets'], old);
    assert.equal(answer(end)['startedBy'], 'toolchain');
    await fixture.run(['targets'], old);
    const [install, ci, ...more] = fixture.calls();
    assert.match(install?.args.at(-1) ?? '', /^node-.+@24$/);
    assert.ok(ci?.path.startsWith(path.join(fixture.toolchain(), 'node_modules')), 'first on PATH for npm ci');
    assert.deepEqual(more, []);
  });

  test('what a killed installation left is thrown away and made again', OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    await fixture.run(['targets'], old);
    const folder = fixture.toolchain();
    fs.rmSync(path.join(folder, '.ready'));
    fs.writeFileSync(path.join(folder, 'half'), '');
    fixture.write('.toolchain/draft-1/half', '');
    assert.equal((await fixture.run(['targets'], old)).code, 0);
    assert.ok(!fs.existsSync(path.join(folder, 'half')), 'the folder is new');
    assert.ok(!fs.existsSync(fixture.file('.toolchain/draft-1')), 'no draft is left');
    assert.equal(fixture.calls().filter(({ args }) => args[0] === 'install').length, 2);
  });

  test('a binary cut short is made again', OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    await fixture.run(['targets'], old);
    const modules = path.join(fixture.toolchain(), 'node_modules');
    const [name] = fs.readdirSync(modules);
    fs.truncateSync(path.join(modules, name ?? '', 'bin/node'), 12);
    assert.equal((await fixture.run(['targets'], old)).code, 0);
  });

  test('nothing is started when npm cannot fetch one', OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    fixture.write('npm-fails', '');
    const end = await fixture.run(['targets'], old);
    assert.equal(end.code, 1);
    assert.match(end.stderr, /could not fetch .*install Node 24/);
  });
});

describe('the browser', () => {
  test('that GUETTEUR_BROWSER names but cannot be run is one clear error', OPTIONS, async (t) => {
    const end = await new Fixture(t).run(['check'], { env: { GUETTEUR_BROWSER: '/no/such/browser' } });
    assert.equal(end.code, 2);
    assert.equal(end.stdout, '');
    assert.match(end.stderr, /guetteur: GUETTEUR_BROWSER is \/no\/such\/browser, and that is not a program/);
  });

  test("is Playwright's own before the system's, and only when completely unpacked", OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    fixture.write('path/chromium-headless-shell', '#!/bin/sh\n', 0o755);
    const shell = 'browsers/chromium_headless_shell-9/chrome-headless-shell-linux64/chrome-headless-shell';
    fixture.write(shell, '', 0o755);
    const options = { env: { PLAYWRIGHT_BROWSERS_PATH: fixture.file('browsers') } };
    const unfinished = await fixture.run(['check'], options);
    assert.equal(answer(unfinished)['browser'], fixture.file('path/chromium-headless-shell'));
    fixture.write('browsers/chromium_headless_shell-9/INSTALLATION_COMPLETE', '');
    const finished = await fixture.run(['check'], options);
    assert.equal(answer(finished)['browser'], fixture.file(shell));
  });

  test('of the revision that Playwright was made for comes before a newer one', OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    const shells = ['9', '10', '11'].map((revision) => {
      fixture.write(`browsers/chromium_headless_shell-${revision}/INSTALLATION_COMPLETE`, '');
      const shell = `browsers/chromium_headless_shell-${revision}/chrome-linux/headless_shell`;
      fixture.write(shell, '', 0o755);
      return fixture.file(shell);
    });
    const options = { env: { PLAYWRIGHT_BROWSERS_PATH: fixture.file('browsers') } };
    assert.equal(answer(await fixture.run(['doctor'], options))['browser'], shells[2]);
    const list = { browsers: [{ name: 'chromium-headless-shell', revision: '10' }] };
    fixture.write('node_modules/playwright-core/browsers.json', JSON.stringify(list));
    assert.equal(answer(await fixture.run(['doctor'], options))['browser'], shells[1]);
  });

  for (const args of [
    ['--config', 'live.yaml', 'start'],
    ['--config=live.yaml', 'start'],
    ['-c', 'live.yaml', 'doctor'],
    ['-clive.yaml', 'check', 'a-target'],
    ['start', '--config', 'live.yaml'],
    ['doctor', '-c', 'live.yaml', '--json'],
    ['--json', 'doctor'],
    ['-c', 'targets', 'read', 'page.html'],
    ['--', 'start'],
  ]) {
    test(`is found for: guetteur ${args.join(' ')}`, OPTIONS, async (t) => {
      const fixture = new Fixture(t);
      fixture.write('path/chromium-headless-shell', '#!/bin/sh\n', 0o755);
      const said = answer(await fixture.run(args));
      assert.deepEqual([said['argv'], said['browser']], [args, fixture.file('path/chromium-headless-shell')]);
    });
  }

  test('is not looked for by commands that visit nothing', OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    fixture.write('path/chromium-headless-shell', '#!/bin/sh\n', 0o755);
    for (const args of [[], ['targets'], ['-c', 'start', 'replay'], ['start', '--help'], ['--version']]) {
      assert.equal(answer(await fixture.run(args))['browser'], undefined, args.join(' '));
    }
  });
});

describe('two launchers at once', () => {
  test('install once: the second waits for the first, and says so', OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    fixture.write('hold', '');
    const first = fixture.launch(['first']);
    await heard(first.stderr, 'noise of npm');
    const second = fixture.launch(['second']);
    await heard(second.stderr, `another guetteur (process ${first.pid}) is installing`);
    fs.rmSync(fixture.file('hold'));
    const ends = await Promise.all([ended(first), ended(second)]);
    assert.deepEqual(
      ends.map(({ code }) => code),
      [0, 0],
    );
    assert.equal(fixture.calls().length, 1);
  });

  test('an npm that outlived its killed launcher is waited for', OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    fixture.write('hold', '');
    const first = fixture.launch(['first']);
    await heard(first.stderr, 'noise of npm');
    first.kill('SIGKILL');
    await once(first, 'exit');
    const second = fixture.launch(['second']);
    await heard(second.stderr, 'is installing; waiting');
    assert.equal(fixture.calls().length, 1, 'no second npm over the running one');
    fs.rmSync(fixture.file('hold'));
    assert.equal((await ended(second)).code, 0);
    assert.equal(fixture.calls().length, 2, 'nobody wrote a stamp for the first');
  });

  test('the waiting one can be stopped', OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    fixture.write('hold', '');
    const first = fixture.launch(['first']);
    await heard(first.stderr, 'noise of npm');
    const second = fixture.launch(['second']);
    await heard(second.stderr, 'waiting');
    second.kill('SIGINT');
    assert.equal((await ended(second)).code, 130);
    fs.rmSync(fixture.file('hold'));
    assert.equal((await ended(first)).code, 0);
  });

  test('the lock of a dead process is taken over', OPTIONS, async (t) => {
    const fixture = new Fixture(t);
    fixture.write(`.toolchain/lock/${deadPid()}`, '12345');
    const end = await fixture.run(['targets']);
    assert.equal(end.code, 0);
    assert.doesNotMatch(end.stderr, /waiting/);
    assert.deepEqual(fs.readdirSync(fixture.file('.toolchain')), ['compile-cache'], 'no lock is left behind');
  });

  test('so is one whose process number now belongs to another program', OPTIONS, async (t) => {
    if (!fs.existsSync('/proc/self/stat')) return t.skip('no /proc on this system: only the number can be compared');
    const fixture = new Fixture(t);
    fixture.write(`.toolchain/lock/${process.pid}`, '1');
    assert.equal((await fixture.run(['targets'])).code, 0);
  });
});
