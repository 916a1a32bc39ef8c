import type { Replica } from '../core/replica.ts';
import { scenarios } from './anef/scenarios.ts';
import { siteOf } from './shared/sites.ts';

/** ANEF: the ministry's portal for foreigners and its sign-in service, here on one host. */
export const replica: Replica = { platform: 'anef', scenarios, site: siteOf(scenarios) };
