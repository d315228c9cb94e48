// Whether a service is restarted now, and what stands against it.
import { describe, expect, test } from 'vitest';
import { decide, holdsAgainst, lastingHold, mayBeHealed, type MachineView } from '../../supervisor/domain/decision.ts';
import type { Hold } from '../../supervisor/contract/reason.ts';
import type { ServiceState } from '../../supervisor/domain/state.ts';
import { buildLimits, buildServiceConfiguration, fixedCooldown, type ServiceOverrides } from '../builders/configuration.ts';
import { at, MINUTE, mono, SECOND, WALL_AT_ZERO } from '../builders/moment.ts';
import { buildDown, buildHealRecord, buildIntent, buildMachineView } from '../builders/service-state.ts';

const NOW = at(50 * MINUTE);
const minutes = (...times: readonly number[]) => times.map((time) => mono(time * MINUTE));
const wallAt = (minute: number): number => WALL_AT_ZERO + minute * MINUTE;
const lastHealAt = (minute: number): Partial<ServiceState> => ({ lastHeal: buildHealRecord({ startedMs: mono(minute * MINUTE), endedMs: mono(minute * MINUTE) }) });

interface Situation { service?: Partial<ServiceState>; policy?: ServiceOverrides; machine?: Partial<MachineView> }
const situation = ({ service, policy, machine }: Situation) => [buildDown(service), buildServiceConfiguration(policy), buildMachineView(machine), NOW] as const;

describe('a service whose breaker is open', () => {
  test('is healed when nothing stands against it', () => {
    expect(decide(...situation({}))).toEqual({ kind: 'heal' });
  });

  test.each<Situation & { name: string; hold: Hold }>([
    { name: 'it is only watched', policy: { manager: null }, hold: { code: 'no-manager', nextAtMs: null } },
    { name: 'automatic healing is off', policy: { heal: { auto: false } }, hold: { code: 'auto-off', nextAtMs: null } },
    { name: 'the machine has just woken', service: { graceUntilMs: mono(51 * MINUTE) }, hold: { code: 'just-woke', nextAtMs: wallAt(51) } },
    { name: 'its budget is spent', service: { healTimes: minutes(10, 20, 30) }, hold: { code: 'budget-spent', used: 3, limit: 3, nextAtMs: wallAt(70) } },
    { name: 'no automatic heals are allowed', policy: { heal: { maxPerHour: 0 } }, hold: { code: 'budget-spent', used: 0, limit: 0, nextAtMs: null } },
    { name: 'its cooldown is not over', service: lastHealAt(48), hold: { code: 'cooldown', cooldownMs: 5 * MINUTE, lastHealAtMs: wallAt(48), nextAtMs: wallAt(53) } },
    { name: 'the budget of the machine is spent', machine: { limits: buildLimits({ healsPerHour: 2 }), healTimes: minutes(5, 15) }, hold: { code: 'machine-budget-spent', used: 2, limit: 2, nextAtMs: wallAt(65) } },
    { name: 'enough heals are under way', machine: { healing: 2 }, hold: { code: 'heals-under-way', limit: 2, nextAtMs: null } },
    { name: 'cooldown and budget are against it, told is the one that ends last', service: { ...lastHealAt(48), healTimes: minutes(10, 20, 48) }, hold: { code: 'budget-spent', used: 3, limit: 3, nextAtMs: wallAt(70) } },
    { name: 'the cooldown outlasts the budget, told is the cooldown', service: { ...lastHealAt(48), healTimes: minutes(-5, 20, 48) }, policy: { heal: { cooldown: fixedCooldown(20 * MINUTE) } }, hold: { code: 'cooldown', cooldownMs: 20 * MINUTE, lastHealAtMs: wallAt(48), nextAtMs: wallAt(68) } },
    { name: 'one hold never ends by itself, told is that one', service: lastHealAt(48), policy: { heal: { maxPerHour: 0 } }, hold: { code: 'budget-spent', used: 0, limit: 0, nextAtMs: null } },
  ])('is held because $name', ({ hold, ...rest }) => {
    expect(decide(...situation(rest))).toEqual({ kind: 'hold', hold });
  });

  test.each<Situation & { name: string }>([
    { name: 'the cooldown has just ended', service: lastHealAt(45) },
    { name: 'a heal of its budget is exactly an hour old', service: { healTimes: minutes(-10, 20, 30) } },
    { name: 'the time after waking has just ended', service: { graceUntilMs: mono(50 * MINUTE) } },
    { name: 'another heal is under way, but not too many', machine: { healing: 1 } },
  ])('is healed though $name', (rest) => {
    expect(decide(...situation(rest))).toEqual({ kind: 'heal' });
  });
});

describe('nothing is decided', () => {
  test.each<Situation & { name: string }>([
    { name: 'while the breaker is closed', service: { breaker: { state: 'closed', failures: 4 } } },
    { name: 'while the service is being tried', service: { breaker: { state: 'half-open', sinceMs: mono(0), successes: 0 } } },
    { name: 'when nothing is known', service: { verdict: 'unknown' } },
    { name: 'while an act is under way', service: { intent: buildIntent() } },
    { name: 'while the service is paused', service: { pause: { untilWallMs: null } } },
    { name: 'while everything is paused', machine: { pause: { untilWallMs: null } } },
    { name: 'when a person has stopped it', service: { stopped: true } },
  ])('$name', ({ name: _name, ...rest }) => {
    expect(decide(...situation(rest))).toEqual({ kind: 'none' });
  });
});

describe('healing is still to be hoped for', () => {
  test.each<Situation & { name: string; hoped: boolean }>([
    { name: 'when nothing stands against it', hoped: true },
    { name: 'when the machine has only just woken', service: { graceUntilMs: mono(51 * MINUTE) }, hoped: true },
    { name: 'when other heals are under way', machine: { healing: 2 }, hoped: true },
    { name: 'but not during a cooldown', service: lastHealAt(48), hoped: false },
    { name: 'but not with a spent budget', service: { healTimes: minutes(10, 20, 30) }, hoped: false },
    { name: 'but not when it is only watched', policy: { manager: null }, hoped: false },
    { name: 'but not when healing is off', policy: { heal: { auto: false } }, hoped: false },
  ])('$name', ({ hoped, ...rest }) => {
    expect(mayBeHealed(...situation(rest))).toBe(hoped);
  });
});

test('every hold is found, in the order in which people want to hear it', () => {
  const holds = holdsAgainst(...situation({
    service: { ...lastHealAt(48), healTimes: minutes(10, 20, 48), graceUntilMs: mono(50 * MINUTE + 10 * SECOND) },
    machine: { limits: buildLimits({ healsPerHour: 1 }), healTimes: minutes(48) },
  }));
  expect(holds.map(({ code }) => code)).toEqual(['just-woke', 'budget-spent', 'cooldown', 'machine-budget-spent']);
  expect(lastingHold(holds)?.code).toBe('machine-budget-spent');
  expect(lastingHold([])).toBeUndefined();
});
