/**
 * Writes `src/web/site/map/departments.json` from the package that carries the outlines. Run by hand when they change:
 *
 *   npm pack @gouvfr/dsfr-chart@2.0.4 && tar xzf gouvfr-dsfr-chart-2.0.4.tgz
 *   node tools/map-data.ts package
 *
 * Only path data is taken: no colour, no font, no logo and no code of the State's design system, whose look is reserved to the State.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = process.argv[2];
const TO = join(import.meta.dirname, '../src/web/site/map/departments.json');
const OVERSEAS = ['971', '972', '973', '974', '976'];
const EXPECTED = 101;

if (FOLDER === undefined) throw new Error('name the folder of the unpacked package');
const source = readFileSync(join(FOLDER, 'dist/MapChart/MapChart.js'), 'utf8');
const licence = readFileSync(join(FOLDER, 'LICENSE'), 'utf8');

/** Regions and Paris's surroundings are drawn beside the departments, under other names. */
const outlines = [...source.matchAll(/class: "FR-(\d\d|2[AB]|97\d)",\s*(?:style: [^\n]*\n\s*)?d: "([^"]*)"/g)].map(
  ([, code = '', path = '']) => ({ code, path }),
);

/** The frame in which an overseas department is drawn; those of mainland France share one. */
function boxOf(code: string): string {
  const before = source.slice(0, source.indexOf(`class: "FR-${code}"`));
  const found = [...before.matchAll(/viewBox: "([\d. ]+)"/g)].at(-1)?.[1];
  if (found === undefined) throw new Error(`no frame of ${code}`);
  return found;
}

const mainland = outlines.filter(({ code }) => !OVERSEAS.includes(code)).toSorted(byCode);
const overseas = OVERSEAS.map((code) => outlines.find((outline) => outline.code === code)).filter(
  (outline) => outline !== undefined,
);
if (mainland.length + overseas.length !== EXPECTED) throw new Error(`${mainland.length} and ${overseas.length} found`);

const data = {
  source: '@gouvfr/dsfr-chart 2.0.4, dist/MapChart/MapChart.js, path data only',
  licence: licence.slice(licence.indexOf('MIT License\n\n')).trim(),
  mainland: Object.fromEntries(mainland.map(({ code, path }) => [code, path])),
  overseas: Object.fromEntries(overseas.map(({ code, path }) => [code, { box: boxOf(code), path }])),
};
writeFileSync(TO, `${JSON.stringify(data, null, 2)}\n`);

function byCode(a: { readonly code: string }, b: { readonly code: string }): number {
  return a.code < b.code ? -1 : 1;
}
