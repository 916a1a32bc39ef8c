import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { generated } from './generated.ts';

/** `npm run generate`: writes dashboards, recording rules and the README's table of metrics. */

const ROOT = join(import.meta.dirname, '../..');

const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
for (const [path, text] of await generated(readme)) {
  await mkdir(dirname(join(ROOT, path)), { recursive: true });
  await writeFile(join(ROOT, path), text);
  process.stdout.write(`${path}\n`);
}
