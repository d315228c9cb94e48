// The life of one service as a fold of events: (state, event) -> (state, effects).
// Everything that happens to a service goes through `step`; it performs nothing itself.
import type { AlertConfiguration, ServiceConfiguration } from '../contract/configuration.ts';
import type { EventType } from '../contract/event.ts';
import type { ExitCause, HealResult, HealStep, Reason, Symptom, WallMs } from '../contract/reason.ts';
import { afterFailure, afterSuccess, beginTrial, CLOSED, openNow, type Breaker } from './breaker.ts';
import { decide, holdsAgainst, lastingHold, mayBeHealed, type MachineView } from './decision.ts';
import { cooldownAfterHealth, nextCooldownMs, withHealAt } from './heal-budget.ts';
import type { Actor, CheckRecord, HealRecord, Intent, Pause, ServiceState } from './state.ts';
import { reasonOf } from './status.ts';
import { later, toWall, WAKE_GRACE_MS, type Now } from './time.ts';
import type { RoundVerdict } from './verdict.ts';

export type ServiceEvent =
  /** Supervision begins with what was remembered. */
  | { readonly type: 'restored' }
  /** An open breaker lets one round through. */
  | { readonly type: 'trial-began' }
  | { readonly type: 'round-ended'; readonly generation: number; readonly records: readonly CheckRecord[]; readonly verdict: RoundVerdict }
  /** The manager's own event: it has exited by itself. */
  | { readonly type: 'exited'; readonly cause: ExitCause }
  /** Time has passed or a heal elsewhere has ended: decide again. */
  | { readonly type: 'reconsidered' }
  /** Start it, stopping it first (`heal`) or not (`launch`), whatever cooldown and budgets say. */
  | { readonly type: 'act-asked'; readonly kind: Intent['kind']; readonly by: Actor }
  | { readonly type: 'step-reached'; readonly attempt: string; readonly step: HealStep }
  | { readonly type: 'act-ended'; readonly attempt: string; readonly result: HealResult }
  | { readonly type: 'stop-asked' }
  | { readonly type: 'stop-failed' }
  | { readonly type: 'paused'; readonly pause: Pause }
  | { readonly type: 'resumed' }
  /** Rounds under way are worthless, nothing else has changed (pause of everything, new configuration). */
  | { readonly type: 'quiesced' }
  | { readonly type: 'woke' };

export type Effect =
  | { readonly kind: 'event'; readonly type: EventType; readonly why: Reason; readonly facts?: Readonly<Record<string, unknown>> }
  /** Perform the act of the intent now in the state, once that state is on disk. */
  | { readonly kind: 'begin'; readonly intent: Intent };

export interface StepContext {
  readonly policy: ServiceConfiguration;
  readonly alerts: AlertConfiguration;
  readonly machine: MachineView;
  readonly now: Now;
  /** A new random text, in case the step needs an id. */
  readonly freshId: string;
}
export interface Stepped { readonly service: ServiceState; readonly effects: readonly Effect[] }

const unchanged = (service: ServiceState): Stepped => ({ service, effects: [] });

/** Failed rounds in a row that count as down: the breaker's threshold, or the alert's where nobody can heal it now anyway. */
const confirmedAfter = (service: ServiceState, { policy, alerts, machine, now }: StepContext): number =>
  mayBeHealed(service, policy, machine, now)
    ? policy.breaker.failureThreshold
    : Math.min(policy.breaker.failureThreshold, alerts.levels[policy.severity].after);

const event = (type: EventType, service: ServiceState, context: StepContext, facts?: Readonly<Record<string, unknown>>): Effect =>
  ({ kind: 'event', type, why: reasonOf(service, context.policy, context.machine, context.now), ...(facts && { facts }) });

const BREAKER_EVENT = { closed: 'breaker.closed', open: 'breaker.opened', 'half-open': 'breaker.half-opened' } as const;

/** Events for what has visibly changed between two states. A trial that belongs to no incident (a first start, a person's restart) is no news. */
function changes(before: ServiceState, after: ServiceState, context: StepContext): Effect[] {
  const effects: Effect[] = [];
  const { breaker } = after;
  if (before.intent !== null && after.intent !== null) return effects;
  if (before.breaker.state !== breaker.state && (before.incident !== null || after.incident !== null)) {
    effects.push(event(BREAKER_EVENT[breaker.state], after, context, { failures: after.failedRounds }));
  }
  if (before.verdict !== after.verdict) effects.push(event(`service.${after.verdict}`, after, context));
  return effects;
}

function begin(service: ServiceState, kind: Intent['kind'], by: Actor, context: StepContext): Stepped {
  const { now, freshId } = context;
  const intent: Intent = {
    attempt: `attempt-${freshId}`, kind, by, step: kind === 'heal' ? 'stopping' : 'starting',
    startedMs: now.mono, symptom: service.symptom, downSinceMs: service.failingSinceMs ?? now.mono,
  };
  const trial: Breaker = { state: 'half-open', sinceMs: service.breaker.state === 'closed' ? now.mono : service.breaker.sinceMs, successes: 0 };
  const begun: ServiceState = {
    ...unwell(service, now), intent, breaker: trial, stopped: false, generation: service.generation + 1, passedRounds: 0, toldHold: null,
    healTimes: kind === 'heal' ? withHealAt(service.healTimes, now.mono) : service.healTimes,
  };
  const told = kind === 'heal' ? [event('heal.started', begun, context, { attempt: intent.attempt, by, symptom: intent.symptom })] : [];
  return { service: begun, effects: [...told, { kind: 'begin', intent }] };
}

/** Tells what changed and decides what follows from it. */
function settle(before: ServiceState, after: ServiceState, context: StepContext): Stepped {
  const effects = changes(before, after, context);
  const decision = decide(after, context.policy, context.machine, context.now);
  switch (decision.kind) {
    case 'none':
      return { service: after, effects };
    case 'heal': {
      const begun = begin(after, 'heal', 'upkeep', context);
      return { service: begun.service, effects: [...effects, ...begun.effects] };
    }
    case 'hold': {
      if (after.toldHold === decision.hold.code) return { service: after, effects };
      const held: ServiceState = { ...after, toldHold: decision.hold.code };
      const why: Reason = { code: 'held', symptom: held.symptom, hold: decision.hold };
      return { service: held, effects: [...effects, { kind: 'event', type: 'heal.held', why, facts: { nextAt: decision.hold.nextAtMs } }] };
    }
  }
}

/** A healthy time ends here, for whatever reason; one that was long enough makes the cooldown begin anew. */
const unwell = (service: ServiceState, now: Now): ServiceState => ({ ...service, cooldownMs: cooldownAfterHealth(service, now.mono), healthySinceMs: null });

/** The state after one more failed round, with whatever breaker that gives. */
function failed(service: ServiceState, symptom: Symptom | null, breaker: Breaker, context: StepContext): ServiceState {
  const { now, policy } = context;
  // An exit is conclusive: it weighs as much as the rounds it takes to open the breaker, for alerts too.
  const failedRounds = Math.max(service.failedRounds + 1, symptom?.kind === 'exit' ? policy.breaker.failureThreshold : 0);
  const failingSinceMs = service.failingSinceMs ?? now.mono;
  const common = { ...unwell(service, now), failedRounds, passedRounds: 0, symptom, failingSinceMs, inconclusive: null, breaker };
  if (service.intent !== null) return common;
  const down = service.incident !== null || breaker.state !== 'closed' || failedRounds >= confirmedAfter(service, context);
  const incident = service.incident ?? (down ? { id: `incident-${context.freshId}`, sinceMs: failingSinceMs, failedHeals: 0 } : null);
  return seen({ ...common, incident }, down ? 'down' : 'degraded', now);
}

const seen = (service: ServiceState, verdict: ServiceState['verdict'], now: Now): ServiceState =>
  service.verdict === verdict ? service : { ...service, verdict, verdictSinceMs: now.mono };

/** Trouble is over. */
const healthy = (service: ServiceState, verdict: 'up' | 'degraded', symptom: Symptom | null, now: Now): ServiceState =>
  seen({ ...service, breaker: CLOSED, failedRounds: 0, symptom, failingSinceMs: null, inconclusive: null, incident: null, toldHold: null, healthySinceMs: service.healthySinceMs ?? now.mono }, verdict, now);

function passed(service: ServiceState, round: RoundVerdict, context: StepContext): ServiceState {
  const { policy, now } = context;
  const breaker = afterSuccess(service.breaker, policy.breaker);
  const passedRounds = Math.min(service.passedRounds + 1, policy.breaker.successThreshold);
  const counted: ServiceState = { ...service, breaker, passedRounds, failedRounds: 0 };
  if (service.intent !== null) return counted;
  const trusted = breaker.state === 'closed' && (service.incident === null || passedRounds >= policy.breaker.successThreshold);
  return trusted ? healthy(counted, round.verdict === 'degraded' ? 'degraded' : 'up', round.symptom, now) : counted;
}

function roundEnded(service: ServiceState, { generation, records, verdict: round }: Extract<ServiceEvent, { type: 'round-ended' }>, context: StepContext): Stepped {
  if (generation !== service.generation || service.stopped) return unchanged(service);
  const { policy, now } = context;
  const recorded: ServiceState = { ...service, checks: records };
  switch (round.verdict) {
    case 'up':
    case 'degraded':
      return settle(service, passed(recorded, round, context), context);
    case 'down': {
      const breaker: Breaker = service.intent !== null ? restartTrial(service.breaker) : round.conclusive ? openNow(service.breaker, policy.breaker, now.mono) : afterFailure(service.breaker, policy.breaker, now.mono);
      return settle(service, failed(recorded, round.symptom, breaker, context), context);
    }
    case 'unknown': {
      if (service.intent !== null) return unchanged(recorded);
      const breaker = service.breaker.state === 'half-open' ? openNow(service.breaker, policy.breaker, now.mono) : service.breaker;
      return settle(service, seen({ ...unwell(recorded, now), breaker, inconclusive: round.inconclusive }, 'unknown', now), context);
    }
  }
}

/** A failed round while a heal is being verified: the passes in a row begin again, the heal goes on. */
const restartTrial = (breaker: Breaker): Breaker => (breaker.state === 'half-open' && breaker.successes > 0 ? { ...breaker, successes: 0 } : breaker);

function exited(service: ServiceState, cause: ExitCause, context: StepContext): Stepped {
  if (service.stopped) return unchanged(service);
  // Nothing follows from it during a pause, but it was not healthy all the while.
  if (service.pause !== null || context.machine.pause !== null) return unchanged(unwell(service, context.now));
  const symptom: Symptom = { kind: 'exit', cause };
  if (service.intent !== null) return unchanged(failed(service, symptom, restartTrial(service.breaker), context));
  const breaker = openNow(service.breaker, context.policy.breaker, context.now.mono);
  return settle(service, { ...failed(service, symptom, breaker, context), generation: service.generation + 1 }, context);
}

function recordOf(intent: Intent, result: HealResult, now: Now): HealRecord {
  const { attempt, by, startedMs, symptom } = intent;
  return { attempt, by, startedMs, endedMs: now.mono, symptom, result };
}

function actEnded(service: ServiceState, attempt: string, result: HealResult, context: StepContext): Stepped {
  const { intent } = service;
  if (intent === null || intent.attempt !== attempt) return unchanged(service);
  const { policy, now } = context;
  const isHeal = intent.kind === 'heal';
  const ended: ServiceState = {
    ...service, intent: null, generation: service.generation + 1,
    ...(isHeal && { lastHeal: recordOf(intent, result, now), cooldownMs: nextCooldownMs(service, policy.heal) }),
  };
  const facts = { attempt, by: intent.by, result, symptom: intent.symptom, lostMs: now.mono - intent.downSinceMs };
  switch (result.kind) {
    case 'fixed': {
      const well = healthy({ ...ended, passedRounds: policy.breaker.successThreshold }, 'up', null, now);
      const why: Reason = { code: 'healed', symptom: intent.symptom, by: intent.by, atMs: toWall(intent.startedMs, now), tookMs: result.tookMs };
      const told = isHeal ? [{ kind: 'event' as const, type: 'heal.succeeded' as const, why, facts }] : intent.by === 'person' ? [event('service.started', well, context)] : [];
      // The passes that verified it have closed the breaker already; it is told here, after what brought it about.
      const tried: ServiceState = { ...service, breaker: { state: 'half-open', sinceMs: intent.startedMs, successes: 0 } };
      return { service: well, effects: [...told, ...changes(tried, well, context)] };
    }
    case 'superseded': {
      const open = { ...ended, verdict: 'unknown' as const, verdictSinceMs: now.mono };
      return { service: open, effects: isHeal ? [event('heal.failed', open, context, facts)] : [] };
    }
    case 'not-fixed':
    case 'refused':
    case 'interrupted': {
      const sinceMs = service.failingSinceMs ?? intent.downSinceMs;
      const incident = { ...(service.incident ?? { id: `incident-${context.freshId}`, sinceMs, failedHeals: 0 }), failedHeals: (service.incident?.failedHeals ?? 0) + (isHeal ? 1 : 0) };
      const broken = seen({
        ...ended, incident, failingSinceMs: sinceMs, failedRounds: Math.max(1, service.failedRounds),
        breaker: openNow(service.breaker, policy.breaker, now.mono), symptom: service.symptom ?? launchSymptom(result),
      }, 'down', now);
      const settled = settle(service, broken, context);
      const why: Reason = { code: 'heal-failed', symptom: intent.symptom, by: intent.by, atMs: toWall(intent.startedMs, now), result, hold: lastingHold(holdsAgainst(broken, policy, context.machine, now)) ?? null };
      return { service: settled.service, effects: [...(isHeal ? [{ kind: 'event' as const, type: 'heal.failed' as const, why, facts }] : []), ...settled.effects] };
    }
  }
}

/** A start that failed without a check having run: the refusal itself is what shows the trouble. */
const launchSymptom = (result: HealResult): Symptom | null =>
  result.kind === 'refused' ? { kind: 'exit', cause: { kind: 'other', text: result.refusal.message } }
    : result.kind === 'not-fixed' ? { kind: 'exit', cause: { kind: 'other', text: result.evidence } } : null;

function restored(service: ServiceState, now: Now): ServiceState {
  const verdict = service.breaker.state === 'closed' ? 'unknown' : service.verdict;
  return seen({ ...unwell(service, now), generation: service.generation + 1, inconclusive: null }, verdict, now);
}

/** Counts that are not yet conclusions are forgotten; an open breaker stays open. */
const forgotten = (service: ServiceState): ServiceState => ({
  ...service, generation: service.generation + 1, inconclusive: null, failedRounds: service.breaker.state === 'closed' ? 0 : service.failedRounds,
  breaker: service.breaker.state === 'closed' ? CLOSED : service.breaker, failingSinceMs: service.breaker.state === 'closed' ? null : service.failingSinceMs,
});

function stopAsked(service: ServiceState, context: StepContext): Stepped {
  const { now, policy } = context;
  const { intent } = service;
  // What it began counts, whoever ends it: starting the service again must not get round the cooldown.
  const counted = intent?.kind === 'heal' ? { ...service, lastHeal: recordOf(intent, { kind: 'superseded' }, now), cooldownMs: nextCooldownMs(service, policy.heal) } : service;
  const stopped = seen({ ...forgotten(unwell(counted, now)), stopped: true, intent: null, breaker: CLOSED, failedRounds: 0, failingSinceMs: null, symptom: null, incident: null, toldHold: null, checks: [] }, 'unknown', now);
  return { service: stopped, effects: [event('service.stopped', stopped, context)] };
}

/** One event in the life of a service. */
export function step(service: ServiceState, happened: ServiceEvent, context: StepContext): Stepped {
  const { now, machine } = context;
  switch (happened.type) {
    case 'restored': return unchanged(restored(service, now));
    case 'trial-began': {
      const tried = { ...service, breaker: beginTrial(service.breaker) };
      return { service: tried, effects: changes(service, tried, context) };
    }
    case 'round-ended': return roundEnded(service, happened, context);
    case 'exited': return exited(service, happened.cause, context);
    case 'reconsidered': return settle(service, service, context);
    case 'act-asked': return service.intent === null ? begin(service, happened.kind, happened.by, context) : unchanged(service);
    case 'step-reached': {
      if (service.intent === null || service.intent.attempt !== happened.attempt) return unchanged(service);
      return unchanged({ ...service, intent: { ...service.intent, step: happened.step } });
    }
    case 'act-ended': return actEnded(service, happened.attempt, happened.result, context);
    case 'stop-asked': return stopAsked(service, context);
    case 'stop-failed': return unchanged({ ...service, stopped: false, generation: service.generation + 1 });
    case 'paused': {
      const paused: ServiceState = { ...forgotten(service), pause: happened.pause };
      return { service: paused, effects: [event('service.paused', paused, context)] };
    }
    case 'resumed': {
      if (service.pause === null) return unchanged(service);
      const resumed = seen({ ...forgotten(service), pause: null }, 'unknown', now);
      return { service: resumed, effects: [event('service.resumed', resumed, context)] };
    }
    case 'quiesced':
      // What was seen before everything was paused says nothing about what is found after it.
      return unchanged(machine.pause === null || service.intent !== null ? { ...service, generation: service.generation + 1 } : seen(forgotten(service), 'unknown', now));
    case 'woke': {
      const awake: ServiceState = { ...forgotten(unwell(service, now)), graceUntilMs: later(now.mono, WAKE_GRACE_MS) };
      if (service.intent !== null || service.stopped) return unchanged(awake);
      const unsure = seen(awake, 'unknown', now);
      return { service: unsure, effects: changes(service, unsure, context) };
    }
  }
}

/** Whether a pause that ends by the wall clock is over. */
export const pauseIsOver = (pause: Pause | null, wall: WallMs): boolean => pause?.untilWallMs != null && wall >= pause.untilWallMs;
