import type { Replica, Scenario } from '../../core/replica.ts';
import { bareTarget, type Target } from '../../core/target.ts';
import { openControl, openLivingSite, openSite, type OpenSite } from './open.ts';
import { openMailbox } from './mailbox.ts';
import { livingPlaces, outcomesOf, timetable } from './timetable.ts';

/** All replica sites that are shown in practice mode, and the targets that stand for them. */
export interface PracticeWorld {
  readonly targets: readonly Target[];
  readonly controlOrigin: string;
  /** Where the messages of practice mode arrive and can be looked at. */
  readonly mailbox: string;
  close(): Promise<void>;
}

/** Practice targets keep their ports from run to run where these are free, so that their addresses stay the same. */
const FIRST_PORT = 18_640;

/** One site of practice mode before it is opened: its targets have a path instead of an address. */
interface Show {
  readonly targets: readonly Target[];
  readonly open: (options: { port: number; seed: string }) => Promise<OpenSite>;
}

/** The targets of practice mode as they are listed, without opening anything: their sites have no address yet. */
export function practiceTargets(replicas: ReadonlyMap<string, Replica>): readonly Target[] {
  return showsOf(replicas).flatMap((show) => show.targets);
}

/** Opens the control host, and the sites of the targets whose ids are `wanted`. */
export async function openPracticeWorld(
  replicas: ReadonlyMap<string, Replica>,
  options: { readonly wanted: (targetId: string) => boolean; readonly seed: string },
): Promise<PracticeWorld> {
  const opened: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((server) => server.close()));
  };
  const kept = <T extends { close(): Promise<void> }>(server: T): T => {
    opened.push(server);
    return server;
  };
  const targets: Target[] = [];
  try {
    for (const [at, show] of showsOf(replicas).entries()) {
      if (!show.targets.some(({ id }) => options.wanted(id))) continue;
      const site = kept(await show.open({ port: FIRST_PORT + at, seed: options.seed }));
      targets.push(...show.targets.map((target) => ({ ...target, address: site.address })));
    }
    const control = kept(await openControl());
    const mailbox = kept(await openMailbox(FIRST_PORT - 1, textOf));
    return { targets, controlOrigin: control.origin, mailbox: `${mailbox.origin}/`, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The words of a webhook's body. */
function textOf(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && 'text' in parsed ? String(parsed.text) : body;
  } catch {
    return body;
  }
}

function showsOf(replicas: ReadonlyMap<string, Replica>): Show[] {
  return [...replicas.values()].flatMap((replica) => [...livingShows(replica), ...fixedShows(replica)]);
}

/** Sites that stand still in one state. */
function fixedShows(replica: Replica): Show[] {
  return replica.scenarios.flatMap((scenario) => {
    if (scenario.shown === undefined) return [];
    const { params = {}, shown } = scenario;
    const target = { ...practiceTarget(replica, scenario.name, scenario.path), label: scenario.name, ...shown, params };
    return [{ targets: [target], open: ({ port }) => openSite(replica, scenario, { port }) }];
  });
}

/** Sites that live by a timetable. Where slots come and go, a control stands beside the target on the same host. */
function livingShows(replica: Replica): Show[] {
  return livingPlaces(replica).map((place, at) => {
    const name = at === 0 ? 'living' : `living-${at + 1}`;
    const shown = replica.scenarios.find((scenario) => scenario.shown !== undefined)?.shown;
    const target: Target = {
      ...practiceTarget(replica, name, place.path),
      department: shown?.department ?? null,
      prefecture: 'Site vivant (réplique)',
      procedure: shown?.procedure ?? 'other',
      label: `${place.scenarios.length} états qui changent`,
      params: place.params,
    };
    const outcomes = outcomesOf(place);
    const hasSlots = outcomes.has('slots') && outcomes.has('no_slots');
    const control = { ...target, id: `${target.id}-control`, label: 'témoin de ce site', control: true };
    return {
      targets: hasSlots ? [target, control] : [target],
      open: ({ port, seed }) => openLivingSite(replica, timetable(place, seed), { port }),
    };
  });
}

function practiceTarget(replica: Replica, name: string, path: Scenario['path']): Target {
  const id = `practice-${replica.platform}-${name}`;
  return bareTarget({ id, platform: replica.platform, address: path, practice: true });
}
