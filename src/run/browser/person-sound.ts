import { setTimeout as sleep } from 'node:timers/promises';
import type { Response } from 'playwright';
import { z } from 'zod';

import { fetchSound, soundAddress } from './person-in-page.ts';

const HEARD_WITHIN_MS = 8_000;
/** After this long a sound that stood in the page before is taken for the one that was asked for: some sites play it again. */
const SAME_AFTER_MS = 2_000;
const LOOKED_EVERY_MS = 100;
const BODY_WITHIN_MS = 3_000;
const MOST_SOUND_BYTES = 1_500_000;

const found = z.object({ type: z.string(), base64: z.string() }).nullable();

interface Sound {
  readonly bytes: Uint8Array;
  readonly type: string;
}

/**
 * Passes the site's own spoken code on to a person, once for each time that they ask for it. The answer that the page itself got
 * is taken where the browser still has it: asked for a second time without the page's headers, CaptchEtat refuses it.
 */
export class SoundRelay {
  readonly #inPage: (source: string, argument: unknown) => Promise<unknown>;
  readonly #onSound: (bytes: Uint8Array, type: string) => void;
  /** What is waited for now. `before`: the sound that stood in the page already, '' for none. */
  #awaited: { readonly before: string; readonly since: number } | null = null;

  constructor(
    inPage: (source: string, argument: unknown) => Promise<unknown>,
    onSound: (bytes: Uint8Array, type: string) => void,
  ) {
    this.#inPage = inPage;
    this.#onSound = onSound;
  }

  /** The next sound is the person's. To be called before the page's own control is pressed. */
  async begin(): Promise<void> {
    const awaited = { before: await this.#standing(), since: Date.now() };
    this.#awaited = awaited;
    void this.#look(awaited).catch(() => undefined);
  }

  stop(): void {
    this.#awaited = null;
  }

  /** An answer that some part of the page got. */
  hear(response: Response): void {
    const type = response.headers()['content-type'] ?? '';
    if (this.#awaited === null || !type.startsWith('audio/') || !response.ok()) return;
    void this.#heard(response, type).catch(() => undefined);
  }

  async #heard(response: Response, type: string): Promise<void> {
    const body = response.body().catch(() => null);
    const bytes = await Promise.race([body, sleep(BODY_WITHIN_MS, null)]);
    const isWhole = bytes !== null && bytes.length > 0 && response.status() === 200;
    this.#pass(isWhole ? { bytes, type } : await this.#fetched(response.url()));
  }

  /** A sound that stands in the page as `data:` or `blob:` comes with no answer of its own. */
  async #look(awaited: { readonly before: string; readonly since: number }): Promise<void> {
    const tried = new Set(['']);
    while (this.#awaited === awaited && Date.now() - awaited.since < HEARD_WITHIN_MS) {
      const address = await this.#standing();
      const isNew = address !== awaited.before || Date.now() - awaited.since > SAME_AFTER_MS;
      if (isNew && !tried.has(address)) {
        tried.add(address);
        this.#pass(await this.#fetched(address));
      }
      await sleep(LOOKED_EVERY_MS);
    }
    if (this.#awaited === awaited) this.#awaited = null;
  }

  #pass(sound: Sound | null): void {
    if (sound === null || this.#awaited === null || sound.bytes.length > MOST_SOUND_BYTES) return;
    this.#awaited = null;
    this.#onSound(sound.bytes, sound.type);
  }

  async #standing(): Promise<string> {
    return z.string().parse(await this.#inPage(String(soundAddress), null));
  }

  async #fetched(address: string): Promise<Sound | null> {
    const sound = found.parse(await this.#inPage(String(fetchSound), { address, most: MOST_SOUND_BYTES }));
    return sound === null ? null : { bytes: Buffer.from(sound.base64, 'base64'), type: sound.type };
  }
}
