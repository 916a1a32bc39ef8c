import type { NewSubscription } from '../../src/store/contract.ts';
import { START } from './checks.ts';

/** A configured subscription to everything of some kinds, at once; who it is stands for itself where `name` is all there is. */
export function subscriptionOf(name: string, change: Partial<NewSubscription> = {}): NewSubscription {
  return {
    channel: 'sink',
    sealedTo: Buffer.from(name),
    toHash: Buffer.from(name),
    kinds: ['slots'],
    departments: [],
    procedures: [],
    platforms: [],
    language: 'fr',
    timeZone: 'Europe/Paris',
    quiet: null,
    digestAt: null,
    source: 'config',
    state: 'active',
    createdAt: START,
    ...change,
  };
}
