import { html, raw } from 'hono/html';
import { scriptValue } from '../shared/sites.ts';
import type { Markup } from '../shared/sites.ts';
import type { Booking } from './wizard.ts';

export const NO_SLOT =
  "Il n'existe plus de plage horaire libre pour votre demande de rendez-vous. Veuillez recommencer ultérieurement.";
/** The missing "de" is theirs. */
const NO_CALENDAR = "Il n'y a pas calendrier disponible pour effectuer une demande de rendez-vous";
const ACCEPT =
  "Veuillez cocher la case pour accepter les conditions d'utilisation avant de continuer le processus de prise de rendez-vous.";

function form(action: string, styled: boolean, content: Markup): Markup {
  return html`<form
    name="create"
    class="jqTransform FormValidate${styled ? ' jqtransformdone' : ''}"
    id="FormBookingCreate"
    action="${action}"
    method="post"
  >
    ${content}
  </form>`;
}

/** Does to checkboxes and radios what jqTransform does: the real input is hidden, a styled link stands in for it. */
const JQ_TRANSFORM = html`<style>
    .jqTransformHidden {
      display: none;
    }
    .jqTransformCheckbox,
    .jqTransformRadio {
      display: inline-block;
      width: 16px;
      height: 16px;
      border: 1px solid #555;
      background: #fff;
      vertical-align: middle;
    }
    .jqTransformRadio {
      border-radius: 50%;
    }
    .jqTransformChecked {
      background: #3f5f9b;
    }
  </style>
  <script>
    for (const input of document.querySelectorAll(
      '#FormBookingCreate input[type=checkbox], #FormBookingCreate input[type=radio]',
    )) {
      const kind = input.type === 'radio' ? 'Radio' : 'Checkbox';
      const wrapper = document.createElement('span');
      wrapper.className = 'jqTransform' + kind + 'Wrapper';
      const link = document.createElement('a');
      link.href = '#';
      link.className = 'jqTransform' + kind;
      input.before(wrapper);
      input.classList.add('jqTransformHidden');
      wrapper.append(link, input);
      link.addEventListener('click', (event) => {
        event.preventDefault();
        input.click();
      });
      input.addEventListener('change', () => {
        for (const other of document.querySelectorAll('.jqTransform' + kind))
          other.classList.toggle('jqTransformChecked', other.nextElementSibling.checked);
      });
    }
  </script>`;

export function conditions(booking: Booking, base: string, problem: string | null): Markup {
  const fields = html`${booking.identityFirst === true ? identityFields() : ''}
    <div id="condition_Booking">
      <input type="checkbox" id="condition" name="condition" /> <label for="condition">${ACCEPT}</label>
    </div>
    ${booking.captchaAtDoor === true ? captchaBox() : ''}
    <div id="submit_Booking">
      <input type="submit" class="Bbutton" name="nextButton" value="Effectuer une demande de rendez-vous" />
      <input
        type="submit"
        class="Bbutton"
        name="manageButton"
        value="Annuler, consulter et gérer mes demandes de rendez-vous"
      />
    </div>`;
  const action = booking.identityFirst === true ? `${base}/8` : `${base}/0`;
  return html`<h1>${booking.title}</h1>
    ${
      problem === null
        ? ''
        : html`<ul class="error">
            <li>${problem}</li>
          </ul>`
    }
    <p>
      <strong>Toutes les prises de rendez-vous proposées sur ce site internet sont gratuites.</strong><br />Soyez très
      vigilants, n'acceptez aucune prise de rendez-vous en ligne payante.
    </p>
    <h2>Usagers concernés</h2>
    <p>
      ${booking.notice ?? 'Ce module est réservé aux personnes domiciliées dans le département. Un rendez-vous vaut pour une personne et un dossier : tout rendez-vous pris pour une autre démarche sera annulé.'}
    </p>
    <h2>Le jour du rendez-vous</h2>
    <p>
      Présentez-vous dix minutes avant l'heure choisie, avec les originaux et les copies des pièces demandées. Les
      guichets sont ouverts du lundi au vendredi, de 9h à 15h30.
    </p>
    <h2>Données personnelles</h2>
    <p>
      Les informations recueillies sur ce formulaire servent à l'obtention d'un rendez-vous et sont conservées un an.
    </p>
    ${form(action, booking.styled === true, fields)} ${booking.styled === true ? JQ_TRANSFORM : ''}`;
}

export function choice(booking: Booking, base: string): Markup {
  const radios = booking.counters.map(
    ({ planning, label }) =>
      html`<p class="Bligne">
        <input type="radio" class="radio" value="${planning}" name="planning" id="planning${planning}" />
        <label for="planning${planning}">${label}</label>
      </p> `,
  );
  const fields = html`<fieldset id="fchoix_Booking">
      <legend>Que souhaitez-vous effectuer ?</legend>
      ${radios}
    </fieldset>
    <div id="submit_Booking"><input type="submit" class="Bbutton" name="nextButton" value="Etape suivante" /></div>`;
  return html`<h1>Choix de la nature du rendez-vous</h1>
    ${form(`${base}/1`, booking.styled === true, fields)} ${booking.styled === true ? JQ_TRANSFORM : ''}`;
}

export function noSlot(base: string, sentence: string): Markup {
  return html`<h1>Vérification de disponibilité</h1>
    ${form(
      `${base}/2`,
      false,
      html`<p>${sentence}</p>
        <div id="submit_Booking"><input type="submit" class="Bbutton" name="finishButton" value="Terminer" /></div>`,
    )}`;
}

export function noCalendar(booking: Booking): Markup {
  return html`<h1>${booking.title}</h1>
    <ul class="error">
      <li>${NO_CALENDAR}</li>
    </ul>`;
}

export function description(booking: Booking, base: string): Markup {
  return html`<h1>Description de la nature du rendez-vous</h1>
    <fieldset>
      <legend>${booking.title}</legend>
      <p>
        Durée du rendez-vous : 30 minutes. Munissez-vous de votre passeport, d'un justificatif de domicile de moins de
        six mois et de trois photographies d'identité.
      </p>
    </fieldset>
    ${form(`${base}/3`, false, html`<div id="submit_Booking"><input type="submit" class="Bbutton" name="nextButton" value="Etape suivante" /></div>`)}`;
}

/** Step 4. The table is not in the page: its script asks for it week by week. */
export function slotChoice(base: string, call: { method: 'GET' | 'POST'; address: string; offset: number }): Markup {
  return html`<h1>Choix d'une plage horaire</h1>
    <p>Cliquez sur une plage horaire libre pour la sélectionner.</p>
    <p>
      <a href="#" id="semaine_precedente">Semaine précédente</a> |
      <a href="#" id="semaine_suivante">Semaine suivante</a>
    </p>
    <div id="planning_Booking"></div>
    ${form(`${base}/4`, false, html`<div id="submit_Booking"><input type="submit" class="Bbutton" name="nextButton" value="Première plage horaire libre" /></div>`)}
    <script>
      const call = ${raw(scriptValue(call))};
      let offset = call.offset;
      async function show(step) {
        offset += step;
        const answer = await fetch(call.address + '::' + offset, { method: call.method });
        if (answer.ok) document.getElementById('planning_Booking').innerHTML = await answer.text();
      }
      document.getElementById('semaine_precedente').addEventListener('click', (event) => {
        event.preventDefault();
        show(-7);
      });
      document.getElementById('semaine_suivante').addEventListener('click', (event) => {
        event.preventDefault();
        show(7);
      });
      show(0);
    </script>`;
}

function captchaBox(): Markup {
  return html`<div class="g-recaptcha" data-sitekey="6LcReplique000000000000000000000000000000">
    <div
      style="width:302px;height:76px;border:1px solid #d3d3d3;background:#f9f9f9;display:flex;align-items:center;gap:12px;padding:0 12px;box-sizing:border-box"
    >
      <span style="width:24px;height:24px;border:2px solid #c1c1c1;background:#fff"></span>Je ne suis pas un robot
    </div>
    <textarea name="g-recaptcha-response" style="display:none"></textarea>
  </div>`;
}

export function securityCheck(base: string): Markup {
  return html`<h1>Contrôle de sécurité</h1>
    ${form(
      `${base}/6`,
      false,
      html`<fieldset>
          <legend>Plage horaire choisie</legend>
          <p>Confirmez que vous n'êtes pas un automate pour continuer.</p>
        </fieldset>
        ${captchaBox()}
        <div id="submit_Booking">
          <input type="submit" class="Bbutton" name="nextButton" value="Etape suivante" />
        </div>`,
    )}`;
}

function identityFields(): Markup {
  return html`<fieldset>
    <legend>Vos coordonnées</legend>
    <p><label for="lastname">Nom *</label> <input type="text" id="lastname" name="lastname" /></p>
    <p><label for="firstname">Prénom *</label> <input type="text" id="firstname" name="firstname" /></p>
    <p><label for="email">Adresse électronique *</label> <input type="text" id="email" name="email" /></p>
    <p><label for="agdref">Numéro étranger (10 chiffres) *</label> <input type="text" id="agdref" name="agdref" /></p>
  </fieldset>`;
}

export function personalDetails(base: string): Markup {
  return html`<h1>Coordonnées personnelles</h1>
    <ul>
      <li>Vous disposez de 15 minutes pour confirmer</li>
    </ul>
    ${form(
      `${base}/8`,
      false,
      html`${identityFields()}
        <div id="submit_Booking">
          <input type="submit" class="Bbutton" name="nextButton" value="Etape suivante" />
        </div>`,
    )}`;
}
