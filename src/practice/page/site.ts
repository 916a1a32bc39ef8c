import type { Site, Stage } from '../../core/replica.ts';
import type { Markup } from '../shared/sites.ts';
import { openStage, redirect, respond, siteFrom } from '../shared/sites.ts';
import { missingPage, signInPage } from './layout.ts';

export type Answer = (stage: Stage, request: Request) => Response | Promise<Response>;

/** A site with an answer for each path. What no monitor may do on it is counted. */
export function pagesSite(answers: Readonly<Record<string, Answer>>): (stage: Stage) => Site {
  return (stage) => {
    const app = openStage(stage);
    app.post('*', () => {
      stage.tally.submissions += 1;
      return redirect('/');
    });
    app.get('/rendez-vous/retenir/*', () => {
      stage.tally.holds += 1;
      return respond(missingPage(), 404);
    });
    // FranceConnect's own door: whoever asks for it begins to identify.
    app.get('/api/v2/authorize', () => {
      stage.tally.submissions += 1;
      return respond(signInPage());
    });
    app.get('/connexion', () => respond(signInPage()));
    for (const [path, answer] of Object.entries(answers)) app.get(path, (context) => answer(stage, context.req.raw));
    app.all('*', () => respond(missingPage(), 404));
    return siteFrom(app);
  };
}

export const shows =
  (page: Markup | ((now: number) => Markup), status = 200): Answer =>
  (stage) =>
    respond(typeof page === 'function' ? page(stage.now()) : page, status);

/** To the same machine under another name, as to another host of the web. */
export const sendsTo =
  (path: string, hostname?: string): Answer =>
  (_stage, request) => {
    const to = new URL(path, request.url);
    if (hostname !== undefined) to.hostname = hostname;
    return redirect(to.href);
  };
