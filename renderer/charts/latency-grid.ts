// Makes of a series what a latency chart draws: its lines with gaps where nothing was measured, and what stood behind them. Pure.
import type { Bucket, Series } from '../../supervisor/contract/history.ts';
import { STEP_MS } from './slots.ts';
import type { TimeWindow } from './spans.ts';

export interface LatencyGrid {
  /** Seconds since 1970, one for each minute, hour or day, without a hole. */
  readonly times: number[];
  /** Milliseconds; null: a gap. */
  readonly p50: (number | null)[];
  readonly p95: (number | null)[];
}

/** A stretch in which it was down, or in which nothing is known. */
export interface Band extends TimeWindow { readonly kind: 'down' | 'unknown' }

interface Step { readonly atMs: number; readonly bucket: Bucket | undefined }

/** A bucket counts for the middle of its time. */
export function latencyGrid(series: Series, window: TimeWindow): LatencyGrid {
  const steps = stepsOf(series, window);
  const halfMs = STEP_MS[series.resolution] / 2;
  return {
    times: steps.map(({ atMs }) => (atMs + halfMs) / 1_000),
    p50: steps.map(({ bucket }) => bucket?.p50Ms ?? null),
    p95: steps.map(({ bucket }) => bucket?.p95Ms ?? null),
  };
}

export function bandsOf(series: Series, window: TimeWindow): Band[] {
  const bands: Band[] = [];
  const stepMs = STEP_MS[series.resolution];
  for (const { atMs, bucket } of stepsOf(series, window)) {
    const kind = kindOf(bucket);
    const toMs = Math.min(atMs + stepMs, window.toMs);
    // The one that has only begun says nothing yet.
    if (kind === null || (bucket === undefined && atMs + stepMs > window.toMs)) continue;
    const last = bands.at(-1);
    if (last?.kind === kind && last.toMs === atMs) bands[bands.length - 1] = { ...last, toMs };
    else bands.push({ kind, fromMs: Math.max(atMs, window.fromMs), toMs });
  }
  return bands;
}

function kindOf(bucket: Bucket | undefined): Band['kind'] | null {
  if (bucket === undefined || bucket.up + bucket.down === 0) return 'unknown';
  return bucket.down > 0 ? 'down' : null;
}

function stepsOf(series: Series, { fromMs, toMs }: TimeWindow): Step[] {
  const stepMs = STEP_MS[series.resolution];
  const firstMs = Math.floor(fromMs / stepMs) * stepMs;
  const known = new Map(series.buckets.map((bucket) => [Date.parse(bucket.at), bucket]));
  return Array.from({ length: Math.max(0, Math.ceil((toMs - firstMs) / stepMs)) }, (_, index) => {
    const atMs = firstMs + index * stepMs;
    return { atMs, bucket: known.get(atMs) };
  });
}
