import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import type { Check } from '../../src/core/check.ts';
import { loadProbes } from '../../src/plugins.ts';
import { openBench, refusedRules, untilTried, type Bench } from '../support/bench.ts';
import { isDeclared } from '../../src/run/requests.ts';
import { openPage, openWebSite, sendPage, type WebSite } from '../support/web-site.ts';

const script = (source: string): string => `<script type="module">
  const ended = () => { document.title = 'fini'; };
  const quiet = (promise) => Promise.resolve(promise).catch(() => undefined);
  const bar = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  ${source}
</script>`;

const form = (more = ''): string =>
  `<form method="post" action="/envoi" ${more}><input name="nom" value="x"></form><iframe name="cadre"></iframe>`;

/** Each tries to write in its own way, and tells by its title that it has tried. */
const HOSTILE: Readonly<Record<string, string>> = {
  'a form that submits itself': `${form()}<script>document.forms[0].submit()</script>`,
  'a form sent into a frame': `${form('target="cadre"')}${script(`document.forms[0].submit(); await bar(300); ended();`)}`,
  'a form sent into a new window': `${form('target="_blank"')}${script(`document.forms[0].submit(); await bar(300); ended();`)}`,
  'a frame without an address of its own': `<iframe srcdoc='<form method="post" action="/envoi"></form><script>document.forms[0].submit()</script>'></iframe>${script(`await bar(500); ended();`)}`,
  'a sandboxed frame': `<iframe sandbox="allow-forms allow-scripts" src="/cadre"></iframe>${script(`await bar(500); ended();`)}`,
  'fetch with POST, PUT, PATCH and DELETE': script(
    `for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) await quiet(fetch('/envoi', { method, body: 'x' })); ended();`,
  ),
  'a request that outlives the page': script(
    `await quiet(fetch('/envoi', { method: 'POST', keepalive: true, body: 'x' })); ended();`,
  ),
  'a request without cross-origin reading': script(
    `await quiet(fetch(location.origin.replace('127.0.0.1', 'localhost') + '/envoi', { method: 'POST', mode: 'no-cors', body: 'x' })); ended();`,
  ),
  'the older kind of request': script(
    `const x = new XMLHttpRequest(); x.onloadend = ended; x.open('POST', '/envoi'); x.send('a=1');`,
  ),
  'a beacon': script(`navigator.sendBeacon('/envoi', 'x'); await bar(300); ended();`),
  'a beacon sent when the page is left': script(
    `addEventListener('pagehide', () => navigator.sendBeacon('/envoi', 'x')); location.href = '/fin';`,
  ),
  'a worker': script(
    `const w = new Worker('/ouvrier.js'); w.onmessage = ended; w.onerror = ended; setTimeout(ended, 1500);`,
  ),
  'a worker made from text': script(
    `const w = new Worker(URL.createObjectURL(new Blob(["fetch('" + location.origin + "/envoi', {method:'POST'}).finally(() => postMessage(1))"]))); w.onmessage = ended; w.onerror = ended;`,
  ),
  'a worker that is shared': script(
    `if (!('SharedWorker' in globalThis)) ended(); const w = new SharedWorker('/partage.js'); w.port.onmessage = ended; w.onerror = ended; setTimeout(ended, 1500);`,
  ),
  'a worker that stays': script(
    `await Promise.race([quiet(navigator.serviceWorker.register('/ouvrier.js')), bar(700)]); ended();`,
  ),
  'a link that reports clicks': `<a href="#bas" ping="/envoi">bas</a>${script(`document.links[0].click(); await bar(300); ended();`)}`,
  'a report of a broken policy': `<meta http-equiv="Content-Security-Policy" content="img-src 'none'"><img src="/image.png">${script(`await bar(300); ended();`)}`,
  'a web socket': script(
    `const s = new WebSocket(location.origin.replace('http', 'ws') + '/prise'); s.onclose = ended; s.onerror = ended; setTimeout(ended, 700);`,
  ),
  'a web socket in a worker': script(
    `const w = new Worker(URL.createObjectURL(new Blob(["const s = new WebSocket('ws://" + location.host + "/prise'); s.onclose = s.onerror = () => postMessage(1);"]))); w.onmessage = ended; setTimeout(ended, 1500);`,
  ),
  'a web socket in a frame': `<iframe srcdoc='<script>new WebSocket(parent.location.origin.replace("http", "ws") + "/prise")</script>'></iframe>${script(`await bar(700); ended();`)}`,
};

/** New windows and workers that outlive the page do not exist in this browser: there is nothing to refuse. */
const UNKNOWN_TO_THE_BROWSER = new Set([
  'a form sent into a new window',
  'a worker that stays',
  'a worker that is shared',
]);

/** The same site under another name is another site to the browser: its frames live in a process of their own. */
const OTHER_SITE = 'a frame of another site';

const FRAME = `<!doctype html><form method="post" action="/envoi"></form><script>
  fetch('/envoi', { method: 'POST', body: 'x' }).catch(() => undefined);
  navigator.sendBeacon('/envoi', 'x');
  document.forms[0].submit();
</script>`;

const WORKER = `fetch('/envoi', { method: 'POST', body: 'x' }).catch(() => undefined).finally(() => self.postMessage?.(1));`;
const SHARED = `onconnect = (e) => fetch('/envoi', { method: 'POST', body: 'x' }).catch(() => undefined).finally(() => e.ports[0].postMessage(1));`;

describe('C1: nothing but GET and HEAD leaves the browser, whatever the page does', () => {
  let bench: Bench;
  let site: WebSite;
  before(async () => {
    bench = await openBench();
    site = await openWebSite(({ path }, response) => {
      const { pathname } = new URL(path, 'http://x');
      const name = decodeURIComponent(pathname.slice(1));
      const javascript = { 'content-type': 'text/javascript' };
      if (pathname === '/ouvrier.js') response.writeHead(200, javascript).end(WORKER);
      else if (pathname === '/partage.js') response.writeHead(200, javascript).end(SHARED);
      else if (pathname === '/fin') sendPage(response, openPage(script('ended();')));
      else if (pathname === '/cadre') sendPage(response, FRAME);
      else if (name === OTHER_SITE) sendPage(response, openPage(otherSite(site.port)));
      else if (name in HOSTILE) {
        const reports = name.includes('policy')
          ? { 'content-security-policy': "img-src 'none'; report-uri /envoi" }
          : undefined;
        sendPage(response, openPage(HOSTILE[name] ?? ''), 200, reports);
      } else sendPage(response, openPage(form()));
    });
  });
  after(async () => {
    await bench.close();
    await site.close();
  });

  const otherSite = (port: number): string =>
    `<iframe src="http://localhost:${port}/cadre"></iframe>${script(`await bar(800); ended();`)}`;

  const visit = async (name: string): Promise<{ check: Check; writes: string[] }> => {
    const earlier = site.writes().length;
    const check = await bench.check(`${site.origin}/${encodeURIComponent(name)}`, untilTried);
    return { check, writes: site.writes().slice(earlier) };
  };

  for (const name of [...Object.keys(HOSTILE), OTHER_SITE]) {
    test(`C1: ${name} reaches no server`, async () => {
      const { check, writes } = await visit(name);
      assert.deepEqual(writes, []);
      // Leaving a page is one more page.
      const loads = name === 'a beacon sent when the page is left' ? 2 : 1;
      assert.deepEqual([check.errorCode, check.loads], [null, loads], check.reading.message);
      // The page did try: the filter saw it, or the browser has no way to do it at all.
      if (!UNKNOWN_TO_THE_BROWSER.has(name)) assert.notDeepEqual(refusedRules(check), []);
    });
  }

  test('C1: what was refused stands in the check, with its method and address', async () => {
    const { check } = await visit('fetch with POST, PUT, PATCH and DELETE');
    assert.deepEqual(refusedRules(check), [
      'method POST /envoi',
      'method PUT /envoi',
      'method PATCH /envoi',
      'method DELETE /envoi',
    ]);
  });

  const declared = {
    posts: [{ path: /^\/etape$/, fields: { suite: /^$/ } }],
  };

  test('C1: a declared step that the server redirects with its form to another path is cut there', async () => {
    const redirecting = await openWebSite(({ method }, response) => {
      if (method === 'POST') response.writeHead(307, { location: '/envoi' }).end();
      else
        sendPage(response, openPage('<form method="post" action="/etape"><button name="suite">Suite</button></form>'));
    });
    try {
      const cut = await bench.check(`${redirecting.origin}/debut`, {
        ...declared,
        visit: async (actions, target) => {
          await actions.open('page', target.address);
          await actions.press('suite', 'button');
        },
      });
      assert.deepEqual(redirecting.writes(), ['POST /etape']);
      assert.ok(refusedRules(cut).includes('method POST /envoi'), refusedRules(cut).join());
    } finally {
      await redirecting.close();
    }
  });

  test('C1: a declared step whose form holds more than navigation is not sent', async () => {
    const own = await openWebSite((_asked, response) =>
      sendPage(
        response,
        openPage(
          '<form method="post" action="/etape"><input type="hidden" name="nom" value="x"><button>Suite</button></form>',
        ),
      ),
    );
    try {
      const check = await bench.check(`${own.origin}/debut`, {
        ...declared,
        visit: async (actions, target) => {
          await actions.open('page', target.address);
          await actions.press('suite', 'button');
        },
      });
      assert.deepEqual(own.writes(), []);
      assert.deepEqual(refusedRules(check), ['step POST /etape']);
    } finally {
      await own.close();
    }
  });

  test('C1: nothing is pressed on a page that asks what nobody declared', async () => {
    const asks =
      '<form method="post" action="/etape"><label>Numéro étranger <input name="agdref"></label><button name="suite">Suite</button></form>';
    const asking = await openWebSite((_asked, response) => sendPage(response, openPage(asks)));
    try {
      const check = await bench.check(`${asking.origin}/debut`, {
        ...declared,
        visit: async (actions, target) => {
          await actions.open('page', target.address);
          await actions.press('suite', 'button');
        },
      });
      assert.deepEqual(asking.writes(), []);
      assert.deepEqual([check.errorCode, check.captures.length, check.loads], [null, 1, 1]);
      const [incident] = check.captures[0]?.capture.incidents ?? [];
      assert.equal(incident?.rule, 'question');
      assert.match(incident.detail, /numero etranger/);
    } finally {
      await asking.close();
    }
  });

  test('C1: two platforms declare steps, and none of them takes a form with a name in it', async () => {
    const probes = await loadProbes();
    const declaring = [...probes.values()].filter((probe) => probe.posts.length > 0);
    assert.deepEqual(
      declaring.map((probe) => probe.name),
      ['eappointment', 'ez-booking'],
    );
    const harmlessOf = (name: string) => {
      const [step] = probes.get(name)?.posts ?? [];
      return (sent: string): boolean => step !== undefined && isDeclared(step, new URLSearchParams(sent));
    };
    const page = 'nextButton=Etape+suivante';
    const call = 'callCount=1\nc0-scriptName=AjaxMotive\nc0-methodName=motiveMultiSiteSubmit\nc0-id=0\nbatchId=1\n';
    for (const [platform, plain, separator] of [
      ['ez-booking', page, '&'],
      ['eappointment', call, ''],
    ] as const) {
      const harmless = harmlessOf(platform);
      assert.equal(harmless(plain), true, platform);
      for (const name of ['nom', 'prenom', 'email', 'telephone', 'date_naissance', 'numero_etranger', 'captcha']) {
        assert.equal(harmless(`${plain}${separator}${name}=x`), false, `${platform} ${name}`);
      }
      assert.equal(harmless(''), false, platform);
    }
    assert.equal(harmlessOf('ez-booking')('condition=on&nextButton=Effectuer+une+demande+de+rendez-vous'), true);
    assert.equal(harmlessOf('ez-booking')('nextButton=Valider+le+rendez-vous'), false);
    assert.equal(harmlessOf('eappointment')(call.replace('motiveMultiSiteSubmit', 'saveRdv')), false);
  });

  test('C1: nothing was written after the pages were left either', () => {
    assert.equal(bench.openContexts(), 0);
    assert.deepEqual(site.writes(), []);
  });
});
