import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { parse } from 'yaml';

import { readCatalogue } from '../../src/config/catalogue.ts';
import { secret } from '../../src/config/environment.ts';
import { loadConfig } from '../../src/config/load.ts';
import { configShape } from '../../src/config/shape.ts';
import { AppError } from '../../src/core/errors.ts';
import { loadProbes } from '../../src/plugins.ts';
import { z } from '../../src/probe.ts';
import { runCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/monitor.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
before(async () => {
  folder = await temporaryFolder();
});
after(() => folder.remove());

/** Problems of a file, each without the folder's own name. */
async function problemsOf(text: string): Promise<string[]> {
  const path = join(folder.path, 'guetteur.yaml');
  await writeFile(path, text);
  try {
    await loadConfig(path, await loadProbes());
    return [];
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, 'CONFIG_INVALID', error.message);
    return error.message.replaceAll(`${folder.path}/`, '').split('\n');
  }
}

const TARGETS = 'targets: {select: [{platform: anef}]}\n';
const OPERATOR = 'operator: {name: Association, contact: veille@association.example}\n';
const ANEF = 'https://administration-etrangers-en-france.interieur.gouv.fr/';

const MISTAKES = `mode: alive
operator:
  name: ''
  contact: nobody
vantages: home
targets:
  select:
    - status: live
  inline:
    - id: Bad Id
      platform: anef
      address: ftp://x.example/
schedule:
  intervalSeconds: 60
politeness:
  hostSpacingSeconds: 1
  checksPerHostAndHour: 1000
http:
  port: '8640'
`;

describe('every mistake of guetteur.yaml is told at once, with its place', () => {
  test('a file with eleven mistakes', async () => {
    assert.deepEqual(await problemsOf(MISTAKES), [
      'guetteur.yaml:1:7 mode: Invalid option: expected one of "practice"|"live"',
      'guetteur.yaml:3:9 operator.name: Too small: expected string to have >=1 characters',
      'guetteur.yaml:4:12 operator.contact: write an e-mail address or the address of a page, in plain ASCII: the watched sites read it in every request',
      'guetteur.yaml:5:1 vantages: no such key',
      'guetteur.yaml:8:7 targets.select[0]: choose by at least one of id, department, platform, procedure',
      'guetteur.yaml:10:11 targets.inline[0].id: write the id in lower-case letters, digits and single hyphens',
      'guetteur.yaml:12:16 targets.inline[0].address: Invalid URL',
      'guetteur.yaml:14:20 schedule.intervalSeconds: a target is checked every 180 s at most (conduct C6)',
      'guetteur.yaml:16:23 politeness.hostSpacingSeconds: at least 20 s lie between two checks of one host (conduct C6)',
      'guetteur.yaml:17:25 politeness.checksPerHostAndHour: a host is checked 180 times an hour at most (conduct C6)',
      'guetteur.yaml:19:9 http.port: Invalid input: expected number, received string',
    ]);
  });

  test('a mistake of form does not hide a target that cannot be visited', async () => {
    const text = `${OPERATOR}mode: live\nlog: {level: loud}\ntargets:\n  inline:\n    - {id: a, platform: anef, address: 'http://127.0.0.1/'}\n`;
    const problems = await problemsOf(text);
    assert.equal(problems.length, 2, problems.join('\n'));
    assert.match(problems.join('\n'), /3:14 log\.level[\s\S]*targets\.inline\[0\]\.address: live mode refuses/);
  });

  const inline = (address: string, more = '', platform = 'ez-booking'): string =>
    `targets:\n  inline:\n    - id: a\n      platform: ${platform}\n      address: ${address}\n${more}`;
  for (const [name, text, expected] of [
    [
      'live without an operator',
      `mode: live\n${TARGETS}`,
      /^guetteur\.yaml:1:1 operator: live mode needs operator\.name and operator\.contact/,
    ],
    [
      'live without a contact',
      `mode: live\noperator:\n  name: A\n${TARGETS}`,
      /^guetteur\.yaml:2:1 operator\.contact: /,
    ],
    [
      'live with a loopback target',
      `${OPERATOR}mode: live\n${inline('http://127.0.0.1:18640/')}`,
      /^guetteur\.yaml:7:16 targets\.inline\[0\]\.address: live mode refuses the loopback address 127\.0\.0\.1:18640$/,
    ],
    [
      'live with a loopback target as one number',
      `${OPERATOR}mode: live\n${inline('http://2130706433/')}`,
      /live mode refuses the loopback address 127\.0\.0\.1$/,
    ],
    [
      'live with a loopback control host',
      `${OPERATOR}mode: live\ncontrol:\n  hosts: ['http://localhost/']\n${TARGETS}`,
      /^guetteur\.yaml:4:11 control\.hosts\[0\]: a loopback host says nothing/,
    ],
    [
      'practice with a public target',
      inline(ANEF, '', 'anef'),
      /^guetteur\.yaml:5:16 targets\.inline\[0\]\.address: practice mode visits loopback addresses only, not administration-etrangers/,
    ],
    [
      'practice with a target of the catalogue',
      'targets:\n  select:\n    - id: 94-creteil-naturalisation-4963\n',
      /^guetteur\.yaml:3:7 targets\.select\[0\]: practice mode visits loopback addresses only/,
    ],
    [
      'a platform of nobody',
      inline('http://127.0.0.1/', '', 'nobody'),
      /^guetteur\.yaml:4:17 targets\.inline\[0\]\.platform: no probe is named "nobody": known are anef/,
    ],
    [
      'an address of another platform',
      `${OPERATOR}mode: live\n${inline('https://www.example.org/booking/create/1')}`,
      /www\.example\.org is not a host of ez-booking$/,
    ],
    [
      'an address that holds a slot',
      `${OPERATOR}mode: live\n${inline('https://www.essonne.gouv.fr/booking/create/1/5/2')}`,
      /this address holds, books or identifies/,
    ],
    [
      'a parameter that the probe does not know',
      inline('http://127.0.0.1/', "      params: {planing: ['1']}\n"),
      /^guetteur\.yaml:6:16 targets\.inline\[0\]\.params\.planing: no such key$/,
    ],
    [
      'a target chosen twice',
      `${inline('http://127.0.0.1/')}    - id: a\n      platform: anef\n      address: http://127.0.0.1/\n`,
      /^guetteur\.yaml:6:11 targets\.inline\[1\]\.id: "a" is chosen twice$/,
    ],
    [
      'a choice that finds nothing',
      'targets: {select: [{id: no-such}]}\n',
      /^\S+:1:20 targets\.select\[0\]: chooses no target/,
    ],
    ['a key below another', 'log: {levels: debug}\n', /^guetteur\.yaml:1:7 log\.levels: no such key$/],
    ['a list in place of a file', '- a\n', /^guetteur\.yaml:1:1 Invalid input: expected object, received array$/],
    ['a key twice', 'vantage: a\nvantage: b\n', /^guetteur\.yaml:2:1 Map keys must be unique/],
    ['a bracket that is not closed', 'targets: [\n', /^guetteur\.yaml:\d+:\d+ Flow sequence/],
    ['a tab', 'log:\n\tlevel: info\n', /^guetteur\.yaml:2:\d+ /],
    ['a star without quotes', 'vantage: *home\n', /^guetteur\.yaml:1:10 /],
    ['a word in place of a list', 'targets: {select: all}\n', /^guetteur\.yaml:1:19 targets\.select: Invalid input/],
  ] as const) {
    test(`${name} is refused with its place`, async () => {
      const problems = await problemsOf(text);
      assert.match(problems[0] ?? 'accepted', expected);
      if (!/bracket|tab|star/.test(name)) assert.equal(problems.length, 1, problems.join('\n'));
    });
  }

  test('each mistaken parameter is told at its own place, beside a mistaken address', async () => {
    const text = `targets:
  inline:
    - id: sheet
      platform: page
      address: https://www.service-public.gouv.fr/particuliers/vosdroits/N110
      params:
        expect: [Fiche pratique, 3939]
        clicks:
          - Questions fréquentes
          - Envoyer
        forbid:
          - {text: Fermé, means: closed}
          - {text: Fermé, mean: suspended}
        langage:
          - fr
        hosts: ['https://www.service-public.fr/']
`;
    assert.deepEqual(await problemsOf(text), [
      'guetteur.yaml:5:16 targets.inline[0].address: practice mode visits loopback addresses only, not www.service-public.gouv.fr; for public ones set mode: live',
      'guetteur.yaml:7:34 targets.inline[0].params.expect[1]: write words; a number needs quotes',
      'guetteur.yaml:10:13 targets.inline[0].params.clicks[1]: "Envoyer" would send something, and a check only turns pages: give the public address behind it, if there is one',
      'guetteur.yaml:12:13 targets.inline[0].params.forbid[0]: write words, or {text: words, means: one of error, maintenance, suspended, moved}',
      'guetteur.yaml:13:27 targets.inline[0].params.forbid[1].mean: no such key',
      'guetteur.yaml:14:9 targets.inline[0].params.langage: no such key',
      'guetteur.yaml:16:17 targets.inline[0].params.hosts[0]: write a host name alone, such as connect.france-visas.gouv.fr',
    ]);
  });

  test('a page without an expected sign is refused where its parameters stand, or where they are missing', async () => {
    const entry = (more: string): string => inline('http://127.0.0.1/', more, 'page');
    const why =
      /: name at least one sign of the working page: a text \(expect\), a link \(links\) or a field \(fields\)$/;
    const [missing = 'accepted', ...others] = await problemsOf(entry(''));
    assert.match(missing, /^guetteur\.yaml:3:7 targets\.inline\[0\]\.params\.expect: /);
    assert.match(missing, why);
    assert.deepEqual(others, []);
    const [empty = 'accepted'] = await problemsOf(entry('      params: {language: fr}\n'));
    assert.match(empty, /^guetteur\.yaml:6:7 /);
    assert.match(empty, why);
  });

  for (const text of ['', '# nothing but a comment\n', 'mode: practice\n', `${TARGETS}${OPERATOR}mode: live\n`]) {
    test(`${JSON.stringify(text.slice(0, 30))} is accepted`, async () => {
      assert.deepEqual(await problemsOf(text), []);
    });
  }
});

describe('a page that is told apart by its parameters', async () => {
  const probe = (await loadProbes()).get('page');
  const accepts = (given: Record<string, unknown>): boolean =>
    probe?.params.safeParse({ expect: ['Fiche'], ...given }).success ?? false;

  for (const [would, names] of [
    [
      'send',
      ['Envoyer', 'ENVOYEZ votre demande', "J'envoie ma demande", 'Déposer un dossier', 'Submit', 'Transmettre'],
    ],
    ['book', ['Réserver', 'Réservez maintenant', 'Choisir ce créneau', 'Choisir le créneau de 09:00', 'Book now']],
    ['buy', ['Payer', 'Je paie en ligne', 'Débuter l’achat', 'Acheter un timbre', 'Pay now', 'Paiement']],
    ['sign in', ['Se connecter', "S'identifier", 'S’identifier avec FranceConnect', 'Connexion', 'Log in', 'Sign-up']],
    ['sign in', ['Créer un compte', 'J’ai déjà un compte', 'Mon espace', "Je m'inscris", 'Connectez-vous', 'Login']],
    ['confirm', ['Valider', 'Confirmer le rendez-vous', 'Je valide mon VLS-TS', 'Confirm', 'Signer']],
    ['delete', ['Supprimer', 'Annuler', 'Annulez ce rendez-vous', 'Delete', 'Cancel']],
    ['send', ['Enregistrer', 'Téléverser', 'Je dépose ma demande', 'Poster']],
    [
      'book',
      ['Prendre ce créneau', 'Je choisis ce créneau', 'Bloquer ce créneau', 'Première plage horaire libre', 'Reserve'],
    ],
    ['pass', ['France Connect', 'ProConnect', 'Sign\u2011in', 'Register', 'Finaliser', 'Continuer vers le paiement']],
    ['look like another word', ['C\u043enfirmer', 'b\u03bfok', 'R é s e r v e r']],
    ['choose', ['15h', '2026-05-12', '12.05.2026', 'Créneau 3']],
    ['choose', ['09:30', '9h30', 'lundi 30', '30 novembre', 'Mar. 24/11', '24', '1er mars']],
  ] as const) {
    test(`nothing is pressed that would ${would}: ${names.join(', ')}`, () => {
      assert.deepEqual(
        names.filter((name) => accepts({ clicks: [name] })),
        [],
      );
    });
  }

  test('what only turns a page may be pressed', () => {
    const names = ['Questions fréquentes', 'En savoir plus', 'Suivant', 'Continuer', 'English', 'Étape suivante'];
    const more = ['Prendre un rendez-vous', 'Étrangers en France', 'Tout refuser', 'Choisir votre pays', 'Point F2213'];
    assert.deepEqual(
      [...names, ...more].filter((name) => !accepts({ clicks: [name] })),
      [],
    );
  });

  test('addresses of public names are visited, those of this machine and its network are not', () => {
    const isHost = (name: string): boolean => probe?.hosts.some((host) => host.test(name)) ?? false;
    for (const name of ['www.service-public.gouv.fr', 'timbres.impots.gouv.fr', 'xn--prfecture-b4a.example'])
      assert.ok(isHost(name), name);
    for (const name of ['localhost', 'www.localhost', '127.0.0.1', '[::1]', 'printer.local', 'intranet', 'db.internal'])
      assert.ok(!isHost(name), name);
  });

  test('no address of another platform that holds, books or identifies may be asked for', () => {
    const isForbidden = (path: string): boolean => probe?.forbidden.some((pattern) => pattern.test(path)) ?? false;
    for (const path of [
      '/booking/create/717/5/1790000000',
      '/rdvpref/reservation/demarche/4407/formulaire/',
      '/rdvpref/reservation/demarche/4407/creneau/_choisirBloc',
      '/users/rdv_wizard_step/new',
      '/commencer/titre-de-sejour/sign_in',
      '/auth/realms/anef/login-actions/authenticate',
      '/auth/realms/anef/broker/franceconnect/login',
      '/api/v2/authorize',
    ])
      assert.ok(isForbidden(path), path);
    for (const path of ['/particuliers/vosdroits/N110', '/web/france-visas/', '/booking/create/717'])
      assert.ok(!isForbidden(path), path);
  });
});

describe('the catalogue', () => {
  test('a doubtful entry names its line', async () => {
    const path = join(folder.path, 'catalogue.yaml');
    const entry = (id: string, status: string): string =>
      `  - id: ${id}\n    platform: anef\n    address: ${ANEF}\n    source: s\n    year: 2026\n    status: ${status}\n`;
    await writeFile(path, `targets:\n${entry('a', 'live')}${entry('b', 'perhaps')}`);
    await assert.rejects(readCatalogue(path), (error) => {
      assert.ok(error instanceof AppError && error.code === 'CONFIG_INVALID');
      assert.match(error.message, /catalogue\.yaml:13:13 targets\[1\]\.status: Invalid option/);
      return true;
    });
    await writeFile(path, `targets:\n${entry('a', 'live')}${entry('a', 'live')}`);
    await assert.rejects(readCatalogue(path), /catalogue\.yaml:8:9 targets\[1\]\.id: "a" stands here twice/);
  });
});

describe('secrets', () => {
  afterEach(() => {
    delete process.env['GUETTEUR_TEST'];
    delete process.env['GUETTEUR_TEST_FILE'];
  });

  test('come from the environment, or from a file that it names', async () => {
    assert.equal(secret('GUETTEUR_TEST'), undefined);
    process.env['GUETTEUR_TEST'] = '';
    assert.equal(secret('GUETTEUR_TEST'), undefined);
    process.env['GUETTEUR_TEST'] = 'word';
    assert.equal(secret('GUETTEUR_TEST'), 'word');
    delete process.env['GUETTEUR_TEST'];
    const path = join(folder.path, 'secret');
    await writeFile(path, 'from file\n');
    process.env['GUETTEUR_TEST_FILE'] = path;
    assert.equal(secret('GUETTEUR_TEST'), 'from file');
  });

  test('given both ways are refused, and a file that is not there is named', () => {
    process.env['GUETTEUR_TEST_FILE'] = join(folder.path, 'nothing');
    assert.throws(() => secret('GUETTEUR_TEST'), { code: 'CONFIG_MISSING' });
    process.env['GUETTEUR_TEST'] = 'word';
    assert.throws(() => secret('GUETTEUR_TEST'), { code: 'CONFIG_INVALID' });
  });

  test('a file with nothing in it is no secret: nothing may be protected by an empty word', async () => {
    const path = join(folder.path, 'empty');
    await writeFile(path, '\n');
    process.env['GUETTEUR_TEST_FILE'] = path;
    let found: string | undefined;
    try {
      found = secret('GUETTEUR_TEST');
    } catch (error) {
      assert.ok(error instanceof AppError);
    }
    assert.equal(found, undefined);
  });

  test('are no key of the configuration', () => {
    assert.equal(configShape.safeParse({ http: { metricsToken: 'x' } }).success, false);
  });
});

describe('the schema and the example', () => {
  const example = (): Promise<string> => readFile(new URL('../../guetteur.example.yaml', import.meta.url), 'utf8');

  test('`config schema` is a JSON Schema that accepts the example and refuses what the monitor refuses', async () => {
    const { code, out, err } = await runCli(['config', 'schema'], folder.path);
    assert.deepEqual([code, err], [0, '']);
    const schema = z.fromJSONSchema(z.record(z.string(), z.unknown()).parse(JSON.parse(out)));
    assert.equal(schema.safeParse(parse(await example())).success, true);
    assert.equal(schema.safeParse({}).success, true);
    for (const bad of [
      { mode: 'alive' },
      { vantages: 'x' },
      { schedule: { intervalSeconds: 10 } },
      { http: { port: '1' } },
    ]) {
      assert.equal(schema.safeParse(bad).success, false, JSON.stringify(bad));
    }
  });

  test('the example is valid as it stands', async () => {
    assert.deepEqual(await problemsOf(await example()), []);
  });

  test('the example is valid in live mode with every commented line taken in', async () => {
    const lines = (await example()).split('\n').flatMap((line) => {
      const { spaces = '', rest = '' } = /^(?<spaces> *)# ?(?<rest>(?: *- |\s*[a-zA-Z]+:).*)$/.exec(line)?.groups ?? {};
      if (rest === '')
        return [
          line
            .replace(/^(\s+(?:select|inline|subscriptions|channels):) (?:\[\]|\{\})$/, '$1')
            .replace('mode: practice', 'mode: live'),
        ];
      // Prose ends in a full stop, keys do not.
      return /^[a-zA-Z]+: .*[.)]$/.test(rest) ? [] : [`${spaces}${rest}`];
    });
    const text = lines.join('\n');
    assert.match(text, /^operator:\n {2}name:/m);
    assert.match(text, /^ +- id: 93-bobigny-remise/m);
    assert.deepEqual(await problemsOf(text), [], text);
  });
});

describe('the real command line', () => {
  test('`config check` ends with 0 for a good file, and tells what it chose', async () => {
    await writeFile(join(folder.path, 'good.yaml'), `${OPERATOR}mode: live\ntargets: {select: [{platform: anef}]}\n`);
    const { code, out, err } = await runCli(['-c', 'good.yaml', 'config', 'check', '--json'], folder.path);
    assert.deepEqual([code, err], [0, '']);
    const answer = z.object({ ok: z.literal(true), mode: z.literal('live'), targets: z.number().min(1) });
    assert.ok(answer.safeParse(JSON.parse(out)).success, out);
  });

  for (const [name, args, file, code] of [
    ['a file with mistakes', ['-c', 'bad.yaml', 'config', 'check'], MISTAKES, 'CONFIG_INVALID'],
    ['a file that is not there', ['-c', 'nothing.yaml', 'config', 'check'], null, 'CONFIG_MISSING'],
    ['live without an operator', ['-c', 'live.yaml', 'start'], 'mode: live\n', 'CONFIG_INVALID'],
  ] as const) {
    test(`${name} ends with 2, the code and what to do, on standard error only`, async () => {
      if (file !== null) await writeFile(join(folder.path, args[1]), file);
      const answer = await runCli(args, folder.path);
      assert.deepEqual([answer.code, answer.out], [2, '']);
      assert.match(answer.err, new RegExp(`^${code}: `));
      assert.match(answer.err, /\n→ \S/);
    });
  }

  test('`check` of a page with mistaken parameters ends with 2 and names each, before anything is asked of it', async () => {
    await writeFile(join(folder.path, 'practice.yaml'), 'mode: practice\n');
    const page = ['-c', 'practice.yaml', 'check', '--platform', 'page', '--url', 'http://127.0.0.1:9/'];
    for (const [params, expected] of [
      ['{"expect":["Fiche"],"clicks":["Payer"]}', /^USAGE: params\.clicks\[0\]: "Payer" would buy or pay something/],
      ['{"expects":["Fiche"]}', /^USAGE: params\.expects: no such key\nparams\.expect: name/],
      ['{}', /^USAGE: params\.expect: name at least one sign/],
      ['Fiche', /^USAGE: --params is not JSON/],
    ] as const) {
      const answer = await runCli([...page, '--params', params], folder.path, { GUETTEUR_BROWSER: '/never/started' });
      assert.deepEqual([answer.code, answer.out], [2, ''], answer.err);
      assert.match(answer.err, expected);
      assert.match(answer.err, /\n→ \S/);
    }
  });

  test('a wrong call ends with 2', async () => {
    assert.equal((await runCli(['config', 'chek'], folder.path)).code, 2);
  });
});
