import type { Replica } from '../core/replica.ts';
import { scenarios } from './rdv-prefecture/scenarios.ts';
import { siteOf } from './shared/sites.ts';

/** RDV-Préfecture: the ministry's national platform, its slots behind a captcha. */
export const replica: Replica = { platform: 'rdv-prefecture', scenarios, site: siteOf(scenarios) };
