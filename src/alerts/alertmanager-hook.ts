import { z } from 'zod';

import type { Episode } from '../core/episode.ts';
import type { Notice } from '../core/notice.ts';

/**
 * What Alertmanager sends to a webhook (version 4 of its body), as notices: another way from the rules of Prometheus to the
 * people that the outbox reaches. An opening becomes the very notice that its check made: nobody is told twice.
 */

const alert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()).default({}),
  startsAt: z.iso.datetime({ offset: true }),
  endsAt: z.iso.datetime({ offset: true }),
  fingerprint: z.string().min(1),
});

export const webhookBody = z.object({ version: z.literal('4'), alerts: z.array(alert).max(1_000) });
export type WebhookBody = z.infer<typeof webhookBody>;

type Alert = WebhookBody['alerts'][number];

const OPENING = 'GuetteurOpening';

/** The notice of a target's opening as its check made it; null for a target that is not watched. */
export type OpeningNotice = (targetId: string, opening: Episode) => Notice | null;

/** `lasting`: the episodes that go on now, outages among them. */
export function noticesOfAlerts(
  { alerts }: WebhookBody,
  lasting: readonly (Episode & { readonly targetId: string; readonly believedUntil?: number })[],
  openingNotice: OpeningNotice,
): Notice[] {
  const openings = new Map(
    lasting.flatMap(({ targetId, believedUntil: _believedUntil, ...episode }) =>
      episode.kind === 'opening' ? [[targetId, episode]] : [],
    ),
  );
  return alerts.flatMap((found) => {
    if (found.labels['alertname'] !== OPENING) return [operatorNotice(found)];
    const targetId = found.labels['target'] ?? '';
    const opening = openings.get(targetId);
    const notice = opening === undefined || found.status === 'resolved' ? null : openingNotice(targetId, opening);
    return notice === null ? [] : [notice];
  });
}

function operatorNotice({ status, labels, annotations, startsAt, endsAt, fingerprint }: Alert): Notice {
  const isOver = status === 'resolved';
  const words = annotations['summary'] ?? labels['alertname'] ?? 'an alert without a name';
  return {
    kind: 'operator',
    key: `alertmanager/${fingerprint}/${startsAt}/${status}`,
    at: Date.parse(isOver ? endsAt : startsAt),
    place: null,
    episode: null,
    event: { kind: null, message: isOver ? `over: ${words}` : words },
  };
}
