// Says moments ahead, moments to the second, and spans in one unit. Pure: now comes in as an argument.
import { clockOf, clockTime } from '../parts/words.ts';

/** "14:32:10" of today, "23 Nov 14:32" of another day. */
export function momentOf(iso: string, nowMs: number): string {
  return new Date(iso).toDateString() === new Date(nowMs).toDateString() ? clockOf(iso) : clockTime(iso, nowMs);
}

const STEP_MS = 5_000;

/** "at 14:32:10, in 12 min"; what is due already is "now". */
export function momentAhead(iso: string, nowMs: number): string {
  const aheadMs = Date.parse(iso) - nowMs;
  // In steps of five seconds, so that the line does not tick.
  return aheadMs <= 0 ? 'now' : `at ${momentOf(iso, nowMs)}, in ${roughly(Math.ceil(aheadMs / STEP_MS) * STEP_MS)}`;
}

/** "5 s", "12 min", "21 h", "3 days": one unit. */
export function roughly(ms: number): string {
  if (ms < 90_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 5_400_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} h` : `${Math.round(ms / 86_400_000)} days`;
}
