import type { Panel } from './dashboards.ts';
import type { Series } from './prometheus.ts';

/** Panels as plain charts, for a look at what they would show where no Grafana runs. */

export interface Drawn {
  readonly panel: Panel;
  readonly answers: readonly { readonly expr: string; readonly series: readonly Series[] }[];
}

const COLOURS = ['#3274D9', '#56A64B', '#E0B400', '#D44A3A', '#8F3BB8', '#37872D', '#FF780A', '#5794F2', '#8E8E8E'];

export function panelPage(title: string, drawn: readonly Drawn[]): string {
  const style =
    'body{font:14px sans-serif;display:grid;grid-template-columns:1fr 1fr;gap:12px;margin:12px}h1{grid-column:1/-1}' +
    'section{border:1px solid #ccc;padding:8px;overflow:auto;max-height:340px}h2{font-size:15px;margin:0}' +
    'p{color:#555;margin:4px 0}td,th{padding:2px 6px;border-bottom:1px solid #ddd;text-align:left}b{font-size:28px}';
  return `<!doctype html><meta charset="utf-8"><style>${style}</style><h1>${escape(title)}</h1>${drawn.map(section).join('')}`;
}

function section({ panel, answers }: Drawn): string {
  const all = answers.flatMap(({ series }, query) => series.map((one) => ({ one, query })));
  const body =
    all.length === 0
      ? '<b>no data</b>'
      : panel.type === 'stat'
        ? `<b>${escape(all[0]?.one.value?.[1] ?? '')}</b>`
        : all[0]?.one.value === undefined
          ? chart(all.map(({ one }) => one))
          : table(all);
  return `<section><h2>${escape(panel.title)}</h2><p>${escape(panel.description ?? '')}</p>${body}</section>`;
}

function chart(series: readonly Series[]): string {
  const points = series.flatMap(({ values = [] }) => values);
  const times = points.map(([at]) => at);
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const top = Math.max(...points.map(([, value]) => Number(value)).filter(Number.isFinite), 1e-9);
  const lines = series.map(({ values = [] }, at) => {
    const path = values.map(
      ([time, value]) =>
        `${(600 * (time - from)) / Math.max(1, to - from)},${(150 - (150 * Number(value)) / top).toFixed(1)}`,
    );
    return `<polyline fill="none" stroke="${COLOURS[at % COLOURS.length] ?? ''}" points="${path.join(' ')}"/>`;
  });
  const legend = series
    .slice(0, 12)
    .map(({ metric }) => escape(labels(metric)))
    .join(' · ');
  return `<svg viewBox="0 -5 600 160" width="600" height="160">${lines.join('')}</svg><p>max ${top.toPrecision(3)}; ${legend}</p>`;
}

function table(all: readonly { one: Series; query: number }[]): string {
  const rows = all
    .slice(0, 24)
    .map(
      ({ one, query }) =>
        `<tr><td>${query}</td><td>${escape(labels(one.metric))}</td><td>${escape(one.value?.[1] ?? '')}</td></tr>`,
    );
  return `<table><tr><th>query</th><th>labels</th><th>value</th></tr>${rows.join('')}</table>`;
}

function labels(metric: Readonly<Record<string, string>>): string {
  return Object.entries(metric)
    .filter(([name]) => !['__name__', 'job', 'instance', 'address', 'prefecture'].includes(name))
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
