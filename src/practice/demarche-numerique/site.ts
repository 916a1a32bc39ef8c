import type { Site, Stage } from '../../core/replica.ts';
import { openStage, respond, siteFrom } from '../shared/sites.ts';
import type { Markup } from '../shared/sites.ts';
import { homePage } from './pages.ts';

type Answer = (stage: Stage, request: Request) => Response | Promise<Response>;

/** What the platform answers, by path; everything else is its home page or a 404. */
export type Answers = Readonly<Record<string, Answer>>;

const FILLS = /^(?:champ|identite)(?:_|$)|^prefill_token$/i;

/** The platform, which counts accounts asked for, files opened, and drafts written by an address that fills the form. */
export function platform(answers: Answers): (stage: Stage) => Site {
  return (stage) => {
    const app = openStage(stage);
    app.all('*', (context) => {
      const { pathname, searchParams } = new URL(context.req.url);
      if (/\/sign_(?:up|in)|_connect|^\/(?:users|dossiers|connexion)/.test(pathname)) stage.tally.holds += 1;
      const fillsForm = [...searchParams.keys()].some((name) => FILLS.test(name));
      if (fillsForm) stage.tally.submissions += 1;
      const answer = answers[pathname];
      if (answer !== undefined) return answer(stage, context.req.raw);
      return pathname === '/' ? respond(homePage()) : respond('Not found', 404);
    });
    return siteFrom(app);
  };
}

export const page =
  (draw: Markup | ((now: number) => Markup), status = 200): Answer =>
  (stage) =>
    respond(typeof draw === 'function' ? draw(stage.now()) : draw, status);

export const sendTo =
  (location: string, status: 301 | 302): Answer =>
  () =>
    new Response(null, { status, headers: { location } });
