import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import type { Message } from '../../src/alerts/channel.ts';
import type { Language } from '../../src/core/subscription.ts';
import { anyNotice, anyNotices, anyOptions } from './any-notice.ts';
import { say, UNSUBSCRIBE } from './message-cases.ts';

/** TS 23.038, 6.2.1: written out here once more, so that a fault in the code's own table shows. */
const GSM_BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const FREE: Readonly<Record<Language, { readonly free: RegExp; readonly personal: RegExp }>> = {
  fr: { free: /gratuit/i, personal: /personnel/i },
  en: { free: /\bfree\b/i, personal: /personal/i },
  ar: { free: /مجاني/, personal: /شخصي/ },
};
const PRACTICE: Readonly<Record<Language, string>> = { fr: '[EXERCICE] ', en: '[PRACTICE] ', ar: '[تمرين] ' };

function linksOf({ subject, text, short }: Message): string[] {
  return [subject, text, short].flatMap((part) => part.match(/\S*:\/\/\S*/g) ?? []);
}

function isAboutSlots({ notices }: Message): boolean {
  return notices.some(({ kind }) => kind === 'slots' || kind === 'better' || kind === 'gone');
}

/** One is short, a few of one department are a list, all else is a digest. */
function limitOf({ notices }: Message): number {
  if (notices.length === 1) return 300;
  const groups = new Set(notices.map(({ place }) => (place === null ? null : `${place.department} ${place.practice}`)));
  return notices.length <= 5 && groups.size === 1 ? 900 : 1_500;
}

describe('whatever the notices, names, addresses, instants and languages', () => {
  const runs = { numRuns: 200 };

  test('a text keeps to its length, a subject to one line of 78, an SMS to one SMS', () => {
    fc.assert(
      fc.property(anyNotices, anyOptions, (notices, options) => {
        const message = say(notices, options);
        assert.ok(message.text.length <= limitOf(message), `${message.text.length}: ${message.text}`);
        assert.ok(message.subject.length <= 78, message.subject);
        assert.doesNotMatch(message.subject, /[\p{Cc}\p{Zl}\p{Zp}]/u);
        assert.doesNotMatch(message.text, /[^\P{Cc}\n]|[\p{Zl}\p{Zp}]/u);
        assert.ok(message.text.isWellFormed() && message.subject.isWellFormed() && message.short.isWellFormed());
        if (options.language === 'ar') {
          assert.ok(message.short.length <= 70, message.short);
          return;
        }
        assert.ok(message.short.length <= 160, message.short);
        assert.deepEqual(
          Array.from(message.short).filter(
            (character) => !GSM_BASIC.has(character) || (/\s/.test(character) && character !== ' '),
          ),
          [],
        );
      }),
      runs,
    );
  });

  test('C12: what tells of slots says that booking is free and personal, in its text and in its SMS', () => {
    fc.assert(
      fc.property(anyNotices, anyOptions, (notices, options) => {
        const message = say(notices, options);
        if (!isAboutSlots(message)) return;
        const { free, personal } = FREE[options.language];
        // The last line is the one that channels keep when they have to cut.
        for (const said of [message.text.split('\n').at(-1) ?? '', message.short]) {
          assert.match(said, free);
          assert.match(said, personal);
        }
      }),
      runs,
    );
  });

  test('C12: no link but the official start page, its origin where it is too long, and our page for several notices', () => {
    fc.assert(
      fc.property(anyNotices, anyOptions, (notices, options) => {
        const message = say(notices, options);
        const addresses = message.notices.flatMap(({ place }) => (place === null ? [] : [place.address]));
        const official = addresses.flatMap((address) => [address, new URL(address).href, new URL(address).origin]);
        const allowed = new Set([...official, ...(notices.length > 1 && options.page !== null ? [options.page] : [])]);
        assert.deepEqual(
          linksOf(message).filter((link) => !allowed.has(link)),
          [],
        );
        assert.equal(message.unsubscribe, UNSUBSCRIBE);
      }),
      runs,
    );
  });

  test('the same notices give the same words, in whatever order they come and however often', () => {
    fc.assert(
      fc.property(anyNotices, anyOptions, (notices, options) => {
        assert.deepEqual(say([...notices, ...notices].toReversed(), options), say(notices, options));
      }),
    );
  });

  test('no date is written the ISO way outside an address', () => {
    fc.assert(
      fc.property(anyNotices, anyOptions, (notices, options) => {
        const { subject, text, short } = say(notices, options);
        const words = [subject, text, short].join('\n').replaceAll(/https?:\S*/g, '');
        assert.doesNotMatch(words, /\d{4}-\d{2}-\d{2}/);
      }),
      runs,
    );
  });

  test('in Arabic every Latin word is isolated, isolates are closed, and the sentence begins from the right', () => {
    fc.assert(
      fc.property(anyNotices, anyOptions, (notices, options) => {
        const { subject, text } = say(notices, { ...options, language: 'ar' });
        for (const line of [subject, ...text.split('\n')]) {
          const outside = line.replaceAll(/\u2068[^\u2068\u2069\n]*\u2069/g, '');
          assert.doesNotMatch(outside, /[\u2066-\u2069\u202a-\u202e\p{Script=Latin}]/u);
        }
        const [first] = text.replaceAll(/\u2068[^\u2069]*\u2069/g, '').match(/\p{L}/u) ?? [];
        assert.match(first ?? '', /\p{Script=Arabic}/u);
      }),
      runs,
    );
  });

  test('what is practice begins with the word for it, what is real never does', () => {
    fc.assert(
      fc.property(anyNotices, anyOptions, (notices, options) => {
        const { subject, text, short, notices: kept } = say(notices, options);
        const isPractice = kept.every(({ place }) => place?.practice === true);
        const lead = PRACTICE[options.language];
        const shortLead = options.language === 'ar' ? lead : lead.replace('[', '(').replace(']', ')');
        assert.deepEqual(
          [subject.startsWith(lead), text.startsWith(lead), short.startsWith(shortLead)],
          [isPractice, isPractice, isPractice],
        );
      }),
      runs,
    );
  });

  test('a digest counts every notice once: in a line, or among those left out', () => {
    let cases = 0;
    const many = fc.array(anyNotice, { minLength: 6, maxLength: 120, size: 'max' });
    fc.assert(
      fc.property(many, anyOptions, (notices, options) => {
        const { text } = say(notices, { ...options, language: 'en' });
        const lines = text.split('\n').slice(1);
        const counted = lines.flatMap((line) =>
          [...line.matchAll(/(?:: |, |\), )(\d+) (?:opening|earlier|end|outage|return|page|message|test)/g)].map(
            (found) => Number(found[1]),
          ),
        );
        const left = Number(/^(\d+) more alerts? (?:is|are) not listed here\.$/m.exec(text)?.[1] ?? 0);
        assert.equal(counted.reduce((sum, count) => sum + count, 0) + left, notices.length);
        cases += Number(left > 0);
      }),
    );
    assert.ok(cases > 10, `only ${cases} digests left something out`);
  });
});
