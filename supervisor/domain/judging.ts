// How rounds and exits change what is held of a service: its breaker, its verdict, its trouble.
// Decides nothing about restarts; see decision.ts.
import type { Symptom } from '../contract/reason.ts';
import { afterFailure, afterSuccess, CLOSED, openNow, type Breaker } from './breaker.ts';
import { mayBeHealed } from './decision.ts';
import { cooldownAfterHealth } from './heal-budget.ts';
import type { StepContext } from './service-event.ts';
import type { ServiceState } from './state.ts';
import type { Now } from './time.ts';
import type { RoundVerdict } from './verdict.ts';

/** Failed rounds in a row that count as down: the breaker's threshold, or the alert's where nobody can heal it now anyway. */
const confirmedAfter = (service: ServiceState, { policy, alerts, machine, now }: StepContext): number =>
  mayBeHealed(service, policy, machine, now)
    ? policy.breaker.failureThreshold
    : Math.min(policy.breaker.failureThreshold, alerts.levels[policy.severity].after);

export const seen = (service: ServiceState, verdict: ServiceState['verdict'], now: Now): ServiceState =>
  service.verdict === verdict ? service : { ...service, verdict, verdictSinceMs: now.mono };

/** A healthy time ends here, for whatever reason; one that was long enough makes the cooldown begin anew. */
export const unwell = (service: ServiceState, now: Now): ServiceState => ({ ...service, cooldownMs: cooldownAfterHealth(service, now.mono), healthySinceMs: null });

/** Trouble is over. */
export const healthy = (service: ServiceState, verdict: 'up' | 'degraded', symptom: Symptom | null, now: Now): ServiceState =>
  seen({ ...service, breaker: CLOSED, failedRounds: 0, symptom, failingSinceMs: null, inconclusive: null, incident: null, toldHold: null, healthySinceMs: service.healthySinceMs ?? now.mono }, verdict, now);

/** Counts that are not yet conclusions are forgotten; an open breaker stays open. */
export const forgotten = (service: ServiceState): ServiceState => ({
  ...service, generation: service.generation + 1, inconclusive: null, failedRounds: service.breaker.state === 'closed' ? 0 : service.failedRounds,
  breaker: service.breaker.state === 'closed' ? CLOSED : service.breaker, failingSinceMs: service.breaker.state === 'closed' ? null : service.failingSinceMs,
});

/** A failed round while a heal is being verified: the passes in a row begin again, the heal goes on. */
const restartTrial = (breaker: Breaker): Breaker => (breaker.state === 'half-open' && breaker.successes > 0 ? { ...breaker, successes: 0 } : breaker);

/** The state after one more failed round, with whatever breaker that gives. */
function failed(service: ServiceState, symptom: Symptom | null, breaker: Breaker, context: StepContext): ServiceState {
  const { now, policy } = context;
  // An exit is conclusive: it weighs as much as the rounds it takes to open the breaker, for alerts too.
  const failedRounds = Math.max(service.failedRounds + 1, symptom?.kind === 'exit' ? policy.breaker.failureThreshold : 0);
  const failingSinceMs = service.failingSinceMs ?? now.mono;
  const common = { ...unwell(service, now), failedRounds, passedRounds: 0, symptom, failingSinceMs, inconclusive: null, breaker };
  if (service.intent !== null) return common;
  const down = service.incident !== null || breaker.state !== 'closed' || failedRounds >= confirmedAfter(service, context);
  const incident = service.incident ?? (down ? { id: `incident-${context.freshId}`, sinceMs: failingSinceMs, failedHeals: 0, vainHeals: 0 } : null);
  return seen({ ...common, incident }, down ? 'down' : 'degraded', now);
}

/** A round that failed: one more in the row, or the end of the matter when its manager says that it has exited. */
export function afterFailedRound(service: ServiceState, round: RoundVerdict, context: StepContext): ServiceState {
  const { policy, now } = context;
  if (service.intent !== null) return failed(service, round.symptom, restartTrial(service.breaker), context);
  const breaker = round.conclusive ? openNow(service.breaker, policy.breaker, now.mono) : afterFailure(service.breaker, policy.breaker, now.mono);
  return failed(service, round.symptom, breaker, context);
}

/** Its manager has told the exit itself. Rounds under way saw a service that is no more. */
export function afterExit(service: ServiceState, symptom: Symptom, context: StepContext): ServiceState {
  if (service.intent !== null) return failed(service, symptom, restartTrial(service.breaker), context);
  return { ...failed(service, symptom, openNow(service.breaker, context.policy.breaker, context.now.mono), context), generation: service.generation + 1 };
}

/** A round that says nothing: nobody knows how it is; a trial it was meant to be is put off. */
export function afterUnclearRound(service: ServiceState, round: RoundVerdict, { policy, now }: StepContext): ServiceState {
  if (service.intent !== null) return service;
  const breaker = service.breaker.state === 'half-open' ? openNow(service.breaker, policy.breaker, now.mono) : service.breaker;
  return seen({ ...unwell(service, now), breaker, inconclusive: round.inconclusive }, 'unknown', now);
}

/** A round that passed, slowly or not. */
export function afterPassedRound(service: ServiceState, round: RoundVerdict, context: StepContext): ServiceState {
  const { policy, now } = context;
  const breaker = afterSuccess(service.breaker, policy.breaker);
  const passedRounds = Math.min(service.passedRounds + 1, policy.breaker.successThreshold);
  const counted: ServiceState = { ...service, breaker, passedRounds, failedRounds: 0 };
  if (service.intent !== null) return counted;
  const trusted = breaker.state === 'closed' && (service.incident === null || passedRounds >= policy.breaker.successThreshold);
  return trusted ? healthy(counted, round.verdict === 'degraded' ? 'degraded' : 'up', round.symptom, now) : counted;
}
