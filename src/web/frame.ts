import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

/** What every page of the operator has around it. Practice data carry a banner that nobody can miss. `isLive`: shows itself again. */
export function frame(
  { title, practice, isLive = true }: { title: string; practice: boolean; isLive?: boolean },
  main: Markup,
): Markup {
  const banner = practice
    ? html`<p class="practice">
        Practice: replica sites on this machine. Nothing here says anything of a real prefecture.
      </p>`
    : '';
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${isLive ? html`<meta http-equiv="refresh" content="10" />` : ''}
        <title>Guetteur: ${title}</title>
        <link rel="stylesheet" href="/operator/style.css" />
      </head>
      <body>
        <h1>Guetteur</h1>
        ${banner} ${main}
      </body>
    </html>`;
}

const paris = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Paris', dateStyle: 'short', timeStyle: 'medium' });

export function time(instant: number): Markup {
  return html`<time datetime="${new Date(instant).toISOString()}">${paris.format(instant)} (Paris)</time>`;
}

/** A table that scrolls by itself where it is wider than the screen. */
export function table(head: readonly string[], rows: readonly (readonly (string | Markup)[])[]): Markup {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${head.map((words) => html`<th scope="col">${words}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
