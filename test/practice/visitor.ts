import assert from 'node:assert/strict';
import type { Replica, Site, Tally } from '../../src/core/replica.ts';

const ORIGIN = 'http://127.0.0.1:8080';

export const NOW = Date.parse('2026-11-23T09:00:00Z');

interface Stand {
  readonly site: Site;
  readonly tally: Tally;
}

export function stand(replica: Replica, scenario: string, now = NOW): Stand {
  const tally: Tally = { submissions: 0, holds: 0, captchaAnswers: 0, posts: [] };
  return { site: replica.site({ scenario, now: () => now, tally }), tally };
}

export function pathOf(replica: Replica, name: string): string {
  const found = replica.scenarios.find((scenario) => scenario.name === name);
  assert.ok(found, `no scenario ${name} in ${replica.platform}`);
  return found.path;
}

export interface Seen {
  readonly status: number;
  readonly url: string;
  /** The page with the text of its own scripts, entities turned back. */
  readonly text: string;
}

export async function ask(site: Site, url: string, init: RequestInit = {}): Promise<Response> {
  return site(new Request(new URL(url, ORIGIN), init));
}

/** Follows redirects as a browser does, with cookies, five times at most. */
export async function visit(site: Site, path: string): Promise<Seen> {
  let url = new URL(path, ORIGIN).href;
  for (let hops = 0; hops <= 5; hops += 1) {
    const answer = await ask(site, url);
    const location = answer.headers.get('location');
    if (location === null)
      return { status: answer.status, url, text: await withScripts(site, url, await answer.text()) };
    url = new URL(location, url).href;
  }
  throw new Error('redirected more than five times');
}

/** Markup as it is compared: entities and script escapes turned back, no space beside a tag. */
export function plain(markup: string): string {
  return markup
    .replaceAll('\\u003c', '<')
    .replaceAll('\\"', '"')
    .replaceAll('\\n', ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/[ \n]+/g, ' ')
    .replaceAll(/ ?([<>]) ?/g, '$1');
}

async function withScripts(site: Site, url: string, page: string): Promise<string> {
  const base = /<base href="([^"]+)"/.exec(page)?.[1] ?? url;
  const sources = [...page.matchAll(/<script src="([^"]+)"/g)].map(([, source]) => source ?? '');
  const scripts = await Promise.all(
    sources.map(async (source) => (await ask(site, new URL(source, new URL(base, ORIGIN)).href)).text()),
  );
  return plain([page, ...scripts].join('\n'));
}

/** A person's way through the module with its cookie: conditions, counter, description, calendar. */
export class Walker {
  readonly #site: Site;
  #cookie = '';

  constructor(site: Site) {
    this.#site = site;
  }

  async go(path: string, form?: Readonly<Record<string, string>>): Promise<Seen> {
    const body = form === undefined ? null : new URLSearchParams(form).toString();
    let answer = await ask(this.#site, path, {
      method: body === null ? 'GET' : 'POST',
      body,
      headers: { cookie: this.#cookie },
    });
    let url = path;
    for (let hops = 0; hops < 5; hops += 1) {
      this.#cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? this.#cookie;
      const location = answer.headers.get('location');
      if (location === null) break;
      url = location;
      answer = await ask(this.#site, url, { headers: { cookie: this.#cookie } });
    }
    return { status: answer.status, url, text: plain(await answer.text()) };
  }

  async accept(path: string): Promise<Seen> {
    await this.go(path);
    return this.go(`${path}/0`, { condition: 'on', nextButton: 'Effectuer une demande de rendez-vous' });
  }
}
