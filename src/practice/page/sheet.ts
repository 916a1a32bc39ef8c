import { html, raw } from 'hono/html';
import type { TargetEntry } from '../../core/target.ts';
import type { Markup } from '../shared/sites.ts';
import { shell } from './layout.ts';

/** An information sheet in the manner of the national information site: own words, in its place in the tree. */

export const SHEET = '/particuliers/vosdroits/F2213';

/** What a volunteer would write to watch the sheet. The number is written as nobody on the pages writes it. */
export const SHEET_PARAMS: TargetEntry['params'] = {
  expect: ['Fiche pratique', "Où s'adresser ?", 'Centre de contact citoyen', '0806001620'],
  links: ['administration-etrangers-en-france.interieur.gouv.fr', 'Étrangers en France'],
  fields: ['Rechercher sur le site'],
  forbid: [{ text: "Cette fiche n'existe plus", means: 'moved' }, 'Contenu momentanément indisponible'],
  language: 'fr',
};

/** How one sheet differs from the whole one. */
export interface SheetLook {
  readonly language?: string | null;
  readonly notice?: string;
  readonly number?: string;
  /** In place of the section that says whom to ask. */
  readonly contact?: Markup;
  /** In place of the link to the online service. */
  readonly service?: Markup;
  readonly search?: Markup;
  readonly below?: Markup;
  readonly script?: string;
}

const SEARCH = html`<form method="get" action="/recherche">
  <label for="champ">Rechercher sur le site</label><input id="champ" name="mots" type="search" />
  <button type="submit" class="fr-btn">Rechercher</button>
</form>`;

const SERVICE = html`<p>
  <a href="https://administration-etrangers-en-france.interieur.gouv.fr/#/">Accéder au service en ligne</a>
</p>`;

function header(search: Markup): Markup {
  return html`<nav>
      <a href="/particuliers">Particuliers</a><a href="/particuliers/vosdroits/N110">Étrangers en France</a
      ><a class="fr-connect" href="/api/v2/authorize?acr_values=eidas1">S’identifier avec FranceConnect</a>
    </nav>
    ${search}`;
}

function contactSection(number: string): Markup {
  return html`<h2>Où s’adresser&nbsp;?</h2>
    <h3>Centre de contact citoyen</h3>
    <p>Par téléphone au ${number}, appel gratuit. Les agents répondent en semaine.</p>`;
}

export function sheetContent(look: SheetLook = {}): Markup {
  return html`<p>Fiche pratique</p>
    <h1>Titre de séjour : suivre une demande</h1>
    <p>
      Une demande faite en ligne se suit depuis l'espace où elle a été ouverte. Un message prévient de chaque étape.
      Depuis 2020, elle se fait désormais sur le portail ANEF pour la plupart des motifs de séjour.
    </p>
    ${look.service ?? SERVICE} ${look.contact ?? contactSection(look.number ?? '0 806 001 620')}
    <p>La page a été relue par un service compétent. Elle ne remplace pas la réponse d'un agent.</p>
    ${look.below ?? ''}`;
}

export function sheet(look: SheetLook = {}): Markup {
  return shell({
    title: 'Suivre une demande de titre de séjour',
    header: header(look.search ?? SEARCH),
    main: look.script === undefined ? sheetContent(look) : html`<div id="fiche"><p>Chargement…</p></div>`,
    ...(look.language === undefined ? {} : { language: look.language }),
    ...(look.notice === undefined ? {} : { notice: look.notice }),
    ...(look.script === undefined ? {} : { script: look.script }),
  });
}

/** Everything expected is in the document, and nobody can see it. */
export function hiddenContact(): Markup {
  const words = 'Où s’adresser ? Centre de contact citoyen 0 806 001 620';
  return html`<!-- ${raw(words)} -->
    <div class="is-closed">${words}</div>
    <span class="fr-sr-only">${words}</span>
    <details>
      <summary>Autres services</summary>
      <p>${words}</p>
    </details>
    <template><p>${words}</p></template>
    <p title="${words}" style="text-indent:-9999px;overflow:hidden">${words}</p>
    <p style="opacity:0">${words}</p>`;
}

/** Words and links that lie closed in every page of some sites. */
export function closedTraps(): Markup {
  return html`<dialog><p>Une erreur technique est survenue.</p></dialog>
    <div class="fr-modal is-closed" role="dialog"><div>Contenu momentanément indisponible</div></div>
    <p hidden>Cette fiche n’existe plus.</p>`;
}

export function openDialog(): Markup {
  return html`<div class="fr-modal" role="dialog" aria-modal="true">
    <div>
      <p>Une erreur technique est survenue, la page n'a pas pu être complétée.</p>
      <button type="button" class="fr-btn">Fermer</button>
    </div>
  </div>`;
}

export function captchaGate(): Markup {
  return shell({
    title: 'Vérification',
    main: html`<h1>Vérification avant de poursuivre</h1>
      <p>Recopiez les caractères de l'image pour poursuivre votre visite du site.</p>
      <form method="post" action="/verification">
        <img src="/verification/captcha.png" alt="captcha" width="200" height="60" />
        <input name="reponse" aria-label="Caractères" /> <button type="submit" class="fr-btn">Continuer</button>
      </form>`,
  });
}

/** The same site in other words and with other parts: nothing on it is known. */
export function redesigned(): Markup {
  return shell({
    title: 'Vos papiers, pas à pas',
    main: html`<div class="lame">
      <section>
        <h1>Que cherchez-vous aujourd'hui&nbsp;?</h1>
        <p>Décrivez votre situation avec vos mots, l'assistant trouve la bonne page.</p>
        <button type="button" class="fr-btn">Ouvrir l'assistant</button>
      </section>
      <section>
        <h2>Sur place</h2>
        <p>Une carte montre les accueils ouverts autour de chez vous.</p>
      </section>
    </div>`,
  });
}

export function englishSheet(): Markup {
  return shell({
    title: 'Following an application',
    language: 'en',
    main: html`<p>Practical guide</p>
      <h1>Residence permit: following an application</h1>
      <p>An application made online is followed in the space in which it was opened.</p>
      ${SERVICE}
      <h2>Whom to ask</h2>
      <p>By telephone on 0 806 001 620, free of charge.</p>`,
  });
}

/** A removed sheet answers 200 and shows the site's first page, with the sign-in that every page of the site offers. */
export function homePage(): Markup {
  return shell({
    title: 'Accueil',
    header: html`<a class="fr-connect" href="/api/v2/authorize">S’identifier avec FranceConnect</a>`,
    main: html`<h1>L'information utile à vos démarches</h1>
      <ul>
        <li><a href="/particuliers/famille">Famille</a></li>
        <li><a href="/particuliers/logement">Logement</a></li>
        <li><a href="/particuliers/travail">Travail</a></li>
      </ul>`,
  });
}
