import { createTransport, type SMTPTransportOptions } from 'nodemailer';
import { z } from 'zod';

import { isLoopbackHost } from '../../core/networks.ts';
import { DeliveryError, type Channel } from '../channel.ts';
import { mailOf } from '../mail.ts';

/** Mail through the operator's own mail server (SMTP submission, RFC 6409). */

/**
 * One address and nothing else. A second one after a comma, a name with angle brackets or a line break would reach people who
 * have not asked, or write headers.
 */
const oneAddress = { error: 'write one e-mail address, such as name@site.example, without a name' };
const mailAddress = z.string(oneAddress).max(254, oneAddress).regex(z.regexes.html5Email, oneAddress);

const settings = z
  .strictObject({
    host: z
      .string()
      .regex(/^[\w.:-]+$/, { error: 'write the name or the IP address of the mail server, without a port' })
      .describe('The mail server'),
    port: z.int().min(1).max(65_535).optional().describe('587, with implicit TLS 465'),
    tls: z
      .enum(['starttls', 'implicit', 'none'])
      .default('starttls')
      .describe('How the line is encrypted; "none" only for a server on this machine'),
    user: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
    from: mailAddress.describe('Address of the sender, as the mail server allows it'),
    replyTo: mailAddress.optional().describe('Where answers of readers go; the sender when not given'),
  })
  .refine(({ tls, host }) => tls !== 'none' || isLoopbackHost(host), {
    path: ['tls'],
    error: 'without TLS only a mail server on this machine can be used',
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    path: ['password'],
    error: 'write both user and password, or neither',
  });

const to = z.strictObject({ address: mailAddress });

type Settings = z.infer<typeof settings>;
type To = z.infer<typeof to>;

/** Some servers let strangers wait 10 s before they greet. */
const ACCEPTED_WITHIN_MS = 30_000;

/** What nodemailer says of a failure; its words are not read, since the server's words hold the address. */
const failure = z.object({
  name: z.string().optional(),
  code: z.string().optional(),
  originalCode: z.string().optional(),
  command: z.string().optional(),
  response: z.string().optional(),
  responseCode: z.number().optional(),
  permanent: z.boolean().optional(),
});

export const channel: Channel<Settings, To> = {
  name: 'email',
  settings,
  to,
  /** SMTP has no limit. Hosts of small sites allow some hundreds an hour, services for sending thousands a minute. */
  perMinute: 60,
  deliver: mailing(ACCEPTED_WITHIN_MS),
};

/**
 * One connection for each mail: a pool would be state that outlives a delivery and has to be closed by somebody. On loopback a
 * mail with STARTTLS and password takes 35 ms, a hundred at once 2 s; to a server 20 ms away the ten round trips are 0.2 s:
 * well within `perMinute`.
 */
export function mailing(withinMs: number): Channel<Settings, To>['deliver'] {
  return async (message, { address }, set, signal) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
    const transport = createTransport(transportOptions(set));
    try {
      const { headers, ...mail } = mailOf(message, set.from);
      await transport.sendMail({
        ...mail,
        headers: { ...headers },
        signal: limit,
        from: { name: 'Guetteur', address: set.from },
        to: { name: '', address },
        ...(set.replyTo === undefined ? {} : { replyTo: { name: '', address: set.replyTo } }),
        // Given apart, no address is ever parsed out of a header.
        envelope: { from: set.from, to: [address] },
      });
    } catch (error) {
      throw refusalOf(error, limit);
    } finally {
      transport.close();
    }
  };
}

/** The certificate is checked even where the environment says otherwise; a server that offers no TLS is sent nothing. */
function transportOptions({ host, port, tls, user, password }: Settings): SMTPTransportOptions {
  return {
    host,
    port: port ?? (tls === 'implicit' ? 465 : 587),
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    ...(user === undefined ? {} : { auth: { user, pass: password } }),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/**
 * 4yz passes (full, busy, greylisting), 5yz does not (RFC 5321, 4.2.1; nodemailer counts 503 among the first, since it is about
 * the session). What the line and TLS do may be over at the next try. SMTP cannot say when that should be.
 */
function refusalOf(error: unknown, limit: AbortSignal): DeliveryError {
  const failed = failure.safeParse(error).data ?? {};
  const { name, code = name ?? 'not sent', originalCode, responseCode, permanent = false } = failed;
  if (responseCode !== undefined) {
    return new DeliveryError(replyOf(failed), { isFinal: permanent && code !== 'ETLS' });
  }
  if (limit.aborted && limit.reason instanceof Error) return new DeliveryError(limit.reason.name, { isFinal: false });
  return new DeliveryError(originalCode ?? code, { isFinal: false });
}

/** `SMTP 550 5.1.1 to RCPT TO`: the second number (RFC 3463) says more than the first, and names nobody. */
function replyOf({ responseCode, response = '', command = 'the line' }: z.infer<typeof failure>): string {
  const [, enhanced] = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3}) /.exec(response) ?? [];
  const code = enhanced === undefined ? `${responseCode}` : `${responseCode} ${enhanced}`;
  return `SMTP ${code} to ${command}`;
}
