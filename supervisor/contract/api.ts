// Every command, what it takes and gives, and whether it only reads. One contract for three carriers: in process, Electron IPC, HTTP over a Unix socket.
// Commands carry ids, never argv.
import * as z from 'zod';
import { serviceIdSchema } from './configuration.ts';
import { eventSchema, type UpkeepEvent } from './event.ts';
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

export const API = {
  status: { effect: 'read', input: nothing, result: snapshotSchema },
  /** Newest first. `since` is ISO 8601; `limit` 1 to 10,000, default 100. */
  history: {
    effect: 'read',
    input: z.strictObject({ service: serviceIdSchema.optional(), types: z.array(z.string()).optional(), since: z.string().optional(), limit: z.int().min(1).max(10_000).optional() }),
    result: z.array(eventSchema),
  },
  restart: { effect: 'act', input: oneService, result: actOutcomeSchema },
  start: { effect: 'act', input: oneService, result: actOutcomeSchema },
  stop: { effect: 'act', input: oneService, result: actOutcomeSchema },
  /** Checks the given services (default: all) now and restarts those that fail. */
  heal: { effect: 'act', input: someServices, result: z.array(actOutcomeSchema) },
  checkNow: { effect: 'act', input: someServices, result: z.array(actOutcomeSchema) },
  /** `until` is ISO 8601; absent: until resumed. No `service`: everything. */
  pause: { effect: 'act', input: z.strictObject({ service: serviceIdSchema.optional(), until: z.iso.datetime({ offset: true }).optional() }), result: z.array(actOutcomeSchema) },
  resume: { effect: 'act', input: perhapsService, result: z.array(actOutcomeSchema) },
} as const satisfies Record<string, { effect: 'read' | 'act'; input: z.ZodType; result: z.ZodType }>;

export type CommandName = keyof typeof API;
export type CommandInput<Name extends CommandName> = z.input<(typeof API)[Name]['input']>;
export type CommandResult<Name extends CommandName> = z.output<(typeof API)[Name]['result']>;

/** `unknown-service`: no service has that id. `bad-request`: the input does not fit. `unavailable`: nobody answers. `failed`: a bug or a broken environment. */
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
