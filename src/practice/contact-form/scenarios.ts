import { html, raw } from 'hono/html';
import type { Outcome } from '../../core/outcome.ts';
import type { Expectation } from '../../core/replica.ts';
import {
  cloudflareBlockPage,
  haproxyPage,
  incapsulaPage,
  nginxPage,
  tooManyRequestsPage,
} from '../shared/block-pages.ts';
import { frenchDate, parisDay, plusDays } from '../shared/paris.ts';
import { always, at, openStage, outcome, redirect, respond, siteFrom } from '../shared/sites.ts';
import type { Markup, PlayedScenario } from '../shared/sites.ts';
import * as forms from './forms.ts';
import { SERVICE, START, TITLE, formSite, shell } from './layout.ts';

const ANEF = 'https://administration-etrangers-en-france.interieur.gouv.fr/usagers/';

const here = at(START);

function withForm(expected: Outcome): () => Expectation {
  return () => ({ outcome: expected, facets: { surface: 'form' } });
}

const page = (main: Markup): PlayedScenario['build'] => formSite(() => shell({ main }));

/** Words of the site in the place of the form. */
function words(...paragraphs: readonly (Markup | string)[]): PlayedScenario['build'] {
  return page(
    html`<h1>${forms.HEADING}</h1>
      ${paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}`,
  );
}

const OPEN: readonly PlayedScenario[] = [
  here('form', page(forms.plainForm), withForm('operational'), {
    shown: {
      prefecture: 'Ministère de l’Intérieur (réplique)',
      procedure: 'recepisse',
      label: 'Demande de renouvellement de récépissé',
    },
  }),
  here('form-restyled', page(forms.restyledForm), withForm('operational')),
  here('first-step', page(forms.firstStep), withForm('operational')),
  here('personal-button', page(forms.personalButton), withForm('operational')),
  here('late-form', formSite(forms.lateForm), withForm('operational')),
  here('invisible-captcha', page(forms.invisibleCaptchaForm), withForm('operational')),
  here(
    'announced-maintenance',
    formSite((now) => {
      const day = frenchDate(plusDays(parisDay(now), 6));
      return shell({
        main: html`<p class="avis">Le ${day}, une opération de maintenance rendra le service indisponible.</p>
          ${forms.plainForm}`,
      });
    }),
    withForm('operational'),
  ),
  here(
    'hidden-closure',
    page(
      html`<div class="cache"><p>Ce formulaire est temporairement suspendu.</p></div>
        ${forms.plainForm}`,
    ),
    withForm('operational'),
  ),
  here(
    'old-news',
    page(
      html`${forms.plainForm}
        <h2>Informations</h2>
        <p>Mise à jour du 12/03/2019 : le service du standard est fermé du 18 au 22 mars 2019.</p>`,
    ),
    withForm('operational'),
  ),
];

const GATES: readonly PlayedScenario[] = [
  here('captcha-in-form', page(forms.captchaForm), withForm('captcha'), {
    shown: {
      prefecture: 'Ministère de l’Intérieur (réplique)',
      procedure: 'recepisse',
      label: 'Formulaire gardé par un captcha',
    },
  }),
  here('captcha-without-name', page(forms.namelessCaptchaForm), withForm('captcha')),
  here(
    'captcha-wall',
    formSite(() => forms.captchaWall),
    outcome('captcha'),
  ),
  here('sign-in-first', page(forms.signInFirst), outcome('login')),
  here('france-connect-first', page(forms.franceConnectFirst), outcome('login')),
  here(
    'forbidden-by-rules',
    always(() => haproxyPage(403)),
    outcome('denied'),
  ),
  here(
    'cloudflare-200',
    always(() => cloudflareBlockPage(200)),
    outcome('denied'),
  ),
  here(
    'incapsula',
    always((_stage, request) => incapsulaPage(new URL(request.url).pathname)),
    outcome('denied'),
  ),
  here(
    'too-many-requests',
    always(() => tooManyRequestsPage(300)),
    outcome('rate_limited'),
  ),
];

const CLOSED: readonly PlayedScenario[] = [
  here(
    'suspended',
    words('Le dépôt des demandes par ce formulaire est actuellement suspendu. Merci de revenir dans quelques jours.'),
    outcome('suspended'),
  ),
  here('closed-in-few-words', words('Le formulaire est actuellement fermé.'), outcome('suspended')),
  here(
    'closed-for-a-reason',
    words("En raison d'un grand nombre de demandes, ce téléservice est temporairement suspendu."),
    outcome('suspended'),
  ),
  here('not-yet-open', words("Ce téléservice n'est pas encore ouvert aux usagers."), outcome('suspended')),
  here('not-available', words("Le service n'est pas disponible. Essayez une autre fois."), outcome('error')),
  here(
    'not-available-typographic',
    words('Le\u00a0service n’est momentanément\u202fpas disponible.'.normalize('NFD')),
    outcome('error'),
  ),
  here(
    'no-longer-available',
    words(
      "Ce formulaire n'est plus disponible.",
      html`Rendez-vous sur <a href="${ANEF}#/">le portail des étrangers</a>.`,
    ),
    () => ({ outcome: 'moved', facets: { movedTo: ANEF } }),
  ),
  here(
    'done-elsewhere',
    words('Le renouvellement du récépissé se demande désormais sur l’ANEF, depuis votre espace personnel.'),
    outcome('moved'),
  ),
  here(
    'sent-to-anef',
    always(() => redirect(ANEF)),
    outcome('moved'),
  ),
];

/** The section's page has a small form of its own, which is not the one that was asked for. */
function sentHome(): PlayedScenario['build'] {
  return (stage) => {
    const app = openStage(stage);
    app.get('/', () =>
      respond(
        shell({
          title: SERVICE,
          main: html`<h1>${SERVICE}</h1>
            <p>Choisissez votre département pour voir les formulaires que ses services vous ouvrent.</p>
            <form method="get" action="/">
              <select name="dep" aria-label="Département">
                <option>Rhône</option>
                <option>Yvelines</option>
              </select>
              <button type="submit">Valider</button>
            </form>`,
        }),
      ),
    );
    app.all('*', () => redirect('/'));
    return siteFrom(app);
  };
}

/** The page that was asked for leads to another of the site. */
function sentTo(path: string, main: Markup): PlayedScenario['build'] {
  return (stage) => {
    const app = openStage(stage);
    app.get(path, () => respond(shell({ main })));
    app.all('*', () => redirect(path));
    return siteFrom(app);
  };
}

const UNKNOWN: readonly PlayedScenario[] = [
  here('sent-home', sentHome(), outcome('unknown_page')),
  here('sent-to-another-form', sentTo('/etrangers/autre-sujet/', forms.plainForm), outcome('unknown_page')),
  here('sent-to-a-bare-page', sentTo('/', html`<form><input name="x" /></form>`), outcome('unknown_page')),
  here('satisfaction-survey', page(forms.satisfactionSurvey), outcome('unknown_page')),
  here('cookie-choices', page(forms.cookieChoices), outcome('unknown_page')),
  here('newsletter', page(forms.newsletter), outcome('unknown_page')),
  here('theme-search', page(forms.themeSearch), outcome('unknown_page')),
  here('incident-with-theme', page(forms.incidentWithTheme), outcome('unknown_page')),
  here('identifier-first', page(forms.identifierFirst), outcome('unknown_page')),
  here('fields-without-form', page(forms.fieldsWithoutForm), outcome('unknown_page')),
  here(
    'already-sent',
    page(
      html`<h1>Votre demande a été envoyée</h1>
        <p>Merci, on vous répondra.</p>`,
    ),
    outcome('unknown_page'),
  ),
  here(
    'telephone-desk-closed',
    words("L'accueil téléphonique du service étrangers est suspendu. Les agents vous répondent par courrier."),
    outcome('unknown_page'),
  ),
  here(
    'offices-closed-on-sundays',
    words('Nos services sont fermés le dimanche. Si le formulaire est indisponible, appelez votre préfecture.'),
    outcome('unknown_page'),
  ),
  here('closed-fields', page(forms.closedFields), outcome('unknown_page')),
  here(
    'search-only',
    page(
      html`<h1>Où se trouve votre démarche ?</h1>
        <p>Les rubriques du site ont été réorganisées : cherchez la vôtre par ses mots.</p>
        <form action="/" method="get">
          <select name="theme" aria-label="Thème">
            <option>Séjour</option>
          </select>
          <input type="text" name="s" aria-label="Mots" /> <button type="submit">Rechercher</button>
        </form>`,
    ),
    outcome('unknown_page'),
  ),
  here(
    'form-in-frame',
    page(
      html`<h1>${forms.HEADING}</h1>
        <p>Remplissez le cadre ci-dessous, puis attendez l'accusé de réception.</p>
        <iframe
          title="Demande"
          width="600"
          height="300"
          srcdoc="<form><input name='nom'><button>Envoyer</button></form>"
        ></iframe>`,
    ),
    outcome('unknown_page'),
  ),
  here(
    'redesign',
    formSite(() =>
      shell({
        title: 'Parlons-en | Espace Étrangers',
        service: 'Espace Étrangers',
        main: html`<h1>Bonjour, que souhaitez-vous faire ?</h1>
          <p>Notre assistant prépare votre courrier avec vous, question après question.</p>
          <div role="log">Dites-moi d'abord où vous habitez.</div>
          <p><button type="button" class="bouton">Parler à l'assistant</button></p>`,
      }),
    ),
    outcome('unknown_page'),
  ),
  here(
    'english',
    formSite(() =>
      shell({
        title: 'Renewal of a residence application receipt - Contact the State services online - Foreign nationals',
        service: 'Contact the State services online',
        language: 'en',
        main: html`<h1>Renewal of a residence application receipt</h1>
          <form method="post" action="${START}">
            <div class="ligne"><label for="name">Surname</label><input id="name" name="nom" type="text" /></div>
            <div class="ligne"><label for="no">Foreigner number</label><input id="no" name="num" type="text" /></div>
            <p><button class="bouton" type="submit">Send</button></p>
          </form>`,
      }),
    ),
    outcome('unknown_page'),
  ),
];

const FAULTS: readonly PlayedScenario[] = [
  here(
    'maintenance',
    formSite((now) =>
      shell({
        title: `Maintenance - ${SERVICE}`,
        main: html`<h1>Site en maintenance</h1>
          <p>Le service est en maintenance jusqu'au ${frenchDate(plusDays(parisDay(now), 1))} à 7h30.</p>`,
      }),
    ),
    outcome('maintenance'),
  ),
  here('empty-shell', page(html`<h1>${forms.HEADING}</h1>`), outcome('error')),
  here(
    'blank',
    always(() =>
      respond(
        html`<!doctype html>
          <html lang="fr">
            <head>
              <title>${TITLE}</title>
            </head>
            <body>
              <div id="app"></div>
              ${raw('<script>throw new TypeError("formulaire");</script>')}
            </body>
          </html>`,
      ),
    ),
    outcome('error'),
  ),
  here(
    'not-found',
    always(() => respond(shell({ title: 'Page non trouvée', main: html`<h1>Page non trouvée</h1>` }), 404)),
    outcome('error'),
  ),
  here(
    'not-found-200',
    page(
      html`<h1>Page introuvable</h1>
        <p>La page que vous cherchez n'existe pas ou plus.</p>`,
    ),
    outcome('error'),
  ),
  here(
    'server-error',
    always(() => respond(shell({ title: 'Erreur', main: html`<h1>Erreur interne du serveur</h1>` }), 500)),
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
    'connection-reset',
    always(() => respond('')),
    outcome('unreachable'),
    { transport: 'reset' },
  ),
];

export const scenarios: readonly PlayedScenario[] = [...OPEN, ...GATES, ...CLOSED, ...UNKNOWN, ...FAULTS];
