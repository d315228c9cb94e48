// Moments on both clocks for tests. The wall clock stands a fixed way from the supervision clock, so that each can be told from the other.
import type { MonoMs, WallMs } from '../../supervisor/contract/reason.ts';
import type { Now } from '../../supervisor/domain/time.ts';

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;

/** Wall clock when the supervision clock stands at 0: 2026-11-21 12:00:00 UTC. */
export const WALL_AT_ZERO = Date.UTC(2026, 10, 21, 12);

export const mono = (ms: number): MonoMs => ms as MonoMs;
export const wall = (ms: number): WallMs => ms as WallMs;
/** Both clocks `ms` after the beginning. */
export const at = (ms: number): Now => ({ mono: mono(ms), wall: wall(WALL_AT_ZERO + ms) });
/** "14:32", in UTC. */
export const clockTime = (time: number): string => new Date(time).toISOString().slice(11, 16);
