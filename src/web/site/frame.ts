import { html } from 'hono/html';

import { LANGUAGES, type Language } from '../../core/subscription.ts';
import type { Provenance, TargetName } from '../../stats/figures.ts';
import { pathOf } from '../subscribe/frame.ts';
import type { Markup } from '../frame.ts';
import type { Publisher } from '../open-data/licence.ts';
import type { AssetName, Assets } from './assets.ts';
import { FORMATS, type Format } from './format.ts';
import type { ProseWords } from './words/prose/prose.ts';
import { PROSE, SITE_WORDS } from './words/speak.ts';
import type { MenuKey, SiteWords } from './words/words.ts';

/** What all pages of one site share. */
export interface SiteFacts {
  readonly practice: boolean;
  /** Who answers for this instance; null in practice. */
  readonly operator: { readonly name: string; readonly contact: string; readonly website: string | null } | null;
  /** Names this instance in a citation. */
  readonly publisher: Publisher;
  readonly vantage: string;
  readonly version: string;
  readonly userAgent: string;
  /** Where the public finds the living site, with a slash at its end; null when nowhere. */
  readonly publicUrl: string | null;
  /** The page stands in a folder of files: nothing there answers forms or subscriptions. */
  readonly isStatic: boolean;
  readonly assets: Assets;
}

/** One page on its way to be written: its language and its place, from which every link is relative. */
export interface Here {
  readonly facts: SiteFacts;
  readonly language: Language;
  readonly words: SiteWords;
  readonly prose: ProseWords;
  readonly format: Format;
  /** Below the language, with a slash at its end: `department/93/`; empty for home. */
  readonly path: string;
  /** A link to a path below this language. */
  readonly link: (path: string) => string;
  /** A link to a path below the root of the site. */
  readonly fromRoot: (path: string) => string;
}

/** `depth`: how many folders below the root the page stands, where its path does not say it. */
export function hereAt(
  facts: SiteFacts,
  language: Language,
  path: string,
  depth: number = path.split('/').length,
): Here {
  const fromRoot = (to: string): string => `${'../'.repeat(depth)}${to}`;
  return {
    facts,
    language,
    words: SITE_WORDS[language],
    prose: PROSE[language],
    format: FORMATS[language],
    path,
    fromRoot,
    link: (to) => fromRoot(`${language}/${to}`),
  };
}

/** Where a watched page is told of: a page without slots is a step of its service. */
export function targetLink(
  { link }: Here,
  { id, platform, procedure }: Pick<TargetName, 'id' | 'platform' | 'procedure'>,
): string {
  return link(procedure === 'service' ? `service/${platform}/` : `target/${id}/`);
}

export interface PageParts {
  readonly title: string;
  /** Which entry of the menu this page is. */
  readonly current?: MenuKey;
  /** When and from what its figures were computed; none for pages without figures. */
  readonly provenance?: Provenance;
  /** The interactive chart, with what it needs. */
  readonly hasSeries?: boolean;
  /** For search engines and shared links. */
  readonly description?: string;
  readonly isHidden?: boolean;
}

const MENU: readonly (readonly [MenuKey, string])[] = [
  ['home', ''],
  ['anef', 'service/anef/'],
  ['compare', 'compare/'],
  ['method', 'method/'],
  ['data', 'data/'],
  ['status', 'status/'],
];

/** The same rules as the server's header, for hosts of files that send none. It cannot speak of frames there. */
const STATIC_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; base-uri 'none'";

export function pageOf(here: Here, parts: PageParts, main: Markup): Markup {
  const { words, facts } = here;
  const { frame } = words;
  const isPractice = facts.practice || parts.provenance?.practice === true;
  return html`<!doctype html>
    <html lang="${words.language}" dir="${words.direction}">
      ${headOf(here, parts)}
      <body>
        <a class="skip" href="#main">${frame.skip}</a>
        <header>
          ${isPractice ? html`<p class="practice" role="note">${frame.practice}</p>` : ''}
          <div class="top">
            <p class="name">
              <a href="${here.link('')}"><span lang="fr" translate="no">Guetteur</span></a>
              <span class="quiet">${frame.tagline}</span>
            </p>
            ${languageLinks(here)}
          </div>
          ${menuOf(here, parts.current)}
        </header>
        <main id="main" tabindex="-1">
          <h1>${parts.title}</h1>
          ${main}
        </main>
        ${bottomOf(here, parts.provenance)}
      </body>
    </html>`;
}

function headOf(here: Here, { title, description, hasSeries, isHidden }: PageParts): Markup {
  const { facts, path, words } = here;
  const asset = (name: AssetName): string => here.fromRoot(facts.assets[name].path);
  const home = path === '' ? '' : ' – Guetteur';
  const alternates =
    facts.publicUrl === null
      ? ''
      : LANGUAGES.map(
          (other) => html`<link rel="alternate" hreflang="${other}" href="${facts.publicUrl ?? ''}${other}/${path}" />`,
        );
  return html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    ${facts.isStatic ? html`<meta http-equiv="content-security-policy" content="${STATIC_POLICY}" />` : ''}
    <title>${title}${home}</title>
    <meta name="description" content="${description ?? words.home.lede}" />
    ${isHidden === true || facts.practice ? html`<meta name="robots" content="noindex" />` : ''}
    <link rel="stylesheet" href="${asset('site.css')}" />
    <link rel="icon" href="${asset('icon.svg')}" type="image/svg+xml" />
    ${alternates}
    ${
      hasSeries === true
        ? html`<link rel="stylesheet" href="${asset('uplot.css')}" />
            <script defer src="${asset('uplot.js')}"></script>
            <script defer src="${asset('series.js')}"></script>`
        : ''
    }
  </head>`;
}

function languageLinks({ language, path, fromRoot }: Here): Markup {
  const links = LANGUAGES.map((other) => {
    const { name } = SITE_WORDS[other];
    if (other === language) return html`<span aria-current="true" lang="${other}">${name}</span>`;
    return html`<a href="${fromRoot(`${other}/${path}`)}" hreflang="${other}" lang="${other}">${name}</a>`;
  });
  return html`<nav class="languages" aria-label="Langue, language, اللغة">${links}</nav>`;
}

function menuOf(here: Here, current: MenuKey | undefined): Markup {
  const { menu, menuItems } = here.words.frame;
  const alerts = subscribeLink(here);
  const entries = MENU.map(([key, path]) => {
    const mark = key === current ? html`aria-current="page"` : '';
    return html`<li><a href="${here.link(path)}" ${mark}>${menuItems[key]}</a></li>`;
  });
  return html`<nav class="menu" aria-label="${menu}">
    <ul>
      ${entries}${alerts === null ? '' : html`<li><a href="${alerts}">${menuItems.alerts}</a></li>`}
    </ul>
  </nav>`;
}

/** The form lives on a server: files lead to the living site, where there is one. */
export function subscribeLink({ facts, language, fromRoot }: Here): string | null {
  if (!facts.isStatic) return fromRoot(pathOf(language));
  return facts.publicUrl === null ? null : `${facts.publicUrl}${pathOf(language)}`;
}

function bottomOf(here: Here, provenance: Provenance | undefined): Markup {
  const { facts } = here;
  const { frame } = here.words;
  const runBy = facts.operator === null ? '' : ` ${frame.runBy(facts.operator.name)}`;
  const address = facts.publicUrl === null ? '' : `${facts.publicUrl}${here.language}/${here.path}`;
  return html`<footer class="bottom">
    ${provenance === undefined ? '' : provenanceOf(here, provenance)}
    ${address === '' ? '' : html`<p class="printed"><bdi>${address}</bdi></p>`}
    <p>
      <strong>${frame.neverBuy}</strong> ${frame.notOfficial}${runBy}
      <a href="${here.link('data/')}">${frame.licence}</a>
    </p>
  </footer>`;
}

/** When the figures of a page were computed, and from what. */
/** `anef 2, ez-booking 1–2`: the versions that read the pages of a period. */
export function readerVersions(readers: Provenance['readers']): string {
  return readers
    .map(({ platform, oldest, newest }) => `${platform} ${oldest === newest ? newest : `${oldest}–${newest}`}`)
    .join(', ');
}

function provenanceOf({ words: { frame }, format }: Here, provenance: Provenance): Markup {
  const { period, computedAt, checks, firstAt, lastAt, readers } = provenance;
  const span =
    firstAt === null || lastAt === null ? '' : frame.between(format.instant(firstAt), format.instant(lastAt));
  const versions = readerVersions(readers);
  return html`<p>
    <time datetime="${new Date(computedAt).toISOString()}"
      >${frame.computed(format.instant(computedAt), format.day(period.from), format.day(period.to), format.count(checks))}</time
    >
    ${span} ${versions === '' ? '' : html`${frame.readers} <bdi>${versions}</bdi>`}
  </p>`;
}
