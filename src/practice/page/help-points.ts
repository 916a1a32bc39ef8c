import { html } from 'hono/html';
import type { TargetEntry } from '../../core/target.ts';
import type { Markup } from '../shared/sites.ts';
import { shell } from './layout.ts';

/** A prefecture's page on its digital help points. Path and the helpline's number: fact sheet of November 2026, section 8. */

export const HELP_POINTS = '/Demarches/Etrangers/Points-d-accueil-numerique-e-MERAUDE';

export const HELP_POINTS_PARAMS: TargetEntry['params'] = {
  expect: ["Points d'accueil numérique", '0 806 001 620'],
  links: ['#/contact'],
};

export function helpPointsPage(number: string): Markup {
  return shell({
    title: 'Points d’accueil numérique e-MERAUDE',
    main: html`<h1>Points d’accueil numérique</h1>
      <p>
        Une personne vous aide à faire votre demande en ligne, sur un ordinateur de la préfecture. Téléphonez d'abord au
        <strong>${number}</strong> 7&nbsp;jours avant votre venue.
      </p>
      <p>
        Vous pouvez aussi
        <a href="https://administration-etrangers-en-france.interieur.gouv.fr/particuliers/#/contact"
          >écrire au centre</a
        >.
      </p>`,
  });
}
