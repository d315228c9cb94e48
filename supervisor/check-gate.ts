// How many checks may be under way at once, and how hanging targets are kept from filling all places.
// Knows nothing of what it runs.

/** `slow`: the last try of this check timed out, so the next one probably does too. */
export type Lane = 'fast' | 'slow';

export interface CheckGate {
  /** Runs the work when a place in its lane is free. Waiting is not part of the work, so latencies measured in it stay true. */
  run<Result>(lane: Lane, work: () => Promise<Result>): Promise<Result>;
}

interface Places { free: number; readonly waiting: (() => void)[] }

/**
 * At most `limit` works at once (1 or more). A quarter of the places is for the slow lane alone and the rest for the fast one:
 * hanging targets wait for each other and never for a healthy one.
 */
export function createCheckGate(limit: number): CheckGate {
  const slow = Math.max(1, Math.floor(limit / 4));
  const fastPlaces: Places = { free: Math.max(1, limit - slow), waiting: [] };
  const lanes: Record<Lane, Places> = { fast: fastPlaces, slow: limit > 1 ? { free: slow, waiting: [] } : fastPlaces };

  const leave = (places: Places): void => {
    const next = places.waiting.shift();
    if (next === undefined) places.free += 1;
    else next();
  };
  return {
    async run(lane, work) {
      const places = lanes[lane];
      if (places.free > 0) places.free -= 1;
      else await new Promise<void>((enter) => places.waiting.push(enter));
      try {
        return await work();
      } finally {
        leave(places);
      }
    },
  };
}
