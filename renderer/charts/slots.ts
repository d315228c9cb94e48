// Answers how a service was in each slot of a span: seconds up, down and unknown, and its latencies. Pure.
// What nobody measured is unknown; it is never made up.
import type { Bucket, Resolution, Series } from '../../supervisor/contract/history.ts';
import type { TimeWindow } from './spans.ts';

export const STEP_MS: Readonly<Record<Resolution, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

export interface Slot {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
  readonly failures: number;
  /** Seconds. */
  readonly up: number;
  readonly down: number;
  readonly unknown: number;
  /** The median of the medians; null: nothing was measured. */
  readonly p50Ms: number | null;
  /** The highest. */
  readonly p95Ms: number | null;
}

/** Oldest first, without a hole. */
export function slotsOf(series: Series, window: TimeWindow, slotMs: number): Slot[] {
  const firstMs = Math.floor(window.fromMs / slotMs) * slotMs;
  const amount = Math.max(0, Math.ceil((window.toMs - firstMs) / slotMs));
  const buckets = Array.from({ length: amount }, (): Bucket[] => []);
  for (const bucket of series.buckets) buckets[Math.floor((Date.parse(bucket.at) - firstMs) / slotMs)]?.push(bucket);
  return buckets.map((inSlot, index) => {
    const fromMs = firstMs + index * slotMs;
    return sumUp(inSlot, { fromMs, toMs: fromMs + slotMs }, window, STEP_MS[series.resolution]);
  });
}

function sumUp(buckets: readonly Bucket[], { fromMs, toMs }: TimeWindow, window: TimeWindow, stepMs: number): Slot {
  const sum = (part: (bucket: Bucket) => number) => buckets.reduce((total, bucket) => total + part(bucket), 0);
  // The one that is still being filled is not missing, only short.
  const expected = Math.max(0, Math.floor((Math.min(toMs, window.toMs) - Math.max(fromMs, window.fromMs)) / stepMs));
  const missing = Math.max(0, expected - buckets.length);
  return {
    fromMs, toMs,
    count: sum(({ count }) => count), failures: sum(({ failures }) => failures),
    up: sum(({ up }) => up), down: sum(({ down }) => down), unknown: sum(({ unknown }) => unknown) + (missing * stepMs) / 1_000,
    p50Ms: medianOf(buckets.flatMap(({ p50Ms }) => p50Ms ?? [])), p95Ms: highestOf(buckets.flatMap(({ p95Ms }) => p95Ms ?? [])),
  };
}

function medianOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

const highestOf = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.max(...values));

/** Up out of what is known, 0 to 1; null: nothing is. */
export function availabilityOf(slots: readonly Pick<Slot, 'up' | 'down'>[]): number | null {
  const up = slots.reduce((total, slot) => total + slot.up, 0);
  const down = slots.reduce((total, slot) => total + slot.down, 0);
  return up + down === 0 ? null : up / (up + down);
}

export interface Bar { readonly up: number; readonly down: number; readonly unknown: number }

/** The parts of a bar, which add up to its height. Nothing that was measured is too short to be seen, an outage least of all. */
export function barOf({ up, down, unknown }: Pick<Slot, 'up' | 'down' | 'unknown'>, height: number, least: number): Bar {
  const passed = up + down + unknown;
  if (passed === 0) return { up: 0, down: 0, unknown: height };
  const partOf = (seconds: number, room: number) => (seconds === 0 ? 0 : Math.min(room, Math.max(least, (seconds / passed) * height)));
  const shownDown = partOf(down, height);
  const shownUp = unknown === 0 ? (up === 0 ? 0 : height - shownDown) : partOf(up, height - shownDown);
  return { up: shownUp, down: shownDown, unknown: height - shownDown - shownUp };
}
