import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';

import { DeliveryError } from '../../alerts/channel.ts';
import type { OpenChannel } from '../../alerts/outbox.ts';
import type { Seal } from '../../alerts/seal.ts';
import { RateLimit, type Limit } from '../../core/rate-limit.ts';
import { LANGUAGES, type Language } from '../../core/subscription.ts';
import type { Target } from '../../core/target.ts';
import type { Store } from '../../store/contract.ts';
import type { Markup } from '../frame.ts';
import { choicesOf, type Choices } from './choices.ts';
import {
  confirm,
  confirmationMail,
  request,
  requestBehind,
  subscriptionToStop,
  type MailRecipient,
  type SubscriberParts,
} from './confirmation.ts';
import { buttonPage, notePage, pathOf } from './frame.ts';
import { formPage } from './form-page.ts';
import type { Gate } from './gate.ts';
import { isOwnForm } from './origin.ts';
import type { Offers } from './others.ts';
import { PAGE_WORDS, spokenLanguage } from './page-words.ts';
import { recipientOf, selectionOf, typedOf, untouched, type Field, type Selection, type Typed } from './request.ts';
import { SUBSCRIBE_STYLE } from './style.ts';
import { summaryOf } from './summary.ts';
import type { Note, PageWords, Refusal } from './words/words.ts';

export interface SubscribeParts {
  readonly store: Pick<Store, 'subscribe' | 'subscription' | 'subscriptions' | 'unsubscribe' | 'dropPending'>;
  readonly targets: ReadonlyMap<string, Target>;
  /** The configured channels: mail is sent by the one named `email`. */
  readonly channels: ReadonlyMap<string, OpenChannel>;
  readonly seal: Seal;
  /** Where the public finds these pages, with a slash at its end; null when nowhere: then nobody can subscribe. */
  readonly page: string | null;
  readonly practice: boolean;
  readonly offers: Offers;
  /** A mail that did not leave; its words name nobody. */
  readonly onFailure: (reason: string, error?: unknown) => void;
  readonly now?: () => number;
}

/** Mails to one address, so that nobody's mailbox is filled from here. */
const PER_ADDRESS: Limit = { count: 3, withinMs: 24 * 3_600_000 };

/** A form with every department ticked takes 3 KB. */
const MOST_BODY_BYTES = 16_384;
const SENT_WITHIN_MS = 30_000;
/** RFC 8058, 3.1. */
const ONE_CLICK = 'One-Click';

/**
 * The pages by which people subscribe, confirm and leave: `/fr/alertes`, `/en/alerts`, `/ar/alerts`, `/confirm/…`, `/stop/…`,
 * `/subscribe.css`. Forms and links are relative, so the whole may stand under any path.
 */
export function subscribeRoutes(parts: SubscribeParts, gate: Gate): Hono {
  const desk = new Desk(parts, gate);
  const app = new Hono();
  const limited = bodyLimit({
    maxSize: MOST_BODY_BYTES,
    onError: (context) => desk.refuse(context, 'tooLong', 413),
  });
  for (const language of LANGUAGES) {
    app.get(`/${pathOf(language)}`, (context) => desk.form(context, language));
    app.post(`/${pathOf(language)}`, limited, (context) => desk.ask(context, language));
  }
  app.get('/confirm/:link', (context) => desk.confirmation(context, context.req.param('link')));
  app.post('/confirm/:link', limited, (context) => desk.confirm(context, context.req.param('link')));
  app.get('/stop/:link', (context) => desk.stopping(context, context.req.param('link')));
  app.post('/stop/:link', limited, (context) => desk.stop(context, context.req.param('link')));
  app.get('/subscribe.css', (context) =>
    context.body(SUBSCRIBE_STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }),
  );
  return app;
}

type Status = 200 | 403 | 404 | 410 | 413 | 422 | 429 | 502;

class Desk {
  readonly #parts: SubscribeParts;
  readonly #subscribers: SubscriberParts;
  readonly #choices: Choices;
  readonly #now: () => number;
  readonly #gate: Gate;
  readonly #perAddress = new RateLimit(PER_ADDRESS);

  constructor(parts: SubscribeParts, gate: Gate) {
    this.#parts = parts;
    this.#gate = gate;
    this.#now = parts.now ?? Date.now;
    this.#subscribers = { store: parts.store, seal: parts.seal, now: this.#now };
    this.#choices = choicesOf(parts.targets.values());
  }

  form(context: Context, language: Language): Response | Promise<Response> {
    return this.#form(context, PAGE_WORDS[language], { typed: untouched(language), mistakes: new Map(), status: 200 });
  }

  /** One answer for every address: it never shows who is subscribed already. */
  async ask(context: Context, language: Language): Promise<Response> {
    const words = PAGE_WORDS[language];
    const { page, channels } = this.#parts;
    const mail = channels.get('email');
    if (mail === undefined || page === null) return this.form(context, language);
    if (!isOwnForm(context.req.raw.headers, page)) return this.refuse(context, 'foreign', 403, words);
    const typed = typedOf(await context.req.parseBody({ all: true }));
    const found = selectionOf(typed, this.#choices);
    const to = recipientOf(typed.address, mail.channel.to);
    if (to === null || 'mistakes' in found) {
      const wrong: readonly [Field, 'address'][] = to === null ? [['address', 'address']] : [];
      const mistakes = new Map([...wrong, ...('mistakes' in found ? found.mistakes : [])]);
      return this.#form(context, words, { typed, mistakes, status: 422 });
    }
    const waitMs = this.#gate.wait(context, this.#now());
    if (waitMs > 0) return this.#tooMany(context, words, waitMs);
    const isSent = await this.#send(mail, page, { to, selection: found.selection });
    if (!isSent) return this.refuse(context, 'failed', 502, words);
    return this.#note(context, { title: words.sent.title, lines: words.sent.lines(to.address) }, words, 200);
  }

  /** Programs that look into mails open its links: the page only shows a button. */
  async confirmation(context: Context, link: string): Promise<Response> {
    const asked = await requestBehind(this.#subscribers, link);
    if (asked === null) return this.#confirmNone(context);
    const words = PAGE_WORDS[asked.language];
    return this.#button(context, words.confirm, words, summaryOf(asked, asked.language));
  }

  async confirm(context: Context, link: string): Promise<Response> {
    const asked = await requestBehind(this.#subscribers, link);
    if (asked === null) return this.#confirmNone(context);
    const words = PAGE_WORDS[asked.language];
    if (!isOwnForm(context.req.raw.headers, this.#parts.page)) return this.refuse(context, 'foreign', 403, words);
    await confirm(this.#subscribers, asked);
    return this.#note(context, words.confirm.done, words, 200);
  }

  async stopping(context: Context, link: string): Promise<Response> {
    const found = await subscriptionToStop(this.#subscribers, link);
    const words = this.#words(context, found);
    if (found === null) return this.#note(context, words.stop.none, words, 404);
    if (found === 'gone') return this.#note(context, words.stop.done, words, 200);
    return this.#button(context, words.stop, words, []);
  }

  /** Mail programs post here by themselves when their button is pressed (RFC 8058): no page, no cookie, no question of origin. */
  async stop(context: Context, link: string): Promise<Response> {
    const body = await context.req.parseBody();
    const found = await subscriptionToStop(this.#subscribers, link);
    const words = this.#words(context, found);
    const isOneClick = body['List-Unsubscribe'] === ONE_CLICK;
    if (found === null) return isOneClick ? context.body(null, 404) : this.#note(context, words.stop.none, words, 404);
    if (found !== 'gone') await this.#parts.store.unsubscribe(found.id);
    return isOneClick ? context.body(null, 200) : this.#note(context, words.stop.done, words, 200);
  }

  refuse(
    context: Context,
    refusal: Refusal,
    status: Status,
    words: PageWords = this.#words(context, null),
  ): Response | Promise<Response> {
    return this.#note(context, words.refused[refusal], words, status);
  }

  /** The mail leaves now, not through the outbox: somebody waits for the answer. What did not leave is forgotten. */
  async #send(
    { channel, settings }: OpenChannel,
    page: string,
    { to, selection }: { readonly to: MailRecipient; readonly selection: Selection },
  ): Promise<boolean> {
    const { seal, practice, onFailure, store } = this.#parts;
    const addressKey = seal.hash(['limit', to.address.toLowerCase()]).toString('base64url');
    // Nobody is told: that mails went to an address before is nobody's business. The page says how many one may get.
    if (this.#perAddress.take(addressKey, this.#now()) > 0) return true;
    const asked = await request(this.#subscribers, to, selection);
    const message = confirmationMail({ asked, selection, page, seal, practice });
    try {
      await channel.deliver(message, to, settings, AbortSignal.timeout(SENT_WITHIN_MS));
      return true;
    } catch (error) {
      await store.unsubscribe(asked.id);
      onFailure(error instanceof DeliveryError ? error.message : 'the channel failed', error);
      return false;
    }
  }

  #tooMany(context: Context, words: PageWords, waitMs: number): Response | Promise<Response> {
    context.header('retry-after', String(Math.ceil(waitMs / 1_000)));
    return this.#note(context, words.tooMany(Math.ceil(waitMs / 60_000)), words, 429);
  }

  #confirmNone(context: Context): Response | Promise<Response> {
    const words = this.#words(context, null);
    return this.#note(context, words.confirm.none, words, 410);
  }

  #words(context: Context, found: { readonly language: Language } | 'gone' | null): PageWords {
    if (found !== null && found !== 'gone') return PAGE_WORDS[found.language];
    return PAGE_WORDS[spokenLanguage(context.req.header('accept-language'))];
  }

  #form(
    context: Context,
    words: PageWords,
    { typed, mistakes, status }: { typed: Typed; mistakes: FormMistakes; status: 200 | 422 },
  ): Response | Promise<Response> {
    const { channels, page, practice, offers } = this.#parts;
    const isOpen = channels.has('email') && page !== null;
    const isPush = channels.has('web-push');
    return show(
      context,
      formPage({ words, choices: this.#choices, typed, mistakes, practice, offers, isOpen, isPush }),
      status,
    );
  }

  #note(context: Context, note: Note, words: PageWords, status: Status): Response | Promise<Response> {
    return show(context, notePage(note, words, this.#parts.practice), status);
  }

  #button(
    context: Context,
    steps: PageWords['stop'],
    words: PageWords,
    details: readonly string[],
  ): Response | Promise<Response> {
    return show(context, buttonPage(steps, { words, practice: this.#parts.practice, details }), 200);
  }
}

type FormMistakes = Parameters<typeof formPage>[0]['mistakes'];

/** Pages with what people typed, or behind their links, are kept by no cache and found by no search. */
function show(context: Context, markup: Markup, status: Status): Response | Promise<Response> {
  context.header('cache-control', 'no-store');
  if (!LANGUAGES.some((language) => context.req.path.endsWith(`/${pathOf(language)}`))) {
    context.header('x-robots-tag', 'noindex');
  }
  return context.html(markup, status);
}
