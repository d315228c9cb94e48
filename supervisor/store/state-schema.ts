// What a state.json must look like to be trusted. Follows domain/state.ts: where the two drift apart, `stateSchema` is a type error.
// Unknown keys are passed over, so that a file of a later 0.x is not lost for a key more.
import * as z from 'zod';
import { SEVERITIES } from '../contract/configuration.ts';
import { healResultSchema, healStepSchema, symptomSchema, type MonoMs, type WallMs } from '../contract/reason.ts';
import type { SupervisorState } from '../domain/state.ts';

export const STATE_VERSION = 1;

const monoMs = z.custom<MonoMs>((value) => Number.isFinite(value), { error: 'expected a time on the supervision clock' });
const wallMs = z.custom<WallMs>((value) => Number.isFinite(value), { error: 'expected a time on the wall clock' });
const count = z.number().int().min(0);
const actor = z.enum(['upkeep', 'person']);
const pause = z.object({ untilWallMs: wallMs.nullable() });

const breaker = z.discriminatedUnion('state', [
  z.object({ state: z.literal('closed'), failures: count }),
  z.object({ state: z.literal('open'), sinceMs: monoMs, untilMs: monoMs }),
  z.object({ state: z.literal('half-open'), sinceMs: monoMs, successes: count }),
]);

const check = z.object({
  type: z.string(), target: z.string(), ok: z.boolean().nullable(), latencyMs: z.number().nullable(), error: z.string().nullable(), atMs: monoMs,
});

const intent = z.object({
  attempt: z.string(), kind: z.enum(['heal', 'launch']), by: actor, step: healStepSchema, startedMs: monoMs, symptom: symptomSchema.nullable(), downSinceMs: monoMs,
  // Not in files of 0.1.
  steps: z.array(z.object({ step: healStepSchema, atMs: monoMs })).readonly().default([]),
  verification: z.object({ rounds: count, passed: count }).default({ rounds: 0, passed: 0 }),
  log: z.array(z.string()).readonly().default([]),
});
const healRecord = z.object({
  attempt: z.string(), by: actor, startedMs: monoMs, endedMs: monoMs, symptom: symptomSchema.nullable(), result: healResultSchema,
});

const service = z.object({
  breaker,
  verdict: z.enum(['up', 'degraded', 'down', 'unknown']),
  verdictSinceMs: monoMs.nullable(),
  failedRounds: count,
  passedRounds: count,
  symptom: symptomSchema.nullable(),
  failingSinceMs: monoMs.nullable(),
  inconclusive: z.string().nullable(),
  checks: z.array(check).readonly(),
  generation: count,
  stopped: z.boolean(),
  pause: pause.nullable(),
  graceUntilMs: monoMs.nullable(),
  healTimes: z.array(monoMs).readonly(),
  cooldownMs: z.number().min(0).nullable(),
  healthySinceMs: monoMs.nullable(),
  intent: intent.nullable(),
  lastHeal: healRecord.nullable(),
  incident: z.object({ id: z.string(), sinceMs: monoMs, failedHeals: count, vainHeals: count.default(0) }).nullable(),
  toldHold: z.enum(['cooldown', 'budget-spent', 'machine-budget-spent', 'heals-under-way', 'just-woke', 'auto-off', 'no-manager']).nullable(),
});

const delivery = z.object({
  channel: z.string(),
  notice: z.enum(['raised', 'repeated', 'resolved', 'fixed']),
  state: z.enum(['pending', 'sent', 'unavailable', 'waiting', 'suppressed']),
  attempts: count,
  nextTryMs: monoMs,
  error: z.string().nullable(),
  told: z.boolean(),
  // What has a default is missing in files of 0.1.
  missed: z.boolean().default(false),
});

const alert = z.object({
  id: z.string(), service: z.string(), level: z.enum(SEVERITIES), sinceMs: monoMs, announcedMs: monoMs, title: z.string(), message: z.string(),
  phase: z.enum(['active', 'resolved', 'notice']),
  incident: z.string().nullable().default(null),
  ended: z.enum(['recovered', 'stopped', 'removed']).nullable().default(null),
  acknowledgedMs: monoMs.nullable().default(null),
  snooze: z.object({ untilWallMs: wallMs.nullable() }).nullable().default(null),
  deliveries: z.array(delivery).readonly(),
});

const schema = z.object({
  version: z.literal(STATE_VERSION),
  clock: z.object({ mono: monoMs, wall: wallMs }),
  pause: pause.nullable(),
  healTimes: z.array(monoMs).readonly(),
  services: z.record(z.string(), service),
  alerts: z.array(alert).readonly(),
  managers: z.record(z.string(), z.unknown()),
});

/** `never` as soon as one side has, lacks or types something the other does not. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? A : never) : never;

export const stateSchema: z.ZodType<Same<SupervisorState, z.output<typeof schema>>> = schema;
