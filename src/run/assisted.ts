/** What passes between a person and the tab that was handed over to them: words that `run/` and `assist/` share. */

/** Everything that a person can do to the page. There is nothing else: no address, no file, no clipboard, no shortcut. */
export type PersonInput =
  | { readonly kind: 'tap'; readonly x: number; readonly y: number }
  | { readonly kind: 'scroll'; readonly x: number; readonly y: number; readonly dy: number }
  /** Typed where the cursor stands, when that is the captcha's field. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'key'; readonly key: PersonKey }
  /** The whole answer from the field beside the picture: written and sent. */
  | { readonly kind: 'answer'; readonly text: string }
  | { readonly kind: 'sound' }
  | { readonly kind: 'renew' };

export const PERSON_KEYS = ['Backspace', 'Delete', 'ArrowLeft', 'ArrowRight', 'Enter'] as const;
export type PersonKey = (typeof PERSON_KEYS)[number];

/**
 * Why something did not happen. `form`: it would book, hold or identify; `away`: it leads out of the visit; `look`: here one
 * only looks; `file`: files are not chosen; `field`: only the captcha's field takes words; `dead`: the page's own button
 * takes no press as yet; `ended`: the visit is over.
 */
export type PersonRefusal = 'form' | 'away' | 'look' | 'file' | 'field' | 'dead' | 'ended';

/** The captcha as it stands on the page; `image` is a `data:` address, null when it is the one shown before. */
export interface CaptchaState {
  readonly image: string | null;
  readonly hasSound: boolean;
  readonly hasRenew: boolean;
  /** The site's own words on the last answer; '' for none. */
  readonly wrong: string;
}

/** The person's side: told what the page does. Nothing here throws. */
export interface Viewer {
  picture(jpeg: Uint8Array): void;
  captcha(state: CaptchaState | null): void;
  refused(refusal: PersonRefusal): void;
  sound(bytes: Uint8Array, type: string): void;
}

/** A tab in a person's hands, for as long as the visit lasts. */
export interface AssistedWindow {
  readonly width: number;
  readonly height: number;
  /** Shows the page to a viewer, instead of the one before; null shows it to nobody. */
  show(viewer: Viewer | null): Promise<void>;
  /** The viewer has drawn the last picture. */
  seen(): void;
  act(input: PersonInput): Promise<void>;
}

/** The part of a check that is a person's. */
export interface AssistedOrder {
  /** How long the page may be in the person's hands. */
  readonly limitMs: number;
  readonly size: WindowSize;
  /** Called when a captcha is reached; settles when the person has gone. `over` is aborted when the visit ends. */
  readonly meet: (window: AssistedWindow, over: AbortSignal) => Promise<void>;
  readonly onEnd?: (end: AssistedEnd) => void;
}

/** How a person's part ended. `pass`: for who may read the page again, in memory only; null when the end was not reached. */
export interface AssistedEnd {
  readonly how: 'reached' | 'left' | 'late' | 'stopped';
  readonly pass: Pass | null;
}

/** What makes a site go on with a visit: where it ended, and the cookies. Never stored, never logged. */
export interface Pass {
  readonly address: string;
  readonly cookies: readonly PassCookie[];
}

export interface PassCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly path: string;
  readonly expires: number;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly sameSite: 'Strict' | 'Lax' | 'None';
}

/** CSS pixels of the page while a person has it: as on a telephone held upright, or on a small desktop. */
export const WINDOW_SIZES = {
  narrow: { width: 412, height: 760 },
  wide: { width: 1_024, height: 720 },
} as const;
export type WindowSize = keyof typeof WINDOW_SIZES;
