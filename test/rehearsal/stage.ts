import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Shown } from '../support/authority.ts';
import { ip, Names, onlyIpv4 } from '../support/namespace.ts';
import { PacketListener, type Packet } from '../support/packets.ts';
import { CONTROLS, MAIL, OURS, PRIVATE, SITES } from './sites.ts';
import type { Order, WorldReport } from './world.ts';

/** The network around a monitor: a cable to the world, the names, and somebody who listens to the cable. */

/** What may become of it. */
export type Change =
  | { readonly site: string; readonly plays: string | null }
  | { readonly site: string; readonly shows: Shown }
  | { readonly site: string; readonly leads: 'home' | 'nowhere' | 'to a private address' }
  | { readonly cable: 'whole' | 'cut' }
  | { readonly names: 'known' | 'gone' }
  | { readonly controlsOffMs: number };

const CABLE = 'cable0';
const FAR_END = 'cable1';

export class Stage {
  readonly #world: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #orders = 0;
  #names: Names | undefined;
  #packets: PacketListener | undefined;
  #controlsOffMs = 0;

  private constructor(world: ChildProcess) {
    this.#world = world;
    type Reply = { readonly id: number; readonly value?: unknown; readonly error?: string };
    world.on('message', ({ id, value, error }: Reply) => {
      const waiting = this.#waiting.get(id);
      if (error === undefined) waiting?.resolve(value);
      else waiting?.reject(new Error(error));
      this.#waiting.delete(id);
    });
  }

  /** To be called within `runInNamespace`; `folder` holds the certificates. */
  static async open(folder: string): Promise<Stage> {
    const script = new URL('world.ts', import.meta.url).pathname;
    const node = [process.execPath, '--disable-warning=ExperimentalWarning', script];
    const world = spawn('unshare', ['-n', ...node], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    await new Promise<void>((resolve, reject) => {
      world.once('message', () => resolve());
      world.once('exit', () => reject(new Error('the world ended before it was there')));
    });
    const stage = new Stage(world);
    ip('link', 'set', 'lo', 'up');
    ip('link', 'add', CABLE, 'type', 'veth', 'peer', 'name', FAR_END, 'netns', String(world.pid));
    onlyIpv4(CABLE);
    ip('address', 'add', `${OURS}/32`, 'dev', CABLE);
    ip('link', 'set', CABLE, 'up');
    await stage.#tell({ do: 'open', folder, cable: FAR_END });
    ip('route', 'add', 'default', 'dev', CABLE, 'src', OURS);
    stage.#names = new Names(folder);
    stage.#nameAll(true);
    stage.#packets = await PacketListener.start(CABLE);
    return stage;
  }

  async apply(change: Change): Promise<void> {
    if ('plays' in change) await this.#tell({ do: 'play', host: change.site, scenario: change.plays });
    else if ('shows' in change) await this.#tell({ do: 'certificate', host: change.site, shows: change.shows });
    else if ('leads' in change) this.#lead(change.site, change.leads);
    else if ('cable' in change) await this.#tell({ do: 'cable', isWhole: change.cable === 'whole' });
    else if ('names' in change) this.#nameAll(change.names === 'known');
    else this.#controlsOffMs = change.controlsOffMs;
  }

  async setClock(aheadMs: number): Promise<void> {
    await this.#tell({ do: 'clock', aheadMs, controlsOffMs: this.#controlsOffMs });
  }

  /** What the other side saw, and what went over the cable; the stage is over then. */
  async close(): Promise<{ readonly world: WorldReport; readonly packets: readonly Packet[] }> {
    const world = (await this.#tell({ do: 'report' })) as WorldReport;
    const packets = (await this.#packets?.stop()) ?? [];
    this.#world.kill('SIGKILL');
    return { world, packets };
  }

  #tell(order: Order): Promise<unknown> {
    this.#orders += 1;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(this.#orders, waiting);
    this.#world.send({ id: this.#orders, order });
    return waiting.promise;
  }

  #lead(host: string, where: 'home' | 'nowhere' | 'to a private address'): void {
    const home = SITES.find((site) => site.host === host)?.address ?? null;
    this.#names?.set(host, where === 'home' ? home : where === 'nowhere' ? null : PRIVATE);
  }

  #nameAll(isKnown: boolean): void {
    for (const { host, address } of [...SITES, ...CONTROLS, MAIL]) this.#names?.set(host, isKnown ? address : null);
  }
}

/** The configuration of a monitor that watches the sites of the rehearsal, as an operator would write it. */
export function writeConfig(folder: string, targets: readonly string[], more: Readonly<Record<string, object>>): void {
  const mailTo = (address: string, kinds: readonly string[]): object => ({ channel: 'email', to: { address }, kinds });
  const config = {
    mode: 'live',
    operator: {
      name: 'Association Exemple',
      contact: 'veille@association.example',
      website: 'https://association.example/guetteur',
    },
    targets: { select: targets.map((id) => ({ id })) },
    alerts: {
      channels: { email: { host: MAIL.host, from: 'veille@association.example' } },
      subscriptions: [
        mailTo('permanence@association.example', ['slots', 'better', 'gone', 'outage', 'recovered']),
        mailTo('technique@association.example', ['operator', 'canary']),
      ],
    },
    http: { port: 0, publicUrl: 'https://guetteur.association.example/' },
    ...more,
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'guetteur.yaml'), JSON.stringify(config, null, 2));
}
