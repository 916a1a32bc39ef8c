import { html } from 'hono/html';
import { frenchDate, parisDay, plusDays } from '../shared/paris.ts';
import type { Markup } from '../shared/sites.ts';
import { shell } from './layout.ts';

/**
 * The static page served while the site is down. Its file is named for maintenance; its words speak of a problem that is
 * being repaired, not of maintenance.
 */
export function serviceDown(): Markup {
  return html`<!doctype html>
    <html lang="fr">
      <head>
        <meta charset="utf-8" />
        <title>Service Indisponible - RDV Service Public</title>
        <style>
          body {
            background: #f5f5fe;
            font:
              16px/1.5 Arial,
              sans-serif;
            padding: 64px;
          }
        </style>
      </head>
      <body>
        <main role="main" id="content">
          <h1 class="fr-h1">Service indisponible</h1>
          <p class="fr-text--xl">
            RDV Service Public rencontre un problème, nous travaillons pour le résoudre le plus rapidement possible.
          </p>
          <p class="fr-text--sm">
            Merci de réessayer plus tard, vous serez bientôt en mesure de réutiliser le service.
          </p>
          <ul>
            <li><a class="fr-btn" href="https://rdv-service-public.instatus.com/">Suivi des incidents</a></li>
            <li><a class="fr-btn" href="mailto:support@rdv-service-public.fr">Envoyer un mail au support</a></li>
          </ul>
        </main>
      </body>
    </html>`;
}

export function announcedMaintenance(now: number): Markup {
  const end = frenchDate(plusDays(parisDay(now), 1));
  return shell({
    generation: 2026,
    title: 'Site fermé',
    main: html`<div class="fr-container">
      <h1>Le site est fermé cette nuit</h1>
      <p>Une opération de maintenance est en cours. RDV Service Public rouvrira le ${end} à 7 heures.</p>
    </div>`,
  });
}

export function errorPage(heading: string, code: 404 | 500): Markup {
  return shell({
    generation: 2026,
    title: heading,
    main: html`<div class="fr-container">
      <h1>${heading}</h1>
      <p class="fr-text--sm">Erreur ${code}</p>
      <p>
        ${code === 404 ? 'Cette adresse ne mène nulle part.' : 'Notre équipe a été prévenue. Essayez de rafraîchir la page.'}
      </p>
      <a class="fr-btn" href="/">Page d'accueil</a>
    </div>`,
  });
}
