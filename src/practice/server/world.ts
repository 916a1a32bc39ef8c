import type { Replica, Scenario } from '../../core/replica.ts';
import type { Target } from '../../core/target.ts';
import { openControl, openSite, type OpenSite } from './open.ts';

/** All replica sites that are shown in practice mode, and the targets that stand for them. */
export interface PracticeWorld {
  readonly targets: readonly Target[];
  readonly controlOrigin: string;
  readonly sites: ReadonlyMap<string, OpenSite>;
  close(): Promise<void>;
}

/** Practice targets keep their ports from run to run where these are free, so that their addresses stay the same. */
const FIRST_PORT = 18_640;

export function practiceTargetId(replica: Replica, scenario: Scenario): string {
  return `practice-${replica.platform}-${scenario.name}`;
}

/** Opens the control host, and the shown scenarios whose target ids are `wanted`. */
export async function openPracticeWorld(
  replicas: ReadonlyMap<string, Replica>,
  wanted: (targetId: string) => boolean,
): Promise<PracticeWorld> {
  const shown = [...replicas.values()].flatMap((replica) =>
    replica.scenarios.filter((scenario) => scenario.shown !== undefined).map((scenario) => ({ replica, scenario })),
  );
  const sites = new Map<string, OpenSite>();
  const targets: Target[] = [];
  for (const [at, { replica, scenario }] of shown.entries()) {
    const id = practiceTargetId(replica, scenario);
    if (!wanted(id)) continue;
    const site = await openSite(replica, scenario, { port: FIRST_PORT + at });
    sites.set(id, site);
    targets.push(targetOf(id, replica, scenario, site.address));
  }
  const control = await openControl();
  const close = async (): Promise<void> => {
    await Promise.all([control.close(), ...[...sites.values()].map((site) => site.close())]);
  };
  return { targets, controlOrigin: control.origin, sites, close };
}

function targetOf(id: string, replica: Replica, scenario: Scenario, address: string): Target {
  return {
    id,
    platform: replica.platform,
    address,
    department: scenario.shown?.department ?? null,
    prefecture: scenario.shown?.prefecture ?? null,
    procedure: scenario.shown?.procedure ?? 'other',
    label: scenario.shown?.label ?? scenario.name,
    control: scenario.shown?.control ?? false,
    contacts: [],
    params: scenario.params ?? {},
    practice: true,
  };
}
