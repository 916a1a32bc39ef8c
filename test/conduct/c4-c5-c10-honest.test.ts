import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { userAgentSuffix } from '../../src/compose.ts';
import { configShape } from '../../src/config/shape.ts';
import { readCatalogue } from '../../src/config/catalogue.ts';
import { targetEntry } from '../../src/core/target.ts';
import { loadProbes } from '../../src/plugins.ts';
import { z } from '../../src/probe.ts';
import { BrowserProcess, LAUNCH_FLAGS } from '../../src/run/browser/browser.ts';
import { robotsFetcher } from '../../src/run/robots.ts';
import { Control } from '../../src/run/control.ts';
import { HOMEPAGE, VERSION } from '../../src/version.ts';
import { EXECUTABLE, openBench } from '../support/bench.ts';
import { openTestMonitor, temporaryFolder } from '../support/monitor.ts';
import { openPage, openWebSite, sendPage } from '../support/web-site.ts';

/** Every key that a JSON Schema lets an object have, at any depth, as dotted paths; `*` for free keys. */
function keysOf(schema: unknown, at = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap((part) => keysOf(part, at));
  const own = Reflect.get(schema, 'properties') as unknown;
  const named = typeof own === 'object' && own !== null ? Object.keys(own).map((key) => `${at}.${key}`) : [];
  const below = Object.entries(schema).flatMap(([key, value]) => {
    if (key !== 'properties') return keysOf(value, at);
    return Object.entries(value as object).flatMap(([name, part]) => keysOf(part, `${at}.${name}`));
  });
  return [...named, ...below];
}

async function everySchema(): Promise<Record<string, unknown>> {
  const probes = await loadProbes();
  return {
    config: z.toJSONSchema(configShape, { io: 'input' }),
    catalogue: z.toJSONSchema(targetEntry, { io: 'input' }),
    ...Object.fromEntries([...probes].map(([name, probe]) => [name, z.toJSONSchema(probe.params, { io: 'input' })])),
  };
}

const DISGUISE =
  /agent|proxy|\btor\b|socks|stealth|finger|header|cookie|spoof|flag|args|argument|locale|viewport|solver/i;
const CREDENTIAL =
  /pass|secret|login|sign|user|account|token|credential|cookie|franceconnect|identi|session|auth|\bkey\b/i;

describe('C4 and C10: what cannot be configured cannot be misused', () => {
  test('C4: no key of the configuration, the catalogue or a probe disguises the browser', async () => {
    const schemas = await everySchema();
    const keys = keysOf(schemas['config']);
    assert.ok(keys.includes('.operator.contact') && keys.includes('.targets.inline.params'), keys.join(' '));
    for (const [name, schema] of Object.entries(schemas)) {
      assert.deepEqual(
        keysOf(schema).filter((key) => DISGUISE.test(key)),
        [],
        name,
      );
    }
  });

  test('C10: no key of the configuration, the catalogue or a probe holds the credentials of a site', async () => {
    for (const [name, schema] of Object.entries(await everySchema())) {
      assert.deepEqual(
        keysOf(schema).filter((key) => CREDENTIAL.test(key)),
        [],
        name,
      );
    }
  });

  test('C10: the walk finds such keys where there are some', () => {
    const bad = z.toJSONSchema(
      z.object({ sites: z.array(z.object({ userAgent: z.string(), login: z.object({ password: z.string() }) })) }),
    );
    assert.deepEqual(
      keysOf(bad).filter((key) => CREDENTIAL.test(key)),
      ['.sites.userAgent', '.sites.login', '.sites.login.password'],
    );
  });

  test('C10: no address of the catalogue carries a user name, a password or a token', async () => {
    for (const { id, address } of await readCatalogue()) {
      const url = new URL(address);
      assert.equal(`${url.username}${url.password}`, '', id);
      assert.doesNotMatch(url.search, /token|password|session|code=/i, id);
    }
  });

  test('C10: a visit offers no way to type', async () => {
    let offered: string[] = [];
    const bench = await openBench();
    const site = await openWebSite((_asked, response) => sendPage(response, openPage('')));
    try {
      await bench.check(site.origin, {
        visit: (visit) => {
          const names = Object.getOwnPropertyNames(Object.getPrototypeOf(visit));
          offered = names.filter((name) => name !== 'constructor' && name !== 'run').toSorted();
          return Promise.resolve();
        },
      });
    } finally {
      await bench.close();
      await site.close();
    }
    assert.deepEqual(offered, ['breathe', 'choose', 'narrow', 'open', 'press']);
  });

  test('C4: the flags of the browser are these and no others', () => {
    assert.deepEqual(LAUNCH_FLAGS, [
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      '--no-first-run',
      '--dns-prefetch-disable',
      '--block-new-web-contents',
      '--disable-shared-workers',
      '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
    ]);
  });

  test('C4: the running browser has no flag that disguises it, and says that it is automated', async () => {
    const folder = await temporaryFolder();
    const monitor = await openTestMonitor();
    const site = await openWebSite((_asked, response) =>
      sendPage(
        response,
        openPage('<p id="a"></p><script>a.textContent = navigator.webdriver + " " + navigator.userAgent</script>'),
      ),
    );
    try {
      await monitor.browser.version();
      const [note = ''] = await readdir(join(monitor.folder, 'browser'));
      const pid = note.split('-')[1] ?? '';
      const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
      assert.ok(command.length > 10);
      const disguises = command.filter((flag) =>
        /--user-agent|--proxy|AutomationControlled|--host-resolver|--disable-web-security|--ignore-certificate/.test(
          flag,
        ),
      );
      assert.deepEqual(disguises, []);
      const said = await monitor.browser.withTab(
        { filter: () => Promise.resolve(null), withinMs: 10_000 },
        async (tab) => {
          await tab.goto(site.origin, 5_000);
          await tab.loaded(5_000);
          return (await tab.snapshot()).text;
        },
      );
      assert.match(said, /^true Mozilla.*HeadlessChrome.*Guetteur\//m);
    } finally {
      await monitor.close();
      await site.close();
      await folder.remove();
    }
  });
});

describe('C5: every request says who asks', () => {
  const operator = { name: 'Association Exemple', contact: 'veille@association.example' };

  test('C5: the agent names product, version, project and contact', () => {
    assert.equal(userAgentSuffix({ operator }), `Guetteur/${VERSION} (+${HOMEPAGE}; veille@association.example)`);
    const website = 'https://association.example/guetteur';
    assert.equal(
      userAgentSuffix({ operator: { ...operator, website } }),
      `Guetteur/${VERSION} (+https://association.example/guetteur; veille@association.example)`,
    );
  });

  test('C5: pages, pictures, frames, robots.txt and control requests all carry it', async () => {
    const agent = userAgentSuffix({ operator });
    const folder = await temporaryFolder();
    const browser = new BrowserProcess({
      executable: EXECUTABLE,
      userAgentSuffix: agent,
      folder: folder.path,
      recycleAfter: 10,
      maxResidentBytes: 2e9,
    });
    const site = await openWebSite(({ path }, response) => {
      if (path === '/')
        sendPage(
          response,
          openPage(
            `<img src="/image" alt=""><iframe src="http://localhost:${site.port}/cadre"></iframe><script>
            onload = () => { document.title = 'fini'; };</script>`,
          ),
        );
      else sendPage(response, openPage(''));
    });
    try {
      await browser.withTab({ filter: () => Promise.resolve(null), withinMs: 10_000 }, async (tab) => {
        await tab.goto(`${site.origin}/`, 5_000);
        await tab.loaded(5_000);
        while ((await tab.snapshot()).title !== 'fini');
      });
      await new Control([`${site.origin}/controle`], agent).ask();
      const addresses = { isPrivate: () => Promise.resolve(false) };
      await robotsFetcher(agent, addresses)(`${site.origin}/robots.txt`);
      const paths = new Set(site.asked.map(({ path }) => path));
      for (const path of ['/', '/image', '/cadre', '/robots.txt', '/controle']) assert.ok(paths.has(path), path);
      for (const { path, headers } of site.asked)
        assert.ok((headers['user-agent'] ?? '').endsWith(agent), `${path}: ${headers['user-agent']}`);
    } finally {
      await browser.close();
      await site.close();
      await folder.remove();
    }
  });

  for (const [name, website] of [
    ['with letters outside ASCII', 'https://ōsaka.example/'],
    ['with a line break in it', 'https://association.example/\nX-Autre: 1'],
  ] as const) {
    test(`C5: a website ${name} is refused or written so that a header can carry it`, () => {
      const checked = configShape.safeParse({ mode: 'live', operator: { ...operator, website } });
      const agent = checked.success ? userAgentSuffix({ operator: checked.data.operator }) : 'refused';
      assert.match(agent, /^[\x20-\x7e]+$/);
    });
  }
});
