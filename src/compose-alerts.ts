import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';

import { noticesOfAlerts, type WebhookBody } from './alerts/alertmanager-hook.ts';
import { openAlerts, planAlerts } from './alerts/alerts.ts';
import type { AlertSettings, Mistake } from './alerts/configured.ts';
import type { Outbox } from './alerts/outbox.ts';
import { Seal } from './alerts/seal.ts';
import { sealKey } from './alerts/seal-key.ts';
import { HealthReader } from './alerts/health.ts';
import { TelegramBot } from './alerts/telegram-bot.ts';
import { Vigil } from './alerts/vigil.ts';
import type { Workbench } from './compose.ts';
import type { Config } from './config/load.ts';
import { secret } from './config/environment.ts';
import type { Episode } from './core/episode.ts';
import { NOTICE_KINDS, type Notice, type NoticeKind } from './core/notice.ts';
import type { Target } from './core/target.ts';
import { openingNotice } from './decide/notices.ts';
import { failureFacts } from './log.ts';
import { loadChannels } from './plugins.ts';
import type { ClaimedMessage } from './store/contract.ts';
import type { HookParts } from './web/alertmanager-hook.ts';
import { dropUnconfirmed } from './web/subscribe/confirmation.ts';
import { subscribePages } from './web/subscribe/mount.ts';
import { publicTopics } from './web/subscribe/others.ts';

/** The alerts of a monitor, built by hand from its configuration. */
export interface MonitorAlerts {
  readonly outbox: Outbox;
  /** Looks at the monitor itself once a minute. */
  readonly vigil: Vigil;
  /** Subscribing, leaving and feeds, for the public. */
  readonly publicPages: ReturnType<typeof subscribePages>;
  /** Takes what Alertmanager sends into the outbox. */
  readonly hook: HookParts;
  /** Answers people at Telegram; null where the channel is not set up. */
  readonly telegram: TelegramBot | null;
}

/** A secret by the name that the configuration gives; undefined when it is not set, or is none of ours. */
export function secretNamed(name: string): string | undefined {
  return isOurs(name) ? secret(name) : undefined;
}

function isOurs(name: string): name is `GUETTEUR_${string}` {
  return /^GUETTEUR_[A-Z0-9_]+$/.test(name);
}

/** Throws `CONFIG_INVALID` with the places of what the channels do not accept. */
export async function openMonitorAlerts(
  bench: Workbench,
  log: Logger,
  onAccepted: (message: ClaimedMessage, at: number) => void,
): Promise<MonitorAlerts> {
  const { config, store } = bench;
  const seal = new Seal(await sealKey(config.data, secretNamed));
  const settings = alertSettings(config, bench.mailbox);
  const departments = departmentsOf(bench.targets.values());
  const parts = { settings, known: await loadChannels(), secretOf: secretNamed, seal, departments };
  const plan = planAlerts(parts, Date.now());
  if (plan.mistakes.length > 0) throw config.invalid(plan.mistakes);
  const outbox = await openAlerts(
    { ...parts, store, page: config.http.publicUrl ?? null, log, owner: `monitor:${process.pid}`, onAccepted },
    plan,
  );
  const health = new HealthReader({ store, control: bench.control, browser: bench.browser, folder: config.data });
  const tidy = (now: number): Promise<number> => dropUnconfirmed(store, now);
  const vigil = new Vigil({ store, health, deadManUrl: config.alerts.deadManUrl ?? null, tidy, log });
  const people = { store, targets: bench.targets, seal, practice: config.mode === 'practice' };
  const bot = plan.channels.get('telegram');
  const offset = telegramOffset(join(config.data, 'telegram.offset'));
  const telegram = bot === undefined ? null : new TelegramBot({ ...people, settings: bot.settings, offset, log });
  const publicPages = subscribePages({
    ...people,
    channels: plan.channels,
    page: config.http.publicUrl ?? null,
    offers: {
      get telegramBot() {
        return telegram?.username ?? null;
      },
      ntfyTopics: publicTopics(settings),
    },
    onFailure: (reason, error) => log.warn(failureFacts(error), `public pages: ${reason}`),
  });
  return { outbox, vigil, publicPages, telegram, hook: alertmanagerHook(bench) };
}

function alertmanagerHook({ store, targets }: Workbench): HookParts {
  const tell = async (body: WebhookBody): Promise<number> => {
    const told = (id: string, opening: Episode): Notice | null => openingNotice(id, opening, { targets });
    const now = Date.now();
    const lasting = (await store.lasting()).filter(({ believedUntil }) => now <= believedUntil);
    return await store.tell(noticesOfAlerts(body, lasting, told), now);
  };
  return { token: secretNamed('GUETTEUR_HOOK_TOKEN'), tell };
}

/** Remembers over a restart which of the updates at Telegram were worked through. */
function telegramOffset(path: string): { load(): number; save(offset: number): void } {
  return {
    load: () => (existsSync(path) ? Number(readFileSync(path, 'utf8')) || 0 : 0),
    save: (offset) => writeFileSync(path, `${offset}\n`),
  };
}

/** What the channels do not accept of a configuration, without opening anything. */
export async function alertMistakes({
  alerts,
  targets,
}: Pick<Config, 'alerts' | 'targets'>): Promise<readonly Mistake[]> {
  const seal = new Seal(new Uint8Array(32));
  const parts = { settings: alerts, known: await loadChannels(), secretOf: secretNamed, seal };
  return planAlerts({ ...parts, departments: departmentsOf(targets) }, Date.now()).mistakes;
}

/** What the operator should be told before anything goes wrong; null when somebody is. */
export function operatorDoubt({ mode, alerts }: Pick<Config, 'mode' | 'alerts'>): string | null {
  if (mode !== 'live' || alerts.subscriptions.some(({ kinds }) => kinds.includes('operator'))) return null;
  return 'nobody is told when the monitor itself needs its operator: give a subscription of alerts.subscriptions the kind operator';
}

function departmentsOf(targets: Iterable<Target>): string[] {
  return [...new Set([...targets].flatMap(({ department }) => department ?? []))];
}

/** What is configured; a practice instance without channels tells everything to its own mailbox. */
function alertSettings({ alerts }: Pick<Config, 'alerts'>, mailbox: string | null): AlertSettings {
  if (mailbox === null || Object.keys(alerts.channels).length > 0) return alerts;
  const everything = {
    departments: [],
    procedures: [],
    platforms: [],
    timeZone: 'Europe/Paris',
    language: 'fr',
  } as const;
  const kinds: readonly NoticeKind[] = Object.keys(NOTICE_KINDS).filter(
    (kind): kind is NoticeKind => kind in NOTICE_KINDS,
  );
  return {
    channels: { webhook: {} },
    subscriptions: [{ channel: 'webhook', to: { url: mailbox }, kinds, ...everything }],
  };
}
