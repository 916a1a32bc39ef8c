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

const SUBJECT = html`<div class="ligne">
  <label for="obj">Objet</label>
  <select id="obj" name="obj">
    <option>Premier renouvellement</option>
    <option>Nouveau renouvellement</option>
  </select>
</div>`;

export const firstStep: Markup = html`${INTRODUCTION}${form(html`${DEPARTMENT}${SUBJECT}`, 'Suivant')}`;

export const personalButton: Markup = html`${INTRODUCTION}${form(FIELDS, 'Je valide ma demande')}`;

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

/** All that is left once the header and the footer are taken away: no form of the page is the one that was asked for. */
export const satisfactionSurvey: Markup = html`<h1>${HEADING}</h1>
  <p>Aucune demande ne peut être prise ici pour l'instant, à la suite d'un incident.</p>
  <form method="get" action="/avis/">
    <fieldset>
      <legend>Cette page vous a-t-elle été utile ?</legend>
      <label><input type="radio" name="u" /> Oui</label> <label><input type="radio" name="u" /> Non</label>
    </fieldset>
    <label>Pourquoi ? <textarea name="p"></textarea></label>
    <button type="submit">Envoyer</button>
  </form>`;

export const cookieChoices: Markup = html`<h1>${HEADING}</h1>
  <p>Le formulaire arrive dans un instant.</p>
  <form method="get" action="/choix/">
    <label><input type="checkbox" name="s" /> Statistiques</label>
    <label><input type="checkbox" name="v" /> Vidéos</label>
    <button type="submit">Valider mes choix</button>
  </form>`;

export const newsletter: Markup = html`<h1>${HEADING}</h1>
  <p>La page du formulaire se prépare : laissez votre adresse pour savoir quand y revenir.</p>
  <form method="get" action="/lettre/">
    <label>Lettre d'information <input type="email" name="mel" /></label>
    <label
      >Fréquence
      <select name="f">
        <option>Chaque mois</option>
      </select></label
    >
    <button type="submit">Envoyer</button>
  </form>`;

export const themeSearch: Markup = html`<h1>Tous les formulaires</h1>
  <form method="get" action="/recherche/">
    <label
      >Thème
      <select name="theme">
        <option>Séjour</option>
      </select></label
    >
    <label>Mots <input type="text" name="q" /></label>
    <button type="submit">Valider</button>
  </form>`;

export const incidentWithTheme: Markup = html`<h1>Un incident est survenu</h1>
  <p>Choisissez un autre thème.</p>
  <form method="get" action="/">
    <label
      >Thème
      <select name="t">
        <option>Séjour</option>
      </select></label
    >
    <button type="submit">Valider</button>
  </form>`;

export const identifierFirst: Markup = html`<h1>Identification</h1>
  <form method="post" action="/identification/">
    <label>Identifiant <input type="text" name="i" /></label>
    <label><input type="checkbox" name="s" /> Se souvenir de moi</label>
    <button type="submit">Continuer</button>
  </form>`;

export const fieldsWithoutForm: Markup = html`<h1>${HEADING}</h1>
  <div>
    <label>Nom <input type="text" /></label> <label>Texte <textarea></textarea></label>
    <button type="button">Envoyer</button>
  </div>`;
