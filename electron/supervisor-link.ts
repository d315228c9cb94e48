// Answers who supervises and carries commands there: this process, or the instance that already holds the data folder.
// It never gives up: whatever goes wrong, it says so and tries again. Never two supervisors: the data folder's lock decides.
import { ApiError, type LiveMessage, type UpkeepApi } from '../supervisor/contract/api.ts';
import type { Snapshot } from '../supervisor/contract/snapshot.ts';
import { AlreadyRunningError, ConfigurationError, type ConnectedApi, type Host } from '../supervisor/index.ts';
import type { LinkMessage, LinkState } from '../supervisor/contract/panel.ts';

export interface SupervisorLink {
  readonly state: LinkState;
  /** Newest known; kept while the link is lost, so that people see what was known last. */
  readonly snapshot: Snapshot | null;
  /** Rejects with `ApiError`; `unavailable` while nobody supervises. */
  call: UpkeepApi['call'];
  /** Gives the link's state and the newest snapshot at once. */
  subscribe(listener: (message: LinkMessage) => void): () => void;
  resumed(): void;
  /** Ends supervision by this process (another instance goes on). Resolves when all is stopped; twice is fine. */
  stop(): Promise<void>;
}

export interface LinkOptions {
  readonly startHost: () => Promise<Host>;
  /** null: nobody answers. */
  readonly connect: () => Promise<ConnectedApi | null>;
  /** Time between two attempts while nobody supervises. Default 2 s. */
  readonly retryMs?: number;
}

type Holder = { readonly kind: 'hosting'; readonly host: Host } | { readonly kind: 'attached'; readonly api: ConnectedApi };

const NOT_LINKED = 'Upkeep is not supervising at the moment.';

export function linkSupervisor({ startHost, connect, retryMs = 2_000 }: LinkOptions): SupervisorLink {
  const listeners = new Set<(message: LinkMessage) => void>();
  let state: LinkState = { kind: 'starting' };
  let snapshot: Snapshot | null = null;
  let holder: Holder | null = null;
  let unsubscribe = () => {};
  let timer: NodeJS.Timeout | undefined;
  let stopping: Promise<void> | null = null;

  const tell = (message: LinkMessage) => {
    for (const listener of [...listeners]) listener(message);
  };
  const become = (next: LinkState) => {
    // The same failure every two seconds is no news.
    if (JSON.stringify(next) === JSON.stringify(state)) return;
    state = next;
    tell({ kind: 'link', link: state });
  };
  const hear = (message: LiveMessage) => {
    if (message.kind === 'snapshot') snapshot = message.snapshot;
    tell(message);
  };
  const hold = (next: Holder) => {
    holder = next;
    become({ kind: next.kind });
    unsubscribe = apiOf(next).subscribe(hear);
  };

  const attempt = async (): Promise<void> => {
    const found = await findHolder(startHost, connect);
    if (stopping !== null) {
      if ('host' in found || 'api' in found) await letGo(found);
      return;
    }
    if ('host' in found) return hold(found);
    if ('api' in found) {
      hold(found);
      void found.api.lost.then(() => onLost(found));
      return;
    }
    become(found);
    timer = setTimeout(() => { running = attempt(); }, retryMs);
  };
  const onLost = (lost: Holder) => {
    if (holder !== lost || stopping !== null) return;
    unsubscribe();
    holder = null;
    become({ kind: 'lost', message: 'The Upkeep that supervised has gone; taking over.' });
    running = attempt();
  };
  let running = attempt();

  const end = async (): Promise<void> => {
    clearTimeout(timer);
    // An attempt under way sees `stopping` and lets go of what it gets.
    await running;
    unsubscribe();
    const last = holder;
    holder = null;
    if (last !== null) await letGo(last);
  };

  return {
    get state() { return state; },
    get snapshot() { return snapshot; },
    async call(name, input) {
      if (holder === null) throw new ApiError('unavailable', 'message' in state ? state.message : NOT_LINKED);
      return apiOf(holder).call(name, input);
    },
    subscribe(listener) {
      listeners.add(listener);
      listener({ kind: 'link', link: state });
      if (snapshot !== null) listener({ kind: 'snapshot', snapshot });
      return () => { listeners.delete(listener); };
    },
    resumed() { if (holder?.kind === 'hosting') holder.host.resumed(); },
    stop: () => (stopping ??= Promise.resolve().then(end)),
  };
}

const apiOf = (holder: Holder): UpkeepApi => (holder.kind === 'hosting' ? holder.host.api : holder.api);

async function letGo(holder: Holder): Promise<void> {
  if (holder.kind === 'hosting') await holder.host.stop();
  else holder.api.close();
}

/** Never rejects: what went wrong is the state to show. */
async function findHolder(startHost: LinkOptions['startHost'], connect: LinkOptions['connect']): Promise<Holder | LinkState> {
  try {
    return { kind: 'hosting', host: await startHost() };
  } catch (error) {
    if (error instanceof ConfigurationError) return { kind: 'invalid', message: `${error.file} cannot be used.`, issues: error.issues };
    if (!(error instanceof AlreadyRunningError)) return { kind: 'failed', message: `Supervision cannot start: ${textOf(error)}` };
  }
  try {
    const api = await connect();
    if (api !== null) return { kind: 'attached', api };
    return { kind: 'lost', message: 'Another Upkeep holds the data folder but does not answer. It is asked again every few seconds.' };
  } catch (error) {
    return { kind: 'failed', message: `Another Upkeep is running, but connecting to it failed: ${textOf(error)}` };
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
