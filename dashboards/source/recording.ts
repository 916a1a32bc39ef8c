/**
 * The recording rules: the shares of statistics (S1, S3, S4, S5 and uptime) with their denominators, over four windows.
 *
 * Counts come from `guetteur_target_planned_checks_total`, which the monitor keeps over restarts. A window longer than an hour
 * is looked at in steps: raw samples of a month would be a hundred times more to read, for the same counts. Ratios divide
 * two counts over the same samples, so what Prometheus extrapolates at a window's ends cancels out.
 */

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

export interface RuleGroup {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly RecordingRule[];
}

/** Length, step and number of steps. No interval is longer than the five minutes after which Prometheus forgets a sample. */
const WINDOWS = [
  { name: '1h', range: '1h', subquery: '1h:1m', steps: 60, interval: '1m' },
  { name: '1d', range: '1d:2m', subquery: '1d:2m', steps: 720, interval: '2m' },
  { name: '7d', range: '7d:10m', subquery: '7d:10m', steps: 1_008, interval: '4m' },
  { name: '30d', range: '30d:1h', subquery: '30d:1h', steps: 720, interval: '4m' },
] as const;

type Window = (typeof WINDOWS)[number];

const ID = 'job, instance, target';
const WITH_PLACE = `* on (${ID}) group_left (department, procedure) guetteur_target_info`;

/** What stands now, for time-weighted shares. A target that was not checked for three intervals says nothing any more. */
const NOW: RuleGroup = {
  name: 'guetteur-now',
  interval: '30s',
  rules: [
    {
      record: 'target:guetteur_fresh:bool',
      expr: 'time() - guetteur_target_last_check_timestamp_seconds < bool 3 * guetteur_target_interval_seconds',
    },
    {
      record: 'target:guetteur_slots:bool',
      expr: standing('outcome="slots"', 'outcome=~"no_slots|suspended"'),
    },
    {
      record: 'target:guetteur_works:bool',
      expr: standing('outcome=~"slots|no_slots|suspended|operational"', 'outcome="moved"', 'group="fault"'),
    },
    {
      record: 'department_weekday_hour:guetteur_slots:avg',
      expr:
        'avg by (job, instance, department) (target:guetteur_slots:bool)' +
        ' * on (job, instance) group_left (weekday, hour) guetteur_paris_clock',
    },
  ],
};

/** 1 where the outcome matches `yes`, 0 where it matches one of `no`, and nothing else. */
function standing(yes: string, ...no: readonly string[]): string {
  const seen = (matcher: string): string => `max without (outcome, group) (guetteur_target_outcome{${matcher}})`;
  const branches = [seen(yes), ...no.map((matcher) => `0 * ${seen(matcher)}`)].join(' or ');
  return `(${branches}) and on (${ID}) (target:guetteur_fresh:bool == 1)`;
}

function shares(window: Window): RuleGroup {
  const { name, range, subquery, steps, interval } = window;
  const ended = `target_result:guetteur_planned_checks:increase${name}`;
  const sum = (results: string): string => `sum without (result) (${ended}{result=~"${results}"})`;
  const observed = 'slots|no_slots|suspended|moved|operational';
  const looked = `target:guetteur_looked:increase${name}`;
  const place = `department_procedure:guetteur_looked:increase${name}`;
  const ratio = (numerator: string, denominator: string): string => `${numerator} / (${denominator} > 0)`;
  return {
    name: `guetteur-${name}`,
    interval,
    rules: [
      { record: ended, expr: `increase(guetteur_target_planned_checks_total[${range}])` },
      { record: `target:guetteur_planned:increase${name}`, expr: `sum without (result) (${ended})` },
      { record: looked, expr: sum('slots|no_slots|suspended') },
      { record: `target:guetteur_availability:ratio${name}`, expr: ratio(sum('slots'), looked) },
      {
        record: `target:guetteur_coverage:ratio${name}`,
        expr: ratio(sum(observed), `target:guetteur_planned:increase${name}`),
      },
      { record: `target:guetteur_fault:ratio${name}`, expr: ratio(sum('fault'), sum(`${observed}|fault`)) },
      { record: `target:guetteur_gate:ratio${name}`, expr: ratio(sum('gate'), sum(`${observed}|fault|gate`)) },
      { record: place, expr: `sum by (job, instance, department, procedure) (${looked} ${WITH_PLACE})` },
      {
        record: `department_procedure:guetteur_availability:ratio${name}`,
        expr: ratio(`sum by (job, instance, department, procedure) (${sum('slots')} ${WITH_PLACE})`, place),
      },
      { record: `target:guetteur_uptime:ratio${name}`, expr: `avg_over_time(target:guetteur_works:bool[${subquery}])` },
      {
        record: `target:guetteur_uptime_measured:ratio${name}`,
        // Prometheus 2 counts the sample at a window's very beginning too, Prometheus 3 does not.
        expr: `clamp_max(count_over_time(target:guetteur_works:bool[${subquery}]) / ${steps}, 1)`,
      },
    ],
  };
}

/** S1 is printed only over 30 observed checks, 10 days (which are two ISO weeks) and a coverage of 80 %. */
const PRINTABLE: RuleGroup = {
  name: 'guetteur-printable',
  interval: '4m',
  rules: [
    {
      record: 'target:guetteur_days_looked:count30d',
      expr: 'sum_over_time((target:guetteur_looked:increase1d > bool 0)[30d:1d])',
    },
    {
      record: 'target:guetteur_availability:printable30d',
      expr:
        'target:guetteur_availability:ratio30d and target:guetteur_looked:increase30d >= 30' +
        ' and target:guetteur_coverage:ratio30d >= 0.8 and target:guetteur_days_looked:count30d >= 10',
    },
  ],
};

/** A group a file: a unit test evaluates only what it is about. */
export const RECORDING_RULES: readonly RuleGroup[] = [NOW, ...WINDOWS.map(shares), PRINTABLE];
