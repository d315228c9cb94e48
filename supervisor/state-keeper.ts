// Holds the one state of the supervisor and sees to it that it reaches the disk: at once where an act depends on it, soon otherwise.
// Knows nothing of what the state means.
import type { ServiceState, SupervisorState } from './domain/state.ts';
import { newService } from './domain/state.ts';
import type { Clock, StateStore, Stop } from './ports.ts';

/** Changes that no act depends on may wait this long, so that a burst is one write. */
const SOON_MS = 200;

export interface StateKeeper {
  get(): SupervisorState;
  service(id: string): ServiceState;
  setService(id: string, service: ServiceState): void;
  set(change: Partial<Omit<SupervisorState, 'version' | 'clock'>>): void;
  /** Resolves when the state as it is now is on disk. Rejects when it cannot be written. */
  persist(): Promise<void>;
  end(): Promise<void>;
}

/** A round's latencies alone are not worth a write: everything else about a service is. */
function mustBeKept(before: ServiceState | undefined, after: ServiceState): boolean {
  if (before === undefined) return true;
  const earlier = new Map<string, unknown>(Object.entries(before));
  return Object.entries(after).some(([key, value]) => key !== 'checks' && earlier.get(key) !== value);
}

export function emptyState(clock: Clock): SupervisorState {
  return { version: 1, clock: clock.now(), pause: null, healTimes: [], services: {}, alerts: [], managers: {} };
}

export function createStateKeeper({ store, clock, initial, failed }: { store: StateStore; clock: Clock; initial: SupervisorState; failed: (error: unknown) => void }): StateKeeper {
  let state = initial;
  let timer: Stop | null = null;

  async function persist(): Promise<void> {
    timer?.();
    timer = null;
    state = { ...state, clock: clock.now() };
    await store.save(state);
  }
  const persistSoon = (): void => {
    timer ??= clock.after(SOON_MS, () => {
      timer = null;
      persist().catch(failed);
    });
  };
  return {
    get: () => state,
    service: (id) => state.services[id] ?? newService(),
    setService(id, service) {
      const before = state.services[id];
      if (before === service) return;
      state = { ...state, services: { ...state.services, [id]: service } };
      if (mustBeKept(before, service)) persistSoon();
    },
    set(change) {
      state = { ...state, ...change };
      persistSoon();
    },
    persist,
    async end() {
      await persist();
    },
  };
}
