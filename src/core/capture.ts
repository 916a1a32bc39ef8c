/**
 * What one page was when a visit stood before it. Everything a reader may use is here, so that a stored capture
 * can be read again years later by a better reader. Scrubbed before it leaves `run/`.
 */
export interface Capture {
  /** Name of the visit's step, e.g. `conditions`. */
  readonly step: string;
  /** Epoch milliseconds at which the page was taken. */
  readonly observedAt: number;
  readonly requestedUrl: string;
  readonly finalUrl: string;
  /** The answers passed through on the way to `finalUrl`, first to last. */
  readonly redirects: readonly Redirect[];
  /** HTTP status of the main document; null when no answer came. */
  readonly status: number | null;
  /** The few response headers that readers and breakers use, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Until when the certificate shown for the main document is valid, epoch milliseconds; absent without TLS. */
  readonly certificateUntil?: number;
  readonly title: string;
  /** The rendered document; elements a person could not see carry `data-guetteur-hidden`. */
  readonly html: string;
  /** What a person could read, in order, one line a block. */
  readonly text: string;
  readonly dialogs: readonly Dialog[];
  readonly failedRequests: readonly FailedRequest[];
  readonly consoleErrors: readonly string[];
  /** Things the browser was kept from doing, or that were cut: downloads, pop-ups, refused addresses. */
  readonly incidents: readonly Incident[];
  /** The page was larger than 5 MB and is kept only in part. */
  readonly truncated: boolean;
  /** Why there is no page, when there is none. */
  readonly failure: Failure | null;
  /** Milliseconds from the step's first request to the capture. */
  readonly durationMs: number;
}

export interface Redirect {
  readonly url: string;
  readonly status: number;
}

export interface Dialog {
  readonly kind: 'alert' | 'confirm' | 'prompt' | 'beforeunload';
  readonly message: string;
}

export interface FailedRequest {
  readonly url: string;
  /** Chromium's resource type in lower case: `script`, `stylesheet`, `xhr`, `fetch`, `font`, `image`… */
  readonly kind: string;
  /** HTTP status when there was an answer, else the network error, e.g. `net::ERR_CONNECTION_RESET`. */
  readonly reason: string;
}

export interface Incident {
  readonly kind: 'refused' | 'robots' | 'download' | 'popup';
  readonly detail: string;
  readonly url: string;
  /** Which rule of the read-only filter refused a request. */
  readonly rule?:
    | 'method'
    | 'step'
    | 'forbidden'
    | 'page'
    | 'address'
    | 'host'
    | 'scheme'
    | 'robots'
    | 'busy'
    | 'socket'
    | 'worker'
    | 'loads'
    | 'form'
    | 'question';
  /** HTTP method of a refused request. */
  readonly method?: string;
  /** Chromium's resource type of a refused request. */
  readonly resource?: string;
}

export interface Failure {
  readonly kind:
    | 'dns'
    | 'connection'
    | 'tls'
    | 'timeout'
    | 'redirects'
    | 'left_hosts'
    | 'refused'
    | 'robots'
    | 'download'
    | 'aborted';
  readonly message: string;
}

/** A PNG that goes with a capture. Proof only: no reader looks at it. */
export interface Shot {
  readonly capture: Capture;
  readonly screenshot: Uint8Array | null;
}
