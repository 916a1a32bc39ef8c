import type { Capture } from '../core/capture.ts';

/**
 * Keeps only what the page shows (conduct C11). Runs before a capture leaves `run/`, so readers, the disk and replay all see
 * the same scrubbed text.
 */

const SCRUBBED = '[scrubbed]';

const SECRET_PARAMETERS =
  /([?&;#]|&amp;)((?:session_?code|session_?state|session_?id|jsessionid|phpsessid|ezsessid|execution|tab_id|state|nonce|code|token|access_token|id_token|refresh_token|csrf|_csrf|ctx|auth|key|sig|signature|captchaid|t|client_data|e?mail|courriel|tel|telephone|phone|nom|prenom|lastname|firstname)=)[^&"'\s<>#;]+/gi;
const PATH_SESSIONS = /;jsessionid=[^?#"'\s<>/]+/gi;
const JSON_WEB_TOKENS = /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g;
const SECRET_ATTRIBUTES =
  /(\s(?:[\w:-]*(?:token|csrf|nonce|session|secret)[\w:-]*|data-sitekey|integrity)=")[^"]*(")/gi;
const HIDDEN_INPUTS = /<input\b[^>]*\btype=["']?hidden\b[^>]*>/gi;
const SECRET_META = /<meta\b[^>]*\bname="[^"]*(?:csrf|token|nonce)[^"]*"[^>]*>/gi;
const SCRIPT_SECRETS =
  /(\b[\w-]*(?:token|csrf|secret|nonce|session_?id|ctx)[\w-]*["']?\s*[:=]\s*(["'`]))(?:(?!\2).)*(\2)/gi;
const SCRIPT_COOKIES = /(document\.cookie\s*=\s*(["'`]))(?:(?!\2).)*(\2)/gi;
const VALUE = /(\s(?:value|content)=(["']))(?:(?!\2).)*(\2)/gi;

function scrubUrl(url: string): string {
  return url
    .replace(PATH_SESSIONS, '')
    .replace(SECRET_PARAMETERS, `$1$2${SCRUBBED}`)
    .replace(JSON_WEB_TOKENS, SCRUBBED);
}

function scrubHtml(html: string): string {
  const emptyValue = (tag: string): string => tag.replace(VALUE, `$1${SCRUBBED}$3`);
  return scrubUrl(html)
    .replace(HIDDEN_INPUTS, emptyValue)
    .replace(SECRET_META, emptyValue)
    .replace(SECRET_ATTRIBUTES, `$1${SCRUBBED}$2`)
    .replace(SCRIPT_SECRETS, `$1${SCRUBBED}$3`)
    .replace(SCRIPT_COOKIES, `$1${SCRUBBED}$3`);
}

export function scrub(capture: Capture): Capture {
  return {
    ...capture,
    requestedUrl: scrubUrl(capture.requestedUrl),
    finalUrl: scrubUrl(capture.finalUrl),
    redirects: capture.redirects.map((hop) => ({ ...hop, url: scrubUrl(hop.url) })),
    html: scrubHtml(capture.html),
    title: capture.title.replace(JSON_WEB_TOKENS, SCRUBBED),
    text: capture.text.replace(JSON_WEB_TOKENS, SCRUBBED),
    dialogs: capture.dialogs.map(({ kind, message }) => ({
      kind,
      message: message.replace(JSON_WEB_TOKENS, SCRUBBED),
    })),
    failedRequests: capture.failedRequests.map((request) => ({ ...request, url: scrubUrl(request.url) })),
    incidents: capture.incidents.map((incident) => ({ ...incident, url: scrubUrl(incident.url) })),
    consoleErrors: capture.consoleErrors.map(scrubUrl),
  };
}

const EMAIL = /[\w.+-]+@((?:[\w-]+\.)+[a-z]{2,})\b/gi;
/** French numbers in the national or international form, with the separators people use. */
const PHONE =
  /(?<![\d.])(?:(?:\+|00)33[\s.\u00a0\u202f-]?(?:\(0\))?|0)\s?[1-9](?:[\s.\u00a0\u202f-]?\d{2}){4}(?![\d.])/g;
/** Special-rate and free numbers (08…) are sold to services, never to a person. */
const SERVICE_NUMBER = /^0?8/;
const MOBILE_NUMBER = /^0?[67]/;
const SERVICE_MAIL = /(?:^|\.)gouv\.fr$/;
/** Parts of a page in which a service prints its own landline. */
const CONTACT_PARTS = /<(footer|header|nav|address)\b[\s\S]*?<\/\1>|href="tel:[^"]*"/gi;

/**
 * Why a page must not be stored: it holds an e-mail address or a telephone number that is not the service's own. Null when
 * it may be kept. Own are: addresses under gouv.fr or the page's own domain, 08 numbers, landlines in the page's header,
 * footer or telephone links, and whatever `ownContacts` names. The personal datum itself is not repeated in the answer.
 */
export function personalData(capture: Capture, ownContacts: readonly string[] = []): string | null {
  const shown = everythingSaid(capture);
  const own = new Set(ownContacts.map((contact) => contact.toLowerCase().replace(/[\s.+-]/g, '')));
  const domain = new URL(capture.finalUrl).hostname.split('.').slice(-2).join('.');
  for (const [mail, mailDomain = ''] of shown.matchAll(EMAIL)) {
    const isOwn =
      SERVICE_MAIL.test(mailDomain) ||
      `.${mailDomain.toLowerCase()}`.endsWith(`.${domain}`) ||
      own.has(mail.toLowerCase().replace(/[\s.+-]/g, ''));
    if (!isOwn) return "the page shows an e-mail address that is not the service's own";
  }
  const contactParts = (capture.html.match(CONTACT_PARTS) ?? []).join(' ').replace(/[\s.\u00a0\u202f-]/g, '');
  for (const [phone] of shown.matchAll(PHONE)) {
    const number = phone.replace(/[\s.\u00a0\u202f-]/g, '').replace(/^(?:\+|00)33(?:\(0\))?/, '0');
    if (own.has(number) || SERVICE_NUMBER.test(number)) continue;
    if (MOBILE_NUMBER.test(number) || !contactParts.includes(number)) {
      return "the page shows a telephone number that is not the service's own";
    }
  }
  return null;
}

/**
 * All words that would be stored: what is read, what is hidden, and what stands in attributes, comments, frames, dialogs and
 * addresses. Scripts and styles are left out: their numbers are not telephones.
 */
function everythingSaid(capture: Capture): string {
  const html = capture.html.replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ');
  const attributes = html.match(/\s(?:value|placeholder|content|title|alt|srcdoc|aria-label)="[^"]*"/gi) ?? [];
  const words = html.replace(/<!--|-->/g, ' ').replace(/<[^>]*>/g, ' ');
  const dialogs = capture.dialogs.map((dialog) => dialog.message);
  const mailLinks = html.match(/href="mailto:[^"]*"/gi) ?? [];
  const address = readableUrl(capture.finalUrl);
  return [capture.title, capture.text, words, ...attributes, ...mailLinks, ...dialogs, address].join('\n');
}

function readableUrl(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
