import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { LogLines } from '../src/log.ts';

/** An output that takes so many bytes and then answers with an error, until there is room again. */
function outputOf(room: number, code = 'ENOSPC') {
  const state = { room, written: '', notes: [] as string[], gone: 0 };
  const lines = new LogLines({
    write: (bytes) => {
      if (state.room === 0) throw Object.assign(new Error(code), { code });
      const some = Math.min(bytes.length, state.room);
      state.room -= some;
      state.written += Buffer.from(bytes.subarray(0, some)).toString();
      return some;
    },
    note: (text) => void state.notes.push(text),
    onReaderGone: () => (state.gone += 1),
  });
  return { state, lines };
}

describe('the log', () => {
  test('on a full disk loses lines, says so once, and goes on with their number when there is room again', () => {
    const { state, lines } = outputOf(4);
    for (const line of ['{"a":1}\n', '{"b":2}\n', '{"c":3}\n']) lines.write(line);
    assert.equal(state.notes.length, 1);
    assert.match(state.notes[0] ?? '', /ENOSPC/);
    state.room = 10_000;
    lines.write('{"d":4}\n');
    lines.write('{"e":5}\n');
    const [cut, missing, ...rest] = state.written.trimEnd().split('\n');
    assert.equal(cut, '{"a"');
    assert.match(missing ?? '', /"level":"warn".*"3 lines of the log could not be written"/);
    assert.deepEqual(rest, ['{"d":4}', '{"e":5}']);
  });

  test('whose reader has gone is no failure, told once', () => {
    const { state, lines } = outputOf(0, 'EPIPE');
    lines.write('{"a":1}\n');
    lines.write('{"b":2}\n');
    assert.deepEqual([state.gone, state.notes], [1, []]);
  });

  test('waits for a reader that is slow', () => {
    let busy = 3;
    let written = '';
    const lines = new LogLines({
      write: (bytes) => {
        if (busy > 0) {
          busy -= 1;
          throw Object.assign(new Error('busy'), { code: 'EAGAIN' });
        }
        written += Buffer.from(bytes).toString();
        return bytes.length;
      },
      note: () => assert.fail('nothing is lost'),
      onReaderGone: () => assert.fail('nobody has gone'),
    });
    lines.write('{"a":1}\n');
    assert.equal(written, '{"a":1}\n');
  });
});
