import type { Replica } from '../core/replica.ts';
import { journeys } from './ez-booking/journeys.ts';
import { singlePages } from './ez-booking/single-pages.ts';
import { siteOf } from './shared/sites.ts';
import type { PlayedScenario } from './shared/sites.ts';

const scenarios: readonly PlayedScenario[] = [...journeys, ...singlePages];

/** EZ booking: the eZ Publish module on the departments' own sites, `/booking/create/{id}`. */
export const replica: Replica = { platform: 'ez-booking', scenarios, site: siteOf(scenarios) };
