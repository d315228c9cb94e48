// The real clock: the only place where intervals and times of day come from.
// Intervals never depend on the wall clock, which people, time servers and summer time may set at will.
import { uptime } from 'node:os';
import type { MonoMs, WallMs } from '../contract/reason.ts';
import type { Clock, Stop } from '../ports.ts';

/** The longest delay `setTimeout` takes; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** `os.uptime` is exact to 10 ms at best and read a moment before or after the other clock: less than this is no sleep. */
const SHORTEST_SLEEP_MS = 2_000;

export interface ClockOptions {
  /** Both clocks when the state was saved last; the supervision clock goes on from there. Absent: it begins at the wall clock's time. */
  readonly resumeFrom?: { readonly mono: number; readonly wall: number };
}

export function systemClock({ resumeFrom }: ClockOptions = {}): Clock {
  const startedMs = performance.now();
  const wallAtStart = Date.now();
  // A wall clock that was set back in the meantime must not take back time: budgets and cooldowns would begin anew.
  const monoAtStart = resumeFrom === undefined ? wallAtStart : resumeFrom.mono + Math.max(0, wallAtStart - resumeFrom.wall);
  const bootMsAtStart = bootMs();
  return {
    now: () => ({ mono: asMono(Math.floor(monoAtStart + performance.now() - startedMs)), wall: asWall(Date.now()) }),
    sleptMs() {
      const sleptMs = bootMs() - bootMsAtStart - (performance.now() - startedMs);
      return SAYS_SLEEP && sleptMs >= SHORTEST_SLEEP_MS ? Math.floor(sleptMs) : 0;
    },
    after: startTimer,
  };
}

/** Time since boot, sleep included (Linux: CLOCK_BOOTTIME). */
const bootMs = (): number => uptime() * 1_000;

/**
 * On Linux `performance.now` stands still while the machine sleeps and the time since boot does not. On macOS both go on (libuv reads
 * mach_continuous_time, https://github.com/libuv/libuv/pull/2894): there power events and late timers tell of sleep.
 */
const SAYS_SLEEP = process.platform === 'linux';

function startTimer(delayMs: number, run: () => void): Stop {
  const dueMs = performance.now() + delayMs;
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    // setTimeout counts in whole milliseconds and may be early by a part of one.
    const restMs = dueMs - performance.now();
    if (restMs <= 0 && timer !== undefined) {
      run();
      return;
    }
    timer = setTimeout(wait, Math.min(Math.max(Math.ceil(restMs), 0), LONGEST_TIMER_MS));
    timer.unref();
  };
  wait();
  return () => { clearTimeout(timer); };
}

// Here times come into being; everywhere else they are only passed on, so that the two kinds cannot be mixed up.
// eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- gives the brand; the domain's own values are not for plug-ins
const asMono = (ms: number): MonoMs => ms as MonoMs;
// eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- gives the brand; the domain's own values are not for plug-ins
const asWall = (ms: number): WallMs => ms as WallMs;
