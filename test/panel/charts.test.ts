// What the charts of a service draw and say, as tables.
import { describe, expect, test } from 'vitest';
import type { Bucket, Series } from '../../supervisor/contract/history.ts';
import { latencyCeiling, latencyLabel, timeLabel } from '../../renderer/charts/axis.ts';
import { bandsOf, latencyGrid } from '../../renderer/charts/latency-grid.ts';
import { type Mark, marksOf, placeMarks } from '../../renderer/charts/marks.ts';
import { readAll, readMoment, readSlot, tableOf } from '../../renderer/charts/moment.ts';
import { availabilityOf, barOf, slotsOf } from '../../renderer/charts/slots.ts';
import { beginningOf, shapeOf, SPANS } from '../../renderer/charts/spans.ts';
import { bucket, healed, incident, series } from './past-builders.ts';
import { ago, NOW_MS } from './snapshot-builders.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Half an hour ago, on the minute. */
const FROM_MS = NOW_MS - 30 * MINUTE_MS;
const at = (minute: number): string => new Date(FROM_MS + minute * MINUTE_MS).toISOString();
const minutes = (buckets: readonly Bucket[]): Series => ({ service: 'a', resolution: 'minute', from: at(0), to: at(30), buckets: [...buckets] });
const window = { fromMs: FROM_MS, toMs: NOW_MS };
const whole = Array.from({ length: 30 }, (_, minute) => bucket(at(minute)));

describe('the span that is asked for', () => {
  test.each(SPANS)('%s begins within it, so that what is kept for exactly so long is all there', (span) => {
    for (const shiftMs of [0, 1, 17 * MINUTE_MS, 5 * HOUR_MS]) {
      const nowMs = NOW_MS + shiftMs;
      const fromMs = beginningOf(span, nowMs);
      const earliestMs = nowMs - shapeOf(span).lengthMs;
      // A minute later it would still be.
      expect(fromMs).toBeGreaterThanOrEqual(earliestMs + MINUTE_MS);
      expect(fromMs - earliestMs).toBeLessThan(shapeOf(span).slotMs + MINUTE_MS);
    }
  });
  test('stays the same question for as long as a slot lasts', () => {
    const first = Math.ceil(NOW_MS / (30 * MINUTE_MS)) * 30 * MINUTE_MS;
    expect(beginningOf('24h', first + 1)).toBe(beginningOf('24h', first + 28 * MINUTE_MS));
    expect(beginningOf('24h', first + 30 * MINUTE_MS + 1)).not.toBe(beginningOf('24h', first + 1));
  });
});

describe('slots', () => {
  const tens = (given: Series) => slotsOf(given, window, 10 * MINUTE_MS);

  test('add up what was measured in them', () => {
    expect(tens(minutes(whole))).toEqual([0, 10, 20].map((minute) => ({
      fromMs: FROM_MS + minute * MINUTE_MS, toMs: FROM_MS + (minute + 10) * MINUTE_MS, count: 60, failures: 0, up: 600, down: 0, unknown: 0, p50Ms: 10, p95Ms: 20,
    })));
  });
  test.each<[string, readonly Bucket[], { up: number; down: number; unknown: number }]>([
    ['minutes without a measurement are unknown', whole.slice(0, 25), { up: 300, down: 0, unknown: 300 }],
    ['time nobody looked is unknown, never down', [...whole.slice(0, 29), bucket(at(29), { up: 0, unknown: 60 })], { up: 540, down: 0, unknown: 60 }],
    ['down counts as down', [...whole.slice(0, 28), bucket(at(28), { up: 15, down: 45 }), bucket(at(29))], { up: 555, down: 45, unknown: 0 }],
  ])('%s', (_name, buckets, expected) => expect(tens(minutes(buckets)).at(-1)).toMatchObject(expected));
  test('the minute that is only beginning is not missing', () => {
    const now = { fromMs: FROM_MS, toMs: NOW_MS + 20_000 };
    expect(slotsOf(minutes(whole), now, 10 * MINUTE_MS).at(-1)).toMatchObject({ up: 0, down: 0, unknown: 0 });
  });
  test('latencies of a slot are the middle p50 and the highest p95, and null where none was measured', () => {
    const given = minutes([bucket(at(20), { p50Ms: 5, p95Ms: 9 }), bucket(at(21), { p50Ms: 90, p95Ms: 400 }), bucket(at(22), { p50Ms: 7, p95Ms: 11 }), bucket(at(23), { p50Ms: null, p95Ms: null })]);
    expect(tens(given).map(({ p50Ms, p95Ms }) => [p50Ms, p95Ms])).toEqual([[null, null], [null, null], [7, 400]]);
  });
});

describe('availability', () => {
  test.each<[string, { up: number; down: number }[], number | null]>([
    ['up out of what is known', [{ up: 90, down: 10 }, { up: 100, down: 0 }], 0.95],
    ['nothing known', [{ up: 0, down: 0 }], null],
    ['nothing at all', [], null],
    ['always down', [{ up: 0, down: 5 }], 0],
  ])('%s', (_name, slots, expected) => expect(availabilityOf(slots)).toBe(expected));

  test.each([
    ['all up', { up: 60, down: 0, unknown: 0 }, { up: 40, down: 0, unknown: 0 }],
    ['all unknown', { up: 0, down: 0, unknown: 60 }, { up: 0, down: 0, unknown: 40 }],
    ['nothing passed yet', { up: 0, down: 0, unknown: 0 }, { up: 0, down: 0, unknown: 40 }],
    ['half and half', { up: 30, down: 30, unknown: 0 }, { up: 20, down: 20, unknown: 0 }],
    ['a second of outage can be seen', { up: 1_799, down: 1, unknown: 0 }, { up: 35, down: 5, unknown: 0 }],
    ['a moment up after a time nobody looked can be seen, and an outage in it, too', { up: 10, down: 2, unknown: 600 }, { up: 5, down: 5, unknown: 30 }],
    ['down all the time', { up: 0, down: 9, unknown: 0 }, { up: 0, down: 40, unknown: 0 }],
    ['unknown on top of it', { up: 15, down: 0, unknown: 45 }, { up: 10, down: 0, unknown: 30 }],
  ])('a bar: %s', (_name, given, expected) => expect(barOf(given, 40, 5)).toEqual(expected));
});

describe('latencies', () => {
  const given = minutes([bucket(at(0)), bucket(at(1), { p50Ms: 12 }), bucket(at(4), { p50Ms: null, p95Ms: null, up: 0, down: 60 }), bucket(at(5))]);
  const short = { fromMs: FROM_MS, toMs: FROM_MS + 7 * MINUTE_MS };

  test('have a gap where nothing was measured, and stand in the middle of their time', () => {
    const grid = latencyGrid(given, short);
    expect(grid.p50).toEqual([10, 12, null, null, null, 10, null]);
    expect(grid.p95).toEqual([20, 20, null, null, null, 20, null]);
    expect(grid.times[0]).toBe((FROM_MS + MINUTE_MS / 2) / 1_000);
  });
  test('what stood behind a gap: unknown or down, in one piece each', () => {
    expect(bandsOf(given, short).map(({ kind, fromMs, toMs }) => [kind, (fromMs - FROM_MS) / MINUTE_MS, (toMs - FROM_MS) / MINUTE_MS])).toEqual([['unknown', 2, 4], ['down', 4, 5], ['unknown', 6, 7]]);
  });
  test('the minute that is only beginning is no gap', () => {
    expect(bandsOf(minutes(whole), { fromMs: FROM_MS, toMs: NOW_MS + 30_000 })).toEqual([]);
  });
  test.each([[null, 5], [2, 5], [100, 115]])('the axis over a highest value of %o goes up to %f', (highest, expected) => expect(latencyCeiling(highest)).toBeCloseTo(expected));
  test.each([[0, '0'], [0.25, '0.25 ms'], [25, '25 ms'], [1_500, '1.5 s']])('%f on the axis is %s', (ms, expected) => expect(latencyLabel(ms)).toBe(expected));
  test.each([
    [new Date(2026, 10, 22, 14), 3_600, '14:00'], [new Date(2026, 10, 22), 7_200, '22 Nov'], [new Date(2026, 10, 22, 12), 86_400, '22 Nov'],
  ])('%o with marks %i s apart is %s', (time, step, expected) => expect(timeLabel(time.getTime() / 1_000, step, false)).toBe(expected));
  test('whole days are those they are measured in', () => expect(timeLabel(Date.UTC(2026, 10, 22) / 1_000, 86_400, true)).toBe('22 Nov'));
});

describe('marks', () => {
  const day = { fromMs: NOW_MS - 24 * HOUR_MS, toMs: NOW_MS };

  test('an incident says when, how long and how it ended, and leads to its page', () => {
    const [mark] = marksOf([incident('incident-7', { began: ago(3_600), ended: ago(3_408), heals: 2 })], [], NOW_MS);
    expect(mark).toEqual({ key: 'incident-7', kind: 'healed', atMs: NOW_MS - HOUR_MS, hash: '#/incident/incident-7', label: '13:20: down, lasted 3 min 12 s, 2 restarts, healed' });
  });
  test.each([
    [{ outcome: 'open', ended: null, began: ago(60) }, 'open', 'lasts for 1 min'], [{ outcome: 'recovered', heals: 0 }, 'over', 'no restart, recovered by itself'],
    [{ outcome: 'stopped' }, 'over', 'ended by a stop'], [{ outcome: 'forgotten' }, 'over', 'ended when it left services.json'],
  ] as const)('%o is marked as %s and says "%s"', (differs, kind, words) => {
    const [mark] = marksOf([incident('a', differs)], [], NOW_MS);
    expect(mark).toMatchObject({ kind, label: expect.stringContaining(words) as unknown });
  });
  test('a restart is marked by itself only when it belongs to no incident', () => {
    const heals = [healed('a', 60, { attempt: 'one', incident: null, by: 'person', symptom: null }), healed('a', 90, { attempt: 'two' }), { at: ago(99), type: 'heal.failed' as const, service: 'a' }];
    expect(marksOf([], heals, NOW_MS).map(({ key, kind, hash }) => [key, kind, hash])).toEqual([['one', 'restart', '#/history?service=a&kind=heal']]);
  });

  const mark = (key: string, secondsAgo: number, kind: Mark['kind'] = 'healed'): Mark => ({ key, kind, atMs: NOW_MS - secondsAgo * 1_000, label: key, hash: `#/${key}` });
  test('those that would cover each other are one, with the looks and the way of the worst', () => {
    const placed = placeMarks([mark('a', 50_000), mark('b', 500), mark('c', 400, 'open'), mark('d', 300, 'over')], day, 20);
    expect(placed).toEqual([
      { key: 'a', kind: 'healed', hash: '#/a', label: 'a', part: 8.5 / 20, amount: 1 }, { key: 'c', kind: 'open', hash: '#/c', label: 'b\nc\nd', part: 19.5 / 20, amount: 3 },
    ]);
  });
  test('what is over and outside is left out; what lasts stands at the edge', () => {
    expect(placeMarks([mark('old', 90_000), mark('lasts', 90_000, 'open'), mark('ahead', -5)], day, 10).map(({ key, part }) => [key, part])).toEqual([['lasts', 0.05]]);
  });
});

describe('what is said', () => {
  const slots = slotsOf(minutes([...whole.slice(0, 20), bucket(at(20), { up: 15, down: 45, failures: 4, p50Ms: 1_500, p95Ms: 2_000 }), ...whole.slice(21, 26)]), window, 10 * MINUTE_MS);

  test('of the whole span', () => {
    expect(readAll(slots, '24h')).toEqual({ when: 'The last 24 hours', what: ['97.1 % up out of what is known', 'down 45 s in all'] });
    expect(readAll(slotsOf(minutes(whole), window, 10 * MINUTE_MS), '7d')).toEqual({ when: 'The last 7 days', what: ['100 % up out of what is known', 'never down'] });
    expect(readAll([], '90d')).toEqual({ when: 'The last 90 days', what: ['nothing is known'] });
  });
  test('of one slot', () => {
    expect(slots.map((slot) => readSlot(slot, NOW_MS))).toEqual([
      { when: '13:50–14:00', what: ['100 % up', 'p50 10 ms', 'p95 20 ms'] }, { when: '14:00–14:10', what: ['100 % up', 'p50 10 ms', 'p95 20 ms'] },
      { when: '14:10–14:20', what: ['87.5 % up', 'down 45 s', 'unknown 4 min', 'p50 10 ms', 'p95 2.0 s'] },
    ]);
  });
  test('of one minute under the pointer', () => {
    const given = minutes([bucket(at(3), { p50Ms: 12, p95Ms: 1_400 }), bucket(at(4), { up: 0, down: 60, p50Ms: null, p95Ms: null })]);
    const own = slotsOf(given, window, 10 * MINUTE_MS);
    const read = (minute: number) => readMoment(given, own, FROM_MS + minute * MINUTE_MS, NOW_MS);
    expect(read(3.5)).toEqual({ when: '13:53', what: ['100 % up', 'p50 12 ms', 'p95 1.4 s'] });
    expect(read(4.5)).toEqual({ when: '13:54', what: ['0 % up', 'down 1 min'] });
    expect(read(5.5)).toEqual({ when: '13:55', what: ['nothing is known'] });
    expect(read(90)).toBeNull();
  });
  test('of whole days by their date', () => {
    const days = series('a', 'day', 3 * 86_400);
    const own = slotsOf(days, { fromMs: Date.parse(days.from), toMs: NOW_MS }, 24 * HOUR_MS);
    expect(own.map((slot) => readSlot(slot, NOW_MS).when)).toEqual(['Fri 20 Nov', 'Yesterday', 'Today']);
    expect(readMoment(days, own, NOW_MS - HOUR_MS, NOW_MS)?.when).toBe('Today');
  });
  test('as a table, newest first, for those who cannot see the charts', () => {
    expect(tableOf(slots, NOW_MS).map(({ key: _, ...row }) => row)).toEqual([
      { when: '14:10–14:20', availability: '87.5 %', down: '45 s', unknown: '4 min', p50: '10 ms', p95: '2.0 s', checks: '36, 4 failed' },
      { when: '14:00–14:10', availability: '100 %', down: '–', unknown: '–', p50: '10 ms', p95: '20 ms', checks: '60' },
      { when: '13:50–14:00', availability: '100 %', down: '–', unknown: '–', p50: '10 ms', p95: '20 ms', checks: '60' },
    ]);
    expect(tableOf(slotsOf(minutes([]), window, 10 * MINUTE_MS), NOW_MS)[0]).toMatchObject({ availability: 'unknown', unknown: '10 min', p50: '–', checks: '0' });
  });
});
