// What a heal leaves behind as proof: the facts of the events `heal.started`, `heal.succeeded` and `heal.failed`.
import * as z from 'zod';
import { healResultSchema, healStepSchema, symptomSchema } from './reason.ts';

export const healProofSchema = z.object({
  attempt: z.string(),
  by: z.enum(['upkeep', 'person']),
  /** Kind of the service manager. */
  manager: z.string(),
  /** The incident it belongs to; null: nothing failed, a person restarted it. */
  incident: z.string().nullable(),
  /** What showed that it was needed: the failing check with its evidence, or how it exited; null: a person's wish. */
  symptom: symptomSchema.nullable(),
  /** What was done, in order, and how long after its beginning, in milliseconds. */
  steps: z.array(z.object({ step: healStepSchema, atMs: z.number() })),
  /** How it ended: verified by the service's own checks, or not and why. */
  result: healResultSchema,
  /** Verifying rounds: how many there were and how many passed. */
  verification: z.object({ rounds: z.number(), passed: z.number() }),
  /** From the first symptom to the end of the heal, in milliseconds. */
  lostMs: z.number(),
  /** The last lines the service wrote before the heal, oldest first, without secrets; empty where nobody keeps them. */
  log: z.array(z.string()),
});
export type HealProof = z.output<typeof healProofSchema>;
