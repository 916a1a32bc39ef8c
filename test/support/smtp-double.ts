import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';

import type { Certificate } from './certificate.ts';

/** Where the server says no, or nothing: at the greeting, the password, the sender, the recipient, the message. */
export type Stage = 'connect' | 'auth' | 'mail' | 'rcpt' | 'data';

export interface Refusal {
  readonly stage: Stage;
  /** The reply; 0 for silence. */
  readonly code: number;
  readonly text?: string;
}

export interface Mail {
  /** When it was there as a whole, epoch milliseconds. */
  readonly at: number;
  /** The message as it came over the line. */
  readonly raw: string;
  readonly parsed: ParsedMail;
  readonly from: string;
  readonly to: readonly string[];
  readonly isEncrypted: boolean;
  readonly user: string | null;
}

export interface SmtpDouble {
  readonly host: string;
  readonly port: number;
  readonly mails: readonly Mail[];
  /** `user:password` of every attempt to sign in. */
  readonly logins: readonly string[];
  /** Connections that were ever made. */
  connections(): number;
  /** The last mail; fails when there was none. */
  last(): Mail;
  /** Resolves when the server keeps its first silence. */
  silent(): Promise<void>;
  close(): Promise<void>;
}

export interface SmtpDoubleOptions {
  /** Given: TLS is offered (or spoken from the start when `isImplicit`). Not given: the server knows no TLS. */
  readonly certificate?: Certificate;
  readonly isImplicit?: boolean;
  /** Consumed one by one, each when its stage is reached; afterwards everything is accepted. */
  readonly refusals?: readonly Refusal[];
  /** A free port of loopback unless given. */
  readonly at?: { readonly host: string; readonly port: number };
}

/** A real mail server, on loopback unless told otherwise, that accepts everything but what it is told to refuse. */
export async function openSmtpDouble(options: SmtpDoubleOptions = {}): Promise<SmtpDouble> {
  const mails: Mail[] = [];
  const logins: string[] = [];
  const refusals = [...(options.refusals ?? [])];
  const silence = Promise.withResolvers<void>();
  let connections = 0;
  const answer = (stage: Stage, accept: () => void, refuse: (error: Error) => void): void => {
    const found = refusals.findIndex((refusal) => refusal.stage === stage);
    const [refusal] = found === -1 ? [] : refusals.splice(found, 1);
    if (refusal === undefined) accept();
    else if (refusal.code === 0) silence.resolve();
    else refuse(Object.assign(new Error(refusal.text ?? 'no'), { responseCode: refusal.code }));
  };
  const take = async (...[stream, session, done]: Parameters<SMTPServer['onData']>): Promise<void> => {
    const mail = await readMail(stream, session);
    const accept = (): void => {
      mails.push(mail);
      done(null, 'taken');
    };
    answer('data', accept, done);
  };
  const server = new SMTPServer({
    ...connectionOptions(options),
    onConnect: (_session, done) => {
      connections += 1;
      answer('connect', () => done(), done);
    },
    onAuth: (auth, _session, done) => {
      logins.push(`${auth.username ?? ''}:${auth.password ?? ''}`);
      answer('auth', () => done(null, { user: auth.username }), done);
    },
    onMailFrom: (_address, _session, done) => answer('mail', () => done(), done),
    onRcptTo: (_address, _session, done) => answer('rcpt', () => done(), done),
    onData: (stream, session, done) => void take(stream, session, done),
  });
  // A client that breaks off (bad certificate, abort) is part of the tests, not a fault of the server.
  server.on('error', () => undefined);
  const { host, port } = options.at ?? { host: '127.0.0.1', port: 0 };
  const listening = server.listen(port, host);
  await once(listening, 'listening');
  return {
    host,
    port: (listening.address() as AddressInfo).port,
    mails,
    logins,
    connections: () => connections,
    last: () => {
      const found = mails.at(-1);
      if (found === undefined) throw new Error('no mail came');
      return found;
    },
    silent: () => silence.promise,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function connectionOptions({ certificate, isImplicit = false }: SmtpDoubleOptions): SMTPServerOptions {
  return {
    ...certificate,
    secure: isImplicit,
    authOptional: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 1,
    disabledCommands: certificate === undefined ? ['STARTTLS'] : [],
  };
}

async function readMail(stream: NodeJS.ReadableStream, session: SMTPServerSession): Promise<Mail> {
  const raw = await buffer(stream);
  const { mailFrom, rcptTo } = session.envelope;
  return {
    at: Date.now(),
    raw: raw.toString('utf8'),
    parsed: await simpleParser(raw),
    from: mailFrom === false ? '' : mailFrom.address,
    to: rcptTo.map(({ address }) => address),
    isEncrypted: session.secure,
    user: typeof session.user === 'string' ? session.user : null,
  };
}
