import type { Migration } from 'kysely/migration';

import { up as first } from './0001-first.ts';
import { up as review } from './0002-review.ts';
import { up as alerts } from './0003-alerts.ts';
import { up as monitoring } from './0004-monitoring.ts';
import { up as assisted } from './0005-assisted.ts';
import { up as compact } from './0006-compact.ts';
import { up as figures } from './0007-figures.ts';
import { up as walks } from './0008-walks.ts';
import { up as followed } from './0009-follow.ts';
import { up as steady } from './0010-steady.ts';

/** In the order in which they are applied. A migration that was released is never changed. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first': { up: first },
  '0002-review': { up: review },
  '0003-alerts': { up: alerts },
  '0004-monitoring': { up: monitoring },
  '0005-assisted': { up: assisted },
  '0006-compact': { up: compact },
  '0007-figures': { up: figures },
  '0008-walks': { up: walks },
  '0009-follow': { up: followed },
  '0010-steady': { up: steady },
};
