import type { Dialog, FailedRequest, Incident } from '../../core/capture.ts';

/** What a page did on the way that its document does not show. */
export interface Trail {
  readonly dialogs: readonly Dialog[];
  readonly failedRequests: readonly FailedRequest[];
  readonly consoleErrors: readonly string[];
  readonly incidents: readonly Incident[];
}

const KEPT_EVENTS = 50;

/** Notes the trail of one step. A page that does a thing without end is noted so many times and no more. */
export class TrailNotes {
  #dialogs: Dialog[] = [];
  #failed: FailedRequest[] = [];
  #consoleErrors: string[] = [];
  #incidents: Incident[] = [];
  #sockets: Incident[] = [];

  forget(): void {
    this.#dialogs = [];
    this.#failed = [];
    this.#consoleErrors = [];
    this.#incidents = [];
    this.#sockets = [];
  }

  incident(incident: Incident): void {
    keep(this.#incidents, incident);
  }

  /** A web socket that the page tried to open, and that was closed. */
  socket(url: string): void {
    const detail = 'web sockets are not opened';
    keep(this.#sockets, { kind: 'refused', rule: 'socket', detail, url, resource: 'websocket' });
  }

  dialog(kind: Dialog['kind'], message: string): void {
    keep(this.#dialogs, { kind, message: message.slice(0, 1_000) });
  }

  failed(url: string, kind: string, reason: string): void {
    keep(this.#failed, { url, kind, reason });
  }

  error(message: string): void {
    keep(this.#consoleErrors, message.slice(0, 500));
  }

  read(): Trail {
    return {
      dialogs: [...this.#dialogs],
      failedRequests: [...this.#failed],
      consoleErrors: [...this.#consoleErrors],
      incidents: [...this.#incidents, ...this.#sockets],
    };
  }
}

function keep<Event>(kept: Event[], event: Event): void {
  if (kept.length < KEPT_EVENTS) kept.push(event);
}
