import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecentDay, MINUTES } from '../../supervisor/recent-day.ts';

const NOW = 29_000_000;
const NONE = { upMs: 0, downMs: 0 };
const minute = (index: number, upMs = 60_000, downMs = 0, p50Ms: number | null = 5) => ({ index, upMs, downMs, p50Ms });

describe('the last day of a service', () => {
  it('is unknown before anything was put in', () => {
    const day = createRecentDay();
    expect(day.parts(NOW, NONE)).toEqual(Array(48).fill(NONE));
    expect(day.medians(NOW, null)).toEqual(Array(60).fill(null));
  });
  it('ends with the minute that runs', () => {
    const day = createRecentDay();
    day.put(minute(NOW - 1, 50_000, 10_000, 7));
    expect(day.parts(NOW, { upMs: 1_000, downMs: 2_000 }).at(-1)).toEqual({ upMs: 51_000, downMs: 12_000 });
    expect(day.medians(NOW, 9).slice(-3)).toEqual([null, 7, 9]);
  });
  it('forgets what is older than 24 hours, and medians older than an hour', () => {
    const day = createRecentDay();
    day.put(minute(NOW));
    expect([day.parts(NOW + 29, NONE).at(-1)?.upMs, day.parts(NOW + 30, NONE).at(-1)?.upMs, day.parts(NOW + MINUTES - 1, NONE)[0]?.upMs]).toEqual([60_000, 0, 60_000]);
    expect(day.parts(NOW + MINUTES, NONE)).toEqual(Array(48).fill(NONE));
    expect([day.medians(NOW + 59, null)[0], day.medians(NOW + 60, null)[0]]).toEqual([5, null]);
  });
  it('says the same as a list of its minutes, whatever comes when', () => {
    const minutes = fc.array(fc.record({ index: fc.integer({ min: NOW, max: NOW + 3 * MINUTES }), upMs: fc.integer({ min: 0, max: 60_000 }), p50Ms: fc.option(fc.integer({ min: 1, max: 900 })) }), { maxLength: 60 });
    fc.assert(fc.property(minutes, fc.integer({ min: 1, max: 100 }), (list, later) => {
      const day = createRecentDay();
      const known = new Map<number, (typeof list)[number]>();
      let newest = -Infinity;
      for (const one of list) {
        newest = Math.max(newest, one.index);
        day.put({ ...one, downMs: 0 });
        if (one.index > newest - MINUTES) known.set(one.index, one);
      }
      const now = (list.length === 0 ? NOW : newest) + later;
      const inDay = [...known.values()].filter(({ index }) => index > now - MINUTES);
      expect(day.parts(now, NONE).map(({ upMs }) => upMs)).toEqual(Array.from({ length: 48 }, (_, part) =>
        inDay.filter(({ index }) => Math.floor((index - (now - MINUTES + 1)) / 30) === part).reduce((sum, { upMs }) => sum + upMs, 0)));
      const median = (index: number): number | null => (index > newest - 60 ? (known.get(index)?.p50Ms ?? null) : null);
      expect(day.medians(now, null)).toEqual(Array.from({ length: 60 }, (_, point) => (point === 59 ? null : median(now - 59 + point))));
    }));
  });
});
