// The types of the library are not known here: it comes from its own file, as `uPlot`.
/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access, typescript/no-unsafe-return */

/* The interactive time series: reads the table that stands on the page anyway, and asks the network for nothing. Without this
   script the table and the drawn timeline say the same. `uPlot` comes from its own file, loaded before this one. */
(() => {
  'use strict';
  const HEIGHT = 260;
  const COLOURS = ['--yes', '--fault', '--quiet'];
  const DASHES = [[], [6, 4], [2, 4]];

  /** @param {HTMLTableCellElement | undefined} cell */
  function numberOf(cell) {
    const data = cell?.querySelector('data') ?? null;
    return data === null ? null : Number(data.value);
  }

  /** @param {HTMLTableRowElement} row Noon of its day, in seconds: every zone shows the same day. */
  function secondsOf(row) {
    return Date.parse(`${row.cells[0]?.querySelector('time')?.dateTime ?? ''}T12:00:00Z`) / 1_000;
  }

  function formats() {
    const { lang } = document.documentElement;
    const locale = lang === 'ar' ? 'ar-u-ca-gregory-nu-latn' : lang === 'en' ? 'en-GB' : lang;
    const utc = /** @type {const} */ ({ timeZone: 'UTC' });
    return {
      day: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', ...utc }),
      short: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', ...utc }),
      percent: new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }),
    };
  }

  /** @param {string} name */
  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  /**
   * @param {readonly string[]} heads
   * @param {readonly number[]} columns
   * @param {number} width
   */
  function optionsOf(heads, columns, width) {
    const { day, short, percent } = formats();
    const axis = { stroke: colour('--ink'), grid: { stroke: colour('--line') }, ticks: { stroke: colour('--line') } };
    const lines = columns.map((column, index) => ({
      label: heads[column],
      stroke: colour(COLOURS[index] ?? '--ink'),
      dash: DASHES[index] ?? [],
      width: 2,
      points: { show: false },
      value: (/** @type {unknown} */ _, /** @type {number | null} */ value) =>
        value === null ? '–' : percent.format(value),
    }));
    return {
      width,
      height: HEIGHT,
      scales: { y: { range: [0, 1] } },
      series: [
        {
          label: heads[0],
          value: (/** @type {unknown} */ _, /** @type {number | null} */ at) =>
            at === null ? '–' : day.format(at * 1_000),
        },
        ...lines,
      ],
      axes: [
        {
          ...axis,
          space: 70,
          values: (/** @type {unknown} */ _, /** @type {readonly number[]} */ ticks) =>
            ticks.map((at) => short.format(at * 1_000)),
        },
        {
          ...axis,
          size: 56,
          values: (/** @type {unknown} */ _, /** @type {readonly number[]} */ ticks) =>
            ticks.map((share) => percent.format(share)),
        },
      ],
    };
  }

  /** @param {HTMLElement} place */
  function draw(place) {
    const table = document.getElementById(place.dataset['table'] ?? '');
    if (!(table instanceof HTMLTableElement)) return;
    place.closest('[hidden]')?.removeAttribute('hidden');
    const columns = (place.dataset['columns'] ?? '').split(' ').map(Number);
    const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent.trim());
    const rows = [...(table.tBodies[0]?.rows ?? [])];
    const values = columns.map((column) => rows.map((row) => numberOf(row.cells[column])));
    const width = () => Math.max(240, place.clientWidth);
    const chart = new uPlot(optionsOf(heads, columns, width()), [rows.map(secondsOf), ...values], place);
    new ResizeObserver(() => chart.setSize({ width: width(), height: HEIGHT })).observe(place);
  }

  for (const place of document.querySelectorAll('.series')) if (place instanceof HTMLElement) draw(place);
})();
