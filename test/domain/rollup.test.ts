import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromRow, LENGTH_MS, measured, NOTHING, startOf, sum, toRow, withRound, withTime, type Tally } from '../../supervisor/domain/rollup.ts';
import { HOUR, MINUTE } from '../builders/moment.ts';

const seen = fc.array(fc.record({
  state: fc.constantFrom('up' as const, 'down' as const, 'unknown' as const), ms: fc.integer({ min: 0, max: 5_000 }), failed: fc.boolean(), latencyMs: fc.option(fc.double({ min: 0.1, max: 9_000, noNaN: true })),
}), { maxLength: 12 });
const tallyOf = (stretch: readonly { readonly state: 'up' | 'down' | 'unknown'; readonly ms: number; readonly failed: boolean; readonly latencyMs: number | null }[]): Tally =>
  stretch.reduce((tally, { state, ms, failed, latencyMs }) => withRound(withTime(tally, state, ms), failed, latencyMs), NOTHING);

describe('what was measured', () => {
  it('of minutes adds up to that of their hour, in any order', () => {
    fc.assert(fc.property(fc.array(seen, { maxLength: 20 }), (minutes) => {
      const hour = tallyOf(minutes.flat());
      expect(minutes.map(tallyOf).reduce(sum, NOTHING)).toEqual(hour);
      expect(minutes.map(tallyOf).reduceRight((all, minute) => sum(minute, all), NOTHING)).toEqual(hour);
    }));
  });
  it('is the same after it was written and read', () => {
    fc.assert(fc.property(seen, (stretch) => { expect(fromRow(toRow('web', 'minute', 0, tallyOf(stretch)))).toEqual(tallyOf(stretch)); }));
  });
  it('has seconds that add up to what has passed of the bucket', () => {
    fc.assert(fc.property(seen, fc.integer({ min: 60_000, max: 200_000 }), (stretch, nowMs) => {
      const { up, down, unknown } = measured(toRow('web', 'minute', 0, tallyOf(stretch)), 'minute', nowMs);
      expect(up + down + unknown).toBeCloseTo(60, 6);
    }));
  });
  it('has no median above its longest, and none at all when nothing has answered', () => {
    fc.assert(fc.property(seen, (stretch) => {
      const { p50Ms, p95Ms, maxMs } = toRow('web', 'minute', 0, tallyOf(stretch));
      if (maxMs === null) expect([p50Ms, p95Ms]).toEqual([null, null]);
      else expect([p50Ms ?? NaN, p95Ms ?? NaN].every((ms) => ms <= maxMs)).toBe(true);
    }));
  });
  it('unknown time never makes it less available', () => {
    const up = withTime(NOTHING, 'up', 10_000);
    expect(measured(toRow('web', 'minute', 0, withTime(up, 'unknown', 50_000)), 'minute', MINUTE)).toMatchObject({ up: 10, down: 0, unknown: 50 });
  });
  it('is never longer than its bucket, where a clock set back has it lived through twice; what was down stays down', () => {
    const twice = withTime(withTime(NOTHING, 'up', 70_000), 'down', 20_000);
    expect(toRow('web', 'minute', 0, twice)).toMatchObject({ upMs: 40_000, downMs: 20_000 });
  });
  it('belongs to minutes, hours and days of UTC', () => {
    const at = Date.UTC(2026, 10, 22, 14, 31, 7);
    expect((['minute', 'hour', 'day'] as const).map((resolution) => new Date(startOf(at, resolution)).toISOString())).toEqual(['2026-11-22T14:31:00.000Z', '2026-11-22T14:00:00.000Z', '2026-11-22T00:00:00.000Z']);
    expect(LENGTH_MS).toEqual({ minute: MINUTE, hour: HOUR, day: 24 * HOUR });
  });
});
