// Every command, what it takes and gives, and whether it only reads. One contract for three carriers: in process, Electron IPC, HTTP over a Unix socket.
// Commands carry ids, never argv.
import * as z from 'zod';
import { serviceIdSchema } from './configuration.ts';
import { diagnosticsSchema } from './diagnostics.ts';
import { eventSchema, type UpkeepEvent } from './event.ts';
import { incidentSchema, overviewSchema, seriesSchema, statisticsSchema, storageSchema } from './history.ts';
import { settingsSchema } from './settings.ts';
import { snapshotSchema, type Snapshot } from './snapshot.ts';

/** What became of an act on one service. */
export const actOutcomeSchema = z.object({
  service: z.string(),
  ok: z.boolean(),
  /** One sentence. */
  message: z.string(),
});
export type ActOutcome = z.output<typeof actOutcomeSchema>;

const nothing = z.strictObject({});
const oneService = z.strictObject({ service: serviceIdSchema });
const someServices = z.strictObject({ services: z.array(serviceIdSchema).min(1).optional() });
const perhapsService = z.strictObject({ service: serviceIdSchema.optional() });
const oneAlert = z.strictObject({ alert: z.string().min(1).max(100) });
/** ISO 8601 with a zone. */
const time = z.iso.datetime({ offset: true });

export const API = {
  status: { effect: 'read', input: nothing, result: snapshotSchema },
  /** Newest first. `since` (inclusive) and `before` (exclusive) are ISO 8601; `limit` 1 to 10,000, default 100. */
  history: {
    effect: 'read',
    input: z.strictObject({
      service: serviceIdSchema.optional(), types: z.array(z.string()).optional(), since: z.string().optional(), before: z.string().optional(),
      limit: z.int().min(1).max(10_000).optional(),
    }),
    result: z.array(eventSchema),
  },
  /** The last day and hour of the given services (default: all) at a glance. Ids without a service are left out. */
  overview: { effect: 'read', input: someServices, result: overviewSchema },
  /** What was measured from `from` (inclusive) to `to` (exclusive, default now), at the finest resolution that is kept for all of it and gives at most 2,000 buckets. */
  series: { effect: 'read', input: z.strictObject({ service: serviceIdSchema, from: time, to: time.optional() }), result: seriesSchema },
  /** No `service`: all together. */
  statistics: { effect: 'read', input: perhapsService, result: statisticsSchema },
  /** Newest first; those that were under way at some time between `since` and `before`. `limit` 1 to 1,000, default 100. */
  incidents: {
    effect: 'read',
    input: z.strictObject({ service: serviceIdSchema.optional(), since: time.optional(), before: time.optional(), limit: z.int().min(1).max(1_000).optional() }),
    result: z.array(incidentSchema),
  },
  /** One incident and all that happened to its service from its first symptom to its end, oldest first. null: there is none with that id. */
  incident: { effect: 'read', input: z.strictObject({ incident: z.string().min(1).max(100) }), result: z.object({ incident: incidentSchema, events: z.array(eventSchema) }).nullable() },
  /** The last lines the service wrote, oldest first. `lines` 1 to 1,000, default 100. `source`: where they come from; null: nobody keeps them. */
  log: { effect: 'read', input: z.strictObject({ service: serviceIdSchema, lines: z.int().min(1).max(1_000).optional() }), result: z.object({ source: z.string().nullable(), lines: z.array(z.string()) }) },
  storage: { effect: 'read', input: nothing, result: storageSchema },
  diagnostics: { effect: 'read', input: nothing, result: diagnosticsSchema },
  settings: { effect: 'read', input: nothing, result: settingsSchema },
  /** All settings at once; the result is what holds now. */
  changeSettings: { effect: 'act', input: z.strictObject({ settings: settingsSchema }), result: settingsSchema },
  /** A person knows of it: no more reminders for this alert; its end is told. */
  acknowledge: { effect: 'act', input: oneAlert, result: actOutcomeSchema },
  /** No more reminders until then; absent: until it recovers. */
  snooze: { effect: 'act', input: z.strictObject({ alert: z.string().min(1).max(100), until: time.optional() }), result: actOutcomeSchema },
  /** Sends a test notice and says what the channel answered. */
  testChannel: { effect: 'act', input: z.strictObject({ channel: z.string().min(1).max(100) }), result: z.object({ channel: z.string(), ok: z.boolean(), message: z.string() }) },
  /** Serves the panel to a browser on this machine. The address works once; the door closes 15 minutes after the last use. Not for pages. */
  openPanel: { effect: 'act', input: nothing, result: z.object({ address: z.string() }) },
  restart: { effect: 'act', input: oneService, result: actOutcomeSchema },
  start: { effect: 'act', input: oneService, result: actOutcomeSchema },
  stop: { effect: 'act', input: oneService, result: actOutcomeSchema },
  /** Checks the given services (default: all) now and restarts those that fail. */
  heal: { effect: 'act', input: someServices, result: z.array(actOutcomeSchema) },
  checkNow: { effect: 'act', input: someServices, result: z.array(actOutcomeSchema) },
  /** `until` is ISO 8601; absent: until resumed. No `service`: everything. */
  pause: { effect: 'act', input: z.strictObject({ service: serviceIdSchema.optional(), until: time.optional() }), result: z.array(actOutcomeSchema) },
  resume: { effect: 'act', input: perhapsService, result: z.array(actOutcomeSchema) },
} as const satisfies Record<string, { effect: 'read' | 'act'; input: z.ZodType; result: z.ZodType }>;

export type CommandName = keyof typeof API;
/** What no page may ask for, whoever shows it. */
export const NOT_FOR_PAGES: readonly CommandName[] = ['openPanel'];
export type CommandInput<Name extends CommandName> = z.input<(typeof API)[Name]['input']>;
export type CommandResult<Name extends CommandName> = z.output<(typeof API)[Name]['result']>;

/** `unknown-service`: no service, alert or channel has that id. `bad-request`: the input does not fit. `unavailable`: nobody answers. `failed`: a bug or a broken environment. */
export const apiErrorSchema = z.object({
  code: z.enum(['unknown-service', 'bad-request', 'unavailable', 'failed']),
  message: z.string(),
});
export type ApiErrorCode = z.output<typeof apiErrorSchema>['code'];

/** What `call` rejects with. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;
  constructor(code: ApiErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export const liveMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), snapshot: snapshotSchema }),
  z.object({ kind: z.literal('event'), event: eventSchema }),
]);
/** A subscriber gets the snapshot at once and at most four a second after that; events as they happen. */
export type LiveMessage = { readonly kind: 'snapshot'; readonly snapshot: Snapshot } | { readonly kind: 'event'; readonly event: UpkeepEvent };

export interface UpkeepApi {
  /** Rejects with `ApiError`. */
  call<Name extends CommandName>(name: Name, input: CommandInput<Name>): Promise<CommandResult<Name>>;
  /** Returns the way to stop it; stopping twice is fine. */
  subscribe(listener: (message: LiveMessage) => void): () => void;
}
