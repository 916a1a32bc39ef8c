import { html } from 'hono/html';
import type { Markup } from '../shared/sites.ts';
import { longDate } from './calendar.ts';
import { START, opening } from './layout.ts';

export interface Place {
  readonly name: string;
  readonly street: string;
  readonly day: string;
  readonly time: string;
}

/** The three desks of an imaginary prefecture, each with the day of its next time. */
export function desks(days: readonly string[]): readonly Place[] {
  const names = ['Préfecture (réplique)', 'Sous-préfecture Nord (réplique)', 'Maison France services (réplique)'];
  const times = ['08:50', '10:20', '14:05'];
  return days.map((day, index) => ({
    name: names[index] ?? '',
    street: `${index + 1}, place du Marché`,
    day,
    time: times[index] ?? '09:00',
  }));
}

function countWords(count: number): string {
  return count === 1 ? '1 lieu est disponible' : `${count} lieux sont disponibles`;
}

/** The choice of a place in 2024: each is one large link. */
export function placeChoice2024(places: readonly Place[]): Markup {
  return html`${opening(2024)}
    <section class="bg-light">
      <div class="container">
        <h3 class="font-weight-bold">Sélectionnez un lieu de RDV :</h3>
        <p>${countWords(places.length)}</p>
        ${places.map(
          ({ name, street, day, time }, index) =>
            html`<div class="card card-hoverable mb-3">
              <div class="card-body">
                <h4 class="card-title">${name}</h4>
                <div class="card-subtitle">${street}</div>
                <a href="${START}&amp;lieu_id=${index + 1}" class="d-block stretched-link"
                  >Prochaine disponibilité le<br /><strong>${longDate(day, time)}</strong></a
                >
              </div>
            </div>`,
        )}
      </div>
    </section>`;
}

/** The choice of a place in 2026, where the service has conditions to read first: a button opens them. */
export function placeChoice2026(places: readonly Place[]): Markup {
  return html`${opening(2026)}
    <section class="fr-container">
      <h3 class="rdv-font-weight-700">Sélectionnez un lieu de RDV :</h3>
      <p>${countWords(places.length)}</p>
      <ul class="fr-raw-list">
        ${places.map(
          ({ name, street, day, time }, index) =>
            html`<li class="fr-card fr-enlarge-button">
                <h3 class="fr-card__title">
                  <button type="button" aria-controls="conditions-${index}" data-fr-opened="false">${name}</button>
                </h3>
                <p>${street}</p>
                <p class="fr-card__detail">Prochaine disponibilité le <strong>${longDate(day, time)}</strong></p>
              </li>
              <dialog id="conditions-${index}" class="fr-modal">
                <h2>À lire avant de prendre un rendez-vous</h2>
                <p>Présentez-vous avec votre récépissé. Sans lui, aucun créneau ne vous sera accordé au guichet.</p>
                <a class="fr-btn" href="${START}&amp;lieu_id=${index + 1}">Accepter</a>
              </dialog>`,
        )}
      </ul>
    </section>`;
}
