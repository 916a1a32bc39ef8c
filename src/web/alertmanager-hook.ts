import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';

import { webhookBody, type WebhookBody } from '../alerts/alertmanager-hook.ts';
import { isBearer } from './bearer.ts';

export interface HookParts {
  /** What Alertmanager sends as a bearer token; without one the address does not exist. */
  readonly token: string | undefined;
  /** Writes what the alerts tell into the outbox; returns how many deliveries wait for it. */
  readonly tell: (body: WebhookBody) => Promise<number>;
}

const MOST_BYTES = 1_000_000;

/** A receiver for Alertmanager's webhooks. A 5xx makes it try again, a 4xx does not. */
export function alertmanagerHook({ token, tell }: HookParts): Hono {
  const app = new Hono();
  if (token === undefined) return app;
  app.post('/hooks/alertmanager', bodyLimit({ maxSize: MOST_BYTES }), async (context) => {
    if (!isBearer(token, context.req.header('authorization'))) return context.text('a bearer token is needed\n', 401);
    const sent: unknown = await context.req.json().catch(() => null);
    const body = webhookBody.safeParse(sent);
    if (!body.success) return context.text("this is not version 4 of Alertmanager's webhook\n", 400);
    return context.json({ deliveries: await tell(body.data) });
  });
  return app;
}
