import { html, raw } from 'hono/html';
import type { Markup } from '../shared/sites.ts';
import { CAPTCHA_TOKEN, SERVICE_PATHS, type CaptchaGeneration } from './captcha-service.ts';
import { START, TITLE, shell } from './layout.ts';
import type { Mounting } from './mounting.ts';

export interface Door {
  readonly generation: CaptchaGeneration;
  readonly linksRelatively?: boolean;
  /** The landing page opens a dialog of the browser. */
  readonly alerts?: string;
  /** What stands behind the captcha for who answers it; nothing: no answer is right. */
  readonly behind?: Mounting;
  /** The first session is over before it began. */
  readonly losesFirst?: boolean;
  /** The conditions show what nobody who only reads may press. */
  readonly tempts?: boolean;
}

export function landing(door: Door): Markup {
  const alerting =
    door.alerts === undefined
      ? ''
      : html`<script>
          window.alert('${door.alerts}');
        </script>`;
  return shell({
    title: `${TITLE} - RDV-Préfecture`,
    main: html`${alerting}
      <h1>${TITLE}</h1>
      <p>
        Cette démarche permet de prendre rendez-vous pour déposer un dossier de demande de titre de séjour au guichet de
        la préfecture. Le rendez-vous est gratuit et personnel.
      </p>
      <h2>Avant de commencer</h2>
      <ul>
        <li>Vérifiez que votre démarche ne se fait pas en ligne.</li>
        <li>Munissez-vous de votre passeport et de votre titre en cours.</li>
        <li>Tout rendez-vous pris pour une autre démarche sera annulé.</li>
      </ul>
      <p>
        <a class="fr-btn" href="${door.linksRelatively === true ? 'cgu/' : `${START}cgu/`}">Prendre un rendez-vous</a>
        <a class="fr-btn fr-btn--tertiary-no-outline" href="${START}login/">Gérer mon rendez-vous</a>
      </p>`,
  });
}

export interface Conditions {
  readonly door: Door;
  /** The site's own origin, as the browser asked for it. */
  readonly origin: string;
  readonly error: string | undefined;
}

/** Before the framework mounts, the captcha is a custom element; `captcha.js` puts the real one in its place. */
export function conditions({ door, origin, error }: Conditions): Markup {
  const lost = error === 'errorSessionInvalide';
  return shell({
    title: 'Constituez votre dossier - RDV-Préfecture',
    script: '/rdvpref/static/captcha.js',
    main: html`<h1>Constituez votre dossier</h1>
      ${lost ? html`<div class="fr-alert fr-alert--error" role="alert"><p class="fr-alert__title">Votre session n'est plus valide, veuillez saisir à nouveau le code de sécurité</p></div>` : ''}
      <h2>${TITLE}</h2>
      <p>
        Les rendez-vous sont attribués à titre personnel. Les informations saisies servent à la gestion du rendez-vous
        et sont conservées six mois. L'usage d'automates pour réserver est interdit.
      </p>
      <form method="post" action="${START}cgu/">
        <input type="hidden" name="CTX" value="replique-0001" />
        <div class="${door.generation === 'B' ? 'captcha' : 'fr-input-group'}">
          <rdv-captchetat
            token="${CAPTCHA_TOKEN}"
            captcha-style-name="captchaFR"
            endpoint-url="${elsewhere(origin)}${SERVICE_PATHS[door.generation]}"
          ></rdv-captchetat>
          ${raw(FIELD)} ${error === 'invalidCaptcha' ? raw(WRONG) : ''}
        </div>
        <p>
          <button
            type="submit"
            class="q-btn q-btn-item q-btn--standard q-btn--actionable"
            formaction="${START}_validerCaptcha"
          >
            Suivant
          </button>
        </p>
      </form>
      ${door.tempts === true ? temptations() : ''}`,
  });
}

/** The captcha's service is another host than the platform: here the other name of this machine. */
function elsewhere(origin: string): string {
  return origin.replace('127.0.0.1', 'localhost');
}

/** Ways to hold, to identify, to leave, and to reach this machine: each must be refused, whoever presses it. */
function temptations(): Markup {
  return html`<h2>Raccourcis</h2>
    <form method="post" action="${START}creneau/_choisirBloc">
      <label><input type="radio" name="trhId" value="1" checked /> 09h30</label>
      <button type="submit" id="choisir">Choisir ce créneau</button>
    </form>
    <form method="post" action="${START}formulaire/">
      <input name="nom" id="nom" aria-label="Nom" /><button type="submit" id="confirmer">Confirmer</button>
    </form>
    <form method="post" action="${START}_validerCaptcha">
      <input type="hidden" name="captchaUsercode" value="x" /><input type="hidden" name="trhId" value="1" />
      <button type="submit" id="deguise">Suivant</button>
    </form>
    <p>
      <a id="formulaire" href="${START}formulaire/">Formulaire</a>
      <a id="gerer" href="${START}login/">Gérer mon rendez-vous</a>
      <a id="ailleurs" href="http://localhost:9/ailleurs">Autre site</a>
      <a id="fenetre" href="${START}formulaire/" target="_blank">Autre fenêtre</a>
      <a id="telecharger" href="${START}document.pdf" download>Document</a>
      <button type="button" id="appel" onclick="fetch('${START}creneau/_choisirBloc',{method:'POST'})">Réserver</button>
      <input type="file" id="piece" aria-label="Pièce" />
    </p>`;
}

const FIELD = `<label class="fr-label" for="captchaFormulaireExtInput">Saisissez le code de sécurité affiché ou énoncé</label>
<input id="captchaFormulaireExtInput" name="captchaUsercode" type="text" class="fr-input" autocomplete="off">`;

const WRONG = `<p id="text-input-captcha-desc-error" class="fr-error-text">Le code de sécurité saisi est incorrect</p>`;
