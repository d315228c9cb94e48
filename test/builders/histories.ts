// Random histories of a machine, for properties: configurations that make healing, holding and alerting likely, and what happens to them in any order.
import fc from 'fast-check';
import type { Configuration } from '../../supervisor/contract/configuration.ts';
import type { HealResult } from '../../supervisor/contract/reason.ts';
import { buildConfiguration, fixedCooldown, type ServiceOverrides } from './configuration.ts';
import { Machine, type Answer, type Happening } from './machine.ts';
import { HOUR, MINUTE, SECOND } from './moment.ts';
import type { RoundKind } from './round.ts';

export interface History { readonly configuration: Configuration; readonly happenings: readonly Happening[] }

const IDS = ['a', 'b', 'c'] as const;

const cooldowns = fc.oneof(
  fc.constantFrom(0, SECOND, MINUTE, 5 * MINUTE).map(fixedCooldown),
  fc.constantFrom({ fromMs: SECOND, toMs: 10 * SECOND }, { fromMs: MINUTE, toMs: 20 * MINUTE }, { fromMs: 5 * MINUTE, toMs: 40 * MINUTE }),
);

/** Any policy that supervises; `fixed` is what a property needs to hold for all of them. */
export const policies = (fixed: ServiceOverrides = {}): fc.Arbitrary<ServiceOverrides> =>
  fc.record({
    failureThreshold: fc.integer({ min: 1, max: 5 }), successThreshold: fc.integer({ min: 1, max: 3 }), openForMs: fc.constantFrom(100, SECOND, MINUTE, 10 * MINUTE),
    intervalMs: fc.constantFrom(250, SECOND, 10 * SECOND), severity: fc.constantFrom('critical', 'warning', 'info'),
    managed: fc.integer({ min: 0, max: 9 }), auto: fc.integer({ min: 0, max: 9 }), cooldown: cooldowns, maxPerHour: fc.integer({ min: 0, max: 5 }),
  }).map(({ failureThreshold, successThreshold, openForMs, intervalMs, severity, managed, auto, cooldown, maxPerHour }) => ({
    intervalMs, retryIntervalMs: Math.min(SECOND, intervalMs), severity, manager: managed === 0 ? null : { type: 'process' }, ...fixed,
    breaker: { failureThreshold, successThreshold, openForMs, ...fixed.breaker },
    heal: { auto: auto !== 0, cooldown, maxPerHour, ...fixed.heal },
  }));

export const configurations = (fixed: ServiceOverrides = {}): fc.Arbitrary<Configuration> =>
  fc.record({
    services: fc.array(policies(fixed), { minLength: 1, maxLength: 3 }), healsPerHour: fc.integer({ min: 0, max: 6 }), concurrentHeals: fc.integer({ min: 1, max: 2 }),
    after: fc.integer({ min: 1, max: 5 }), repeatMs: fc.constantFrom(MINUTE, 30 * MINUTE),
  }).map(({ services, healsPerHour, concurrentHeals, after, repeatMs }) => buildConfiguration({
    services: services.map((service, index) => ({ ...service, id: IDS[index] ?? 'a' })), limits: { healsPerHour, concurrentHeals },
    alerts: { levels: { critical: { after, repeatMs, to: ['desktop', 'log'] }, warning: { after, repeatMs, to: ['log'] }, info: { after: 2 * after, repeatMs, to: [] } } },
  }));

/** 1 ms to 2 h, most of it where cooldowns, intervals and trials lie. */
const waits = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(1, 100, SECOND, 10 * SECOND) }, { weight: 4, arbitrary: fc.constantFrom(MINUTE, 5 * MINUTE, 10 * MINUTE) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 2 * HOUR }) }, { weight: 1, arbitrary: fc.constant(HOUR) },
).map((ms): Happening => ({ type: 'wait', ms }));

const rounds = fc.constantFrom<RoundKind>('fail', 'fail', 'fail', 'fail', 'dead', 'pass', 'pass', 'slow', 'unclear');
const results = fc.constantFrom<HealResult['kind']>('fixed', 'not-fixed', 'not-fixed', 'refused', 'superseded', 'interrupted');
const answers = fc.constantFrom<Answer>('accepted', 'accepted', 'failed', 'unavailable');

/** What can happen to these services, in the proportions in which it makes interesting histories. */
export function happeningsTo(configuration: Configuration, says: fc.Arbitrary<RoundKind> = rounds): fc.Arbitrary<Happening> {
  const services = fc.constantFrom(...configuration.services.map(({ id }) => id));
  const toOne = <Type extends Happening['type']>(...types: readonly Type[]) => fc.record({ type: fc.constantFrom(...types), service: services }) as fc.Arbitrary<Happening>;
  return fc.oneof(
    { weight: 10, arbitrary: waits },
    { weight: 16, arbitrary: fc.record({ type: fc.constant('round' as const), service: services, says }) },
    { weight: 12, arbitrary: fc.record({ type: fc.constant('act-ends' as const), service: services, result: results }) },
    { weight: 4, arbitrary: fc.record({ type: fc.constant('answer' as const), channel: fc.constantFrom('desktop', 'log'), answer: answers }) },
    { weight: 3, arbitrary: toOne('acknowledge') },
    { weight: 3, arbitrary: fc.record({ type: fc.constant('snooze' as const), service: services, forMs: fc.constantFrom(null, SECOND, MINUTE, HOUR) }) },
    { weight: 3, arbitrary: fc.record({ type: fc.constant('loudness' as const), level: fc.constantFrom('all' as const, 'all' as const, 'critical' as const, 'none' as const), quietForMs: fc.constantFrom(0, 0, MINUTE, 8 * HOUR), exceptCritical: fc.boolean() }) },
    { weight: 3, arbitrary: toOne('exit') },
    { weight: 4, arbitrary: toOne('restart', 'start', 'reconsider') },
    { weight: 3, arbitrary: toOne('stop', 'start', 'stop-fails', 'pause', 'resume', 'resume', 'wake') },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('stale-round' as const), service: services, says }) },
    { weight: 2, arbitrary: fc.constantFrom<Happening>({ type: 'killed' }, { type: 'saved' }, { type: 'pause-all' }, { type: 'resume-all' }, { type: 'resume-all' }) },
  );
}

/** A run of failures long enough to open a breaker, or any single happening. */
const stretches = (configuration: Configuration): fc.Arbitrary<readonly Happening[]> => {
  const services = fc.constantFrom(...configuration.services.map(({ id }) => id));
  const run = fc.record({ service: services, says: fc.constantFrom<RoundKind>('fail', 'fail', 'pass'), times: fc.integer({ min: 2, max: 6 }), everyMs: fc.constantFrom(100, SECOND, MINUTE) })
    .map(({ service, says, times, everyMs }) => Array.from({ length: times }, (): Happening[] => [{ type: 'round', service, says }, { type: 'wait', ms: everyMs }]).flat());
  return fc.oneof({ weight: 5, arbitrary: happeningsTo(configuration).map((happening) => [happening]) }, { weight: 1, arbitrary: run });
};

export const histories = (fixed: ServiceOverrides = {}): fc.Arbitrary<History> =>
  configurations(fixed).chain((configuration) =>
    fc.array(stretches(configuration), { maxLength: 50, size: 'max' }).map((parts) => ({ configuration, happenings: parts.flat() })));

export const lived = ({ configuration, happenings }: History): Machine => new Machine(configuration).live(...happenings);

/** Holds a rule against the whole life of many machines. */
export const whatever = (rule: (machine: Machine) => void): void => fc.assert(fc.property(histories(), (history) => rule(lived(history))), { numRuns: 100 });
