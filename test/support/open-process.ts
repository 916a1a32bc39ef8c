import Database from 'better-sqlite3';

import { openStore } from '../../src/store/open.ts';

/**
 * A process of its own that opens a store and kills itself before the nth statement; with none given it says how many there were.
 * Arguments: the data folder, n.
 */

const [folder = '', last = ''] = process.argv.slice(2);
const killedAt = last === '' ? Infinity : Number(last);
let statements = 0;
const prepare = Object.getOwnPropertyDescriptor(Database.prototype, 'prepare')?.value as Database.Database['prepare'];
Object.defineProperty(Database.prototype, 'prepare', {
  value(this: Database.Database, source: string) {
    statements += 1;
    if (statements === killedAt) process.kill(process.pid, 'SIGKILL');
    return prepare.call(this, source);
  },
});

await (await openStore(folder)).end();
process.stdout.write(String(statements));
