// The rules about the breaker, whatever happens to the machine and in whatever order.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configurations, lived, whatever } from '../builders/histories.ts';
import type { Happening } from '../builders/machine.ts';
import { HOUR } from '../builders/moment.ts';

describe('the breaker', () => {
  test('a service that fails once, or every other time, is never restarted and its breaker never opens', () => {
    const blips = configurations({ breaker: { failureThreshold: 2 } }).chain((configuration) => {
      const services = fc.constantFrom(...configuration.services.map(({ id }) => id));
      const blip = fc.record({ service: services, goods: fc.array(fc.constantFrom('pass' as const, 'slow' as const), { minLength: 1, maxLength: 3 }), ms: fc.integer({ min: 1, max: HOUR }) })
        .map(({ service, goods, ms }): Happening[] => [{ type: 'round', service, says: 'fail' }, { type: 'wait', ms }, ...goods.map((says): Happening => ({ type: 'round', service, says }))]);
      return fc.array(blip, { maxLength: 30 }).map((parts) => ({ configuration, happenings: parts.flat() }));
    });
    fc.assert(fc.property(blips, (history) => {
      expect(lived(history).typesTold().filter((type) => type.startsWith('breaker.') || type.startsWith('heal.'))).toEqual([]);
    }));
  });

  test('opens at once when the manager says that the service has exited, whatever was counted before', () => {
    whatever((machine) => {
      for (const { happening, before, after } of machine.moments) {
        if (!('service' in happening)) continue;
        const service = before.services[happening.service];
        if (service === undefined || service.stopped || service.intent !== null) continue;
        const heard = happening.type === 'exit' && service.pause === null && before.pause === null;
        if (!heard && !(happening.type === 'round' && happening.says === 'dead')) continue;
        const then = after.services[happening.service];
        expect(then?.breaker.state === 'open' || then?.intent?.kind === 'heal').toBe(true);
      }
    });
  });

  test('opens again on one failure while it is half-open', () => {
    whatever((machine) => {
      for (const { happening, before, after } of machine.moments) {
        if (happening.type !== 'round' || (happening.says !== 'fail' && happening.says !== 'dead')) continue;
        const [service, then] = [before.services[happening.service], after.services[happening.service]];
        if (service?.breaker.state !== 'half-open' || service.intent !== null || service.stopped) continue;
        expect(then?.breaker.state === 'open' || then?.intent?.kind === 'heal').toBe(true);
      }
    });
  });

  test('is never said to open, half-open or close twice in a row; an act is a trial of its own and needs no words', () => {
    whatever((machine) => {
      const last = new Map<string, string>();
      for (const { happening, told } of machine.moments) {
        if (happening.type === 'start') last.set(happening.service, 'tried by an act');
        for (const { service, type } of told) {
          if (type === 'service.stopped') last.set(service, 'breaker.closed');
          if (type === 'heal.started') last.set(service, 'tried by an act');
          if (!type.startsWith('breaker.')) continue;
          expect(type).not.toBe(last.get(service) ?? 'breaker.closed');
          last.set(service, type);
        }
      }
    });
  });

  test('a failed round never makes a service that is down look better', () => {
    whatever((machine) => {
      for (const { happening, before, after } of machine.moments) {
        if (happening.type !== 'round' || happening.says !== 'fail' || before.services[happening.service]?.verdict !== 'down') continue;
        expect(after.services[happening.service]?.verdict).toBe('down');
      }
    });
  });
});
