import type { Command } from 'commander';

import { inviteGuest, isValid } from '../assist/invitations.ts';
import { offersOf, type Offer } from '../assist/queue.ts';
import { iso, saidWords, table, type CliCommand, type Io } from '../commands.ts';
import { instantRules } from '../compose-assist.ts';
import { AppError } from '../core/errors.ts';
import type { Invitation } from '../core/invitation.ts';
import { department } from '../core/target.ts';
import { LANGUAGES, wants } from '../core/subscription.ts';
import { hostOf, type Target } from '../core/target.ts';
import { atDesk, type Desk } from '../desk.ts';
import type { Agreement, HelpedCheck } from '../store/contract.ts';

const MOST_DAYS = 365;
const LOOKED_BACK_MS = 35 * 86_400_000;
const SHOWN = 50;

interface InviteOptions {
  readonly days: string;
  readonly language: string;
  readonly department: readonly string[];
  readonly target: readonly string[];
  readonly json?: boolean;
}

interface ListOptions {
  readonly json?: boolean;
}

const collect = (word: string, words: readonly string[]): readonly string[] => [...words, word];

export const command: CliCommand = {
  name: 'assist',
  add: (program, io) => {
    const configOf = (): string | undefined => program.opts<{ config?: string }>().config;
    const group = program
      .command('assist')
      .description('people who pass a captcha themselves: invitations, what waits for them, what they read');
    group
      .command('invite')
      .description('make a link by which one person may help; it is shown once')
      .argument('<name>', 'what you call them: a first name or initials will do')
      .option('--days <n>', 'how long the link works', '30')
      .option('--language <code>', `language of the pages: ${LANGUAGES.join(', ')}`, 'fr')
      .option('--department <code>', 'only this department; can be given more than once', collect, [])
      .option('--target <id>', 'only this target; can be given more than once', collect, [])
      .option('--json', 'answer with one JSON object')
      .action((name: string, options: InviteOptions) =>
        atDesk(configOf(), io, (desk) => invite(desk, name, options, io)),
      );
    addLists(group, configOf, io);
    group
      .command('revoke')
      .description('end an invitation now; a window that is open under it is closed')
      .argument('<id>', 'its number in `guetteur assist list`')
      .action((id: string) => atDesk(configOf(), io, (desk) => revoke(desk, id, io)));
  },
};

function addLists(group: Command, configOf: () => string | undefined, io: Io): void {
  const lists = [
    ['list', 'the invitations; their links are known to nobody any more', list],
    ['queue', 'what is most worth reading by a person now, best first', queue],
    ['readings', 'checks in which a person had a part, the newest first', readings],
    ['agreement', "people's own looks beside the automatic readings (S13)", agreement],
  ] as const;
  for (const [name, description, show] of lists) {
    group
      .command(name, name === 'list' ? { isDefault: true } : {})
      .description(description)
      .option('--json', 'answer with one JSON value')
      .action((options: ListOptions) => atDesk(configOf(), io, (desk) => show(desk, options, io)));
  }
}

async function invite({ config, store }: Desk, name: string, options: InviteOptions, io: Io): Promise<void> {
  const days = /^\d{1,3}$/.test(options.days) ? Number(options.days) : 0;
  if (days < 1 || days > MOST_DAYS)
    throw new AppError('USAGE', `--days ${options.days}: write a number from 1 to ${MOST_DAYS}`);
  const language = LANGUAGES.find((known) => known === options.language);
  if (language === undefined)
    throw new AppError('USAGE', `--language ${options.language}: choose among ${LANGUAGES.join(', ')}`);
  for (const code of options.department) {
    if (!department.safeParse(code).success)
      throw new AppError(
        'USAGE',
        `--department ${code}: write two characters ("01" to "95", "2A", "2B") or "971" to "989"`,
      );
  }
  const known = new Set((await store.knownTargets()).map(({ id }) => id));
  for (const id of options.target) {
    if (!known.has(id) && !config.targets.some((target) => target.id === id))
      throw new AppError('TARGET_UNKNOWN', `--target ${id}: no target has this id`);
  }
  const page = config.http.publicUrl ?? `http://${config.http.host}:${config.http.port}/`;
  const guest = {
    name: saidWords('name', name),
    language,
    departments: options.department,
    targets: options.target,
    days,
  };
  const made = await inviteGuest(store, guest, { page, now: Date.now() });
  if (options.json === true) {
    io.answer(JSON.stringify({ id: made.id, link: made.link, expiresAt: iso(made.expiresAt) }));
    return;
  }
  io.answer(made.link);
  io.note(`invitation ${made.id} for ${guest.name}, until ${iso(made.expiresAt) ?? ''}: the link is shown this once`);
}

async function list({ store }: Desk, { json }: ListOptions, io: Io): Promise<void> {
  const invitations = await store.invitations();
  const now = Date.now();
  if (json === true) {
    io.answer(JSON.stringify(invitations.map((one) => invitationJson(one, now))));
    return;
  }
  if (invitations.length === 0) return io.note('nobody is invited');
  const cells = invitations.map((one) => [
    String(one.id),
    one.name,
    stateOf(one, now),
    one.language,
    [...one.departments, ...one.targets].join(',') || 'all',
    iso(one.expiresAt) ?? '',
    iso(one.lastUsedAt) ?? '-',
  ]);
  io.answer(table([['ID', 'NAME', 'STATE', 'LANGUAGE', 'ONLY', 'UNTIL', 'LAST OPENED'], ...cells]));
}

function stateOf(one: Invitation, now: number): 'valid' | 'revoked' | 'ended' {
  if (isValid(one, now)) return 'valid';
  return one.revokedAt === null ? 'ended' : 'revoked';
}

function invitationJson(one: Invitation, now: number): object {
  const { id, name, language, departments, targets, createdAt, expiresAt, revokedAt, lastUsedAt } = one;
  const times = { createdAt: iso(createdAt), expiresAt: iso(expiresAt), revokedAt: iso(revokedAt) };
  return { id, name, state: stateOf(one, now), language, departments, targets, ...times, lastUsedAt: iso(lastUsedAt) };
}

async function revoke({ store }: Desk, id: string, io: Io): Promise<void> {
  const isRevoked = /^\d{1,15}$/.test(id) && (await store.revokeInvitation(Number(id), Date.now()));
  if (!isRevoked) throw new AppError('USAGE', `no invitation that is not revoked has the number ${id}`);
  io.answer(`invitation ${id} is revoked`);
}

async function queue({ config, probes, store }: Desk, { json }: ListOptions, io: Io): Promise<void> {
  const now = Date.now();
  const [facts, subscriptions, hosts, known] = await Promise.all([
    store.helpFacts(now - LOOKED_BACK_MS),
    store.subscriptions(),
    store.hosts(now),
    store.knownTargets(),
  ]);
  const byId = new Map([...known, ...config.targets].map((target) => [target.id, target]));
  const freeAt = new Map(hosts.map((host) => [host.host, Math.max(host.breaker.openUntil, host.leasedUntil)]));
  const entries = facts.flatMap((found) => {
    const target = byId.get(found.targetId);
    if (target === undefined || found.lastAutomatic !== 'captcha') return [];
    if (probes.get(target.platform)?.assisted === undefined) return [];
    const asked = subscriptions.filter((one) => one.state === 'active' && wants(one, { kind: 'slots', place: target }));
    const hostFreeAt = freeAt.get(hostOf(target.address)) ?? 0;
    return [{ target, facts: found, subscribers: asked.length, isTaken: false, hostFreeAt }];
  });
  const spacingMs = config.mode === 'practice' ? 0 : SPACING_MS;
  const offers = offersOf(entries, { instants: instantRules(config), spacingMs }, now);
  if (json === true) return io.answer(JSON.stringify(offers.map(offerJson)));
  if (offers.length === 0) return io.note('no target waits for a person');
  const cells = offers.map((offer) => [
    offer.target.id,
    placeOf(offer.target),
    iso(offer.lastSeenAt) ?? 'never',
    iso(offer.windowUntil) ?? '-',
    offer.reasons.join(','),
  ]);
  io.answer(table([['TARGET', 'PLACE', 'LAST SEEN', 'COUNTS UNTIL', 'WHY'], ...cells]));
}

/** The floor of conduct C6; the monitor itself asks its own rules. */
const SPACING_MS = 180_000;

function placeOf({ department: code, procedure }: Target): string {
  return `${code ?? '-'} ${procedure}`;
}

function offerJson({ target, reasons, lastSeenAt, windowUntil, freeAt }: Offer): object {
  const { id, department: code, procedure } = target;
  const times = { lastSeenAt: iso(lastSeenAt), countsUntil: iso(windowUntil), freeAt: iso(freeAt) };
  return { target: id, department: code, procedure, reasons, ...times };
}

async function readings({ store }: Desk, { json }: ListOptions, io: Io): Promise<void> {
  const rows = await store.helpedChecks({ limit: SHOWN });
  if (json === true) return io.answer(JSON.stringify(rows.map(helpedJson)));
  if (rows.length === 0) return io.note('no check had a person in it yet');
  const cells = rows.map((row) => [
    String(row.id),
    iso(row.observedAt ?? row.startedAt) ?? '',
    row.kind,
    row.targetId,
    row.outcome,
    row.design,
    row.helper ?? '-',
  ]);
  io.answer(table([['CHECK', 'SEEN', 'KIND', 'TARGET', 'OUTCOME', 'DESIGN', 'BY'], ...cells]));
}

function helpedJson(row: HelpedCheck): object {
  const { id, targetId, kind, mode, outcome, design, facets, helper, plannedAt, pairedCheckId, picture } = row;
  const times = { seenAt: iso(row.observedAt ?? row.startedAt), plannedAt: iso(plannedAt) };
  return { check: id, target: targetId, kind, mode, outcome, design, facets, helper, ...times, pairedCheckId, picture };
}

async function agreement({ store }: Desk, { json }: ListOptions, io: Io): Promise<void> {
  const pairs = await store.agreements();
  const agreeing = pairs.filter(({ isAgreed }) => isAgreed).length;
  const share = pairs.length === 0 ? null : agreeing / pairs.length;
  const others = pairs.filter(({ isAgreed }) => !isAgreed);
  if (json === true)
    return io.answer(JSON.stringify({ pairs: pairs.length, agreeing, share, disagreements: others.map(pairJson) }));
  if (share === null) return io.note('no pair of a look and a reading yet');
  io.answer(`${agreeing} of ${pairs.length} pairs agree (${Math.round(share * 100)} %)`);
  if (others.length === 0) return;
  const cells = others.map((pair) => [
    pair.targetId,
    iso(pair.at) ?? '',
    pair.said,
    iso(pair.automaticAt) ?? '',
    pair.automatic,
  ]);
  io.answer(table([['TARGET', 'LOOKED', 'SAID', 'READ', 'AUTOMATIC'], ...cells]));
}

function pairJson({ targetId, at, said, automaticId, automaticAt, automatic }: Agreement): object {
  return { target: targetId, at: iso(at), said, check: automaticId, readAt: iso(automaticAt), automatic };
}
