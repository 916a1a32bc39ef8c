import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { casesIn, readCase, type PageCase } from '../support/cases.ts';
import { openTestMonitor, type TestMonitor } from '../support/monitor.ts';

const PAGES = join(import.meta.dirname, 'pages');

/**
 * Pages that nobody here wrote the reader for, each with the outcomes that a careful person gives it. `reported`: written from
 * public bug reports and files of people who do this job. `outside`: written from the facts by somebody who had not read the
 * reader, kind by kind.
 */
for (const folder of ['reported', 'outside']) {
  const cases = await casesIn(join(PAGES, folder));
  describe(`pages ${folder} are read as a person reads them`, { concurrency: 3 }, () => {
    let monitor: TestMonitor;
    before(async () => {
      monitor = await openTestMonitor();
    });
    after(() => monitor.close());
    for (const pageCase of cases) {
      test(nameOf(pageCase), async () => {
        const { reading } = await readCase(monitor.runner, join(PAGES, folder), pageCase);
        const said = `${reading.outcome} by ${reading.rule}: ${reading.message}`;
        assert.ok(pageCase.expect.includes(reading.outcome), `${said}; expected ${pageCase.expect.join(' or ')}`);
      });
    }
  });
}

test('each kind has at least five pages written by somebody who had not read the reader', async () => {
  const kinds = Map.groupBy(await casesIn(join(PAGES, 'outside')), ({ kind }) => kind ?? '');
  // Of these two platforms little can be shown on one page alone.
  for (const [kind, found] of kinds)
    if (!/^(?:eappointment|contact-form)$/.test(kind)) assert.ok(found.length >= 5, kind);
  assert.ok(kinds.size >= 18, `${kinds.size} kinds`);
});

function nameOf({ id, platform, status, why }: PageCase): string {
  return `${id} (${platform}, ${status}): ${why}`;
}
