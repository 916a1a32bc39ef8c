import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import type { Outcome } from '../../src/core/outcome.ts';
import { bareTarget } from '../../src/core/target.ts';
import { openTestMonitor, type TestMonitor } from '../support/monitor.ts';

/** A page that answers, with the part that decides apart from the rest. */
interface Deciding {
  readonly platform: string;
  readonly url: string;
  readonly outcome: Outcome;
  readonly before: string;
  readonly decides: string;
  readonly after: string;
}

const day = new Date(Date.now() + 9 * 86_400_000);
const DMY = new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris' }).format(day);
const UNIX = Math.floor(day.getTime() / 1_000);
const MOTIVE = 'Renouvellement de récépissés arrivés à échéance';
const SEARCH =
  'https://rdv.anct.gouv.fr/prendre_rdv?motif_name_with_location_type=renouvellement_de_recepisses_arrives_a_echeance_-public_office';
const EZ = 'https://www.essonne.gouv.fr/booking/create/23014';
const RDV = 'https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/2246/creneau/';
const LONG = new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', dateStyle: 'full' }).format(day);

const PAGES: readonly Deciding[] = [
  {
    platform: 'ez-booking',
    url: `${EZ}/2`,
    outcome: 'no_slots',
    before: '<div id="inner_Booking"><h2>Titre de séjour</h2><form name="create" method="post">',
    decides:
      "<p>Il n'existe plus de plage horaire libre pour votre demande de rendez-vous. Veuillez recommencer ultérieurement.</p>",
    after: '<input type="submit" name="finishButton" value="Terminer"></form></div>',
  },
  {
    platform: 'ez-booking',
    url: `${EZ}/4`,
    outcome: 'slots',
    before:
      '<div id="inner_Booking"><form name="create" method="post"><table><thead><tr><th colspan="7">Semaine</th></tr></thead><tbody><tr><td>',
    decides: `<a href="${EZ}/5/${UNIX}">libre</a>`,
    after: '</td></tr></tbody></table></form></div>',
  },
  {
    platform: 'ez-booking',
    url: `${EZ}/3`,
    outcome: 'slots',
    before: '<div id="inner_Booking">',
    decides: '<h2>Description de la nature du rendez-vous</h2>',
    after:
      '<form name="create" method="post"><input type="submit" name="nextButton" value="Etape suivante"></form></div>',
  },
  {
    platform: 'rdv-prefecture',
    url: RDV,
    outcome: 'no_slots',
    before: '<main>',
    decides:
      '<h2>Aucun créneau disponible</h2><div class="text-center q-pa-md">Veuillez réessayer ultérieurement.</div>',
    after: '</main>',
  },
  {
    platform: 'rdv-prefecture',
    url: RDV,
    outcome: 'slots',
    before: '<main><h2>Choisissez votre créneau</h2><div class="text-center q-pa-md">Cette semaine est complète.</div>',
    decides: `<button class="q-btn" type="button">Prochaine disponibilité le ${DMY}</button>`,
    after: '</main>',
  },
  {
    platform: 'rdv-service-public',
    url: SEARCH,
    outcome: 'no_slots',
    before: `<header><p>RDV Service Public</p></header><main><h1>Prenez rendez-vous</h1><h2>${MOTIVE}</h2>`,
    decides: "<div><p>Malheureusement, aucun créneau correspondant à votre recherche n'a été trouvé.</p></div>",
    after: '</main>',
  },
  {
    platform: 'rdv-service-public',
    url: SEARCH,
    outcome: 'slots',
    before: `<header><p>RDV Service Public</p></header><main><h1>Prenez rendez-vous</h1><h2>${MOTIVE}</h2><div>`,
    decides: `<a href="/prendre_rdv?date=1">Prochaine disponibilité le ${LONG} à 08h50</a>`,
    after: '</div></main>',
  },
];

const SHEET = 'position:absolute;left:0;top:0;width:1366px;height:900px;background:#fff';

/** Stands out of reach of every way to hide: without it a page of which nothing is left to see would be a blank one. */
const NEIGHBOUR =
  '<div style="position:fixed;bottom:0;right:0;z-index:99"><a href="/plan">Plan du site, mentions légales</a></div>';

/** Ways to keep a part from the eyes of a person, each leaving it in the page as it was. */
const WAYS: Readonly<Record<string, (part: string) => string>> = {
  'not displayed': (part) => `<div style="display:none">${part}</div>`,
  invisible: (part) => `<div style="visibility:hidden">${part}</div>`,
  transparent: (part) => `<div style="opacity:0">${part}</div>`,
  'by the hidden attribute': (part) => `<div hidden>${part}</div>`,
  'in a closed detail': (part) => `<details><summary>Plus</summary>${part}</details>`,
  'in a closed dialog': (part) => `<dialog>${part}</dialog>`,
  'for browsers without scripts': (part) => `<noscript>${part}</noscript>`,
  'in a template': (part) => `<template>${part}</template>`,
  'in a drawing that is not drawn': (part) =>
    `<svg width="9" height="9"><defs><foreignObject>${part}</foreignObject></defs></svg>`,
  'under a sheet': (part) => `${part}<div style="${SHEET}"></div>`,
  'under a sheet no pointer meets': (part) => `${part}<div style="pointer-events:none;${SHEET}"></div>`,
  'under a fixed sheet': (part) => `${part}<div style="position:fixed;inset:0;background:#eee"></div>`,
  'clipped to one pixel': (part) => `<div style="width:1px;height:1px;overflow:hidden">${part}</div>`,
  'folded to no height': (part) => `<div style="height:0;overflow:hidden">${part}</div>`,
  'left of the page': (part) => `<div style="position:absolute;left:-9999px">${part}</div>`,
  'on the next page of a carousel': (part) =>
    `<div style="width:300px;overflow:hidden"><div style="display:flex;width:600px"><div style="flex:0 0 300px">.</div><div style="flex:0 0 300px">${part}</div></div></div>`,
  'scrolled out of a clipped box': (part) =>
    `<div style="height:30px;overflow:hidden"><div style="height:90px"></div>${part}</div>`,
  'cut away by a path': (part) => `<div style="clip-path:inset(50%)">${part}</div>`,
  'masked away': (part) => `<div style="mask-image:linear-gradient(transparent,transparent)">${part}</div>`,
  'scaled to nothing': (part) => `<div style="transform:scale(0)">${part}</div>`,
  'written with no size': (part) =>
    `<style>.w *{font-size:0!important}</style><div class="w" style="font-size:0">${part}</div>`,
  'of the colour of its ground': (part) =>
    `<style>.c *{color:#fff!important;background:none!important;border:0!important}</style><div class="c">${part}</div>`,
  'of a transparent colour': (part) =>
    `<style>.c *{color:rgb(0 0 0 / 0)!important;background:none!important;border:0!important}</style><div class="c">${part}</div>`,
  'struck out': (part) => `<s>${part}</s>`,
  'in a panel of another tab': (part) => `<div role="tabpanel" style="display:none">${part}</div>`,
};

describe('no way to hide what decides leaves the verdict as it was', { concurrency: 3 }, () => {
  let monitor: TestMonitor;
  before(async () => {
    monitor = await openTestMonitor();
  });
  after(() => monitor.close());

  const read = async (page: Deciding, part: string): Promise<Outcome> => {
    const { platform, url } = page;
    const title = platform === 'rdv-service-public' ? 'RDV Service Public' : 'Prise de rendez-vous';
    const html = `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>${title}</title></head><body>${NEIGHBOUR}${page.before}${part}${page.after}</body></html>`;
    const target = bareTarget({ id: 'hidden', platform, address: url, practice: false });
    return (await monitor.runner.read(target, { url, status: 200, html })).reading.outcome;
  };

  for (const page of PAGES) {
    test(`${page.platform} says ${page.outcome} by ${page.decides.slice(0, 60)}`, async () => {
      assert.equal(await read(page, page.decides), page.outcome);
    });
    for (const [way, hide] of Object.entries(WAYS)) {
      test(`${page.platform} ${page.outcome} ${page.decides.slice(0, 30)}: ${way}`, async () => {
        assert.equal(await read(page, hide(page.decides)), 'unknown_page');
      });
    }
  }
});
