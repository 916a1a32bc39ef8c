import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { dropUnconfirmed } from '../../src/web/subscribe/confirmation.ts';
import { ADDRESS, fieldsOf, openSiteFor, rowsOf, type SubscribeSite } from '../support/subscribe-site.ts';
import { subscriptionOf } from '../support/subscriptions.ts';

const HOUR = 3_600_000;

async function subscribed(site: SubscribeSite, change = {}): Promise<void> {
  assert.equal((await site.post('fr/alertes', fieldsOf(change))).status, 200);
  assert.equal((await site.post(site.link('confirm'))).status, 200);
}

describe('a volunteer', () => {
  test('asks, confirms, hears of slots, and leaves with one click', async (t) => {
    const site = await openSiteFor(t);
    const asked = await site.post('fr/alertes', fieldsOf({ departments: '93', from: '22:00', to: '07:00' }));
    assert.equal(asked.status, 200);
    assert.ok(asked.text.includes(ADDRESS));
    assert.deepEqual(await rowsOf(site), ['pending 93 slots+better+gone']);

    const { to, raw, parsed } = site.smtp.last();
    assert.deepEqual(to, [ADDRESS]);
    assert.match(parsed.text ?? '', /93 Seine-Saint-Denis[\s\S]*22:00 à 07:00 \(heure de Paris\)/);
    assert.doesNotMatch(raw, /^List-Unsubscribe/im);
    await site.record('bobigny', 'slots');
    await site.deliver();
    assert.equal(site.smtp.mails.length, 1, 'nobody is told anything before the confirmation');

    const shown = await site.get(site.link('confirm'));
    for (const words of ['<form method="post">', '93 Seine-Saint-Denis']) assert.ok(shown.text.includes(words), words);
    assert.deepEqual(await rowsOf(site), ['pending 93 slots+better+gone'], 'looking at the link confirms nothing');
    assert.equal((await site.post(site.link('confirm'))).status, 200);
    assert.deepEqual(await rowsOf(site), ['active 93 slots+better+gone']);

    await site.record('bobigny', 'no_slots');
    await site.record('ajaccio-x', 'slots');
    await site.deliver();
    assert.equal(site.smtp.mails.length, 2);
    const mail = site.smtp.last();
    assert.match(mail.parsed.subject ?? '', /^\[EXERCICE\] \[93\]/);
    assert.match(mail.raw, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click/m);
    const stop = site.link('stop');

    const looked = await site.get(stop);
    assert.deepEqual([looked.status, (await rowsOf(site)).length], [200, 1], 'looking at the link stops nothing');
    const stopped = await site.post(stop, { 'List-Unsubscribe': 'One-Click' }, { 'sec-fetch-site': 'cross-site' });
    assert.deepEqual([stopped.status, stopped.text], [200, '']);
    assert.deepEqual(await rowsOf(site), []);
    await site.record('bobigny', 'slots');
    await site.deliver();
    assert.equal(site.smtp.mails.length, 2);

    const again = await site.post(stop, { 'List-Unsubscribe': 'One-Click' });
    assert.deepEqual([again.status, again.text], [200, '']);
    const page = await site.get(stop, { 'accept-language': 'en-GB,en;q=0.9' });
    assert.equal(page.status, 200);
    assert.ok(page.text.includes('no alerts behind this link'));
  });

  test('leaves by the button of the page, in the language of the subscription', async (t) => {
    const site = await openSiteFor(t);
    await site.post('ar/alerts', fieldsOf({ language: 'ar' }));
    const confirmation = await site.get(site.link('confirm'), { 'accept-language': 'fr' });
    assert.ok(confirmation.text.includes('<html lang="ar" dir="rtl">'));
    await site.post(site.link('confirm'));
    await site.record('bobigny', 'slots');
    await site.deliver();
    const stop = site.link('stop');
    assert.ok((await site.get(stop, { 'accept-language': 'fr' })).text.includes('<html lang="ar" dir="rtl">'));
    const done = await site.post(stop, {}, { 'accept-language': 'fr' });
    assert.ok(done.text.includes('<html lang="ar" dir="rtl">'));
    assert.deepEqual(await rowsOf(site), []);
  });

  test('asks again with other wishes: the old ones hold until the new are confirmed, and old mails still end them', async (t) => {
    const site = await openSiteFor(t);
    await subscribed(site, { departments: '93' });
    await site.record('bobigny', 'slots');
    await site.deliver();
    const stop = site.link('stop');
    site.clock.now += HOUR;
    await site.post('fr/alertes', fieldsOf({ address: ADDRESS.replace('odile', 'Odile'), departments: '973' }));
    assert.deepEqual(await rowsOf(site), ['active 93 slots+better+gone', 'pending 973 slots+better+gone']);
    await site.post(site.link('confirm'));
    assert.deepEqual(await rowsOf(site), ['active 973 slots+better+gone']);
    await site.post(stop);
    assert.deepEqual(await rowsOf(site), []);
  });

  test('asks for a digest overseas, and gets what was asked for', async (t) => {
    const site = await openSiteFor(t);
    const wishes = {
      when: 'daily',
      digestAt: '07:30',
      timeZone: 'America/Cayenne',
      kinds: 'outage',
      procedures: 'aes',
    };
    await subscribed(site, wishes);
    const [row] = await site.store.subscriptions();
    assert.deepEqual(
      [row?.digestAt, row?.timeZone, row?.kinds, row?.procedures],
      ['07:30', 'America/Cayenne', ['outage', 'recovered'], ['aes', 'service']],
    );
  });

  test('is not named in the database', async (t) => {
    const site = await openSiteFor(t);
    await subscribed(site);
    const [row] = await site.store.subscriptions();
    assert.deepEqual(site.seal.open(row?.sealedTo ?? Buffer.alloc(0)), { address: ADDRESS });
    assert.ok(!JSON.stringify(row).includes('odile'));
    assert.ok(row?.sealedTo.includes('odile') === false);
  });
});

describe('a stranger who types the address of somebody else', () => {
  test('sees the same page whether it is subscribed or not', async (t) => {
    const site = await openSiteFor(t);
    const first = await site.post('fr/alertes', fieldsOf());
    await site.post(site.link('confirm'));
    const second = await site.post('fr/alertes', fieldsOf());
    assert.equal(second.text, first.text);
    assert.deepEqual([...second.headers.keys()].toSorted(), [...first.headers.keys()].toSorted());
  });

  test('cannot stop or change what that person has', async (t) => {
    const site = await openSiteFor(t);
    await subscribed(site, { departments: '93' });
    await site.post('fr/alertes', fieldsOf({ departments: '973', kinds: 'outage' }));
    await site.record('bobigny', 'slots');
    await site.deliver();
    assert.match(site.smtp.last().parsed.subject ?? '', /93/);
  });

  test('cannot make the link of an honest request useless', async (t) => {
    const site = await openSiteFor(t);
    await site.post('fr/alertes', fieldsOf({ departments: '93' }));
    const link = site.link('confirm');
    await site.post('fr/alertes', fieldsOf({ departments: '973' }));
    assert.equal((await site.post(link)).status, 200);
    assert.ok((await rowsOf(site)).includes('active 93 slots+better+gone'));
  });

  test('fills no mailbox: three mails a day to one address, and the page stays the same', async (t) => {
    const site = await openSiteFor(t);
    const pages = new Set<string>();
    for (const name of ['odile', 'Odile', 'odile', 'ODILE', 'odile']) {
      const address = ADDRESS.replace('odile', name);
      const { status, text } = await site.post('fr/alertes', fieldsOf({ address }));
      assert.equal(status, 200);
      pages.add(text.replace(address, ADDRESS));
    }
    assert.deepEqual([pages.size, site.smtp.mails.length, (await rowsOf(site)).length], [1, 3, 3]);
    site.clock.now += 24 * HOUR;
    await site.post('fr/alertes', fieldsOf());
    assert.equal(site.smtp.mails.length, 4);
  });
});

describe('links', () => {
  test('that were used, altered, too old or of another kind all get one answer', async (t) => {
    const site = await openSiteFor(t);
    await site.post('fr/alertes', fieldsOf());
    const used = site.link('confirm');
    await site.post(used);
    await site.post('fr/alertes', fieldsOf({ departments: '93' }));
    const fresh = site.link('confirm');
    const altered = fresh.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const unknown = fresh.replace(/\/\d+/, '/999');
    const texts = new Set<string>();
    for (const link of [used, altered, unknown, 'confirm/x', `confirm/${'9'.repeat(40)}.a`]) {
      for (const answer of [await site.get(link), await site.post(link)]) {
        assert.equal(answer.status, 410, link);
        texts.add(answer.text);
      }
    }
    site.clock.now += 48 * HOUR;
    assert.equal((await site.get(fresh)).status, 200, 'at the last moment');
    site.clock.now += 1;
    texts.add((await site.get(fresh)).text);
    assert.equal((await site.post(fresh)).status, 410);
    assert.equal(texts.size, 1);
    assert.deepEqual(await rowsOf(site), ['active  slots+better+gone', 'pending 93 slots+better+gone']);
  });

  test('of stopping do nothing when altered, and say so', async (t) => {
    const site = await openSiteFor(t);
    await subscribed(site);
    await site.record('bobigny', 'slots');
    await site.deliver();
    const stop = site.link('stop');
    const altered = stop.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    for (const link of [altered, 'stop/1', 'stop/x.y', stop.slice(0, -1)]) {
      assert.equal((await site.get(link)).status, 404, link);
      assert.equal((await site.post(link)).status, 404, link);
      const oneClick = await site.post(link, { 'List-Unsubscribe': 'One-Click' });
      assert.deepEqual([oneClick.status, oneClick.text], [404, ''], link);
    }
    assert.equal((await rowsOf(site)).length, 1);
  });

  test('never end what the operator configured', async (t) => {
    const site = await openSiteFor(t);
    await site.store.configureSubscriptions([
      subscriptionOf('x', { channel: 'email', sealedTo: site.seal.seal({ address: ADDRESS }), createdAt: 5 }),
    ]);
    const answer = await site.post(`stop/1.${site.seal.sign('stop', 1, 5)}`);
    assert.equal(answer.status, 200);
    assert.equal((await rowsOf(site)).length, 1);
  });

  test('a one-click may come as multipart/form-data', async (t) => {
    const site = await openSiteFor(t);
    await subscribed(site);
    await site.record('bobigny', 'slots');
    await site.deliver();
    const body = new FormData();
    body.set('List-Unsubscribe', 'One-Click');
    const answer = await fetch(new URL(site.link('stop'), site.page), { method: 'POST', body });
    assert.deepEqual([answer.status, await answer.text()], [200, '']);
    assert.deepEqual(await rowsOf(site), []);
  });

  test('of requests that nobody confirmed are forgotten after two days, and no others', async (t) => {
    const site = await openSiteFor(t);
    await subscribed(site);
    await site.post('fr/alertes', fieldsOf({ address: 'paul@association.example' }));
    site.clock.now += 48 * HOUR;
    assert.equal(await dropUnconfirmed(site.store, site.clock.now), 0);
    assert.equal(await dropUnconfirmed(site.store, site.clock.now + 1), 1);
    assert.deepEqual(await rowsOf(site), ['active  slots+better+gone']);
  });
});

describe('the pages', () => {
  test('run no foreign script, are framed by nobody and kept by no cache', async (t) => {
    const site = await openSiteFor(t);
    for (const path of ['fr/alertes', 'en/alerts', 'ar/alerts', 'confirm/x', 'stop/x']) {
      const { headers } = await site.get(path);
      const policy = headers.get('content-security-policy') ?? '';
      for (const rule of ["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"]) {
        assert.ok(policy.includes(rule), `${path}: ${rule}`);
      }
      assert.doesNotMatch(policy, /unsafe|\*/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('referrer-policy'), 'same-origin');
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.equal(headers.get('x-robots-tag'), path.includes('/x') ? 'noindex' : null);
    }
  });

  for (const [name, options] of [
    ['without a mail channel', { channels: {} }],
    ['without a public address', { parts: { page: null } }],
  ] as const) {
    test(`${name}: no form, no request, but what else there is`, async (t) => {
      const offers = { telegramBot: 'guetteur_bot', ntfyTopics: ['https://ntfy.example/rdv-93'] };
      const site = await openSiteFor(t, {
        ...options,
        parts: { offers, ...('parts' in options ? options.parts : {}) },
      });
      for (const { status, text } of [await site.get('fr/alertes'), await site.post('fr/alertes', fieldsOf())]) {
        assert.equal(status, 200);
        assert.doesNotMatch(text, /<form|name="address"/);
        for (const words of [
          'Pas d’alertes par courriel',
          'feeds/93.atom',
          't.me/guetteur_bot',
          'ntfy.example/rdv-93',
        ]) {
          assert.ok(text.includes(words), words);
        }
      }
      assert.deepEqual(await rowsOf(site), []);
    });
  }

  test('offer only what is watched, in the order of the codes', async (t) => {
    const { text } = await (await openSiteFor(t)).get('en/alerts');
    const offered = [...text.matchAll(/name="(departments|procedures)"\s+value="([^"]+)"/g)].map(
      ([, , value]) => value,
    );
    assert.deepEqual(offered, ['2A', '93', '973', 'renewal', 'aes']);
  });

  test('of a broken store say so without a word of why', async (t) => {
    const site = await openSiteFor(t);
    await site.post('fr/alertes', fieldsOf());
    await site.store.end();
    const { status, text, headers } = await site.get(site.link('confirm'));
    assert.deepEqual([status, text.includes('Une panne de notre côté')], [500, true]);
    assert.doesNotMatch(text, /sqlite|database|at \//i);
    assert.ok(headers.has('content-security-policy'));
  });
});
