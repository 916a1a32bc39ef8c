import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What pages load: files of this folder, and the library of the interactive chart. All of it from our own origin. */
export interface Asset {
  /** Below the root of the site, with a mark of its content, so that caches may keep it for ever: `assets/1a2b3c4d.site.css`. */
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
}

const FOLDER = join(import.meta.dirname, 'assets');

const TYPES = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
} as const;

export type AssetName = 'site.css' | 'icon.svg' | 'series.js' | 'uplot.js' | 'uplot.css';
export type Assets = Readonly<Record<AssetName, Asset>>;

export function loadAssets(): Assets {
  // uPlot 1.6 (MIT): its file names project and version in the first line.
  const uplot = dirname(createRequire(import.meta.url).resolve('uplot'));
  return {
    'site.css': asset('site.css', 'css', join(FOLDER, 'site.css')),
    'icon.svg': asset('icon.svg', 'svg', join(FOLDER, 'icon.svg')),
    'series.js': asset('series.js', 'js', join(FOLDER, 'series.js')),
    'uplot.js': asset('uplot.js', 'js', join(uplot, 'uPlot.iife.min.js')),
    'uplot.css': asset('uplot.css', 'css', join(uplot, 'uPlot.min.css')),
  };
}

function asset(name: AssetName, type: keyof typeof TYPES, file: string): Asset {
  const body = readFileSync(file);
  const mark = createHash('sha256').update(body).digest('hex').slice(0, 8);
  return { path: `assets/${mark}.${name}`, contentType: TYPES[type], body };
}
