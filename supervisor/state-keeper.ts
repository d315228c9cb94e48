// Holds the one state of the supervisor and sees to it that it reaches the disk: at once where an act depends on it, soon otherwise.
// Knows nothing of what the state means.
import type { ServiceState, SupervisorState } from './domain/state.ts';
import { newService } from './domain/state.ts';
import type { Clock, StateStore, Stop } from './ports.ts';

/** Changes that no act depends on may wait this long, so that a burst is one write. */
const SOON_MS = 200;
/** A disk that is full now may not be soon. */
const AFTER_FAILURE_MS = 5_000;

/** What is of the machine and not of one service. */
export type SharedState = Omit<SupervisorState, 'services'>;

export interface StateKeeper {
  /** Everything. Put together when asked for, so not for every round: `shared` and `service` cost nothing. */
  get(): SupervisorState;
  shared(): SharedState;
  service(id: string): ServiceState;
  setService(id: string, service: ServiceState): void;
  set(change: Partial<Omit<SharedState, 'version' | 'clock'>>): void;
  managerMemory(id: string): unknown;
  /** Resolves when it is on disk. */
  setManagerMemory(id: string, value: unknown): Promise<void>;
  /** Resolves when the state as it is now is on disk. Rejects when it cannot be written. */
  persist(): Promise<void>;
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
  const { services: initialServices, ...initialShared } = initial;
  // Not one object that is copied for every round: with 250 services that was an eighth of all CPU time.
  const services = new Map(Object.entries(initialServices));
  let shared: SharedState = initialShared;
  let timer: Stop | null = null;
  const get = (): SupervisorState => ({ ...shared, services: Object.fromEntries(services) });

  async function persist(): Promise<void> {
    timer?.();
    timer = null;
    shared = { ...shared, clock: clock.now() };
    await store.save(get());
  }
  const persistSoon = (delayMs = SOON_MS): void => {
    timer ??= clock.after(delayMs, () => {
      timer = null;
      persist().catch((error: unknown) => {
        failed(error);
        persistSoon(AFTER_FAILURE_MS);
      });
    });
  };
  return {
    get,
    shared: () => shared,
    service: (id) => services.get(id) ?? newService(),
    setService(id, service) {
      const before = services.get(id);
      if (before === service) return;
      services.set(id, service);
      if (mustBeKept(before, service)) persistSoon();
    },
    set(change) {
      shared = { ...shared, ...change };
      persistSoon();
    },
    managerMemory: (id) => (Object.hasOwn(shared.managers, id) ? shared.managers[id] : undefined),
    async setManagerMemory(id, value) {
      shared = { ...shared, managers: { ...shared.managers, [id]: value } };
      await persist();
    },
    persist,
  };
}
