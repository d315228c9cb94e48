// Adds up what is seen of each service, minute by minute: rounds, latencies, time up and down. Minutes that are over are rows for the history.
// Time that nobody has lived through (asleep, held up, not running) is never counted. Knows no file and no clock of its own.
import { RESOLUTIONS, type Resolution } from './contract/history.ts';
import { unknownUntil } from './domain/clock-gap.ts';
import type { StoredRollup } from './domain/history-rows.ts';
import type { Liveness } from './domain/liveness.ts';
import { fromRow, isNothing, LENGTH_MS, MINUTE_MS, NOTHING, startOf, sum, toRow, withRound, withTime, type Tally } from './domain/rollup.ts';
import type { Now } from './domain/time.ts';

type Tallies = Readonly<Record<Resolution, Tally>>;
const NEW: Tallies = { minute: NOTHING, hour: NOTHING, day: NOTHING };

interface Seen {
  liveness: Liveness;
  /** From here on the wall clock's time is not counted yet. */
  sinceMs: number;
  /** What was seen of the running minute and is in none of `before`. */
  fresh: Tally;
  /** What the running minute, hour and day held before; null: whatever the history has. */
  before: Tallies | null;
}

export interface TimekeeperParts {
  /** What the history has of a bucket. */
  recall(service: string, resolution: Resolution, startMs: number): StoredRollup | null;
  /** Minutes that are over, with the hours and days they belong to as they stand. */
  minuteIsOver(rows: readonly StoredRollup[]): void;
  /** Down for so long, in a stretch that is counted now. */
  lost(service: string, ms: number): void;
}

export interface Timekeeper {
  /** Time has passed until now. Call it before anything else is told, and at least once a second. */
  pass(now: Now): void;
  /** From now on. Gives back what it was until now. */
  becomes(service: string, liveness: Liveness, now: Now): Liveness;
  round(service: string, failed: boolean, latencyMs: number | null, now: Now): void;
  /** Counts every service until now. */
  countAll(now: Now): void;
  /** The buckets that run at this moment as they were counted last. Those of which nothing is known are absent. */
  running(service: string, resolutions?: readonly Resolution[]): StoredRollup[];
  /** Time up and down in one of them. */
  time(service: string, resolution: Resolution): Pick<Tally, 'upMs' | 'downMs'>;
  services(): IterableIterator<string>;
  /** Counts no more of this service. */
  forget(service: string): void;
}

export function createTimekeeper({ recall, minuteIsOver, lost }: TimekeeperParts): Timekeeper {
  const services = new Map<string, Seen>();
  let last: Now | null = null;
  let minuteMs = 0;
  /** Minutes before this may be in the history already, where the wall clock was set back. */
  let unusedFromMs = 0;

  function count(service: string, seen: Seen, untilMs: number): void {
    const ms = Math.max(0, untilMs - seen.sinceMs);
    seen.sinceMs = untilMs;
    if (ms === 0 || seen.liveness === 'unknown') return;
    seen.fresh = withTime(seen.fresh, seen.liveness, ms);
    if (seen.liveness === 'down') lost(service, ms);
  }

  const recalled = (service: string, resolution: Resolution): Tally => {
    const row = recall(service, resolution, startOf(minuteMs, resolution));
    return row === null ? NOTHING : fromRow(row);
  };
  const heldBefore = (service: string, seen: Seen): Tallies =>
    (seen.before ??= { minute: recalled(service, 'minute'), hour: recalled(service, 'hour'), day: recalled(service, 'day') });
  function rowsOf(service: string, seen: Seen, resolutions: readonly Resolution[] = RESOLUTIONS): StoredRollup[] {
    const before = heldBefore(service, seen);
    return resolutions.map((resolution) => toRow(service, resolution, startOf(minuteMs, resolution), sum(before[resolution], seen.fresh)));
  }

  /** A bucket that is over needs its latencies no more: its percentiles are there, and it stays small. */
  const goesOn = (resolution: Resolution, nextMs: number): boolean => startOf(nextMs, resolution) === startOf(minuteMs, resolution);

  /** What the buckets that go on after this minute have held until then. */
  function carriedOver(service: string, { before, fresh }: Seen, nextMs: number): Tallies | null {
    if (nextMs < unusedFromMs) return null;
    const held = (resolution: Resolution): Tally => (goesOn(resolution, nextMs) ? sum((before ?? NEW)[resolution], fresh) : NOTHING);
    // Nothing was looked up for a minute in which nothing was seen.
    return before === null && goesOn('day', nextMs) ? null : { minute: NOTHING, hour: held('hour'), day: held('day') };
  }

  function endMinute(untilMs: number, nextMs: number): void {
    const rows: StoredRollup[] = [];
    unusedFromMs = Math.max(unusedFromMs, minuteMs + MINUTE_MS);
    for (const [service, seen] of services) {
      count(service, seen, untilMs);
      if (!isNothing(seen.fresh)) rows.push(...rowsOf(service, seen).map((row) => (goesOn(row.resolution, nextMs) ? row : { ...row, latencies: '' })));
      seen.before = carriedOver(service, seen, nextMs);
      seen.fresh = NOTHING;
    }
    minuteMs = nextMs;
    if (rows.length > 0) minuteIsOver(rows);
  }

  /** After a time of which nothing is known: buckets begun before it may go on, as the history has them. */
  function resume(wallMs: number, goneMs: number): void {
    endMinute(goneMs, startOf(wallMs, 'minute'));
    for (const seen of services.values()) {
      seen.before = null;
      seen.sinceMs = wallMs;
    }
  }

  const seenOf = (service: string, now: Now): Seen => {
    const known = services.get(service);
    if (known !== undefined) return known;
    const seen: Seen = { liveness: 'unknown', sinceMs: now.wall, fresh: NOTHING, before: null };
    services.set(service, seen);
    return seen;
  };

  return {
    pass(now) {
      if (last === null) minuteMs = startOf(now.wall, 'minute');
      else {
        const resumeMs = unknownUntil(last, now);
        if (resumeMs !== null) resume(resumeMs, last.wall);
        for (let endMs = minuteMs + LENGTH_MS.minute; now.wall >= endMs; endMs += MINUTE_MS) endMinute(endMs, endMs);
      }
      last = now;
    },
    becomes(service, liveness, now) {
      const seen = seenOf(service, now);
      const { liveness: before } = seen;
      if (before === liveness) return before;
      count(service, seen, now.wall);
      seen.liveness = liveness;
      return before;
    },
    round(service, failed, latencyMs, now) {
      const seen = seenOf(service, now);
      seen.fresh = withRound(seen.fresh, failed, latencyMs);
    },
    countAll(now) {
      for (const [service, seen] of services) count(service, seen, now.wall);
    },
    running(service, resolutions) {
      const seen = services.get(service);
      return seen === undefined ? [] : rowsOf(service, seen, resolutions).filter((row) => !isNothing(row));
    },
    time(service, resolution) {
      const seen = services.get(service);
      if (seen === undefined) return NOTHING;
      const { upMs, downMs } = heldBefore(service, seen)[resolution];
      return { upMs: upMs + seen.fresh.upMs, downMs: downMs + seen.fresh.downMs };
    },
    services: () => services.keys(),
    forget(service) {
      services.delete(service);
    },
  };
}
