import { html } from 'hono/html';
import type { Markup } from '../shared/sites.ts';
import { errorModal, frameV1 } from './portal-v1.ts';
import { frameV2 } from './portal-v2.ts';
import type { Route } from './route.ts';

/**
 * Pages in the portal's own frame that are not the page asked for, though they have its title, its sign-in button and words
 * of its procedures. No capture of one is known: no words of another site are taken either.
 */

function inFrame(content: Markup): Route {
  return { title: 'Étrangers en France', body: frameV1(content, errorModal('unused')) };
}

export function maintenanceNotice(endDate: string): Route {
  return inFrame(
    html`<h2>Maintenance</h2>
      <p>
        Le service est en maintenance. Les démarches « Je demande ou renouvelle un titre de séjour », « Je valide mon
        VLS-TS » et « Je demande l’accès à la nationalité française » seront de nouveau accessibles le ${endDate}.
      </p>`,
  );
}

/** A heading that says it, in other words than the design system's model. */
export function interrupted(): Route {
  return inFrame(
    html`<h2>Le service est momentanément interrompu</h2>
      <p>À la suite d’un incident, aucun titre de séjour ni document de voyage ne peut être demandé en ligne.</p>`,
  );
}

/** No heading, and no word that a reader could know: a person must look. */
export function unnamedNotice(): Route {
  return inFrame(
    html`<p>
      Nos équipes sont mobilisées depuis ce matin. Le dépôt d’une demande de titre de séjour, d’un document de voyage ou
      d’une autorisation de travail reprendra dès que possible. Nous vous remercions de votre patience.
    </p>`,
  );
}

/** Somebody's advice about the portal, at its address. */
export function guide(): Route {
  return {
    title: 'Le guide des étrangers en France',
    body: html`<main>
      <h1>Nos conseils</h1>
      <p>
        Pour un premier titre de séjour, pour valider un VLS-TS ou pour demander la nationalité française, ouvrez le
        portail et cliquez sur le bouton de connexion.
      </p>
      <a href="#/">Se connecter</a>
    </main>`,
  };
}

/** A panel on cookies has boxes and a button that continues as well. */
export function consentPanel(): Route {
  return inFrame(
    html`<p>Chargement en cours…</p>
      <form onsubmit="return false">
        <p>Choisissez les cookies que vous acceptez.</p>
        <label><input type="checkbox" name="mesure" /> Mesure d’audience</label>
        <label><input type="checkbox" name="video" /> Vidéos</label>
        <button type="submit">Continuer</button>
      </form>`,
  );
}

export function survey(): Route {
  return inFrame(
    html`<h2>Votre avis compte</h2>
      <p>Le simulateur de titre de séjour vous a-t-il été utile ?</p>
      <label><input type="radio" name="avis" /> Oui, beaucoup</label>
      <label><input type="radio" name="avis" /> Non, pas du tout</label>
      <button type="button">Continuer</button>`,
  );
}

/** The questions lost everything but two answers. */
export function bareChoices(): Route {
  return inFrame(
    html`<label><input type="radio" name="demandeur" /> Pour moi-même</label>
      <label><input type="radio" name="demandeur" /> Pour un mineur</label>`,
  );
}

/** The creation of accounts is closed; a link explains how it is done otherwise. */
export function creationClosed(): Route {
  return inFrame(
    html`<h3>Vous avez déjà un compte</h3>
      <p-button class="fullWidthButton"><button type="button">Se connecter</button></p-button>
      <h3>Vous n'avez pas encore de compte</h3>
      <p>La création de compte est momentanément indisponible.</p>
      <a href="#/faq">Créer un compte : mode d’emploi</a>`,
  );
}

/** What the application draws for a route it does not know, in a release with two procedures only. */
export function twoTiles(): Route {
  return inFrame(
    html`<anef-tile><a href="#/">Je valide mon VLS-TS</a></anef-tile>
      <anef-tile><a href="#/">Je demande ou renouvelle un titre de séjour</a></anef-tile>
      <button type="button">Se connecter</button> <button type="button">Créer un compte</button>`,
  );
}

/** The middle as it stays when a request behind it fails, in a front that no reader knows. */
export function unknownMiddle(): Route {
  return {
    title: 'Administration numérique pour les étrangers en France (ANEF)',
    body: frameV2({
      content: html`<h1>Bonjour</h1>
        <p>
          Votre assistant vous accompagne du premier jour jusqu’à la remise de votre carte. Décrivez votre besoin en une
          phrase, puis laissez-vous guider. Vous pourrez à tout moment revenir en arrière, mettre votre parcours en
          pause et le reprendre sur un autre appareil, sans rien perdre de ce que vous avez écrit.
        </p>
        <label>Votre besoin <input type="text" name="besoin" /></label>
        <button type="button">Commencer</button>`,
    }),
  };
}
