import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { EMPTY, merged, percentile, readHistogram, withLatency, writeHistogram, type Histogram } from '../../supervisor/domain/histogram.ts';

const latencies = fc.array(fc.oneof(fc.double({ min: 0.1, max: 50, noNaN: true }), fc.double({ min: 0.1, max: 600_000, noNaN: true }), fc.constantFrom(0, 0.1, 0.2, 1, 5_000)), { minLength: 1, maxLength: 200 });
const histogramOf = (values: readonly number[]): Histogram => values.reduce(withLatency, EMPTY);
/** Nearest rank, exactly. Less than a tenth of a millisecond counts as one. */
const exactly = (values: readonly number[], part: number): number => Math.max(0.1, values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(part * values.length)) - 1] ?? 0);

describe('latencies of a stretch of time', () => {
  it('have percentiles that are right to 5 %', () => {
    fc.assert(fc.property(latencies, fc.constantFrom(0, 0.5, 0.95, 1), (values, part) => {
      const exact = exactly(values, part);
      expect(Math.abs((percentile(histogramOf(values), part) ?? NaN) - exact)).toBeLessThanOrEqual(0.05 * exact);
    }));
  });
  it('are the same whether they were added one by one or in parts', () => {
    fc.assert(fc.property(latencies, latencies, (some, others) => {
      expect(merged(histogramOf(some), histogramOf(others))).toEqual(histogramOf([...others, ...some]));
    }));
  });
  it('are the same after they were written and read', () => {
    fc.assert(fc.property(latencies, (values) => { expect(readHistogram(writeHistogram(histogramOf(values)))).toEqual(histogramOf(values)); }));
  });
  it('of an hour of rounds every 5 s are less than a kilobyte', () => {
    const hour = Array.from({ length: 720 }, (_, index) => 1 + (index % 97) ** 2);
    expect(writeHistogram(histogramOf(hour)).length).toBeLessThan(1_000);
  });
  it('of which there is none have no percentile', () => {
    expect(percentile(EMPTY, 0.5)).toBeNull();
  });
  test.each(['', 'x', '3', '3:', '3:0', '3:-1', '3:1.5', '5:1 4:1', '3:1  4:1', '4:1 4:2', '-1:3'])('a text that is none (%j) is read as nothing', (text) => {
    expect(readHistogram(text)).toEqual(EMPTY);
  });
});
