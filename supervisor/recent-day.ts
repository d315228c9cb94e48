// The last 24 hours of one service, minute by minute, in memory: what an overview of every service is drawn from without asking the database.
// A ring of numbers (6 KB); knows no clock and no file.
import { BAR_PARTS, LINE_POINTS } from './contract/history.ts';
import type { RecentMinute } from './domain/history-rows.ts';
import type { Tally } from './domain/rollup.ts';

export const MINUTES = 1_440;
const MINUTES_OF_PART = MINUTES / BAR_PARTS;

type Time = Pick<Tally, 'upMs' | 'downMs'>;

export interface RecentDay {
  /** A minute that is over. What lies between it and the last one is unknown. */
  put(minute: RecentMinute): void;
  /** Time up and down in each half hour of the 24 hours that end with this minute, oldest first; `running` is what is known of it so far. */
  parts(index: number, running: Time): Time[];
  /** Medians of the hour that ends with this minute, oldest first. */
  medians(index: number, running: number | null): (number | null)[];
}

export function createRecentDay(): RecentDay {
  const up = new Uint16Array(MINUTES);
  const down = new Uint16Array(MINUTES);
  const p50 = new Float32Array(LINE_POINTS).fill(Number.NaN);
  let newest: number | null = null;

  function forget(from: number, to: number): void {
    for (let index = Math.max(from, to - MINUTES); index < to; index += 1) up[index % MINUTES] = down[index % MINUTES] = 0;
    for (let index = Math.max(from, to - LINE_POINTS); index < to; index += 1) p50[index % LINE_POINTS] = Number.NaN;
  }
  /** Whether the ring still, or already, holds this minute. */
  const holds = (index: number, length: number): boolean => newest !== null && index <= newest && index > newest - length;

  return {
    put({ index, upMs, downMs, p50Ms }) {
      if (newest !== null && index > newest) forget(newest + 1, index);
      newest = Math.max(newest ?? index, index);
      if (holds(index, MINUTES)) {
        up[index % MINUTES] = upMs;
        down[index % MINUTES] = downMs;
      }
      if (holds(index, LINE_POINTS)) p50[index % LINE_POINTS] = p50Ms ?? Number.NaN;
    },
    parts(index, running) {
      const parts = Array.from({ length: BAR_PARTS }, () => ({ upMs: 0, downMs: 0 }));
      let minute = index - MINUTES + 1;
      for (const part of parts) {
        for (let count = 0; count < MINUTES_OF_PART; count += 1, minute += 1) {
          if (minute === index || !holds(minute, MINUTES)) continue;
          part.upMs += up[minute % MINUTES] ?? 0;
          part.downMs += down[minute % MINUTES] ?? 0;
        }
      }
      const last = parts[BAR_PARTS - 1];
      if (last !== undefined) {
        last.upMs += running.upMs;
        last.downMs += running.downMs;
      }
      return parts;
    },
    medians: (index, running) => Array.from({ length: LINE_POINTS }, (_, point) => {
      const minute = index - LINE_POINTS + 1 + point;
      if (minute === index) return running;
      const median = holds(minute, LINE_POINTS) ? p50[minute % LINE_POINTS] : undefined;
      return median === undefined || Number.isNaN(median) ? null : Math.round(median * 100) / 100;
    }),
  };
}
