// When is the next round of a service due? And was the machine away in between?
// Plans only; sets no timer.
import type { ServiceConfiguration } from '../contract/configuration.ts';
import type { MonoMs } from '../contract/reason.ts';
import { holdsAgainst, lastingHold, type MachineView } from './decision.ts';
import type { ServiceState } from './state.ts';
import { earliest, later, type Now } from './time.ts';

/** The beat after `planned`, or the first one that still lies ahead: missed beats are not caught up, the rhythm stays. */
export function nextBeat(planned: MonoMs, intervalMs: number, now: MonoMs): MonoMs {
  const next = later(planned, intervalMs);
  return next >= now ? next : later(planned, (Math.floor((now - planned) / intervalMs) + 1) * intervalMs);
}

/** An open breaker waits for its trial; the moment a hold ends is a moment for a trial too, so that healing is never decided on old evidence. */
function nextTrialAt(service: ServiceState, untilMs: MonoMs, policy: ServiceConfiguration, machine: MachineView, now: Now): MonoMs {
  const nextAtMs = lastingHold(holdsAgainst(service, policy, machine, now))?.nextAtMs ?? null;
  const allowedAt = nextAtMs === null ? untilMs : later(now.mono, nextAtMs - now.wall);
  return allowedAt > now.mono ? earliest(untilMs, allowedAt) : untilMs;
}

/** When the next round is due; null: none while an act is under way, it is paused or stopped. `planned` is when the last round was due; null: there was none yet, so now. */
export function nextRoundAt(service: ServiceState, policy: ServiceConfiguration, machine: MachineView, planned: MonoMs | null, now: Now): MonoMs | null {
  if (service.stopped || service.intent !== null || service.pause !== null || machine.pause !== null) return null;
  const { breaker } = service;
  if (breaker.state === 'open') return nextTrialAt(service, breaker.untilMs, policy, machine, now);
  if (planned === null) return now.mono;
  const unsettled = breaker.state === 'half-open' || breaker.failures > 0 || service.verdict === 'down';
  return unsettled && service.verdict !== 'unknown' ? later(now.mono, policy.retryIntervalMs) : nextBeat(planned, policy.intervalMs, now.mono);
}
