import { html } from 'hono/html';

import type { Markup } from '../../frame.ts';
import { pageOf, type Here } from '../frame.ts';
import { dataTable, facts } from '../parts/tables.ts';
import type { Section } from '../words/prose/prose.ts';

/** A host that is read, and how many of its pages. */
export interface HostRow {
  readonly host: string;
  readonly pages: number;
}

/** How it is measured, its limits, its conduct, and for a public body: who reads its site, how often, how to stop it. */
export function methodPage(here: Here, hosts: readonly HostRow[]): Markup {
  const { method } = here.prose;
  return pageOf(
    here,
    { title: method.title, current: 'method', description: method.lede },
    html`<p class="lede">${method.lede}</p>
      ${[...method.sections, method.conduct].map(sectionOf)} ${stopSection(here, hosts)}`,
  );
}

function sectionOf({ title, paragraphs, points }: Section): Markup {
  return html`<h2>${title}</h2>
    ${paragraphs.map((text) => html`<p>${text}</p>`)} ${pointList(points)}`;
}

function pointList(points: readonly string[]): Markup | '' {
  if (points.length === 0) return '';
  return html`<ul>
    ${points.map((text) => html`<li>${text}</li>`)}
  </ul>`;
}

function stopSection(here: Here, hosts: readonly HostRow[]): Markup {
  const { facts: site, format } = here;
  const { stop } = here.prose.method;
  const { operator } = site;
  const rows = hosts.map(({ host, pages }) => [html`<bdi>${host}</bdi>`, format.count(pages)]);
  return html`${sectionOf(stop)}
  ${facts([
    ...(operator === null ? [] : [[stop.who, operatorOf(operator)] as const]),
    [stop.contact, operator === null ? stop.contactPractice : contactOf(operator.contact)],
    [stop.userAgent, html`<code dir="ltr">${site.userAgent}</code>`],
    [stop.rate, stop.rateText],
  ])}
  ${dataTable({ caption: stop.hosts, head: [stop.host, stop.pages], rows })}`;
}

function operatorOf({ name, website }: NonNullable<Here['facts']['operator']>): Markup {
  return website === null ? html`${name}` : html`<a href="${website}" rel="external">${name}</a>`;
}

/** The configuration has it as an e-mail address or a web address. */
function contactOf(contact: string): Markup {
  const address = /^https?:/.test(contact) ? contact : `mailto:${contact}`;
  return html`<a href="${address}"><bdi>${contact}</bdi></a>`;
}
