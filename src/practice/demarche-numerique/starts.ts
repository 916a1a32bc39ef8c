import { html } from 'hono/html';
import type { Expectation } from '../../core/replica.ts';
import { parisDay, plusDays } from '../shared/paris.ts';
import { at, outcome } from '../shared/sites.ts';
import type { PlayedScenario } from '../shared/sites.ts';
import { banner, RENAMED, SLUG, START } from './layout.ts';
import { englishPage, procedurePage, professionalEntry, redesignedPage, startBlock, testWarning } from './pages.ts';
import { page, platform, sendTo } from './site.ts';

const inDays = (now: number, count: number): string => plusDays(parisDay(now), count);

const OPEN = (): Expectation => ({ outcome: 'operational', facets: { surface: 'procedure' } });

function withDeadline(name: string, days: number, expected: 'operational' | 'ambiguous'): PlayedScenario {
  return at(START)(
    name,
    platform({ [START]: page((now) => procedurePage({ deadline: inDays(now, days) })) }),
    (now) => ({ outcome: expected, facets: { deadline: inDays(now, days) } }),
  );
}

/** What prefectures write into their description, and what other states say: none of it is the state of this page. */
const PROSE = html`<p>
    Date limite : 1er mars 2019 pour les dossiers sur papier. La démarche « Rendez-vous 2024 » est close depuis le 31
    décembre 2024. La page du service de renouvellement est en maintenance.
  </p>
  <p>Les demandes d’étudiants se font désormais sur le site de l’ANEF. Aucun créneau disponible ne se réserve ici.</p>`;

const OPENED: readonly PlayedScenario[] = [
  at(START)('open', platform({ [START]: page(procedurePage()) }), OPEN, {
    shown: {
      department: '78',
      prefecture: 'Préfecture des Yvelines (réplique)',
      procedure: 'aes',
      label: 'Demande de rendez-vous, admission exceptionnelle au séjour',
    },
  }),
  withDeadline('open-with-deadline', 40, 'operational'),
  withDeadline('open-on-last-day', 0, 'operational'),
  withDeadline('stale-past-deadline', -1, 'ambiguous'),
  at(START)(
    'open-under-banners',
    platform({
      [START]: page(
        procedurePage({
          banner: html`${banner('Une opération de maintenance est prévue ce soir à 23 h 00. Le site sera inaccessible.')}
          ${banner('En raison d’un mouvement de grève, les réponses peuvent tarder.')}`,
        }),
      ),
    }),
    OPEN,
  ),
  at(START)('open-with-misleading-prose', platform({ [START]: page(procedurePage({ prose: PROSE })) }), OPEN),
  at(START)(
    'open-with-hidden-closing',
    platform({
      [START]: page(
        procedurePage({
          more: html`<dialog><h1>La démarche est close depuis le 01 janvier 2020</h1></dialog>
            <div class="fr-alert hidden">
              <h3>Démarche en test</h3>
              <p>Cette démarche est actuellement en test.</p>
            </div>`,
        }),
      ),
    }),
    OPEN,
  ),
  at(`${START}?champ_Q2hhbXAtMQ=oui&identite_genre=Mme&locale=fr`)(
    'address-that-fills-the-form',
    platform({ [START]: page(procedurePage()) }),
    OPEN,
  ),
  at(START)(
    'renamed',
    platform({
      [START]: sendTo(`/commencer/${RENAMED}`, 301),
      [`/commencer/${RENAMED}`]: page(procedurePage({ slug: RENAMED })),
    }),
    OPEN,
  ),
  at(START)('old-host', platform({ [START]: acrossHosts }), OPEN),
];

/** The old host sends every path to the same one of the new host; here 127.0.0.1 is the old one, localhost the new. */
function acrossHosts(...[stage, request]: Parameters<ReturnType<typeof page>>): Response | Promise<Response> {
  const url = new URL(request.url);
  if (url.hostname === 'localhost') return page(procedurePage())(stage, request);
  url.hostname = 'localhost';
  return sendTo(url.href, 302)(stage, request);
}

/** Ways in which the platform itself would lead to an address that writes a draft. */
const TO_A_DRAFT: readonly PlayedScenario[] = [
  at(START)(
    'sent-to-an-address-that-fills-the-form',
    platform({ [START]: sendTo(`/commencer/${RENAMED}?locale=fr&identite_nom=x`, 302) }),
    outcome('unknown_page'),
  ),
  at(START)(
    'sent-with-a-token-of-a-draft',
    platform({ [START]: sendTo(`/commencer/${RENAMED}?%70refill_token=x`, 301) }),
    outcome('unknown_page'),
  ),
  at(START)(
    'form-that-sends-itself',
    platform({
      [START]: page(
        procedurePage({
          more: html`<form id="suite" method="get" action="/commencer/${RENAMED}">
              <input type="hidden" name="champ_Q2hhbXAtMQ" value="oui" />
            </form>
            <script>
              document.getElementById('suite').submit();
            </script>`,
        }),
      ),
    }),
    outcome('unknown_page'),
  ),
  at(START)(
    'script-that-fills-the-form',
    platform({
      [START]: page(
        procedurePage({
          more: html`<script>
            fetch('${START}?champ_Q2hhbXAtMQ=oui').catch(() => undefined);
          </script>`,
        }),
      ),
    }),
    OPEN,
  ),
];

/** News in the page itself, which is drawn when they have long been there. */
const DRAWN_LATE: readonly PlayedScenario[] = [
  at(START)(
    'start-drawn-late-beside-news',
    platform({
      [START]: page(
        procedurePage({
          entry: html`<p>Le site sera en maintenance dimanche.</p>
            <div id="acces" hidden>${startBlock(SLUG)}</div>
            <script>
              setTimeout(() => document.getElementById('acces').removeAttribute('hidden'), 1200);
            </script>`,
        }),
      ),
    }),
    OPEN,
  ),
];

const NOT_FOR_ALL: readonly PlayedScenario[] = [
  at(START)(
    'professionals-only',
    platform({ [START]: page(procedurePage({ entry: professionalEntry() })) }),
    outcome('login'),
  ),
  at(START)('sent-to-sign-in', platform({ [START]: sendTo('/users/sign_in', 302) }), outcome('login')),
  at(START)(
    'draft',
    platform({ [START]: page(procedurePage({ warning: testWarning('draft') })) }),
    outcome('suspended'),
  ),
  at(START)(
    'test-of-new-version',
    platform({ [START]: page(procedurePage({ warning: testWarning('revision') })) }),
    outcome('unknown_page'),
  ),
];

const UNKNOWN: readonly PlayedScenario[] = [
  at(START)('english', platform({ [START]: page(englishPage()) }), outcome('unknown_page')),
  at(START)('redesign', platform({ [START]: page(redesignedPage()) }), outcome('unknown_page')),
  at(START)(
    'redesign-under-banner',
    platform({ [START]: page(redesignedPage(banner('Une opération de maintenance est en cours sur nos services.'))) }),
    outcome('unknown_page'),
  ),
  at(START)(
    'start-hidden',
    platform({
      [START]: page(
        procedurePage({ entry: html`<p>Chargement…</p>`, more: html`<div class="hidden">${startBlock(SLUG)}</div>` }),
      ),
    }),
    outcome('unknown_page'),
  ),
  at(START)(
    'start-of-another-procedure',
    platform({
      [START]: page(
        procedurePage({ entry: html`<p>Voyez la démarche voisine.</p>`, more: startBlock('autre-demarche') }),
      ),
    }),
    outcome('unknown_page'),
  ),
];

export const starts: readonly PlayedScenario[] = [...OPENED, ...TO_A_DRAFT, ...DRAWN_LATE, ...NOT_FOR_ALL, ...UNKNOWN];
