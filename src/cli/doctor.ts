import { statfs } from 'node:fs/promises';

import { table, type CliCommand, type Io } from '../commands.ts';
import { openWorkbench, type Workbench } from '../compose.ts';
import { operatorDoubt } from '../compose-alerts.ts';
import { asAppError } from '../core/errors.ts';
import { resolveName } from '../run/addresses.ts';
import { BrowserControl } from '../run/browser-control.ts';
import { bad, browserLineFinding, good, hostFindings, lineFindings, type Finding } from '../run/findings.ts';

const LEAST_FREE_BYTES = 500_000_000;

export const command: CliCommand = {
  name: 'doctor',
  add: (program, io) => {
    program
      .command('doctor')
      .description(
        'look at browser, clock, network, disk, store, watched hosts and breakers: what is wrong and what to do',
      )
      .option('--json', 'answer with one JSON array')
      .action((options: { json?: boolean }) => run(options, program.opts<{ config?: string }>().config, io));
  },
};

async function run(options: { json?: boolean }, configFile: string | undefined, io: Io): Promise<void> {
  const findings = await examine(configFile, io);
  if (options.json === true) io.answer(JSON.stringify(findings));
  else
    io.answer(
      table(
        findings.map(({ name, ok, detail, next }) => [
          ok ? 'good' : 'BAD',
          name,
          next === '' ? detail : `${detail} → ${next}`,
        ]),
      ),
    );
  if (findings.some((finding) => !finding.ok)) process.exitCode = 1;
}

async function examine(configFile: string | undefined, io: Io): Promise<Finding[]> {
  let bench: Workbench;
  try {
    bench = await openWorkbench({ configFile, role: 'once', practiceTargets: () => false, tell: io.note });
  } catch (error) {
    const { code, message, hint } = asAppError(error, 'INTERNAL');
    return [{ name: 'start', ok: false, detail: `${code}: ${message}`, next: hint }];
  }
  try {
    const groups = await Promise.all([
      browserFindings(bench),
      lineFindings(bench.control),
      diskFinding(bench),
      storeFinding(bench),
      breakerFindings(bench),
      watchedHosts(bench),
    ]);
    return [...groups.flat(), ...alertFindings(bench)];
  } finally {
    await bench.close();
  }
}

async function browserFindings({ browser, control, config }: Workbench): Promise<Finding[]> {
  try {
    const found = good('browser', `${await browser.version()}, says "${await browser.userAgent()}"`);
    const line = new BrowserControl(browser, control.hosts);
    return [found, await browserLineFinding(line, config.mode === 'practice')];
  } catch (error) {
    const { message, hint } = asAppError(error, 'BROWSER_FAILED');
    return [bad('browser', message, hint)];
  }
}

async function diskFinding({ config }: Workbench): Promise<Finding> {
  const { bavail, bsize } = await statfs(config.data);
  const free = `${Math.round((bavail * bsize) / 1e6)} MB free for ${config.data}`;
  return bavail * bsize >= LEAST_FREE_BYTES
    ? good('disk', free)
    : bad('disk', free, 'make room: a check whose proof cannot be kept is a monitor_error');
}

async function storeFinding({ store }: Workbench): Promise<Finding> {
  const last = await store.lastFinishedAt();
  const size = `${Math.round((await store.sizeBytes()) / 1_000)} kB`;
  return good(
    'store',
    last === null ? `${size}, no check yet` : `${size}, last check ended ${new Date(last).toISOString()}`,
  );
}

async function breakerFindings({ store, killSwitch }: Workbench): Promise<Finding[]> {
  const now = Date.now();
  const paused = (await store.hosts(now)).filter((host) => host.breaker.openUntil > now);
  const findings = paused.map(({ host, breaker }) =>
    bad(
      `breaker ${host}`,
      `paused until ${new Date(breaker.openUntil).toISOString()}: ${breaker.reason}`,
      `it ends by itself; \`guetteur resume ${host}\` ends it now`,
    ),
  );
  const stops = killSwitch
    .all()
    .map((file) => bad('stop', `the file ${file} stops visits`, '`guetteur resume` lifts it'));
  return [
    ...findings,
    ...stops,
    ...(findings.length + stops.length === 0 ? [good('breakers', 'all closed, nothing is stopped')] : []),
  ];
}

async function watchedHosts({ store, robots, targets, config }: Workbench): Promise<Finding[]> {
  if (config.mode === 'practice') return [good('robots', 'practice sites are exempt')];
  const found = await hostFindings(targets.values(), robots, resolveName);
  const origins = new Set([...targets.values()].map((target) => new URL(target.address).origin));
  const records = await Promise.all([...origins].map((origin) => store.robotsOf(origin)));
  const failing = records.filter((record) => record !== null && record.failingSince !== null);
  return [
    ...found,
    ...failing.map((record) =>
      bad(
        'robots',
        `${record?.origin ?? ''}/robots.txt cannot be read`,
        'the last one known is obeyed; visits stop after 7 days',
      ),
    ),
  ];
}

function alertFindings({ config }: Workbench): Finding[] {
  const doubt = operatorDoubt(config);
  return doubt === null ? [] : [bad('operator', doubt, 'see the kinds of alerts in guetteur.example.yaml')];
}
