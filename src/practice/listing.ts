import type { Replica } from '../core/replica.ts';
import { scenarios } from './listing/scenarios.ts';
import { siteOf } from './shared/sites.ts';

/** A prefecture's own page that says where appointments are taken. */
export const replica: Replica = { platform: 'listing', scenarios, site: siteOf(scenarios) };
