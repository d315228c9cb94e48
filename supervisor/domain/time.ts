// Arithmetic on the two clocks that keeps them apart: intervals on the supervision clock, display on the wall clock.
import type { MonoMs, WallMs } from '../contract/reason.ts';

export interface Now {
  /** Supervision clock: goes on across restarts of Upkeep, stands still while the machine sleeps. */
  readonly mono: MonoMs;
  readonly wall: WallMs;
}

export const HOUR_MS = 3_600_000;

// The only two places where a number becomes a time: what is measured and what is shown cannot be mixed up by accident.
// eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- gives the brand
export const mono = (ms: number): MonoMs => ms as MonoMs;
// eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- gives the brand
export const wall = (ms: number): WallMs => ms as WallMs;

export const later = (time: MonoMs, ms: number): MonoMs => mono(time + ms);
export const earliest = (a: MonoMs, b: MonoMs): MonoMs => (a < b ? a : b);
/** Where a moment of the supervision clock stands on the wall clock, as far as the wall clock is right now. */
export const toWall = (time: MonoMs, now: Now): WallMs => wall(now.wall - (now.mono - time));

/**
 * Lateness or sleep beyond this is no slowness but a machine that was away. Source: ARCHITECTURE.md, max(30 s, 2 x interval).
 */
export const awayAfterMs = (intervalMs: number): number => Math.max(30_000, 2 * intervalMs);
/** After waking nothing is healed for this long: networks, disks and the services themselves need a moment. */
export const WAKE_GRACE_MS = 30_000;
