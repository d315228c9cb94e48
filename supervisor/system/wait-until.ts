// Waits for a condition with an end: met, time over, or nobody wants it any more. The first look is at once.
// Never rejects by itself; a condition that throws is a bug and passes through.

export interface WaitOptions {
  readonly withinMs: number;
  readonly everyMs: number;
  readonly signal?: AbortSignal | undefined;
}

export async function waitUntil(condition: () => boolean | Promise<boolean>, { withinMs, everyMs, signal }: WaitOptions): Promise<'met' | 'timed-out' | 'aborted'> {
  const endsAtMs = performance.now() + withinMs;
  for (;;) {
    if (signal?.aborted) return 'aborted';
    if (await condition()) return 'met';
    const leftMs = endsAtMs - performance.now();
    if (leftMs <= 0) return 'timed-out';
    await pause(Math.min(everyMs, leftMs), signal);
  }
}

/** Resolves after the time, or at once when aborted. Leaves neither a timer nor a listener behind. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
