// A clock that moves only when a test says so: timers run in order, each at its exact time, and promises settle in between.
import type { MonoMs, WallMs } from '../../supervisor/contract/reason.ts';
import type { Clock, Now, Stop } from '../../supervisor/ports.ts';

/** Rounds of the event loop after each timer: enough for what a timer starts to come to rest when nothing real is waited for. */
const SETTLE_ROUNDS = 4;
/** 2026-11-22 14:00:00 UTC. */
const BEGINNING_MS = Date.UTC(2026, 10, 22, 14, 0, 0);

interface Timer { readonly dueMs: number; readonly run: () => void }

export class VirtualClock implements Clock {
  #monoMs: number;
  #wallMs: number;
  #sleptMs = 0;
  /** In the order they were made: of two timers due at the same time the older one runs first. */
  readonly #timers = new Set<Timer>();

  constructor({ monoMs = BEGINNING_MS, wallMs = BEGINNING_MS }: { monoMs?: number; wallMs?: number } = {}) {
    this.#monoMs = monoMs;
    this.#wallMs = wallMs;
  }

  now(): Now {
    return { mono: this.#monoMs as MonoMs, wall: this.#wallMs as WallMs };
  }
  sleptMs(): number {
    return this.#sleptMs;
  }
  after(delayMs: number, run: () => void): Stop {
    const timer: Timer = { dueMs: this.#monoMs + Math.max(0, delayMs), run };
    this.#timers.add(timer);
    return () => { this.#timers.delete(timer); };
  }

  /** Time passes. Rejects with what a timer throws. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#monoMs + ms;
    await settle();
    for (let timer = this.#next(untilMs); timer !== undefined; timer = this.#next(untilMs)) {
      this.#timers.delete(timer);
      this.#moveTo(Math.max(timer.dueMs, this.#monoMs));
      timer.run();
      await settle();
    }
    this.#moveTo(untilMs);
  }
  /** The machine sleeps: the wall clock goes on; timers stand still and have as long to go afterwards as before. */
  sleep(ms: number): void {
    this.#sleptMs += ms;
    this.#wallMs += ms;
  }
  /** Something keeps the process from running for a while: what falls due meanwhile runs late, with the next `advance`. */
  holdUp(ms: number): void {
    this.#moveTo(this.#monoMs + ms);
  }
  /** Somebody sets the wall clock, forward or back. */
  jumpWall(ms: number): void {
    this.#wallMs += ms;
  }
  /** Timers that wait. Zero at the end of a test means that nothing was left behind. */
  pending(): number {
    return this.#timers.size;
  }

  #next(untilMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (timer.dueMs <= untilMs && (next === undefined || timer.dueMs < next.dueMs)) next = timer;
    return next;
  }
  #moveTo(monoMs: number): void {
    this.#wallMs += monoMs - this.#monoMs;
    this.#monoMs = monoMs;
  }
}

async function settle(): Promise<void> {
  for (let round = 0; round < SETTLE_ROUNDS; round += 1) await new Promise((resolve) => { setImmediate(resolve); });
}
