// The shape of services.json: the schema people's editors and the reader share, the defaults, and the resolved form the engine runs on.
// It does not know which checks, service managers and channels exist: plugins.ts hands their schemas in.
import * as z from 'zod';
import { duration } from './duration.ts';
import { SERVICE_ID } from './service-id.ts';

/** What every check in services.json has: its kind. The rest belongs to the kind. */
export interface CheckSpec { readonly type: string }
/** What every service manager in services.json has: its kind. The rest belongs to the kind. */
export interface ManagerSpec { readonly type: string }

/** What a service manager acts on. Two services with the same `key` would restart it twice for one outage. */
export interface ManagedThing {
  /** One noun: "unit". */
  readonly kind: string;
  /** Shown to people, so without arguments: they may hold a password. */
  readonly name: string;
  /** Never shown. */
  readonly key: string;
}

export const SEVERITIES = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

export { SERVICE_ID } from './service-id.ts';
export const serviceIdSchema = z.string().regex(SERVICE_ID, { error: 'an id of lower-case letters, digits, ".", "_" or "-", at most 63 characters, beginning with a letter or digit' });

const count = (min: number, max = 1_000_000) =>
  z.int({ error: 'a whole number' }).min(min, { error: `${min} or more` }).max(max, { error: `${max} or less` });
const text = z.string({ error: 'a text' }).min(1, { error: 'a text that is not empty' });

/** User, password or token in front of the host. */
const HAS_USER = /^https?:[/\\]*[^/\\?#]*@/i;

const breaker = z.strictObject({
  failureThreshold: count(1, 1000).describe('Failed rounds in a row that open the breaker. Default 5.'),
  successThreshold: count(1, 1000).describe('Passed rounds in a row that close it again. Default 2.'),
  openFor: duration({ minMs: 100 }).describe('How long an open breaker waits before it tries one round. Default "60s", smallest "100ms".'),
}).partial();

const heal = z.strictObject({
  auto: z.boolean({ error: 'true or false' }).describe('Whether Upkeep restarts the service by itself. Default true.'),
  cooldown: z.union([
    duration(),
    z.strictObject({ from: duration({ minMs: 1 }).describe('The first one, and the one after 10 minutes of health.'), to: duration({ minMs: 1 }).describe('The longest one.') })
      .refine(({ from, to }) => from <= to, { error: '"from" no longer than "to"' }),
  ], { error: 'a duration such as "5m", or {"from": "10s", "to": "5m"}' })
    .describe('Least time between two heals. {from, to} doubles after each heal and goes back to "from" after 10 minutes of health. Default "5m".'),
  maxPerHour: count(0, 3600).describe('Heals in any sliding hour. Default 3. A person\'s own restart is counted but never refused.'),
  stopWithin: duration().describe('How long the service may take to stop before its process tree is killed. Default "10s".'),
  settleAfterStop: duration().describe('Fixed wait between stop and start. Default "0s".'),
  settleAfterStart: duration().describe('Fixed wait between start and the first verifying check. Default "0s".'),
  verifyWithin: duration({ minMs: 100 }).describe('How long the checks may take to pass after a start. Default "30s".'),
}).partial();

const settings = {
  interval: duration({ minMs: 250 }).describe('Time between two rounds of checks. Default "10s", smallest "250ms".').optional(),
  retryInterval: duration({ minMs: 100 }).describe('Time between rounds while the service fails and the breaker is not open yet; never longer than interval. Default "1s", smallest "100ms".').optional(),
  timeout: duration({ minMs: 50 }).describe('Time a single check may take. Default "5s", smallest "50ms".').optional(),
  severity: z.enum(SEVERITIES, { error: '"critical", "warning" or "info"' }).describe('Which alert level a failure has. Default "critical".').optional(),
  breaker: breaker.describe('When a run of failures is real.').optional(),
  heal: heal.describe('Whether, how often and how Upkeep restarts the service.').optional(),
};

const DAY_MS = 86_400_000;

const history = z.strictObject({
  minutes: duration({ minMs: DAY_MS, maxMs: 14 * DAY_MS }).describe('Measurements a minute each. Default "24h", smallest "24h", largest "14d".'),
  hours: duration({ minMs: 7 * DAY_MS, maxMs: 731 * DAY_MS }).describe('Measurements an hour each. Default "90d", smallest "7d", largest "731d".'),
  days: duration({ minMs: 90 * DAY_MS, maxMs: 1_825 * DAY_MS }).describe('Measurements a day each. Default "730d", smallest "90d", largest "1825d".'),
  events: duration({ minMs: DAY_MS, maxMs: 1_825 * DAY_MS }).describe('What happened: events, incidents, heals. Default "730d", smallest "1d", largest "1825d".'),
  maxSizeMb: count(10, 100_000).describe('Size of journal.db in millions of bytes; beyond it the oldest goes earlier. Default 500, smallest 10.'),
}).partial();

const alertLevel = (channels: readonly string[]) => z.strictObject({
  after: count(1, 100_000).describe('Failed rounds in a row before a person is called.'),
  repeat: duration({ minMs: 1_000 }).describe('Time between two reminders while the trouble lasts.'),
  to: z.array(z.enum(channels), { error: 'a list of channel names' }).describe('Channels that are told. A channel that is not set up is passed over.'),
}).partial();

/** The schemas of the kinds that exist, from plugins.ts. */
export interface PluginSchemas {
  readonly checks: readonly z.ZodObject[];
  readonly managers: readonly z.ZodObject[];
  /** By channel name. */
  readonly channels: Readonly<Record<string, z.ZodObject>>;
  /** Manager kinds that can always tell whether the service runs, so that it needs no checks. */
  readonly givesStatus: (manager: ManagerSpec) => boolean;
  /** null: any number of services may have this manager. Default: always null. */
  readonly identity?: (manager: ManagerSpec) => ManagedThing | null;
}

const kinds = <Spec extends { readonly type: string }>(schemas: readonly z.ZodObject[], what: string): z.ZodType<Spec> => {
  const names = schemas.flatMap(({ shape }) => (shape['type'] instanceof z.ZodLiteral ? [...shape['type'].values].map(String) : []));
  const [first, ...rest] = schemas;
  if (first === undefined) throw new RangeError(`expected at least one kind of ${what}`);
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- each member says its own type; which members there are is known only to plugins.ts
  return z.discriminatedUnion('type', [first, ...rest], { error: `a ${what} with "type": ${names.map((name) => `"${name}"`).join(', ')}` }) as unknown as z.ZodType<Spec>;
};

/** At the second service, since the first one may be the one that was meant. Services that could not be read are passed over: they have mistakes of their own. */
function findManagedTwice(services: Readonly<Record<string, { readonly manager?: ManagerSpec | undefined }>>, identity: NonNullable<PluginSchemas['identity']>): { readonly id: string; readonly message: string }[] {
  const managedBy = new Map<string, string>();
  return Object.entries(services).flatMap(([id, { manager }]) => {
    const thing = manager === undefined ? null : identity(manager);
    if (thing === null) return [];
    const key = JSON.stringify([manager?.type, thing.key]);
    const other = managedBy.get(key);
    if (other === undefined) managedBy.set(key, id);
    return other === undefined ? [] : [{ id, message: `a ${thing.kind} that no other service manages, but "${other}" manages ${thing.name} already` }];
  });
}

/** The schema of services.json. Its output has durations in milliseconds; defaults come from `resolveConfiguration`. */
export function configurationSchema(plugins: PluginSchemas) {
  const check = kinds<CheckSpec>(plugins.checks, 'check');
  const manager = kinds<ManagerSpec>(plugins.managers, 'service manager');
  const service = z.strictObject({
    name: text.describe('Shown to people. Default: the id.').optional(),
    group: text.describe('Services with the same group stand together.').optional(),
    // It is shown as it stands.
    url: z.url({ protocol: /^https?$/, error: 'an http or https address' }).refine((address) => !HAS_USER.test(address), { error: 'an http or https address without a password in it' })
      .describe('Opened from tray and panel.').optional(),
    checks: z.array(check, { error: 'a list of checks' }).describe('All must pass. The service is as bad as its worst check.').optional(),
    manager: manager.describe('Who can start and stop it. None: watch only.').optional(),
    ...settings,
  }).superRefine((value, context) => {
    if ((value.checks?.length ?? 0) > 0 || (value.manager !== undefined && plugins.givesStatus(value.manager))) return;
    context.addIssue({ code: 'custom', path: ['checks'], message: 'at least one check, or a service manager that gives a status', input: value.checks });
  }, {
    // Other mistakes in the service do not hide this one. Where checks or manager cannot be read or may be misspelt it would be noise.
    when: ({ issues }) => issues.every(({ path }) => path?.[0] !== undefined && path[0] !== 'checks' && path[0] !== 'manager'),
  });
  const level = alertLevel(Object.keys(plugins.channels));
  return z.strictObject({
    $schema: z.string().describe('Address of the JSON Schema, for editors.').optional(),
    version: z.literal(1, { error: 'the number 1' }).describe('Version of this format.'),
    defaults: z.strictObject(settings).describe('Settings for every service that does not say otherwise.').optional(),
    services: z.record(serviceIdSchema, service, { error: 'an object with one entry a service' }).superRefine((services, context) => {
      // Only what was read is compared: a service with a mistake of its own may not even be an object.
      const wrong = new Set(context.issues.map(({ path }) => path?.[0]));
      const read = Object.fromEntries(Object.entries(services).filter(([id]) => !wrong.has(id)));
      for (const { id, message } of findManagedTwice(read, plugins.identity ?? (() => null))) {
        context.addIssue({ code: 'custom', path: [id, 'manager'], message, input: services[id]?.manager });
      }
    }, {
      // Mistakes elsewhere do not hide this one.
      when: ({ value }) => typeof value === 'object' && value !== null,
    }).describe('What this machine runs, by id.'),
    limits: z.strictObject({
      healsPerHour: count(0, 100_000).describe('Heals of all services together in any sliding hour. Default 20.'),
      concurrentHeals: count(1, 1000).describe('Heals under way at the same time. Default 2.'),
      concurrentChecks: count(1, 10_000).describe('Checks under way at the same time. Default 64.'),
    }).partial().describe('Limits for the whole machine.').optional(),
    alerts: z.strictObject({
      levels: z.strictObject({ critical: level, warning: level, info: level }).partial().describe('When a person is called, by the severity of the service.').optional(),
      channels: z.strictObject(Object.fromEntries(Object.entries(plugins.channels).map(([name, schema]) => [name, schema.optional()]))).describe('Settings of the ways to tell a person.').optional(),
      notifyOnFix: z.boolean({ error: 'true or false' }).describe('One notice when a heal has fixed a service. Default true.').optional(),
    }).describe('Who is told, when and how often.').optional(),
    history: history.describe('How long what happened and what was measured is kept, and how much of it.').optional(),
  }).meta({ title: 'Upkeep services.json', description: 'What this machine runs and how Upkeep looks after it.' });
}

export type ConfigurationInput = z.output<ReturnType<typeof configurationSchema>>;

export interface BreakerPolicy { readonly failureThreshold: number; readonly successThreshold: number; readonly openForMs: number }
export interface HealPolicy {
  readonly auto: boolean;
  /** `fromMs` = `toMs` is a fixed cooldown. */
  readonly cooldown: { readonly fromMs: number; readonly toMs: number };
  readonly maxPerHour: number;
  readonly stopWithinMs: number;
  readonly settleAfterStopMs: number;
  readonly settleAfterStartMs: number;
  readonly verifyWithinMs: number;
}
export interface AlertLevelPolicy { readonly after: number; readonly repeatMs: number; readonly to: readonly string[] }
export interface MachineLimits { readonly healsPerHour: number; readonly concurrentHeals: number; readonly concurrentChecks: number }

/** One service with every default filled in. */
export interface ServiceConfiguration {
  readonly id: string;
  readonly name: string;
  readonly group: string | null;
  readonly url: string | null;
  readonly checks: readonly CheckSpec[];
  readonly manager: ManagerSpec | null;
  readonly intervalMs: number;
  readonly retryIntervalMs: number;
  readonly timeoutMs: number;
  readonly severity: Severity;
  readonly breaker: BreakerPolicy;
  readonly heal: HealPolicy;
}
export interface AlertConfiguration {
  readonly levels: Readonly<Record<Severity, AlertLevelPolicy>>;
  /** Settings by channel name; a channel that is absent is not set up. */
  readonly channels: Readonly<Record<string, unknown>>;
  readonly notifyOnFix: boolean;
}
/** How long each kind of history is kept, and how large it may become. */
export interface HistoryConfiguration { readonly minutesMs: number; readonly hoursMs: number; readonly daysMs: number; readonly eventsMs: number; readonly maxBytes: number }
export interface Configuration {
  readonly services: readonly ServiceConfiguration[];
  readonly limits: MachineLimits;
  readonly alerts: AlertConfiguration;
  readonly history: HistoryConfiguration;
}

const LEVELS: Record<Severity, AlertLevelPolicy> = {
  critical: { after: 3, repeatMs: 3_600_000, to: ['desktop', 'discord', 'log'] },
  warning: { after: 5, repeatMs: 7_200_000, to: ['log'] },
  info: { after: 10, repeatMs: 86_400_000, to: ['log'] },
};

function resolveLevel(severity: Severity, input: z.output<ReturnType<typeof alertLevel>> | undefined): AlertLevelPolicy {
  const standard = LEVELS[severity];
  return { after: input?.after ?? standard.after, repeatMs: input?.repeat ?? standard.repeatMs, to: input?.to ?? standard.to };
}

function resolveHeal(input: z.output<typeof heal>): HealPolicy {
  const cooldown = input.cooldown ?? 300_000;
  return {
    auto: input.auto ?? true,
    cooldown: typeof cooldown === 'number' ? { fromMs: cooldown, toMs: cooldown } : { fromMs: cooldown.from, toMs: cooldown.to },
    maxPerHour: input.maxPerHour ?? 3,
    stopWithinMs: input.stopWithin ?? 10_000,
    settleAfterStopMs: input.settleAfterStop ?? 0,
    settleAfterStartMs: input.settleAfterStart ?? 0,
    verifyWithinMs: input.verifyWithin ?? 30_000,
  };
}

/** Fills in every default. Settings of a service win over `defaults`, key by key. */
export function resolveConfiguration(input: ConfigurationInput): Configuration {
  const { defaults = {}, limits = {}, alerts = {}, history: kept = {} } = input;
  const services = Object.entries(input.services).map(([id, service]): ServiceConfiguration => {
    const own = { ...defaults, ...service };
    const breaker = { ...defaults.breaker, ...service.breaker };
    const intervalMs = own.interval ?? 10_000;
    return {
      id, name: service.name ?? id, group: service.group ?? null, url: service.url ?? null,
      checks: service.checks ?? [], manager: service.manager ?? null,
      intervalMs, retryIntervalMs: Math.min(own.retryInterval ?? 1_000, intervalMs), timeoutMs: own.timeout ?? 5_000,
      severity: own.severity ?? 'critical',
      breaker: { failureThreshold: breaker.failureThreshold ?? 5, successThreshold: breaker.successThreshold ?? 2, openForMs: breaker.openFor ?? 60_000 },
      heal: resolveHeal({ ...defaults.heal, ...service.heal }),
    };
  });
  return {
    services,
    limits: { healsPerHour: limits.healsPerHour ?? 20, concurrentHeals: limits.concurrentHeals ?? 2, concurrentChecks: limits.concurrentChecks ?? 64 },
    alerts: {
      levels: { critical: resolveLevel('critical', alerts.levels?.critical), warning: resolveLevel('warning', alerts.levels?.warning), info: resolveLevel('info', alerts.levels?.info) },
      channels: { desktop: {}, log: {}, ...alerts.channels },
      notifyOnFix: alerts.notifyOnFix ?? true,
    },
    history: {
      minutesMs: kept.minutes ?? DAY_MS, hoursMs: kept.hours ?? 90 * DAY_MS, daysMs: kept.days ?? 730 * DAY_MS, eventsMs: kept.events ?? 730 * DAY_MS,
      maxBytes: (kept.maxSizeMb ?? 500) * 1_000_000,
    },
  };
}
