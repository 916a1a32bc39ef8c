import { html } from 'hono/html';
import type { Site, Stage } from '../../core/replica.ts';
import { haproxyPage } from '../shared/block-pages.ts';
import { openStage, redirect, respond, siteFrom } from '../shared/sites.ts';
import type { Markup } from '../shared/sites.ts';
import { calendarFragment } from './calendar.ts';
import type { Opening } from './calendar.ts';
import { arrowImage, ezPage } from './layout.ts';
import * as steps from './steps.ts';

export interface Counter {
  /** Value of the radio `planning`. */
  readonly planning: string;
  readonly label: string;
  readonly answer: 'none' | 'no-calendar' | 'bad-gateway' | readonly Opening[];
}

/** One booking module of a prefecture and how it is set up. */
export interface Booking {
  readonly id: string;
  readonly title: string;
  readonly prefecture: string;
  readonly counters: readonly Counter[];
  /** Without radios the conditions lead straight to the only counter's answer. */
  readonly asksCounter?: boolean;
  /** Some departments answer a POST with the next page itself, some redirect to the next step's address. */
  readonly landing?: 'in-place' | 'redirect';
  readonly calendarMethod?: 'GET' | 'POST';
  readonly sentence?: string;
  readonly notice?: string;
  readonly styled?: boolean;
  readonly captchaAtDoor?: boolean;
  readonly identityFirst?: boolean;
  /** A later step stands where the conditions are expected, at the module's own address. */
  readonly beginsWith?: 'security-check' | 'personal-details';
  readonly overlay?: Markup;
  /** The description's button leads to a bad gateway. */
  readonly breaksAfterDescription?: boolean;
}

interface Session {
  accepted: boolean;
  counter: Counter | null;
}

/** One request to the module, its address taken apart. */
interface Turn {
  readonly booking: Booking;
  readonly stage: Stage;
  readonly session: Session;
  /** `/booking/create/717`, with `/index.php` before it when the visit came that way. */
  readonly base: string;
  readonly bare: boolean;
  readonly form: ReadonlyMap<string, string>;
}

const ADDRESS = /^(\/index\.php|\/layout\/set\/print)?\/booking\/create\/(\d+)(?:\/(\d))?(?:\/[\d/]*)?$/;
const FRAGMENT = /^\/ezjscore\/call\/bookingserver::planning::assign::(\d+)::(\d+)::(-?\d+)$/;

export function bookingSite(booking: Booking): (stage: Stage) => Site {
  return (stage) => {
    const app = openStage(stage);
    const sessions = new Map<string, Session>();
    app.all('*', async (context) => {
      const { path, method, raw: request } = context.req;
      if (FRAGMENT.test(path)) return fragment(booking, stage, path);
      const image = arrowImage(path);
      if (image !== null) return image;
      if (path.includes('/booking/confirm')) {
        stage.tally.submissions += 1;
        return respond('Votre rendez-vous est confirmé.');
      }
      const found = ADDRESS.exec(path);
      if (found === null || found[2] !== booking.id) return respond(notFound(booking), 404);
      const { session, cookie } = sessionOf(sessions, request.headers.get('cookie') ?? '');
      const turn: Turn = {
        booking,
        stage,
        session,
        base: `${found[1] === '/index.php' ? '/index.php' : ''}/booking/create/${booking.id}`,
        bare: found[1] === '/layout/set/print',
        form: method === 'POST' ? new Map(new URLSearchParams(await request.text())) : new Map(),
      };
      const answer = await (method === 'POST' ? answerPost(turn, found[3] ?? '0') : answerGet(turn, found[3] ?? '0'));
      if (cookie !== null) answer.headers.append('set-cookie', cookie);
      return answer;
    });
    return siteFrom(app);
  };
}

/** Without the session's cookie the module forgets that the conditions were accepted. */
function sessionOf(sessions: Map<string, Session>, cookies: string): { session: Session; cookie: string | null } {
  const id = /(?:^|;\s*)eZSESSID=([\w-]+)/.exec(cookies)?.[1] ?? '';
  const known = sessions.get(id);
  if (known !== undefined) return { session: known, cookie: null };
  const fresh: Session = { accepted: false, counter: null };
  const name = crypto.randomUUID();
  sessions.set(name, fresh);
  return { session: fresh, cookie: `eZSESSID=${name}; path=/; HttpOnly` };
}

async function answerGet(turn: Turn, step: string): Promise<Response> {
  const { session, stage } = turn;
  if (step === '5') {
    stage.tally.holds += 1;
    return redirect(`${turn.base}/6`);
  }
  if (step === '6') return page(turn, step, steps.securityCheck(turn.base));
  if (step === '8' || step === '9') return page(turn, '8', steps.personalDetails(turn.base));
  if (step === '1' && session.accepted && turn.booking.asksCounter === true) return choicePage(turn);
  if (session.counter !== null && ['2', '3', '4'].includes(step)) return stepPage(turn, session.counter, step);
  if (step !== '0') return redirect(turn.base);
  if (turn.booking.beginsWith === 'security-check') return page(turn, '6', steps.securityCheck(turn.base));
  if (turn.booking.beginsWith === 'personal-details') return page(turn, '8', steps.personalDetails(turn.base));
  return page(turn, '0', steps.conditions(turn.booking, turn.base, null));
}

async function answerPost(turn: Turn, step: string): Promise<Response> {
  const { tally } = turn.stage;
  if (turn.form.has('g-recaptcha-response')) tally.captchaAnswers += 1;
  switch (step) {
    case '0':
      return afterConditions(turn);
    case '1':
      return afterChoice(turn);
    case '3':
    case '4':
      return afterDescription(turn);
    case '5':
      tally.holds += 1;
      return redirect(`${turn.base}/6`);
    case '6':
      return redirect(`${turn.base}/6`);
    case '8':
    case '9':
      tally.submissions += 1;
      return page(
        turn,
        '9',
        html`<h1>Valider et terminer</h1>
          <p>Votre demande est enregistrée.</p>`,
      );
    default:
      return redirect(turn.base);
  }
}

function afterConditions(turn: Turn): Promise<Response> | Response {
  const { booking, session, form } = turn;
  if (form.has('manageButton')) {
    return page(
      turn,
      '0',
      html`<h1>Gérer mes demandes de rendez-vous</h1>
        <p>Saisissez votre numéro de réservation.</p>`,
    );
  }
  if (!form.has('condition')) {
    return page(turn, '0', steps.conditions(booking, turn.base, 'Veuillez accepter les conditions.'));
  }
  if (booking.captchaAtDoor === true) {
    return page(turn, '0', steps.conditions(booking, turn.base, 'Le contrôle de sécurité a échoué.'));
  }
  session.accepted = true;
  if (booking.asksCounter === true)
    return booking.landing === 'redirect' ? redirect(`${turn.base}/1`) : choicePage(turn);
  return counterAnswer(turn, booking.counters[0]);
}

function afterChoice(turn: Turn): Promise<Response> | Response {
  if (!turn.session.accepted) return redirect(turn.base);
  const chosen = turn.booking.counters.find(({ planning }) => planning === turn.form.get('planning'));
  return chosen === undefined ? choicePage(turn) : counterAnswer(turn, chosen);
}

function afterDescription(turn: Turn): Promise<Response> | Response {
  const { counter } = turn.session;
  if (counter === null) return redirect(turn.base);
  if (turn.booking.breaksAfterDescription === true) return haproxyPage(502);
  return turn.booking.landing === 'redirect' ? redirect(`${turn.base}/4`) : stepPage(turn, counter, '4');
}

function counterAnswer(turn: Turn, counter: Counter | undefined): Promise<Response> | Response {
  if (counter === undefined || counter.answer === 'no-calendar') return page(turn, '1', steps.noCalendar(turn.booking));
  if (counter.answer === 'bad-gateway') return haproxyPage(502);
  turn.session.counter = counter;
  const step = counter.answer === 'none' ? '2' : '3';
  return turn.booking.landing === 'redirect' ? redirect(`${turn.base}/${step}`) : stepPage(turn, counter, step);
}

function stepPage(turn: Turn, counter: Counter, step: string): Promise<Response> {
  const { booking, base } = turn;
  if (typeof counter.answer === 'string') return page(turn, '1', steps.noSlot(base, booking.sentence ?? steps.NO_SLOT));
  if (step !== '4') return page(turn, '3', steps.description(booking, base));
  const call = {
    method: booking.calendarMethod ?? 'GET',
    address: `/ezjscore/call/bookingserver::planning::assign::${booking.id}::${counter.planning}`,
    offset: counter.answer[0]?.offset ?? 0,
  };
  return page(turn, '4', steps.slotChoice(base, call));
}

function choicePage(turn: Turn): Promise<Response> {
  return page(turn, '1', steps.choice(turn.booking, turn.base));
}

function page(turn: Turn, step: string, content: Markup): Promise<Response> {
  const { title, prefecture, overlay } = turn.booking;
  return respond(
    ezPage({ title, prefecture, step, content, bare: turn.bare, ...(overlay === undefined ? {} : { overlay }) }),
  );
}

function fragment(booking: Booking, stage: Stage, path: string): Promise<Response> {
  const [, , planning, offset] = FRAGMENT.exec(path) ?? [];
  const answer = booking.counters.find((counter) => counter.planning === planning)?.answer ?? 'none';
  const openings = typeof answer === 'string' ? [] : answer;
  const base = `/booking/create/${booking.id}`;
  return respond(calendarFragment(stage.now(), { base, offset: Number(offset), openings }));
}

function notFound(booking: Booking): Markup {
  return ezPage({
    title: 'Page non trouvée',
    prefecture: booking.prefecture,
    content: html`<h1>Page non trouvée</h1>
      <p>La page demandée n'existe pas ou n'existe plus.</p>`,
  });
}
