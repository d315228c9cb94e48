// What to show for a service and for the whole machine: one status, and the reason for it as a value.
// A view of the state; changes nothing.
import type { ServiceConfiguration, Severity } from '../contract/configuration.ts';
import type { Reason } from '../contract/reason.ts';
import type { Overall, ServiceStatus } from '../contract/snapshot.ts';
import { holdsAgainst, lastingHold, type MachineView } from './decision.ts';
import type { ServiceState } from './state.ts';
import { HOUR_MS, toWall, type Now } from './time.ts';

export function statusOf(service: ServiceState, machine: MachineView): ServiceStatus {
  if (service.stopped) return 'stopped';
  if (service.intent?.kind === 'heal') return 'healing';
  if (service.pause !== null || machine.pause !== null) return 'paused';
  return service.intent === null ? service.verdict : 'unknown';
}

/** So many automatic restarts in a row that did not help are worth saying: the next one will hardly help either. */
const WORTH_SAYING = 3;
/** That restarting does not help, as part of a reason. */
export const inVain = ({ incident }: Pick<ServiceState, 'incident'>): { readonly inVain?: number } =>
  (incident !== null && incident.vainHeals >= WORTH_SAYING ? { inVain: incident.vainHeals } : {});

function reasonWhileDown(service: ServiceState, policy: ServiceConfiguration, machine: MachineView, now: Now): Reason {
  const { breaker, symptom, lastHeal, failingSinceMs } = service;
  if (breaker.state === 'half-open' && breaker.successes > 0) return { code: 'recovering', passes: breaker.successes, threshold: policy.breaker.successThreshold };
  if (breaker.state === 'closed' && service.failedRounds === 0) return { code: 'recovering', passes: service.passedRounds, threshold: policy.breaker.successThreshold };
  const hold = lastingHold(holdsAgainst(service, policy, machine, now)) ?? null;
  const healFailed = lastHeal !== null && lastHeal.result.kind !== 'fixed' && failingSinceMs !== null && lastHeal.endedMs >= failingSinceMs;
  if (healFailed && (hold === null || hold.code === 'cooldown')) {
    return { code: 'heal-failed', symptom: lastHeal.symptom, by: lastHeal.by, atMs: toWall(lastHeal.startedMs, now), result: lastHeal.result, hold, ...inVain(service) };
  }
  if (hold !== null) return { code: 'held', symptom, hold, ...inVain(service) };
  return symptom === null ? { code: 'not-checked-yet' } : { code: 'failing', symptom, failures: service.failedRounds, threshold: policy.breaker.failureThreshold };
}

function reasonWhileUp(service: ServiceState, policy: ServiceConfiguration, now: Now): Reason {
  const { lastHeal, verdictSinceMs } = service;
  // Something else has brought it up since: the heal is no longer what there is to tell.
  const isNews = lastHeal !== null && now.mono - lastHeal.endedMs < HOUR_MS && lastHeal.endedMs >= (verdictSinceMs ?? lastHeal.endedMs);
  if (isNews && lastHeal.result.kind === 'fixed') {
    return { code: 'healed', symptom: lastHeal.symptom, by: lastHeal.by, atMs: toWall(lastHeal.startedMs, now), tookMs: lastHeal.result.tookMs };
  }
  return { code: 'healthy', checks: policy.checks.length };
}

export function reasonOf(service: ServiceState, policy: ServiceConfiguration, machine: MachineView, now: Now): Reason {
  const { intent, symptom } = service;
  if (service.stopped) return { code: 'stopped-by-person' };
  if (intent?.kind === 'heal') return { code: 'healing', symptom: intent.symptom, step: intent.step, by: intent.by };
  const pause = service.pause ?? machine.pause;
  if (pause !== null) return { code: 'paused', untilMs: pause.untilWallMs };
  if (intent !== null) return { code: 'starting' };
  switch (service.verdict) {
    case 'up': return reasonWhileUp(service, policy, now);
    case 'degraded':
      if (symptom === null) return { code: 'healthy', checks: policy.checks.length };
      return service.failedRounds > 0 ? { code: 'failing', symptom, failures: service.failedRounds, threshold: policy.breaker.failureThreshold } : { code: 'slow', symptom };
    case 'down': return reasonWhileDown(service, policy, machine, now);
    case 'unknown':
      if (service.inconclusive !== null) return { code: 'inconclusive', evidence: service.inconclusive };
      return service.graceUntilMs !== null && service.graceUntilMs > now.mono ? { code: 'just-woke', nextAtMs: toWall(service.graceUntilMs, now) } : { code: 'not-checked-yet' };
  }
}

/**
 * The machine as a whole. `failing`: a critical service is down. `degraded`: anything else is not as it should be, or not known yet.
 * What a person paused or stopped counts for nothing.
 */
export function overallOf(services: readonly { readonly status: ServiceStatus; readonly severity: Severity }[]): Overall {
  const counted = services.filter(({ status }) => status !== 'paused' && status !== 'stopped');
  if (counted.some(({ status, severity }) => status === 'down' && severity === 'critical')) return 'failing';
  return counted.every(({ status }) => status === 'up') ? 'healthy' : 'degraded';
}
