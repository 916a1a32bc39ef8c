import { DEPARTMENT_CODES } from '../../core/department-names.ts';
import type { Language } from '../../core/subscription.ts';
import { hostOf, type Target } from '../../core/target.ts';
import type { Figures, Period, TargetFigures } from '../../stats/figures.ts';
import type { Store } from '../../store/contract.ts';
import type { Written } from '../answer-cache.ts';
import type { Markup } from '../frame.ts';
import { departmentLine, procedureName } from '../subscribe/summary.ts';
import { firstForm, questionOf, type CompareForm } from './compare-form.ts';
import { badge, widgetPage, type Embedded } from './embed.ts';
import { hereAt, type Here, type SiteFacts } from './frame.ts';
import type { Outlines } from './map/outlines.ts';
import { comparePage } from './pages/compare.ts';
import { dataPage } from './pages/data.ts';
import { departmentPage } from './pages/department.ts';
import { homePage } from './pages/home.ts';
import { methodPage, type HostRow } from './pages/method.ts';
import { servicePage } from './pages/service.ts';
import { statusPage } from './pages/status.ts';
import { CAPTURES_SHOWN, targetPage } from './pages/target.ts';
import type { Pictures } from './pictures/pictures.ts';

/** Every page looks back this far. */
export const DAYS_SHOWN = 90;

export interface WriterParts {
  readonly facts: SiteFacts;
  readonly figures: Figures;
  readonly targets: ReadonlyMap<string, Target>;
  readonly store: Pick<Store, 'lastFinishedAt' | 'hosts'>;
  readonly pictures: Pictures;
  readonly outlines: Outlines;
  readonly now: () => number;
}

/**
 * A page shows a few pictures, and lives on in caches and open windows while new ones come: so many of those last shown are known
 * of each target. Checks of one are three minutes apart at least: it takes an hour until one is forgotten.
 */
const PICTURES_KNOWN = 24;

/** A page or picture of the site, whole. */
export interface WrittenPage extends Written {
  readonly body: string;
}

const HTML = 'text/html; charset=utf-8';
const SVG = 'image/svg+xml; charset=utf-8';

/**
 * Writes the pages of the public site, for a server and for files alike. A path stands below its language and is one of
 * `paths`; everything else is no page.
 */
export class SiteWriter {
  readonly #parts: WriterParts;
  /** Checks by target, the last shown last. */
  readonly #picturesShown = new Map<string, Set<number>>();
  /** All pages and badges of one language, below it. */
  readonly paths: ReadonlySet<string>;
  /** What the form of the comparison may ask about. */
  readonly subjects: ReadonlySet<string>;

  constructor(parts: WriterParts) {
    this.#parts = parts;
    this.paths = new Set(this.#paths());
    this.subjects = new Set(this.#subjects());
  }

  get facts(): SiteFacts {
    return this.#parts.facts;
  }

  #paths(): string[] {
    const { figures } = this.#parts;
    const watched = this.departments();
    return [
      '',
      'badge.svg',
      'widget/',
      'compare/',
      'method/',
      'data/',
      'status/',
      ...figures.services().map((platform) => `service/${platform}/`),
      ...DEPARTMENT_CODES.map((code) => `department/${code}/`),
      ...watched.flatMap((code) => embeds(`department/${code}/`)),
      ...this.#slotTargets().flatMap(({ id }) => [`target/${id}/`, ...embeds(`target/${id}/`)]),
    ];
  }

  slotTargetIds(): readonly string[] {
    return this.#slotTargets().map(({ id }) => id);
  }

  /** Pages on which slots are looked for. */
  #slotTargets(): Target[] {
    return [...this.#parts.targets.values()].filter(({ procedure }) => procedure !== 'service');
  }

  /** Codes of the departments that have a watched page. */
  departments(): readonly string[] {
    const codes = new Set(this.#slotTargets().map(({ department }) => department));
    return DEPARTMENT_CODES.filter((code) => codes.has(code));
  }

  here(language: Language, path: string): Here {
    return hereAt(this.#parts.facts, language, path);
  }

  /** Null for a path that is no page of ours. */
  async write(language: Language, path: string): Promise<WrittenPage | null> {
    const here = this.here(language, path);
    if (path === 'compare/') return await this.writeCompare(language, firstForm(this.today()));
    const base = path.replace(/(?:badge\.svg|widget\/)$/, '');
    if (base !== path) return await this.#embed(here, base);
    const markup = await this.#page(here, path.split('/')[1] ?? '');
    return markup === null ? null : await page(here, markup);
  }

  async writeCompare(language: Language, form: CompareForm): Promise<WrittenPage> {
    const { figures } = this.#parts;
    const here = this.here(language, 'compare/');
    const answer = form.mistake === null ? await figures.compare(questionOf(form)) : null;
    const answered = { form, departments: this.departments(), targets: this.#slotTargets(), figures: answer };
    return await page(here, comparePage(here, answered));
  }

  #subjects(): string[] {
    const departments = this.departments().map((code) => `department:${code}`);
    return ['france', ...departments, ...this.#slotTargets().map(({ id }) => `target:${id}`)];
  }

  today(): string {
    return this.#period().to;
  }

  get pictures(): Pictures {
    return this.#parts.pictures;
  }

  /** The checks whose pictures the pages of a target have shown lately; null before its first page was written. */
  picturesShown(targetId: string): ReadonlySet<number> | null {
    return this.#picturesShown.get(targetId) ?? null;
  }

  async #show({ target, captures }: TargetFigures): Promise<TargetFigures['captures']> {
    const shown = (await this.#parts.pictures.shown(captures)).slice(0, CAPTURES_SHOWN);
    const ids = shown.map(({ checkId }) => checkId);
    const before = [...(this.#picturesShown.get(target.id) ?? [])].filter((id) => !ids.includes(id));
    this.#picturesShown.set(target.id, new Set([...before, ...ids].slice(-PICTURES_KNOWN)));
    return shown;
  }

  #period(): Period {
    return this.#parts.figures.lastDays(DAYS_SHOWN);
  }

  async #page(here: Here, name: string): Promise<Markup | null> {
    const { figures, targets, outlines } = this.#parts;
    const period = this.#period();
    switch (here.path) {
      case '':
        return homePage(here, await figures.national(period), outlines);
      case 'method/':
        return methodPage(here, hostRows(targets.values()));
      case 'data/':
        return dataPage(here, period.to);
      case 'status/':
        return await this.#status(here);
      case `department/${name}/`: {
        const found = await figures.department(name, period);
        return found === null ? null : departmentPage(here, found);
      }
      case `target/${name}/`: {
        const found = this.paths.has(here.path) ? await figures.target(name, period) : null;
        return found === null ? null : targetPage(here, { ...found, captures: await this.#show(found) });
      }
      case `service/${name}/`: {
        const found = figures.services().includes(name) ? await figures.service(name, period) : null;
        return found === null ? null : servicePage(here, found);
      }
      default:
        return null;
    }
  }

  async #status(here: Here): Promise<Markup> {
    const { figures, store, now } = this.#parts;
    const period = this.#period();
    const [national, alerts, agreement, lastFinishedAt, hosts] = await Promise.all([
      figures.national(period),
      figures.alerts(),
      figures.agreement(period),
      store.lastFinishedAt(),
      store.hosts(now()),
    ]);
    const paused = hosts
      .filter(({ breaker }) => breaker.openUntil > now())
      .map(({ host, breaker }) => ({ host, until: breaker.openUntil, reason: breaker.reason }));
    return statusPage(here, { national, alerts, agreement, health: { now: now(), lastFinishedAt, paused } });
  }

  async #embed(here: Here, base: string): Promise<WrittenPage | null> {
    const found = await this.#embedded(here, base);
    if (found === null) return null;
    if (here.path.endsWith('.svg')) return { contentType: SVG, body: String(await badge(here, found)) };
    return await page(here, widgetPage(here, found));
  }

  async #embedded(here: Here, base: string): Promise<Embedded | null> {
    const { figures } = this.#parts;
    const [section, name = ''] = base.split('/');
    const period = this.#period();
    if (base === '') {
      const { measured, provenance, now, targets: count } = await figures.national(period);
      const state = count === 0 ? 'not_measured' : measured.share.kind;
      return { name: here.words.frame.country, entry: { state, measured, now }, provenance };
    }
    if (base === `department/${name}/` && section === 'department') {
      const found = this.departments().includes(name) ? await figures.department(name, period) : null;
      return found === null
        ? null
        : { name: departmentLine(name, here.language), entry: found, provenance: found.provenance };
    }
    if (base !== `target/${name}/` || !this.paths.has(base)) return null;
    const found = await figures.target(name, period);
    if (found === null) return null;
    const { department, procedure } = found.target;
    const title = `${department ?? here.words.frame.country} ${procedureName(procedure, here.language)}`;
    return { name: title, entry: found, provenance: found.provenance };
  }
}

async function page({ language }: Here, markup: Markup): Promise<WrittenPage> {
  const text = String(await markup);
  return { contentType: HTML, body: language === 'fr' ? frenchSpaces(text) : text };
}

/** French has a space before these signs at which no line may break. */
function frenchSpaces(text: string): string {
  return text.replaceAll(/ (?=[%:;?!»])/g, '\u00A0').replaceAll('« ', '«\u00A0');
}

function embeds(base: string): string[] {
  return [`${base}badge.svg`, `${base}widget/`];
}

function hostRows(targets: Iterable<Target>): HostRow[] {
  const counts = new Map<string, number>();
  for (const { address } of targets) counts.set(hostOf(address), (counts.get(hostOf(address)) ?? 0) + 1);
  return [...counts].map(([host, pages]) => ({ host, pages })).toSorted((a, b) => (a.host < b.host ? -1 : 1));
}
