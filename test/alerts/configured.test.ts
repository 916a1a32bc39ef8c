import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';

import { configuredSubscriptions, openChannels, type AlertSettings } from '../../src/alerts/configured.ts';
import { Seal } from '../../src/alerts/seal.ts';
import { loadChannels } from '../../src/plugins.ts';
import { EVERYWHERE } from '../support/subscriptions.ts';

const known = await loadChannels();
const seal = new Seal(randomBytes(32));
const secrets = new Map([['GUETTEUR_NTFY_TOKEN', 'tk_0123456789']]);
const secretOf = (name: string): string | undefined => secrets.get(name);

const wanted = { channel: 'ntfy', to: { topic: 'guetteur' }, kinds: ['slots'], ...EVERYWHERE } as const;

function planned(settings: Partial<AlertSettings>) {
  const whole: AlertSettings = { channels: { ntfy: {} }, subscriptions: [], ...settings };
  const { channels, mistakes } = openChannels(whole, known, secretOf);
  const options = { seal, now: 0, departments: ['69', '93'] };
  const { subscriptions, mistakes: more } = configuredSubscriptions(whole, channels, options);
  return {
    channels,
    subscriptions,
    mistakes: [...mistakes, ...more].map(({ path, text }) => `${path.join('.')}: ${text}`),
  };
}

describe('configured alerts', () => {
  test('find every channel there is', () => {
    const names = [
      'alertmanager',
      'discord',
      'email',
      'matrix',
      'mattermost',
      'ntfy',
      'sms',
      'telegram',
      'web-push',
      'webhook',
    ];
    assert.deepEqual([...known.keys()], names);
  });

  test('take a secret by its name, and say which one is not set', () => {
    const { channels, mistakes } = planned({ channels: { ntfy: { token: { secret: 'GUETTEUR_NTFY_TOKEN' } } } });
    assert.deepEqual(mistakes, []);
    assert.match(JSON.stringify(channels.get('ntfy')?.settings), /tk_0123456789/);
    assert.deepEqual(planned({ channels: { ntfy: { token: { secret: 'GUETTEUR_OTHER' } } } }).mistakes, [
      'alerts.channels.ntfy: the secret GUETTEUR_OTHER is not set in the environment',
    ]);
  });

  const wrong: readonly (readonly [string, Partial<AlertSettings>, RegExp])[] = [
    [
      'a channel that is not there',
      { channels: { pigeon: {} } },
      /^alerts\.channels\.pigeon: no channel is named "pigeon"/,
    ],
    ['a setting of no such name', { channels: { ntfy: { colour: 'red' } } }, /^alerts\.channels\.ntfy: /],
    [
      'a channel that is not set up',
      { subscriptions: [{ ...wanted, channel: 'email' }] },
      /^alerts\.subscriptions\.0\.channel: "email"/,
    ],
    [
      'a recipient that does not suit',
      { subscriptions: [{ ...wanted, to: { topic: '' } }] },
      /^alerts\.subscriptions\.0\.to\.topic: /,
    ],
  ];
  for (const [name, settings, words] of wrong) {
    test(`refuse ${name}, with its place`, () => {
      const [first = '', ...others] = planned(settings).mistakes;
      assert.match(first, words);
      assert.deepEqual(others, []);
    });
  }

  test('make one subscription a department where the recipient is one a department', () => {
    const each = { ...wanted, to: { topic: 'guetteur-{department}' } };
    const of = (settings: AlertSettings['subscriptions'][number]) =>
      planned({ subscriptions: [settings] }).subscriptions.map(({ departments, sealedTo }) => [
        departments,
        seal.open(sealedTo),
      ]);
    assert.deepEqual(of(each), [
      [['69'], { topic: 'guetteur-69' }],
      [['93'], { topic: 'guetteur-93' }],
    ]);
    assert.deepEqual(of({ ...each, departments: ['974'] }), [[['974'], { topic: 'guetteur-974' }]]);
  });

  test('know the same subscription again, and another from it', () => {
    const hashOf = (change: object): string =>
      planned({ subscriptions: [{ ...wanted, ...change }] }).subscriptions[0]?.toHash.toString('hex') ?? '';
    assert.equal(hashOf({}), hashOf({ language: 'en' }));
    assert.notEqual(hashOf({}), hashOf({ departments: ['93'] }));
    assert.notEqual(hashOf({}), hashOf({ to: { topic: 'other' } }));
  });
});
