import type { Replica } from '../core/replica.ts';
import { scenarios } from './page/scenarios.ts';
import { siteOf } from './shared/sites.ts';

/** Public pages without a booking module: an information sheet, a prefecture's page on help points, a visa portal. */
export const replica: Replica = { platform: 'page', scenarios, site: siteOf(scenarios) };
