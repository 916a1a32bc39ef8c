import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';

import { asAppError } from './core/errors.ts';
import type { FiguresAnswer, FiguresQuestion } from './figures-thread.ts';
import { Answers } from './stats/answers.ts';
import { openTallySource } from './store/tally-source.ts';

/**
 * The other end of `figures-thread.ts`: figures are computed here, on a handle of their own that cannot write, so that a heavy
 * question keeps neither a check nor a page waiting that asks for something else.
 */

const { folder, practice } = z.object({ folder: z.string(), practice: z.boolean() }).parse(workerData);
const source = openTallySource(folder);
const answers = new Answers({ source, practice, now: Date.now });

async function answerTo(question: FiguresQuestion): Promise<unknown> {
  switch (question.name) {
    case 'national':
      return await answers.national(...question.args);
    case 'department':
      return await answers.department(...question.args);
    case 'targets':
      return await answers.targets(...question.args);
    case 'target':
      return await answers.target(...question.args);
    case 'service':
      return await answers.service(...question.args);
    case 'services':
      return answers.services();
    case 'compare':
      return await answers.compare(...question.args);
    case 'agreement':
      return await answers.agreement(...question.args);
    case 'alerts':
      return await answers.alerts();
    case 'days':
      return await answers.days(...question.args);
    default:
      return question satisfies never;
  }
}

function send(answer: FiguresAnswer): void {
  // A port of worker_threads, no window: there is no origin.
  parentPort?.postMessage(answer); // oxlint-disable-line unicorn/require-post-message-target-origin
}

parentPort?.on('message', ({ id, question }: { readonly id: number; readonly question: FiguresQuestion }) => {
  answerTo(question).then(
    (value) => send({ id, isAnswered: true, value }),
    (error: unknown) => {
      const { code, message } = asAppError(error, 'INTERNAL');
      send({ id, isAnswered: false, code, message });
    },
  );
});
