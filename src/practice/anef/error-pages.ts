import { html, raw } from 'hono/html';
import type { Markup } from '../shared/sites.ts';

const STYLE = raw(`<style>
body{margin:0;font:16px/1.5 Marianne,system-ui,Arial,sans-serif;color:#161616}
header,footer{padding:24px 10%;border-bottom:1px solid #ddd}main{padding:64px 10%;max-width:720px}
</style>`);

function errorPage(parts: { readonly title: string; readonly heading: string; readonly content: Markup }): Markup {
  return html`<!doctype html>
    <html lang="fr" data-fr-scheme="system">
      <head>
        <meta charset="utf-8" />
        <title>${parts.title}</title>
        ${STYLE}
      </head>
      <body>
        <header role="banner" class="fr-header"><strong>République Française</strong></header>
        <main role="main" id="content">
          <h1>${parts.heading}</h1>
          ${parts.content}
        </main>
        <footer class="fr-footer" role="contentinfo">Page d'exercice (réplique)</footer>
      </body>
    </html>`;
}

/** The design system's model for 503. */
export const unavailable: Markup = errorPage({
  title: 'Erreur serveur',
  heading: 'Service indisponible',
  content: html`<p class="fr-text--sm">Erreur 503</p>
    <p class="fr-text--lead">
      Le service ANEF rencontre un problème, nous travaillons pour le résoudre le plus rapidement possible.
    </p>
    <p>Merci de réessayer plus tard.</p>`,
});

/** The design system's model for 500. */
export const unexpected: Markup = errorPage({
  title: 'Erreur serveur',
  heading: 'Erreur inattendue',
  content: html`<p class="fr-text--sm">Erreur 500</p>
    <p class="fr-text--lead">
      Désolé, le service rencontre un problème, nous travaillons pour le résoudre le plus rapidement possible.
    </p>
    <p>Essayez de rafraîchir la page ou bien ressayez plus tard.</p>`,
});

/** No capture of the portal's real announcement is known; the words are those of other public sites. */
export function maintenance(endDate: string): Markup {
  return errorPage({
    title: 'Site en maintenance',
    heading: 'Site en maintenance',
    content: html`<p class="fr-text--lead">
      Le site de l'administration numérique pour les étrangers en France est en maintenance jusqu'au ${endDate} à 8h00.
      Veuillez nous excuser pour la gêne occasionnée.
    </p>`,
  });
}

/** The design system's model for 404. */
export const missing: Markup = errorPage({
  title: 'Page non trouvée',
  heading: 'Page non trouvée',
  content: html`<p class="fr-text--sm">Erreur 404</p>
    <p class="fr-text--lead">La page que vous cherchez est introuvable. Excusez-nous pour la gène occasionnée.</p>`,
});

/** What a portal may leave behind at its old address. No capture of one is known. */
export function newAddress(base: string): Markup {
  return errorPage({
    title: 'Étrangers en France',
    heading: 'Le portail a changé d’adresse',
    content: html`<p class="fr-text--lead">
        Vos démarches se font désormais sur administration-etrangers-en-france.interieur.gouv.fr, dans le nouvel espace
        des usagers.
      </p>
      <p><a href="${base}">Aller sur le nouveau portail</a></p>`,
  });
}

/** A firewall's refusal. */
export const rejected: Markup = html`<html>
  <head>
    <title>Request Rejected</title>
  </head>
  <body>
    The requested URL was rejected. Please consult with your administrator.<br /><br />Your support ID is:
    8145032297716601942<br /><br /><a href="javascript:history.back();">[Go Back]</a>
  </body>
</html>`;
