import Database from 'better-sqlite3';

import { lockFolder } from '../../src/store/folder-lock.ts';

/**
 * A monitor of an older version, as far as others can see: a process that has the lock of the folder and records into the tables of
 * its form every 5 ms, waiting for others no longer than the real one. Arguments: the data folder, the database. Told anything, it
 * ends and says how many writes went through and how the first one failed.
 */

const [folder = '', path = ''] = process.argv.slice(2);
const unlock = lockFolder(folder);
const file = new Database(path, { timeout: 10_000 });
const write = file.prepare(
  "insert into checks (target_id, platform, host, mode, design, practice, vantage, started_at, finished_at, loads) values ('a', 'page', 'a.example', 'scheduled', 'uniform', 1, 'home', ?, ?, 1)",
);
let written = 0;
let failure: string | null = null;

const writing = setInterval(() => {
  try {
    write.run(Date.now(), Date.now());
    written += 1;
  } catch (error) {
    failure ??= String(error);
  }
}, 5);
process.once('message', () => {
  clearInterval(writing);
  process.send?.({ written, failure });
  process.disconnect();
  file.close();
  unlock();
});
process.send?.('ready');
