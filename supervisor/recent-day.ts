// The last 24 hours of one service, minute by minute, in memory: what an overview of every service is drawn from without asking the database.
// A ring of numbers (6 KB); knows no clock and no file.
import { BAR_PARTS, LINE_POINTS } from './contract/history.ts';
import type { RecentMinute } from './domain/history-rows.ts';
import type { Tally } from './domain/rollup.ts';

export const MINUTES = 1_440;
const MINUTES_OF_PART = MINUTES / BAR_PARTS;

type Time = Pick<Tally, 'upMs' | 'downMs'>;

export interface RecentDay {
  /** The minute that is over now. What lies between it and the last one is unknown. */
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

  function finishedParts(index: number): Time[] {
    const begin = index - MINUTES + 1;
    const [heldFrom, heldUntil] = newest === null ? [begin, begin] : [newest - MINUTES + 1, Math.min(newest + 1, index)];
    return Array.from({ length: BAR_PARTS }, (_, number) => {
      let [upMs, downMs] = [0, 0];
      const from = begin + number * MINUTES_OF_PART;
      for (let minute = Math.max(from, heldFrom); minute < Math.min(from + MINUTES_OF_PART, heldUntil); minute += 1) {
        upMs += up[minute % MINUTES] ?? 0;
        downMs += down[minute % MINUTES] ?? 0;
      }
      return { upMs, downMs };
    });
  }
  const finishedMedians = (index: number): (number | null)[] => Array.from({ length: LINE_POINTS - 1 }, (_, point) => {
    const minute = index - LINE_POINTS + 1 + point;
    const isHeld = newest !== null && minute <= newest && minute > newest - LINE_POINTS;
    const median = isHeld ? p50[minute % LINE_POINTS] : undefined;
    return median === undefined || Number.isNaN(median) ? null : Math.round(median * 100) / 100;
  });
  /** What is over stays the same until the next minute is, so it is added up once a minute and not for every look. */
  let finished: { readonly index: number; readonly parts: readonly Time[]; readonly medians: readonly (number | null)[] } | null = null;
  const upTo = (index: number): NonNullable<typeof finished> =>
    (finished?.index === index ? finished : (finished = { index, parts: finishedParts(index), medians: finishedMedians(index) }));

  return {
    put({ index, upMs, downMs, p50Ms }) {
      finished = null;
      // Where the wall clock was set back, what lies after this minute has not come yet.
      if (newest !== null) forget(Math.min(newest, index) + 1, Math.max(newest + 1, index));
      newest = index;
      up[index % MINUTES] = upMs;
      down[index % MINUTES] = downMs;
      p50[index % LINE_POINTS] = p50Ms ?? Number.NaN;
    },
    parts(index, running) {
      const { parts } = upTo(index);
      const last = parts[BAR_PARTS - 1] ?? running;
      return [...parts.slice(0, -1), { upMs: last.upMs + running.upMs, downMs: last.downMs + running.downMs }];
    },
    medians: (index, running) => [...upTo(index).medians, running],
  };
}
