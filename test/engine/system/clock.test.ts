import type * as Os from 'node:os';
import { uptime } from 'node:os';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../supervisor/system/clock.ts';

vi.mock('node:os', async (original) => ({ ...(await original<typeof Os>()), uptime: vi.fn<() => number>() }));

const WALL = Date.UTC(2026, 10, 22, 14, 0, 0);

describe('the system clock, on a machine whose clocks a test moves', () => {
  /** What the three clocks of the machine say. */
  let machine = { performanceMs: 0, wallMs: 0, uptimeMs: 0 };
  beforeEach(() => {
    machine = { performanceMs: 5_000, wallMs: WALL, uptimeMs: 90_000 };
    vi.spyOn(performance, 'now').mockImplementation(() => machine.performanceMs);
    vi.spyOn(Date, 'now').mockImplementation(() => machine.wallMs);
    vi.mocked(uptime).mockImplementation(() => machine.uptimeMs / 1_000);
  });
  afterEach(() => { vi.restoreAllMocks(); });
  const pass = (ms: number): void => { machine = { performanceMs: machine.performanceMs + ms, wallMs: machine.wallMs + ms, uptimeMs: machine.uptimeMs + ms }; };
  const sleep = (ms: number): void => { machine = { ...machine, wallMs: machine.wallMs + ms, uptimeMs: machine.uptimeMs + ms }; };

  test('begins at the wall clock and goes on with the time that passes', () => {
    const clock = systemClock();
    expect(clock.now()).toEqual({ mono: WALL, wall: WALL });
    pass(1_234.9);
    expect(clock.now()).toMatchObject({ mono: WALL + 1_234 });
  });
  test('goes on after a restart, with the time in between', () => {
    expect(systemClock({ resumeFrom: { mono: 700, wall: WALL - 60_000 } }).now().mono).toBe(60_700);
  });
  test('does not go back when the wall clock was set back in between', () => {
    expect(systemClock({ resumeFrom: { mono: 700, wall: WALL + 3_600_000 } }).now().mono).toBe(700);
  });
  test('does not follow a wall clock that is set', () => {
    const clock = systemClock();
    machine = { ...machine, wallMs: WALL - 86_400_000 };
    pass(10);
    expect(clock.now()).toEqual({ mono: WALL + 10, wall: WALL - 86_400_000 + 10 });
    expect(clock.sleptMs()).toBe(0);
  });
  test('stands still while the machine sleeps and says how long it has slept', () => {
    const clock = systemClock();
    pass(1_000);
    sleep(60_000);
    pass(1_000);
    sleep(5_000);
    expect(clock.now()).toEqual({ mono: WALL + 2_000, wall: WALL + 67_000 });
    expect(clock.sleptMs()).toBe(65_000);
  });
  test('takes less than two seconds for an inexact reading', () => {
    const clock = systemClock();
    sleep(1_999);
    expect(clock.sleptMs()).toBe(0);
    sleep(1);
    expect(clock.sleptMs()).toBe(2_000);
  });
});

describe('timers', () => {
  test('run once, never early', async () => {
    const clock = systemClock();
    await Promise.all(Array.from({ length: 30 }, async (_, index) => {
      const beganMs = performance.now();
      const run = vi.fn<() => void>();
      await new Promise<void>((resolve) => { clock.after(index / 3, () => { run(); resolve(); }); });
      expect(performance.now() - beganMs).toBeGreaterThanOrEqual(index / 3);
      expect(run).toHaveBeenCalledTimes(1);
    }));
  });

  describe('on virtual time', () => {
    beforeEach(() => { vi.useFakeTimers(); });
    afterEach(() => { vi.useRealTimers(); });

    test('run after delays longer than a timer of the system can be', () => {
      const run = vi.fn<() => void>();
      systemClock().after(30 * 86_400_000, run);
      vi.advanceTimersByTime(30 * 86_400_000 - 1);
      expect(run).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect(run).toHaveBeenCalledTimes(1);
    });
    test('that are stopped never run, and stopping twice is fine', () => {
      const run = vi.fn<() => void>();
      const stop = systemClock().after(1_000, run);
      stop();
      stop();
      vi.advanceTimersByTime(10_000);
      expect(run).not.toHaveBeenCalled();
      expect(vi.getTimerCount()).toBe(0);
    });
    test('never run within the call that makes them', () => {
      const run = vi.fn<() => void>();
      systemClock().after(0, run);
      systemClock().after(-5, run);
      expect(run).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect(run).toHaveBeenCalledTimes(2);
    });
  });
});
