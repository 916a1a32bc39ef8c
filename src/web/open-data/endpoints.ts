import type { z } from 'zod';

import type { Figures, Period } from '../../stats/figures.ts';
import { badRequest, notFound } from './problem.ts';
import { departmentOf, onlyKnown, periodOf, targetIdOf, type Parameters } from './question.ts';
import * as schemas from './schemas.ts';

/** The figures as JSON: one entry a path. The OpenAPI document is made from the same list. */

export interface Endpoint {
  readonly path: string;
  readonly summary: string;
  /** Parameters of the query, by name. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly schema: z.ZodType;
  /** Throws `Refused`. */
  readonly answer: (figures: Figures, given: { readonly path: string; readonly query: Parameters }) => Promise<unknown>;
}

const PERIOD = { from: 'First local day (Europe/Paris)', to: 'Last local day, included; 400 days at most' } as const;

interface Kind<T> {
  readonly path: string;
  readonly summary: string;
  readonly schema: z.ZodType<T>;
  readonly ask: (figures: Figures, name: string, period: Period) => Promise<T | null>;
}

function overPeriod<T>({ path, summary, schema, ask }: Kind<T>): Endpoint {
  return {
    path,
    summary,
    schema,
    parameters: PERIOD,
    answer: async (figures, { path: name, query }) => {
      onlyKnown(query, Object.keys(PERIOD));
      const found = await ask(figures, name, periodOf(query, figures.lastDays(90)));
      if (found === null) throw notFound(`nothing of the name ${JSON.stringify(name.slice(0, 40))} is watched`);
      return found;
    },
  };
}

const COMPARE = {
  target: 'Id of a target; or give department; neither for all targets with slots',
  department: 'Code of a department',
  before_from: 'First day of the time before',
  before_to: 'Last day of the time before',
  after_from: 'First day of the time after',
  after_to: 'Last day of the time after',
} as const;

const compare: Endpoint = {
  path: '/compare',
  summary: 'S11: two periods, by the same hours of the week; at least 28 days each. Choose the dates before looking',
  schema: schemas.compare,
  parameters: COMPARE,
  answer: async (figures, { query }) => {
    onlyKnown(query, Object.keys(COMPARE));
    const { target, department } = query;
    if (target !== undefined && department !== undefined) throw badRequest('give target or department, not both');
    for (const name of ['before_from', 'before_to', 'after_from', 'after_to'])
      if (query[name] === undefined) throw badRequest(`${name} is missing`);
    const usual = figures.lastDays(90);
    const before = periodOf(query, usual, { from: 'before_from', to: 'before_to' });
    const after = periodOf(query, usual, { from: 'after_from', to: 'after_to' });
    if (before.to >= after.from) throw badRequest('the time before has to end before the time after begins');
    const subject =
      target !== undefined
        ? { target: targetIdOf(target) }
        : department !== undefined
          ? { department: departmentOf(department) }
          : ({ national: true } as const);
    const found = await figures.compare({ subject, before, after });
    if (found === null) throw notFound('nothing of that name is watched');
    return found;
  },
};

export const ENDPOINTS: readonly Endpoint[] = [
  overPeriod({
    path: '/national',
    summary: 'All targets with slots together, the map, and the services',
    schema: schemas.national,
    ask: (figures, _name, period) => figures.national(period),
  }),
  overPeriod({
    path: '/departments/{name}',
    summary: 'One department, by its code',
    schema: schemas.department,
    ask: (figures, name, period) => figures.department(departmentOf(name), period),
  }),
  overPeriod({
    path: '/targets',
    summary: 'All targets with slots',
    schema: schemas.targets,
    ask: (figures, _name, period) => figures.targets(period),
  }),
  overPeriod({
    path: '/targets/{name}',
    summary: 'One target, by its id: everything that is public about it',
    schema: schemas.targetFigures,
    ask: (figures, name, period) => figures.target(targetIdOf(name), period),
  }),
  overPeriod({
    path: '/services/{name}',
    summary: 'A service without slots, as anef: uptime and outages by step',
    schema: schemas.serviceFigures,
    ask: (figures, name, period) => figures.service(targetIdOf(name), period),
  }),
  compare,
  overPeriod({
    path: '/agreement',
    summary: 'S13: agreement with people and between vantage points',
    schema: schemas.agreement,
    ask: (figures, _name, period) => figures.agreement(period),
  }),
  {
    path: '/alerts',
    summary: 'S14: how long alerts take, and whether test messages arrive',
    schema: schemas.alerts,
    parameters: {},
    answer: (figures, { query }) => {
      onlyKnown(query, []);
      return figures.alerts();
    },
  },
];
