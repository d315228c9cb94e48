// Should this service be restarted now? The one place that decides it, always with a reason.
// Looks only at what it is given; starts nothing.
import type { MachineLimits, ServiceConfiguration } from '../contract/configuration.ts';
import type { Hold, MonoMs } from '../contract/reason.ts';
import { cooledDownAt, currentCooldownMs, inLastHour, roomAt } from './heal-budget.ts';
import type { Pause, ServiceState } from './state.ts';
import { toWall, type Now } from './time.ts';

/** What the decision has to know beyond the service itself. */
export interface MachineView {
  readonly limits: MachineLimits;
  /** Beginnings of heals of all services in the last hour. */
  readonly healTimes: readonly MonoMs[];
  /** Heals under way now. */
  readonly healing: number;
  /** Of everything. */
  readonly pause: Pause | null;
}

export type Decision = { readonly kind: 'none' } | { readonly kind: 'heal' } | { readonly kind: 'hold'; readonly hold: Hold };

const NONE: Decision = { kind: 'none' };

/** Everything that stands against an automatic heal now, in the order in which people want to hear it. */
export function holdsAgainst(service: ServiceState, policy: ServiceConfiguration, machine: MachineView, now: Now): Hold[] {
  const holds: Hold[] = [];
  const wall = (time: MonoMs | null): number | null => (time === null ? null : toWall(time, now));
  if (policy.manager === null) return [{ code: 'no-manager', nextAtMs: null }];
  if (!policy.heal.auto) return [{ code: 'auto-off', nextAtMs: null }];
  if (service.graceUntilMs !== null && service.graceUntilMs > now.mono) holds.push({ code: 'just-woke', nextAtMs: wall(service.graceUntilMs) });
  const own = roomAt(service.healTimes, policy.heal.maxPerHour, now.mono);
  if (own === null || own > now.mono) {
    holds.push({ code: 'budget-spent', used: inLastHour(service.healTimes, now.mono).length, limit: policy.heal.maxPerHour, nextAtMs: wall(own) });
  }
  const cooled = cooledDownAt(service, policy.heal);
  if (cooled !== null && cooled > now.mono && service.lastHeal !== null) {
    holds.push({ code: 'cooldown', cooldownMs: currentCooldownMs(service, policy.heal), lastHealAtMs: toWall(service.lastHeal.endedMs, now), nextAtMs: wall(cooled) });
  }
  const shared = roomAt(machine.healTimes, machine.limits.healsPerHour, now.mono);
  if (shared === null || shared > now.mono) {
    holds.push({ code: 'machine-budget-spent', used: inLastHour(machine.healTimes, now.mono).length, limit: machine.limits.healsPerHour, nextAtMs: wall(shared) });
  }
  if (holds.length === 0 && machine.healing >= machine.limits.concurrentHeals) {
    holds.push({ code: 'heals-under-way', limit: machine.limits.concurrentHeals, nextAtMs: null });
  }
  return holds;
}

/** The hold that ends last: only its time is truly "next possible". One that never ends by itself outlasts all. */
export const lastingHold = (holds: readonly Hold[]): Hold | undefined =>
  holds.reduce<Hold | undefined>((longest, hold) => {
    if (longest === undefined) return hold;
    if (longest.nextAtMs === null) return longest;
    return hold.nextAtMs === null || hold.nextAtMs > longest.nextAtMs ? hold : longest;
  }, undefined);

/** Holds that end by themselves within moments. */
const SHORT_HOLDS: ReadonlySet<Hold['code']> = new Set(['just-woke', 'heals-under-way']);

/** Whether healing is still to be hoped for: nothing lasting stands against it. */
export const mayBeHealed = (service: ServiceState, policy: ServiceConfiguration, machine: MachineView, now: Now): boolean =>
  holdsAgainst(service, policy, machine, now).every((hold) => SHORT_HOLDS.has(hold.code));

/** Heal, hold (with the reason), or nothing to decide. Only an open breaker asks the question. */
export function decide(service: ServiceState, policy: ServiceConfiguration, machine: MachineView, now: Now): Decision {
  const asks = service.breaker.state === 'open' && service.verdict === 'down' && service.intent === null;
  if (!asks || service.stopped || service.pause !== null || machine.pause !== null) return NONE;
  const hold = lastingHold(holdsAgainst(service, policy, machine, now));
  return hold === undefined ? { kind: 'heal' } : { kind: 'hold', hold };
}
