import { html } from 'hono/html';
import type { Markup } from '../shared/sites.ts';
import { errorModal, frameV1 } from './portal-v1.ts';
import { frameV2 } from './portal-v2.ts';
import type { HomeLanguage } from './portal-v2.ts';
import type { Route } from './route.ts';

/** The pages that explain: their routes and the contact centre's number are known, their words are not. */

export const HELP_ROUTES = ['contact', 'faq', 'plandusite', 'mentions-legales', 'aide-accessibilite'] as const;
export type HelpRoute = (typeof HELP_ROUTES)[number];

interface Text {
  readonly heading: string;
  readonly body: Markup;
}

const CONTACT_NUMBER = '0\u00a0806\u202f001\u00a0620';

function contact(language: HomeLanguage, number: Markup | string): Text {
  if (language === 'en') {
    return {
      heading: 'Contact us',
      body: html`<p>
          You have a question on your account or on a procedure of this site: our advisers answer from Monday to Friday,
          from 9 a.m. to 5.30 p.m., except on public holidays.
        </p>
        <p>Citizens’ contact centre (free service and call): ${number}</p>
        <p>You may also write to us with the form below, once you have read the frequently asked questions.</p>`,
    };
  }
  return {
    heading: 'Nous contacter',
    body: html`<p>
        Vous avez une question sur votre compte ou sur une démarche de ce site : nos conseillers vous répondent du lundi
        au vendredi, de 9h à 17h30, hors jours fériés.
      </p>
      <p>Centre de contact citoyen (service et appel gratuits) : ${number}</p>
      <p>Vous pouvez aussi nous écrire au moyen du formulaire, après avoir consulté la page « Besoin d’aide ? ».</p>`,
  };
}

const TEXTS: Readonly<Record<Exclude<HelpRoute, 'contact'>, Text>> = {
  faq: {
    heading: 'Besoin d’aide ?',
    body: html`<h4>Comment créer mon compte ?</h4>
      <p>Munissez-vous de votre visa ou de votre titre de séjour, puis suivez les étapes proposées.</p>
      <h4>Une erreur technique est survenue pendant ma démarche, que faire ?</h4>
      <p>Recommencez un peu plus tard, ou demandez de l’aide à un point d’accueil numérique de votre préfecture.</p>`,
  },
  plandusite: {
    heading: 'Plan du site',
    body: html`<ul>
      <li><a href="#/">Accueil</a></li>
      <li>Demander ou renouveler un titre de séjour</li>
      <li>Déclarer un changement de situation</li>
      <li>Demander un document de voyage</li>
      <li>Demander une autorisation de travail</li>
      <li><a href="#/contact">Nous contacter</a></li>
      <li><a href="#/faq">Besoin d’aide ?</a></li>
    </ul>`,
  },
  'mentions-legales': {
    heading: 'Mentions légales',
    body: html`<p>
        Ce site est édité par le ministère de l’Intérieur, direction générale des étrangers en France, place Beauvau,
        75800 Paris Cedex 08.
      </p>
      <p>Les données recueillies servent à l’instruction des demandes des usagers, et à rien d’autre.</p>`,
  },
  'aide-accessibilite': {
    heading: 'Accessibilité',
    body: html`<p>
        Le ministère de l’Intérieur s’engage à rendre ses services en ligne accessibles, conformément à l’article 47 de
        la loi du 11 février 2005.
      </p>
      <p>
        État de conformité : ce site est partiellement conforme au référentiel général d’amélioration de
        l’accessibilité.
      </p>`,
  },
};

/** One of the pages in the frame of `v1`, or of the portal of today in a language; `number` as the contact page shows it. */
export function helpPage(
  route: HelpRoute,
  frame: 'v1' | HomeLanguage = 'fr',
  number: Markup | string = CONTACT_NUMBER,
): Route {
  const text = route === 'contact' ? contact(frame === 'en' ? 'en' : 'fr', number) : TEXTS[route];
  if (frame === 'v1') {
    const content = html`<p>Vous êtes ici : Accueil &gt; ${text.heading}</p>
      ${text.body}`;
    return { title: 'Étrangers en France', body: frameV1(content, errorModal('unused')) };
  }
  return {
    title: `${text.heading} | Administration numérique pour les étrangers en France (ANEF)`,
    body: frameV2({
      language: frame,
      content: html`<h1>${text.heading}</h1>
        ${text.body}`,
    }),
  };
}
