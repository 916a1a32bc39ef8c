/** The whole site as files: served by a host that knows nothing, every link walked in a real browser. */
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright';

import { AppError } from '../../../src/core/errors.ts';
import { buildSite, type BuildParts } from '../../../src/web/site/build.ts';
import { DOWNLOADS, downloadPath } from '../../../src/web/site/pages/data.ts';
import { EXECUTABLE } from '../../support/bench.ts';
import { temporaryFolder } from '../../support/monitor.ts';
import { captureBeforeEach, syntheticWriter } from '../../support/public-site.ts';
import { syntheticFigures } from '../../support/synthetic-figures.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let out: string;
let parts: BuildParts;

before(async () => {
  folder = await temporaryFolder();
  out = join(folder.path, 'site');
  const figures = syntheticFigures(['95']);
  parts = {
    writer: syntheticWriter(figures, { facts: { isStatic: true } }),
    files: DOWNLOADS.flatMap((table) =>
      (['csv', 'json', 'parquet'] as const).map((format) => ({
        path: downloadPath(table, format),
        body: () => Promise.resolve('x'),
      })),
    ),
    stop: new AbortController().signal,
  };
});
after(() => folder.remove());

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** As any host of files does it: a folder is its index.html. The site stands below a path, as on a shared host. */
async function serveFolder(root: string): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname.replace(/^\/association\//, '');
    const file = join(root, path.endsWith('/') || path === '' ? `${path}index.html` : path);
    readFile(file).then(
      (body) =>
        response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(body),
      () => response.writeHead(404).end('not found'),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/association/`, close: () => server.close() };
}

/** Every link of every page is relative and leads to a file. Returns how many pages there are. */
async function assertLinksLead(root: string): Promise<number> {
  const all = await readdir(root, { recursive: true, withFileTypes: true });
  const files = new Set(all.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name)));
  const pages = [...files].filter((name) => name.endsWith('.html'));
  const wrong = await Promise.all(
    pages.map(async (name) => {
      const text = await readFile(name, 'utf8');
      const links = [...text.matchAll(/\s(?:href|src)="([^"#]+)"/g)].map(([, link = '']) => link);
      const own = links.filter((link) => !/^(?:https?:|mailto:)/.test(link));
      assert.ok(own.length > 1, name);
      const missing = own.filter((link) => {
        const found = join(dirname(name), link);
        return link.startsWith('/') || !files.has(link.endsWith('/') ? join(found, 'index.html') : found);
      });
      return missing.map((link) => `${link} in ${name}`);
    }),
  );
  assert.deepEqual(wrong.flat(), []);
  return pages.length;
}

describe('the site as files', () => {
  test('every link of every page leads to a file, in a browser, below any path', async (t) => {
    const count = await buildSite(out, parts);
    assert.ok(count > 350, `${count} files`);
    const host = await serveFolder(out);
    t.after(() => host.close());
    const browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox'] });
    t.after(() => browser.close());
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on('response', (answer) => {
      if (answer.status() >= 400) wrong.push(`${answer.status()} ${answer.url()}`);
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(host.url)) wrong.push(`foreign ${request.url()}`);
    });
    // One language page by page; that the others have the same links is read from the files below.
    const home = `${host.url}ar/`;
    await page.goto(host.url);
    await page.getByRole('link', { name: 'العربية' }).click();
    const seen = new Set<string>([home]);
    const waiting = [page.url()];
    let pages = 0;
    for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
      pages += 1;
      await page.goto(url, { waitUntil: 'domcontentloaded' });
      const links = await page.$$eval('a[href]', (found) =>
        found.map((link) => new URL(link.getAttribute('href') ?? '', document.baseURI).href.replace(/#.*/, '')),
      );
      for (const link of new Set(links)) {
        if (!link.startsWith(host.url) || seen.has(link)) continue;
        seen.add(link);
        if (link.startsWith(home) && link.endsWith('/')) waiting.push(link);
        else if ((await context.request.head(link)).status() !== 200) wrong.push(`${link} on ${url}`);
      }
    }
    assert.deepEqual(wrong, []);
    const written = (await readdir(out, { recursive: true })).filter((name) => name.endsWith('.html'));
    const arabic = written.filter((name) => name.startsWith('ar/') && !name.includes('widget')).length;
    assert.equal(pages, arabic, 'every page but the widgets is reached by links');
  });

  test('every link of every file, in every language, is relative and leads to a file', async () => {
    await buildSite(out, parts);
    const pages = await assertLinksLead(out);
    assert.ok(pages > 350, `${pages} pages`);
  });

  test('a capture that comes while the site is written leaves no page without its pictures', async () => {
    const figures = syntheticFigures(['95']);
    captureBeforeEach(figures);
    await buildSite(out, { ...parts, writer: syntheticWriter(figures, { facts: { isStatic: true } }) });
    await assertLinksLead(out);
  });

  test('a build replaces what it wrote before as a whole, and leaves nothing beside it', async () => {
    await buildSite(out, parts);
    await writeFile(join(out, 'old.html'), 'old');
    await buildSite(out, parts);
    assert.ok(!(await readdir(out)).includes('old.html'));
    assert.deepEqual(await readdir(folder.path), ['site']);
  });

  test('a build that fails or is stopped leaves the old site as it was', async () => {
    await buildSite(out, parts);
    await writeFile(join(out, 'old.html'), 'old');
    const stopped = new AbortController();
    stopped.abort();
    await assert.rejects(buildSite(out, { ...parts, stop: stopped.signal }));
    const failing = { path: 'x', body: () => Promise.reject(new Error('disk')) };
    await assert.rejects(buildSite(out, { ...parts, files: [failing] }), /disk/);
    assert.ok((await readdir(out)).includes('old.html'));
    assert.deepEqual(await readdir(folder.path), ['site']);
  });

  test('a folder that holds something else is never replaced', async () => {
    const foreign = join(folder.path, 'photos');
    await mkdir(foreign);
    await writeFile(join(foreign, 'one.jpg'), '');
    await assert.rejects(buildSite(foreign, parts), (error) => error instanceof AppError && error.code === 'USAGE');
    assert.deepEqual(await readdir(foreign), ['one.jpg']);
  });
});
