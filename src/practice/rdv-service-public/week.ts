import { html } from 'hono/html';
import { weekdayName } from '../shared/paris.ts';
import type { Markup } from '../shared/sites.ts';
import { dayAt, longDate, shortDate } from './calendar.ts';
import type { Column, Week } from './calendar.ts';
import { START, opening } from './layout.ts';
import type { Generation } from './layout.ts';

export interface WeekLook {
  readonly generation: Generation;
  /** The address of a time says when it is, year included. */
  readonly addressesSayDay?: boolean;
  /** Laid over the columns of an empty week: when the next time is. */
  readonly next?: { readonly day: string; readonly time: string };
  readonly motive?: string;
}

const NEXT_STEP = '/users/rdv_wizard_step/new';

/** Seven days side by side, and what leads to the weeks around them. */
export function weekPage(week: Week, look: WeekLook): Markup {
  const { generation, next } = look;
  const columns = week.columns.map((column, index) => {
    const day = dayAt(week, index);
    return generation === 2024 ? column2024(day, column, look) : column2026(day, column, look);
  });
  const box = generation === 2024 ? 'card-body' : 'fr-col';
  return html`${opening(generation, look.motive)}
    <section class="${generation === 2024 ? 'bg-light' : ''}">
      <div class="${generation === 2024 ? 'container' : 'fr-container'}">
        <h3>Sélectionnez un créneau :</h3>
        <div class="${generation === 2024 ? 'card mb-3' : 'fr-mb-3w'}">
          <div class="${box}">
            <div id="creneaux-lieu-1">
              ${turning(generation, 'Semaine précédente', 'sem. précédente')}
              <div class="row columns">${columns} ${next === undefined ? '' : overlay(generation, next)}</div>
              ${turning(generation, 'semaine suivante', 'sem. prochaine')}
            </div>
          </div>
        </div>
      </div>
    </section>`;
}

/** In 2026 the link stands twice, for wide and for narrow screens. */
function turning(generation: Generation, label: string, words: string): Markup {
  if (generation === 2024) return html`<a class="btn" href="${START}" aria-label="${label}">‹ ›</a>`;
  return html`<a class="fr-btn fr-unhidden-md" href="${START}" aria-label="${label}">‹ ›</a
    ><a class="fr-btn fr-hidden" href="${START}" aria-label="${label}">${words}</a>`;
}

function addressOf(day: string, time: string, look: WeekLook): string {
  const start = `&starts_at=${encodeURIComponent(`${day} ${time}:00 +0100`).replaceAll('%20', '+')}`;
  return `${NEXT_STEP}?lieu_id=1&motif_id=7${look.addressesSayDay === true ? start : ''}`;
}

function column2024(day: string, column: Column, look: WeekLook): Markup {
  return html`<div class="col">
    <div class="text-center"><strong>${weekdayName(day)}</strong><br />${shortDate(day)}</div>
    ${
      column === 'closed'
        ? html`<div class="text-muted">Date fermée à la reservation</div>`
        : column.length === 0
          ? html`<div class="text-center"><i class="fa fa-minus"></i></div>`
          : column.map(
              (time) =>
                html`<a
                  class="btn btn-light"
                  href="${addressOf(day, time, look)}"
                  aria-label="Choisir le créneau de ${time}"
                  >${time}</a
                >`,
            )
    }
  </div>`;
}

function column2026(day: string, column: Column, look: WeekLook): Markup {
  const named = (time: string): string => `Choisir le créneau du ${weekdayName(day)} ${shortDate(day)} à ${time}`;
  return html`<div class="fr-col-6 fr-col-lg">
    <p class="rdv-text-align-center"><strong>${weekdayName(day)}</strong><br />${shortDate(day)}</p>
    ${
      column === 'closed'
        ? html`<p class="rdv-color-text-mention-grey">Date fermée à la reservation</p>`
        : column.length === 0
          ? html`<p class="fr-text--sm">Pas de créneau disponible</p>`
          : column.map(
              (time) =>
                html`<a class="fr-btn fr-btn--tertiary" href="${addressOf(day, time, look)}" aria-label="${named(time)}"
                  >${time}</a
                >`,
            )
    }
  </div>`;
}

function overlay(generation: Generation, next: { readonly day: string; readonly time: string }): Markup {
  return html`<div class="overlay">
    <a class="${generation === 2024 ? 'btn btn-primary' : 'fr-btn fr-btn--secondary'}" href="${START}"
      >Prochaine disponibilité le<br /><strong>${longDate(next.day, next.time)}</strong></a
    >
  </div>`;
}
