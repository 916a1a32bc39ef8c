import type { Replica } from '../core/replica.ts';
import { answers } from './eappointment/answers.ts';
import { singlePages } from './eappointment/single-pages.ts';
import { siteOf } from './shared/sites.ts';
import type { PlayedScenario } from './shared/sites.ts';

const scenarios: readonly PlayedScenario[] = [...answers, ...singlePages];

/** eAppointment (eSirius): the Val-de-Marne's own site, which says no by a dialog of the browser. */
export const replica: Replica = { platform: 'eappointment', scenarios, site: siteOf(scenarios) };
