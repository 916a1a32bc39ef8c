import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { bareTarget } from '../../src/core/target.ts';
import { loadProbes } from '../../src/plugins.ts';
import { dayOf, daysBetween, nearDay, numericDay, parisInstant } from '../../src/read/dates.ts';
import { Page } from '../../src/read/page.ts';
import { slotFacets } from '../../src/read/slots.ts';
import { fold } from '../../src/read/text.ts';
import { maintenanceSign, movedSign, readWeb, suspendedSign } from '../../src/read/web-rules.ts';
import { captureOf } from '../support/capture.ts';

const NOVEMBER = Date.UTC(2026, 10, 23, 8);

test('a page that nests ten thousand deep is read like any other', () => {
  const html = `${'<div>'.repeat(10_000)}<p>au fond</p>${'</div>'.repeat(10_000)}`;
  const page = new Page(captureOf({ html, text: 'au fond' }));
  assert.equal(page.wordsOutside('nav'), 'au fond');
  const [outer] = page.visible('div');
  assert.ok(outer !== undefined);
  assert.equal(page.wordsOf(outer), 'au fond');
});

describe('words', () => {
  test('are equal whatever their case, accents, spaces, apostrophes and Unicode form', () => {
    const plain = fold("Il n'existe plus de créneau");
    for (const written of [
      'IL N’EXISTE PLUS DE CRÉNEAU',
      'Il n\u02bcexiste\u00a0plus  de\u202fcre\u0301neau',
      ' il n\u2019existe plus\nde cr\u00e9\u200bneau ',
    ]) {
      assert.equal(fold(written), plain, JSON.stringify(written));
    }
  });
});

describe('days', () => {
  for (const [words, at, expected] of [
    ['lundi 18/05', Date.UTC(2026, 4, 4), '2026-05-18'],
    // A page of last spring is past, not next spring: the weekday decides the year.
    ['lundi 18/05', NOVEMBER, '2026-05-18'],
    ['lundi 04/01', NOVEMBER, '2027-01-04'],
    ['lun. 30/11', NOVEMBER, '2026-11-30'],
    ['mercredi 1er dec.', Date.UTC(2027, 10, 23), '2027-12-01'],
    ['30/11', NOVEMBER, '2026-11-30'],
    ['02/01', NOVEMBER, '2027-01-02'],
    ['dimanche 30/11', NOVEMBER, '2025-11-30'],
    ['jeudi 11 mars', NOVEMBER, '2027-03-11'],
    ['mercredi 10 mars', NOVEMBER, '2027-03-10'],
    ['15 mars', NOVEMBER, '2027-03-15'],
    ['mar. 16/03', NOVEMBER, '2027-03-16'],
    // A weekday of none of the three years around.
    ['jeudi 30/11', NOVEMBER, null],
    ['lundi 31/02', NOVEMBER, null],
    ['dans 3 jours', NOVEMBER, null],
    ['', NOVEMBER, null],
  ] as const) {
    test(`"${words}" seen on ${dayOf(at)} is ${expected ?? 'no day'}`, () =>
      assert.equal(nearDay(words, at), expected));
  }

  test('full dates are read, and days that do not exist are not', () => {
    assert.equal(numericDay('le 18/05/2026 à 11:58'), '2026-05-18');
    assert.equal(numericDay('le 31/02/2026'), null);
    assert.equal(numericDay('18/05'), null);
  });

  test("Paris' wall clock is right on both sides of the changes of hour", () => {
    for (const [day, time, utc] of [
      ['2026-03-29', '01:59', '2026-03-29T00:59:00.000Z'],
      ['2026-03-29', '03:00', '2026-03-29T01:00:00.000Z'],
      ['2026-10-25', '01:30', '2026-10-24T23:30:00.000Z'],
      ['2026-10-25', '12:00', '2026-10-25T11:00:00.000Z'],
      ['2026-07-14', '00:00', '2026-07-13T22:00:00.000Z'],
    ] as const) {
      assert.equal(new Date(parisInstant(day, time)).toISOString(), utc);
    }
  });

  test('an instant before midnight in Paris belongs to that day', () => {
    assert.equal(dayOf(Date.UTC(2026, 10, 22, 22, 59)), '2026-11-22');
    assert.equal(dayOf(Date.UTC(2026, 10, 22, 23, 1)), '2026-11-23');
    assert.equal(daysBetween('2026-03-28', '2026-03-30'), 2);
  });
});

describe('lead of the slots seen on 23 November 2026', () => {
  for (const [days, band] of [
    [['2026-11-23'], 'within31_single'],
    [['2026-12-24', '2026-12-24'], 'within31_single'],
    [['2026-11-24', '2026-12-24'], 'within31_several'],
    [['2026-12-24', '2026-12-25'], 'within31_single'],
    [['2026-12-25'], 'from32to61'],
    [['2027-01-23', '2027-01-24'], 'from32to61'],
    [['2027-01-24'], 'from62'],
    [[], 'date_unknown'],
  ] as const) {
    test(`${days.join(', ') || 'no day'} is ${band}`, () =>
      assert.equal(slotFacets(days, null, NOVEMBER)?.leadBand, band));
  }

  test('days that are all past are no slots; a past one among others is left out', () => {
    assert.equal(slotFacets(['2026-11-22'], 3, NOVEMBER), null);
    assert.deepEqual(slotFacets(['2026-11-22', '2026-12-01', '2026-12-01'], 3, NOVEMBER), {
      leadBand: 'within31_single',
      firstDate: '2026-12-01',
      distinctDays: 1,
      slotCount: 3,
    });
  });
});

const pageOf = (text: string): Page => new Page(captureOf({ text, html: `<body><p>${text}</p></body>` }));

describe('sentences', () => {
  for (const [text, sign] of [
    ['La prise de rendez-vous est suspendue jusqu’à nouvel ordre.', suspendedSign],
    ["La prise de rendez-vous en ligne n'est pas encore ouverte.", suspendedSign],
    ['Les réservations sont temporairement fermées.', suspendedSign],
    ["Cette démarche s'effectue désormais en ligne sur le site de l'ANEF.", movedSign],
    ['Désormais, adressez votre dossier par voie postale.', movedSign],
    ['Le site est en maintenance.', maintenanceSign],
    ["En raison d'une opération de maintenance, le service est indisponible.", maintenanceSign],
    ['The service is undergoing scheduled maintenance.', maintenanceSign],
  ] as const) {
    test(`"${text}" is a ${sign.name}`, () => assert.notEqual(sign(pageOf(text)), null));
  }

  for (const [text, sign] of [
    ['Le service est fermé le 25 décembre.', suspendedSign],
    ['Le guichet est fermé le vendredi après-midi.', suspendedSign],
    ["Votre espace ANEF est accessible à l'adresse habituelle.", movedSign],
    ['Contrat de maintenance : société Exemple.', maintenanceSign],
  ] as const) {
    test(`"${text}" is no ${sign.name}`, () => assert.equal(sign(pageOf(text)), null));
  }
});

describe('what every page on the web may be', () => {
  for (const [change, outcome] of [
    [{ status: 429 }, 'rate_limited'],
    [{ status: 401 }, 'denied'],
    [{ status: 403 }, 'denied'],
    [{ status: 451 }, 'denied'],
    [{ status: 502 }, 'overloaded'],
    [{ status: 503 }, 'overloaded'],
    [{ status: 504 }, 'overloaded'],
    [{ status: 500 }, 'error'],
    [{ status: 520 }, 'error'],
    [{ status: 404 }, 'error'],
    [{ text: 'Sorry, you have been blocked\nCloudflare Ray ID: 1' }, 'denied'],
    [{ text: 'Request unsuccessful. Incapsula incident ID: 1' }, 'denied'],
    [{ text: 'Request forbidden by administrative rules.' }, 'denied'],
    [{ text: 'Service surchargé\nVeuillez réessayer.' }, 'overloaded'],
    [{ text: 'Si « Service surchargé » s’affiche, revenez plus tard, merci.' }, undefined],
    [{ title: '503 Service Unavailable', text: 'No server is available to handle this request.' }, 'overloaded'],
    [{ title: 'Erreur serveur', text: 'Service indisponible, nous travaillons.' }, 'error'],
    [{ text: '' }, 'error'],
    [{ text: '', headers: { 'content-type': 'application/json' } }, undefined],
    [{ failure: { kind: 'dns', message: '' } }, 'unreachable'],
    [{ failure: { kind: 'tls', message: '' } }, 'unreachable'],
    [{ failure: { kind: 'connection', message: '' } }, 'unreachable'],
    [{ failure: { kind: 'timeout', message: '' } }, 'timeout'],
    [{ failure: { kind: 'redirects', message: '' } }, 'error'],
    [{ failure: { kind: 'robots', message: '' } }, 'robots'],
    [{ failure: { kind: 'download', message: '' } }, 'unknown_page'],
    [{ failure: { kind: 'left_hosts', message: '' }, finalUrl: 'https://app.franceconnect.gouv.fr/x' }, 'login'],
    [{ failure: { kind: 'left_hosts', message: '' }, finalUrl: 'https://rdv.anct.gouv.fr/x' }, 'moved'],
    [
      {
        failure: { kind: 'left_hosts', message: 'refused: a private address' },
        requestedUrl: 'https://rdv.anct.gouv.fr/x',
        finalUrl: 'https://rdv.anct.gouv.fr/x',
      },
      'unknown_page',
    ],
    [{ failure: { kind: 'left_hosts', message: '' }, finalUrl: 'https://example.org/' }, 'unknown_page'],
    [{ text: 'Bienvenue sur le site de la préfecture' }, undefined],
  ] as const) {
    test(`${JSON.stringify(change)} is ${outcome ?? 'nothing of the kind'}`, () => {
      assert.equal(
        readWeb(captureOf({ text: 'Une page comme une autre, assez longue.', ...change }))?.outcome,
        outcome,
      );
    });
  }
});

test('a sign-in of ANEF that leads back to itself without end is an error of the site, not an unknown page', async () => {
  const anef = (await loadProbes()).get('anef');
  assert.ok(anef !== undefined);
  const address = 'https://sso.anef.dgef.interieur.gouv.fr/auth/realms/anef-usagers/protocol/openid-connect/auth';
  const capture = captureOf({
    step: 'sso:page',
    requestedUrl: address,
    finalUrl: address,
    status: null,
    failure: { kind: 'refused', message: 'refused: the page loads itself again and again' },
    incidents: [{ kind: 'refused', rule: 'loads', detail: 'the page loads itself again and again', url: address }],
  });
  const target = bareTarget({ id: 'sso', platform: 'anef', address, practice: false });
  const { outcome, rule } = anef.read([capture], target);
  assert.deepEqual([outcome, rule], ['error', 'loop']);
});
