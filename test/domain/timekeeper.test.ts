import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resolution } from '../../supervisor/contract/history.ts';
import type { StoredRollup } from '../../supervisor/domain/history-rows.ts';
import type { Liveness } from '../../supervisor/domain/liveness.ts';
import { createTimekeeper, type Timekeeper } from '../../supervisor/timekeeper.ts';
import { HOUR, MINUTE, mono, SECOND, wall } from '../builders/moment.ts';

/** Seven seconds before an hour and a day end. */
const BEGINNING = Date.UTC(2026, 10, 22, 23, 59, 53);

type Happening =
  | { readonly type: 'wait' | 'sleep' | 'held-up'; readonly ms: number }
  | { readonly type: 'becomes'; readonly liveness: Liveness }
  | { readonly type: 'round'; readonly failed: boolean; readonly latencyMs: number }
  | { readonly type: 'restart' };

/** A history that lives in a map, under a timekeeper that is told of every second. */
class Kept {
  readonly rows = new Map<string, StoredRollup>();
  /** What must be found in the end. */
  readonly lived = { up: 0, down: 0, unknown: 0, rounds: 0, lost: 0 };
  #now = { mono: mono(0), wall: wall(BEGINNING) };
  #liveness: Liveness = 'unknown';
  #timekeeper: Timekeeper = this.#create();

  #create(): Timekeeper {
    return createTimekeeper({
      recall: (service, resolution, startMs) => this.rows.get(`${service} ${resolution} ${startMs}`) ?? null,
      minuteIsOver: (rows) => { this.#write(rows); },
      lost: (_service, ms) => { this.lived.lost += ms; },
    });
  }
  #write(rows: readonly StoredRollup[]): void {
    for (const row of rows) this.rows.set(`${row.service} ${row.resolution} ${row.startMs}`, row);
  }
  #pass(monoMs: number, wallMs: number): void {
    this.#now = { mono: mono(this.#now.mono + monoMs), wall: wall(this.#now.wall + wallMs) };
    this.#timekeeper.pass(this.#now);
  }
  live(happenings: readonly Happening[]): this {
    this.#pass(0, 0);
    for (const happening of happenings) this.#live(happening);
    this.#restart();
    return this;
  }
  #live(happening: Happening): void {
    switch (happening.type) {
      case 'wait':
        for (let left = happening.ms; left > 0; left -= SECOND) this.#pass(Math.min(left, SECOND), Math.min(left, SECOND));
        this.lived[this.#liveness] += happening.ms;
        return;
      case 'sleep': return this.#pass(0, happening.ms);
      case 'held-up': return this.#pass(happening.ms, happening.ms);
      case 'becomes':
        this.#liveness = happening.liveness;
        this.#timekeeper.becomes('web', happening.liveness, this.#now);
        return;
      case 'round':
        this.#timekeeper.round('web', happening.failed, happening.latencyMs, this.#now);
        this.lived.rounds += 1;
        return;
      case 'restart': return this.#restart();
    }
  }
  #restart(): void {
    this.#timekeeper.countAll(this.#now);
    this.#write(this.#timekeeper.running('web'));
    this.#timekeeper = this.#create();
    this.#timekeeper.pass(this.#now);
    this.#timekeeper.becomes('web', this.#liveness, this.#now);
  }
  of(resolution: Resolution): StoredRollup[] {
    return [...this.rows.values()].filter((row) => row.resolution === resolution).sort((a, b) => a.startMs - b.startMs);
  }
  total(resolution: Resolution, key: 'upMs' | 'downMs' | 'count' | 'failures'): number {
    return this.of(resolution).reduce((sum, row) => sum + row[key], 0);
  }
}

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.oneof(fc.integer({ min: 1, max: 90 * SECOND }), fc.constantFrom(MINUTE, 10 * MINUTE)) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('becomes' as const), liveness: fc.constantFrom('up' as const, 'down' as const, 'unknown' as const) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('round' as const), failed: fc.boolean(), latencyMs: fc.integer({ min: 1, max: 900 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('sleep' as const, 'held-up' as const), ms: fc.integer({ min: 40 * SECOND, max: 3 * HOUR }) }) },
  { weight: 2, arbitrary: fc.constant<Happening>({ type: 'restart' }) },
);
const happenings = fc.array(happening, { maxLength: 40 });

describe('time and rounds of a service', () => {
  it('are found again in the minutes, the hours and the days, and nothing else', () => {
    fc.assert(fc.property(happenings, (all) => {
      const kept = new Kept().live(all);
      for (const resolution of ['minute', 'hour', 'day'] as const) {
        expect([kept.total(resolution, 'upMs'), kept.total(resolution, 'downMs'), kept.total(resolution, 'count')]).toEqual([kept.lived.up, kept.lived.down, kept.lived.rounds]);
      }
      expect(kept.lived.lost).toBe(kept.lived.down);
    }));
  });
  it('are the same whenever Upkeep was restarted', () => {
    fc.assert(fc.property(happenings, (all) => {
      const figures = (kept: Kept) => [...kept.rows.values()].map(({ latencies: _, ...row }) => row).sort((a, b) => `${a.resolution}${a.startMs}`.localeCompare(`${b.resolution}${b.startMs}`));
      const known = new Kept().live(all.filter(({ type }) => type !== 'restart'));
      expect(figures(new Kept().live(all))).toEqual(figures(known));
    }));
  });
  it('never fill a bucket beyond its length', () => {
    fc.assert(fc.property(happenings, (all) => {
      for (const { upMs, downMs, resolution } of new Kept().live(all).rows.values()) expect(upMs + downMs).toBeLessThanOrEqual({ minute: MINUTE, hour: HOUR, day: 24 * HOUR }[resolution]);
    }));
  });
  it('fall into the minute in which they were lived, also when the machine slept in its middle', () => {
    const kept = new Kept().live([{ type: 'becomes', liveness: 'up' }, { type: 'wait', ms: 20 * SECOND }, { type: 'sleep', ms: HOUR }, { type: 'wait', ms: 30 * SECOND }]);
    expect(kept.of('minute').map(({ startMs, upMs }) => `${new Date(startMs).toISOString().slice(11, 16)} ${upMs}`)).toEqual(['23:59 7000', '00:00 13000', '01:00 30000']);
    expect(kept.of('day').map(({ upMs }) => upMs)).toEqual([7_000, 43_000]);
  });
  it('that are lived twice, because the clock was set back, are in the bucket once more', () => {
    const kept = new Kept().live([
      { type: 'wait', ms: 7 * SECOND }, { type: 'becomes', liveness: 'up' }, { type: 'wait', ms: 90 * SECOND }, { type: 'sleep', ms: -MINUTE }, { type: 'becomes', liveness: 'down' }, { type: 'wait', ms: 60 * SECOND },
    ]);
    expect(kept.of('minute').map(({ upMs, downMs }) => [upMs, downMs])).toEqual([[30_000, 30_000], [30_000, 30_000]]);
    expect(kept.of('hour').map(({ upMs, downMs }) => [upMs, downMs])).toEqual([[90_000, 60_000]]);
  });
});
