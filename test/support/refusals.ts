import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import { DeliveryError } from '../../src/alerts/channel.ts';

/** The refusal that a delivery ends in; fails when it ends otherwise, or when the error shows one of the words in any depth. */
export async function refusalFrom(delivery: Promise<unknown>, hidden: readonly string[]): Promise<DeliveryError> {
  const error: unknown = await delivery.then(
    () => assert.fail('it was accepted'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DeliveryError, inspect(error));
  const shown = inspect(error, { depth: null, showHidden: true });
  for (const word of hidden) assert.ok(!shown.includes(word), `${word} stands in ${shown}`);
  return error;
}
