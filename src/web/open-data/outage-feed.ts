import type { Language } from '../../core/subscription.ts';
import type { ServiceFigures } from '../../stats/figures.ts';
import type { Outage } from '../../stats/results.ts';
import { FORMATS as FEED_FORMATS, type Feed } from '../feeds/formats.ts';
import { idOf, type Entry } from '../feeds/openings.ts';

/** Outages of services as an Atom feed: dated facts, with the exact words of the page. */

interface FeedWords {
  readonly title: string;
  readonly lasts: string;
  readonly over: string;
  /** It was not seen for too long to say that it lasts. */
  readonly lost: string;
}

const WORDS: Readonly<Record<Language, FeedWords>> = {
  fr: {
    title: 'Guetteur : pannes des services',
    lasts: 'ne répond pas normalement',
    over: 'répond de nouveau',
    lost: 'ne répondait pas normalement ; la fin n’a pas été vue',
  },
  en: {
    title: 'Guetteur: outages of services',
    lasts: 'does not answer as it should',
    over: 'answers again',
    lost: 'did not answer as it should; the end was not seen',
  },
  ar: {
    title: '\u2068Guetteur\u2069: أعطال الخدمات',
    lasts: 'لا تعمل كما يجب',
    over: 'عادت إلى العمل',
    lost: 'لم تكن تعمل كما يجب، ولم تُشاهد نهاية العطل',
  },
};

const MOST_ENTRIES = 50;

function stateOf({ goneByAt, lostAt }: Outage): 'lasts' | 'over' | 'lost' {
  return goneByAt !== null ? 'over' : lostAt === null ? 'lasts' : 'lost';
}

export function outageFeed(services: readonly ServiceFigures[], language: Language, page: string): string {
  const words = WORDS[language];
  const entries = services
    .flatMap(({ byStep }) => byStep.flatMap(({ target, outages }) => outages.map((outage) => ({ target, outage }))))
    .toSorted((a, b) => b.outage.firstSeenAt - a.outage.firstSeenAt)
    .slice(0, MOST_ENTRIES)
    .map(({ target, outage }): Entry => {
      const key = `outage/${target.id}/${outage.firstSeenAt}`;
      const name = target.label ?? target.id;
      const subject = `${target.practice ? 'PRACTICE ' : ''}${name} : ${words[stateOf(outage)]}`;
      const text = [outage.outcome, ...outage.texts].join(' · ');
      return {
        id: idOf(key),
        message: { key, language, subject, text, short: subject, notices: [], unsubscribe: null },
        place: target,
        publishedAt: outage.firstSeenAt,
        updatedAt: outage.goneByAt ?? outage.lostAt ?? outage.lastSeenAt,
      };
    });
  const feed: Feed = {
    id: idOf(`feed/outages/${language}`),
    title: words.title,
    language,
    address: `${page}api/v1/outages.atom?lang=${language}`,
    home: page,
    updatedAt: entries.reduce((latest, { updatedAt }) => Math.max(latest, updatedAt), 0),
    entries,
  };
  return FEED_FORMATS.atom.write(feed);
}
