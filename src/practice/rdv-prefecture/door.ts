import { html } from 'hono/html';
import type { Markup } from '../shared/sites.ts';
import { START, TITLE, shell } from './layout.ts';
import type { Mounting } from './mounting.ts';

export type CaptchaGeneration = 'A' | 'B';

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

/** What the replica's captcha shows, and says: to be read by a person in practice, as everything here. */
export const PRACTICE_CODE = 'h4Xw2p';

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

/** Before the framework mounts, the captcha is a custom element; `captcha.js` puts the real one in its place. */
export function conditions(error: string | undefined, tempts = false): Markup {
  const invalid = error === 'invalidCaptcha';
  const lost = error === 'errorSessionInvalide';
  return shell({
    title: `Conditions d'utilisation - RDV-Préfecture`,
    script: `/rdvpref/static/captcha.js${invalid ? '?invalid' : ''}`,
    main: html`<h1>Constituez votre dossier</h1>
      ${lost ? html`<div class="fr-alert fr-alert--error" role="alert"><p class="fr-alert__title">Votre session n'est plus valide, veuillez saisir à nouveau le code de sécurité</p></div>` : ''}
      <h2>${TITLE}</h2>
      <p>
        Les rendez-vous sont attribués à titre personnel. Les informations saisies servent à la gestion du rendez-vous
        et sont conservées six mois. L'usage d'automates pour réserver est interdit.
      </p>
      <form method="post" action="${START}cgu/">
        <input type="hidden" name="CTX" value="replique-0001" />
        <div class="captcha">
          <rdv-captchetat
            token="replique"
            captcha-style-name="alphabetique6_7CaptchaFR"
            endpoint-url="/rdvpref/captcha"
          ></rdv-captchetat>
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
      ${tempts ? temptations() : ''}`,
  });
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

const COMPONENT: Readonly<Record<CaptchaGeneration, string>> = {
  A: `<div id="BDC_CaptchaComponent"><input type="hidden" name="captchaId" value="replique"><input type="hidden" name="BDC_VCID_captchaFR" id="BDC_VCID_captchaFR" value="replique">
<div class="BDC_CaptchaImageDiv" id="captchaFR_CaptchaImageDiv"><img class="BDC_CaptchaImage" id="captchaFR_CaptchaImage" alt="Recopier ici le code de sécurité" width="200" height="70"></div>
<a id="captchaFR_SoundLink" href="#" title="Énoncer le code du captcha">Énoncer le code</a><audio id="BDC_CaptchaSoundAudio_captchaFR"></audio>
${FIELD}</div>`,
  B: `<div class="captcha" id="BDC_CaptchaComponent"><input type="hidden" name="captchaId" value="replique">
<div class="row items-center"><img alt="Captcha" width="200" height="70"><button type="button" title="Énoncer le code du captcha">♪</button><button type="button" title="Générer un nouveau captcha">↻</button></div>
${FIELD}</div>`,
};

/** Draws the distorted letters; generation A shows them from a `blob:` address, generation B from a `data:` one. */
export function captchaScript(generation: CaptchaGeneration, isInvalid: boolean): string {
  const component = JSON.stringify(COMPONENT[generation] + (isInvalid ? WRONG : ''));
  return `const element = document.querySelector('rdv-captchetat');
element.outerHTML = ${component};
const canvas = document.createElement('canvas');
canvas.width = 200; canvas.height = 70;
const pen = canvas.getContext('2d');
pen.fillStyle = '#eee'; pen.fillRect(0, 0, 200, 70);
pen.fillStyle = '#333'; pen.font = '34px serif';
[...'${PRACTICE_CODE}'].forEach((letter, index) => { pen.save(); pen.translate(18 + 30 * index, 44); pen.rotate((index % 3 - 1) / 3); pen.fillText(letter, 0, 0); pen.restore(); });
const image = document.querySelector('#BDC_CaptchaComponent img');
const [sound, renew] = ['#captchaFR_SoundLink, button[title^="Énoncer"]', 'button[title^="Générer"]'].map((part) => document.querySelector(part));
sound.addEventListener('click', (event) => {
  event.preventDefault();
  const audio = document.querySelector('#BDC_CaptchaSoundAudio_captchaFR') ?? new Audio();
  audio.src = '/rdvpref/captcha?get=sound&c=alphabetique6_7CaptchaFR&t=replique';
  audio.play().catch(() => undefined);
});
renew?.addEventListener('click', () => location.reload());
if (${JSON.stringify(generation === 'A')}) canvas.toBlob((blob) => { image.src = URL.createObjectURL(blob); });
else image.src = canvas.toDataURL('image/png');
`;
}
