import type { Check } from '../core/check.ts';
import type { Event } from '../core/event.ts';
import type { Before } from '../core/follow-up.ts';
import { groupOf, isUnrecognised } from '../core/outcome.ts';

/** Events that one check may be, each told once and not at every check that follows. Pure. */

/** So many unrecognised pages of one platform in a row are no accident of one page. */
const STREAK = 3;

/** An event about a check, at the time it ended. */
export function eventOf(check: Check, kind: Event['kind'], message: string): Event {
  const { platform, host, targetId, finishedAt } = check;
  return { kind, at: finishedAt, platform, host, targetId, message };
}

/** A page of a known kind in a structure that this host has not shown for it before: the site is being rebuilt. */
export function drift({ fingerprints }: Before, check: Check): Event | null {
  const { fingerprint, reading } = check;
  if (fingerprint === null || !['observed', 'gate'].includes(groupOf(reading.outcome))) return null;
  const known = fingerprints.at(-1);
  if (known === undefined || fingerprints.includes(fingerprint)) return null;
  return eventOf(check, 'drift', `${reading.outcome} (${reading.rule}) in a new structure: ${known} → ${fingerprint}`);
}

export function unknownStreak({ platformOutcomes }: Before, check: Check): Event | null {
  const outcomes = [check.reading.outcome, ...platformOutcomes];
  const recognised = outcomes.findIndex((outcome) => !isUnrecognised(outcome));
  const length = recognised === -1 ? outcomes.length : recognised;
  if (length !== STREAK) return null;
  return eventOf(check, 'unknown_streak', `${STREAK} pages of ${check.platform} in a row were not recognised`);
}

/** The first time that a target is seen to have moved: its entry in the catalogue has to change. */
export function moved({ previous }: Before, check: Check): Event | null {
  const { outcome, message } = check.reading;
  return outcome === 'moved' && previous !== 'moved' ? eventOf(check, 'moved', message) : null;
}

/** A list page that links elsewhere than when it was last read. */
export function linksChanged({ lastLinks }: Before, check: Check): Event | null {
  const { links } = check.reading.facets;
  if (links === undefined || lastLinks === null) return null;
  const gone = lastLinks.filter((link) => !links.includes(link));
  const added = links.filter((link) => !lastLinks.includes(link));
  if (gone.length === 0 && added.length === 0) return null;
  const said = [...gone.map((link) => `no longer ${link}`), ...added.map((link) => `now ${link}`)];
  return eventOf(check, 'links_changed', said.join('; '));
}
