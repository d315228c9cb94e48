// Says what a chart shows: at one moment, as a whole, and as a table for those who cannot see it. Pure.
import type { Series } from '../../supervisor/contract/history.ts';
import { clockTime, count, dayOf, latency, share, span } from '../parts/words.ts';
import { availabilityOf, type Slot, STEP_MS } from './slots.ts';
import { shapeOf, type Span } from './spans.ts';

/** `when` stands in front, `what` behind it in parts. */
export interface Reading { readonly when: string; readonly what: readonly string[] }
export interface TableRow { readonly key: string; readonly when: string; readonly availability: string; readonly down: string; readonly unknown: string; readonly p50: string; readonly p95: string; readonly checks: string }

const NONE = '–';
const DAY_MS = 86_400_000;

/** "14:00–14:30", "21 Nov 14:00–16:00", "21 Nov". Days are those of UTC, as they are measured. */
function slotTime({ fromMs, toMs }: Pick<Slot, 'fromMs' | 'toMs'>, nowMs: number): string {
  if (toMs - fromMs >= DAY_MS) {
    const at = new Date(fromMs);
    return dayOf(new Date(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), 12).toISOString(), nowMs);
  }
  const end = new Date(toMs).toISOString();
  return `${clockTime(new Date(fromMs).toISOString(), nowMs)}–${clockTime(end, toMs)}`;
}

function stateWords({ up, down, unknown }: Pick<Slot, 'up' | 'down' | 'unknown'>): string[] {
  const known = availabilityOf([{ up, down }]);
  if (known === null) return ['nothing is known'];
  return [`${share(known)} up`, ...(down > 0 ? [`down ${span(down * 1_000)}`] : []), ...(unknown >= 1 ? [`unknown ${span(unknown * 1_000)}`] : [])];
}

function latencyWords(p50Ms: number | null, p95Ms: number | null): string[] {
  return [...(p50Ms === null ? [] : [`p50 ${latency(p50Ms)}`]), ...(p95Ms === null ? [] : [`p95 ${latency(p95Ms)}`])];
}

/** At the time under the pointer: the latencies of the measurement there, and how it was in the slot around it. */
export function readMoment(series: Series, slots: readonly Slot[], atMs: number, nowMs: number): Reading | null {
  const slot = slots.find(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
  if (slot === undefined) return null;
  const stepMs = STEP_MS[series.resolution];
  const bucket = series.buckets.find(({ at }) => { const fromMs = Date.parse(at); return atMs >= fromMs && atMs < fromMs + stepMs; });
  const isOneMeasurement = stepMs >= slot.toMs - slot.fromMs;
  const measured = bucket === undefined ? [] : latencyWords(bucket.p50Ms, bucket.p95Ms);
  if (isOneMeasurement) return { when: slotTime(slot, nowMs), what: [...stateWords(bucket ?? slot), ...measured] };
  const atStep = Math.floor(atMs / stepMs) * stepMs;
  return { when: clockTime(new Date(atStep).toISOString(), nowMs), what: [...stateWords(bucket ?? { up: 0, down: 0, unknown: 0 }), ...measured] };
}

/** In one slot, for the one who walks along it with the keyboard. */
export function readSlot(slot: Slot, nowMs: number): Reading {
  return { when: slotTime(slot, nowMs), what: [...stateWords(slot), ...latencyWords(slot.p50Ms, slot.p95Ms)] };
}

/** The whole of it, while nobody points at anything. */
export function readAll(slots: readonly Slot[], chosen: Span): Reading {
  const availability = availabilityOf(slots);
  const down = slots.reduce((total, slot) => total + slot.down, 0);
  const { words } = shapeOf(chosen);
  const when = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  if (availability === null) return { when, what: ['nothing is known'] };
  return { when, what: [`${share(availability)} up out of what is known`, down === 0 ? 'never down' : `down ${span(down * 1_000)} in all`] };
}

/** Newest first. */
export function tableOf(slots: readonly Slot[], nowMs: number): TableRow[] {
  return slots.toReversed().map((slot) => {
    const availability = availabilityOf([slot]);
    return {
      key: String(slot.fromMs), when: slotTime(slot, nowMs),
      availability: availability === null ? 'unknown' : share(availability),
      down: slot.down === 0 ? NONE : span(slot.down * 1_000), unknown: slot.unknown < 1 ? NONE : span(slot.unknown * 1_000),
      p50: slot.p50Ms === null ? NONE : latency(slot.p50Ms), p95: slot.p95Ms === null ? NONE : latency(slot.p95Ms),
      checks: slot.failures === 0 ? String(slot.count) : `${slot.count}, ${count(slot.failures, 'failed', 'failed')}`,
    };
  });
}
