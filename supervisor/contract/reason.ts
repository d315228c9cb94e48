// Why Upkeep did or did not do something, as values. Each kind carries its numbers and, where there is one, the time of the next possible action.
// Tray, panel, CLI, journal and tests read the same value; domain/explain.ts turns it into the one sentence people see.
import * as z from 'zod';

/** Milliseconds since 1970 on the wall clock: for showing, never for measuring. */
export type WallMs = number & { readonly wall: true };
/** Milliseconds on the supervision clock (monotonic, goes on across restarts of Upkeep): for measuring, never for showing. */
export type MonoMs = number & { readonly mono: true };

/** How a service ended, as its manager tells it. */
export const exitCauseSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('exit-code'), code: z.number() }),
  z.object({ kind: z.literal('signal'), signal: z.string() }),
  z.object({ kind: z.literal('out-of-memory') }),
  z.object({ kind: z.literal('start-limit') }),
  z.object({ kind: z.literal('not-running') }),
  z.object({ kind: z.literal('other'), text: z.string() }),
]);
export type ExitCause = z.output<typeof exitCauseSchema>;

/** What shows that a service is in trouble. */
export const symptomSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('check'), check: z.string(), target: z.string(), evidence: z.string() }),
  z.object({ kind: z.literal('exit'), cause: exitCauseSchema }),
]);
export type Symptom = z.output<typeof symptomSchema>;

/** Why an act of a service manager did not do what was asked. */
export const refusalSchema = z.object({
  code: z.enum(['needs-privilege', 'not-found', 'start-limit', 'timed-out', 'unavailable', 'failed']),
  /** What happened and what to do; stands after `Cannot restart "x": `, so it begins in lower case. */
  message: z.string(),
});
export type Refusal = z.output<typeof refusalSchema>;

export const healStepSchema = z.enum(['stopping', 'settling-after-stop', 'starting', 'settling-after-start', 'verifying']);
export type HealStep = z.output<typeof healStepSchema>;

/** How a heal ended. `superseded`: a person or a new configuration took over. */
export const healResultSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('fixed'), tookMs: z.number() }),
  z.object({ kind: z.literal('not-fixed'), tookMs: z.number(), evidence: z.string() }),
  z.object({ kind: z.literal('refused'), refusal: refusalSchema }),
  z.object({ kind: z.literal('superseded') }),
  z.object({ kind: z.literal('interrupted') }),
]);
export type HealResult = z.output<typeof healResultSchema>;

/** Wall-clock milliseconds; null where only a person's act ends the hold. */
const nextAtMs = z.number().nullable();

export const holdSchema = z.discriminatedUnion('code', [
  z.object({ code: z.literal('cooldown'), cooldownMs: z.number(), lastHealAtMs: z.number(), nextAtMs }),
  z.object({ code: z.literal('budget-spent'), used: z.number(), limit: z.number(), nextAtMs }),
  z.object({ code: z.literal('machine-budget-spent'), used: z.number(), limit: z.number(), nextAtMs }),
  z.object({ code: z.literal('heals-under-way'), limit: z.number(), nextAtMs }),
  z.object({ code: z.literal('just-woke'), nextAtMs }),
  z.object({ code: z.literal('auto-off'), nextAtMs }),
  z.object({ code: z.literal('no-manager'), nextAtMs }),
]);
export type Hold = z.output<typeof holdSchema>;

export const reasonSchema = z.discriminatedUnion('code', [
  /** `checks`: how many pass; 0: its service manager's word is all there is. */
  z.object({ code: z.literal('healthy'), checks: z.number() }),
  z.object({ code: z.literal('slow'), symptom: symptomSchema }),
  z.object({ code: z.literal('not-checked-yet') }),
  z.object({ code: z.literal('starting') }),
  z.object({ code: z.literal('just-woke'), nextAtMs }),
  z.object({ code: z.literal('inconclusive'), evidence: z.string() }),
  /** Failing, but the breaker is still closed. */
  z.object({ code: z.literal('failing'), symptom: symptomSchema, failures: z.number(), threshold: z.number() }),
  /** Passing again after an open breaker, not yet often enough to trust it. */
  z.object({ code: z.literal('recovering'), passes: z.number(), threshold: z.number() }),
  /** `inVain`: so many automatic restarts in a row have not helped; absent: too few to say so. */
  z.object({ code: z.literal('held'), symptom: symptomSchema.nullable(), hold: holdSchema, inVain: z.number().optional() }),
  z.object({ code: z.literal('healing'), symptom: symptomSchema.nullable(), step: healStepSchema, by: z.enum(['upkeep', 'person']) }),
  /** The last heal, told for an hour after it. */
  z.object({ code: z.literal('healed'), symptom: symptomSchema.nullable(), by: z.enum(['upkeep', 'person']), atMs: z.number(), tookMs: z.number() }),
  z.object({ code: z.literal('heal-failed'), symptom: symptomSchema.nullable(), by: z.enum(['upkeep', 'person']), atMs: z.number(), result: healResultSchema, hold: holdSchema.nullable(), inVain: z.number().optional() }),
  z.object({ code: z.literal('paused'), untilMs: nextAtMs }),
  z.object({ code: z.literal('stopped-by-person') }),
]);
export type Reason = z.output<typeof reasonSchema>;
