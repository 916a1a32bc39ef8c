/** Pieces of queries that several dashboards share. */

/** The monitor chosen above. One at a time: what two vantages see of the same targets must not be added. */
export const HERE = 'instance="$instance"';

/** Prefectures: what has slots. Services have doors that open or not. */
export const WITH_SLOTS = 'procedure!="service"';

const ID = 'job, instance, target';

/** What is watched, by the chosen department or procedure, joined to a figure of its target. */
export function withInfo(figure: string, labels: string, matchers = ''): string {
  const info = `guetteur_target_info{${[HERE, matchers].filter((part) => part !== '').join(', ')}}`;
  return `(${figure}) * on (${ID}) group_left (${labels}) ${info}`;
}

/** The figure where there is one, else 0 while the monitor answers: nothing at all when it does not. */
export function orZero(figure: string): string {
  return `${figure} or 0 * sum(guetteur_targets{${HERE}})`;
}

/**
 * How much each series has grown in the last `window`. One that was not there while the monitor answered was 0 then: `delta`
 * would not see the first of anything, and the first is what an operator looks for. `delta` stands in where nobody knows.
 */
export function grown(series: string, window: string): string {
  const firsts = `${series} and on (job, instance) guetteur_targets{${HERE}} offset ${window}`;
  return `(${series} - ${series} offset ${window} or ${firsts} or delta(${series}[${window}]))`;
}

/** A quantile of a histogram over the last `window`. */
export function quantile(share: number, bucket: string, by: string, window: string): string {
  return `histogram_quantile(${share}, sum by (${['le', by].filter((part) => part !== '').join(', ')}) (increase(${bucket}[${window}])))`;
}
