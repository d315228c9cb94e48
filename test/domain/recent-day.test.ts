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
  it.each([10, 90, MINUTES - 1, MINUTES, 5 * MINUTES])('goes on where a wall clock that was set back by %i minutes goes on', (back) => {
    const day = createRecentDay();
    for (let index = NOW - 2 * MINUTES; index <= NOW; index += 1) day.put(minute(index, 60_000, 0, 5));
    // Nothing is over yet since it was set back: of the day that ends now only what the ring has is known.
    const known = day.parts(NOW - back + 1, NONE).reduce((sum, { upMs }) => sum + upMs, 0);
    expect(known).toBe(60_000 * Math.max(0, MINUTES - back));
    for (let index = NOW - back; index < NOW - back + 5; index += 1) day.put(minute(index, 0, 60_000, 7));
    expect(day.parts(NOW - back + 5, NONE).reduce((sum, { downMs }) => sum + downMs, 0)).toBe(5 * 60_000);
    expect(day.medians(NOW - back + 5, null).slice(-6)).toEqual([7, 7, 7, 7, 7, null]);
    expect(day.parts(NOW + 30, NONE).at(-1)).toEqual(NONE);
  });
  it('says the same as a list of its minutes, whatever comes when', () => {
    const minutes = fc.array(fc.record({ index: fc.integer({ min: NOW, max: NOW + 3 * MINUTES }), upMs: fc.integer({ min: 0, max: 60_000 }), p50Ms: fc.option(fc.integer({ min: 1, max: 900 })) }), { maxLength: 60 });
    fc.assert(fc.property(minutes, fc.integer({ min: 1, max: 100 }), (list, later) => {
      const day = createRecentDay();
      const known = new Map<number, number>();
      const medians = new Map<number, number | null>();
      let newest = -Infinity;
      for (const one of list) {
        newest = one.index;
        day.put({ ...one, downMs: 0 });
        known.set(one.index, one.upMs);
        medians.set(one.index, one.p50Ms);
        // What is newer has not come yet: the wall clock was set back.
        for (const index of known.keys()) if (index > newest || index <= newest - MINUTES) known.delete(index);
        for (const index of medians.keys()) if (index > newest || index <= newest - 60) medians.delete(index);
      }
      const now = (list.length === 0 ? NOW : newest) + later;
      const inDay = [...known].filter(([index]) => index > now - MINUTES);
      expect(day.parts(now, NONE).map(({ upMs }) => upMs)).toEqual(Array.from({ length: 48 }, (_, part) =>
        inDay.filter(([index]) => Math.floor((index - (now - MINUTES + 1)) / 30) === part).reduce((sum, [, upMs]) => sum + upMs, 0)));
      expect(day.medians(now, null)).toEqual(Array.from({ length: 60 }, (_, point) => medians.get(now - 59 + point) ?? null));
    }));
  });
});
