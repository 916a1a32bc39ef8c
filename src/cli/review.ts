import { join } from 'node:path';
import type { Command } from 'commander';

import { iso, saidWords, table, type CliCommand, type Io } from '../commands.ts';
import { AppError } from '../core/errors.ts';
import { isOutcome, isUnrecognised, type Outcome } from '../core/outcome.ts';
import { atDesk, type Desk } from '../desk.ts';
import { Blobs } from '../evidence/blobs.ts';
import { writeFixture } from '../evidence/fixture.ts';
import type { PageGroup, Store, StoredEvent } from '../store/contract.ts';

/** The queue of what no reader knew, and of what else asks for a person. */

type ConfigOf = () => string | undefined;

export const command: CliCommand = {
  name: 'review',
  add: (program, io) => {
    const configOf: ConfigOf = () => program.opts<{ config?: string }>().config;
    const review = program
      .command('review')
      .description('pages that no reader knew, grouped by structure, and the events that ask for a person');
    review
      .command('list', { isDefault: true })
      .description('the groups and the open events; writes a sample of each group where the list says')
      .option('--platform <name>', 'only this platform')
      .option('--json', 'answer with one JSON object')
      .action((options: { platform?: string; json?: boolean }) =>
        atDesk(configOf(), io, (desk) => list(desk, options, io)),
      );
    addLabel(review, configOf, io);
    addExport(review, configOf, io);
    review
      .command('seen')
      .description('say that an event was seen: it is no longer open')
      .argument('<event>', 'its number')
      .requiredOption('--by <name>', 'who says so')
      .action((event: string, { by }: { by: string }) => atDesk(configOf(), io, (desk) => seen(desk, event, by, io)));
  },
};

function addLabel(review: Command, configOf: ConfigOf, io: Io): void {
  review
    .command('label')
    .description('say what the pages of a group are; the automatic readings stay as they are, beside what you say')
    .argument('<group>', 'its name, as the list shows it; the beginning is enough')
    .requiredOption('--outcome <outcome>', 'what a person sees there')
    .requiredOption('--by <name>', 'who says so')
    .option('--note <words>', 'why', '')
    .action((group: string, said: { outcome: string; by: string; note: string }) =>
      atDesk(configOf(), io, (desk) => label(desk, group, said, io)),
    );
}

function addExport(review: Command, configOf: ConfigOf, io: Io): void {
  review
    .command('export')
    .description('write the newest visit of a labelled group as a fixture, ready for a test of a new rule')
    .argument('<group>', 'its name, as the list shows it; the beginning is enough')
    .option('--to <folder>', 'where the fixture gets a folder of its own', join('test', 'fixtures'))
    .action((group: string, { to }: { to: string }) =>
      atDesk(configOf(), io, (desk) => exportFixture(desk, group, to, io)),
    );
}

async function list(desk: Desk, options: { platform?: string; json?: boolean }, io: Io): Promise<void> {
  const isAsked = ({ platform }: { platform: string | null }): boolean =>
    options.platform === undefined || platform === options.platform;
  const groups = (await desk.store.unrecognised()).filter(isAsked);
  const events = (await desk.store.events({ isOpen: true, limit: 200 })).filter(isAsked);
  const samples = new Map<PageGroup, string | null>();
  for (const group of groups) samples.set(group, await writeSample(desk, group));
  if (options.json === true) {
    const entries = groups.map((group) => groupJson(group, samples.get(group) ?? null));
    io.answer(JSON.stringify({ groups: entries, events: events.map(eventJson) }));
    return;
  }
  if (groups.length === 0) io.note('every page was recognised');
  for (const group of groups) io.answer(describe(group, samples.get(group) ?? null));
  if (events.length === 0) io.note('no event asks for a person');
  else io.answer(table([['EVENT', 'AT', 'KIND', 'TARGET OR HOST', 'WHAT'], ...events.map(eventCells)]));
}

/** The newest visit of a group as files to look at; null when its proof was not kept. */
async function writeSample(desk: Desk, group: PageGroup): Promise<string | null> {
  const folder = join(desk.config.data, 'review', folderName(group));
  return (await writeVisit(desk, group, folder)) ? folder : null;
}

async function writeVisit({ store, config }: Desk, group: PageGroup, folder: string): Promise<boolean> {
  const { sample } = group;
  const check = await store.storedCheck(sample.id);
  const kept = check?.captures.filter(({ evidence }) => evidence !== null) ?? [];
  if (kept.length === 0) return false;
  const target = (await store.knownTargets()).find(({ id }) => id === sample.targetId);
  const said = {
    platform: group.platform,
    address: target?.address ?? kept[0]?.capture.requestedUrl ?? '',
    params: target?.params ?? {},
    outcome: group.label?.outcome ?? sample.outcome,
    by: group.label?.by ?? 'nobody yet',
    at: new Date(group.label?.at ?? sample.finishedAt).toISOString(),
    note: group.label?.note ?? '',
  };
  await writeFixture(folder, said, kept, new Blobs(join(config.data, 'blobs')));
  return true;
}

async function label(
  { store }: Desk,
  name: string,
  said: { outcome: string; by: string; note: string },
  io: Io,
): Promise<void> {
  const outcome = labelOutcome(said.outcome);
  const by = saidWords('--by', said.by);
  const group = await groupNamed(store, name);
  const { platform } = group;
  const count = await store.label({
    platform,
    group: group.name,
    outcome,
    by: said.by,
    note: said.note,
    at: Date.now(),
  });
  io.answer(`${count} checks of ${platform} ${group.name} are reported as ${outcome} by ${by}`);
}

function labelOutcome(word: string): Outcome {
  if (!isOutcome(word) || isUnrecognised(word)) {
    throw new AppError('USAGE', `--outcome: "${word}" is not something a person can see on a page; see the README`);
  }
  return word;
}

async function exportFixture(desk: Desk, name: string, to: string, io: Io): Promise<void> {
  const group = await groupNamed(desk.store, name);
  if (group.label === null) {
    throw new AppError('USAGE', `nobody has said what ${group.name} is: \`guetteur review label\` first`);
  }
  const folder = join(to, folderName(group));
  if (!(await writeVisit(desk, group, folder))) {
    throw new AppError('USAGE', `the proof of ${group.name} was not kept: there is nothing to export`);
  }
  io.answer(`${folder}: ${group.label.outcome}, said ${group.label.by}. Make the rule, then \`guetteur replay\``);
}

async function seen({ store }: Desk, event: string, by: string, io: Io): Promise<void> {
  const id = Number(event);
  if (!Number.isInteger(id) || !(await store.seen(id, saidWords('--by', by), Date.now()))) {
    throw new AppError('USAGE', `no open event has the number ${event}`);
  }
  io.answer(`event ${id} was seen by ${by}`);
}

async function groupNamed(store: Store, name: string): Promise<PageGroup> {
  const found = (await store.unrecognised()).filter(
    (group) => group.name.startsWith(name) || `${group.platform}/${group.name}`.startsWith(name),
  );
  const [group, ...others] = found;
  if (group === undefined) throw new AppError('USAGE', `no group of unrecognised pages is named "${name}"`);
  if (others.length > 0) {
    const names = found.map((one) => `${one.platform}/${one.name}`).join(', ');
    throw new AppError('USAGE', `"${name}" begins the names of ${found.length} groups: ${names}`);
  }
  return group;
}

function folderName({ platform, name }: PageGroup): string {
  return `${platform}-${name.replace(/[^a-z0-9]+/gi, '-')}`;
}

function describe(group: PageGroup, folder: string | null): string {
  const { platform, name, sample, label: said } = group;
  const lines = [
    `${platform}/${name}: ${group.checks} checks of ${group.targets} targets, ${iso(group.firstAt)} to ${iso(group.lastAt)}`,
    `  ${sample.outcome} (${sample.rule}): ${sample.message}`,
    `  newest: check ${sample.id} of ${sample.targetId} at ${sample.finalUrl ?? 'no page'}`,
    folder === null ? '  its proof was not kept' : `  screenshot, text and page: ${folder}`,
    said === null
      ? '  nobody has said what it is'
      : `  ${said.outcome}, said ${said.by} on ${iso(said.at)}${said.note === '' ? '' : `: ${said.note}`}`,
  ];
  return lines.join('\n');
}

function groupJson({ sample, label: said, firstAt, lastAt, ...group }: PageGroup, folder: string | null): object {
  const { id, targetId, outcome, rule, message, finalUrl } = sample;
  return {
    ...group,
    firstAt: iso(firstAt),
    lastAt: iso(lastAt),
    sample: { check: id, target: targetId, outcome, rule, message, finalUrl, folder },
    label: said === null ? null : { ...said, at: iso(said.at) },
  };
}

function eventJson({ at, seenAt, ...event }: StoredEvent): object {
  return { ...event, at: iso(at), seenAt: iso(seenAt) };
}

function eventCells({ id, at, kind, targetId, host, message }: StoredEvent): string[] {
  return [String(id), iso(at) ?? '', kind, targetId ?? host ?? '-', message];
}
