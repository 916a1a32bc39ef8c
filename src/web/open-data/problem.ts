import type { Context } from 'hono';

/** RFC 9457. What is wrong with a request, in words; nothing of what is inside. */
export interface Problem {
  readonly status: 400 | 404 | 405 | 429 | 500;
  readonly title: string;
  readonly detail: string;
}

export class Refused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'Refused';
    this.problem = problem;
  }
}

export function badRequest(detail: string): Refused {
  return new Refused({ status: 400, title: 'The question cannot be answered as it is put', detail });
}

export function notFound(detail: string): Refused {
  return new Refused({ status: 404, title: 'There is no such thing', detail });
}

export function answerProblem(context: Context, { status, title, detail }: Problem): Response {
  const body = JSON.stringify({ type: 'about:blank', title, status, detail });
  return context.body(`${body}\n`, status, { 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
}
