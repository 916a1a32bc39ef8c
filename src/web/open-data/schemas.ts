import { z } from 'zod';

import { OUTCOMES, type Outcome } from '../../core/outcome.ts';
import { PROCEDURES } from '../../core/target.ts';
import type * as figures from '../../stats/figures.ts';
import type * as results from '../../stats/results.ts';

/**
 * What the answers look like, for the OpenAPI document. Each is held against the type of the figures by the compiler and against
 * the answers themselves by the tests. Objects are strict: a field that is not described here does not leave.
 */

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .describe('Local day, Europe/Paris');
const instant = z.number().describe('Epoch milliseconds UTC');
const count = z.int().min(0);
const share = z.number().min(0).max(1);
const duration = z.number().min(0).describe('Milliseconds');
const outcome = z.enum(OUTCOMES as [Outcome, ...Outcome[]]); // oxlint-disable-line typescript/no-unsafe-type-assertion -- the closed list is not empty

const missing: z.ZodType<results.Missing> = z
  .strictObject({
    what: z.enum(['checks', 'days', 'weeks', 'coverage', 'events', 'plans']),
    have: z.number(),
    need: z.number(),
  })
  .meta({ id: 'Missing', description: 'What is missing before a figure may be printed' });

const base = { hits: count, checks: count, days: count, weeks: count };
const availability: z.ZodType<results.Share> = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('share'),
      ...base,
      share,
      low: share,
      high: share,
      designEffect: z.number().min(1),
      effectiveChecks: z.number().min(0),
    }),
    z.strictObject({
      kind: z.literal('no_hits'),
      ...base,
      share: z.literal(0),
      perCheckHigh: share,
      perDayHigh: share,
    }),
    z.strictObject({ kind: z.literal('all_hits'), ...base, share: z.literal(1), perCheckLow: share, perDayLow: share }),
    z.strictObject({ kind: z.literal('insufficient'), ...base, missing: z.array(missing) }),
  ])
  .meta({
    id: 'Share',
    description: 'S1: share of checks at random times at which at least one slot was offered, 95 %',
  });

const proportion: z.ZodType<results.Proportion> = z
  .strictObject({ count, of: count, share: share.nullable() })
  .meta({ id: 'Proportion', description: 'share is null when there is nothing to divide by' });

const outcomes = z.partialRecord(outcome, count);
const measuredFields = {
  share: availability,
  coverage: proportion,
  faults: proportion,
  gates: proportion,
  outcomes,
  softBlocked: count,
};
const measured: z.ZodType<figures.Measured> = z.strictObject(measuredFields).meta({ id: 'Measured' });

const period: z.ZodType<figures.Period> = z.strictObject({ from: day, to: day }).meta({ id: 'Period' });

export const provenance: z.ZodType<figures.Provenance> = z
  .strictObject({
    period,
    computedAt: instant,
    checks: count,
    firstAt: instant.nullable(),
    lastAt: instant.nullable(),
    readers: z.array(z.strictObject({ platform: z.string(), oldest: z.int(), newest: z.int() })),
    practice: z.boolean().describe('true: made by replica sites on one machine, not about any public body'),
  })
  .meta({ id: 'Provenance', description: 'When it was computed, and from what' });

const target: z.ZodType<figures.TargetName> = z
  .strictObject({
    id: z.string(),
    platform: z.string(),
    address: z.string(),
    department: z.string().nullable(),
    prefecture: z.string().nullable(),
    procedure: z.enum(PROCEDURES),
    label: z.string().nullable(),
    practice: z.boolean(),
  })
  .meta({ id: 'Target' });

const point: z.ZodType<figures.DayPoint> = z
  .strictObject({
    day,
    planned: count,
    slots: count,
    noSlots: count,
    suspended: count,
    moved: count,
    operational: count,
    fault: count,
    gate: count,
    unmeasured: count,
    softBlocked: count,
  })
  .meta({ id: 'DayPoint' });
const timeline = z.array(point);
const months: z.ZodType<readonly figures.MonthPoint[]> = z.array(
  z.strictObject({ month: z.string(), ...measuredFields }),
);
const state = z.enum(['share', 'no_hits', 'all_hits', 'insufficient', 'gate', 'not_measured']);

const now: z.ZodType<results.Now> = z
  .strictObject({
    state: z.enum(['measured', 'unknown', 'gate', 'old', 'never']),
    measuredAt: instant.nullable().describe('Not measured since then, where the state is not "measured"'),
    visitedAt: instant.nullable(),
  })
  .meta({ id: 'Now', description: 'Whether the last answer speaks for now; figures of a period do not say so' });

const outage: z.ZodType<results.Outage> = z
  .strictObject({
    targetId: z.string(),
    outcome,
    afterAt: instant.nullable(),
    firstSeenAt: instant,
    lastSeenAt: instant,
    goneByAt: instant.nullable(),
    lostAt: instant.nullable().describe('Not seen for too long since then: its end is not known'),
    texts: z.array(z.string()),
  })
  .meta({ id: 'Outage' });

const uptime: z.ZodType<results.Uptime> = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('uptime'),
      share,
      upMs: duration,
      downMs: duration,
      maintenanceMs: duration,
      unmeasuredMs: duration,
      checks: count,
    }),
    z.strictObject({ kind: z.literal('insufficient'), checks: count, missing: z.array(missing) }),
  ])
  .meta({ id: 'Uptime' });

const summaryFields = {
  target,
  state,
  measured,
  now: now.nullable(),
  lastSlotsDay: day.nullable(),
  lastObservedDay: day.nullable(),
};
const summary: z.ZodType<figures.TargetSummary> = z.strictObject(summaryFields).meta({ id: 'TargetSummary' });

const serviceFields = {
  platform: z.string(),
  steps: count,
  uptime,
  now,
  unmeasured: count,
  lasting: count,
  outages: z.array(outage),
};
const service: z.ZodType<figures.ServiceSummary> = z.strictObject(serviceFields).meta({ id: 'ServiceSummary' });

export const national: z.ZodType<figures.NationalFigures> = z
  .strictObject({
    provenance,
    now,
    measured,
    timeline,
    months,
    map: z.array(z.strictObject({ department: z.string(), state, targets: count, measured })),
    targets: count,
    departmentsMeasured: count,
    services: z.array(service),
  })
  .meta({ id: 'NationalFigures' });

export const department: z.ZodType<figures.DepartmentFigures> = z
  .strictObject({
    provenance,
    department: z.string(),
    now,
    state,
    measured,
    timeline,
    months,
    targets: z.array(summary),
  })
  .meta({ id: 'DepartmentFigures' });

export const targets: z.ZodType<figures.TargetsFigures> = z
  .strictObject({ provenance, targets: z.array(summary) })
  .meta({ id: 'TargetsFigures' });

const drought: z.ZodType<results.PublicDrought> = z
  .strictObject({
    checks: count,
    firstDay: day,
    lastDay: day,
    spanDays: count,
    longestGapMs: duration,
    begins: z.enum(['slots', 'gap', 'start']),
    ends: z.enum(['slots', 'gap', 'now']),
  })
  .meta({ id: 'Drought', description: 'S6: "no slot was seen in N checks between … and …", as days' });

const leadTime: z.ZodType<results.LeadTime> = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('lead_time'),
      checks: count,
      medianDays: z.number(),
      quartileLowDays: z.number(),
      quartileHighDays: z.number(),
      over31: share,
      over61: share,
      over90: share,
    }),
    z.strictObject({ kind: z.literal('insufficient'), checks: count, missing: z.array(missing) }),
  ])
  .meta({ id: 'LeadTime', description: 'S10' });

const exhaustion: z.ZodType<results.Exhaustion> = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('bounds'),
      openings: count,
      medianLowMs: duration,
      medianHighMs: duration.nullable(),
    }),
    z.strictObject({ kind: z.literal('insufficient'), openings: count, missing: z.array(missing) }),
  ])
  .meta({ id: 'Exhaustion', description: 'S8: medians of the lower and of the upper bounds' });

const releases: z.ZodType<results.ReleaseHistogram> = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('histogram'),
      zone: z.string(),
      until: day,
      events: count,
      undated: count,
      rates: z.array(z.array(z.number().nullable())),
      exposureHours: z.array(z.array(z.number())),
    }),
    z.strictObject({
      kind: z.literal('insufficient'),
      until: day,
      events: count,
      undated: count,
      missing: z.array(missing),
    }),
  ])
  .meta({ id: 'ReleaseHistogram', description: 'S7: at least 30 days old, no finer than hour × weekday' });

export const targetFigures: z.ZodType<figures.TargetFigures> = z
  .strictObject({
    provenance,
    ...summaryFields,
    attempts: z.strictObject({
      checks: count,
      days: count,
      weeks: count,
      firstAt: instant.nullable(),
      lastAt: instant.nullable(),
      byHour: z.array(count),
      zone: z.string(),
      longestGapMs: duration.nullable(),
    }),
    drought: z.strictObject({ current: drought.nullable(), longest: drought.nullable() }),
    leadTime,
    exhaustion,
    releases,
    blindness: z.strictObject({
      intervalMs: duration,
      chances: z.array(z.strictObject({ openForMs: duration, chance: share })),
    }),
    timeline,
    months,
    captures: z.array(z.strictObject({ checkId: count, day, outcome })),
  })
  .meta({ id: 'TargetFigures' });

export const serviceFigures: z.ZodType<figures.ServiceFigures> = z
  .strictObject({
    provenance,
    ...serviceFields,
    measured,
    byStep: z.array(z.strictObject({ target, now, uptime, measured, outages: z.array(outage), timeline })),
    timeline,
  })
  .meta({ id: 'ServiceFigures' });

const difference: z.ZodType<results.Difference> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('difference'), difference: z.number(), low: z.number(), high: z.number() }),
  z.strictObject({
    kind: z.literal('insufficient'),
    missing: z.array(
      z.strictObject({
        what: z.enum(['checks', 'days', 'weeks', 'coverage', 'events', 'plans']),
        have: z.number(),
        need: z.number(),
        side: z.enum(['before', 'after']),
      }),
    ),
  }),
]);

export const compare: z.ZodType<figures.CompareFigures> = z
  .strictObject({
    provenance,
    question: z.strictObject({
      subject: z.union([
        z.strictObject({ target: z.string() }),
        z.strictObject({ department: z.string() }),
        z.strictObject({ national: z.literal(true) }),
      ]),
      before: period,
      after: period,
    }),
    before: measured,
    after: measured,
    difference,
  })
  .meta({ id: 'CompareFigures', description: 'S11: to be worded "associated with"' });

const agreed: z.ZodType<results.Agreement> = z
  .strictObject({
    pairs: count,
    share: share.nullable(),
    disagreements: z.array(
      z.strictObject({ targetId: z.string(), day, ours: outcome, theirs: outcome, by: z.string() }),
    ),
  })
  .meta({ id: 'Agreement', description: 'S13' });

export const agreement: z.ZodType<figures.AgreementFigures> = z
  .strictObject({ provenance, people: agreed, vantages: agreed })
  .meta({ id: 'AgreementFigures' });

export const alerts: z.ZodType<figures.AlertFigures> = z
  .strictObject({
    computedAt: instant,
    channels: z.array(
      z.strictObject({
        channel: z.string(),
        accepted: count,
        medianMs: duration.nullable(),
        p95Ms: duration.nullable(),
        tests: proportion,
      }),
    ),
  })
  .meta({ id: 'AlertFigures', description: 'S14' });

export const problem = z
  .strictObject({ type: z.literal('about:blank'), title: z.string(), status: z.int(), detail: z.string() })
  .meta({ id: 'Problem', description: 'RFC 9457' });
