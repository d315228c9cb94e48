// How often which latency was measured, in steps of 10 %: small enough to be kept for every minute, exact enough for percentiles.
// Histograms of minutes add up to that of their hour. Pure values.

/** A step ends at this many times the end of the one before. Its middle is off by at most 0.1 / 2.1, so 4.8 %. */
const GROWTH = 1.1;
/** End of step 0. Latencies are measured in tenths of a millisecond; less counts as one tenth. */
const SHORTEST_MS = 0.1;
const LOG_GROWTH = Math.log(GROWTH);

/** How many latencies each step holds, shortest first. Steps without any are absent. */
export type Histogram = readonly (readonly [step: number, count: number])[];

export const EMPTY: Histogram = [];

const stepOf = (ms: number): number => (ms <= SHORTEST_MS ? 0 : Math.ceil(Math.log(ms / SHORTEST_MS) / LOG_GROWTH));
const middleOf = (step: number): number => (step === 0 ? SHORTEST_MS : (SHORTEST_MS * GROWTH ** step * 2) / (1 + GROWTH));

export const withLatency = (histogram: Histogram, ms: number): Histogram => merged(histogram, [[stepOf(ms), 1]]);

export function merged(a: Histogram, b: Histogram): Histogram {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const all: [number, number][] = [];
  let at = 0;
  for (const [step, count] of a) {
    for (let other = b[at]; other !== undefined && other[0] < step; other = b[at += 1]) all.push([other[0], other[1]]);
    const same = b[at]?.[0] === step ? (b[at]?.[1] ?? 0) : 0;
    if (same > 0) at += 1;
    all.push([step, count + same]);
  }
  for (const [step, count] of b.slice(at)) all.push([step, count]);
  return all;
}

/** The latency at or below which this part of all lies (nearest rank), in milliseconds, exact to 5 %; null: nothing was measured. */
export function percentile(histogram: Histogram, part: number): number | null {
  const rank = Math.max(1, Math.ceil(part * histogram.reduce((sum, [, count]) => sum + count, 0)));
  let seen = 0;
  for (const [step, count] of histogram) {
    seen += count;
    if (seen >= rank) return Number(middleOf(step).toPrecision(4));
  }
  return null;
}

/** "31:4 32:5": the step, and how many. */
export const writeHistogram = (histogram: Histogram): string => histogram.map(([step, count]) => `${step}:${count}`).join(' ');

/** What is no histogram is read as an empty one: it costs percentiles of one bucket, nothing else. */
export function readHistogram(text: string): Histogram {
  const entries = text.split(' ').map((entry) => entry.split(':').map(Number));
  let last = -1;
  const read: [number, number][] = [];
  for (const [step = NaN, count = NaN] of entries) {
    if (!Number.isInteger(step) || !Number.isInteger(count) || step <= last || count < 1) return EMPTY;
    read.push([step, count]);
    last = step;
  }
  return read;
}
