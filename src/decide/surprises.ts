import type { Check } from '../core/check.ts';
import type { Event } from '../core/event.ts';
import type { Before } from '../core/follow-up.ts';
import { groupOf, isUnrecognised, type Outcome } from '../core/outcome.ts';

/** Events that one check may be, each told once and not at every check that follows. Pure. */

/** So many unrecognised pages in a row are no accident of one page. */
const STREAK = 3;

/** An event about a check, at the time it ended. */
export function eventOf(check: Check, kind: Event['kind'], message: string): Event {
  const { platform, host, targetId, finishedAt } = check;
  return { kind, at: finishedAt, platform, host, targetId, message };
}

/** A page of a known kind in a structure that this target has not shown at this step before: the site is being rebuilt. */
export function drift({ fingerprints }: Before, check: Check): Event | null {
  const { fingerprint, reading } = check;
  if (fingerprint === null || !['observed', 'gate'].includes(groupOf(reading.outcome))) return null;
  const known = fingerprints.at(-1);
  if (known === undefined || fingerprints.includes(fingerprint)) return null;
  return eventOf(check, 'drift', `${reading.outcome} (${reading.rule}) in a new structure: ${known} → ${fingerprint}`);
}

/**
 * Pages that nobody knows, in a row: of one target, or of one host by several targets. Told of the host, it is not told again of each
 * of its targets. Not by platform: the pages of other hosts say nothing of this one, and break no row.
 */
export function unknownStreak({ targetOutcomes, hostVisits }: Before, check: Check): Event | null {
  if (!isUnrecognised(check.reading.outcome)) return null;
  const before = runOf(hostVisits, ({ outcome }) => outcome);
  const wasTold = isWidespread(before);
  if (!wasTold && isWidespread([{ targetId: check.targetId }, ...before])) {
    const event = eventOf(
      check,
      'unknown_streak',
      `${before.length + 1} pages of ${check.host} in a row were not recognised`,
    );
    return { ...event, targetId: null };
  }
  const own = runOf(targetOutcomes, (outcome) => outcome);
  if (wasTold || own.length + 1 !== STREAK) return null;
  return eventOf(
    check,
    'unknown_streak',
    `${STREAK} pages of this target in a row were not recognised (${check.host})`,
  );
}

function isWidespread(run: readonly { readonly targetId: string }[]): boolean {
  return run.length >= STREAK && new Set(run.map(({ targetId }) => targetId)).size > 1;
}

/** Those before the first that was recognised. */
function runOf<T>(visits: readonly T[], outcomeOf: (visit: T) => Outcome): readonly T[] {
  const recognised = visits.findIndex((visit) => !isUnrecognised(outcomeOf(visit)));
  return recognised === -1 ? visits : visits.slice(0, recognised);
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
