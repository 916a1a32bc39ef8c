import { html } from 'hono/html';
import type { Markup } from '../shared/sites.ts';
import { longDate, shell, SLUG, TITLE } from './layout.ts';

export interface ProcedureLook {
  readonly slug?: string;
  readonly title?: string;
  /** Last day on which requests are accepted, `YYYY-MM-DD`. */
  readonly deadline?: string;
  readonly banner?: Markup;
  /** Above the callout: the warning of a draft. */
  readonly warning?: Markup;
  /** What stands in the callout instead of the account and FranceConnect. */
  readonly entry?: Markup;
  /** What the prefecture writes about its procedure, in the first accordion. */
  readonly prose?: Markup;
  /** After everything else. */
  readonly more?: Markup;
}

function entry(slug: string): Markup {
  return html`<div class="two-columns">
    <div class="column france-connect-login">
      <h3 class="fr-h6">Se créer un compte avec FranceConnect</h3>
      <div class="fr-connect-group">
        <a class="fr-btn fr-connect" href="/commencer/${slug}/france_connect"
          ><span class="fr-connect__login">S’identifier avec</span>
          <span class="fr-connect__brand">FranceConnect</span></a
        >
        <p><a href="https://franceconnect.gouv.fr/">Qu’est-ce que FranceConnect ?</a></p>
      </div>
    </div>
    <div class="column">
      <h3 class="fr-h6">Sans FranceConnect</h3>
      <ul class="fr-btns-group">
        <li><a class="fr-btn" href="/commencer/${slug}/sign_up">Créer un compte</a></li>
        <li><a class="fr-btn fr-btn--secondary" href="/commencer/${slug}/sign_in">J’ai déjà un compte</a></li>
      </ul>
    </div>
  </div>`;
}

function callout(content: Markup): Markup {
  return html`<div class="fr-callout">
    <h2 class="fr-callout__title">Commencer la démarche</h2>
    ${content}
  </div>`;
}

export function startBlock(slug: string): Markup {
  return callout(entry(slug));
}

function accordions(prose: Markup): Markup {
  return html`<div class="fr-accordions-group">
    <section class="fr-accordion">
      <h2 class="fr-accordion__title">
        <button class="fr-accordion__btn" aria-expanded="true">Quel est l’objet de la démarche ?</button>
      </h2>
      <div class="fr-collapse">${prose}</div>
    </section>
    <section class="fr-accordion">
      <h2 class="fr-accordion__title">
        <button class="fr-accordion__btn" aria-expanded="false">
          Quelles sont les pièces justificatives à fournir ?
        </button>
      </h2>
      <div class="fr-collapse" hidden>
        <ul>
          <li>Passeport</li>
          <li>Justificatif de domicile de moins de trois mois</li>
        </ul>
      </div>
    </section>
  </div>`;
}

const PROSE = html`<p>
  Ce formulaire permet aux personnes qui habitent le département de demander un rendez-vous. Un seul dossier par
  personne est étudié.
</p>`;

/** The page on which a person starts, as anybody sees it who has not signed in. */
export function procedurePage(look: ProcedureLook = {}): Markup {
  const slug = look.slug ?? SLUG;
  const title = look.title ?? TITLE;
  const deadline =
    look.deadline === undefined
      ? ''
      : html`<p class="fr-text--sm">
          <span class="fr-icon-calendar-line"></span> Date limite : ${longDate(look.deadline)} à 23 h 59 (heure de
          Paris).
        </p>`;
  return shell({
    title,
    ...(look.banner === undefined ? {} : { banner: look.banner }),
    main: html`<div class="fr-container procedure-context">
      <h1 class="fr-h2">${title}</h1>
      <p class="fr-text--sm">Temps de remplissage estimé : 12 min</p>
      ${deadline}
      <div class="commencer form">${look.warning ?? ''}${callout(look.entry ?? entry(slug))}</div>
      ${accordions(look.prose ?? PROSE)}${look.more ?? ''}
    </div>`,
  });
}

export function professionalEntry(): Markup {
  return html`<div class="pro-connect-login">
      <a class="fr-btn fr-connect" href="/commencer/${SLUG}/pro_connect">S’identifier avec ProConnect</a>
    </div>
    <div class="fr-alert fr-alert--info">
      <p>
        Cette démarche nécessite une <a href="/pro_connect">authentification via ProConnect</a>. Seuls les agents qui
        ont un compte ProConnect y ont accès.
      </p>
    </div>`;
}

export function testWarning(kind: 'draft' | 'revision'): Markup {
  return html`<div class="fr-alert fr-alert--warning">
    <h3 class="fr-alert__title">Démarche en test</h3>
    <p>
      ${
        kind === 'draft'
          ? html`Cette démarche est actuellement en <b>test</b>`
          : html`Cette page permet de <b>tester</b> une nouvelle version de la démarche`
      }
      et n’est destinée qu’au service qui la prépare. Un dossier commencé ici peut être supprimé sans préavis.
    </p>
  </div>`;
}

export interface Closing {
  readonly since: string;
  readonly details?: Markup;
  readonly more?: Markup;
}

export function closingPage({ since, details, more }: Closing): Markup {
  const words = html`<p>
    Le contingent de rendez-vous de l’année est atteint. La préfecture annoncera la réouverture sur son site.
  </p>`;
  return shell({
    title: TITLE,
    main: html`<div class="fr-container">
      <h1>La démarche ${TITLE} est close depuis le ${longDate(since)}</h1>
      ${details ?? words}${more ?? ''}
    </div>`,
  });
}

export function homePage(flash?: string): Markup {
  return shell({
    ...(flash === undefined ? {} : { flash }),
    main: html`<div class="fr-container">
      <h1>Vos démarches administratives en ligne</h1>
      <p>Déposez un dossier auprès d’une administration et suivez-le jusqu’à la décision.</p>
      <h2>Retrouver une démarche</h2>
      <p>L’administration qui vous accompagne vous donne le lien de sa démarche.</p>
      <a class="fr-btn" href="/faq">Comment trouver ma démarche ?</a>
    </div>`,
  });
}

/** What newer versions of the platform show at `/introuvable/{path}`. */
export function notFoundPage(): Markup {
  return shell({
    flash: 'La démarche n’existe pas',
    main: html`<div class="fr-container">
      <h1>La démarche est introuvable</h1>
      <p>Vérifiez l’adresse, ou revenez plus tard si le service vous a annoncé une ouverture.</p>
      <a class="fr-btn" href="/">Revenir à l’accueil</a>
    </div>`,
  });
}

/** A start page of a platform that has been drawn anew: other words, other markup, no call that the reader knows. */
export function redesignedPage(banner?: Markup): Markup {
  return shell({
    title: 'Rendez-vous séjour',
    ...(banner === undefined ? {} : { banner }),
    main: html`<article class="fiche">
      <p role="heading" aria-level="1">Admission exceptionnelle au séjour</p>
      <dl>
        <dt>Qui peut demander</dt>
        <dd>Toute personne domiciliée dans le département</dd>
        <dt>Durée</dt>
        <dd>Douze minutes</dd>
      </dl>
      <form method="get" action="/parcours"><button class="bouton" name="d" value="1">Je continue</button></form>
    </article>`,
  });
}

/** The start page as a visitor who prefers English gets it. */
export function englishPage(): Markup {
  return shell({
    title: TITLE,
    language: 'en',
    main: html`<div class="fr-container">
      <h1 class="fr-h2">${TITLE}</h1>
      <p class="fr-text--sm">Estimated time to fill in: 12 min</p>
      <div class="fr-callout">
        <h2>Start the procedure</h2>
        <ul class="fr-btns-group">
          <li><a class="fr-btn" href="/commencer/${SLUG}/sign_up">Create an account</a></li>
          <li><a class="fr-btn fr-btn--secondary" href="/commencer/${SLUG}/sign_in">I already have an account</a></li>
        </ul>
      </div>
    </div>`,
  });
}
