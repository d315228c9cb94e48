// Does a person have to be told about this service now? Raise, repeat, resolve, or not, with the reason.
// Knows nothing of channels and deliveries.
import type { AlertConfiguration, ServiceConfiguration } from '../contract/configuration.ts';
import { mayBeHealed, type MachineView } from './decision.ts';
import type { Alert, ServiceState } from './state.ts';
import type { Now } from './time.ts';

export type AlertAct =
  | { readonly act: 'raise' | 'repeat' | 'resolve' }
  | { readonly act: 'none'; readonly because: 'not-down' | 'not-long-enough' | 'may-still-be-healed' | 'healing' | 'repeats-later' | 'paused' | 'acknowledged' | 'snoozed' };

export interface AlertQuestion {
  readonly service: ServiceState;
  readonly policy: ServiceConfiguration;
  readonly alerts: AlertConfiguration;
  readonly machine: MachineView;
  /** The alert of this service that has not been resolved yet. */
  readonly active: Alert | undefined;
  readonly now: Now;
}

/** What was announced is always resolved; what can be healed is not announced; `unknown` says nothing either way. */
export function judgeAlert({ service, policy, alerts, machine, active, now }: AlertQuestion): AlertAct {
  const level = alerts.levels[policy.severity];
  if (active !== undefined && (service.stopped || (service.incident === null && (service.verdict === 'up' || service.verdict === 'degraded')))) return { act: 'resolve' };
  // A heal has failed already: another one under way or to come is no reason to keep it from people.
  const unhealed = (service.incident?.failedHeals ?? 0) > 0;
  if (service.intent !== null && !unhealed) return { act: 'none', because: 'healing' };
  if (service.stopped || service.pause !== null || machine.pause !== null) return { act: 'none', because: 'paused' };
  if (active !== undefined) {
    if (active.acknowledgedMs !== null) return { act: 'none', because: 'acknowledged' };
    const snooze = judgeSnooze(active, now);
    if (snooze === 'holds') return { act: 'none', because: 'snoozed' };
    const due = service.verdict === 'down' && (snooze === 'over' || now.mono - active.announcedMs >= level.repeatMs);
    return due ? { act: 'repeat' } : { act: 'none', because: 'repeats-later' };
  }
  if (service.verdict !== 'down') return { act: 'none', because: 'not-down' };
  if (service.failedRounds < level.after) return { act: 'none', because: 'not-long-enough' };
  return !unhealed && mayBeHealed(service, policy, machine, now) ? { act: 'none', because: 'may-still-be-healed' } : { act: 'raise' };
}

/** `over`: a person wanted to hear of it again from then on, so what is still down is told at once. */
export function judgeSnooze({ snooze }: Pick<Alert, 'snooze'>, now: Now): 'none' | 'holds' | 'over' {
  if (snooze === null) return 'none';
  return snooze.untilWallMs === null || now.wall < snooze.untilWallMs ? 'holds' : 'over';
}
