import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';

import { z } from '../../src/probe.ts';
import { openBench, type Bench } from '../support/bench.ts';
import { openPage, openWebSite, sendPage, type WebSite } from '../support/web-site.ts';

const ROOT = new URL('../../', import.meta.url);

const FORBIDDEN_PACKAGES: readonly RegExp[] = [
  /captcha/i,
  /capsolver|capmonster|deathby|buster|nopecha/i,
  /whisper|speech|transcri|vosk|tesseract|\bocr\b|ffmpeg|audio/i,
  /stealth|undetected|puppeteer-extra|playwright-extra|rebrowser|patchright|fingerprint|header-generator/i,
  /proxy-chain|proxy-agent|socks|(?:^|[-/])tor(?:$|[-/])|user-agents|random-useragent/i,
];

/**
 * web-push (RFC 8291 encryption for the alert channel of that name) lists it for requests that are made through a proxy; the
 * channel makes its requests itself and gives it none. No browser is behind it.
 */
const NOT_USED = { name: 'node_modules/https-proxy-agent', by: 'node_modules/web-push' };

function forbiddenAmong(names: readonly string[]): string[] {
  return names.filter((name) => FORBIDDEN_PACKAGES.some((pattern) => pattern.test(name)));
}

const manifest = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});
const dependsOn = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });
const lock = z.object({ packages: z.record(z.string(), z.unknown()) });

describe('C3: no captcha is solved, skipped or outsourced', () => {
  test('C3: no package that solves, transcribes, hides or rotates is a dependency, at any depth', async () => {
    const { dependencies, devDependencies } = manifest.parse(
      JSON.parse(await readFile(new URL('package.json', ROOT), 'utf8')),
    );
    const { packages } = lock.parse(JSON.parse(await readFile(new URL('package-lock.json', ROOT), 'utf8')));
    const names = [...Object.keys(dependencies), ...Object.keys(devDependencies), ...Object.keys(packages)];
    assert.ok(names.length > 50);
    const users = Object.entries(packages).filter(
      ([, entry]) => dependsOn.parse(entry).dependencies['https-proxy-agent'],
    );
    assert.deepEqual(
      users.map(([name]) => name),
      [NOT_USED.by],
    );
    assert.deepEqual(
      forbiddenAmong(names).filter((name) => name !== NOT_USED.name),
      [],
    );
  });

  test('C3: the dependency check knows such packages when it sees them', () => {
    const bad = [
      '2captcha',
      'node_modules/puppeteer-extra-plugin-stealth',
      'node_modules/nodejs-whisper',
      'node_modules/x/node_modules/socks-proxy-agent',
      'tor-request',
      'user-agents',
    ];
    assert.deepEqual(forbiddenAmong(bad), bad);
  });

  test('C3: a probe has no means but those of the visit: no request of its own, no script in the page', async () => {
    const folder = new URL('probes/', ROOT);
    const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
    assert.ok(files.length >= 3);
    for (const name of files) {
      const text = await readFile(new URL(name, folder), 'utf8');
      const imports = [...text.matchAll(/from '([^']+)'|import\('([^']+)'\)/g)].map((found) => found[1] ?? found[2]);
      const foreign = imports.filter(
        (from) => !/^(?:\.\.\/)+src\/probe\.ts$|^\.\/(?:[\w-]+\/)?[\w-]+\.ts$/.test(from ?? ''),
      );
      assert.ok(imports.length > 0, name);
      assert.deepEqual(foreign, [], name);
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/'[^'\n]*'/g, "''");
      assert.doesNotMatch(code, /\bfetch\b|XMLHttpRequest|\brequest\(|evaluate|process\.|globalThis|eval\(/, name);
    }
  });

  describe('C3: the visit ends at a captcha', () => {
    const marks: Readonly<Record<string, string>> = {
      'a reCAPTCHA box': '<div class="g-recaptcha" data-sitekey="k" style="width:300px;height:80px"></div>',
      'a hCaptcha box': '<div class="h-captcha" style="width:300px;height:80px">contrôle</div>',
      'a Turnstile box': '<div class="cf-turnstile" style="width:300px;height:80px"></div>',
      "the State's own captcha": '<rdv-captchetat style="display:block">Recopiez le texte</rdv-captchetat>',
      'a field for its answer': '<input name="captchaUsercode">',
      'a picture of one, with a field': '<img src="/captcha.png" width="120" height="40" alt=""><input name="reponse">',
    };
    let bench: Bench;
    let site: WebSite;
    before(async () => {
      bench = await openBench();
      site = await openWebSite(({ path }, response) => {
        const name = decodeURIComponent(path.slice(1));
        if (path.endsWith('.png')) response.writeHead(404).end();
        else sendPage(response, openPage(`${marks[name] ?? ''}<a id="suite" href="/creneau">suite</a>`));
      });
    });
    after(async () => {
      await bench.close();
      await site.close();
    });

    for (const name of Object.keys(marks)) {
      test(`C3: ${name} is read as captcha and nothing more is asked for`, async () => {
        const mark = site.asked.length;
        const check = await bench.check(`${site.origin}/${encodeURIComponent(name)}`, {
          visit: async (visit, target) => {
            await visit.open('page', target.address);
            await visit.press('slots', '#suite');
          },
        });
        assert.equal(check.reading.outcome, 'captcha', check.reading.rule);
        assert.ok(!site.pathsSince(mark).includes('/creneau'));
        assert.equal(check.loads, 1);
      });
    }

    test('C3: a page without one is gone through', async () => {
      const mark = site.asked.length;
      const check = await bench.check(`${site.origin}/libre`, {
        visit: async (visit, target) => {
          await visit.open('page', target.address);
          await visit.press('slots', '#suite');
        },
      });
      assert.equal(check.reading.outcome, 'operational');
      assert.deepEqual(site.pathsSince(mark), ['/libre', '/creneau']);
    });
  });
});
