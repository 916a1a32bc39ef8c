import { statfs } from 'node:fs/promises';

import { table, type CliCommand, type Io } from '../commands.ts';
import { openWorkbench, type Workbench } from '../compose.ts';
import { operatorDoubt } from '../compose-alerts.ts';
import { asAppError } from '../core/errors.ts';
import { MAX_CLOCK_OFFSET_MS } from '../run/control.ts';

interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do; '' when nothing is wrong. */
  readonly next: string;
}

const LEAST_FREE_BYTES = 500_000_000;

export const command: CliCommand = {
  name: 'doctor',
  add: (program, io) => {
    program
      .command('doctor')
      .description('look at browser, clock, network, disk, store, robots and breakers: what is wrong and what to do')
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
      browserFinding(bench),
      lineFindings(bench),
      diskFinding(bench),
      storeFinding(bench),
      hostFindings(bench),
      robotsFindings(bench),
    ]);
    return [...groups.flat(), ...alertFindings(bench)];
  } finally {
    await bench.close();
  }
}

async function browserFinding({ browser }: Workbench): Promise<Finding> {
  try {
    return good('browser', `${await browser.version()}, says "${await browser.userAgent()}"`);
  } catch (error) {
    const { message, hint } = asAppError(error, 'BROWSER_FAILED');
    return bad('browser', message, hint);
  }
}

async function lineFindings({ control }: Workbench): Promise<Finding[]> {
  const { isUp, clockOffsetMs } = await control.ask();
  const network = isUp
    ? good('network', 'a control host answers')
    : bad('network', 'no control host answers', 'check the connection, or `control.hosts`');
  if (clockOffsetMs === null)
    return [
      network,
      bad('clock', 'could not be compared with any control host', 'until then every reading is clock_untrusted'),
    ];
  const offset = `${clockOffsetMs} ms from the control hosts, to half a second`;
  const isTrusted = Math.abs(clockOffsetMs) <= MAX_CLOCK_OFFSET_MS;
  return [
    network,
    isTrusted ? good('clock', offset) : bad('clock', offset, 'set the clock, for example with systemd-timesyncd'),
  ];
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

async function hostFindings({ store, killSwitch }: Workbench): Promise<Finding[]> {
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

async function robotsFindings({ store, targets, config }: Workbench): Promise<Finding[]> {
  if (config.mode === 'practice') return [good('robots', 'practice sites are exempt')];
  const origins = new Set([...targets.values()].map((target) => new URL(target.address).origin));
  const records = await Promise.all([...origins].map((origin) => store.robotsOf(origin)));
  const failing = records.filter((record) => record !== null && record.failingSince !== null);
  if (failing.length === 0) return [good('robots', `${origins.size} hosts, none unreadable`)];
  return failing.map((record) =>
    bad(
      'robots',
      `${record?.origin ?? ''}/robots.txt cannot be read`,
      'the last one known is obeyed; visits stop after 7 days',
    ),
  );
}

function alertFindings({ config }: Workbench): Finding[] {
  const doubt = operatorDoubt(config);
  return doubt === null ? [] : [bad('operator', doubt, 'see the kinds of alerts in guetteur.example.yaml')];
}

function good(name: string, detail: string): Finding {
  return { name, ok: true, detail, next: '' };
}

function bad(name: string, detail: string, next: string): Finding {
  return { name, ok: false, detail, next };
}
