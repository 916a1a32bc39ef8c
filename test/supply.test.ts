import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { advisories, signatures } from '../tools/packages.ts';
import { temporaryFolder } from './support/monitor.ts';

/** What the program is made of: packages, images, the browser's profile. */

const ROOT = join(import.meta.dirname, '..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
interface Lock {
  readonly packages: Readonly<Record<string, { readonly version: string }>>;
}
const lock = JSON.parse(read('package-lock.json')) as Lock;

describe('the seccomp profile', () => {
  test('that the documents name is the one of the installed Playwright', () => {
    const version = lock.packages['node_modules/playwright']?.version ?? '';
    const documents = [
      'README.md',
      'LISEZMOI.md',
      'Dockerfile',
      'compose.yaml',
      ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
    ];
    const named = documents.flatMap((name) =>
      [...read(name).matchAll(/playwright\/v?([\w.]+)\/utils\/docker/g)].map((found) => found[1]),
    );
    assert.ok(named.length > 0);
    assert.deepEqual([...new Set(named)], [version]);
  });
});

describe('packages', () => {
  test('with a grave weakness or a wrong signature are refused; lesser ones are told', () => {
    const report = (counts: Record<string, number>): string =>
      JSON.stringify({ auditReportVersion: 2, metadata: { vulnerabilities: counts } });
    assert.deepEqual(advisories(report({ low: 0, high: 0, total: 0 })), {
      kind: 'good',
      text: 'known weaknesses: none',
    });
    assert.deepEqual(advisories(report({ low: 2, total: 2 })), { kind: 'good', text: 'known weaknesses: 2 low' });
    assert.equal(advisories(report({ high: 1, total: 1 })).kind, 'bad');
    const one = { name: 'a', version: '1.0.0' };
    assert.equal(signatures(JSON.stringify({ invalid: [], missing: [] })).kind, 'good');
    assert.equal(signatures(JSON.stringify({ invalid: [one], missing: [] })).kind, 'bad');
    assert.match(signatures(JSON.stringify({ invalid: [], missing: [one] })).text, /a@1\.0\.0/);
  });

  test('of which the registry says nothing are told loudly, and are no failure', () => {
    for (const answer of ['', 'no JSON', '{"message":"405 Method Not Allowed"}', '{"error":{"summary":"ENOTFOUND"}}']) {
      for (const verdict of [advisories(answer), signatures(answer)]) {
        assert.equal(verdict.kind, 'not-checked');
        assert.match(verdict.text, /^NOT CHECKED: /);
      }
    }
  });

  test('are all listed with each release', () => {
    const { stdout } = spawnSync('npm', ['run', '--silent', 'sbom'], {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: 50_000_000,
    });
    const sbom = JSON.parse(stdout) as { bomFormat: string; components: { name: string; version: string }[] };
    assert.equal(sbom.bomFormat, 'CycloneDX');
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const listed = new Set(sbom.components.map(({ name, version }) => `${name}@${version}`));
    const wanted = Object.keys(dependencies).map((name) => `${name}@${lock.packages[`node_modules/${name}`]?.version}`);
    assert.deepEqual(
      wanted.filter((one) => !listed.has(one)),
      [],
    );
  });
});

describe('images', () => {
  const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

  async function pin(docker: string) {
    const folder = await temporaryFolder();
    mkdirSync(join(folder.path, 'deploy'));
    cpSync(join(ROOT, 'deploy/pin-images'), join(folder.path, 'deploy/pin-images'));
    cpSync(join(ROOT, 'compose.yaml'), join(folder.path, 'compose.yaml'));
    writeFileSync(join(folder.path, '.env'), 'OTHER=1\nNODE_IMAGE=old\n');
    writeFileSync(join(folder.path, 'docker'), `#!/bin/sh\n${docker}\n`, { mode: 0o755 });
    const env = { PATH: `${folder.path}:/usr/bin:/bin` };
    const { status } = spawnSync('sh', ['deploy/pin-images'], { cwd: folder.path, env });
    const written = readFileSync(join(folder.path, '.env'), 'utf8').trim().split('\n');
    const drafts = readdirSync(folder.path).filter((name) => name.includes('draft'));
    await folder.remove();
    return { status, written, drafts };
  }

  test('are pinned by the digests that the registries say, and what else was set stays', async () => {
    const { status, written } = await pin(`echo ${DIGEST}`);
    assert.equal(status, 0);
    const [other, ...pinned] = written;
    assert.equal(other, 'OTHER=1');
    assert.deepEqual(
      pinned.map((line) => line.split('=')[0]),
      ['NODE_IMAGE', 'PROMETHEUS_IMAGE', 'ALERTMANAGER_IMAGE', 'GRAFANA_IMAGE'],
    );
    assert.ok(
      pinned.every((line) => line.endsWith(`@${DIGEST}`)),
      pinned.join(),
    );
  });

  test('stay as they were where one registry does not answer', async () => {
    for (const docker of ['exit 1', 'echo nothing', `case "$*" in *grafana*) exit 1;; *) echo ${DIGEST};; esac`]) {
      const { status, written, drafts } = await pin(docker);
      assert.notEqual(status, 0);
      assert.deepEqual([written, drafts], [['OTHER=1', 'NODE_IMAGE=old'], []]);
    }
  });

  test('have a name in the Dockerfile and in compose that is the same', () => {
    const base = /^ARG NODE_IMAGE=(.+)$/m.exec(read('Dockerfile'))?.[1];
    assert.ok(base !== undefined && read('compose.yaml').includes(`\${NODE_IMAGE:-${base}}`));
    assert.ok(existsSync(join(ROOT, 'SECURITY.md')));
  });
});
