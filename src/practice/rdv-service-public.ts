import type { Replica } from '../core/replica.ts';
import { scenarios } from './rdv-service-public/scenarios.ts';
import { siteOf } from './shared/sites.ts';

/** RDV Service Public: the appointment site of the ANCT, used by prefectures for récépissés. */
export const replica: Replica = { platform: 'rdv-service-public', scenarios, site: siteOf(scenarios) };
