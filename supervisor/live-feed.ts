// Hands snapshots and events to whoever listens: the snapshot at once and then at most four a second, events as they happen.
// Costs nothing while nobody listens.
import type { LiveMessage } from './contract/api.ts';
import type { UpkeepEvent } from './contract/event.ts';
import type { Snapshot } from './contract/snapshot.ts';
import type { Clock, Stop } from './ports.ts';

/** Four a second: enough for eyes, little for everything else. */
const SNAPSHOT_EVERY_MS = 250;

export interface LiveFeed {
  /** Something shown has changed. */
  changed(): void;
  event(event: UpkeepEvent): void;
  subscribe(listener: (message: LiveMessage) => void): Stop;
  end(): void;
}

export function createLiveFeed({ clock, snapshot, failed }: { clock: Clock; snapshot: () => Snapshot; failed: (error: unknown) => void }): LiveFeed {
  const listeners = new Set<(message: LiveMessage) => void>();
  let timer: Stop | null = null;
  let lastMs = -Infinity;

  const tell = (message: LiveMessage): void => {
    for (const listener of listeners) {
      try {
        listener(message);
      } catch (error) {
        failed(error);
      }
    }
  };
  /** Built when the first listener looks at it: whoever follows events only does not pay for it. */
  const freshMessage = (): LiveMessage => {
    let built: Snapshot | null = null;
    return { kind: 'snapshot', get snapshot() { return (built ??= snapshot()); } };
  };
  const send = (): void => {
    timer = null;
    lastMs = clock.now().mono;
    if (listeners.size > 0) tell(freshMessage());
  };
  return {
    changed() {
      if (listeners.size === 0 || timer !== null) return;
      timer = clock.after(Math.max(0, lastMs + SNAPSHOT_EVERY_MS - clock.now().mono), send);
    },
    event: (event) => tell({ kind: 'event', event }),
    subscribe(listener) {
      const own = (message: LiveMessage): void => listener(message);
      listeners.add(own);
      own(freshMessage());
      return () => void listeners.delete(own);
    },
    end() {
      timer?.();
      listeners.clear();
    },
  };
}
