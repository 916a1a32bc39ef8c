import { openStore } from '../../src/store/open.ts';

/** Asks for the lease of many hosts, and prints as JSON which were given. Started several times at once by a test. */
const [folder = '', owner = '', count = '0'] = process.argv.slice(2);
const store = await openStore(folder);
const won: number[] = [];
for (let host = 0; host < Number(count); host += 1) {
  const answer = await store.lease({
    host: `h${host}`,
    targetId: 'a',
    owner,
    now: 1,
    until: 2,
    admitted: ({ leasedUntil }) =>
      leasedUntil > 1 ? { kind: 'wait', until: leasedUntil, reason: 'leased' } : { kind: 'go' },
  });
  if (answer.kind === 'go') won.push(host);
}
await store.end();
process.stdout.write(JSON.stringify(won));
