// Waits for a condition with a time-out, for tests against real programs. Never sleeps longer than between two looks.
import { setTimeout as delay } from 'node:timers/promises';

/** Cold starts take up to 13 s, so every wait is patient. */
const defaultTimeoutMs = 30_000;
const pollMs = 50;

export interface WaitOptions {
  /** How long to wait before the error. Default 30 s. */
  readonly timeoutMs?: number;
}

/**
 * Asks until there is an answer other than undefined or false.
 * @throws Error naming `what`, with the last error `ask` threw as its cause
 */
export async function waitFor<T>(what: string, ask: () => Promise<T | undefined | false> | T | undefined | false, { timeoutMs = defaultTimeoutMs }: WaitOptions = {}): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() > deadlineMs) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`, { cause: lastError });
    await delay(pollMs);
  }
}
