// How far history may be believed to know the time between two looks at the clocks.
// The machine may have slept, Upkeep may have been held up, or somebody may have set the wall clock: then the time between them is unknown.
import type { WallMs } from '../contract/reason.ts';
import { awayAfterMs, wall, type Now } from './time.ts';

/** The clocks drift apart by less than this between two looks, even while the wall clock is being corrected. */
const DRIFT_MS = 1_000;

/** null: nothing is missing. Else nothing is known from the last look until this, a moment not after `now`. */
export function unknownUntil(last: Now, now: Now): WallMs | null {
  const passedMs = now.mono - last.mono;
  if (passedMs > awayAfterMs(0)) return now.wall;
  // What has passed on the supervision clock has been lived through, right up to now.
  return Math.abs(now.wall - last.wall - passedMs) > DRIFT_MS ? wall(now.wall - passedMs) : null;
}
