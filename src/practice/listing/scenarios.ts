import { html, raw } from 'hono/html';
import type { Outcome } from '../../core/outcome.ts';
import type { Expectation, Scenario } from '../../core/replica.ts';
import { cloudflareBlockPage, haproxyPage, nginxPage, tooManyRequestsPage } from '../shared/block-pages.ts';
import { frenchDate, parisDay, plusDays } from '../shared/paris.ts';
import { always, at, openStage, outcome, redirect, respond, siteFrom } from '../shared/sites.ts';
import type { Markup, PlayedScenario } from '../shared/sites.ts';
import { ANEF, SITE_NAME, START, classicShell, listSite, missingPage, shell } from './layout.ts';
import * as lists from './lists.ts';

const here = at(START);

const page = (main: Markup): PlayedScenario['build'] => listSite({ page: () => shell({ main }) });

function linking(links: readonly string[], expected: Outcome = 'operational'): () => Expectation {
  return () => ({ outcome: expected, facets: { links } });
}

const having = (params: NonNullable<Scenario['params']>, scenario: PlayedScenario): PlayedScenario => ({
  ...scenario,
  params,
});

function shown(label: string): Pick<Scenario, 'shown'> {
  return { shown: { department: '78', prefecture: 'Préfecture des Yvelines (réplique)', procedure: 'service', label } };
}

const LISTS: readonly PlayedScenario[] = [
  here('list', page(lists.fullList), linking(lists.LINKS), shown('Prendre un rendez-vous')),
  here('list-classic', listSite({ page: () => classicShell(lists.fullList) }), linking(lists.LINKS)),
  here('list-shuffled', page(lists.shuffledList), linking(lists.LINKS)),
  here('list-folded', page(lists.foldedList), linking(lists.LINKS)),
  here('list-late', listSite({ page: () => lists.growingPage(1500, 0) }), linking(lists.LINKS)),
  here('list-grows', listSite({ page: () => lists.growingPage(50, 120) }), linking(lists.LINKS)),
  here('own-module', page(lists.ownModuleList), outcome('operational')),
  here('public-service-query', page(lists.publicServiceList), linking([lists.PUBLIC_SERVICE_LINK])),
  here('other-host-by-its-words', page(lists.agendaList), linking([lists.AGENDA])),
  here('old-copy', page(lists.oldList), linking([lists.OLD_LINK])),
  here(
    'announced-maintenance',
    listSite({
      page: (now) =>
        shell({
          main: html`<p class="fr-notice">
              Une opération de maintenance est prévue le ${frenchDate(plusDays(parisDay(now), 4))} de 20h à 22h.
            </p>
            ${lists.fullList}`,
        }),
    }),
    linking(lists.LINKS),
  ),
  here(
    'one-desk-suspended',
    page(
      html`${lists.fullList}
        <p>Le renouvellement se fait désormais sur l'ANEF. À Mantes, la prise de rendez-vous est suspendue.</p>`,
    ),
    linking(lists.LINKS),
  ),
  here(
    'english',
    listSite({
      page: () => shell({ title: `Make an appointment - ${SITE_NAME}`, language: 'en', main: lists.englishList }),
    }),
    linking(lists.LINKS),
  ),
  here(
    'redirected-inside',
    listSite({ page: () => shell({ main: lists.fullList }), path: '/Demarches/Prendre-un-rendez-vous' }),
    linking(lists.LINKS),
  ),
  at('/demarches/rendez-vous')(
    'police-prefecture',
    listSite({
      page: () =>
        shell({ title: 'Rendez-vous | Préfecture de Police', name: 'Préfecture de Police', main: lists.fullList }),
      path: '/demarches/rendez-vous',
    }),
    linking(lists.LINKS),
  ),
];

const EXPECTED: readonly PlayedScenario[] = [
  having(
    { expects: ['rdv-prefecture', 'contacts-demarches.interieur.gouv.fr'] },
    here('expected-found', page(lists.fullList), linking(lists.LINKS)),
  ),
  having(
    { expects: ['anef', 'rdv-prefecture'] },
    here(
      'expected-platform-gone',
      page(lists.listWithoutRdv),
      linking(lists.WITHOUT_RDV, 'moved'),
      shown('Lien disparu'),
    ),
  ),
  having(
    { expects: ['rdv.anct.gouv.fr'] },
    here('expected-host-gone', page(lists.fullList), linking(lists.LINKS, 'moved')),
  ),
  having(
    { expects: ['rdv-prefecture'] },
    here(
      'expected-but-no-link-at-all',
      page(
        html`<h1>Prendre un rendez-vous</h1>
          <p>Les contenus de cette rubrique sont en cours de mise à jour par nos services.</p>`,
      ),
      outcome('unknown_page'),
    ),
  ),
  having(
    { expects: ['agenda.ville-exemple.fr'] },
    here('expected-other-host', page(lists.townAgendaList), linking([lists.TOWN_AGENDA])),
  ),
  // The link that is expected comes last, after the others have stood for a while.
  having(
    { expects: ['contact-form'] },
    here('expected-comes-late', listSite({ page: () => lists.growingPage(0, 600) }), linking(lists.LINKS)),
  ),
  having({ within: 'etrangers' }, here('within-section', page(lists.sections), linking(lists.LINKS))),
  having({ within: 'Accueil des usagers' }, here('section-missing', page(lists.sections), outcome('unknown_page'))),
];

/** The home page leads everywhere, and says nothing of the page that was removed. */
function sentHome(): PlayedScenario['build'] {
  return (stage) => {
    const app = openStage(stage);
    app.get('/', () => respond(shell({ title: `Accueil - ${SITE_NAME}`, main: lists.fullList })));
    app.all('*', () => redirect('/'));
    return siteFrom(app);
  };
}

function sentToTheNews(): PlayedScenario['build'] {
  return (stage) => {
    const app = openStage(stage);
    app.get('/Actualites/Fermeture', () =>
      respond(shell({ title: `Fermeture exceptionnelle - ${SITE_NAME}`, main: lists.fullList })),
    );
    app.all('*', () => redirect('/Actualites/Fermeture'));
    return siteFrom(app);
  };
}

const NO_LINKS: readonly PlayedScenario[] = [
  here('links-hidden', page(lists.hiddenList), outcome('unknown_page')),
  here(
    'links-in-frame-only',
    page(
      html`<h1>Prendre un rendez-vous</h1>
        <p>Les étrangers sont reçus aux guichets de la préfecture, du lundi au vendredi de 9h à 12h.</p>
        <aside><a href="${ANEF}">Vos démarches en ligne</a></aside>`,
    ),
    outcome('unknown_page'),
  ),
  here(
    'by-post-now',
    page(
      html`<h1>Prendre un rendez-vous</h1>
        <p>Les déclarations de nationalité sont désormais adressées à la plateforme par voie postale.</p>`,
    ),
    outcome('moved'),
  ),
  here(
    'suspended',
    page(
      html`<h1>Prendre un rendez-vous</h1>
        <p>La prise de rendez-vous en ligne est actuellement suspendue.</p>`,
    ),
    outcome('suspended'),
  ),
  here(
    'sent-to-platform',
    always(() => redirect('https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/1000/')),
    outcome('moved'),
  ),
  here('sent-home', sentHome(), outcome('unknown_page')),
  here('sent-to-the-news', sentToTheNews(), outcome('unknown_page')),
  here('false-doors', page(lists.falseDoors), outcome('unknown_page')),
  here(
    'not-a-prefecture',
    listSite({ page: () => shell({ title: 'Vos droits', name: 'Le guide du séjour', main: lists.fullList }) }),
    outcome('unknown_page'),
  ),
  here(
    'redesign',
    page(
      html`<h1>Votre venue en préfecture</h1>
        <p>Répondez à trois questions : nous composons votre parcours.</p>
        <div role="grid">
          <button type="button" class="fr-btn" data-porte="sejour">Séjour</button>
          <button type="button" class="fr-btn" data-porte="nationalite">Nationalité</button>
        </div>`,
    ),
    outcome('unknown_page'),
  ),
];

const FAULTS: readonly PlayedScenario[] = [
  here(
    'captcha',
    page(
      html`<h1>Un instant</h1>
        <p>Recopiez les lettres pour accéder au site.</p>
        <form method="post"><img alt="captcha" width="200" height="70" /><input name="captcha" /></form>`,
    ),
    outcome('captcha'),
  ),
  here(
    'cloudflare-200',
    always(() => cloudflareBlockPage(200)),
    outcome('denied'),
  ),
  here(
    'forbidden-by-rules',
    always(() => haproxyPage(403)),
    outcome('denied'),
  ),
  here(
    'too-many-requests',
    always(() => tooManyRequestsPage(120)),
    outcome('rate_limited'),
  ),
  here(
    'maintenance',
    listSite({
      page: () =>
        shell({
          title: `Site en maintenance - ${SITE_NAME}`,
          main: html`<h1>Site en maintenance</h1>
            <p>Le site est en maintenance jusqu'à ce soir. Les rendez-vous déjà pris sont maintenus.</p>`,
        }),
    }),
    outcome('maintenance'),
  ),
  here(
    'waiting-room',
    page(
      html`<h1>File d'attente</h1>
        <p>Vous êtes dans la file d'attente : la page s'ouvrira d'elle-même.</p>`,
    ),
    outcome('overloaded'),
  ),
  here(
    'not-found',
    always(() => respond(missingPage, 404)),
    outcome('error'),
  ),
  here(
    'not-found-200',
    always(() => respond(missingPage)),
    outcome('error'),
  ),
  here(
    'server-error',
    always(() => respond(shell({ title: 'Erreur', main: html`<h1>Internal Server Error</h1>` }), 500)),
    outcome('error'),
  ),
  here(
    'bad-gateway',
    always(() => haproxyPage(502)),
    outcome('overloaded'),
  ),
  here(
    'service-unavailable',
    always(() => nginxPage(503)),
    outcome('overloaded'),
  ),
  here(
    'blank',
    always(() => respond(html`<title>Prendre un rendez-vous - ${SITE_NAME}</title>${raw('<script>throw 1</script>')}`)),
    outcome('error'),
  ),
  here(
    'connection-reset',
    always(() => respond('')),
    outcome('unreachable'),
    { transport: 'reset' },
  ),
];

export const scenarios: readonly PlayedScenario[] = [...LISTS, ...EXPECTED, ...NO_LINKS, ...FAULTS];
