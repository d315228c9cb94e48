// The rules about healing, whatever happens to the machine and in whatever order: across saves, kills, sleeps, pauses and a person's own acts.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { begunInTheHourBefore, healsOf, leastCooldownMs, type Heal } from '../builders/heals.ts';
import { configurations, happeningsTo, histories, lived, whatever } from '../builders/histories.ts';

/** Each automatic heal, with all that began before it. */
const automatic = (heals: readonly Heal[]): { readonly heal: Heal; readonly earlier: readonly Heal[] }[] =>
  heals.flatMap((heal, index) => (heal.by === 'upkeep' ? [{ heal, earlier: heals.slice(0, index) }] : []));
const of = (id: string) => ({ service }: { readonly service: string }): boolean => service === id;

test('the histories of these rules are full of heals, holds, alerts, repeats, resolutions and fixes', () => {
  const counts: Record<string, number> = {};
  for (const history of fc.sample(histories(), { numRuns: 100, seed: 1 })) for (const type of lived(history).typesTold()) counts[type] = (counts[type] ?? 0) + 1;
  for (const type of ['heal.started', 'heal.held', 'heal.succeeded', 'heal.failed', 'alert.raised', 'alert.repeated', 'alert.resolved', 'breaker.half-opened', 'breaker.closed']) {
    expect(counts, type).toHaveProperty([type]);
    expect(counts[type], type).toBeGreaterThan(10);
  }
});

describe('an automatic heal', () => {
  test('never exceeds maxPerHour of its service in any sliding hour', () => {
    whatever((machine) => {
      for (const { id, heal: { maxPerHour } } of machine.configuration.services) {
        for (const { heal, earlier } of automatic(healsOf(machine).filter(of(id)))) expect(begunInTheHourBefore(earlier, heal.beganMs)).toBeLessThan(maxPerHour);
      }
    });
  });

  test('never exceeds healsPerHour of the machine in any sliding hour', () => {
    whatever((machine) => {
      for (const { heal, earlier } of automatic(healsOf(machine))) expect(begunInTheHourBefore(earlier, heal.beganMs)).toBeLessThan(machine.configuration.limits.healsPerHour);
    });
  });

  test('never begins while as many as concurrentHeals are under way', () => {
    whatever((machine) => {
      for (const { heal, earlier } of automatic(healsOf(machine))) {
        const underWay = earlier.filter(({ endedMs }) => endedMs === null || endedMs > heal.beganMs);
        expect(underWay.length).toBeLessThan(machine.configuration.limits.concurrentHeals);
      }
    });
  });

  test('never begins before the cooldown since the end of the last heal of its service is over, doubled where the policy says so', () => {
    whatever((machine) => {
      for (const { id } of machine.configuration.services) {
        for (const { heal, earlier } of automatic(healsOf(machine).filter(of(id)))) {
          const lastEndMs = earlier.at(-1)?.endedMs;
          if (lastEndMs != null) expect(heal.beganMs - lastEndMs).toBeGreaterThanOrEqual(leastCooldownMs(machine, id, earlier, heal.beganMs));
        }
      }
    });
  });

  test('never happens to a service that is paused, stopped, only watched or not to be healed', () => {
    whatever((machine) => {
      for (const { told, after } of machine.moments) {
        for (const { service, type, facts } of told) {
          if (type !== 'heal.started' || facts['by'] !== 'upkeep') continue;
          const { manager, heal } = machine.policy(service);
          expect({ pause: after.services[service]?.pause, paused: after.pause, stopped: after.services[service]?.stopped, auto: heal.auto && manager !== null })
            .toEqual({ pause: null, paused: null, stopped: false, auto: true });
        }
      }
    });
  });

  test('is followed by exactly one end, unless a person stops the service', () => {
    whatever((machine) => {
      for (const { id } of machine.configuration.services) {
        let attempt: unknown = null;
        for (const { type, facts } of machine.told.filter(of(id))) {
          if (type === 'heal.started') {
            expect(attempt).toBeNull();
            attempt = facts['attempt'];
          } else if (type === 'heal.succeeded' || type === 'heal.failed') {
            expect(facts['attempt']).toBe(attempt);
            attempt = null;
          } else if (type === 'service.stopped') attempt = null;
        }
        expect(machine.service(id).intent?.kind === 'heal').toBe(attempt !== null);
      }
    });
  });
});

describe('a person', () => {
  test('is never refused a restart by cooldown or budgets, and it is counted in both', () => {
    whatever((machine) => {
      for (const { happening, before, after, told, at } of machine.moments) {
        if (happening.type !== 'restart' || (before.services[happening.service]?.intent ?? null) !== null) continue;
        expect(told.map(({ type }) => type)).toContain('heal.started');
        expect(after.services[happening.service]?.healTimes.at(-1)).toBe(at.mono);
        expect(after.healTimes.at(-1)).toBe(at.mono);
      }
    });
  });
});

describe('what cannot be known', () => {
  test('a service of which every round is inconclusive is never healed and never alerted about', () => {
    const unclear = configurations().chain((configuration) => fc.array(happeningsTo(configuration, fc.constant('unclear')), { maxLength: 60, size: 'max' }).map((happenings) => ({
      configuration, happenings: happenings.filter(({ type }) => type !== 'exit' && type !== 'start' && type !== 'restart'),
    })));
    fc.assert(fc.property(unclear, (history) => {
      expect(lived(history).typesTold().filter((type) => type.startsWith('heal.') || type.startsWith('alert.'))).toEqual([]);
    }));
  });

  test('after an inconclusive round or a sleep nothing is healed or announced until a round fails or it exits', () => {
    whatever((machine) => {
      const doubtful = new Set<string>();
      for (const { happening, told, before } of machine.moments) {
        if ('service' in happening) {
          const { stopped = false, intent = null, pause = null } = before.services[happening.service] ?? {};
          const says = happening.type === 'round' ? happening.says : null;
          const exits = happening.type === 'exit' && pause === null && before.pause === null;
          const actFails = happening.type === 'act-ends' && intent !== null && happening.result !== 'superseded';
          if (stopped || says === 'fail' || says === 'dead' || exits || actFails) doubtful.delete(happening.service);
          else if (intent === null && (says === 'unclear' || happening.type === 'wake')) doubtful.add(happening.service);
        }
        for (const { type, service, facts } of told) {
          if ((type === 'heal.started' && facts['by'] === 'upkeep') || type === 'alert.raised' || type === 'alert.repeated') expect(doubtful).not.toContain(service);
        }
      }
    });
  });
});
