// Cooldowns and sliding-hour budgets, by themselves.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cooldownAfterHealth, cooledDownAt, currentCooldownMs, inLastHour, nextCooldownMs, roomAt, withHealAt } from '../../supervisor/domain/heal-budget.ts';
import { buildServiceConfiguration, fixedCooldown } from '../builders/configuration.ts';
import { HOUR, MINUTE, mono, SECOND } from '../builders/moment.ts';
import { buildHealRecord, buildService } from '../builders/service-state.ts';

const minutes = (...times: readonly number[]) => times.map((time) => mono(time * MINUTE));
const heal = (cooldown: { fromMs: number; toMs: number }) => buildServiceConfiguration({ heal: { cooldown } }).heal;

describe('the budget of an hour', () => {
  test('counts a heal for exactly one hour', () => {
    const times = [mono(0)];
    expect(inLastHour(times, mono(HOUR - 1))).toEqual(times);
    expect(inLastHour(times, mono(HOUR))).toEqual([]);
  });

  test('forgets what is too old whenever a heal is added', () => {
    expect(withHealAt(minutes(0, 30), mono(65 * MINUTE))).toEqual(minutes(30, 65));
  });

  test.each<{ name: string; times: readonly number[]; limit: number; nowMin: number; atMin: number | null }>([
    { name: 'has room at once when nothing was used', times: [], limit: 1, nowMin: 50, atMin: 50 },
    { name: 'has room at once while one is left', times: [10, 20], limit: 3, nowMin: 50, atMin: 50 },
    { name: 'has room again when the oldest is an hour old', times: [10, 20, 30], limit: 3, nowMin: 50, atMin: 70 },
    { name: 'waits for as many as a person has used beyond it', times: [10, 20, 30, 40, 45], limit: 3, nowMin: 50, atMin: 90 },
    { name: 'does not depend on the order in which they are kept', times: [30, 10, 20], limit: 3, nowMin: 50, atMin: 70 },
    { name: 'never has room when none are allowed', times: [], limit: 0, nowMin: 50, atMin: null },
    { name: 'never has room when none are allowed, though a person has used some', times: [40], limit: 0, nowMin: 50, atMin: null },
  ])('$name', ({ times, limit, nowMin, atMin }) => {
    expect(roomAt(minutes(...times), limit, mono(nowMin * MINUTE))).toBe(atMin === null ? null : atMin * MINUTE);
  });

  test('has room when it says so, and not a millisecond earlier', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: HOUR - 1 }), { maxLength: 8 }), fc.integer({ min: 1, max: 4 }), (ages, limit) => {
      const now = mono(2 * HOUR);
      const times = ages.map((age) => mono(now - age));
      const room = roomAt(times, limit, now) ?? mono(0);
      expect(inLastHour(times, room).length).toBeLessThan(limit);
      if (room > now) expect(inLastHour(times, mono(room - 1)).length).toBeGreaterThanOrEqual(limit);
    }));
  });
});

describe('the cooldown', () => {
  test('is none before the first heal', () => {
    expect(cooledDownAt(buildService(), heal(fixedCooldown(MINUTE)))).toBeNull();
  });

  test('counts from the end of the last heal, not from its beginning', () => {
    const service = buildService({ lastHeal: buildHealRecord({ startedMs: mono(10 * SECOND), endedMs: mono(40 * SECOND) }) });
    expect(cooledDownAt(service, heal(fixedCooldown(MINUTE)))).toBe(100 * SECOND);
  });

  test('doubles after each heal from the first value up to the last', () => {
    const policy = heal({ fromMs: 10 * SECOND, toMs: 60 * SECOND });
    let service = buildService();
    const cooldowns = [1, 2, 3, 4, 5].map(() => {
      service = { ...service, cooldownMs: nextCooldownMs(service, policy) };
      return currentCooldownMs(service, policy) / SECOND;
    });
    expect(cooldowns).toEqual([10, 20, 40, 60, 60]);
  });

  test('stays the same after each heal when it is a single duration', () => {
    const policy = heal(fixedCooldown(MINUTE));
    expect(nextCooldownMs(buildService({ cooldownMs: MINUTE }), policy)).toBe(MINUTE);
  });

  test('keeps within a policy that has changed in between', () => {
    expect(currentCooldownMs(buildService({ cooldownMs: HOUR }), heal({ fromMs: SECOND, toMs: MINUTE }))).toBe(MINUTE);
    expect(currentCooldownMs(buildService({ cooldownMs: SECOND }), heal({ fromMs: MINUTE, toMs: HOUR }))).toBe(MINUTE);
  });

  test('goes back to the first value after ten minutes of health, and not earlier', () => {
    const service = buildService({ cooldownMs: MINUTE, healthySinceMs: mono(0) });
    expect(cooldownAfterHealth(service, mono(10 * MINUTE - 1))).toBe(MINUTE);
    expect(cooldownAfterHealth(service, mono(10 * MINUTE))).toBeNull();
  });

  test('is not forgotten by a service that is not healthy', () => {
    expect(cooldownAfterHealth(buildService({ cooldownMs: MINUTE, healthySinceMs: null }), mono(HOUR))).toBe(MINUTE);
  });
});
