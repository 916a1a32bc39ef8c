import type { NewSubscription } from '../../src/store/contract.ts';
import { START } from './checks.ts';

/** Any place, in French. */
export const EVERYWHERE = {
  departments: [],
  procedures: [],
  platforms: [],
  language: 'fr',
  timeZone: 'Europe/Paris',
} as const;

/** A configured subscription to everything of some kinds, at once; who it is stands for itself where `name` is all there is. */
export function subscriptionOf(name: string, change: Partial<NewSubscription> = {}): NewSubscription {
  return {
    channel: 'sink',
    sealedTo: Buffer.from(name),
    toHash: Buffer.from(name),
    kinds: ['slots'],
    ...EVERYWHERE,
    quiet: null,
    digestAt: null,
    source: 'config',
    state: 'active',
    createdAt: START,
    ...change,
  };
}
