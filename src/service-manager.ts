import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const SAID_WITHIN_MS = 5_000;
/** Of the time that systemd gives: one lost word is no death. */
const SHARE_OF_WATCHDOG = 1 / 3;

export interface ManagerSocket {
  /** `NOTIFY_SOCKET`; null where nobody asked to be told. */
  readonly socket: string | null;
  /** `WatchdogSec` of the unit; null without one. */
  readonly watchdogMs: number | null;
}

/**
 * Tells systemd that the monitor is ready, lives and stops (sd_notify). By the program `systemd-notify`, which is there wherever
 * systemd is: Node has no datagram sockets of the local kind, and the packages that do are native code to build.
 */
export class ServiceManager {
  readonly #manager: ManagerSocket;
  readonly #onFailure: (error: unknown) => void;
  #aliveAt = -Infinity;
  #hasFailed = false;

  constructor(manager: ManagerSocket, onFailure: (error: unknown) => void) {
    this.#manager = manager;
    this.#onFailure = onFailure;
  }

  async ready(): Promise<void> {
    this.#aliveAt = performance.now();
    await this.#say('READY=1', 'WATCHDOG=1');
  }

  /** Called by every tick; says so as often as the unit needs it. */
  alive(): void {
    const { watchdogMs } = this.#manager;
    if (watchdogMs === null || performance.now() - this.#aliveAt < watchdogMs * SHARE_OF_WATCHDOG) return;
    this.#aliveAt = performance.now();
    void this.#say('WATCHDOG=1');
  }

  async stopping(): Promise<void> {
    await this.#say('STOPPING=1');
  }

  async #say(...states: readonly string[]): Promise<void> {
    const { socket } = this.#manager;
    if (socket === null) return;
    try {
      // systemd's own program, under the service's PATH.
      const env = { PATH: '/usr/local/bin:/usr/bin:/bin', NOTIFY_SOCKET: socket };
      await promisify(execFile)('systemd-notify', [...states], { env, timeout: SAID_WITHIN_MS });
      this.#hasFailed = false;
    } catch (error) {
      // Once: systemd acts on what it does not hear, and a line a second would hide why.
      if (!this.#hasFailed) this.#onFailure(error);
      this.#hasFailed = true;
    }
  }
}
