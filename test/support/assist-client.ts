import { WebSocket } from 'ws';

/** A person's side without a browser: cookies, forms and the socket, as a program could misuse them. */

export interface Visitor {
  readonly cookie: string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>;
  /** Begins a session and returns its id. */
  begin(targetId: string): Promise<string>;
}

/** Opens an invitation's link. */
export async function visitor(page: string, link: string): Promise<Visitor> {
  const entered = await fetch(link, { redirect: 'manual' });
  const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const ask = (path: string, init: RequestInit): Promise<Response> =>
    fetch(new URL(path, page), { redirect: 'manual', ...init });
  const one: Visitor = {
    cookie,
    get: (path, headers = {}) => ask(path, { headers: { cookie, ...headers } }),
    post: (path, fields, headers = {}) =>
      ask(path, { method: 'POST', body: new URLSearchParams(fields), headers: { cookie, ...headers } }),
    begin: async (targetId) => {
      const begun = await one.post('assist/fr/begin', { target: targetId });
      const id = /window\/([\w-]+)$/.exec(begun.headers.get('location') ?? '')?.[1];
      if (id === undefined) throw new Error(`not begun: ${begun.status}`);
      return id;
    },
  };
  return one;
}

export interface Line {
  readonly news: Record<string, unknown>[];
  pictures: number;
  bytes: number;
  /** Called at every picture. */
  onPicture: () => void;
  send(message: unknown): void;
  /** Waits for news of a kind that fits. */
  until(fits: (news: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  readonly closed: Promise<number>;
  close(): void;
}

export interface LineOptions {
  readonly cookie: string;
  readonly origin?: string | null;
}

/** Opens a window's socket; rejects with the status when it is refused. */
export function openLine(page: string, id: string, { cookie, origin }: LineOptions): Promise<Line> {
  const address = new URL(`assist/socket/${id}`, page);
  address.protocol = 'ws:';
  const headers = { cookie, ...(origin === null ? {} : { origin: origin ?? new URL(page).origin }) };
  const socket = new WebSocket(address, { headers });
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => resolve(code));
  });
  const waiting = new Set<() => void>();
  const line: Line = {
    news: [],
    pictures: 0,
    bytes: 0,
    onPicture: () => undefined,
    send: (message) =>
      socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message)),
    until: (fits) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`not said: ${JSON.stringify(line.news).slice(0, 900)}`)),
          20_000,
        );
        const look = (): void => {
          const found = line.news.find(fits);
          if (found === undefined) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    closed,
    close: () => socket.close(),
  };
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    line.bytes += data.length;
    if (isBinary) {
      line.pictures += 1;
      socket.send('{"kind":"seen"}');
      line.onPicture();
    } else {
      line.news.push(JSON.parse(data.toString()) as Record<string, unknown>);
      for (const look of waiting) look();
    }
  });
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(line));
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (_request, response) => reject(new Error(String(response.statusCode))));
  });
}

export const isState =
  (kind: string, why?: string) =>
  ({ state }: Record<string, unknown>): boolean => {
    const found = state as { kind?: string; why?: string } | undefined;
    return found?.kind === kind && (why === undefined || found.why === why);
  };
export const isRefused =
  (refusal: string) =>
  ({ refused }: Record<string, unknown>): boolean =>
    refused === refusal;
export const hasCaptcha = ({ captcha }: Record<string, unknown>): boolean => captcha !== undefined && captcha !== null;
