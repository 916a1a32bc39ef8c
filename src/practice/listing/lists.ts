import { html } from 'hono/html';
import type { Markup } from '../shared/sites.ts';
import { scriptValue } from '../shared/sites.ts';
import { ANEF, shell } from './layout.ts';

const RDV = 'https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche';
const BOOKING = 'https://www.yvelines.gouv.fr/booking/create';
const FORM = 'https://contacts-demarches.interieur.gouv.fr/etrangers/renouvellement-recepisse';
const AES = 'https://www.demarches-simplifiees.fr/commencer/demande-de-rendez-vous-admission-exceptionnelle-au-sejour';
export const AGENDA = 'https://agenda.prefecture-exemple.gouv.fr/78/guichet';
export const TOWN_AGENDA = 'https://agenda.ville-exemple.fr/guichet';

interface Entry {
  readonly words: string;
  readonly address: string;
}

const ENTRIES: readonly Entry[] = [
  { words: 'Retirer un titre de séjour prêt à Versailles', address: `${BOOKING}/23014` },
  { words: 'Demander ou renouveler un titre de séjour en ligne', address: ANEF },
  { words: "Déposer une demande d'admission exceptionnelle au séjour", address: AES },
  { words: 'Dépôt de dossier au guichet : titre de séjour', address: `${RDV}/1000/` },
  { words: 'Renouveler un récépissé', address: `${FORM}/` },
];

/** What every honest reader makes of the entries, however they are written. */
export const LINKS: readonly string[] = [ANEF, FORM, AES, `${RDV}/1000`, `${BOOKING}/23014`].toSorted();
export const WITHOUT_RDV: readonly string[] = LINKS.filter((link) => !link.startsWith(RDV));

/** The same doors in another order, some twice, with all that an editor's tools add to an address. */
const SHUFFLED: readonly Entry[] = [
  { words: 'Récépissé', address: `${FORM}/?utm_source=site&xtor=EREC-12#formulaire` },
  { words: 'Guichet de Versailles', address: `  ${RDV}/1000/cgu/ ` },
  { words: 'Portail national', address: `${ANEF};route=p2#/` },
  { words: 'Titre prêt', address: 'http://www.yvelines.gouv.fr/index.php/booking/create/23014/0' },
  { words: 'Titre prêt (rappel)', address: `${BOOKING}/23014/;jsessionid=0A1B2C3D.rp2` },
  { words: 'Admission exceptionnelle', address: `${AES}?session_id=8f2b41&champ_Q1=1` },
  { words: 'Guichet', address: `${RDV}/1000?token=zz81#contenu` },
];

const INTRODUCTION = html`<h1>Prendre un rendez-vous</h1>
  <p>
    L'accueil des étrangers se fait uniquement sur rendez-vous. Choisissez ci-dessous la démarche qui vous concerne. Un
    rendez-vous ne coûte rien : ne payez personne pour l'obtenir.
  </p>`;

function list(entries: readonly Entry[]): Markup {
  return html`<ul>
    ${entries.map(({ words, address }) => html`<li><a href="${address}">${words}</a></li>`)}
  </ul>`;
}

export const fullList: Markup = html`${INTRODUCTION}${list(ENTRIES)}
  <p>À lire avant votre venue : <a href="/contenu/liste-des-pieces.pdf">la liste des pièces</a>.</p>
  <p><a href="https://www.service-public.gouv.fr/particuliers/vosdroits/N110">Vos droits</a></p>`;

export const shuffledList: Markup = html`${INTRODUCTION}${list(SHUFFLED)}`;

export const listWithoutRdv: Markup = html`${INTRODUCTION}${list(
  ENTRIES.filter(({ address }) => !address.startsWith(RDV)),
)}`;

export const ownModuleList: Markup = html`${INTRODUCTION}${list([
  { words: 'Retrait de titre', address: '/booking/create/23014' },
])}`;

const ORGANISATION = 'https://rdv.anct.gouv.fr/prendre_rdv';
const MOTIVE = 'motif_name_with_location_type=renouvellement_de_recepisses-public_office';

export const PUBLIC_SERVICE_LINK = `${ORGANISATION}?${MOTIVE}&public_link_organisation_id=2458`;

/** The organisation and the motive make the door; the day at which the calendar opens does not. */
export const publicServiceList: Markup = html`${INTRODUCTION}${list([
  { words: 'Récépissés', address: `${ORGANISATION}?public_link_organisation_id=2458&date=2026-12-01&${MOTIVE}` },
  { words: 'Récépissés (2)', address: `${PUBLIC_SERVICE_LINK}&utm_campaign=hiver` },
])}`;

export const agendaList: Markup = html`${INTRODUCTION}
  <p><a href="${AGENDA}/?pk_campaign=site">Prendre rendez-vous au guichet des étrangers</a></p>
  <p><a href="https://agenda.prefecture-exemple.gouv.fr/aide">Aide</a></p>
  <p><a href="/Demarches/Rendez-vous-passeport">Prise de rendez-vous pour un passeport</a></p>`;

export const townAgendaList: Markup = html`${INTRODUCTION}
  <p><a href="${TOWN_AGENDA}/">Prendre rendez-vous à la mairie</a></p>`;

/** Words of appointments on links that lead to none: sellers, and copies kept elsewhere. */
export const falseDoors: Markup = html`${INTRODUCTION}
  <p>
    Des sites payants, tels que
    <a href="https://rdv-prefecture-exemple.com/">rdv-prefecture-exemple.com, pour prendre un rendez-vous</a>, n'ont
    aucun lien avec l'État.
  </p>
  <p>
    <a href="https://archives-exemple.org/2024/https://www.rdv-prefecture.interieur.gouv.fr/">
      Prise de rendez-vous (ancienne page)
    </a>
  </p>`;

/** Long lists are folded: a button that can be seen opens each part. */
export const foldedList: Markup = html`${INTRODUCTION}
${ENTRIES.slice(0, 3).map(
  ({ words, address }, index) =>
    html`<section class="fr-accordion">
      <h2><button type="button" aria-expanded="false" aria-controls="pli-${index}">Guichet ${index + 1}</button></h2>
      <div class="fr-collapse" id="pli-${index}"><a href="${address}">${words}</a></div>
    </section>`,
)}
${ENTRIES.slice(3).map(
  ({ words, address }) =>
    html`<details>
      <summary>Autre guichet</summary>
      <a href="${address}">${words}</a>
    </details>`,
)}`;

export function growingPage(firstAfterMs: number, eachMs: number): Markup {
  const entries = scriptValue(ENTRIES);
  const script = `const list = document.querySelector('#liste');
${entries}.forEach(({ words, address }, index) => setTimeout(() => {
  const link = Object.assign(document.createElement('a'), { href: address, textContent: words });
  list.append(Object.assign(document.createElement('li'), { id: 'l' + index }));
  list.lastChild.append(link);
}, ${firstAfterMs} + index * ${eachMs}))`;
  return shell({
    main: html`${INTRODUCTION}
      <ul id="liste"></ul>`,
    script,
  });
}

export const hiddenList: Markup = html`${INTRODUCTION}
  <p>Les modalités d'accueil sont affichées à l'entrée de la préfecture.</p>
  <div class="invisible">${list(ENTRIES)}</div>
  <p><a class="invisible" href="${RDV}/1000/">Prendre rendez-vous</a></p>`;

const SECTION = 'Étrangers en France';

export const sections: Markup = html`<h1>Prendre un rendez-vous</h1>
  <h2>Permis de conduire</h2>
  ${list([{ words: 'Commission médicale', address: `${RDV}/3460/` }])}
  <h2>${SECTION}</h2>
  <h3>Séjour</h3>
  ${list(ENTRIES.slice(0, 2))}
  <h3>Autres demandes</h3>
  ${list(ENTRIES.slice(2))}
  <h2>Associations</h2>
  ${list([{ words: 'Déposer des statuts', address: 'https://demarche.numerique.gouv.fr/commencer/statuts' }])}`;

export const englishList: Markup = html`<h1>Make an appointment</h1>
  <p>Foreign nationals are received by appointment only. Appointments are free of charge.</p>
  ${list(ENTRIES.map(({ address }, index) => ({ words: `Procedure ${index + 1}`, address })))}`;

/** An old copy: its addresses were replaced long ago, and it still leads to them. */
export const OLD_LINK = 'https://www.yvelines.gouv.fr/booking/create/7210';
export const oldList: Markup = html`<h1>Prendre un rendez-vous</h1>
  <p>Mise à jour le 12/03/2019. La prise de rendez-vous ouvrira le lundi 18 mars 2019 pour le mois d'avril.</p>
  ${list([{ words: 'Titre de séjour', address: 'http://www.yvelines.gouv.fr/booking/create/7210' }])}`;
