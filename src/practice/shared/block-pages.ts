import { html, raw } from 'hono/html';
import { respond } from './sites.ts';

const HAPROXY = {
  403: ['403 Forbidden', 'Request forbidden by administrative rules.'],
  502: ['502 Bad Gateway', 'The server returned an invalid or incomplete response.'],
  503: ['503 Service Unavailable', 'No server is available to handle this request.'],
  504: ['504 Gateway Time-out', "The server didn't respond in time."],
} as const;

/** The bare pages of the HAProxy in front of the departments' sites. */
export function haproxyPage(status: keyof typeof HAPROXY): Promise<Response> {
  const [title, sentence] = HAPROXY[status];
  return respond(
    html`<html>
      <body>
        <h1>${title}</h1>
        ${sentence}
      </body>
    </html>`,
    status,
  );
}

export function nginxPage(status: 502 | 503 | 403): Promise<Response> {
  const title = { 403: '403 Forbidden', 502: '502 Bad Gateway', 503: '503 Service Temporarily Unavailable' }[status];
  const page = html`<html>
    <head>
      <title>${title}</title>
    </head>
    <body>
      <center><h1>${title}</h1></center>
      <hr />
      <center>nginx</center>
    </body>
  </html>`;
  return respond(page, status);
}

const CLOUDFLARE_STYLE = raw(`<style>
body{font:16px/1.5 system-ui,sans-serif;margin:0;color:#313131}#cf-wrapper{max-width:960px;margin:60px auto}
h1{font-weight:300;font-size:60px;margin:0}h2{font-weight:400}.cf-columns{display:flex;gap:48px}
.cf-error-footer{border-top:1px solid #ddd;margin-top:60px;font-size:13px}
</style>`);

/** Cloudflare answers 403 as a rule; a site may be set to answer 200. */
export function cloudflareBlockPage(status: 403 | 200): Promise<Response> {
  const page = html`<!doctype html>
    <html lang="en-US">
      <head>
        <title>Attention Required! | Cloudflare</title>
        <meta name="robots" content="noindex, nofollow" />
        ${CLOUDFLARE_STYLE}
      </head>
      <body>
        <div id="cf-wrapper">
          <div id="cf-error-details" class="cf-error-details-wrapper">
            <div class="cf-wrapper cf-header cf-error-overview">
              <h1 data-translate="block_headline">Sorry, you have been blocked</h1>
              <h2 class="cf-subheadline">
                <span data-translate="unable_to_access">You are unable to access</span> interieur.gouv.fr
              </h2>
            </div>
            <div class="cf-section cf-wrapper">
              <div class="cf-columns two">
                <div class="cf-column">
                  <h2 data-translate="blocked_why_headline">Why have I been blocked?</h2>
                  <p>
                    This website is using a security service to protect itself from online attacks. The action you just
                    performed triggered the security solution.
                  </p>
                </div>
                <div class="cf-column">
                  <h2 data-translate="blocked_resolve_headline">What can I do to resolve this?</h2>
                  <p>You can email the site owner to let them know you were blocked.</p>
                </div>
              </div>
            </div>
            <div class="cf-error-footer cf-wrapper">
              <p>
                <span class="cf-footer-item">Cloudflare Ray ID: <strong>8f1c0a3d2b7e4f60</strong></span> &bull;
                Performance &amp; security by Cloudflare
              </p>
            </div>
          </div>
        </div>
      </body>
    </html>`;
  return respond(page, status, { server: 'cloudflare', 'cf-ray': '8f1c0a3d2b7e4f60-CDG' });
}

/** Imperva's page: status 200, and the words are in a frame. */
export function incapsulaPage(path: string): Promise<Response> {
  const incident = '1187000430158842217-316592384736281993';
  if (path.startsWith('/_Incapsula_Resource')) {
    return respond(
      html`<!doctype html>
        <html>
          <head>
            <title>Access denied</title>
          </head>
          <body style="font-family:sans-serif;margin:48px">
            <h1>Access denied</h1>
            <p>Error 15</p>
            <p>This request was blocked by our security service.</p>
            <p>Incapsula incident ID: ${incident}</p>
            <p>Powered by Imperva</p>
          </body>
        </html>`,
    );
  }
  return respond(
    html`<html style="height:100%">
      <head>
        <meta name="ROBOTS" content="NOINDEX, NOFOLLOW" />
        <meta name="viewport" content="initial-scale=1.0" />
      </head>
      <body style="margin:0px;height:100%">
        <iframe
          id="main-iframe"
          src="/_Incapsula_Resource?SWUDNSAI=31&amp;xinfo=9-9421731-0&amp;incident_id=${incident}&amp;edet=15&amp;cinfo=04000000"
          frameborder="0"
          width="100%"
          height="100%"
          marginheight="0px"
          marginwidth="0px"
          >Request unsuccessful. Incapsula incident ID: ${incident}</iframe
        >
      </body>
    </html>`,
    200,
    { 'x-iinfo': '9-9421731-0', 'x-cdn': 'Imperva' },
  );
}

/** A limiter's answer with the headers of the framework under RDV-Préfecture. */
export function tooManyRequestsPage(retryAfterSeconds: number): Promise<Response> {
  const page = html`<!doctype html>
    <html lang="fr">
      <head>
        <title>429 Too Many Requests</title>
      </head>
      <body>
        <h1>Too Many Requests</h1>
        <p>Trop de requêtes : veuillez patienter avant de réessayer.</p>
      </body>
    </html>`;
  return respond(page, 429, {
    'retry-after': String(retryAfterSeconds),
    'x-rate-limit-limit': '150',
    'x-rate-limit-remaining': '0',
    'x-rate-limit-reset': String(retryAfterSeconds),
  });
}
