import type { Replica } from '../core/replica.ts';
import { closings } from './demarche-numerique/closings.ts';
import { failures } from './demarche-numerique/failures.ts';
import { starts } from './demarche-numerique/starts.ts';
import { siteOf } from './shared/sites.ts';
import type { PlayedScenario } from './shared/sites.ts';

const scenarios: readonly PlayedScenario[] = [...starts, ...closings, ...failures];

/** Démarche numérique: the State's platform of online forms, `/commencer/{path}`. */
export const replica: Replica = { platform: 'demarche-numerique', scenarios, site: siteOf(scenarios) };
