import { html } from 'hono/html';
import { parisDay, plusDays } from '../shared/paris.ts';
import { at, outcome } from '../shared/sites.ts';
import type { PlayedScenario } from '../shared/sites.ts';
import { RENAMED, SLUG, START, SUCCESSOR } from './layout.ts';
import { closingPage, homePage, notFoundPage, procedurePage, startBlock, type Closing } from './pages.ts';
import { page, platform, sendTo, type Answers } from './site.ts';

const CLOSING = `/fermeture/${SLUG}`;
const UNKNOWN_WORDS = 'La démarche n’existe pas';

function closing(more: Omit<Closing, 'since'> = {}): Answers[string] {
  return page((now) => closingPage({ since: plusDays(parisDay(now), -30), ...more }));
}

const CLOSED: readonly PlayedScenario[] = [
  at(START)(
    'closed',
    platform({ [START]: sendTo(CLOSING, 302), [CLOSING]: closing() }),
    () => ({ outcome: 'suspended', facets: { surface: 'closing' } }),
    {
      shown: {
        department: '69',
        prefecture: 'Préfecture du Rhône (réplique)',
        procedure: 'first_application',
        label: 'Première demande de titre de séjour',
      },
    },
  ),
  at(START)(
    'closed-with-hidden-start',
    platform({
      [START]: sendTo(CLOSING, 302),
      [CLOSING]: closing({ more: html`<div class="hidden">${startBlock(SLUG)}</div>` }),
    }),
    outcome('suspended'),
  ),
  at(START)(
    'closed-after-renaming',
    platform({
      [START]: sendTo(`/commencer/${RENAMED}`, 301),
      [`/commencer/${RENAMED}`]: sendTo(`/fermeture/${RENAMED}`, 302),
      [`/fermeture/${RENAMED}`]: closing({ details: html`<p>Le logiciel de la préfecture est en maintenance.</p>` }),
    }),
    outcome('suspended'),
  ),
  at(START)(
    'closed-now-on-anef',
    platform({
      [START]: sendTo(CLOSING, 302),
      [CLOSING]: closing({
        details: html`<p>
          Cette demande se dépose désormais sur l’ANEF :
          <a href="https://administration-etrangers-en-france.interieur.gouv.fr/">site de l’ANEF</a>.
        </p>`,
      }),
    }),
    () => ({
      outcome: 'moved',
      facets: { surface: 'closing', movedTo: 'https://administration-etrangers-en-france.interieur.gouv.fr/' },
    }),
  ),
];

const MOVED: readonly PlayedScenario[] = [
  at(START)(
    'replaced',
    platform({
      [START]: sendTo(`/commencer/${SUCCESSOR}`, 302),
      [`/commencer/${SUCCESSOR}`]: page(
        procedurePage({ slug: SUCCESSOR, title: 'Admission exceptionnelle, nouveau formulaire' }),
      ),
    }),
    () => ({ outcome: 'moved', facets: { surface: 'procedure' } }),
  ),
  at(START)(
    'replaced-by-a-closed-one',
    platform({
      [START]: sendTo(`/commencer/${SUCCESSOR}`, 302),
      [`/commencer/${SUCCESSOR}`]: sendTo(`/fermeture/${SUCCESSOR}`, 302),
      [`/fermeture/${SUCCESSOR}`]: closing(),
    }),
    outcome('moved'),
  ),
  at(START)('unknown-procedure', platform({ [START]: sendTo('/', 302), '/': page(homePage(UNKNOWN_WORDS)) }), () => ({
    outcome: 'moved',
    facets: { surface: 'home' },
  })),
  at(START)(
    'unknown-procedure-newer',
    platform({ [START]: sendTo(`/introuvable/${SLUG}`, 302), [`/introuvable/${SLUG}`]: page(notFoundPage()) }),
    () => ({ outcome: 'moved', facets: { surface: 'not-found' } }),
  ),
  at(START)(
    'home-with-another-message',
    platform({
      [START]: sendTo('/', 302),
      '/': page(homePage('Votre session a été renouvelée. Merci de reprendre depuis cette page.')),
    }),
    outcome('unknown_page'),
  ),
  at(START)('home-without-message', platform({ [START]: sendTo('/', 302) }), outcome('moved')),
];

export const closings: readonly PlayedScenario[] = [...CLOSED, ...MOVED];
