// What was measured of a service in a stretch of time, as a value that adds up: minutes to hours to days.
// Knows nothing of where the time comes from or where the values are kept.
import type { Bucket, Resolution } from '../contract/history.ts';
import { EMPTY, merged, percentile, readHistogram, withLatency, writeHistogram, type Histogram } from './histogram.ts';
import type { Liveness } from './liveness.ts';
import type { RollupFigures, StoredRollup } from './history-rows.ts';
import { HOUR_MS } from './time.ts';

export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * HOUR_MS;
export const LENGTH_MS: Readonly<Record<Resolution, number>> = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS };

/** Beginning of the bucket that holds this moment. Days are those of UTC. */
export const startOf = (ms: number, resolution: Resolution): number => Math.floor(ms / LENGTH_MS[resolution]) * LENGTH_MS[resolution];

export interface Tally {
  /** Rounds of checks that said something. */
  readonly count: number;
  readonly failures: number;
  readonly maxMs: number | null;
  readonly latencies: Histogram;
  readonly upMs: number;
  readonly downMs: number;
}

export const NOTHING: Tally = { count: 0, failures: 0, maxMs: null, latencies: EMPTY, upMs: 0, downMs: 0 };
export const isNothing = ({ count, upMs, downMs }: Pick<Tally, 'count' | 'upMs' | 'downMs'>): boolean => count === 0 && upMs === 0 && downMs === 0;

const longer = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b));

/** One more round. `latencyMs`: that of its slowest check; null: none answered. */
export const withRound = (tally: Tally, failed: boolean, latencyMs: number | null): Tally => ({
  ...tally, count: tally.count + 1, failures: tally.failures + (failed ? 1 : 0), maxMs: longer(tally.maxMs, latencyMs),
  latencies: latencyMs === null ? tally.latencies : withLatency(tally.latencies, latencyMs),
});

/** Unknown time is what is left of a bucket, so it is not counted. */
export const withTime = (tally: Tally, state: Liveness, ms: number): Tally => {
  switch (state) {
    case 'up': return { ...tally, upMs: tally.upMs + ms };
    case 'down': return { ...tally, downMs: tally.downMs + ms };
    case 'unknown': return tally;
  }
};

export const sum = (a: Tally, b: Tally): Tally => (isNothing(a) ? b : isNothing(b) ? a : {
  count: a.count + b.count, failures: a.failures + b.failures, maxMs: longer(a.maxMs, b.maxMs), latencies: merged(a.latencies, b.latencies),
  upMs: a.upMs + b.upMs, downMs: a.downMs + b.downMs,
});

/** A wall clock that was set back lives through the same minute twice; a bucket has no more time than it is long. */
function fitting({ upMs, downMs }: Tally, lengthMs: number): { upMs: number; downMs: number } {
  const tooMuch = Math.max(0, upMs + downMs - lengthMs);
  const lessUp = Math.min(upMs, tooMuch);
  return { upMs: upMs - lessUp, downMs: downMs - (tooMuch - lessUp) };
}

export function toRow(service: string, resolution: Resolution, startMs: number, tally: Tally): StoredRollup {
  const { count, failures, maxMs, latencies } = tally;
  const upTo = (ms: number | null): number | null => (ms === null || maxMs === null ? ms : Math.min(ms, maxMs));
  return {
    service, resolution, startMs, count, failures, maxMs, p50Ms: upTo(percentile(latencies, 0.5)), p95Ms: upTo(percentile(latencies, 0.95)),
    ...fitting(tally, LENGTH_MS[resolution]), latencies: writeHistogram(latencies),
  };
}

export const fromRow = ({ count, failures, maxMs, upMs, downMs, latencies }: StoredRollup): Tally =>
  ({ count, failures, maxMs, upMs, downMs, latencies: readHistogram(latencies) });

/** What has passed of the bucket and is neither up nor down is unknown. */
export function measured({ startMs, count, failures, p50Ms, p95Ms, maxMs, upMs, downMs }: RollupFigures, resolution: Resolution, nowMs: number): Omit<Bucket, 'at'> {
  const passedMs = Math.min(LENGTH_MS[resolution], Math.max(0, nowMs - startMs));
  return {
    count, failures, p50Ms, p95Ms, maxMs,
    up: upMs / 1_000, down: downMs / 1_000, unknown: Math.max(0, passedMs - upMs - downMs) / 1_000,
  };
}
