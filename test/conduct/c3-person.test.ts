import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { loadProbes, loadReplicas } from '../../src/plugins.ts';
import { openSite, type OpenSite } from '../../src/practice/server/open.ts';
import type { Probe } from '../../src/probe.ts';
import { AddressBook } from '../../src/run/addresses.ts';
import { requestFilter, type BrowserRequest } from '../../src/run/requests.ts';
import { Runner } from '../../src/run/runner.ts';
import { openTestMonitor, practiceTarget, type TestMonitor } from '../support/monitor.ts';

const START = 'https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/4407/';
const ANSWER = {
  method: 'POST',
  url: `${START}_validerCaptcha`,
  body: 'captchaId=1&captchaUsercode=x&CTX=2',
  isMainFrameDocument: true,
  preflightOf: null,
  isPersonsAct: true,
};

describe("C1, C2, C3: what a person's hands add to the filter is their own answer to the captcha, and nothing else", () => {
  let probe: Probe;
  before(async () => {
    probe = (await loadProbes()).get('rdv-prefecture')!;
  });

  const refusal = async (request: Partial<BrowserRequest>, isPersons = true): Promise<string | null> => {
    const addresses = new AddressBook(() => Promise.resolve(['203.0.113.5']));
    const { hosts, posts, forbidden, preflights = [], assisted } = probe;
    const rules = {
      hosts,
      posts,
      forbidden,
      preflights,
      ...(isPersons && assisted !== undefined ? { person: assisted } : {}),
    };
    const robots = (address: string) =>
      Promise.resolve(address.includes('robots') ? 'disallowed' : 'allowed') as Promise<'allowed'>;
    const filter = requestFilter(rules, { practice: false, addresses, robots });
    return (await filter({ ...ANSWER, ...request }))?.kind ?? null;
  };
  const page = (rest: string): Partial<BrowserRequest> => ({ method: 'GET', url: `${START}${rest}`, body: null });

  test('C3: a probe never posts the answer', async () => {
    assert.equal(await refusal({}, false), 'method');
    assert.equal(await refusal({ method: 'GET', body: null }, false), 'forbidden');
  });

  test("C3: a person's answer passes as a document of the main frame, with the captcha's fields alone", async () => {
    assert.equal(await refusal({}), null);
    const refused: readonly Partial<BrowserRequest>[] = [
      { isMainFrameDocument: false },
      { isPersonsAct: false },
      { body: null },
      { body: 'trhId=4&captchaUsercode=x' },
      { body: 'nom=Dupont&captchaUsercode=x' },
      { body: 'courriel=a%40b.example&captchaUsercode=x' },
      { body: 'a=1' },
      { method: 'PUT' },
      { method: 'GET', body: null },
      { url: `${START}creneau/_choisirBloc` },
      { url: `${START}creneau/_choisirBloc?x=/_validerCaptcha` },
      { url: `${START}formulaire/_validerCaptcha` },
      { url: `${START}formulaire/` },
      { url: `${START}_validerCaptcha?champ_1=x` },
      { url: ANSWER.url.replace('www.', 'autre.') },
    ];
    for (const request of refused) assert.notEqual(await refusal(request), null, JSON.stringify(request));
  });

  test("C1, C2: a person's click leads to the conditions and to the slots, and to no form, sign-in or other host", async () => {
    for (const rest of [
      '',
      'cgu/',
      'cgu/?error=invalidCaptcha',
      'creneau/',
      'creneau',
      'creneau/;jsessionid=1',
      '%63reneau/',
    ])
      assert.equal(await refusal(page(rest)), null, rest);
    for (const rest of [
      'formulaire/',
      'formulaire/1',
      'login/',
      'creneau/_choisirBloc',
      '_choisirBloc',
      'creneau/1',
      'document.pdf',
      '%66ormulaire/',
      ';x/formulaire/',
      'creneau/?trhId=4',
      'creneau?a=1&trhid=4',
      'cgu/?nom=Dupont',
      'cgu/?reservation[courriel]=a@b.example',
    ])
      assert.notEqual(await refusal(page(rest)), null, rest);
    assert.equal(await refusal({ ...page(''), url: 'https://example.org/' }), 'page');
    assert.equal(await refusal({ ...page(''), url: START.replace('www.', 'autre.') }), 'host');
    assert.equal(await refusal(page('cgu/?robots')), 'robots');
  });
});

describe('C3: no answer without a person', () => {
  let monitor: TestMonitor;
  let site: OpenSite;
  before(async () => {
    const replica = (await loadReplicas()).get('rdv-prefecture')!;
    site = await openSite(
      replica,
      replica.scenarios.find(({ name }) => name === 'landing-captcha-a')!,
    );
    monitor = await openTestMonitor();
  });
  after(async () => {
    await monitor.close();
    await site.close();
  });

  test('C3: a probe that presses the button itself in an assisted visit is refused; the site counts no answer', async () => {
    const honest = monitor.parts.probes.get('rdv-prefecture')!;
    const rogue: Probe = {
      ...honest,
      visit: async (visit, target) => {
        await visit.open('landing', target.address);
        await visit.open('conditions', `${target.address}cgu/`);
        await visit.press('answer', 'button[formaction]');
      },
    };
    const target = practiceTarget('rdv-prefecture', site.address);
    await monitor.store.saveTargets([target]);
    const runner = new Runner({ ...monitor.parts, probes: new Map([['rdv-prefecture', rogue]]) });
    let met = 0;
    const result = await runner.check({
      target,
      mode: 'assisted',
      design: 'opportunistic',
      assisted: {
        limitMs: 5_000,
        size: 'narrow',
        meet: () => {
          met += 1;
          return Promise.resolve();
        },
      },
    });
    assert.equal(result.kind, 'checked');
    assert.deepEqual(site.tally.posts, []);
    assert.ok(met <= 1);
  });

  test('C3: a person who is there and does nothing has answered nothing', async () => {
    const target = practiceTarget('rdv-prefecture', site.address);
    const result = await monitor.runner.check({
      target,
      mode: 'assisted',
      design: 'opportunistic',
      assisted: { limitMs: 1_500, size: 'narrow', meet: (_window, over) => aborted(over) },
    });
    assert.ok(result.kind === 'checked');
    assert.equal(result.check.reading.outcome, 'captcha');
    assert.deepEqual(site.tally.posts, []);
  });
});

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
