import type { Site, Stage } from '../../core/replica.ts';
import { openStage, redirect, respond, siteFrom } from '../shared/sites.ts';
import type { Markup } from '../shared/sites.ts';
import { signInForm } from './answers.ts';
import { errorPage } from './failures.ts';
import { SEARCH, SHORT_START, shell } from './layout.ts';
import type { Generation, ShellParts } from './layout.ts';

/** Around the page of a search. */
type Frame = Omit<ShellParts, 'generation' | 'main'>;

/** The site whose search shows one page; behind its times waits what must never be asked for. */
export function searchSite(
  generation: Generation,
  content: (now: number) => Markup,
  frame: Frame = {},
): (stage: Stage) => Site {
  return answering((now) => respond(shell({ generation, main: content(now), ...frame })));
}

/** The site whose search gives any other answer. */
export function answering(answer: (now: number) => Response | Promise<Response>): (stage: Stage) => Site {
  return (stage) => {
    const app = openStage(stage);
    countForbidden(app, stage);
    // The published link of an organisation leads to its search.
    app.get('/org/:id/:slug', () => redirect(SHORT_START));
    app.get(SEARCH, () => answer(stage.now()));
    app.all('*', () => respond(errorPage('Page introuvable', 404), 404));
    return siteFrom(app);
  };
}

function countForbidden(app: ReturnType<typeof openStage>, stage: Stage): void {
  const signIn = (): Promise<Response> => respond(shell({ generation: 2026, main: signInForm() }));
  app.get('/users/rdv_wizard_step/new', () => {
    stage.tally.holds += 1;
    return redirect('/users/sign_in');
  });
  app.all('/prescripteur/*', () => {
    stage.tally.holds += 1;
    return signIn();
  });
  app.get('/users/sign_in', signIn);
  app.post('*', () => {
    stage.tally.submissions += 1;
    return signIn();
  });
}
