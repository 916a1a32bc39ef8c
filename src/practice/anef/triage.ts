import { html, raw } from 'hono/html';
import type { Markup } from '../shared/sites.ts';
import { errorModal, frameV1 } from './portal-v1.ts';
import { frameV2 } from './portal-v2.ts';
import type { HomeLanguage } from './portal-v2.ts';
import type { Route } from './route.ts';

/**
 * The questions before sign-in. Known are the component's name, that one asks for oneself, a minor or as a representative,
 * and the words of the button; the rest is inferred. Going on is counted as what no monitor does.
 */

interface Words {
  readonly title: string;
  readonly question: string;
  readonly choices: readonly string[];
  readonly advice: string;
  readonly goOn: string;
}

const FRENCH: Words = {
  title: 'Demander un titre de séjour | Étrangers en France',
  question: 'Pour qui faites-vous cette demande ?',
  choices: ['Pour moi-même', 'Pour un enfant mineur', 'En tant que représentant légal d’une personne majeure'],
  advice: 'Vos réponses servent à vous orienter vers le bon formulaire. Elles ne sont pas conservées.',
  goOn: 'Je continue',
};

const ENGLISH: Words = {
  title: 'Apply for a residence permit | Digital administration for foreigners in France (ANEF)',
  question: 'Who is this application for?',
  choices: ['For myself', 'For a child under 18', 'As the legal representative of an adult'],
  advice: 'Your answers serve to guide you to the right form. They are not kept.',
  goOn: 'I continue',
};

/** Shown once an answer is chosen. */
const REVEAL = "document.getElementById('suite').style.display='block'";
const PRESSED = raw('onclick="fetch(\'/api/orientation/suite\')"');

const hiddenUntilChosen = (button: Markup): Markup => html`<div id="suite" style="display:none">${button}</div>`;

export interface TriageParts {
  readonly language?: HomeLanguage;
  readonly withoutContinue?: boolean;
  readonly withoutChoices?: boolean;
  readonly modal?: Markup;
}

/** PrimeNG of 2023: the real radio is clipped away, and the label carries the click itself. */
export function triageV1(parts: TriageParts = {}): Route {
  const content = html`<app-triage-demandeur>
    <h3>${FRENCH.question}</h3>
    <p>${FRENCH.advice}</p>
    ${FRENCH.choices.map(
      (words) =>
        html`<p-radiobutton
          ><div class="ui-radiobutton">
            <div class="ui-helper-hidden-accessible"><input type="radio" name="demandeur" /></div>
          </div>
          <label class="ui-radiobutton-label" onclick="${REVEAL}">${words}</label></p-radiobutton
        >`,
    )}
    ${hiddenUntilChosen(html`<p-button><button type="button" ${PRESSED}>${FRENCH.goOn}</button></p-button>`)}
  </app-triage-demandeur>`;
  return { title: 'Étrangers en France | Étape 1', body: frameV1(content, parts.modal ?? errorModal('unused')) };
}

/** The design system's radio buttons. */
export function triageV2(parts: TriageParts = {}): Route {
  const words = parts.language === 'en' ? ENGLISH : FRENCH;
  const choices = words.choices.map(
    (choice, at) =>
      html`<div class="fr-radio-group">
        <input type="radio" id="demandeur-${417 + at}" name="demandeur" onchange="${REVEAL}" />
        <label class="fr-label" for="demandeur-${417 + at}">${choice}</label>
      </div>`,
  );
  const goOn = html`<dsfr-button><button type="button" class="fr-btn" ${PRESSED}>${words.goOn}</button></dsfr-button>`;
  const content = html`<h1>${words.question}</h1>
    <p>${words.advice}</p>
    <fieldset class="fr-fieldset">${parts.withoutChoices === true ? '' : choices}</fieldset>
    ${parts.withoutContinue === true ? '' : hiddenUntilChosen(goOn)}`;
  return { title: words.title, body: frameV2({ content, ...(parts.language && { language: parts.language }) }) };
}
