import { html } from 'hono/html';
import type { Markup } from '../shared/sites.ts';
import { NOTHING } from './answers.ts';
import { longDate } from './calendar.ts';
import { MOTIVE, START, opening } from './layout.ts';

/** Pages on which the words of an answer stand where they answer nothing. */

const PREFIX = 'Aucun créneau correspondant à votre recherche';

export const LOADING = html`${opening(2026)}
  <div class="fr-container"><p>Chargement des créneaux…</p></div>`;

export const FOOTER = html`<p>${PREFIX} ? Appelez votre préfecture, de préférence le matin.</p>`;

/** The sentence beside the search: explained, asked about, typed, on a button, struck out. */
export function refusalInAdvice(): Markup {
  return html`${LOADING}
    <aside>
      <h3>Les messages que vous pouvez lire</h3>
      <p>${NOTHING}</p>
    </aside>
    <div class="fr-container">
      <h2>${PREFIX}</h2>
      <p>${PREFIX} : tout est pris, revenez demain.</p>
      <p>${PREFIX} n'a été trouvé ? Élargissez-la.</p>
      <ul>
        <li>${PREFIX}</li>
      </ul>
      <dl>
        <dt>${NOTHING}</dt>
        <dd>Tout est pris.</dd>
      </dl>
      <p><s>${NOTHING}</s></p>
      <form action="/contact">
        <label for="message">Votre message</label>
        <textarea id="message">${NOTHING}</textarea>
        <select>
          <option>${PREFIX}</option>
        </select>
        <input type="submit" value="${PREFIX}" />
      </form>
    </div>`;
}

/** A page of help at the short address of the search, without the site's name. */
export function help(): Markup {
  return html`<!doctype html>
    <html lang="fr">
      <head>
        <meta charset="utf-8" />
        <title>Foire aux questions</title>
      </head>
      <body>
        <h1>Foire aux questions</h1>
        <p>${NOTHING}</p>
        <p>Ce message s'affiche quand tout est pris.</p>
      </body>
    </html>`;
}

/** The day of a next time, quoted, denied and struck out. */
export function nextTimeInProse(day: string): Markup {
  const words = `Prochaine disponibilité le ${longDate(day, '08:50')}`;
  return html`${LOADING}
    <div class="fr-container">
      <h3>Comment lire cette page</h3>
      <p>Un bouton « ${words} » vous mène à la bonne semaine.</p>
      <p>${words} : ce bouton n'est qu'un exemple.</p>
      <p>Ce mois-ci, il n'y a pas de p${words.slice(1)} ni après.</p>
      <p><s>${words}</s> annulée</p>
      <a href="${START}"><del>${words}</del></a>
      <aside><a href="${START}&amp;service_id=9">${words}</a></aside>
      <button type="button" disabled>${words}</button>
    </div>`;
}

/** A time without a day, beside the day of something else. */
export function undatedTime(day: string): Markup {
  return html`${opening(2024)}
    <div class="container">
      <h3>Sélectionnez un créneau :</h3>
      <div class="card-body">
        <p>La préfecture sera fermée le ${longDate(day, '09:00')}.</p>
        <a class="btn btn-light" href="/users/rdv_wizard_step/new" aria-label="Choisir le créneau de 09:00">09:00</a>
      </div>
    </div>`;
}

/** The answer for one motive, and a way to another. */
export function withOtherMotives(answer: Markup): Markup {
  return html`${answer}
    <nav aria-label="Autres motifs">
      <ul>
        <li><a href="${START}">${MOTIVE}</a></li>
      </ul>
    </nav>
    <div class="fr-container">
      <p><a href="${START}">${MOTIVE}</a></p>
      <aside><p>Nouveau : ${MOTIVE}</p></aside>
    </div>`;
}

/** What a script of the page draws when everything else has long been there. */
export function drawnLate(content: Markup, before: Markup): Markup {
  return html`${before}<template id="suite">${content}</template>
    <script>
      setTimeout(() => {
        const later = document.getElementById('suite');
        later.replaceWith(later.content);
      }, 1200);
    </script>`;
}
