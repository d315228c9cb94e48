// The circuit breaker of one service: when is a run of failures real, and when may it be trusted again?
// Values that return their next self. Decides nothing about restarts; never reads a clock.
import type { BreakerPolicy } from '../contract/configuration.ts';
import type { MonoMs } from '../contract/reason.ts';
import { later } from './time.ts';

export type Breaker =
  /** Trusted; `failures` rounds have failed in a row. */
  | { readonly state: 'closed'; readonly failures: number }
  /** Broken; nothing is tried before `untilMs`. */
  | { readonly state: 'open'; readonly sinceMs: MonoMs; readonly untilMs: MonoMs }
  /** Being tried; `successes` rounds have passed in a row. */
  | { readonly state: 'half-open'; readonly sinceMs: MonoMs; readonly successes: number };

export const CLOSED: Breaker = { state: 'closed', failures: 0 };

const openAt = (sinceMs: MonoMs, policy: BreakerPolicy, now: MonoMs): Breaker =>
  ({ state: 'open', sinceMs, untilMs: later(now, policy.openForMs) });

/** After a failed round. `failureThreshold` in a row open it; one is enough while it is being tried. */
export function afterFailure(breaker: Breaker, policy: BreakerPolicy, now: MonoMs): Breaker {
  switch (breaker.state) {
    case 'closed': {
      const failures = breaker.failures + 1;
      return failures >= policy.failureThreshold ? openAt(now, policy, now) : { state: 'closed', failures };
    }
    case 'open':
    case 'half-open':
      return openAt(breaker.sinceMs, policy, now);
  }
}

/** After a passed round. `successThreshold` in a row close it. A pass while open counts as the first of a trial. */
export function afterSuccess(breaker: Breaker, policy: BreakerPolicy): Breaker {
  if (breaker.state === 'closed') return breaker.failures === 0 ? breaker : CLOSED;
  const successes = (breaker.state === 'half-open' ? breaker.successes : 0) + 1;
  return successes >= policy.successThreshold ? CLOSED : { state: 'half-open', sinceMs: breaker.sinceMs, successes };
}

/** On conclusive news (the manager says the service has exited): open at once, whatever was counted before. */
export const openNow = (breaker: Breaker, policy: BreakerPolicy, now: MonoMs): Breaker =>
  openAt(breaker.state === 'closed' ? now : breaker.sinceMs, policy, now);

/** A trial begins: an open breaker lets one round through; any other stays as it is. */
export const beginTrial = (breaker: Breaker): Breaker =>
  breaker.state === 'open' ? { state: 'half-open', sinceMs: breaker.sinceMs, successes: 0 } : breaker;
