import { isPrivateIp } from '../core/networks.ts';
import { hostOf, type Target } from '../core/target.ts';
import type { Resolve } from './addresses.ts';
import type { BrowserControl } from './browser-control.ts';
import { mayBeRight } from './clock.ts';
import type { Control } from './control.ts';
import type { Robots } from './robots.ts';

/** What `guetteur doctor` finds of our own line and of the watched hosts. Each host is asked for its robots.txt at most, once a day. */

export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do; '' when nothing is wrong. */
  readonly next: string;
}

const GIVE_CA =
  'where a private CA signs (a proxy that looks inside, a company network), give it to both: docs/deploy.md';

/** Network and clock as Node sees them. */
export async function lineFindings(control: Pick<Control, 'ask'>): Promise<Finding[]> {
  const { isUp, clock, distrust } = await control.ask();
  return [networkFinding(isUp, distrust), clockFinding(clock)];
}

function networkFinding(isUp: boolean, distrust: string | null): Finding {
  if (distrust !== null)
    return bad(
      'network',
      `Node trusts the certificate of no control host: ${distrust}`,
      `NODE_EXTRA_CA_CERTS; ${GIVE_CA}`,
    );
  return isUp
    ? good('network', 'a control host answers')
    : bad('network', 'no control host answers', 'check the connection, or `control.hosts`');
}

function clockFinding(clock: Awaited<ReturnType<Control['ask']>>['clock']): Finding {
  if (clock === null)
    return bad('clock', 'could not be compared with any control host', 'until then every reading is clock_untrusted');
  const offset = `between ${clock.fromMs} and ${clock.toMs} ms from the control hosts`;
  return mayBeRight(clock)
    ? good('clock', offset)
    : bad('clock', offset, 'set the clock, for example with systemd-timesyncd');
}

/** The line as the browser has it: it has its own list of CAs, and its own way out. */
export async function browserLineFinding(control: Pick<BrowserControl, 'ask'>, practice: boolean): Promise<Finding> {
  const name = 'browser line';
  const line = await control.ask({ practice, needsCertificate: true });
  switch (line.kind) {
    case 'opens':
      if (practice || line.address.startsWith('https:')) return good(name, `opens ${line.address}`);
      return bad(
        name,
        `opens ${line.address}, which shows no certificate: whether it trusts any is not known`,
        'name one https address in `control.hosts`',
      );
    case 'distrusts':
      return bad(
        name,
        `the browser does not trust the certificate of ${line.address}: ${line.error}`,
        `until then checks end as monitor_error; ${GIVE_CA}; or the clock is wrong`,
      );
    case 'down':
      return bad(
        name,
        `the browser does not reach ${line.address}: ${line.error}`,
        'until then faults end as network_down; check firewall, DNS and proxy for the user that runs the browser',
      );
    case 'unasked':
      return bad(name, 'there is no control host to open', 'name some in `control.hosts`');
    default:
      return line satisfies never;
  }
}

/** Each host has a name that leads somewhere, and a robots.txt that can be read and does not forbid the targets' pages. */
export async function hostFindings(
  targets: Iterable<Target>,
  robots: Pick<Robots, 'ask'>,
  resolve: Resolve,
): Promise<Finding[]> {
  const byHost = new Map<string, Target[]>();
  for (const target of targets) {
    const host = hostOf(target.address);
    byHost.set(host, [...(byHost.get(host) ?? []), target]);
  }
  const found: Finding[] = [];
  // One after the other: nothing here is in a hurry.
  for (const [host, there] of byHost) {
    const addresses = await resolve(new URL(`https://${host}/`).hostname).catch(() => []);
    const name = `host ${host}`;
    if (addresses.some(isPrivateIp))
      found.push(bad(name, 'leads to an address of this network', 'a live page must be public: check the name server'));
    else if (addresses.length > 0) found.push(...(await robotsFindings(host, there, robots)));
    else
      found.push(
        bad(name, 'has no address in DNS', 'check the name in the targets, or the name server of this machine'),
      );
  }
  if (found.length === 0)
    found.push(good('hosts', `${byHost.size} hosts have an address and a robots.txt that lets us`));
  return found;
}

async function robotsFindings(
  host: string,
  targets: readonly Target[],
  robots: Pick<Robots, 'ask'>,
): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { id, address } of targets) {
    const answer = await robots.ask(address);
    if (answer === 'disallowed')
      found.push(
        bad(
          `robots ${host}`,
          `robots.txt disallows the page of ${id}`,
          'it is obeyed: take the target out, or write to the site',
        ),
      );
    if (answer === 'unreadable')
      found.push(
        bad(`robots ${host}`, 'robots.txt could not be read for 7 days', 'the host is not visited until it can be'),
      );
  }
  return found;
}

export function good(name: string, detail: string): Finding {
  return { name, ok: true, detail, next: '' };
}

export function bad(name: string, detail: string, next: string): Finding {
  return { name, ok: false, detail, next };
}
