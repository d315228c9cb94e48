// How late a timer of this process fires: what a busy or starved machine does to every interval here.
// Keeps the worst of each minute of the last hour; costs a comparison a second.
import type { MonoMs } from './contract/reason.ts';

const MINUTE_MS = 60_000;
const MINUTES = 60;

export interface Lateness {
  /** At the last beat. */
  readonly nowMs: number;
  readonly worstInHourMs: number;
}

export interface TimerLateness {
  note(at: MonoMs, lateMs: number): void;
  read(at: MonoMs): Lateness;
}

export function createTimerLateness(): TimerLateness {
  /** The minute, counted from the clock's beginning, and its worst; an older minute gives way to the one an hour later. */
  const minutes: { minute: number; worstMs: number }[] = [];
  let nowMs = 0;
  return {
    note(at, lateMs) {
      nowMs = Math.max(0, lateMs);
      const minute = Math.floor(at / MINUTE_MS);
      const kept = minutes[minute % MINUTES];
      if (kept?.minute === minute) kept.worstMs = Math.max(kept.worstMs, nowMs);
      else minutes[minute % MINUTES] = { minute, worstMs: nowMs };
    },
    read(at) {
      const oldest = Math.floor(at / MINUTE_MS) - MINUTES;
      return { nowMs, worstInHourMs: minutes.reduce((worst, { minute, worstMs }) => (minute > oldest ? Math.max(worst, worstMs) : worst), 0) };
    },
  };
}
