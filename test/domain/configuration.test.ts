import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveConfiguration, type ConfigurationInput } from '../../supervisor/contract/configuration.ts';
import { duration, formatDuration, parseDuration } from '../../supervisor/contract/duration.ts';
import { SCHEMA } from '../fakes/plugin-schemas.ts';

const CHECKS = [{ type: 'tcp', port: 1 }];
const resolve = (input: unknown) => resolveConfiguration(SCHEMA.parse(input));
const resolveService = (service: object, defaults: object = {}) => {
  const [only] = resolve({ version: 1, defaults, services: { a: { checks: CHECKS, ...service } } }).services;
  if (only === undefined) throw new Error('expected one service');
  return only;
};

describe('defaults', () => {
  test('a service that says nothing gets the documented ones', () => {
    expect(resolveService({})).toEqual({
      id: 'a', name: 'a', group: null, url: null, checks: CHECKS, manager: null,
      intervalMs: 10_000, retryIntervalMs: 1_000, timeoutMs: 5_000, severity: 'critical',
      breaker: { failureThreshold: 5, successThreshold: 2, openForMs: 60_000 },
      heal: {
        auto: true, cooldown: { fromMs: 300_000, toMs: 300_000 }, maxPerHour: 3,
        stopWithinMs: 10_000, settleAfterStopMs: 0, settleAfterStartMs: 0, verifyWithinMs: 30_000,
      },
    });
  });

  test('a file that says nothing gets the documented limits and alerts', () => {
    expect(resolve({ version: 1, services: {} })).toEqual({
      services: [],
      limits: { healsPerHour: 20, concurrentHeals: 2, concurrentChecks: 64 },
      alerts: {
        levels: {
          critical: { after: 3, repeatMs: 3_600_000, to: ['desktop', 'discord', 'log'] },
          warning: { after: 5, repeatMs: 7_200_000, to: ['log'] },
          info: { after: 10, repeatMs: 86_400_000, to: ['log'] },
        },
        channels: { desktop: {}, log: {} },
        notifyOnFix: true,
      },
      history: { minutesMs: 86_400_000, hoursMs: 90 * 86_400_000, daysMs: 730 * 86_400_000, eventsMs: 730 * 86_400_000, maxBytes: 500_000_000 },
    });
  });

  test('a setting of the service wins over "defaults", key by key', () => {
    const service = resolveService(
      { interval: '1s', breaker: { openFor: '1s' }, heal: { maxPerHour: 1 } },
      { interval: '2s', timeout: '2s', breaker: { openFor: '2s', failureThreshold: 2 }, heal: { maxPerHour: 2, auto: false } },
    );
    expect(service).toMatchObject({
      intervalMs: 1_000, timeoutMs: 2_000, breaker: { openForMs: 1_000, failureThreshold: 2, successThreshold: 2 }, heal: { maxPerHour: 1, auto: false },
    });
  });

  test('a level of alerts keeps what it does not say', () => {
    const { alerts } = resolve({ version: 1, services: {}, alerts: { levels: { warning: { after: 1 } } } });
    expect(alerts.levels.warning).toEqual({ after: 1, repeatMs: 7_200_000, to: ['log'] });
  });

  test('retryInterval is never longer than interval', () => {
    expect(resolveService({ interval: '500ms' }).retryIntervalMs).toBe(500);
    expect(resolveService({ interval: '500ms', retryInterval: '3s' }).retryIntervalMs).toBe(500);
  });

  test('a cooldown may be one duration or a range', () => {
    expect(resolveService({ heal: { cooldown: '1m' } }).heal.cooldown).toEqual({ fromMs: 60_000, toMs: 60_000 });
    expect(resolveService({ heal: { cooldown: { from: '1s', to: '1m' } } }).heal.cooldown).toEqual({ fromMs: 1_000, toMs: 60_000 });
  });

  test('a service whose manager gives a status needs no check', () => {
    expect(SCHEMA.safeParse({ version: 1, services: { a: { manager: { type: 'systemd', unit: 'a.service' } } } }).success).toBe(true);
    expect(SCHEMA.safeParse({ version: 1, services: { a: { manager: { type: 'process', command: ['a'] } } } }).success).toBe(false);
  });
});

describe('the smallest values', () => {
  test.each([
    { key: 'interval', least: '250ms', below: '249ms' },
    { key: 'retryInterval', least: '100ms', below: '99ms' },
    { key: 'timeout', least: '50ms', below: '49ms' },
    { key: 'heal', least: { settleAfterStop: '0s', settleAfterStart: '0s', stopWithin: '0s' }, below: { settleAfterStop: '-1s' } },
    { key: 'heal', least: { maxPerHour: 0 }, below: { maxPerHour: -1 } },
    { key: 'breaker', least: { failureThreshold: 1, successThreshold: 1, openFor: '100ms' }, below: { failureThreshold: 0 } },
  ])('of $key: $least is fine, $below is not', ({ key, least, below }) => {
    const accepts = (value: unknown) => SCHEMA.safeParse({ version: 1, services: { a: { checks: CHECKS, [key]: value } } }).success;
    expect(accepts(least)).toBe(true);
    expect(accepts(below)).toBe(false);
  });
});

describe('durations', () => {
  test.each([['250ms', 250], ['10s', 10_000], ['1.5s', 1_500], ['5m', 300_000], ['1h', 3_600_000], ['24h', 86_400_000], ['2d', 172_800_000], ['0s', 0]])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });
  test.each(['', '5', 's', '-1s', '1 s', '1S', '1e3s', '.5s', '1s ', '1w', '٣s'])('"%s" is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
    expect(duration().safeParse(text).success).toBe(false);
  });
  test('what is written as a duration is read as the same one', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10 ** 11 }), (ms) => { expect(parseDuration(formatDuration(ms))).toBe(ms); }));
  });
});

describe('properties', () => {
  const time = (leastMs: number) => fc.integer({ min: leastMs, max: 10 ** 9 }).map((ms) => ({ ms, text: formatDuration(ms) }));
  const service = fc.record({
    interval: time(250), retryInterval: time(100), timeout: time(50), stopWithin: time(0), from: time(1), to: time(1), maxPerHour: fc.integer({ min: 0, max: 3600 }), failureThreshold: fc.integer({ min: 1, max: 1000 }),
  });

  test('every setting of a right file arrives in the configuration as it was written', () => {
    fc.assert(fc.property(fc.dictionary(fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,62}$/), service), (wanted) => {
      const services = Object.fromEntries(Object.entries(wanted).map(([id, { interval, retryInterval, timeout, stopWithin, from, to, maxPerHour, failureThreshold }]) => {
        const [shorter, longer] = from.ms <= to.ms ? [from, to] : [to, from];
        return [id, {
          checks: CHECKS, interval: interval.text, retryInterval: retryInterval.text, timeout: timeout.text, breaker: { failureThreshold },
          heal: { stopWithin: stopWithin.text, cooldown: { from: shorter.text, to: longer.text }, maxPerHour },
        }];
      }));
      const input: ConfigurationInput = SCHEMA.parse({ version: 1, services });
      const resolved = resolveConfiguration(input).services;
      expect(resolved.map(({ id }) => id).sort()).toEqual(Object.keys(wanted).sort());
      for (const { id, ...found } of resolved) {
        const { interval, retryInterval, timeout, stopWithin, from, to, maxPerHour, failureThreshold } = wanted[id] ?? expect.fail(id);
        expect(found).toMatchObject({
          intervalMs: interval.ms, retryIntervalMs: Math.min(retryInterval.ms, interval.ms), timeoutMs: timeout.ms, breaker: { failureThreshold },
          heal: { stopWithinMs: stopWithin.ms, cooldown: { fromMs: Math.min(from.ms, to.ms), toMs: Math.max(from.ms, to.ms) }, maxPerHour },
        });
      }
    }));
  });
});
