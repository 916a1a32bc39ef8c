import { z } from 'zod';

import type { CliCommand } from '../commands.ts';
import { alertMistakes, operatorDoubt } from '../compose-alerts.ts';
import { loadConfig, type Config } from '../config/load.ts';
import { configShape } from '../config/shape.ts';
import { hostOf } from '../core/target.ts';
import { loadProbes } from '../plugins.ts';
import { FLOORS } from '../run/politeness.ts';
import { hostLoads } from '../schedule/planner.ts';
import { LIVE_INTERVAL_SECONDS, politenessRules } from '../compose.ts';

export const command: CliCommand = {
  name: 'config',
  add: (program, io) => {
    const config = program.command('config').description('check guetteur.yaml, or print its schema for editors');
    config
      .command('check')
      .description('validate guetteur.yaml; every problem is listed with its place')
      .option('--json', 'answer with one JSON object')
      .action(async (options: { json?: boolean }) => {
        const loaded = await loadConfig(program.opts<{ config?: string }>().config, await loadProbes());
        const { path, mode, data, targets } = loaded;
        const mistakes = await alertMistakes(loaded);
        if (mistakes.length > 0) throw loaded.invalid(mistakes);
        const warnings = warningsOf(loaded);
        for (const warning of warnings) io.note(`warning: ${warning}`);
        if (options.json === true)
          io.answer(JSON.stringify({ ok: true, path, mode, data, targets: targets.length, warnings }));
        else if (path === null)
          io.answer(`there is no guetteur.yaml: practice mode, with the built-in replica sites; data in ${data}`);
        else io.answer(`${path} is good: ${mode} mode, ${targets.length} targets chosen; data in ${data}`);
      });
    config
      .command('schema')
      .description('print the JSON Schema of guetteur.yaml')
      .action(() => io.answer(JSON.stringify(z.toJSONSchema(configShape, { io: 'input' }), null, 2)));
  },
};

/** In an interval of fewer spacings most instants are moved away from the one before: they are not random, and not counted. */
const ROOM = 4;

/** What may be set so, and does less than one would think. Practice has no floors and no line to control. */
function warningsOf(config: Config): string[] {
  const { mode, schedule, targets, control, politeness } = config;
  if (mode === 'practice') return [];
  const wishedSeconds = schedule.intervalSeconds ?? LIVE_INTERVAL_SECONDS;
  const perHost = Map.groupBy(targets, ({ address }) => hostOf(address));
  const counts = new Map([...perHost].map(([host, there]) => [host, there.length]));
  const leastMs = ROOM * FLOORS.targetSpacingMs;
  const crowded = hostLoads(counts, wishedSeconds * 1_000, politenessRules({ mode, politeness })).filter(
    ({ intervalMs }) => intervalMs < leastMs,
  );
  const count = crowded.reduce((sum, load) => sum + load.targets, 0);
  const room =
    `schedule.intervalSeconds: ${wishedSeconds} s leave no room for random instants of ${count} targets: checks of a target lie ` +
    `${FLOORS.targetSpacingMs / 1_000} s apart, so most instants are moved and do not count; give ${leastMs / 1_000} or more`;
  const certificates =
    'control.hosts: no address begins with https: a browser that trusts no certificate cannot be told from sites that are down';
  const doubt = operatorDoubt(config);
  return [
    ...(doubt === null ? [] : [doubt]),
    ...(count > 0 ? [room] : []),
    ...(control.hosts.some((host) => host.startsWith('https:')) ? [] : [certificates]),
  ];
}
