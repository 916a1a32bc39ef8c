import { z } from 'zod';

import { NOTICE_KINDS, type NoticeKind } from '../core/notice.ts';
import { LANGUAGES } from '../core/subscription.ts';
import { isAddressOrNetwork } from '../core/networks.ts';
import { department, PROCEDURES, targetEntry, targetId } from '../core/target.ts';

/** The shape of guetteur.yaml: every key, its unit, its default and its floor. Editors get the same as JSON Schema. */

const contact = z
  .string()
  .regex(/^(?:[\x21-\x7e]+@[\x21-\x7e]+\.[\x21-\x7e]+|https?:\/\/[\x21-\x7e]+)$/, {
    error:
      'write an e-mail address or the address of a page, in plain ASCII: the watched sites read it in every request',
  })
  .describe('How the operators of the watched sites can reach you: it is part of every request');

const operator = z.strictObject({
  name: z.string().min(1).describe('Who runs this instance'),
  contact,
  website: z
    .string()
    .regex(/^https?:\/\/[\x21-\x7e]+$/, { error: 'write an http or https address in plain ASCII' })
    .optional()
    .describe('A page about this instance, named in every request'),
});

const select = z
  .strictObject({
    id: targetId.optional(),
    department: department.optional(),
    platform: z.string().optional(),
    procedure: z.enum(PROCEDURES).optional(),
    status: z.enum(['live', 'stale', 'retired', 'unverified']).default('live').describe('Only entries of this status'),
  })
  .refine((choice) => Object.keys(choice).length > 1, {
    error: 'choose by at least one of id, department, platform, procedure',
  });

const clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: 'write a time of day as "HH:MM", in quotes' });

const noticeKind = z.string().refine((kind): kind is NoticeKind => kind in NOTICE_KINDS, {
  error: `choose among ${Object.keys(NOTICE_KINDS).join(', ')}`,
});

const subscription = z.strictObject({
  channel: z.string().describe('Name of a channel of alerts.channels'),
  to: z.record(z.string(), z.unknown()).describe("The recipient in the channel's own terms"),
  kinds: z.array(noticeKind).min(1).default(['slots', 'better', 'gone']).describe('What is told'),
  departments: z.array(department).default([]).describe('Only these departments; all when empty'),
  procedures: z.array(z.enum(PROCEDURES)).default([]).describe('Only these procedures; all when empty'),
  platforms: z.array(z.string()).default([]).describe('Only these platforms; all when empty'),
  language: z.enum(LANGUAGES).default('fr'),
  timeZone: z
    .string()
    .refine((name) => Intl.supportedValuesOf('timeZone').includes(name) || name === 'UTC', {
      error: 'write a time zone as "Europe/Paris" or "Indian/Reunion"',
    })
    .default('Europe/Paris'),
  quiet: z.strictObject({ from: clock, to: clock }).optional().describe('Hours in which messages wait'),
  digestAt: clock.optional().describe('One message a day at this time, instead of at once'),
});

const alerts = z.strictObject({
  channels: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .default({})
    .describe('Channels by name, with their settings. A secret is written as { secret: GUETTEUR_NAME }'),
  subscriptions: z.array(subscription).default([]).describe('Who is told what'),
  outages: z
    .strictObject({
      badToOpen: z.int().min(1).max(10).default(2).describe('So many bad visits in a row make an outage'),
      goodToClose: z.int().min(1).max(10).default(1).describe('So many good visits end it'),
    })
    .prefault({}),
  deadManUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Asked every minute while the monitor is well'),
});

const assist = z.strictObject({
  windows: z.int().min(0).max(24).default(8).describe('Assisted windows open at once; 0 for none'),
  personSeconds: z
    .int()
    .min(30)
    .max(120, { error: "a page is in one person's hands for 120 s at most, so that scheduled checks are not held up" })
    .default(120)
    .describe("How long a page is in one person's hands"),
  waitSeconds: z.int().min(10).max(600).default(240).describe('How long a person waits for a host at most'),
  intervalHours: z
    .int()
    .min(1)
    .max(168)
    .default(8)
    .describe('One random instant to be read by a person in each interval'),
  windowMinutes: z.int().min(5).max(240).default(45).describe('So long after it a reading still answers the instant'),
  spotCheckOneIn: z.int().min(0).max(1_000).default(20).describe('One in so many "no"s is shown to people; 0 for none'),
  reread: z
    .strictObject({
      times: z
        .int()
        .min(0)
        .max(6, { error: 'a page is read again 6 times at most after a person passed its captcha' })
        .default(0)
        .describe('Readings after a person passed the captcha: ask a lawyer before you set it'),
      everyMinutes: z
        .int()
        .min(10, { error: 'at least 10 minutes lie between two readings after a person passed the captcha' })
        .max(120)
        .default(10),
    })
    .prefault({}),
});

export const configShape = z.strictObject({
  mode: z
    .enum(['practice', 'live'])
    .default('practice')
    .describe('practice visits loopback addresses only, live public addresses only'),
  operator: operator.optional().describe('Who runs this instance. Live mode does not start without it'),
  vantage: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, { error: 'write lower-case letters, digits and hyphens, 40 at most' })
    .default('home')
    .describe('Name of the place and network from which the readings are made'),
  data: z
    .string()
    .min(1)
    .optional()
    .describe('Folder of the database and the proofs: absolute, or relative to this file'),
  targets: z
    .strictObject({
      select: z.array(select).default([]).describe('Targets from the catalogue, probes/catalogue.yaml'),
      inline: z.array(targetEntry).default([]).describe('Targets written here'),
    })
    .prefault({}),
  schedule: z
    .strictObject({
      intervalSeconds: z
        .int()
        .min(180, { error: 'a target is checked every 180 s at most (conduct C6)' })
        .max(86_400)
        .optional()
        .describe('One check in each interval, at a uniformly random instant of it; 1800 unless set, 60 in practice'),
      seed: z.string().min(1).default('guetteur').describe('Seed of the random instants'),
      concurrency: z.int().min(1).max(16).default(4).describe('Hosts visited at once'),
    })
    .prefault({}),
  politeness: z
    .strictObject({
      hostSpacingSeconds: z
        .number()
        .min(20, { error: 'at least 20 s lie between two checks of one host (conduct C6)' })
        .default(20)
        .describe('Between page loads of different checks on one host'),
      checksPerHostAndHour: z
        .int()
        .min(1)
        .max(180, { error: 'a host is checked 180 times an hour at most (conduct C6)' })
        .default(180),
    })
    .prefault({}),
  control: z
    .strictObject({
      hosts: z
        .array(z.url({ protocol: /^https?$/ }))
        .min(1)
        .default(['https://www.afnic.fr/', 'https://www.debian.org/', 'https://www.wikipedia.org/'])
        .describe('Hosts that tell whether our own connection and clock are good; not asked for anything else'),
    })
    .prefault({}),
  alerts: alerts.prefault({}),
  assist: assist.prefault({}),
  browser: z
    .strictObject({
      recycleAfterChecks: z.int().min(1).max(10_000).default(100),
      maxMemoryMegabytes: z.int().min(200).default(1_500),
    })
    .prefault({}),
  http: z
    .strictObject({
      host: z.string().default('127.0.0.1').describe('Address the web server listens on'),
      port: z.int().min(0).max(65_535).default(8_640),
      publicUrl: z
        .url({ protocol: /^https?$/ })
        .transform((address) => (address.endsWith('/') ? address : `${address}/`))
        .optional()
        .describe('Where the public finds these pages: links in messages lead there. Without it nobody can subscribe'),
      operatorHosts: z
        .array(z.string().regex(/^[\w.:[\]-]+$/, { error: 'write a host name or an address, without scheme and port' }))
        .default([])
        .describe("Names, besides those of this machine, by which the operator's pages may be asked for"),
      trustedProxies: z
        .array(
          z.string().refine(isAddressOrNetwork, { error: 'write an address or a network, as 127.0.0.1 or 10.0.0.0/8' }),
        )
        .default([])
        .describe('Proxies whose X-Forwarded-For says who asks: limits then count each reader by itself'),
      readyWithinSeconds: z
        .int()
        .min(60)
        .default(7_200)
        .describe('/readyz fails when no check has finished for this long'),
    })
    .prefault({}),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') }).prefault({}),
});

export type ConfigFile = z.output<typeof configShape>;
