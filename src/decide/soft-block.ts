import type { Check } from '../core/check.ts';
import type { Event, SoftBlock } from '../core/event.ts';
import type { HostPast } from '../core/follow-up.ts';
import { groupOf } from '../core/outcome.ts';
import { eventOf } from './surprises.ts';

/**
 * An answer can lie to robots: some booking sites give a throttled client an empty list for hours. A control target is known
 * to have slots; when it turns to "no" together with everything else on its host, no "no" of that window is believed.
 */

interface Follow {
  readonly event: Event | null;
  readonly softBlock: SoftBlock | { readonly overAt: number } | null;
}

const NOTHING: Follow = { event: null, softBlock: null };

/** Pure. The window begins where a control last showed slots, and ends where one shows them again. */
export function softBlockAfter(past: HostPast, check: Check): Follow {
  const { outcome } = check.reading;
  const isControl = check.mode === 'control';
  if (past.isMarked) {
    if (!isControl || outcome !== 'slots') return NOTHING;
    const overAt = check.observedAt ?? check.finishedAt;
    const message = `the control shows slots again on ${check.host}`;
    return { event: eventOf(check, 'soft_block_over', message), softBlock: { overAt } };
  }
  const { controlSlotsAt: fromAt, lastMarkFromAt } = past;
  // A window that a person has unmarked is not marked again: the control has to show slots first.
  if (fromAt === null || (lastMarkFromAt !== null && lastMarkFromAt >= fromAt)) return NOTHING;
  const reason = suspicion(past, check);
  if (reason === null) return NOTHING;
  const softBlock = { host: check.host, fromAt, toAt: null, reason, markedBy: 'control rule' };
  return { event: eventOf(check, 'soft_block', `${check.host}: ${reason}`), softBlock };
}

/** Why the host's "no" is not believed any more; null while it is. */
function suspicion(past: HostPast, check: Check): string | null {
  if (check.reading.outcome !== 'no_slots') return null;
  const self = { targetId: check.targetId, outcome: check.reading.outcome, isControl: check.mode === 'control' };
  const answering = [self, ...past.neighbours].filter(({ outcome }) => groupOf(outcome) === 'observed');
  const controls = answering.filter((target) => target.isControl);
  if (controls.length === 0 || answering.length === controls.length) return null;
  if (answering.some(({ outcome }) => outcome !== 'no_slots')) return null;
  const isStrange = check.fingerprint !== null && past.noPages.length > 0 && !past.noPages.includes(check.fingerprint);
  const pages = isStrange ? ', in a page unlike its earlier ones' : '';
  const names = controls.map(({ targetId }) => targetId).join(', ');
  return `the control ${names} turned to "no" together with the ${answering.length - controls.length} others${pages}`;
}
