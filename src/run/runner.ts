import type { Capture, Shot } from '../core/capture.ts';
import type { Check, Design, Mode } from '../core/check.ts';
import { AppError, asAppError, type ErrorCode } from '../core/errors.ts';
import type { BreakerState } from '../core/host.ts';
import { groupOf } from '../core/outcome.ts';
import type { Reading } from '../core/reading.ts';
import { hostOf, type Target } from '../core/target.ts';
import { hashOf, type Blobs } from '../evidence/blobs.ts';
import type { Probe } from '../probe.ts';
import type { AssistedOrder, Pass } from './assisted.ts';
import { fingerprintOf } from '../read/fingerprint.ts';
import type { Page } from '../read/page.ts';
import type { Store } from '../store/contract.ts';
import type { AddressBook } from './addresses.ts';
import { breakersAfter } from './breakers.ts';
import { BrowserControl } from './browser-control.ts';
import type { BrowserProcess } from './browser/browser.ts';
import type { Served } from './browser/gate.ts';
import type { Tab } from './browser/tab.ts';
import { MAX_CLOCK_OFFSET_MS } from './clock.ts';
import type { Control } from './control.ts';
import type { KillSwitch } from './kill-switch.ts';
import { OwnFault, type Judged } from './own-fault.ts';
import { admit, type PolitenessRules } from './politeness.ts';
import { withProof } from './proof.ts';
import { requestFilter, type RequestFilter } from './requests.ts';
import type { Robots } from './robots.ts';
import { DEADLINES, TabVisit, type Deadlines } from './visit.ts';
import { WalkHosts } from './walk-hosts.ts';

export interface RunnerParts {
  readonly probes: ReadonlyMap<string, Probe>;
  readonly browser: BrowserProcess;
  readonly control: Control;
  readonly robots: Robots;
  readonly store: Pick<Store, 'lease' | 'release' | 'hostState'>;
  readonly blobs: Blobs;
  readonly addresses: AddressBook;
  readonly killSwitch: KillSwitch;
  readonly rules: PolitenessRules;
  readonly vantage: string;
  /** Who holds a host's lease: unique to this process. */
  readonly owner: string;
  readonly deadlines?: Deadlines;
  readonly now?: () => number;
}

export interface CheckOrder {
  readonly target: Target;
  readonly mode: Mode;
  readonly design: Design;
  /** Called once the host is ours, before anything is asked of it. */
  readonly onAdmitted?: () => Promise<void>;
  /** A person is there to pass a captcha. */
  readonly assisted?: AssistedOrder;
  /** What an earlier visit with a person ended with: its last page is read again, and nothing else. */
  readonly pass?: Pass;
}

export interface Checked {
  readonly kind: 'checked';
  readonly check: Check;
  /** What the host's breaker becomes; null when it stays as it is. */
  readonly breaker: BreakerState | null;
}

/** `wait`: the host is not free yet, nothing was done. */
export type RunResult = Checked | { readonly kind: 'wait'; readonly until: number; readonly reason: string };

interface LookOptions {
  readonly served?: Served;
  readonly assisted?: AssistedOrder;
  readonly pass?: Pass;
  readonly walk?: WalkHosts;
}

interface Seen {
  readonly reading: Reading;
  readonly shots: readonly Shot[];
  readonly loads: number;
  readonly errorCode: ErrorCode | null;
}

/** Beyond the check's own deadline: what closing a context may take before the browser is given up. */
const GRACE_MS = 10_000;
/** What is the monitor's own in a visit with a person: the way to the captcha, and the reading. */
const OWN_PART_OF_ASSISTED_MS = 50_000;
/** A saved page has its content already; its own scripts get a moment. */
const FILE_SETTLES_WITHIN_MS = 2_000;

/** Makes one check, politely. The one place where a failure of ours becomes an outcome. */
export class Runner {
  readonly #parts: RunnerParts;
  readonly #deadlines: Deadlines;
  readonly #now: () => number;
  readonly #ownFault: OwnFault;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    this.#deadlines = parts.deadlines ?? DEADLINES;
    this.#now = parts.now ?? Date.now;
    const { control, browser } = parts;
    this.#ownFault = new OwnFault(control, new BrowserControl(browser, control.hosts, this.#now), this.#now);
  }

  async check(order: CheckOrder): Promise<RunResult> {
    const { store, owner, rules, killSwitch } = this.#parts;
    const { target } = order;
    const probe = this.#probeOf(target);
    const host = hostOf(target.address);
    const startedAt = this.#now();
    const stop = killSwitch.stoppedBy(host);
    if (stop !== null)
      return this.#notVisited(order, 'skipped', { rule: 'kill-switch', message: `stopped by the file ${stop}` });
    const until = startedAt + this.#withinMs(order) + 2 * GRACE_MS;
    const admission = await store.lease({
      host,
      targetId: target.id,
      owner,
      now: startedAt,
      until,
      admitted: (state, lastVisitAt) => admit(rules, state, lastVisitAt, startedAt),
    });
    if (admission.kind === 'wait') return admission;
    if (admission.kind === 'skip')
      return this.#notVisited(order, 'skipped', { rule: 'politeness', message: admission.reason });
    try {
      await order.onAdmitted?.();
      return (await this.#forbiddenByRobots(order)) ?? (await this.#visited(order, probe, { startedAt, until }));
    } finally {
      await store.release(host, owner, this.#now());
    }
  }

  /** The check that was asked for and is not made, for a reason of ours. */
  skipped(order: CheckOrder, why: string): Checked {
    return this.#notVisited(order, 'skipped', { rule: 'politeness', message: why });
  }

  /** Reads a page from a file as if the address had answered it. Nothing is asked of the network, nothing is kept. */
  async read(target: Target, served: Served): Promise<Check> {
    const probe = this.#probeOf(target);
    const startedAt = this.#now();
    const isRead = (page: Page): boolean =>
      !['unknown_page', 'error'].includes(probe.read([page.capture], target).outcome);
    const visit: Probe['visit'] = async (actions) => {
      await actions.open('file', served.url, { until: isRead, withinMs: FILE_SETTLES_WITHIN_MS });
    };
    const seen = await this.#look(target, { ...probe, visit }, { served });
    if (seen.errorCode !== null) throw new AppError('BROWSER_FAILED', seen.reading.message);
    const captures = seen.shots.map(({ capture: { html, text, ...meta }, screenshot }) => ({
      capture: meta,
      evidence: { html: hashOf(html), text: hashOf(text), screenshot: screenshot === null ? null : hashOf(screenshot) },
    }));
    return {
      ...this.#frame({ target, mode: 'reported', design: 'opportunistic' }, startedAt),
      ...lastSeen(seen),
      reading: seen.reading,
      captures,
    };
  }

  #probeOf(target: Target): Probe {
    const probe = this.#parts.probes.get(target.platform);
    if (probe === undefined) throw new AppError('TARGET_UNKNOWN', `no probe is named "${target.platform}"`);
    return probe;
  }

  async #forbiddenByRobots(order: CheckOrder): Promise<RunResult | null> {
    if (order.target.practice) return null;
    const answer = await this.#parts.robots.ask(order.target.address);
    if (answer === 'allowed') return null;
    return answer === 'disallowed'
      ? this.#notVisited(order, 'robots', {
          rule: 'robots',
          message: 'robots.txt disallows this path; nothing was loaded',
        })
      : this.#notVisited(order, 'skipped', {
          rule: 'robots-unreadable',
          message: 'robots.txt could not be read for 7 days',
        });
  }

  async #visited(
    order: CheckOrder,
    probe: Probe,
    { startedAt, until }: { readonly startedAt: number; readonly until: number },
  ): Promise<RunResult> {
    const { target } = order;
    const { control, blobs, store } = this.#parts;
    const walk = this.#walkOf(target, until);
    try {
      const [seen, clockOffsetMs] = await Promise.all([
        this.#look(target, probe, { ...order, walk }),
        control.clockOffsetMs(),
      ]);
      const judged = await this.#judge(seen, target, walk);
      const reading = downgradeByClock(judged.reading, clockOffsetMs);
      const errorCode = judged.errorCode ?? seen.errorCode;
      const base = { ...this.#frame(order, startedAt), ...lastSeen(seen), reading, clockOffsetMs, errorCode };
      const known = walk.others.size === 0 ? base : { ...base, passed: Object.fromEntries(walk.others) };
      const check = await withProof(known, seen.shots, blobs, [...probe.contacts, ...target.contacts]);
      const isOurs = ['network_down', 'monitor_error', 'skipped'].includes(judged.reading.outcome);
      const { outcome } = isOurs ? judged.reading : seen.reading;
      const ends = { outcome, shots: seen.shots, expectsCaptcha: probe.expectsCaptcha };
      const hosts = { own: base.host, last: walk.last };
      const breakers = await breakersAfter({ ...ends, ...hosts }, store, this.#now());
      await walk.leave(breakers);
      return { kind: 'checked', check, breaker: breakers.get(base.host) ?? null };
    } finally {
      await walk.leave();
    }
  }

  #walkOf({ id, address }: Target, until: number): WalkHosts {
    const { store, killSwitch, rules, owner } = this.#parts;
    const parts = { store, killSwitch, rules, owner, until, now: this.#now };
    return new WalkHosts({ ...parts, targetId: id, own: hostOf(address) });
  }

  /** What is our own doing is not laid at the site's door: a host that was not free, our line, our browser. */
  async #judge(seen: Seen, { practice }: Target, walk: WalkHosts): Promise<Judged> {
    const { reading } = seen;
    const last = seen.shots.at(-1)?.capture;
    if (walk.refusal !== null && last?.failure?.kind === 'refused')
      return { reading: ourChoice(reading, walk.refusal.why), errorCode: null };
    if (walk.waitedMs > 0 && reading.outcome === 'timeout') {
      const why = `${Math.round(walk.waitedMs / 1_000)} s were spent before a host that was not free`;
      return { reading: ourChoice(reading, `${why}: ${reading.message}`), errorCode: null };
    }
    return await this.#ownFault.judge(reading, last, { practice, host: walk.last });
  }

  /** With a person's two minutes in it a check still ends before the least time between two checks of a target is over. */
  #withinMs({ assisted }: LookOptions): number {
    const { checkMs } = this.#deadlines;
    return assisted === undefined ? checkMs : assisted.limitMs + Math.min(checkMs, OWN_PART_OF_ASSISTED_MS);
  }

  async #look(target: Target, probe: Probe, options: LookOptions): Promise<Seen> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), this.#withinMs(options));
    let visit: TabVisit | undefined;
    try {
      const hands = { isPersons: false };
      const ofPage = this.#filter(target, probe, hands);
      // Practice is exempt from what concerns other hosts than the target's.
      const filter = target.practice ? ofPage : (options.walk?.filter(ofPage) ?? ofPage);
      const withinMs = this.#withinMs(options) + GRACE_MS;
      const { served, pass } = options;
      const more = { ...(served === undefined ? {} : { served }), ...(pass === undefined ? {} : pass) };
      await this.#parts.browser.withTab({ filter, withinMs, ...more }, async (tab) => {
        visit = new TabVisit(tab, {
          deadlines: this.#deadlines,
          signal: stop.signal,
          practice: target.practice,
          asks: probe.asks?.(target) ?? { controls: [] },
          read: (capture) => this.#readCaptures([capture], probe, target),
        });
        await visit.run((actions) => visitOf(probe, pass)(actions, target));
        await this.#handOver({ visit, tab, hands }, probe, target, options);
      });
      const { shots, loads } = seenBy(visit);
      const captures = shots.map((shot) => shot.capture);
      return { reading: this.#readCaptures(captures, probe, target), shots, loads, errorCode: null };
    } catch (error) {
      const failure = asAppError(error, 'INTERNAL');
      const { shots, loads } = seenBy(visit);
      const reading: Reading = { outcome: 'monitor_error', rule: failure.code, message: failure.message, facets: {} };
      return { reading, shots, loads, errorCode: failure.code };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Two filters: a probe can never post what only a person may. */
  #filter(target: Target, probe: Probe, hands: { readonly isPersons: boolean }): RequestFilter {
    const { addresses, robots } = this.#parts;
    const world = {
      practice: target.practice,
      addresses,
      ...(target.practice ? {} : { robots: (address: string) => robots.ask(address) }),
    };
    const ofProbe = requestFilter(probe, world);
    const { hosts, posts, forbidden, preflights = [], assisted } = probe;
    if (assisted === undefined) return ofProbe;
    const ofPerson = requestFilter({ hosts, posts, forbidden, preflights, person: assisted }, world);
    return (request) => (hands.isPersons ? ofPerson : ofProbe)(request);
  }

  /** A visit that ended at a captcha goes on in a person's hands, where one is there. Nobody else answers it (conduct C3). */
  async #handOver({ visit, tab, hands }: InHand, probe: Probe, target: Target, options: LookOptions): Promise<void> {
    const { assisted } = options;
    if (assisted === undefined || probe.assisted === undefined) return;
    const captures = visit.shots.map((shot) => shot.capture);
    if (captures.length === 0 || this.#readCaptures(captures, probe, target).outcome !== 'captcha') return;
    hands.isPersons = true;
    const host = hostOf(target.address);
    const isStopped = (): boolean => this.#parts.killSwitch.stoppedBy(host) !== null;
    const onBack = (): void => {
      hands.isPersons = false;
    };
    const how = await visit.handOver(probe.assisted, assisted, { isStopped, onBack });
    const pass = how === 'reached' ? { address: tab.url, cookies: await tab.cookies() } : null;
    assisted.onEnd?.({ how, pass });
  }

  #readCaptures(captures: readonly Capture[], probe: Probe, target: Target): Reading {
    try {
      return probe.read(captures, target);
    } catch (error) {
      throw asAppError(error, 'PROBE_FAILED');
    }
  }

  #notVisited(order: CheckOrder, outcome: 'skipped' | 'robots', why: { rule: string; message: string }): Checked {
    const reading: Reading = { outcome, ...why, facets: {} };
    const nothing: Seen = { reading, shots: [], loads: 0, errorCode: null };
    const check = { ...this.#frame(order, this.#now()), ...lastSeen(nothing), reading };
    return { kind: 'checked', check, breaker: null };
  }

  #frame({ target, mode, design }: CheckOrder, startedAt: number) {
    return {
      targetId: target.id,
      platform: target.platform,
      host: hostOf(target.address),
      mode,
      design,
      practice: target.practice,
      vantage: this.#parts.vantage,
      readerVersion: this.#probeOf(target).version,
      startedAt,
      finishedAt: this.#now(),
    };
  }
}

interface InHand {
  readonly visit: TabVisit;
  readonly tab: Tab;
  readonly hands: { isPersons: boolean };
}

/** With a pass, only the page that the person reached is opened again. */
function visitOf(probe: Probe, pass: Pass | undefined): Probe['visit'] {
  const end = probe.assisted?.end;
  if (pass === undefined || end === undefined) return (actions, target) => probe.visit(actions, target);
  return async (actions) => {
    await actions.open(end.step, pass.address, { until: end.isDrawn });
  };
}

/** What a visit has seen so far; nothing when it never began. */
function seenBy(visit: TabVisit | undefined): Pick<Seen, 'shots' | 'loads'> {
  return visit === undefined ? { shots: [], loads: 0 } : { shots: visit.shots, loads: visit.loads };
}

/** What a check says of the page that its visit ended on. */
function lastSeen({ shots, loads, errorCode }: Seen) {
  const last = shots.at(-1)?.capture;
  return {
    observedAt: last?.observedAt ?? null,
    loads,
    status: last?.status ?? null,
    finalUrl: last?.finalUrl ?? null,
    clockOffsetMs: null,
    captures: [],
    withheld: null,
    fingerprint: last === undefined ? null : fingerprintOf(last),
    errorCode,
  };
}

/** What was not seen because we kept our own rules. */
function ourChoice(reading: Reading, message: string): Reading {
  return { ...reading, outcome: 'skipped', rule: 'politeness', message };
}

/** Applied last: what was seen while our clock could not be trusted is kept, and not counted. */
export function downgradeByClock(reading: Reading, clockOffsetMs: number | null): Reading {
  if (groupOf(reading.outcome) === 'unmeasured') return reading;
  if (clockOffsetMs !== null && Math.abs(clockOffsetMs) <= MAX_CLOCK_OFFSET_MS) return reading;
  const off = clockOffsetMs === null ? 'our clock could not be compared' : `our clock is off by ${clockOffsetMs} ms`;
  return {
    ...reading,
    outcome: 'clock_untrusted',
    rule: 'clock',
    message: `${off}; the page read as ${reading.outcome} (${reading.rule})`,
  };
}
