import assert from 'node:assert/strict';

import type { Packet } from '../support/packets.ts';
import type { CheckSeen, Shown } from './report.ts';
import { CONTROLS, MAIL, OURS, PRIVATE, SITES, TARGETS } from './sites.ts';
import type { Asked, WorldReport } from './world.ts';

/** What holds of every live run, whatever the sites do: told from the packets, the sites' own logs, and what the monitor shows. */

const HOST_SPACING_MS = 20_000;
/** The machine's clock is read by three processes and by the kernel. */
const CLOCKS_DIFFER_BY_MS = 50;

/** Something at an instant of the rehearsal's clock, on one host. */
export interface Moment {
  readonly at: number;
  readonly host: string;
  readonly what: string;
}

export function assertOnlyConfigured(packets: readonly Packet[]): void {
  const places = new Map<string, number>([
    ...[...SITES, ...CONTROLS].map(({ address }) => [address, 443] as const),
    [MAIL.address, MAIL.port],
  ]);
  const sent = packets.filter(({ to }) => to !== OURS);
  assert.ok(sent.length > 100, `${sent.length} packets were sent`);
  const strange = sent.filter(({ from, to, toPort, protocol }) => {
    return from !== OURS || protocol !== 'tcp' || places.get(to) !== toPort;
  });
  assert.deepEqual(strange.slice(0, 5), [], 'packets to addresses that nobody configured');
  assert.equal(packets.filter(({ to, from }) => to === PRIVATE || from === PRIVATE).length, 0);
}

/** Connections that were opened to the sites. */
export function openings(packets: readonly Packet[], timeOf: (machine: number) => number): Moment[] {
  const hosts = new Map<string, string>(SITES.map(({ address, host }) => [address, host]));
  return packets
    .filter(({ isOpening, from, to }) => isOpening && from === OURS && hosts.has(to))
    .map(({ at, to, fromPort }) => ({
      at: timeOf(at),
      host: hosts.get(to) ?? '',
      what: `connection from ${fromPort}`,
    }));
}

/** Pages that a browser asked for, without those that only led to another. */
export function documents(asked: readonly Asked[], timeOf: (machine: number) => number): Moment[] {
  return asked
    .filter(({ isDocument, status }) => isDocument && (status < 300 || status >= 400))
    .map(({ at, host, method, path }) => ({ at: timeOf(at), host, what: `${method} ${path}` }));
}

/**
 * The checks in whose time something happened, of the targets whose visits may ask that host. A walk from elsewhere may wait for the
 * host while a check of the host's own target is on it: what happens then is of the latter, and is counted as its load.
 */
function visitsAt({ at, host }: Moment, checks: readonly CheckSeen[]): CheckSeen[] {
  const found = checks.filter(
    ({ target, loads, startedAt, finishedAt }) =>
      loads > 0 &&
      TARGETS[target].some((name) => name === host) &&
      at >= startedAt - CLOCKS_DIFFER_BY_MS &&
      at <= finishedAt + CLOCKS_DIFFER_BY_MS,
  );
  const own = found.filter(({ target }) => TARGETS[target][0] === host);
  return found.length > 1 && own.length > 0 ? own : found;
}

/** One visit at a time on a host, and 20 s between two of them, every host of a walk included. */
export function assertSpaced(moments: readonly Moment[], checks: readonly CheckSeen[]): void {
  assert.ok(moments.length > 0);
  for (const host of new Set(moments.map((moment) => moment.host))) {
    const there = moments.filter((moment) => moment.host === host).toSorted((a, b) => a.at - b.at);
    let last: { readonly moment: Moment; readonly visit: number } | null = null;
    for (const moment of there) {
      const visits = visitsAt(moment, checks);
      const told = `${host}: ${moment.what} at ${new Date(moment.at).toISOString()}`;
      assert.equal(visits.length, 1, `${told} belongs to ${visits.length} visits`);
      const visit = visits[0]?.id ?? 0;
      if (last !== null && last.visit !== visit) {
        const gap = moment.at - last.moment.at;
        assert.ok(gap >= HOST_SPACING_MS - CLOCKS_DIFFER_BY_MS, `${told} came ${gap} ms after ${last.moment.what}`);
      }
      last = { moment, visit };
    }
  }
}

/** What the monitor says it loaded is what the sites say they were asked for, check by check. */
export function assertLoadsAreInLogs(pages: readonly Moment[], checks: readonly CheckSeen[]): void {
  const reached = checks.filter(({ status, loads }) => status !== null && loads > 0);
  assert.ok(reached.length > 0);
  for (const check of reached) {
    const logged = pages
      .filter((moment) => visitsAt(moment, checks).some(({ id }) => id === check.id))
      .map(({ what }) => what);
    assert.equal(logged.length, check.loads, `check ${check.id} of ${check.target}: ${logged.join(', ')}`);
  }
}

/** Every request says who asks, nothing is sent that holds or books, robots.txt is read first and once a day. */
export function assertHonest({ asked, tallies, privateVisits }: WorldReport): void {
  for (const { host, path, userAgent } of asked) {
    assert.match(
      userAgent,
      /Guetteur\/\S+ \(\+https:\/\/association\.example\/guetteur; veille@association\.example\)/,
    );
    assert.ok(userAgent !== '', `${host}${path}`);
  }
  for (const { submissions, holds, captchaAnswers } of tallies)
    assert.deepEqual([submissions, holds, captchaAnswers], [0, 0, 0]);
  assert.equal(privateVisits, 0);
  for (const { host } of SITES) {
    const there = asked.filter((request) => request.host === host);
    assert.equal(there.filter(({ path }) => path === '/robots.txt').length, 1, `robots.txt of ${host}`);
    assert.equal(there[0]?.path, '/robots.txt', `${host} was asked for something before its robots.txt`);
  }
  const controls = asked.filter(({ host }) => CONTROLS.some((control) => control.host === host));
  // HEAD of the monitor itself; GET of its browser, whose own line is controlled before a fault counts.
  assert.ok(controls.length > 0);
  for (const { method, path } of controls) assert.ok(method === 'HEAD' || method === 'GET', `${method} ${path}`);
}

/** Every sample of a metric, by its labels as they are written. */
function samples(metrics: string, name: string): { readonly labels: string; readonly value: number }[] {
  const found = metrics.matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, 'gm'));
  return [...found].map(([, labels = '', value]) => ({ labels, value: Number(value) }));
}

const labelOf = (labels: string, name: string): string =>
  new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? '';

/** `/metrics` counts what was recorded. */
export function assertMetricsCount({ metrics, checks }: Pick<Shown, 'metrics' | 'checks'>): void {
  const recorded = counted(checks.map(({ platform, outcome, mode }) => `${platform} ${outcome} ${mode}`));
  const told = new Map<string, number>();
  for (const { labels, value } of samples(metrics, 'guetteur_checks_total')) {
    const key = ['platform', 'outcome', 'mode'].map((name) => labelOf(labels, name)).join(' ');
    told.set(key, (told.get(key) ?? 0) + value);
  }
  assert.deepEqual(sorted(told), sorted(recorded));
  const loads = samples(metrics, 'guetteur_page_loads_total').reduce((sum, { value }) => sum + value, 0);
  assert.equal(
    loads,
    checks.reduce((sum, check) => sum + check.loads, 0),
  );
  for (const { labels, value } of samples(metrics, 'guetteur_host_shortest_spacing_seconds'))
    assert.ok(value >= HOST_SPACING_MS / 1_000, `${labels}: ${value} s`);
}

interface Measures {
  readonly target?: { readonly id: string };
  readonly measured: {
    readonly outcomes: Readonly<Record<string, number>>;
    /** Null where nothing was drawn. */
    readonly coverage: { readonly share: number | null };
  };
}

/** Command line, API and pages have the same figures, and they are those of the checks at random instants. */
export function assertFiguresAgree({ stats, api, pages, plans, refused }: Shown): void {
  assert.deepEqual(refused, []);
  for (const [asked, answer] of Object.entries(stats)) {
    const path = asked.replace('target ', 'targets/').replace('service ', 'services/');
    assert.deepEqual(withoutInstants(answer), withoutInstants(api[path]), `stats ${asked}`);
  }
  const slotTargets = Object.keys(TARGETS).filter((id) => `targets/${id}` in api);
  assert.ok(slotTargets.length > 1);
  let drawn = 0;
  for (const id of slotTargets) {
    const { measured } = api[`targets/${id}`] as Measures;
    const made = Object.values(measured.outcomes).reduce((sum, count) => sum + count, 0);
    // An instant that the spacing moved is no random draw, and is not counted: of few checks all may be moved.
    const draws = plans.filter(({ target, mode, design, state }) => {
      return target === id && mode === 'scheduled' && design === 'uniform' && /^(?:done|skipped|missed)$/.test(state);
    });
    assert.ok(made <= draws.length && made > 0 === draws.length > 0, `${id}: ${made} of ${draws.length}`);
    drawn += draws.length;
    for (const language of ['fr', 'en', 'ar']) {
      const page = pages[`${language}/target/${id}/`] ?? '';
      const { share } = measured.coverage;
      assert.equal(share === null, draws.length === 0, `coverage of ${id}`);
      assert.ok(share === null || page.includes(`<data value="${share}"`), `${language}: coverage of ${id}`);
    }
  }
  assert.ok(drawn > 0);
}

/** When an answer was made is the one thing in which two of them differ. */
function withoutInstants(answer: unknown): unknown {
  const text = JSON.stringify(answer, (key, value: unknown) => (key === 'provenance' ? null : value));
  return JSON.parse(text) as unknown;
}

function counted(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function sorted(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].map(([key, count]) => `${key}: ${count}`).toSorted();
}

const parisClock = new Intl.DateTimeFormat('fr-FR', {
  timeZone: 'Europe/Paris',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** `10:42`, as a clock in Paris shows it. */
export function inParis(at: number): string {
  return parisClock.format(at);
}

export const READERS = 'permanence@association.example';
export const OPERATOR = 'technique@association.example';

/**
 * Mails go over TLS to who is configured. Whatever time stands in one is one by the clocks of Paris: what readers are told
 * happened when something was seen, and what the operator is told lies within the run, or soon after it.
 */
export function assertMails({ letters }: WorldReport, checks: readonly CheckSeen[]): void {
  const seen = new Set(checks.flatMap(({ observedAt, finishedAt }) => [observedAt ?? finishedAt].map(inParis)));
  const during = minutesOf(checks);
  for (const { subject, text, to, from, isEncrypted } of letters) {
    assert.ok(isEncrypted, subject);
    assert.equal(from, 'veille@association.example');
    assert.ok([READERS, OPERATOR].includes(to.join()), to.join());
    const known = to.includes(READERS) ? seen : during;
    for (const [time] of `${subject}\n${text}`.matchAll(/\b\d\d:\d\d\b/g))
      assert.ok(known.has(time), `${time} is no time of Paris at which anything was seen:\n${text}`);
  }
}

const A_PAUSE_MS = 15 * 60_000;
const MINUTE_MS = 60_000;

function minutesOf(checks: readonly CheckSeen[]): ReadonlySet<string> {
  const from = Math.min(...checks.map(({ startedAt }) => startedAt)) - 10 * MINUTE_MS;
  const until = Math.max(...checks.map(({ finishedAt }) => finishedAt)) + A_PAUSE_MS;
  const count = Math.ceil((until - from) / MINUTE_MS) + 1;
  return new Set(Array.from({ length: count }, (_none, at) => inParis(from + at * MINUTE_MS)));
}
