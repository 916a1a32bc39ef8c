import type { Markup } from '../shared/sites.ts';

/** How the framework brings the slots page to life. */
export interface Mounting {
  /** The page's content, as it stands once mounted. */
  readonly content: (now: number) => Markup;
  /** What stands there instead in a window under 600 px; drawn anew 100 ms after its width changed, as Quasar does. */
  readonly narrow?: (now: number) => Markup;
  readonly afterMs?: number;
  /** The framework never starts: its custom elements stay as they came. */
  readonly never?: boolean;
  readonly status?: number;
}
