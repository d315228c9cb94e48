import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { HistoryFacts } from '../../supervisor/domain/history-rows.ts';
import { LENGTH_MS } from '../../supervisor/domain/rollup.ts';
import { resolutionFor, spansOf, statisticsOf, WINDOW_MS, type KeptMs, type StatisticsFacts } from '../../supervisor/domain/statistics.ts';
import { HOUR } from '../builders/moment.ts';

const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 22, 14, 31, 7);
const KEPT: KeptMs = { minute: DAY, hour: 90 * DAY, day: 730 * DAY };
const iso = (ms: number): string => new Date(ms).toISOString();

describe('the buckets of a window', () => {
  it('follow each other from the hour that holds its beginning to the day that runs, without a gap', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 90 * DAY }), fc.integer({ min: 0, max: 2 * DAY }), (agoMs, laterMs) => {
      const now = NOW + laterMs;
      const spans = spansOf(now - agoMs, now, KEPT);
      const first = spans[0]?.fromMs ?? NaN;
      expect(now - agoMs - first).toBeGreaterThanOrEqual(0);
      expect(now - agoMs - first).toBeLessThan(HOUR);
      for (const [index, { resolution, fromMs, toMs }] of spans.entries()) {
        expect([fromMs % LENGTH_MS[resolution], toMs % LENGTH_MS[resolution]]).toEqual([0, 0]);
        expect(fromMs).toBe(index === 0 ? first : spans[index - 1]?.toMs);
      }
      expect(spans.at(-1)?.toMs).toBe(Math.floor(now / DAY) * DAY + DAY);
    }));
  });
  it('are few: days where whole days fit', () => {
    expect(spansOf(NOW - 7 * DAY, NOW, KEPT).map(({ resolution, fromMs, toMs }) => `${resolution} ${iso(fromMs)} ${iso(toMs)}`)).toEqual([
      'hour 2026-11-15T14:00:00.000Z 2026-11-16T00:00:00.000Z', 'day 2026-11-16T00:00:00.000Z 2026-11-23T00:00:00.000Z',
    ]);
  });
  it('are days only, and begin with a whole one, where hours are not kept so long', () => {
    expect(spansOf(NOW - 30 * DAY, NOW, { ...KEPT, hour: 7 * DAY }).map(({ resolution, fromMs }) => `${resolution} ${iso(fromMs)}`)).toEqual(['day 2026-10-23T00:00:00.000Z']);
  });
});

test.each([
  { name: 'the last hour', fromMs: NOW - HOUR, is: 'minute' },
  { name: 'the last day', fromMs: NOW - DAY, is: 'minute' },
  { name: 'a minute more than a day', fromMs: NOW - DAY - 60_000, is: 'hour' },
  { name: 'an hour of yesterday', fromMs: NOW - DAY - HOUR, toMs: NOW - DAY, is: 'hour' },
  { name: 'a week', fromMs: NOW - 7 * DAY, is: 'hour' },
  { name: '83 days', fromMs: NOW - 83 * DAY, is: 'hour' },
  { name: '90 days, more than 2,000 hours', fromMs: NOW - 90 * DAY, is: 'day' },
  { name: 'an hour half a year ago', fromMs: NOW - 180 * DAY, toMs: NOW - 180 * DAY + HOUR, is: 'day' },
  { name: 'more than is kept', fromMs: NOW - 3_000 * DAY, is: 'day' },
])('a series of $name is made of ${is}s', ({ fromMs, toMs = NOW, is }) => {
  expect(resolutionFor(fromMs, toMs, NOW, KEPT, 2_000)).toBe(is);
});
test('minutes that are kept for longer are used for longer, up to 2,000', () => {
  expect([33, 34].map((hours) => resolutionFor(NOW - hours * HOUR, NOW, NOW, { ...KEPT, minute: 14 * DAY }, 2_000))).toEqual(['minute', 'hour']);
});

const NO_FACTS: HistoryFacts = { meanDetectMs: null, meanHealMs: null, longest: null, heals: [], alerts: 0 };
const build = (overrides: Partial<StatisticsFacts> = {}) =>
  statisticsOf({ service: 'web', nowMs: NOW, sinceMs: NOW - WINDOW_MS['90d'], oldestEventMs: null, windows: [], facts: NO_FACTS, iso, ...overrides });
const window24 = (sums: StatisticsFacts['windows'][number]['sums']) => build({ windows: [{ window: '24h', spanMs: DAY, sums, incidents: 0 }] }).windows[0];

describe('statistics', () => {
  it('of nothing say that nothing is known', () => {
    expect(build()).toEqual({
      service: 'web', at: iso(NOW), windows: [], meanTimeToDetectMs: null, meanTimeToHealMs: null, longestOutage: null, heals: { total: 0, fixed: 0, byManager: [], byCause: [] }, alertsPerWeek: 0,
    });
    expect(window24([])).toEqual({ window: '24h', availability: null, up: 0, down: 0, unknown: 86_400, incidents: 0 });
  });
  test.each([
    { name: 'all of it known', sums: [{ upMs: DAY - HOUR, downMs: HOUR }], is: { availability: 23 / 24, up: 82_800, down: 3_600, unknown: 0 } },
    { name: 'asleep for half of it', sums: [{ upMs: DAY / 2, downMs: 0 }], is: { availability: 1, up: 43_200, down: 0, unknown: 43_200 } },
    { name: 'in hours and days', sums: [{ upMs: HOUR, downMs: HOUR }, { upMs: 2 * HOUR, downMs: 0 }], is: { availability: 0.75, up: 10_800, down: 3_600, unknown: 86_400 - 14_400 } },
  ])('of one service, $name', ({ sums, is }) => {
    expect(window24(sums.map((one) => ({ service: 'web', ...one })))).toEqual({ window: '24h', incidents: 0, ...is });
  });
  it('of two services are about the time of both', () => {
    expect(window24([{ service: 'a', upMs: DAY, downMs: 0 }, { service: 'b', upMs: 0, downMs: HOUR }])).toEqual({ window: '24h', incidents: 0, availability: 0.96, up: 86_400, down: 3_600, unknown: 23 * 3_600 });
  });
  it('sort heals by manager and by cause, the most frequent first', () => {
    const heals = [
      { manager: 'process', cause: 'signal', total: 2, fixed: 2 }, { manager: 'systemd', cause: 'http check', total: 5, fixed: 3 }, { manager: 'process', cause: 'http check', total: 1, fixed: 0 },
    ];
    expect(build({ facts: { ...NO_FACTS, heals } }).heals).toEqual({
      total: 8, fixed: 5, byManager: [{ name: 'systemd', total: 5, fixed: 3 }, { name: 'process', total: 3, fixed: 2 }],
      byCause: [{ name: 'http check', total: 6, fixed: 3 }, { name: 'signal', total: 2, fixed: 2 }],
    });
  });
  test.each([
    { name: 'in the first hour', oldestEventMs: NOW - HOUR, perWeek: 3 }, { name: 'in two weeks', oldestEventMs: NOW - 14 * DAY, perWeek: 1.5 }, { name: 'in 90 days of a year', oldestEventMs: NOW - 365 * DAY, perWeek: 3 / (90 / 7) },
  ])('three alerts $name are $perWeek a week', ({ oldestEventMs, perWeek }) => {
    expect(build({ oldestEventMs, facts: { ...NO_FACTS, alerts: 3 } }).alertsPerWeek).toBeCloseTo(perWeek, 9);
  });
  it('name the longest outage and whether it lasts', () => {
    const longest = { service: 'db', beganMs: NOW - HOUR, downMs: HOUR, open: true };
    expect(build({ facts: { ...NO_FACTS, longest } }).longestOutage).toEqual({ service: 'db', began: iso(NOW - HOUR), ms: HOUR, open: true });
  });
});
