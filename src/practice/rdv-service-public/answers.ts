import { html } from 'hono/html';
import type { Markup } from '../shared/sites.ts';
import { MOTIVE, START, opening } from './layout.ts';
import type { Generation } from './layout.ts';

/** The pages of the search that show no time. */

export const NOTHING = "Malheureusement, aucun créneau correspondant à votre recherche n'a été trouvé.";

export function nothing(generation: Generation, more: Markup | string = ''): Markup {
  return html`${opening(generation)}
    <section class="${generation === 2024 ? 'bg-light' : ''}">
      <div class="container fr-container">
        <div class="card">
          <div class="card-body">
            <div class="rdv-font-weight-700">
              ${NOTHING}${generation === 2026 ? ' Veuillez réessayer ultérieurement.' : ''}
            </div>
            ${more}
          </div>
        </div>
      </div>
    </section>`;
}

export const WIDER = html`<h2>Élargissez votre recherche</h2>
  <p>D'autres guichets proposent peut-être un rendez-vous. <a class="fr-btn" href="/">Chercher ailleurs</a></p>`;

export function motiveClosed(): Markup {
  return html`${opening(2024)}
    <section class="bg-light">
      <div class="container">
        <h3>Sélectionnez un créneau :</h3>
        <div class="alert alert-warning">
          Le motif <b>${MOTIVE}</b> n'est plus disponible à la réservation à <b>Préfecture (réplique)</b>
        </div>
      </div>
    </section>`;
}

/** What was said until 2022 where nothing could be booked. */
export function departmentClosed(): Markup {
  return html`${opening(2024)}
    <section class="bg-light">
      <div class="container">
        <div class="card">
          <div class="card-body">
            <div class="font-weight-bold">La prise de rendez-vous n'est pas disponible pour ce département.</div>
          </div>
        </div>
      </div>
    </section>`;
}

/** The address names no motive. The advice quotes what another page would say. */
export function motiveChoice(): Markup {
  return html`<div class="fr-container">
    <h1>Prenez rendez-vous avec Préfecture (réplique)</h1>
    <p class="fr-text--lg">Sélectionnez le motif de votre RDV&nbsp;:</p>
    <ul class="fr-raw-list">
      ${[MOTIVE, 'Remise de titre de séjour', 'Demande de document de voyage'].map(
        (motive, index) =>
          html`<li class="fr-card"><a href="${START}&amp;service_id=${index}">${motive}</a><br />Sur place</li>`,
      )}
    </ul>
    <p>
      Si vous lisez « Malheureusement, aucun créneau correspondant à votre recherche », revenez un autre jour : la
      prochaine disponibilité le cas échéant vous sera montrée.
    </p>
  </div>`;
}

/** Sign-in fields where the search should be. */
export function signInForm(): Markup {
  return html`<div class="fr-container">
    <h1>Connexion</h1>
    <p>Pour continuer votre démarche, identifiez-vous.</p>
    <form method="post" action="/users/sign_in">
      <label for="user_email">Adresse électronique</label><input id="user_email" name="user[email]" type="email" />
      <label for="user_password">Mot de passe</label>
      <input id="user_password" name="user[password]" type="password" />
      <button class="fr-btn" type="submit">Se connecter</button>
    </form>
  </div>`;
}

/** The site as it may look one day: other words, other markup, times that are no links. */
export function redesigned(): Markup {
  return html`<div class="agenda" data-vue="trois-etapes">
    <nav aria-label="Étapes">
      <ol>
        <li>${MOTIVE}</li>
        <li aria-current="step">Votre venue</li>
        <li>Récapitulatif</li>
      </ol>
    </nav>
    <h1>Quand souhaitez-vous venir ?</h1>
    <p>Faites glisser la frise pour explorer les demi-journées. Les pastilles pleines se remplissent à mesure.</p>
    <div role="listbox" aria-label="Demi-journées">
      <div role="option" tabindex="0">Matinée <span>●●○</span></div>
      <div role="option" tabindex="-1">Après-midi <span>○○○</span></div>
    </div>
    <button type="button">Me prévenir d'un désistement</button>
  </div>`;
}

export function english(): Markup {
  return html`<div class="fr-container">
    <h1>Book an appointment with the Prefecture (replica)</h1>
    <p>Reason: renewal of expired application receipts (${MOTIVE})</p>
    <h3>Select a time slot:</h3>
    <p>Unfortunately, no time slot matching your search was found. Please try again later.</p>
    <p>Next availability on Monday 13 December 2027 at 08:50 <a class="fr-btn" href="${START}">Show</a></p>
  </div>`;
}

/** Every sentence of the site is there, and none of them can be seen. */
export function hiddenSentences(): Markup {
  return html`${opening(2026)}
    <div class="fr-container">
      <p>Votre recherche est en cours d'examen par le service, sans suite affichée pour le moment.</p>
      <div style="display:none">${NOTHING}</div>
      <div style="position:absolute;left:-9999px">
        Prochaine disponibilité le <strong>lundi 13 décembre 2100 à 08h50</strong>
      </div>
      <a href="/users/rdv_wizard_step/new" style="display:none" aria-label="Choisir le créneau du lundi 13 déc. à 09:00"
        >09:00</a
      >
      <template><p>La prise de rendez-vous n'est pas disponible pour ce département.</p></template>
    </div>`;
}
