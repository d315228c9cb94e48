// How often may a service be healed? Cooldowns and sliding-hour budgets, for one service and for the machine.
// Counts and compares; never decides whether a heal is wanted.
import type { HealPolicy } from '../contract/configuration.ts';
import type { MonoMs } from '../contract/reason.ts';
import type { ServiceState } from './state.ts';
import { HOUR_MS, later } from './time.ts';

/** Health of this length makes a doubled cooldown begin at its first value again. */
export const COOLDOWN_RESET_MS = 600_000;

/** Heals that began in the hour before `now`. One that is exactly an hour old no longer counts. */
export const inLastHour = (times: readonly MonoMs[], now: MonoMs): readonly MonoMs[] => times.filter((time) => time > now - HOUR_MS);

/** The same list with one more heal, without what is too old to matter. */
export const withHealAt = (times: readonly MonoMs[], now: MonoMs): readonly MonoMs[] => [...inLastHour(times, now), now];

/** When a budget of `limit` an hour has room again; `now` when it has; null when it never will (limit 0). */
export function roomAt(times: readonly MonoMs[], limit: number, now: MonoMs): MonoMs | null {
  const used = inLastHour(times, now);
  if (used.length < limit) return now;
  const freeing = used.toSorted((a, b) => a - b)[used.length - limit];
  return freeing === undefined ? null : later(freeing, HOUR_MS);
}

/** When the oldest heal of this hour no longer counts; null: none counts. */
export function resetsAt(times: readonly MonoMs[], now: MonoMs): MonoMs | null {
  const [oldest] = inLastHour(times, now).toSorted((a, b) => a - b);
  return oldest === undefined ? null : later(oldest, HOUR_MS);
}

const clampCooldown = (ms: number | null, { cooldown }: HealPolicy): number =>
  Math.min(Math.max(ms ?? cooldown.fromMs, cooldown.fromMs), cooldown.toMs);

/** What has to lie between the last heal and the next. */
export const currentCooldownMs = (service: ServiceState, policy: HealPolicy): number => clampCooldown(service.cooldownMs, policy);

/** When the cooldown is over; null when no heal has been made yet. Counted from the end of the last heal. */
export const cooledDownAt = (service: ServiceState, policy: HealPolicy): MonoMs | null =>
  service.lastHeal === null ? null : later(service.lastHeal.endedMs, currentCooldownMs(service, policy));

/** The cooldown after one more heal: the first value, then doubled each time up to the last. */
export const nextCooldownMs = (service: ServiceState, policy: HealPolicy): number =>
  service.cooldownMs === null ? policy.cooldown.fromMs : Math.min(clampCooldown(service.cooldownMs, policy) * 2, policy.cooldown.toMs);

/** At the end of a healthy time: long enough, and the doubling is forgotten. */
export const cooldownAfterHealth = (service: ServiceState, now: MonoMs): number | null =>
  service.healthySinceMs !== null && now - service.healthySinceMs >= COOLDOWN_RESET_MS ? null : service.cooldownMs;
