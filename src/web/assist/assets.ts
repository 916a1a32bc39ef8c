import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ASSIST_STYLE } from './style.ts';

/** The scripts and the style sheet of these pages. Their addresses name their content, so that a telephone fetches each once. */
type AssetName = 'window.js' | 'report.js' | 'assist.css';

interface Asset {
  readonly body: string;
  readonly type: string;
  readonly tag: string;
}

const SCRIPT = 'text/javascript; charset=utf-8';

const ASSETS: Readonly<Record<AssetName, Asset>> = {
  'window.js': asset(source('window.js'), SCRIPT),
  'report.js': asset(source('report.js'), SCRIPT),
  'assist.css': asset(ASSIST_STYLE, 'text/css; charset=utf-8'),
};

export function assetList(): readonly (readonly [AssetName, Asset])[] {
  const names = ['window.js', 'report.js', 'assist.css'] as const;
  return names.map((name) => [name, ASSETS[name]]);
}

/** From a page whose way up to `/assist/` is `root`. */
export function assetAddress(root: string, name: AssetName): string {
  return `${root}${name}?${ASSETS[name].tag}`;
}

/** An address with the tag of another version must not be kept as if it were this one. */
export function cachingOf(name: AssetName, asked: string): string {
  return asked === ASSETS[name].tag ? 'public, max-age=31536000, immutable' : 'no-store';
}

function source(name: string): string {
  return readFileSync(join(import.meta.dirname, name), 'utf8');
}

function asset(body: string, type: string): Asset {
  return { body, type, tag: createHash('sha256').update(body).digest('hex').slice(0, 12) };
}
