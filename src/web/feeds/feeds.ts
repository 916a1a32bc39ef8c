import { createHash } from 'node:crypto';
import { Hono, type Context } from 'hono';

import { LANGUAGES, type Language } from '../../core/subscription.ts';
import type { Target } from '../../core/target.ts';
import type { Store } from '../../store/contract.ts';
import { pathOf } from '../subscribe/frame.ts';
import { departmentLine, MESSAGE_WORDS } from '../subscribe/summary.ts';
import { FORMATS, type Feed, type Format } from './formats.ts';
import { idOf, openings, type Entry } from './openings.ts';

export interface FeedParts {
  readonly store: Pick<Store, 'episodes'>;
  readonly targets: ReadonlyMap<string, Target>;
  /** Where the public finds these pages, with a slash at its end; null when nowhere. */
  readonly page: string | null;
  readonly practice: boolean;
  readonly now?: () => number;
}

const TITLES: Readonly<Record<Language, string>> = {
  fr: 'Guetteur : ouvertures de créneaux',
  en: 'Guetteur: openings of slots',
  ar: '\u2068Guetteur\u2069: ظهور المواعيد',
};

/** Many readers of one feed are one question to the store. Shorter than the second within which a notice leaves. */
const KEPT_MS = 1_000;

/**
 * `/feeds/alerts.atom`, `/feeds/alerts.json`, and the same by department: `/feeds/93.atom`. French, or what `?lang=` says.
 */
export function feedRoutes(parts: FeedParts): Hono {
  const now = parts.now ?? Date.now;
  const startedAt = now();
  const codes = new Set([...parts.targets.values()].flatMap(({ department }) => department ?? []));
  const kept = new Map<string, { readonly at: number; readonly entries: Promise<readonly Entry[]> }>();
  const read = (department: string | null, language: Language): Promise<readonly Entry[]> => {
    const key = `${department ?? ''} ${language}`;
    const known = kept.get(key);
    const age = now() - (known?.at ?? -Infinity);
    // A clock that was set back makes nothing older than it is.
    if (known !== undefined && age >= 0 && age < KEPT_MS) return known.entries;
    const entries = openings({ store: parts.store, targets: parts.targets, department, language, now: now() });
    // A failure is not kept: the next reader asks anew.
    entries.catch(() => kept.delete(key));
    kept.set(key, { at: now(), entries });
    return entries;
  };
  const serve = async (context: Context, extension: keyof typeof FORMATS): Promise<Response> => {
    const name = (context.req.param('name') ?? '').slice(0, -extension.length - 1);
    if (name !== 'alerts' && !codes.has(name)) return context.text('there is no feed of that name\n', 404);
    const department = name === 'alerts' ? null : name;
    const language = LANGUAGES.find((known) => known === context.req.query('lang')) ?? 'fr';
    const entries = await read(department, language);
    const base = parts.page ?? new URL('/', context.req.url).href;
    const lead = parts.practice ? `${MESSAGE_WORDS[language].practice} ` : '';
    const place = department === null ? '' : ` – ${departmentLine(department, language)}`;
    const feed: Feed = {
      id: idOf(`feed/${name}/${language}`),
      title: `${lead}${TITLES[language]}${place}`,
      language,
      address: new URL(`feeds/${name}.${extension}?lang=${language}`, base).href,
      home: new URL(pathOf(language), base).href,
      updatedAt: entries.reduce(
        (latest, { updatedAt }) => Math.max(latest, updatedAt),
        entries.length === 0 ? startedAt : 0,
      ),
      entries,
    };
    return answer(context, feed, FORMATS[extension]);
  };
  const app = new Hono();
  app.get('/feeds/:name{\\w+\\.atom}', (context) => serve(context, 'atom'));
  app.get('/feeds/:name{\\w+\\.json}', (context) => serve(context, 'json'));
  return app;
}

/** Conditional requests (RFC 9110, 13): the tag decides where there is one, since times have whole seconds only. */
function answer(context: Context, feed: Feed, { contentType, write }: Format): Response {
  const body = write(feed);
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  const modified = Math.floor(feed.updatedAt / 1_000) * 1_000;
  context.header('etag', tag);
  context.header('last-modified', new Date(modified).toUTCString());
  context.header('cache-control', 'no-cache');
  if (isKnown(context, tag, modified)) return context.body(null, 304);
  return context.body(body, 200, { 'content-type': contentType });
}

function isKnown(context: Context, tag: string, modified: number): boolean {
  const tags = context.req.header('if-none-match');
  if (tags !== undefined) {
    return tags.split(',').some((known) => known.trim() === '*' || known.trim().replace(/^W\//, '') === tag);
  }
  const since = Date.parse(context.req.header('if-modified-since') ?? '');
  return !Number.isNaN(since) && modified <= since;
}
