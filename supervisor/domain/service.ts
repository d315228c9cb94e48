// The life of one service as a fold of events: (state, event) -> (state, effects).
// Everything that happens to a service goes through `step`; it performs nothing itself.
import type { ExitCause, Symptom, WallMs } from '../contract/reason.ts';
import { begin, end, stop, type Ended } from './acting.ts';
import { beginTrial } from './breaker.ts';
import { decide } from './decision.ts';
import { reached, verified } from './heal-proof.ts';
import { afterExit, afterFailedRound, afterPassedRound, afterUnclearRound, forgotten, seen, unwell } from './judging.ts';
import type { ServiceEvent, StepContext, Stepped } from './service-event.ts';
import type { Pause, ServiceState } from './state.ts';
import { inVain } from './status.ts';
import { changes, incidentFact, tell } from './telling.ts';
import { later, WAKE_GRACE_MS, type Now } from './time.ts';

const unchanged = (service: ServiceState): Stepped => ({ service, effects: [] });

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
      const why = { code: 'held', symptom: held.symptom, hold: decision.hold, ...inVain(held) } as const;
      return { service: held, effects: [...effects, { kind: 'event', type: 'heal.held', why, facts: { nextAt: decision.hold.nextAtMs, ...incidentFact(held) } }] };
    }
  }
}

function roundEnded(service: ServiceState, { generation, records, verdict: round }: Extract<ServiceEvent, { type: 'round-ended' }>, context: StepContext): Stepped {
  if (generation !== service.generation || service.stopped) return unchanged(service);
  const recorded: ServiceState = { ...service, checks: records, intent: service.intent === null ? null : verified(service.intent, round) };
  switch (round.verdict) {
    case 'up':
    case 'degraded': return settle(service, afterPassedRound(recorded, round, context), context);
    case 'down': return settle(service, afterFailedRound(recorded, round, context), context);
    case 'unknown': return settle(service, afterUnclearRound(recorded, round, context), context);
  }
}

function exited(service: ServiceState, cause: ExitCause, context: StepContext): Stepped {
  if (service.stopped) return unchanged(service);
  // Nothing follows from it during a pause, but it was not healthy all the while.
  if (service.pause !== null || context.machine.pause !== null) return unchanged(unwell(service, context.now));
  const symptom: Symptom = { kind: 'exit', cause };
  return settle(service, afterExit(service, symptom, context), context);
}

function acted(service: ServiceState, ended: Ended | undefined, context: StepContext): Stepped {
  if (ended === undefined) return unchanged(service);
  const settled = settle(ended.before, ended.after, context);
  return { service: settled.service, effects: [...ended.told, ...settled.effects] };
}

function restored(service: ServiceState, now: Now): ServiceState {
  const verdict = service.breaker.state === 'closed' ? 'unknown' : service.verdict;
  return seen({ ...unwell(service, now), generation: service.generation + 1, inconclusive: null }, verdict, now);
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
      return unchanged({ ...service, intent: reached(service.intent, happened.step, now) });
    }
    case 'log-read': {
      if (service.intent === null || service.intent.attempt !== happened.attempt) return unchanged(service);
      return unchanged({ ...service, intent: { ...service.intent, log: happened.lines } });
    }
    case 'act-ended': return acted(service, end(service, happened.attempt, happened.result, context), context);
    case 'stop-asked': return stop(service, context);
    case 'stop-failed': return unchanged({ ...service, stopped: false, generation: service.generation + 1 });
    case 'paused': {
      const paused: ServiceState = { ...forgotten(service), pause: happened.pause };
      return { service: paused, effects: [tell('service.paused', paused, context)] };
    }
    case 'resumed': {
      if (service.pause === null) return unchanged(service);
      const resumed = seen({ ...forgotten(service), pause: null }, 'unknown', now);
      return { service: resumed, effects: [tell('service.resumed', resumed, context)] };
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
