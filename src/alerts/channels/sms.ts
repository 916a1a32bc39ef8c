import { z } from 'zod';

import { secretAddress } from '../address.ts';
import { DeliveryError, type Channel } from '../channel.ts';
import { fitsOneSms } from '../gsm.ts';
import { send } from '../http.ts';
import { shortKey } from '../key.ts';

/** What a template may hold. `digits` is the number without its plus; `key` is the same at every attempt. */
const PLACEHOLDERS = ['to', 'digits', 'text', 'token', 'key'] as const;
const PLACEHOLDER = /\{(\w+)\}/g;
type Values = Readonly<Record<(typeof PLACEHOLDERS)[number], string>>;
const SAMPLE: Values = { to: '+33700000000', digits: '33700000000', text: 'a "b" & c', token: 't', key: 'k' };

const ENCODINGS = ['form', 'json', 'query'] as const;
type Encoding = (typeof ENCODINGS)[number];
const CONTENT_TYPES: Readonly<Record<Encoding, Readonly<Record<string, string>>>> = {
  form: { 'content-type': 'application/x-www-form-urlencoded' },
  json: { 'content-type': 'application/json' },
  query: {},
};

const visible = z.string().regex(/^[\x20-\x7e]*$/, { error: 'write it in ASCII, on one line' });

const shape = z.strictObject({
  url: z
    .string()
    .describe('Address of the gateway; {to}, {digits}, {text}, {token} and {key} may stand in its path and query'),
  method: z.enum(['POST', 'PUT']).default('POST'),
  headers: z
    .record(z.string().regex(/^[\w-]+$/), visible)
    .default({})
    .describe('{token} and {key} may stand in them'),
  body: z.string().default('').describe('Template: in JSON the placeholders stand within quotation marks'),
  encoding: z.enum(ENCODINGS).describe('How number and text are written: in the body as form or json, or in the query'),
  token: visible.default(''),
  accepted: z
    .string()
    .default('')
    .describe('Words that the answer holds when the gateway accepted, for those that answer 200 to everything'),
});
type Settings = z.infer<typeof shape>;

const settings = shape.superRefine((given, context) => {
  for (const { path, message } of problemsOf(given)) context.addIssue({ code: 'custom', path: [path], message });
});

const to = z.strictObject({
  number: z.string().regex(/^\+[1-9]\d{6,14}$/, { error: 'write the number as +33… without spaces (E.164)' }),
});

/**
 * An SMS through any gateway that takes one HTTP request. A message that does not fit one SMS is refused: the gateway would cut it
 * or bill several. Without {key} in the template, and a gateway that heeds it, a lost answer may cost a second SMS.
 */
export const channel: Channel<Settings, z.infer<typeof to>> = {
  name: 'sms',
  settings,
  to,
  // One a second is what gateways grant an ordinary number (Twilio, "Understanding rate limits", November 2026); more is sold.
  perMinute: 60,
  deliver: async (message, { number }, { url, method, headers, body, encoding, token, accepted }, signal) => {
    if (!fitsOneSms(message.short)) throw new DeliveryError('the text does not fit one SMS', { isFinal: true });
    const { short, key } = message;
    const values = { to: number, digits: number.slice(1), text: short.toWellFormed(), token, key: shortKey(key) };
    const answer = await send(
      filled(url, values, encodeURIComponent),
      {
        method,
        headers: { ...CONTENT_TYPES[encoding], ...filledHeaders(headers, values) },
        body: filledBody(body, values, encoding),
      },
      signal,
    );
    if (answer.includes(accepted)) return;
    throw new DeliveryError('the gateway did not answer that it accepted', { isFinal: false });
  },
};

/** In one pass: a placeholder within a text is text. */
function filled(template: string, values: Values, encode: (value: string) => string): string {
  return template.replace(PLACEHOLDER, (whole, name) => {
    const placeholder = PLACEHOLDERS.find((known) => known === name);
    return placeholder === undefined ? whole : encode(values[placeholder]);
  });
}

function filledBody(template: string, values: Values, encoding: Encoding): string {
  return filled(template, values, encoding === 'json' ? withinQuotes : encodeURIComponent);
}

function filledHeaders(headers: Settings['headers'], values: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, filled(value, values, (same) => same)]),
  );
}

function withinQuotes(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

interface Problem {
  readonly path: keyof Settings;
  readonly message: string;
}

function problemsOf({ url, headers, body, encoding }: Settings): Problem[] {
  const path = encoding === 'query' ? 'url' : 'body';
  const carrier = { url, body }[path];
  const isFixed = /^https?:\/\/[^/?#{}]+(?:[/?#]|$)/.test(url);
  const isSafe = secretAddress.safeParse(filled(url, SAMPLE, encodeURIComponent)).success;
  const inHeaders = Object.values(headers).join('\n');
  return [
    ...problemIf(!isFixed, 'url', 'write the host itself: placeholders may only follow it'),
    ...problemIf(!isSafe, 'url', 'write an https address without user name and password'),
    ...problemIf(!/\{(?:to|digits)\}/.test(carrier), path, 'say with {to} or {digits} where the number goes'),
    ...problemIf(!carrier.includes('{text}'), path, 'say with {text} where the message goes'),
    ...problemIf(encoding === 'json' && !isJson(filledBody(body, SAMPLE, encoding)), 'body', 'this is not JSON'),
    ...problemIf(hasOther(url, PLACEHOLDERS), 'url', `write only ${PLACEHOLDERS.join(', ')} in {}`),
    ...problemIf(hasOther(body, PLACEHOLDERS), 'body', `write only ${PLACEHOLDERS.join(', ')} in {}`),
    // A header cannot hold every letter, and what stands in headers is written to more logs.
    ...problemIf(hasOther(inHeaders, ['token', 'key']), 'headers', 'write only token, key in {}'),
  ];
}

function problemIf(isWrong: boolean, path: Problem['path'], message: string): Problem[] {
  return isWrong ? [{ path, message }] : [];
}

function hasOther(template: string, known: readonly string[]): boolean {
  return [...template.matchAll(PLACEHOLDER)].some(([, name = '']) => !known.includes(name));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
