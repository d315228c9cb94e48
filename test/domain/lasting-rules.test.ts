// Nothing is given up for good, and nothing is lost by saving and restoring, whatever happens to the machine and in whatever order.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newService } from '../../supervisor/domain/state.ts';
import { histories, lived, whatever } from '../builders/histories.ts';
import { Machine, type Happening } from '../builders/machine.ts';
import { HOUR, MINUTE } from '../builders/moment.ts';
import { eachHeldPromise, untilNextHeal } from '../builders/patience.ts';

describe('nothing is given up', () => {
  test('a hold says when the next heal is possible, except where only a person or another heal ends it', () => {
    whatever((machine) => {
      for (const { hold, at } of eachHeldPromise(machine)) {
        const endless = hold.code === 'no-manager' || hold.code === 'auto-off' || hold.code === 'heals-under-way' || ('limit' in hold && hold.limit === 0);
        if (endless) expect(hold.nextAtMs).toBeNull();
        else expect(hold.nextAtMs).toBeGreaterThan(at.wall);
      }
    });
  });

  test('a service that goes on failing is healed again no later than its hold has said', () => {
    const stubborn = fc.constantFrom(MINUTE, HOUR).chain((openForMs) => histories({ manager: { type: 'process' }, breaker: { openForMs }, heal: { auto: true, maxPerHour: 2 } }))
      .map(({ configuration, happenings }) => ({ happenings, configuration: { ...configuration, limits: { ...configuration.limits, healsPerHour: Math.max(1, configuration.limits.healsPerHour) } } }));
    fc.assert(fc.property(stubborn, (history) => {
      const { healedAtMs, promisedMs } = untilNextHeal(lived(history));
      expect(healedAtMs).not.toBeNull();
      if (promisedMs !== null) expect(healedAtMs).toBeLessThanOrEqual(promisedMs);
    }));
  });

  test('the next round is never further away than interval or openFor, unless an act is under way or a person wants none', () => {
    fc.assert(fc.property(histories(), ({ configuration, happenings }) => {
      const machine = new Machine(configuration);
      const wrong: unknown[] = [];
      for (const happening of happenings) {
        machine.live(happening);
        for (const { id, intervalMs, breaker } of configuration.services) {
          const { intent, stopped, pause } = machine.service(id);
          const due = machine.nextRoundAt(id);
          const wanted = intent === null && !stopped && pause === null && machine.state.pause === null;
          const right = wanted ? due !== null && due <= machine.now.mono + Math.max(intervalMs, breaker.openForMs) : due === null;
          if (!right) wrong.push({ id, due, now: machine.now.mono, service: machine.service(id) });
        }
      }
      expect(wrong).toEqual([]);
    }));
  });
});

describe('what is remembered', () => {
  test('a result that was asked for before something made it worthless changes nothing', () => {
    whatever((machine) => {
      for (const { happening, before, after } of machine.moments) {
        if (happening.type === 'stale-round') expect(after.services[happening.service]).toEqual(before.services[happening.service] ?? newService());
      }
    });
  });

  test('writing the state to disk and reading it again at any point changes nothing of what follows', () => {
    fc.assert(fc.property(histories(), ({ configuration, happenings }) => {
      const kept = new Machine(configuration).live(...happenings);
      const reread = new Machine(configuration).live(...happenings.flatMap((happening): Happening[] => [happening, { type: 'saved' }]));
      expect(reread.told).toEqual(kept.told);
      expect(reread.state).toEqual(kept.state);
    }));
  });
});
