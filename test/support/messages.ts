import type { Message } from '../../src/alerts/channel.ts';
import type { Episode } from '../../src/core/episode.ts';
import type { Notice, Place } from '../../src/core/notice.ts';

/** Monday 23 November 2026, 09:00 in Paris. */
export const OBSERVED_AT = Date.UTC(2026, 10, 23, 8);

export function placeOf(change: Partial<Place> = {}): Place {
  return {
    id: 'paris-renewal',
    platform: 'rdv-prefecture',
    address: 'https://www.rdv.example/paris/renouvellement',
    department: '75',
    prefecture: 'Préfecture de police',
    procedure: 'renewal',
    label: 'Renouvellement de titre de séjour',
    practice: false,
    ...change,
  };
}

export function openingOf(change: Partial<Episode> = {}): Episode {
  return {
    kind: 'opening',
    after: OBSERVED_AT - 1_800_000,
    startedAt: OBSERVED_AT,
    confirmedAt: null,
    lastAt: OBSERVED_AT,
    endedAt: null,
    firstDate: '2026-12-03',
    outcome: 'slots',
    betterings: 0,
    ...change,
  };
}

export function noticeOf(change: Partial<Notice> = {}): Notice {
  return {
    kind: 'slots',
    key: `slots paris-renewal ${OBSERVED_AT}`,
    at: OBSERVED_AT,
    place: placeOf(),
    episode: openingOf(),
    event: null,
    ...change,
  };
}

/** A valid message about slots, in French, changed where a test wants it. */
export function messageOf(change: Partial<Message> = {}): Message {
  return {
    key: '17:slots-paris-renewal',
    language: 'fr',
    subject: 'Rendez-vous vus : Paris, renouvellement',
    text: [
      'Des rendez-vous ont été vus à 09:00 : Paris, renouvellement de titre de séjour. Première date : 3 décembre 2026.',
      'https://www.rdv.example/paris/renouvellement',
      'La prise de rendez-vous est gratuite et personnelle.',
    ].join('\n'),
    short: 'RDV vus a 09:00: Paris, renouvellement. https://www.rdv.example/paris Gratuit et personnel.',
    notices: [noticeOf()],
    unsubscribe: null,
    ...change,
  };
}
