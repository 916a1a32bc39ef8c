import type { Capture } from '../../src/core/capture.ts';

/** A capture of a page that has nothing in it but what is given. */
export function captureOf(change: Partial<Capture> = {}): Capture {
  return {
    step: 'page',
    observedAt: Date.UTC(2026, 10, 23, 8),
    requestedUrl: 'https://www.essonne.gouv.fr/booking/create/1',
    finalUrl: 'https://www.essonne.gouv.fr/booking/create/1',
    redirects: [],
    status: 200,
    headers: {},
    title: '',
    html: '',
    text: '',
    dialogs: [],
    failedRequests: [],
    consoleErrors: [],
    incidents: [],
    truncated: false,
    failure: null,
    durationMs: 1,
    ...change,
  };
}
