import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import type { Check } from '../../src/core/check.ts';
import type { Replica, Scenario, Site } from '../../src/core/replica.ts';
import { loadReplicas } from '../../src/plugins.ts';
import { openSite } from '../../src/practice/server/open.ts';
import { openTestMonitor, practiceTarget, type TestMonitor } from '../support/monitor.ts';

/** Scenarios in which something is pressed, one or more of each probe that presses at all. */
const PRESSING: readonly (readonly [string, string])[] = [
  ['ez-booking', 'no-slots-in-place'],
  ['ez-booking', 'single-counter-no-slots'],
  ['ez-booking', 'slots-single-day'],
  ['eappointment', 'none-for-motives'],
  ['rdv-prefecture', 'landing-captcha-b'],
  ['anef', 'triage-v2'],
  ['anef', 'forgotten-v2'],
  ['page', 'click-leads'],
];

/** What no probe has declared: questions in many forms, widgets that may ask, and robot checks. */
const UNKNOWN: Readonly<Record<string, string>> = {
  'a text field': '<p><label>Code postal <input name="cp" type="text"></label></p>',
  'a list': '<p><label>Guichet <select name="guichet"><option>1<option>2</select></label></p>',
  'a text to write': '<p><textarea name="motif"></textarea></p>',
  'a box to tick': '<p><label><input name="certifie" type="checkbox"> Je certifie</label></p>',
  'a field made of a div': '<div role="textbox" contenteditable="true">…</div>',
  'a frame': '<iframe srcdoc="<p>question</p>" width="200" height="60"></iframe>',
  'a robot check with a name': '<div class="frc-captcha" style="height:60px">Vérification</div>',
  'a robot check without a name': '<p>Confirmez que vous êtes humain <button type="button">Confirmer</button></p>',
};

/** Beside the steps of the booking module, whose headings are known. */
const UNKNOWN_STEPS: Readonly<Record<string, string>> = {
  'the heading of an unknown step': '<h2>Contrôle de votre identité</h2>',
  'an error above the button': '<ul class="error"><li>Votre session a expiré : la demande est refusée.</li></ul>',
};

/** The replica with a part added to each of its pages, in the form where there is one. */
function withPart(replica: Replica, part: string): Replica {
  const site: Replica['site'] = (stage) => {
    const inner: Site = replica.site(stage);
    return async (request) => {
      const answer = await inner(request);
      if (!/html/.test(answer.headers.get('content-type') ?? '')) return answer;
      const html = await answer.text();
      const place = html.includes('</form>') ? '</form>' : '</body>';
      const { status, headers } = answer;
      const own = new Headers(headers);
      own.delete('content-length');
      return new Response(html.replace(place, `${part}${place}`), { status, headers: own });
    };
  };
  return { ...replica, site };
}

describe('C1: what nobody declared leads to no press and no form', { concurrency: 3 }, () => {
  let monitor: TestMonitor;
  const replicas = loadReplicas();
  before(async () => {
    monitor = await openTestMonitor();
  });
  after(() => monitor.close());

  async function visit(
    platform: string,
    name: string,
    part: string | null,
  ): Promise<{ check: Check; posts: readonly string[] }> {
    const replica = (await replicas).get(platform);
    const scenario: Scenario | undefined = replica?.scenarios.find((one) => one.name === name);
    assert.ok(replica !== undefined && scenario !== undefined, `${platform} ${name}`);
    const site = await openSite(part === null ? replica : withPart(replica, part), scenario);
    try {
      const target = practiceTarget(platform, site.address, scenario.params);
      const result = await monitor.runner.check({ target, mode: 'scheduled', design: 'uniform' });
      assert.equal(result.kind, 'checked');
      if (result.kind !== 'checked') throw new Error('not checked');
      return { check: result.check, posts: site.tally.posts };
    } finally {
      await site.close();
    }
  }

  const parts = (platform: string): [string, string][] => [
    ...Object.entries(UNKNOWN),
    ...(platform === 'ez-booking' ? Object.entries(UNKNOWN_STEPS) : []),
  ];
  for (const [platform, name] of PRESSING) {
    test(`${platform} ${name} presses where every question is known`, async () => {
      const { check } = await visit(platform, name, null);
      assert.ok(check.captures.length > 1, check.reading.message);
    });
    for (const [what, part] of parts(platform)) {
      test(`${platform} ${name}: ${what}`, async () => {
        const { check, posts } = await visit(platform, name, part);
        assert.deepEqual(posts, []);
        // The page of motives is opened by its address; nothing on it is pressed.
        const opened = platform === 'eappointment' ? 2 : 1;
        assert.ok(check.captures.length <= opened, check.captures.map(({ capture }) => capture.step).join());
        assert.notEqual(check.reading.outcome, 'slots');
        assert.notEqual(check.reading.outcome, 'no_slots');
        assert.equal(check.errorCode, null);
      });
    }
  }
});
