import { STATUS_CODES } from 'node:http';
import type { CDPSession } from 'playwright';

import type { Incident } from '../../core/capture.ts';
import type { Refusal, RequestFilter } from '../requests.ts';

/** A page that loads itself again and again, as some challenges do, is cut after so many documents in one step. */
const MAX_DOCUMENTS = 6;
/** A person answers wrongly, looks again, asks for another code: each is a document. */
const MAX_DOCUMENTS_OF_PERSON = 12;
/** Said by a browser before a request that only its own origin may make without leave (Fetch standard, 4.8). */
const LEAVE_HEADER = 'access-control-request-method';

/** A request, or its answer, that Chromium holds until it is told what becomes of it. */
export interface PausedRequest {
  readonly requestId: string;
  readonly resourceType: string;
  readonly frameId: string;
  /** The same for a request and the redirects that follow from it. */
  readonly networkId?: string;
  /** Given when the request is held at its answer. */
  readonly responseHeaders?: readonly { readonly name: string; readonly value: string }[];
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly postData?: string;
    readonly hasPostData?: boolean;
  };
}

/** A document answered from a file instead of the network, for `guetteur read`. */
export interface Served {
  readonly url: string;
  readonly status: number;
  readonly html: string;
  /** Of the answer, beside its type. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface GateParts {
  readonly cdp: CDPSession;
  readonly filter: RequestFilter;
  readonly served?: Served;
  readonly onRefused: (incident: Incident) => void;
}

/** Every request of a tab passes here, and the request filter decides. Playwright's own routing is not asked again when a server redirects. */
export class Gate {
  readonly #parts: GateParts;
  /** The frame of the first document asked for: frames inside a page come after the page. */
  #mainFrame: string | null = null;
  /** Documents asked for in this step by their network ids: what a redirect asks for belongs to the one before. */
  #documents = new Set<string>();
  #mostDocuments = MAX_DOCUMENTS;
  #person: { readonly hasJustActed: boolean } | null = null;

  constructor(parts: GateParts) {
    this.#parts = parts;
    parts.cdp.on('Fetch.requestPaused', (event) => void this.#decide(event));
  }

  async open(): Promise<void> {
    await this.#parts.cdp.send('Fetch.enable', {
      patterns: [{ urlPattern: '*' }, { urlPattern: '*', resourceType: 'Other', requestStage: 'Response' }],
    });
  }

  get mainFrame(): string | null {
    return this.#mainFrame;
  }

  /** Documents of the main frame asked for since `begin`. */
  get documents(): number {
    return this.#documents.size;
  }

  /** A new step: its documents are counted anew. */
  begin(): void {
    this.#documents = new Set();
    this.#mostDocuments = MAX_DOCUMENTS;
  }

  /** From here on a person has the page in hand, until null. */
  handOver(person: { readonly hasJustActed: boolean } | null): void {
    this.#person = person;
    if (person !== null) this.#mostDocuments = MAX_DOCUMENTS_OF_PERSON;
  }

  async #decide(event: PausedRequest): Promise<void> {
    const { cdp, served } = this.#parts;
    const { requestId, resourceType, frameId } = event;
    if (resourceType === 'Document') this.#mainFrame ??= frameId;
    const isMainFrameDocument = resourceType === 'Document' && frameId === this.#mainFrame;
    try {
      if (event.responseHeaders !== undefined) return await this.#decideOnAnswer(event);
      if (served !== undefined) return await this.#serve(event, served, isMainFrameDocument);
      const refusal = await this.#refusalOf(event, isMainFrameDocument);
      if (refusal === null) {
        await cdp.send('Fetch.continueRequest', { requestId });
        return;
      }
      const { method, url } = event.request;
      const resource = resourceType.toLowerCase();
      this.#parts.onRefused({ kind: 'refused', rule: refusal.kind, detail: refusal.why, url, method, resource });
      // A person stays on the page that they have; for a probe the visit is over where it was refused.
      const errorReason = isMainFrameDocument && this.#person !== null ? 'Aborted' : 'BlockedByClient';
      await cdp.send('Fetch.failRequest', { requestId, errorReason });
    } catch {
      // The page or the browser went away while the request was held: there is nobody left to answer.
    }
  }

  async #refusalOf(
    { requestId, networkId = requestId, request }: PausedRequest,
    isMainFrameDocument: boolean,
  ): Promise<Refusal | { readonly kind: 'loads'; readonly why: string } | null> {
    const isAnother = isMainFrameDocument && !this.#documents.has(networkId);
    if (isAnother && this.#documents.size >= this.#mostDocuments)
      return { kind: 'loads', why: 'the page loads itself again and again' };
    const refusal = await this.#parts.filter({
      method: request.method,
      url: request.url,
      body: request.hasPostData === true ? (request.postData ?? null) : null,
      isMainFrameDocument,
      preflightOf: headerOf(request, LEAVE_HEADER),
      isPersonsAct: this.#person?.hasJustActed === true,
    });
    if (refusal === null && isAnother) this.#documents.add(networkId);
    return refusal;
  }

  /** Rules by which the browser itself would ask for further pages, past every filter, are not let in. */
  async #decideOnAnswer({ requestId, responseHeaders = [] }: PausedRequest): Promise<void> {
    const { cdp } = this.#parts;
    const isSpeculation = responseHeaders.some(({ value }) => value.startsWith('application/speculationrules'));
    if (isSpeculation) await cdp.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
    else await cdp.send('Fetch.continueRequest', { requestId });
  }

  async #serve(event: PausedRequest, served: Served, isMainFrameDocument: boolean): Promise<void> {
    const { cdp } = this.#parts;
    const { requestId } = event;
    if (!isMainFrameDocument || event.request.url.split('#')[0] !== served.url.split('#')[0]) {
      // As the filter's own refusals: that the rest of the page is missing is our doing, not the site's.
      await cdp.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
      return;
    }
    await cdp.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: served.status,
      // Chromium knows no words for a status of its own making, such as 520, and would wait for them without end.
      responsePhrase: STATUS_CODES[served.status] ?? 'Unknown',
      responseHeaders: Object.entries({ 'content-type': 'text/html; charset=utf-8', ...served.headers }).map(
        ([name, value]) => ({ name, value }),
      ),
      body: Buffer.from(served.html).toString('base64'),
    });
  }
}

function headerOf({ headers }: PausedRequest['request'], name: string): string | null {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1] ?? null;
}
