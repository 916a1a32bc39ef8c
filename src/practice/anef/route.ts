import type { Markup } from '../shared/sites.ts';

/** One page of the portal as the application draws it into its root. */
export interface Route {
  readonly title: string;
  readonly body: Markup;
}
