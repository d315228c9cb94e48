// The beginning and the end of an act on a service (a heal, a launch, a stop) as changes of its state.
// Decides nothing about whether it should happen; performs nothing.
import type { HealResult, Reason, Symptom } from '../contract/reason.ts';
import { CLOSED, openNow, type Breaker } from './breaker.ts';
import { holdsAgainst, lastingHold } from './decision.ts';
import { nextCooldownMs, withHealAt } from './heal-budget.ts';
import { beginningOf, proofOf } from './heal-proof.ts';
import { forgotten, healthy, seen, unwell } from './judging.ts';
import type { StepContext, Stepped, Told } from './service-event.ts';
import type { Actor, HealRecord, Incident, Intent, ServiceState } from './state.ts';
import { inVain } from './status.ts';
import { incidentFact, tell } from './telling.ts';
import { toWall, type Now } from './time.ts';

/** The intent of a new act, and the trial that every act is. */
export function begin(service: ServiceState, kind: Intent['kind'], by: Actor, context: StepContext): Stepped {
  const { policy, now, freshId } = context;
  const intent: Intent = {
    attempt: `attempt-${freshId}`, kind, by, step: kind === 'heal' ? 'stopping' : 'starting', steps: [],
    startedMs: now.mono, symptom: service.symptom, downSinceMs: service.failingSinceMs ?? now.mono, verification: { rounds: 0, passed: 0 }, log: [],
  };
  const trial: Breaker = { state: 'half-open', sinceMs: service.breaker.state === 'closed' ? now.mono : service.breaker.sinceMs, successes: 0 };
  const begun: ServiceState = {
    ...unwell(service, now), intent, breaker: trial, stopped: false, generation: service.generation + 1, passedRounds: 0, toldHold: null,
    healTimes: kind === 'heal' ? withHealAt(service.healTimes, now.mono) : service.healTimes,
  };
  const told = kind === 'heal' ? [tell('heal.started', begun, context, beginningOf(intent, service.incident, policy))] : [];
  return { service: begun, effects: [...told, { kind: 'begin', intent }] };
}

function recordOf(intent: Intent, result: HealResult, now: Now): HealRecord {
  const { attempt, by, startedMs, symptom } = intent;
  return { attempt, by, startedMs, endedMs: now.mono, symptom, result };
}

/** A start that failed without a check having run: the refusal itself is what shows the trouble. */
const launchSymptom = (result: HealResult): Symptom | null =>
  result.kind === 'refused' ? { kind: 'exit', cause: { kind: 'other', text: result.refusal.message } }
    : result.kind === 'not-fixed' ? { kind: 'exit', cause: { kind: 'other', text: result.evidence } } : null;

/** `before` is what the state it ends in is to be compared with. */
export interface Ended { readonly before: ServiceState; readonly after: ServiceState; readonly told: readonly Told[] }

type HealFailure = Extract<HealResult, { kind: 'not-fixed' | 'refused' | 'interrupted' }>;

/** Undefined: this attempt is not under way (any more). */
export function end(service: ServiceState, attempt: string, result: HealResult, context: StepContext): Ended | undefined {
  const { intent } = service;
  if (intent === null || intent.attempt !== attempt) return undefined;
  const { policy, now } = context;
  const ended: ServiceState = {
    ...service, intent: null, generation: service.generation + 1,
    ...(intent.kind === 'heal' && { lastHeal: recordOf(intent, result, now), cooldownMs: nextCooldownMs(service, policy.heal) }),
  };
  switch (result.kind) {
    case 'fixed': {
      const after = healthy({ ...ended, passedRounds: policy.breaker.successThreshold }, 'up', null, now);
      // The passes that verified it have closed the breaker already; it is told here, after what brought it about.
      const before: ServiceState = { ...service, breaker: { state: 'half-open', sinceMs: intent.startedMs, successes: 0 } };
      return { before, after, told: toldOf(intent, result, after, service.incident, context) };
    }
    case 'superseded': {
      const after: ServiceState = { ...ended, verdict: 'unknown', verdictSinceMs: now.mono };
      // What took over tells its own story.
      return { before: after, after, told: toldOf(intent, result, after, after.incident, context) };
    }
    case 'not-fixed':
    case 'refused':
    case 'interrupted': {
      const after = broken(ended, intent, result, context);
      return { before: service, after, told: toldOf(intent, result, after, after.incident, context) };
    }
  }
}

function broken(ended: ServiceState, intent: Intent, result: HealFailure, { policy, now, freshId }: StepContext): ServiceState {
  const failingSinceMs = ended.failingSinceMs ?? intent.downSinceMs;
  const incident = ended.incident ?? { id: `incident-${freshId}`, sinceMs: failingSinceMs, failedHeals: 0, vainHeals: 0 };
  const heals = intent.kind === 'heal' ? 1 : 0;
  const isVain = intent.by === 'upkeep' && result.kind === 'not-fixed';
  return seen({
    ...ended, failingSinceMs, failedRounds: Math.max(1, ended.failedRounds), symptom: ended.symptom ?? launchSymptom(result),
    incident: { ...incident, failedHeals: incident.failedHeals + heals, vainHeals: incident.vainHeals + (isVain ? heals : 0) },
    breaker: openNow(ended.breaker, policy.breaker, now.mono),
  }, 'down', now);
}

function toldOf(intent: Intent, result: HealResult, after: ServiceState, incident: Incident | null, context: StepContext): Told[] {
  const { by, symptom } = intent;
  const { policy, machine, now } = context;
  if (intent.kind === 'launch') return result.kind === 'fixed' && by === 'person' ? [tell('service.started', after, context)] : [];
  const facts = proofOf(intent, result, incident, policy, now);
  const atMs = toWall(intent.startedMs, now);
  if (result.kind === 'fixed') return [{ kind: 'event', type: 'heal.succeeded', why: { code: 'healed', symptom, by, atMs, tookMs: result.tookMs }, facts }];
  const hold = result.kind === 'superseded' ? null : (lastingHold(holdsAgainst(after, policy, machine, now)) ?? null);
  const why: Reason = { code: 'heal-failed', symptom, by, atMs, result, hold, ...inVain(after) };
  return [{ kind: 'event', type: 'heal.failed', why, facts }];
}

const SUPERSEDED: HealResult = { kind: 'superseded' };

/** A person stops it: whatever was under way ends, and nothing is expected of it any more. */
export function stop(service: ServiceState, context: StepContext): Stepped {
  const { now, policy } = context;
  const { intent } = service;
  // What it began counts, whoever ends it: starting the service again must not get round the cooldown.
  const counted = intent?.kind === 'heal' ? { ...service, lastHeal: recordOf(intent, SUPERSEDED, now), cooldownMs: nextCooldownMs(service, policy.heal) } : service;
  const stopped = seen({ ...forgotten(unwell(counted, now)), stopped: true, intent: null, breaker: CLOSED, failedRounds: 0, failingSinceMs: null, symptom: null, incident: null, toldHold: null, checks: [] }, 'unknown', now);
  const told = intent === null ? [] : toldOf(intent, SUPERSEDED, stopped, service.incident, context);
  return { service: stopped, effects: [...told, tell('service.stopped', stopped, context, incidentFact(service))] };
}
