import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { OUTCOMES, isOutcome } from '../../src/core/outcome.ts';
import type { Replica } from '../../src/core/replica.ts';
import { replica as anef } from '../../src/practice/anef.ts';
import { replica as ezBooking } from '../../src/practice/ez-booking.ts';
import { replica as rdvPrefecture } from '../../src/practice/rdv-prefecture.ts';
import { mondayOf, openDays, parisDay, parisInstant, plusDays } from '../../src/practice/shared/paris.ts';
import { SAYS } from './answers.ts';
import { NOW, Walker, ask, pathOf, plain, stand, visit } from './visitor.ts';

const REPLICAS: Readonly<Record<string, Replica>> = { anef, 'ez-booking': ezBooking, 'rdv-prefecture': rdvPrefecture };

/** An ordinary day, both clock changes and their eves, year's ends, a leap day, midnight in Paris. */
const MOMENTS = [
  '2026-11-23T09:00:00Z',
  '2026-03-28T23:30:00Z',
  '2026-03-29T00:30:00Z',
  '2026-03-29T01:30:00Z',
  '2026-03-15T10:00:00Z',
  '2026-10-24T22:30:00Z',
  '2026-10-25T00:30:00Z',
  '2026-10-25T01:30:00Z',
  '2026-10-18T10:00:00Z',
  '2026-12-20T12:00:00Z',
  '2026-12-31T22:59:00Z',
  '2026-12-31T23:30:00Z',
  '2028-02-20T08:00:00Z',
].map((moment) => Date.parse(moment));

describe('the replicas', () => {
  it('are the files of the folder, each under its own name', () => {
    const files = readdirSync(new URL('../../src/practice/', import.meta.url), { withFileTypes: true });
    const names = files.filter((entry) => entry.isFile()).map((entry) => entry.name.replace(/\.ts$/, ''));
    for (const [name, replica] of Object.entries(REPLICAS)) {
      assert.equal(replica.platform, name);
      assert.ok(names.includes(name), name);
    }
  });

  it('name their scenarios uniquely and in kebab-case', () => {
    for (const { platform, scenarios } of Object.values(REPLICAS)) {
      const names = scenarios.map((scenario) => scenario.name);
      assert.equal(new Set(names).size, names.length, platform);
      for (const name of names) assert.match(name, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    }
  });

  it('show at least 22 practice targets of many outcomes, with one control a booking platform', () => {
    const shown = Object.values(REPLICAS).flatMap(({ scenarios }) => scenarios.filter((scenario) => scenario.shown));
    assert.ok(shown.length >= 22, `${shown.length} shown`);
    const outcomes = new Set(shown.map((scenario) => scenario.expect(NOW).outcome));
    assert.ok(outcomes.size >= 9, [...outcomes].join(', '));
    assert.equal(shown.filter((scenario) => scenario.shown?.control === true).length, 2);
  });

  it('expect only known outcomes, at any time', () => {
    for (const { scenarios } of Object.values(REPLICAS)) {
      for (const scenario of scenarios) {
        for (const now of MOMENTS) assert.ok(isOutcome(scenario.expect(now).outcome), scenario.name);
      }
    }
    assert.ok(OUTCOMES.length > 0);
  });

  it('refuse a scenario they do not have', () => {
    for (const replica of Object.values(REPLICAS)) assert.throws(() => stand(replica, 'nowhere'), /no scenario/);
  });
});

describe('every scenario answers where the visit begins', () => {
  const table = new Map(
    SAYS.map(([replica, name, status, words]) => [`${replica.platform} ${name}`, { status, words }]),
  );
  it('and the table of expected answers names only scenarios that exist', () => {
    for (const [replica, name] of SAYS) pathOf(replica, name);
  });
  for (const replica of Object.values(REPLICAS)) {
    for (const { name, path } of replica.scenarios) {
      it(`${replica.platform} ${name}`, async () => {
        const { site, tally } = stand(replica, name);
        if (name === 'redirect-loop') {
          await assert.rejects(visit(site, path), /more than five/);
          return;
        }
        const seen = await visit(site, path);
        const { status, words } = table.get(`${replica.platform} ${name}`) ?? { status: 200, words: [] };
        assert.equal(seen.status, status);
        for (const word of words) assert.ok(seen.text.includes(word), `${word} is missing`);
        assert.deepEqual(tally, { submissions: 0, holds: 0, captchaAnswers: 0, posts: [] });
      });
    }
  }

  it('with the limiter telling how long to wait', async () => {
    const { site } = stand(rdvPrefecture, 'too-many-requests');
    const { headers } = await ask(site, pathOf(rdvPrefecture, 'too-many-requests'));
    assert.equal(headers.get('retry-after'), '300');
    assert.equal(headers.get('x-rate-limit-remaining'), '0');
  });

  it('and a slots page without a session leads back to the captcha', async () => {
    const { site } = stand(rdvPrefecture, 'session-lost');
    const { url } = await visit(site, pathOf(rdvPrefecture, 'session-lost'));
    assert.match(url, /\/cgu\/\?error=errorSessionInvalide$/);
  });

  it('and the no-slot sentence hidden in an unknown page is really in it', async () => {
    const { site } = stand(ezBooking, 'hidden-sentence');
    const { text } = await visit(site, pathOf(ezBooking, 'hidden-sentence'));
    assert.match(text, /display:none"><p>Il n'existe plus de plage horaire libre/);
  });
});

async function freeInstants(scenario: string, now: number): Promise<readonly number[]> {
  const { site } = stand(ezBooking, scenario, now);
  const walker = new Walker(site);
  const accepted = await walker.accept('/booking/create/717');
  if (accepted.text.includes('fchoix_Booking'))
    await walker.go('/booking/create/717/1', {
      planning: /.*name="planning" id="planning(\d+)"/s.exec(accepted.text)?.[1] ?? '',
    });
  const { text } = await walker.go('/booking/create/717/3', { nextButton: 'Etape suivante' });
  const call = /const call = (\{.*\});/.exec(text)?.[1];
  assert.ok(call, 'step 4 has no call');
  const [, address, offset] = /"address":"([^"]+)","offset":(-?\d+)/.exec(call) ?? [];
  const fragment = plain(await (await ask(site, `${address}::${offset}`)).text());
  assert.match(fragment, /th colspan="7"/);
  return [...fragment.matchAll(/\/booking\/create\/717\/5\/(\d+)"/g)].map(([, seconds]) => Number(seconds) * 1000);
}

describe('the booking module', () => {
  it('forgets that conditions were accepted when the cookie does not come back', async () => {
    const { site } = stand(ezBooking, 'no-slots-in-place');
    const answer = await ask(site, '/booking/create/717/1', { method: 'POST', body: 'planning=718' });
    assert.equal(answer.headers.get('location'), '/booking/create/717');
  });

  it('says that nothing is free in place or at the address of step 2', async () => {
    const inPlace = await new Walker(stand(ezBooking, 'no-slots-in-place').site).accept('/booking/create/717');
    assert.equal(inPlace.url, '/booking/create/717/0');
    const redirected = await new Walker(stand(ezBooking, 'no-slots-redirected').site).accept('/booking/create/717');
    assert.equal(redirected.url, '/booking/create/717/2');
    for (const { text } of [inPlace, redirected]) assert.match(text, /Il n'existe plus de plage horaire libre/);
  });

  it('answers each of three counters on its own', async () => {
    const walker = new Walker(stand(ezBooking, 'counter-bad-gateway').site);
    const choice = await walker.accept('/booking/create/717');
    assert.equal([...choice.text.matchAll(/name="planning"/g)].length, 3);
    const statuses: number[] = [];
    for (const planning of ['14673', '14674', '14675']) {
      statuses.push((await walker.go('/booking/create/717/1', { planning })).status);
    }
    assert.deepEqual(statuses, [200, 502, 200]);
  });

  it('has no calendar as an error in a list', async () => {
    const { text } = await new Walker(stand(ezBooking, 'no-calendar').site).accept('/booking/create/717');
    assert.match(text, /<ul class="error"><li>Il n'y a pas calendrier disponible/);
  });

  it('writes the sentence with typographic and decomposed letters when asked to', async () => {
    const typographic = await new Walker(stand(ezBooking, 'no-slots-typographic').site).accept('/booking/create/717');
    assert.match(typographic.text, /Il n’existe plus de plage\u00a0horaire/);
    const decomposed = await new Walker(stand(ezBooking, 'no-slots-decomposed').site).accept('/booking/create/717');
    assert.ok(decomposed.text.includes('ultérieurement'.normalize('NFD')));
  });

  for (const scenario of [
    'slots-several-days',
    'slots-single-day',
    'slots-next-month',
    'slots-from-62-days',
    'slots-calendar-by-post',
    'third-counter-slots',
    'styled-controls-slots',
  ]) {
    it(`offers only future slots, equal to what is expected of them: ${scenario}`, async () => {
      const facets = ezBooking.scenarios.find(({ name }) => name === scenario)?.expect;
      for (const now of MOMENTS) {
        const instants = await freeInstants(scenario, now);
        assert.ok(instants.length > 0);
        const days = [...new Set(instants.map(parisDay))].toSorted();
        for (const instant of instants) assert.ok(instant > now);
        const expected = facets?.(now).facets;
        if (expected?.firstDate === undefined) continue;
        assert.equal(days[0], expected.firstDate);
        assert.equal(days.length, expected.distinctDays);
        assert.equal(instants.length, expected.slotCount);
      }
    });
  }

  it('has only past slots on its stale page', async () => {
    for (const now of MOMENTS) {
      const { site } = stand(ezBooking, 'stale-calendar', now);
      const page = await (await ask(site, '/booking/create/717/4')).text();
      const offset = /"offset":(-?\d+)/.exec(page)?.[1] ?? '';
      const fragment = await (
        await ask(site, `/ezjscore/call/bookingserver::planning::assign::717::718::${offset}`)
      ).text();
      const instants = [...fragment.matchAll(/\/5\/(\d+)"/g)].map(([, seconds]) => Number(seconds) * 1000);
      assert.ok(instants.length > 0);
      for (const instant of instants) assert.ok(instant < now);
    }
  });

  it('says "libre" once, in the legend, when nothing is free', async () => {
    const { site } = stand(ezBooking, 'calendar-legend-only');
    const { text } = await visit(site, pathOf(ezBooking, 'calendar-legend-only'));
    assert.equal([...text.matchAll(/>libre</g)].length, 1);
    assert.doesNotMatch(text, /\/5\//);
  });
});

describe('the slots page', () => {
  for (const scenario of ['slots-this-week', 'slots-single-day', 'slots-styled-radios', 'slots-in-last-week']) {
    it(`heads each column with its real weekday, in the future: ${scenario}`, async () => {
      const played = rdvPrefecture.scenarios.find(({ name }) => name === scenario);
      assert.ok(played);
      for (const now of MOMENTS) {
        const { text } = await visit(stand(rdvPrefecture, scenario, now).site, played.path);
        const columns = text.split('items-center blocCreneauSelection').slice(1);
        const open = columns.filter((column) => column.includes('name="trhId"'));
        const { facets } = played.expect(now);
        assert.equal(columns.length, 5);
        assert.match(columns[0] ?? '', /lundi<br ?\/>/);
        assert.equal(open.length, facets?.distinctDays);
        assert.equal([...text.matchAll(/name="trhId"/g)].length, facets?.slotCount);
        const first = facets?.firstDate ?? '';
        assert.ok(first > parisDay(now) && first <= plusDays(parisDay(now), 31), first);
        assert.ok(open[0]?.includes(`${first.slice(8)}/${first.slice(5, 7)}</h3>`), first);
        if (facets?.secondDate !== undefined) assert.ok(facets.secondDate <= plusDays(parisDay(now), 31));
      }
    });
  }

  it('announces a later date or the next batch in the future, and a stale one in the past', async () => {
    for (const now of MOMENTS) {
      for (const [scenario, isPast] of [
        ['next-availability', false],
        ['stale-next-availability', true],
      ] as const) {
        const { text } = await visit(stand(rdvPrefecture, scenario, now).site, pathOf(rdvPrefecture, scenario));
        const [, day, month, year] = /Prochaine disponibilité le (\d\d)\/(\d\d)\/(\d{4})/.exec(text) ?? [];
        assert.equal(`${year}-${month}-${day}` < parisDay(now), isPast);
      }
      const batch = rdvPrefecture.scenarios.find(({ name }) => name === 'publication-announced');
      const at = Date.parse(batch?.expect(now).facets?.nextPublicationAt ?? '');
      assert.ok(at > now);
      assert.equal(new Date(at).toLocaleTimeString('fr-FR', { timeZone: 'Europe/Paris' }), '11:30:00');
    }
  });
});

describe('what no monitor may do is counted', () => {
  it('a slot chosen, a captcha answered and a form sent in the booking module', async () => {
    const { site, tally } = stand(ezBooking, 'slots-several-days');
    const walker = new Walker(site);
    await walker.accept('/booking/create/717');
    await walker.go('/booking/create/717/5/1790000000');
    assert.equal(tally.holds, 1);
    await walker.go('/booking/create/717/6', { 'g-recaptcha-response': 'x' });
    assert.equal(tally.captchaAnswers, 1);
    await walker.go('/booking/create/717/8', { lastname: 'Essai' });
    await walker.go('/booking/create/717/9', { nextButton: 'Etape suivante' });
    assert.equal(tally.submissions, 2);
    assert.deepEqual(
      tally.posts,
      ['0', '6', '8', '9'].map((step) => `POST /booking/create/717/${step}`),
    );
  });

  it('the identity form that stands in the place of the conditions', async () => {
    const { site, tally } = stand(ezBooking, 'identity-first');
    await new Walker(site).go('/booking/create/717/8', { condition: 'on' });
    assert.equal(tally.submissions, 1);
  });

  it('a slot chosen on a page whose calendar was opened directly', async () => {
    const { site, tally } = stand(ezBooking, 'slots-and-refusal-together');
    await ask(site, '/booking/create/717/5/1790000000');
    assert.equal(tally.holds, 1);
  });

  it('a captcha answered, a slot chosen and a form sent on the national platform', async () => {
    const { site, tally } = stand(rdvPrefecture, 'slots-this-week');
    const start = '/rdvpref/reservation/demarche/4407/';
    const answer = await ask(site, `${start}_validerCaptcha`, { method: 'POST', body: 'captchaUsercode=x' });
    assert.equal(answer.headers.get('location'), `${start}cgu/?error=invalidCaptcha`);
    await ask(site, `${start}creneau/_choisirBloc`, { method: 'POST', body: 'trhId=1' });
    await ask(site, `${start}formulaire/`);
    assert.equal(tally.submissions, 0);
    await ask(site, `${start}formulaire/`, { method: 'POST', body: 'nom=x' });
    assert.deepEqual(
      { ...tally, posts: tally.posts.length },
      { submissions: 1, holds: 1, captchaAnswers: 1, posts: 3 },
    );
  });

  it('credentials and an account form sent to the portal', async () => {
    const { site, tally } = stand(anef, 'sso-v1');
    const page = await visit(site, pathOf(anef, 'sso-v1'));
    const action = /<form class="form-container" action="([^"]+)" method="post"/.exec(page.text)?.[1] ?? '';
    assert.match(action, /login-actions\/authenticate/);
    await ask(site, action, { method: 'POST', body: 'username=x&password=x' });
    await ask(site, '/api/usager/identification', { method: 'POST' });
    assert.equal(tally.submissions, 2);
  });
});

describe('the calendar in Paris', () => {
  it('finds the instant of a clock on both sides of the clock changes', () => {
    assert.equal(parisInstant('2026-03-28', '09:00'), Date.parse('2026-03-28T08:00:00Z'));
    assert.equal(parisInstant('2026-03-30', '09:00'), Date.parse('2026-03-30T07:00:00Z'));
    assert.equal(parisInstant('2026-10-23', '09:00'), Date.parse('2026-10-23T07:00:00Z'));
    assert.equal(parisInstant('2026-10-26', '09:00'), Date.parse('2026-10-26T08:00:00Z'));
  });

  it('counts days over a year’s end and skips week-ends', () => {
    assert.equal(parisDay(Date.parse('2026-12-31T23:30:00Z')), '2027-01-01');
    assert.equal(plusDays('2026-12-31', 1), '2027-01-01');
    assert.equal(mondayOf('2026-11-29'), '2026-11-23');
    assert.deepEqual(openDays('2026-11-27', 2), ['2026-11-27', '2026-11-30']);
  });
});
