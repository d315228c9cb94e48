// Was the service up, down, or does nobody know? What its time counts as, at one moment.
// Stricter than what is shown: only what failed is down, and only what was found up is up.
import type { Intent, Pause, ServiceState } from './state.ts';

export type Liveness = 'up' | 'down' | 'unknown';

/** Whether the heal is of something that failed. A person's restart of a healthy service is none, whatever its checks say meanwhile. */
export const healsFailure = ({ incident }: Pick<ServiceState, 'incident'>, { downSinceMs, startedMs }: Pick<Intent, 'downSinceMs' | 'startedMs'>): boolean =>
  incident !== null || downSinceMs < startedMs;

/** `pauseOfAll`: of the whole machine. Stopped, paused, just woken and never judged is unknown; failing is down from the first failed round on. */
export function livenessOf(service: ServiceState, pauseOfAll: Pause | null): Liveness {
  const { stopped, pause, intent, verdict, failingSinceMs } = service;
  if (stopped || pause !== null || pauseOfAll !== null) return 'unknown';
  if (intent !== null) return healsFailure(service, intent) ? 'down' : 'unknown';
  if (verdict === 'unknown') return 'unknown';
  return verdict === 'down' || failingSinceMs !== null ? 'down' : 'up';
}
