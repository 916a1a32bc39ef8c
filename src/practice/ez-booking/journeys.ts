import { html } from 'hono/html';
import type { Scenario } from '../../core/replica.ts';
import { outcome } from '../shared/sites.ts';
import type { PlayedScenario } from '../shared/sites.ts';
import { expectOpening } from './calendar.ts';
import type { Opening } from './calendar.ts';
import { NO_SLOT } from './steps.ts';
import { bookingSite } from './wizard.ts';
import type { Booking, Counter } from './wizard.ts';

const START = '/booking/create/717';

const ONE_COUNTER: Booking = {
  id: '717',
  title: 'Rendez-vous titres de séjour',
  prefecture: "Préfecture de l'Aveyron",
  counters: [{ planning: '718', label: 'Dépôt de dossier', answer: 'none' }],
};

const SEVERAL: Opening = { offset: 7, days: 3, times: ['09:00', '10:30', '14:00'] };
const SINGLE: Opening = { offset: 14, days: 1, times: ['09:30', '11:00'] };
const NEXT_MONTH: Opening = { offset: 35, days: 2, times: ['14:30'] };
const FAR: Opening = { offset: 63, days: 2, times: ['09:00', '15:00'] };

function opens(openings: readonly Opening[], more: Partial<Booking> = {}): Booking {
  return { ...ONE_COUNTER, counters: [{ planning: '718', label: 'Dépôt de dossier', answer: openings }], ...more };
}

/** Nanterre's way of offering one procedure at several counters. */
function counters(first: Counter['answer'], second: Counter['answer'], third: Counter['answer']): Booking {
  return {
    id: '717',
    title: "Remise d'un titre de séjour ou d'un titre de voyage",
    prefecture: 'Préfecture des Hauts-de-Seine',
    asksCounter: true,
    counters: [
      { planning: '14673', label: "Remise d'un titre de séjour - GUICHET 4 B - Nanterre", answer: first },
      { planning: '14674', label: "Remise d'un titre de séjour - GUICHET 5 - Nanterre", answer: second },
      { planning: '14675', label: "Remise d'un titre de voyage - GUICHET 6 - Nanterre", answer: third },
    ],
  };
}

/** Covers the whole page until it is answered, so that a click on the form lands on the banner. */
const TARTEAUCITRON = html`<div id="tarteaucitronRoot">
    <div
      id="tarteaucitronAlertBig"
      style="position:fixed;inset:0;background:rgba(0,0,0,.75);z-index:2147483645;display:flex;align-items:flex-end"
    >
      <div style="background:#333;color:#fff;padding:24px;width:100%;text-align:center">
        <span id="tarteaucitronDisclaimerAlert"
          >Ce site utilise des cookies et vous donne le contrôle sur ce que vous souhaitez activer</span
        >
        <button type="button" id="tarteaucitronPersonalize2" class="tarteaucitronCTAButton tarteaucitronAllow">
          ✓ OK, tout accepter
        </button>
        <button type="button" id="tarteaucitronAllDenied2" class="tarteaucitronCTAButton tarteaucitronDeny">
          ✗ Interdire tous les cookies
        </button>
      </div>
    </div>
  </div>
  <script>
    for (const button of document.querySelectorAll('.tarteaucitronCTAButton'))
      button.addEventListener('click', () => document.getElementById('tarteaucitronRoot').remove());
  </script>`;

const OLD_BANNER = html`<div
    id="cookies-banner"
    style="position:fixed;bottom:0;left:0;right:0;background:#222;color:#fff;padding:12px 24px"
  >
    <p>En poursuivant votre navigation, vous acceptez l'utilisation de cookies à des fins de mesure d'audience.</p>
    <p class="boutons"><a href="#" style="color:#fff">Accepter</a></p>
  </div>
  <script>
    document.querySelector('#cookies-banner .boutons a').addEventListener('click', (event) => {
      event.preventDefault();
      document.getElementById('cookies-banner').remove();
    });
  </script>`;

function played(
  name: string,
  booking: Booking,
  expect: Scenario['expect'],
  more: Partial<Pick<Scenario, 'path' | 'shown'>> = {},
): PlayedScenario {
  return { name, path: START, expect, ...more, build: bookingSite(booking) };
}

const typographic = NO_SLOT.replaceAll("'", '’')
  .replaceAll('plage horaire', 'plage\u00a0horaire')
  .replace('. Veuillez', '.\u202fVeuillez');

const WITHOUT_SLOTS: readonly PlayedScenario[] = [
  played('no-slots-in-place', ONE_COUNTER, outcome('no_slots'), {
    shown: {
      department: '12',
      prefecture: "Préfecture de l'Aveyron (réplique)",
      procedure: 'renewal',
      label: 'Rendez-vous titres de séjour',
    },
  }),
  played('no-slots-redirected', { ...ONE_COUNTER, landing: 'redirect' }, outcome('no_slots')),
  played('single-counter-no-slots', { ...ONE_COUNTER, asksCounter: true }, outcome('no_slots')),
  played('single-counter-redirected', { ...ONE_COUNTER, asksCounter: true, landing: 'redirect' }, outcome('no_slots')),
  played('three-counters-no-slots', counters('none', 'none', 'none'), () => ({
    outcome: 'no_slots',
    facets: { counters: { 14673: 'no_slots', 14674: 'no_slots', 14675: 'no_slots' } },
  })),
  played('three-counters-mixed-refusals', counters('none', 'no-calendar', 'none'), outcome('no_slots')),
  played('counter-bad-gateway', counters('none', 'bad-gateway', 'none'), outcome('overloaded')),
  played('no-calendar', { ...ONE_COUNTER, counters: [] }, outcome('no_slots'), {
    shown: {
      department: '93',
      prefecture: 'Préfecture de la Seine-Saint-Denis (réplique)',
      procedure: 'collection',
      label: "Remise d'un titre de séjour",
    },
  }),
  played('no-slots-typographic', { ...ONE_COUNTER, sentence: typographic }, outcome('no_slots')),
  played('no-slots-decomposed', { ...ONE_COUNTER, sentence: NO_SLOT.normalize('NFD') }, outcome('no_slots')),
  played('styled-controls', { ...counters('none', 'none', 'none'), styled: true }, outcome('no_slots')),
  played('cookie-wall', { ...ONE_COUNTER, overlay: TARTEAUCITRON }, outcome('no_slots')),
  played('cookie-strip', { ...ONE_COUNTER, overlay: OLD_BANNER }, outcome('no_slots')),
  played('index-php', { ...ONE_COUNTER, landing: 'redirect' }, outcome('no_slots'), { path: `/index.php${START}` }),
  played('print-layout', ONE_COUNTER, outcome('no_slots'), { path: `/layout/set/print${START}` }),
  played('trailing-slash', ONE_COUNTER, outcome('no_slots'), { path: `${START}/` }),
];

const WITH_SLOTS: readonly PlayedScenario[] = [
  played('slots-several-days', opens([SEVERAL]), expectOpening(SEVERAL), {
    shown: {
      department: '42',
      prefecture: 'Préfecture de la Loire (réplique)',
      procedure: 'renewal',
      label: 'Renouvellement de titre de séjour',
      control: true,
    },
  }),
  played('slots-single-day', opens([SINGLE], { landing: 'redirect' }), expectOpening(SINGLE)),
  played('slots-next-month', opens([NEXT_MONTH]), expectOpening(NEXT_MONTH)),
  played('slots-from-62-days', opens([FAR], { landing: 'redirect' }), expectOpening(FAR), {
    shown: {
      department: '84',
      prefecture: 'Préfecture de Vaucluse (réplique)',
      procedure: 'aes',
      label: 'Admission exceptionnelle au séjour',
    },
  }),
  played('slots-calendar-by-post', opens([SEVERAL], { calendarMethod: 'POST' }), expectOpening(SEVERAL)),
  played(
    'slots-over-two-weeks',
    opens([
      { ...SINGLE, offset: 7 },
      { ...SEVERAL, offset: 14 },
    ]),
    (now) => {
      const { firstDate } = expectOpening({ ...SINGLE, offset: 7 })(now).facets ?? {};
      return { outcome: 'slots', facets: firstDate === undefined ? {} : { firstDate } };
    },
  ),
  played(
    'third-counter-slots',
    counters('none', 'none', [SEVERAL]),
    () => ({
      outcome: 'slots',
      facets: { counters: { 14673: 'no_slots', 14674: 'no_slots', 14675: 'slots' } },
    }),
    {
      shown: {
        department: '92',
        prefecture: 'Préfecture des Hauts-de-Seine (réplique)',
        procedure: 'collection',
        label: "Remise d'un titre de séjour, trois guichets",
      },
    },
  ),
  played(
    'third-counter-slots-redirected',
    { ...counters('none', 'none', [FAR]), landing: 'redirect' },
    outcome('slots'),
  ),
  played('styled-controls-slots', opens([SEVERAL], { styled: true, asksCounter: true }), outcome('slots')),
  played('breaks-after-description', opens([SEVERAL], { breaksAfterDescription: true }), outcome('overloaded')),
];

const GATED: readonly PlayedScenario[] = [
  played('captcha-at-the-door', { ...ONE_COUNTER, captchaAtDoor: true }, outcome('captcha'), {
    shown: {
      department: '91',
      prefecture: "Préfecture de l'Essonne (réplique)",
      procedure: 'naturalisation_declaration',
      label: 'Naturalisation par déclaration',
    },
  }),
  played('security-check-first', { ...ONE_COUNTER, beginsWith: 'security-check' }, outcome('captcha')),
  played('identity-first', { ...ONE_COUNTER, identityFirst: true }, outcome('login')),
  played('personal-details-first', { ...ONE_COUNTER, beginsWith: 'personal-details' }, outcome('login')),
];

export const journeys: readonly PlayedScenario[] = [...WITHOUT_SLOTS, ...WITH_SLOTS, ...GATED];
