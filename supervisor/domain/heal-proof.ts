// What a heal leaves behind: the facts of the events that tell of it, put together from its intent.
// Keeps and judges nothing.
import type { ServiceConfiguration } from '../contract/configuration.ts';
import type { HealProof } from '../contract/heal-proof.ts';
import type { HealResult, HealStep } from '../contract/reason.ts';
import type { Incident, Intent } from './state.ts';
import type { Now } from './time.ts';
import type { RoundVerdict } from './verdict.ts';

/** The intent of an act that has reached a step; one that is there already goes on (an act that is finished after a crash). */
export const reached = (intent: Intent, step: HealStep, now: Now): Intent =>
  (intent.steps.at(-1)?.step === step ? intent : { ...intent, step, steps: [...intent.steps, { step, atMs: now.mono }] });

/** The intent after one more verifying round. */
export const verified = (intent: Intent, { verdict }: RoundVerdict): Intent => {
  const { rounds, passed } = intent.verification;
  return { ...intent, verification: { rounds: rounds + 1, passed: passed + (verdict === 'up' || verdict === 'degraded' ? 1 : 0) } };
};

/** What is known when it begins. */
export function beginningOf({ attempt, by, symptom }: Intent, incident: Incident | null, policy: ServiceConfiguration): Pick<HealProof, 'attempt' | 'by' | 'manager' | 'incident' | 'symptom'> {
  return { attempt, by, manager: policy.manager?.type ?? 'none', incident: incident?.id ?? null, symptom };
}

export function proofOf(intent: Intent, result: HealResult, incident: Incident | null, policy: ServiceConfiguration, now: Now): HealProof {
  const { steps, startedMs, verification, downSinceMs, log } = intent;
  return {
    ...beginningOf(intent, incident, policy), result, verification, log: [...log],
    steps: steps.map(({ step, atMs }) => ({ step, atMs: atMs - startedMs })),
    lostMs: now.mono - downSinceMs,
  };
}
