import { writeSync } from 'node:fs';
import Database from 'better-sqlite3';

import { openStore } from '../../src/store/open.ts';
import { checkOf, HOUR, START, targetNamed } from './checks.ts';

/**
 * A process of its own that kills itself before the nth statement of its work; with no n it says how many there were. Arguments:
 * the data folder, the work (`open`: the store is opened; `record`: one more check is recorded), n. For n a statement may be given:
 * there it says so and stops until it is killed from outside.
 */

const [folder = '', work = '', last = ''] = process.argv.slice(2);
const killedAt = last === '' ? Infinity : Number(last);
let statements = 0;
const prepare = Object.getOwnPropertyDescriptor(Database.prototype, 'prepare')?.value as Database.Database['prepare'];

function countStatements(): void {
  Object.defineProperty(Database.prototype, 'prepare', {
    value(this: Database.Database, source: string) {
      statements += 1;
      if (statements === killedAt) process.kill(process.pid, 'SIGKILL');
      if (source === last) {
        writeSync(1, 'stopped');
        process.kill(process.pid, 'SIGSTOP');
      }
      return prepare.call(this, source);
    },
  });
}

if (work === 'open') countStatements();
const store = await openStore(folder);
if (work === 'record') {
  await store.saveTargets([targetNamed('a')]);
  countStatements();
  await store.record(checkOf('a', START + HOUR, 'slots', { fingerprint: 'abc' }), {});
}
await store.end();
process.stdout.write(String(statements));
