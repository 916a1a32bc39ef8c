import { Hono } from 'hono';
import sharp from 'sharp';

import type { Check } from '../../src/core/check.ts';
import type { StoredCheck } from '../../src/store/contract.ts';
import type { SiteFacts } from '../../src/web/site/frame.ts';
import { loadOutlines } from '../../src/web/site/map/outlines.ts';
import type { AnswerRules } from '../../src/web/answer-desk.ts';
import { Pictures } from '../../src/web/site/pictures/pictures.ts';
import { SITE_RULES, sitePages } from '../../src/web/site/mount.ts';
import { SiteWriter } from '../../src/web/site/writer.ts';
import { serveWeb } from '../../src/web/server.ts';
import { syntheticFigures, SYNTHETIC_NOW, type SyntheticFigures } from './synthetic-figures.ts';
import { siteFacts } from './site-facts.ts';

/** The public site over the synthetic instance, on loopback. */
export interface PublicSite {
  readonly url: string;
  readonly figures: SyntheticFigures;
  readonly writer: SiteWriter;
  readonly failures: string[];
  readonly clock: { now: number };
  close(): Promise<void>;
}

/** A screenshot as it could be: white, with lines of grey words. */
const LINES = Array.from(
  { length: 38 },
  (_, at) => `<rect x="40" y="${20 + at * 30}" width="${600 + ((at * 137) % 600)}" height="14" fill="#5a5a64"/>`,
);
const DRAWING = `<svg xmlns="http://www.w3.org/2000/svg" width="1366" height="1200">${LINES.join('')}</svg>`;
export const PICTURE = await sharp(Buffer.from(DRAWING)).flatten({ background: 'white' }).png().toBuffer();

interface SyntheticOrder {
  readonly facts?: Partial<SiteFacts>;
  readonly now?: () => number;
  /** Who made a check; the robot by itself unless given. */
  readonly modeOf?: (checkId: number) => Check['mode'];
}

export interface PublicSiteOrder extends SyntheticOrder {
  readonly rules?: Partial<AnswerRules>;
  /** Departments with pages; all of the synthetic instance unless given. */
  readonly only?: readonly string[];
}

export function syntheticWriter(
  figures: SyntheticFigures,
  { facts = {}, now = () => SYNTHETIC_NOW, modeOf = () => 'scheduled' }: SyntheticOrder = {},
): SiteWriter {
  const evidence = { html: 'a', text: 'b', screenshot: 'c' };
  const pictures = new Pictures({
    store: {
      storedCheck: (id) =>
        Promise.resolve({ id, mode: modeOf(id), captures: [{ capture: {}, evidence }] } as unknown as StoredCheck),
    },
    blobs: { get: () => Promise.resolve(PICTURE) },
    now,
  });
  return new SiteWriter({
    facts: siteFacts({
      practice: true,
      publisher: { name: 'Guetteur', page: 'http://127.0.0.1:8640/', practice: true },
      userAgent: 'Guetteur/0.1.0 (+https://guetteur.example/; practice)',
      publicUrl: null,
      ...facts,
    }),
    figures,
    targets: figures.watched,
    pictures,
    outlines: loadOutlines(),
    store: {
      lastFinishedAt: () => Promise.resolve(SYNTHETIC_NOW - 65_000),
      hosts: () =>
        Promise.resolve([
          {
            host: 'rendez-vous.example',
            lastLoadAt: 0,
            leasedUntil: 0,
            leaseOwner: null,
            breaker: { level: 1, openUntil: SYNTHETIC_NOW + 60_000, reason: 'a new captcha', faults: 0 },
          },
        ] as never),
    },
    now,
  });
}

export async function openPublicSite(order: PublicSiteOrder = {}): Promise<PublicSite> {
  const figures = syntheticFigures(order.only ?? null);
  const clock = { now: SYNTHETIC_NOW };
  const now = (): number => clock.now;
  const writer = syntheticWriter(figures, { ...order, now });
  const failures: string[] = [];
  const site = sitePages({
    writer,
    now,
    onFailure: (reason) => failures.push(reason),
    rules: { ...SITE_RULES, ...order.rules },
  });
  const app = new Hono().route('/', site.app);
  app.notFound(async (context) => await site.notFound(context));
  const web = await serveWeb(app, { host: '127.0.0.1', port: 0 });
  return { url: web.url, figures, writer, failures, clock, close: () => web.close() };
}

/** A new capture comes before each question about a target: no two pages show the same ones. */
export function captureBeforeEach(figures: SyntheticFigures): { newest: number } {
  const past = { newest: 1_000_000 };
  const target = figures.target.bind(figures);
  figures.target = async (name, period) => {
    const found = await target(name, period);
    past.newest += 1;
    return found && { ...found, captures: found.captures.map((one, at) => ({ ...one, checkId: past.newest - at })) };
  };
  return past;
}
