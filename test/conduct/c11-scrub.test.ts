import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import type { Capture } from '../../src/core/capture.ts';
import { personalData, scrub } from '../../src/run/scrub.ts';
import { openBench, type Bench } from '../support/bench.ts';
import { captureOf } from '../support/capture.ts';
import { openPage, openWebSite, sendPage, type WebSite } from '../support/web-site.ts';

const SECRET = 'S3cr3tValue0123456789';
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqZWFuIn0.c2lnbmF0dXJlLWRlLXRlc3Q';
const SSO = 'https://sso.anef.dgef.interieur.gouv.fr/auth/realms/anef-usagers';

describe('C11: cookies, tokens and session ids are scrubbed', () => {
  const secrets: Readonly<Record<string, Partial<Capture>>> = {
    'a session id in the path': { finalUrl: `https://www.site.example/page;jsessionid=${SECRET}?x=1` },
    'a session id in the query': { finalUrl: `https://www.site.example/?a=1&PHPSESSID=${SECRET}&b=2` },
    'a code and a state': { finalUrl: `${SSO}/x?code=${SECRET}&state=${SECRET}` },
    'a token after the hash': { finalUrl: `https://www.site.example/#access_token=${SECRET}&x=1` },
    'a state after the hash': { finalUrl: `https://www.site.example/#state=${SECRET}&session_state=${SECRET}` },
    'the address that was asked for': { requestedUrl: `${SSO}/login?session_code=${SECRET}&tab_id=${SECRET}` },
    'an address passed through': { redirects: [{ url: `${SSO}/x?execution=${SECRET}`, status: 302 }] },
    'a request that failed': {
      failedRequests: [{ url: `https://x.example/a?token=${SECRET}`, kind: 'xhr', reason: '500' }],
    },
    'a request that was refused': {
      incidents: [{ kind: 'refused', detail: 'd', url: `https://x.example/a?csrf=${SECRET}` }],
    },
    'an error of the console': { consoleErrors: [`GET https://x.example/a?sig=${SECRET} 404`] },
    'a link of the page': { html: `<a href="/x?a=1&amp;session_id=${SECRET}">x</a>` },
    'a hidden field': { html: `<input type="hidden" name="execution" value="${SECRET}">` },
    'a hidden field with its value first': { html: `<input value="${SECRET}" name="a" type="hidden">` },
    'a token of the head': { html: `<meta name="csrf-token" content="${SECRET}">` },
    'a token that is an attribute': { html: `<div data-csrf-token="${SECRET}" nonce="${SECRET}"></div>` },
    'a token in a script, quoted': { html: `<script>var x = {"csrfToken": "${SECRET}"}</script>` },
    'a token in a script, named without quotes': { html: `<script>window.x = { csrfToken: '${SECRET}' }</script>` },
    'a token in a script, as a variable': { html: `<script>const accessToken = "${SECRET}";</script>` },
    'a cookie that a script sets': { html: `<script>document.cookie = "PHPSESSID=${SECRET}; path=/"</script>` },
    'a hidden field for browsers without scripts': {
      html: `<noscript><input type='hidden' name='csrf' value='${SECRET}'></noscript>`,
    },
    'a signed token in a script': { html: `<script>go("${JWT}")</script>` },
    'a signed token in the words': { text: `jeton ${JWT} fin` },
    'a signed token in a dialog': { dialogs: [{ kind: 'alert', message: `jeton ${JWT}` }] },
    'a signed token in the title': { title: `jeton ${JWT}` },
  };
  for (const [name, change] of Object.entries(secrets)) {
    test(`C11: ${name} is scrubbed`, () => {
      const kept = JSON.stringify(scrub(captureOf(change)));
      assert.ok(!kept.includes(SECRET), kept);
      assert.ok(!kept.includes('c2lnbmF0dXJl'), kept);
    });
  }

  test('C11: what a page shows and where it leads stays as it is', () => {
    const html =
      '<p class="token">Le jeton</p><a href="/booking/create/1/4?planning=16106">x</a><input type="text" value="5"><script>var page = "accueil";</script>';
    const capture = captureOf({ html, text: 'Le code postal est 93000.', title: 'Rendez-vous' });
    assert.deepEqual(scrub(capture), capture);
  });

  test('C11: scrubbing twice changes nothing more', () => {
    for (const change of Object.values(secrets)) {
      const once = scrub(captureOf(change));
      assert.deepEqual(scrub(once), once);
    }
  });
});

describe("C11: a page with somebody's address or number is not stored", () => {
  const kept: Readonly<Record<string, Partial<Capture>>> = {
    'no address at all': { text: 'Aucun créneau disponible' },
    "the prefecture's own address": { text: 'pref-etrangers@essonne.gouv.fr' },
    'an address of the State': { text: 'contact@interieur.gouv.fr' },
    'a service number': { text: 'Appelez le 0 806 001 620 (service gratuit)' },
    'a landline in the footer': { text: '01 69 91 91 91', html: '<footer>Tél. 01 69 91 91 91</footer>' },
    'a landline that is a link': { text: '01 69 91 91 91', html: '<a href="tel:0169919191">01 69 91 91 91</a>' },
    'an account number': { text: 'IBAN FR76 3000 6000 0112 3456 7890 189' },
    'a date and an hour': { text: 'Le 05/12/2026 à 09 h 00, dossier 9103000000012345' },
  };
  for (const [name, change] of Object.entries(kept)) {
    test(`C11: a page with ${name} is kept`, () => {
      assert.equal(personalData(captureOf(change)), null);
    });
  }

  const withheld: Readonly<Record<string, Partial<Capture>>> = {
    'a private address': { text: 'Bonjour jean.dupont+rdv@gmail.com' },
    'an address that ends like the domain of the service': {
      finalUrl: 'https://www.ants.fr/',
      text: 'marie@habitants.fr',
    },
    'an address in a field': { html: '<input type="text" name="mail" value="jean@gmail.com">' },
    'an address in a dialog': { dialogs: [{ kind: 'alert', message: 'Envoyé à jean@gmail.com' }] },
    'an address in the title': { title: 'Compte de jean@gmail.com' },
    'an address in a link': { html: '<a href="mailto:jean@gmail.com">écrire</a>' },
    'an address in a part that is not shown': { html: '<p data-guetteur-hidden="tree">jean@gmail.com</p>' },
    'an address in its own location': { finalUrl: 'https://www.essonne.gouv.fr/?mail=jean%40gmail.com' },
    'a mobile number': { text: 'Tél. 06 12 34 56 78' },
    'a mobile number with dots': { text: '07.12.34.56.78' },
    'a mobile number without spaces': { text: '0612345678' },
    'a mobile number from abroad': { text: '+33 6 12 34 56 78' },
    'a mobile number with its zero': { text: '+33 (0)6 12 34 56 78' },
    'a mobile number with narrow spaces': { text: '06\u202f12\u202f34\u202f56\u202f78' },
    'a mobile number in the footer': { text: '06 12 34 56 78', html: '<footer>06 12 34 56 78</footer>' },
    'a landline outside the footer': { text: '01 23 45 67 89' },
    'a landline in a field': { html: '<input name="tel" value="0123456789">' },
    'a number in a part that is not shown': { html: '<p data-guetteur-hidden="tree">06 12 34 56 78</p>' },
  };
  for (const [name, change] of Object.entries(withheld)) {
    test(`C11: a page with ${name} is withheld, and the reason does not repeat it`, () => {
      const why = personalData(captureOf(change));
      assert.ok(why !== null, 'it would be stored');
      assert.doesNotMatch(why, /@|\d{2}/);
    });
  }

  test("C11: the contacts that a probe names as the service's own are kept, however they are written", () => {
    const own = ['01 23 45 67 89', 'aide@service.example'];
    assert.equal(personalData(captureOf({ text: '01.23.45.67.89 ou Aide@service.example' }), own), null);
    assert.notEqual(personalData(captureOf({ text: '01.23.45.67.88' }), own), null);
  });
});

describe('C11: end to end', () => {
  let bench: Bench;
  let site: WebSite;
  const pages: Readonly<Record<string, string>> = {
    '/mail': '<p>Bonjour jean.dupont@gmail.com</p>',
    '/mobile': '<p>Votre numéro : 06 12 34 56 78</p>',
    '/secret': `<form><input type=hidden name=csrf value=${SECRET}></form><script>/* */ var a = {'token': '${SECRET}'}</script>`,
    '/propre': '<p>Rien de personnel.</p>',
  };
  before(async () => {
    bench = await openBench();
    site = await openWebSite(({ path }, response) =>
      sendPage(response, openPage(pages[path.split(/[?;]/)[0] ?? ''] ?? ''), 200, {
        'set-cookie': `PHPSESSID=${SECRET}`,
      }),
    );
  });
  after(async () => {
    await bench.close();
    await site.close();
  });

  const blobs = async (): Promise<string[]> => {
    const found = await readdir(join(bench.monitor.folder, 'blobs'), { recursive: true }).catch(() => []);
    return found.filter((name) => name.endsWith('.zst'));
  };

  for (const path of ['/mail', '/mobile']) {
    test(`C11: of ${path} nothing at all is in the blobs folder or the database, and the check says why`, async () => {
      const earlier = await blobs();
      const check = await bench.check(`${site.origin}${path}`);
      assert.deepEqual(await blobs(), earlier);
      assert.equal(check.reading.outcome, 'operational', 'it was read all the same');
      assert.match(check.withheld ?? '', /not the service's own/);
      assert.match(check.reading.message, /not stored/);
      assert.deepEqual(check.captures, []);
      assert.doesNotMatch(JSON.stringify(check), /gmail|06 12/);
    });
  }

  test('C11: of a page without, the page, its words and its picture are kept, scrubbed', async () => {
    const earlier = await blobs();
    const check = await bench.check(`${site.origin}/secret;jsessionid=${SECRET}?code=${SECRET}`);
    assert.equal(check.withheld, null);
    assert.equal((await blobs()).length - earlier.length, 3);
    const [evidence] = check.captures.map((kept) => kept.evidence);
    const html = (await bench.monitor.blobs.get(evidence?.html ?? '')).toString('utf8');
    assert.match(html, /Cette page est ouverte/);
    assert.ok(!html.includes(SECRET), html);
    assert.ok(!JSON.stringify(check).includes(SECRET), JSON.stringify(check));
  });
});
