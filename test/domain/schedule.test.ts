// When the next round of a service is due.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MachineView } from '../../supervisor/domain/decision.ts';
import { nextBeat, nextRoundAt } from '../../supervisor/domain/schedule.ts';
import type { ServiceState } from '../../supervisor/domain/state.ts';
import { buildServiceConfiguration } from '../builders/configuration.ts';
import { at, mono, SECOND } from '../builders/moment.ts';
import { buildDown, buildHealRecord, buildHealthy, buildIntent, buildMachineView } from '../builders/service-state.ts';

describe('the rhythm', () => {
  test.each<{ name: string; planned: number; now: number; next: number }>([
    { name: 'goes on from when the last round was due, not from when it ended', planned: 10, now: 13, next: 20 },
    { name: 'drops a beat that a long round has missed', planned: 10, now: 24, next: 30 },
    { name: 'drops all missed beats, however many', planned: 10, now: 3_604, next: 3_610 },
    { name: 'takes a beat that is now', planned: 10, now: 20, next: 20 },
  ])('$name', ({ planned, now, next }) => {
    expect(nextBeat(mono(planned * SECOND), 10 * SECOND, mono(now * SECOND))).toBe(next * SECOND);
  });

  test('the next beat is never past, at most one interval away, and in step with the last', () => {
    fc.assert(fc.property(fc.nat(1e9), fc.nat(1e9), fc.integer({ min: 250, max: 1e6 }), (planned, passed, intervalMs) => {
      const now = mono(planned + passed);
      const next = nextBeat(mono(planned), intervalMs, now);
      expect(next).toBeGreaterThanOrEqual(now);
      expect(next).toBeLessThanOrEqual(now + intervalMs);
      expect((next - planned) % intervalMs).toBe(0);
    }));
  });
});

describe('the next round', () => {
  const NOW = at(23 * SECOND);
  const healed = (endedS: number): Partial<ServiceState> => ({ lastHeal: buildHealRecord({ endedMs: mono(endedS * SECOND) }) });
  const trying = (successes: number) => ({ state: 'half-open', sinceMs: mono(0), successes }) as const;

  test.each<{ name: string; service: ServiceState; cooldownS?: number; planned?: number | null; machine?: Partial<MachineView>; due: number | null }>([
    { name: 'comes at once when there was none yet', service: buildHealthy(), planned: null, due: 23 },
    { name: 'keeps the rhythm while it is up', service: buildHealthy(), due: 30 },
    { name: 'comes after retryInterval while it fails and is not open yet', service: buildHealthy({ breaker: { state: 'closed', failures: 1 } }), due: 24 },
    { name: 'comes after retryInterval while passes are counted in a trial', service: buildDown({ breaker: trying(1) }), due: 24 },
    { name: 'keeps the rhythm when nothing is known, even in a trial', service: buildDown({ breaker: trying(0), verdict: 'unknown' }), due: 30 },
    { name: 'is the trial when the breaker is open', service: buildDown(), due: 60 },
    { name: 'comes when the hold ends, if that is before the trial', service: buildDown(healed(20)), cooldownS: 12, due: 32 },
    { name: 'is the trial, if the hold ends later', service: buildDown(healed(20)), cooldownS: 300, due: 60 },
    { name: 'is the trial, if the hold has ended already', service: buildDown(healed(2)), cooldownS: 12, due: 60 },
    { name: 'is none while an act is under way', service: buildDown({ intent: buildIntent() }), due: null },
    { name: 'is none while it is paused', service: buildHealthy({ pause: { untilWallMs: null } }), due: null },
    { name: 'is none while everything is paused', service: buildHealthy(), machine: { pause: { untilWallMs: null } }, due: null },
    { name: 'is none when a person has stopped it', service: buildHealthy({ stopped: true }), due: null },
  ])('$name', ({ service, cooldownS = 300, planned = 20, machine, due }) => {
    const policy = buildServiceConfiguration({ heal: { cooldown: { fromMs: cooldownS * SECOND, toMs: cooldownS * SECOND } } });
    const last = planned === null ? null : mono(planned * SECOND);
    expect(nextRoundAt(service, policy, buildMachineView(machine), last, NOW)).toBe(due === null ? null : due * SECOND);
  });
});
