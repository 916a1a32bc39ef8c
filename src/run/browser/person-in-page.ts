import type { CaptchaParts } from '../../probe.ts';

/** What runs inside a page that a person has in hand. Each function is sent there as its source text and must stand alone. */

/**
 * Runs inside the page: what stands under a point of the window. A new window would be refused without a word: what would open one
 * is followed where it stands, and refused there.
 */
export function whatStandsAt(point: { readonly x: number; readonly y: number; readonly field: string }): {
  readonly address: string;
  readonly kind: 'nothing' | 'file' | 'frame' | 'field' | 'other';
} {
  const element = document.elementFromPoint(point.x, point.y);
  const address = location.href;
  if (element === null) return { address, kind: 'nothing' };
  element.closest('a')?.removeAttribute('target');
  element.closest('form')?.removeAttribute('target');
  const label = element.closest('label');
  const control = label?.control ?? element;
  if (control instanceof HTMLInputElement && control.type === 'file') return { address, kind: 'file' };
  if (/^(?:iframe|frame|object|embed|fencedframe)$/.test(element.localName)) return { address, kind: 'frame' };
  return { address, kind: control.matches(point.field) ? 'field' : 'other' };
}

/** Runs inside the page: whether words would go into the captcha's field now. */
export function isFieldActive(options: { readonly field: string }): { address: string; isField: boolean } {
  return { address: location.href, isField: document.activeElement?.matches(options.field) === true };
}

/** Runs inside the page: empties the captcha's field and puts the cursor there. False when there is none. */
export function enterField(options: { readonly field: string }): { address: string; isField: boolean } {
  const field = document.querySelector(options.field);
  if (!(field instanceof HTMLInputElement)) return { address: location.href, isField: false };
  field.value = '';
  field.focus();
  return { address: location.href, isField: document.activeElement === field };
}

/**
 * Runs inside the page: presses one of the captcha's own controls. `dead`: it takes no press as yet; `missing`: it is not there.
 * A link's own address is not followed: its script does what it is there for (BotDetect's links open the sound in a window).
 */
export function pressPart(options: { readonly part: string }): {
  readonly address: string;
  readonly pressed: 'yes' | 'dead' | 'missing';
} {
  const part = document.querySelector(options.part);
  const address = location.href;
  if (!(part instanceof HTMLElement)) return { address, pressed: 'missing' };
  if (part.matches(':disabled, [aria-disabled="true"]')) return { address, pressed: 'dead' };
  if (part instanceof HTMLAnchorElement) part.removeAttribute('target');
  part.click();
  return { address, pressed: 'yes' };
}

/** Runs inside the page: the captcha as it stands; null when the page has none. `known` is the picture that was given before. */
export function readCaptcha(options: { readonly parts: CaptchaParts; readonly known: string }): {
  readonly key: string;
  readonly image: string | null;
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number } | null;
  readonly hasSound: boolean;
  readonly hasRenew: boolean;
  readonly wrong: string;
} | null {
  const { parts, known } = options;
  const image = document.querySelector(parts.image);
  if (document.querySelector(parts.field) === null || !(image instanceof HTMLImageElement)) return null;
  if (!image.complete || image.naturalWidth === 0) return null;
  const { currentSrc } = image;
  const key = `${currentSrc.length} ${currentSrc.slice(0, 120)} ${currentSrc.slice(-120)}`;
  const wrongs = [...document.querySelectorAll(parts.wrong)].filter((element) => element.checkVisibility());
  const state = {
    key,
    hasSound: document.querySelector(parts.sound) !== null,
    hasRenew: document.querySelector(parts.renew) !== null,
    wrong: wrongs
      .map((element) => (element.textContent ?? '').replace(/\s+/g, ' ').trim())
      .join(' ')
      .slice(0, 300),
  };
  const { x, y, width, height } = image.getBoundingClientRect();
  const box = { x: x + window.scrollX, y: y + window.scrollY, width, height };
  if (key === known) return { ...state, image: null, box: null };
  try {
    const canvas = document.createElement('canvas');
    canvas.width = Math.min(image.naturalWidth, 800);
    canvas.height = Math.min(image.naturalHeight, 400);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return { ...state, image: canvas.toDataURL('image/png'), box: null };
  } catch {
    // A picture of another host cannot be read back: it is photographed where it stands.
    return { ...state, image: null, box };
  }
}

/** Runs inside the page: the address of a sound that stands in it; '' for none. */
export function soundAddress(): string {
  return (
    [...document.querySelectorAll('audio')].map((audio) => audio.currentSrc).find((address) => address !== '') ?? ''
  );
}

/** Runs inside the page: fetches a sound that the page itself plays; null when it is none, or too large. */
export async function fetchSound(options: {
  readonly address: string;
  readonly most: number;
}): Promise<{ readonly type: string; readonly base64: string } | null> {
  const answer = await fetch(options.address).catch(() => null);
  const type = answer?.headers.get('content-type') ?? '';
  if (answer === null || !answer.ok || !type.startsWith('audio/')) return null;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (bytes.length > options.most) return null;
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return { type, base64: btoa(binary) };
}
