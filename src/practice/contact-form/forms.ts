import { html } from 'hono/html';
import type { Markup } from '../shared/sites.ts';
import { scriptValue } from '../shared/sites.ts';
import { SERVICE, START, shell } from './layout.ts';

export const HEADING = 'Demande de renouvellement de récépissé';

const INTRODUCTION = html`<h1>${HEADING}</h1>
  <p>
    Votre récépissé arrive bientôt à son terme et votre dossier est encore à l'étude ? Adressez ici votre demande à la
    préfecture de votre domicile. L'envoi est gratuit et vaut dépôt au guichet.
  </p>`;

const DEPARTMENT = html`<div class="ligne">
  <label for="dep">Département de votre domicile</label>
  <select id="dep" name="dep">
    <option value="">Choisir</option>
    <option>69 - Rhône</option>
    <option>78 - Yvelines</option>
    <option>93 - Seine-Saint-Denis</option>
  </select>
</div>`;

const FIELDS = html`${DEPARTMENT}
  <div class="ligne"><label for="nom">Nom</label><input id="nom" name="nom" type="text" autocomplete="off" /></div>
  <div class="ligne"><label for="num">Numéro étranger</label><input id="num" name="num" type="text" /></div>
  <div class="ligne"><label for="mel">Courriel</label><input id="mel" name="mel" type="email" /></div>
  <div class="ligne"><label for="mot">Votre demande</label><textarea id="mot" name="mot" rows="5"></textarea></div>
  <div class="ligne"><label for="pj">Récépissé actuel</label><input id="pj" name="pj" type="file" /></div>`;

function form(content: Markup, button = 'Envoyer ma demande'): Markup {
  return html`<form method="post" action="${START}" enctype="application/x-www-form-urlencoded">
    <input type="hidden" name="jeton" value="replique" />
    ${content}
    <p><button class="bouton" type="submit">${button}</button></p>
  </form>`;
}

export const plainForm: Markup = html`${INTRODUCTION}${form(FIELDS)}`;

/** Every choice restyled: the real inputs cannot be seen, their labels can. */
export const restyledForm: Markup = html`${INTRODUCTION}${form(
  html`<fieldset class="restyle">
      <legend>Vous demandez</legend>
      <input type="radio" id="r1" name="objet" value="1" /><label for="r1">un premier renouvellement</label>
      <input type="radio" id="r2" name="objet" value="2" /><label for="r2">un nouveau renouvellement</label>
    </fieldset>
    <div class="ligne restyle">
      <input type="checkbox" id="cgu" name="cgu" /><label for="cgu">J'atteste l'exactitude de ma demande</label>
    </div>`,
  'Étape suivante',
)}`;

export const firstStep: Markup = html`${INTRODUCTION}${form(DEPARTMENT, 'Suivant')}`;

export async function lateForm() {
  const content = scriptValue(String(await plainForm));
  const script = `setTimeout(() => { document.querySelector('#place').innerHTML = ${content}; }, 1500)`;
  return shell({ main: html`<div id="place"></div>`, script });
}

/** Letters drawn as the State's own captcha service draws them. */
export const captchaForm: Markup = html`${INTRODUCTION}${form(
  html`${FIELDS}
    <div class="ligne">
      <img alt="Captcha" width="200" height="70" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" />
      <label for="captcha">Code affiché ou énoncé</label><input id="captcha" name="captcha" type="text" />
    </div>`,
)}`;

/** The same question without the word in its markup. */
export const namelessCaptchaForm: Markup = html`${INTRODUCTION}${form(
  html`${FIELDS}
    <div class="ligne">
      <canvas width="160" height="50"></canvas>
      <label for="controle">Recopiez le code ci-dessus</label><input id="controle" name="controle" type="text" />
    </div>`,
)}`;

/** Drawn on demand when the form is sent, and never seen before. */
export const invisibleCaptchaForm: Markup = html`${INTRODUCTION}${form(
  html`${FIELDS}
    <div class="g-recaptcha" data-size="invisible"></div>`,
)}`;

/** The whole page is a question: no form behind it is to be seen. */
export const captchaWall: Markup = shell({
  title: SERVICE,
  main: html`<h1>Vérification</h1>
    <p>Avant d'aller plus loin, montrez que vous n'êtes pas un automate.</p>
    <form method="post" action="${START}">
      <img alt="captcha" width="200" height="70" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" />
      <label>Code <input name="captcha" type="text" /></label> <button type="submit">Valider</button>
    </form>`,
});

export const signInFirst: Markup = html`<h1>${HEADING}</h1>
  <p>Identifiez-vous pour accéder au formulaire.</p>
  <form method="post" action="/connexion/">
    <div class="ligne"><label for="id">Identifiant</label><input id="id" name="id" type="text" /></div>
    <div class="ligne"><label for="ne">Date de naissance</label><input id="ne" name="ne" type="text" /></div>
    <div class="ligne"><label for="mdp">Mot de passe</label><input id="mdp" name="mdp" type="password" /></div>
    <p><button class="bouton" type="submit">Valider</button></p>
  </form>`;

export const franceConnectFirst: Markup = html`<h1>${HEADING}</h1>
  <p>Ce formulaire demande que votre identité soit vérifiée au préalable.</p>
  <p><a class="fr-connect" href="/identite/">S’identifier avec FranceConnect</a></p>`;

export const closedFields: Markup = html`${INTRODUCTION}
  <form method="post" action="${START}">
    <fieldset disabled>
      ${FIELDS}
      <p><button class="bouton" type="submit">Envoyer ma demande</button></p>
    </fieldset>
  </form>`;
