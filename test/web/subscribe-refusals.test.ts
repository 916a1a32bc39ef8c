import assert from 'node:assert/strict';
import { request } from 'node:http';
import { describe, test } from 'node:test';

import { ADDRESS, fieldsOf, openSiteFor, rowsOf, type SubscribeSite } from '../support/subscribe-site.ts';

const HOUR = 3_600_000;

describe('what is refused, with the error beside its field', () => {
  const LONG = `${'a'.repeat(244)}@site.example`;
  const cases: readonly (readonly [string, Record<string, string | string[]>, string, string])[] = [
    ['no address', { address: '' }, 'address', 'Écrivez une seule adresse'],
    ['a word', { address: 'odile' }, 'address', 'Écrivez une seule adresse'],
    ['a host without a dot', { address: 'odile@localhost' }, 'address', 'Écrivez une seule adresse'],
    ['two addresses', { address: 'a@b.example,c@d.example' }, 'address', 'Écrivez une seule adresse'],
    ['two addresses apart', { address: 'a@b.example, c@d.example' }, 'address', 'Écrivez une seule adresse'],
    ['two addresses by semicolon', { address: 'a@b.example;c@d.example' }, 'address', 'Écrivez une seule adresse'],
    ['two fields of addresses', { address: ['a@b.example', 'c@d.example'] }, 'address', 'Écrivez une seule adresse'],
    [
      'a header after the address',
      { address: 'a@b.example\r\nBcc: c@d.example' },
      'address',
      'Écrivez une seule adresse',
    ],
    ['a line break at the end', { address: 'a@b.example\n' }, 'address', 'Écrivez une seule adresse'],
    ['a carriage return before', { address: '\ra@b.example' }, 'address', 'Écrivez une seule adresse'],
    ['a name beside the address', { address: 'Odile <a@b.example>' }, 'address', 'Écrivez une seule adresse'],
    ['a quoted name', { address: '"a b"@b.example' }, 'address', 'Écrivez une seule adresse'],
    ['an endless address', { address: LONG }, 'address', 'Écrivez une seule adresse'],
    ['a department that is not watched', { departments: ['93', '01'] }, 'departments', 'Choisissez des départements'],
    ['a department that is none', { departments: "93' or 1=1" }, 'departments', 'Choisissez des départements'],
    ['a procedure that is not watched', { procedures: 'student' }, 'procedures', 'Choisissez des démarches'],
    ['no kind', { kinds: [] }, 'kinds', 'Cochez au moins une raison'],
    ['the kinds of the operator', { kinds: ['slots', 'operator'] }, 'kinds', 'Cochez au moins une raison'],
    ['an unknown language', { language: 'de' }, 'language', 'Choisissez une langue'],
    ['half of the quiet hours', { from: '22:00' }, 'quiet', 'Écrivez les deux heures'],
    ['quiet hours of no length', { from: '22:00', to: '22:00' }, 'quiet', 'Écrivez deux heures différentes'],
    ['an hour that is none', { from: '25:00', to: '07:00' }, 'quiet', 'Écrivez deux heures différentes'],
    ['an unknown clock', { timeZone: 'Mars/Olympus' }, 'timeZone', 'Choisissez une heure'],
    ['no way of sending', { when: 'never' }, 'when', 'un des deux envois'],
    ['a digest without its hour', { when: 'daily', digestAt: '' }, 'digestAt', 'heure du message quotidien'],
  ];

  test('each of them, and nothing is kept or sent', async (t) => {
    const site = await openSiteFor(t);
    for (const [name, change, field, words] of cases) {
      const { status, text } = await site.post('fr/alertes', fieldsOf(change));
      assert.equal(status, 422, name);
      const error = new RegExp(`id="${field}-error">([^<]*)<`).exec(text)?.[1] ?? '';
      assert.ok(error.includes(words), `${name}: ${error}`);
      assert.equal([...text.matchAll(/-error">/g)].length, 1, name);
      assert.match(text, new RegExp(`aria-describedby="[^"]*${field}-error"[^>]*aria-invalid="true"`), name);
    }
    assert.deepEqual([await rowsOf(site), site.smtp.connections()], [[], 0]);
  });

  test('several at once, in the language of the page, with what was typed and nothing of it run', async (t) => {
    const site = await openSiteFor(t);
    const typed = {
      address: '"><script>alert(1)</script>',
      departments: '973',
      from: '21:30',
      kinds: [],
      language: 'ar',
    };
    const { text } = await site.post('ar/alerts', fieldsOf(typed));
    for (const words of ['اكتب عنوانًا واحدًا', 'اختر سببًا واحدًا', 'اكتب الساعتين معًا'])
      assert.ok(text.includes(words), words);
    assert.ok(text.includes('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"'));
    assert.doesNotMatch(text, /<script/);
    assert.match(text, /value="973"\s+checked/);
    assert.match(text, /name="from"\s+value="21:30"/);
  });

  test('spaces around a pasted address are no mistake', async (t) => {
    const site = await openSiteFor(t);
    await site.post('fr/alertes', fieldsOf({ address: `  ${ADDRESS} ` }));
    assert.deepEqual(site.smtp.last().to, [ADDRESS]);
  });

  test('a form that is not posted from our page', async (t) => {
    const site = await openSiteFor(t);
    const own = new URL(site.page).origin;
    for (const [headers, status] of [
      [{ 'sec-fetch-site': 'cross-site' }, 403],
      [{ 'sec-fetch-site': 'same-site' }, 403],
      [{ origin: 'https://evil.example' }, 403],
      [{ origin: 'null' }, 403],
      [{ 'sec-fetch-site': 'cross-site', origin: own }, 403],
      [{ 'sec-fetch-site': 'same-origin', origin: 'null' }, 200],
      [{ origin: own }, 200],
      [{}, 200],
    ] as const) {
      const answer = await site.post('fr/alertes', fieldsOf(), headers);
      assert.equal(answer.status, status, JSON.stringify(headers));
    }
    const link = site.link('confirm');
    assert.equal((await site.post(link, {}, { 'sec-fetch-site': 'cross-site' })).status, 403);
    assert.equal(
      (await rowsOf(site)).some((row) => row.startsWith('active')),
      false,
    );
  });

  test('more than a form can hold', async (t) => {
    const site = await openSiteFor(t);
    const { status, text } = await site.post('fr/alertes', fieldsOf({ address: 'a'.repeat(20_000) }));
    assert.deepEqual([status, text.includes('Demande trop longue')], [413, true]);
  });
});

describe('too many at once', () => {
  /** From another address of this machine: all of 127.0.0.0/8 is loopback. */
  function postFrom(
    site: SubscribeSite,
    localAddress: string,
    address: string,
  ): Promise<{ status: number; wait: string }> {
    const body = new URLSearchParams({
      address,
      kinds: 'slots',
      when: 'now',
      timeZone: 'Europe/Paris',
      language: 'en',
    }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': '203.0.113.9' };
    return new Promise((resolve, reject) => {
      request(new URL('en/alerts', site.page), { method: 'POST', localAddress, headers }, (answer) => {
        answer.resume().on('end', () => {
          resolve({ status: answer.statusCode ?? 0, wait: answer.headers['retry-after'] ?? '' });
        });
      })
        .on('error', reject)
        .end(body);
    });
  }

  test('from one client: it is told when to come back, others are served', async (t) => {
    const limits = { perClient: { count: 2, withinMs: HOUR } };
    const site = await openSiteFor(t, { parts: { limits } });
    const answers = [];
    for (const [client, name] of [
      ['127.0.0.2', 'a'],
      ['127.0.0.2', 'b'],
      ['127.0.0.2', 'c'],
      ['127.0.0.3', 'd'],
    ] as const) {
      answers.push(await postFrom(site, client, `${name}@site.example`));
    }
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 429, 200],
    );
    assert.equal(answers[2]?.wait, '1800');
    assert.equal(site.smtp.mails.length, 3);
    site.clock.now += 0.5 * HOUR;
    assert.equal((await postFrom(site, '127.0.0.2', 'c@site.example')).status, 200);
  });

  test('from everybody: the mail server is left alone', async (t) => {
    const limits = { overall: { count: 3, withinMs: HOUR } };
    const site = await openSiteFor(t, { parts: { limits } });
    const statuses = [];
    for (let at = 2; at < 7; at += 1)
      statuses.push((await postFrom(site, `127.0.0.${at}`, `v${at}@site.example`)).status);
    assert.deepEqual(statuses, [200, 200, 200, 429, 429]);
    assert.equal(site.smtp.mails.length, 3);
  });
});

describe('a mail server that refuses', () => {
  for (const [name, refusal] of [
    ['for good', { stage: 'rcpt', code: 550, text: 'no such user odile@association.example' }],
    ['for now', { stage: 'data', code: 451 }],
  ] as const) {
    test(`${name}: the person who waits is told, and nothing is kept`, async (t) => {
      const site = await openSiteFor(t, { refusals: [refusal] });
      const { status, text } = await site.post('fr/alertes', fieldsOf());
      assert.deepEqual([status, text.includes('Le message n’est pas parti')], [502, true]);
      assert.deepEqual(await rowsOf(site), []);
      assert.equal(site.failures.length, 1);
      assert.doesNotMatch(site.failures.join(), /odile/);
      assert.equal((await site.post('fr/alertes', fieldsOf())).status, 200);
    });
  }
});
