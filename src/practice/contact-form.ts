import type { Replica } from '../core/replica.ts';
import { scenarios } from './contact-form/scenarios.ts';
import { siteOf } from './shared/sites.ts';

/** The ministry's contact forms: a request sent instead of an appointment taken. */
export const replica: Replica = { platform: 'contact-form', scenarios, site: siteOf(scenarios) };
