import { html, raw } from 'hono/html';
import type { Facets, LeadBand } from '../../core/reading.ts';
import {
  frenchDate,
  frenchDayMonth,
  mondayOf,
  openDays,
  parisDay,
  parisInstant,
  plusDays,
  weekdayName,
} from '../shared/paris.ts';
import type { Markup } from '../shared/sites.ts';
import { START } from './layout.ts';

/** Days from today at which the shown week begins, at least; it is shown from its Monday. */
export interface Week {
  readonly fromDays: number;
  /** Times of the Monday, the Tuesday…; an empty list is a day without slots. */
  readonly times: readonly (readonly string[])[];
}

export interface SlotsLook {
  readonly hasMoreRows?: boolean;
  /** The radio itself cannot be seen, its label stands for it. */
  readonly isStyled?: boolean;
  /** The accordions of narrow screens are in the document too, undisplayed. */
  readonly hasMobileTwin?: boolean;
  /** Said under the week. */
  readonly below?: Markup;
}

const STYLED = raw(`<style>
.radio-card input{position:absolute;opacity:0;width:24px;height:24px;margin:0}
.radio-card label::before{content:'';display:inline-block;width:16px;height:16px;border:1px solid #000091;border-radius:50%;margin-right:8px;vertical-align:middle}
</style>`);

/** Monday of the first whole week that begins at least so many days from today. */
function weekMonday(now: number, fromDays: number): string {
  return mondayOf(plusDays(parisDay(now), fromDays + 6));
}

function dayColumn(day: string, times: readonly string[], index: number): Markup {
  return html`<div class="column col items-center blocCreneauSelection">
    <h3 class="celulleHeader text-bold text-center">${weekdayName(day)}<br />${frenchDayMonth(day)}</h3>
    <ul>
      ${times.map((time, row) => radioCard(time, `${index}${row}`, row % 2 === 1 ? ' row cellule justify-center even' : ' row cellule justify-center'))}
    </ul>
  </div>`;
}

function radioCard(time: string, place: string, look = ''): Markup {
  const id = `${place}${time.replace(':', '')}`;
  return html`<li class="radio-card${look}">
    <input type="radio" name="trhId" id="trhId_${id}" value="${id}" data-value="${id}" /><label
      class="fr-label"
      for="trhId_${id}"
      >${time.replace(':', 'h')}</label
    >
  </li> `;
}

function mobileTwin(days: readonly string[]): Markup {
  return html`<div class="lt-sm">
    ${days.map(
      (day) =>
        html`<div class="q-expansion-item">
          <div class="q-item">${weekdayName(day)} ${frenchDayMonth(day)}</div>
          <div class="q-expansion-item__content">Aucun créneau disponible</div>
        </div>`,
    )}
  </div>`;
}

function navigation(monday: string): Markup {
  return html`<p class="row justify-center">
    <button type="button" class="q-btn q-btn--flat">Semaine précédente</button>
    <span class="q-pa-md">Semaine du ${frenchDate(monday)}</span>
    <button type="button" class="q-btn q-btn--flat">Semaine suivante</button>
  </p>`;
}

/** State A: the week has slots. */
export function weekWithSlots(now: number, week: Week, look: SlotsLook = {}): Markup {
  const monday = weekMonday(now, week.fromDays);
  const days = week.times.map((_times, index) => plusDays(monday, index));
  return html`${look.isStyled === true ? STYLED : ''}
    <h1>Choisissez votre créneau</h1>
    <form method="post" action="${START}creneau/_choisirBloc">
      ${navigation(monday)}
      <div class="row semaine">${week.times.map((times, index) => dayColumn(days[index] ?? monday, times, index))}</div>
      ${look.hasMobileTwin === true ? mobileTwin(days) : ''}
      ${look.hasMoreRows === true ? html`<p class="text-center"><button type="button" class="fr-btn fr-btn--tertiary-no-outline">Voir plus de créneaux</button></p>` : ''}
      ${look.below ?? ''}
      <p><button type="submit" class="q-btn q-btn--standard q-btn--actionable">Suivant</button></p>
    </form>`;
}

/** State A on a telephone: a list of days, of which the first with slots is open. The others say what is not true of the week. */
export function narrowWeek(now: number, week: Week): Markup {
  const monday = weekMonday(now, week.fromDays);
  const first = week.times.findIndex((times) => times.length > 0);
  return html`<h1>Choisissez votre créneau</h1>
    <form method="post" action="${START}creneau/_choisirBloc">
      ${week.times.map((times, index) => {
        const day = plusDays(monday, index);
        return html`<div class="q-expansion-item">
          <div class="q-item">${weekdayName(day)} ${frenchDayMonth(day)}</div>
          <div class="q-expansion-item__content" ${index === first ? '' : raw('style="display:none"')}>
            ${times.length === 0 ? 'Aucun créneau disponible' : ''}
            <ul>
              ${times.map((time, row) => radioCard(time, `${index}${row}`))}
            </ul>
          </div>
        </div>`;
      })}
    </form>`;
}

export function weekFacets(now: number, week: Week): Facets {
  const monday = weekMonday(now, week.fromDays);
  const days = week.times.flatMap((times, index) => (times.length === 0 ? [] : [plusDays(monday, index)]));
  const [firstDate, secondDate] = days;
  return {
    leadBand: days.length > 1 ? 'within31_several' : 'within31_single',
    ...(firstDate === undefined ? {} : { firstDate }),
    ...(secondDate === undefined ? {} : { secondDate }),
    distinctDays: days.length,
    slotCount: week.times.flat().length,
  };
}

function emptyWeek(now: number, message: Markup): Markup {
  return html`<h1>Choisissez votre créneau</h1>
    ${navigation(weekMonday(now, 1))}
    <div class="text-center q-pa-md">${message}</div>`;
}

/** State B: nothing this week, and the platform says from when on. Negative days make a stale page. */
export function nextAvailability(now: number, inDays: number): Markup {
  const day = laterDay(now, inDays);
  return emptyWeek(
    now,
    html`Aucun créneau disponible sur cette semaine<br /><button type="button" class="q-btn q-btn--standard">
        Prochaine disponibilité le ${frenchDate(day)}
      </button>`,
  );
}

function laterDay(now: number, inDays: number): string {
  return openDays(plusDays(parisDay(now), inDays), 1)[0] ?? parisDay(now);
}

export function laterFacets(now: number, inDays: number, leadBand?: LeadBand): Facets {
  return { firstDate: laterDay(now, inDays), ...(leadBand === undefined ? {} : { leadBand }) };
}

/** State C. */
export function nothingThisWeek(now: number): Markup {
  return emptyWeek(now, html`Aucun créneau disponible sur cette semaine`);
}

/** State D: the last published week is past. */
export function afterLastWeek(now: number, news: Markup | null): Markup {
  return emptyWeek(now, html`${lastWeekWords()}${news ?? ''}`);
}

export function lastWeekWords(): Markup {
  return html`Aucun créneau disponible à partir de cette date.<br />Veuillez réessayer ultérieurement.`;
}

/** State E: nothing is published. */
export function nothingPublished(news: Markup | null): Markup {
  return html`<h1>Aucun créneau disponible</h1>
    <div class="text-center q-pa-md">Veuillez réessayer ultérieurement.</div>
    ${news ?? ''}`;
}

/** When the next batch of slots comes: an instant, and its words. Kept clear of the hours at which clocks change. */
export function nextPublicationAt(now: number): number {
  return parisInstant(plusDays(parisDay(now), 4), '11:30');
}

export function nextPublication(now: number): Markup {
  const at = parisDay(nextPublicationAt(now));
  return publicationWords({
    words: `Prochaine mise en ligne de nouveaux rendez-vous : le ${frenchDate(at)} à 11:30`,
    week: weekMonday(now, 10),
  });
}

export function lastPublication(now: number): Markup {
  return publicationWords({
    words: `Dernière mise en ligne de rendez-vous : le ${frenchDate(plusDays(parisDay(now), -3))} à 11:58`,
    week: weekMonday(now, 1),
  });
}

function publicationWords(publication: { readonly words: string; readonly week: string }): Markup {
  return html`<div class="text-center q-pa-md">
    <span class="fr-text--italic fr-text--bold">${publication.words}</span><br /><span class="fr-text--italic"
      >pour des créneaux de la semaine du ${frenchDate(publication.week)}</span
    >
  </div>`;
}
