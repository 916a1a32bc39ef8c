import { Hono } from 'hono';
import { pino, type Logger } from 'pino';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright';

import { AssistDesk, type DeskRules } from '../../src/assist/desk.ts';
import { openWindow } from '../../src/assist/instants.ts';
import { inviteGuest, type NewGuest } from '../../src/assist/invitations.ts';
import { Watch } from '../../src/check.ts';
import type { Tally } from '../../src/core/replica.ts';
import type { Target } from '../../src/core/target.ts';
import { followUps } from '../../src/decide/follow.ts';
import { loadReplicas } from '../../src/plugins.ts';
import { openSite, type OpenSite } from '../../src/practice/server/open.ts';
import { drawnAnew } from '../../src/run/browser/picture.ts';
import type { RunnerParts } from '../../src/run/runner.ts';
import { assistPages, assistSockets } from '../../src/web/assist/routes.ts';
import { serveWeb } from '../../src/web/server.ts';
import { EXECUTABLE } from './bench.ts';
import { checkOf } from './checks.ts';
import { openTestMonitor, type TestMonitor } from './monitor.ts';

/** The pages of people who help on loopback: a real monitor, real replicas, and the browsers of volunteers. */
export interface AssistSite {
  /** Ends with a slash. */
  readonly page: string;
  readonly monitor: TestMonitor;
  readonly desk: AssistDesk;
  readonly watch: Watch;
  readonly targets: ReadonlyMap<string, Target>;
  readonly log: readonly string[];
  tally(targetId: string): Tally;
  invite(change?: Partial<NewGuest>): Promise<string>;
  /** A volunteer's browser of its own, on a telephone of 360 CSS pixels. */
  person(options?: PersonOptions): Promise<BrowserContext>;
  /** From the link to the open window of a target. */
  enter(context: BrowserContext, targetId: string, link?: string): Promise<Page>;
  /** The site of a target, by path. */
  addressOf(targetId: string, path?: string): string;
  close(): Promise<void>;
}

interface PersonOptions {
  readonly width?: number;
  readonly javaScript?: boolean;
}

/** Rules by which each of the targets has one window open, and for the next ten minutes no other. */
function oneWindowEach(ids: readonly string[]): DeskRules['instants'] {
  const hour = 3_600_000;
  const now = Date.now();
  for (let tries = 0; tries < 500_000; tries += 1) {
    const rules = { seed: `test ${tries}`, intervalMs: hour, windowMs: hour };
    const isFit = (id: string): boolean =>
      [now, now + 600_000].every((at) => {
        const window = openWindow(rules, id, at, []);
        return (
          window?.plannedAt === openWindow(rules, id, now, [])?.plannedAt &&
          window !== null &&
          openWindow(rules, id, at, [window.plannedAt]) === null
        );
      });
    if (ids.every(isFit)) return rules;
  }
  throw new Error('no seed fits');
}

export const NEVER: DeskRules['instants'] = { seed: 'test', intervalMs: 1_000 * 86_400_000, windowMs: 1 };

/** How long a person waits for what they see. */
export const SOON = { timeout: 20_000 };

const RULES: Omit<DeskRules, 'instants'> = {
  windows: 24,
  sessionMs: 60_000,
  waitMs: 30_000,
  lostAfterMs: 8_000,
  spacingMs: 0,
  again: { times: 0, everyMs: 600_000 },
  spotCheckOneIn: 1,
};

export interface AssistOptions {
  /** Scenarios of rdv-prefecture by the ids of their targets. */
  readonly scenarios: Readonly<Record<string, string>>;
  /** Further targets, whose pages are somewhere else. */
  readonly others?: readonly Target[];
  readonly rules?: Partial<DeskRules>;
  readonly runner?: Partial<RunnerParts>;
  readonly isAssisted?: (platform: string) => boolean;
  readonly now?: () => number;
}

export async function openAssistSite(options: AssistOptions): Promise<AssistSite> {
  const instants = options.rules?.instants ?? oneWindowEach(idsOf(options));
  const monitor = await openTestMonitor(options.runner);
  const sites = await openSites(options.scenarios);
  const own = [...sites].map(([id, site]) => targetOf(id, site));
  const targets = new Map([...own, ...(options.others ?? [])].map((target) => [target.id, target]));
  await monitor.store.saveTargets([...targets.values()]);
  for (const target of targets.values()) await asCaptcha(monitor, target);
  const lines: string[] = [];
  const log: Logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const watch = new Watch({
    targets,
    ledger: { tick: () => Promise.resolve([]) },
    runner: monitor.runner,
    store: monitor.store,
    log,
    concurrency: 4,
    decide: followUps({ targets }),
    onRecorded: () => undefined,
  });
  const desk = new AssistDesk({
    runner: monitor.runner,
    store: monitor.store,
    targets,
    isAssisted: options.isAssisted ?? ((platform) => platform === 'rdv-prefecture'),
    keep: ({ check, breaker, help }) => watch.keep({ check, breaker }, { help }, null),
    onFree: (host) => watch.free(host),
    rules: { ...RULES, ...options.rules, instants },
    log,
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  let pages = new Hono();
  const shell = new Hono().all('*', (context) => pages.fetch(context.req.raw, context.env));
  const web = await serveWeb(shell, { host: '127.0.0.1', port: 0, sockets: assistSockets() });
  pages = assistPages({
    desk,
    store: monitor.store,
    blobs: monitor.blobs,
    targets,
    drawAnew: (bytes) => drawnAnew(monitor.browser, bytes),
    vantage: 'test',
    page: null,
    practice: true,
    onFailure: (reason) => lines.push(`failure ${reason}`),
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  let browser: Promise<Browser> | null = null;
  const site: AssistSite = {
    page: web.url,
    monitor,
    desk,
    watch,
    targets,
    log: lines,
    tally: (id) => sites.get(id)!.tally,
    invite: async (change = {}) => {
      const guest = { name: 'Camille', language: 'fr', departments: [], targets: [], days: 1, ...change } as const;
      return (await inviteGuest(monitor.store, guest, { page: web.url, now: Date.now() })).link;
    },
    person: async ({ width = 360, javaScript = true } = {}) => {
      browser ??= chromium.launch({ executablePath: EXECUTABLE });
      return (await browser).newContext({ viewport: { width, height: 740 }, javaScriptEnabled: javaScript });
    },
    enter: async (context, targetId, link) => {
      const page = await context.newPage();
      await page.goto(link ?? (await site.invite()));
      await page
        .locator('li', { has: page.locator(`input[value="${targetId}"]`) })
        .getByRole('button')
        .click();
      await page.waitForURL(/\/window\//);
      return page;
    },
    addressOf: (id, path = '') => new URL(path, targets.get(id)!.address).href,
    close: async () => {
      await desk.stop(3_000);
      await (await browser)?.close();
      await web.close();
      await monitor.close();
      for (const one of sites.values()) await one.close();
    },
  };
  return site;
}

const idsOf = ({ scenarios, others = [] }: AssistOptions): string[] => [
  ...Object.keys(scenarios),
  ...others.map(({ id }) => id),
];

async function openSites(scenarios: Readonly<Record<string, string>>): Promise<Map<string, OpenSite>> {
  const replica = (await loadReplicas()).get('rdv-prefecture')!;
  const sites = new Map<string, OpenSite>();
  for (const [id, name] of Object.entries(scenarios)) {
    const scenario = replica.scenarios.find((one) => one.name === name);
    if (scenario === undefined) throw new Error(`no scenario ${name}`);
    sites.set(id, await openSite(replica, scenario));
  }
  return sites;
}

function targetOf(id: string, { address }: OpenSite): Target {
  return {
    id,
    platform: 'rdv-prefecture',
    address,
    department: '69',
    prefecture: 'Préfecture du Rhône (réplique)',
    procedure: 'renewal',
    label: 'Renouvellement de titre de séjour',
    control: false,
    contacts: [],
    params: {},
    practice: true,
  };
}

/** What the last scheduled check of a target said. */
async function asCaptcha({ store }: TestMonitor, { id, platform, address }: Target): Promise<void> {
  const host = new URL(address).host;
  await store.record(checkOf(id, Date.now() - 3_600_000, 'captcha', { platform, host, loads: 2 }), {});
}

/** The centre of a part of the site's page in the window's own pixels, measured in another browser of the same size. */
export async function centreOf(
  context: BrowserContext,
  address: string,
  selector: string,
): Promise<{ readonly x: number; readonly y: number }> {
  const page = await context.newPage();
  await page.setViewportSize({ width: 412, height: 760 });
  await page.goto(address);
  const part = page.locator(selector);
  await part.waitFor();
  const box = (await part.boundingBox())!;
  await page.close();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Touches the picture of the page where the page has a point. */
export async function touch(page: Page, point: { readonly x: number; readonly y: number }): Promise<void> {
  const picture = page.locator('#picture[data-width][data-drawn]');
  await picture.waitFor(SOON);
  const box = (await picture.boundingBox())!;
  const scale = box.width / Number(await picture.getAttribute('data-width'));
  await picture.click({ position: { x: point.x * scale, y: point.y * scale } });
}

export async function answer(page: Page, code: string): Promise<void> {
  await page.locator('#code-image[src^="data:"]').waitFor(SOON);
  await page.locator('#answer-text').fill(code);
  await page.locator('#answer button').click();
}

/** The words of the page's end. */
export async function resultOf(page: Page): Promise<string> {
  await page.locator('#result').waitFor(SOON);
  return await page.locator('#result').innerText();
}
