import { html, raw } from 'hono/html';
import type { TargetEntry } from '../../core/target.ts';
import type { Markup } from '../shared/sites.ts';
import { shell } from './layout.ts';

/** A portal on visas, in French and in English, of which a visit turns some pages. Paths: fact sheet, section 9. */

export const VISAS = '/web/france-visas/';
export const QUESTIONS = '/web/france-visas/questions-frequentes';
export const ENGLISH = '/en/web/france-visas/';

export const VISAS_PARAMS: TargetEntry['params'] = {
  clicks: ['Questions fréquentes'],
  expect: ['Combien de temps prend une demande ?', 'France-Visas'],
  links: ["Retour à l'accueil"],
};

/** The second name and the signs are those of the page in English. */
export const TWO_CLICKS_PARAMS: TargetEntry['params'] = {
  clicks: ['English', 'Frequently asked questions'],
  expect: ['How long does an application take?'],
  language: 'en',
};
export const TWO_CLICKS = '/web/france-visas/accueil';

const NAME = html`<p>France-Visas, le site officiel des visas (réplique)</p>`;

export const QUESTIONS_LINK = html`<a href="${QUESTIONS}">Questions fréquentes</a>`;

export function visasHome(menu: Markup, below?: Markup): Markup {
  return shell({
    title: 'France-Visas',
    header: html`${NAME}
      <nav>${menu}<a href="${ENGLISH}">English</a></nav>`,
    main: html`<h1>Bienvenue</h1>
      <p>Les étapes d'une demande de visa, de la préparation du voyage à l'arrivée en France.</p>
      ${below ?? ''}`,
  });
}

export function answers(): Markup {
  return html`<h2>Combien de temps prend une demande&nbsp;?</h2>
    <p>Cela dépend du pays et de la saison : comptez plusieurs semaines.</p>
    <p><a href="${VISAS}">Retour à l’accueil</a></p>`;
}

export function questionsPage(): Markup {
  return shell({
    title: 'Questions fréquentes',
    header: NAME,
    main: html`<h1>Questions fréquentes</h1>
      ${answers()}`,
  });
}

/** A button that opens its part of the page where it stands, a moment later. */
export function questionsInPlace(): Markup {
  return visasHome(
    html`<button type="button" id="ouvrir" role="tab">QUESTIONS FRÉQUENTES</button>`,
    html`<div id="reponses" hidden>${answers()}</div>
      ${raw(`<script>document.getElementById('ouvrir').addEventListener('click', () =>
        setTimeout(() => document.getElementById('reponses').removeAttribute('hidden'), 900));</script>`)}`,
  );
}

/** Names that hold the wanted one, and the wanted one where nobody sees it. */
export function temptingNames(): Markup {
  return html`<a href="/rendez-vous/retenir/1">Questions fréquentes et rendez-vous</a>
    <a href="/rendez-vous/retenir/2">Vos questions fréquentes</a>
    <a class="is-closed" href="/rendez-vous/retenir/3">Questions fréquentes</a>`;
}

export function englishHome(): Markup {
  return shell({
    title: 'France-Visas',
    language: 'en-GB',
    header: html`<nav><a href="/en${QUESTIONS}">Frequently asked questions</a></nav>`,
    main: html`<h1>Welcome</h1>
      <p>The steps of a visa application, from preparing the journey to arriving in France.</p>`,
  });
}

export function englishQuestions(): Markup {
  return shell({
    title: 'Frequently asked questions',
    language: 'en-GB',
    main: html`<h1>Frequently asked questions</h1>
      <h2>How long does an application take?</h2>
      <p>It depends on the country and on the season: count several weeks.</p>`,
  });
}
