// Which services are supervised, each with its loop and its manager: begins, changes and ends the supervision of single services.
// Judges nothing; what happens to a service goes to the domain by `dispatch`.
import type { Configuration, ServiceConfiguration } from './contract/configuration.ts';
import type { CheckGate } from './check-gate.ts';
import type { ServiceEvent } from './domain/service-event.ts';
import type { Intent, ServiceState } from './domain/state.ts';
import type { Check, ManagerContext, ServiceManager, ServiceManagerKind } from './ports.ts';
import { redactManager, type Redact } from './redaction.ts';
import { bindCheck, type BoundCheck } from './round.ts';
import { createServiceLoop, type ServiceLoop, type ServiceLoopParts } from './service-loop.ts';

export interface RosterParts extends Pick<ServiceLoopParts, 'clock' | 'machine' | 'waitUntilFree' | 'failed'> {
  readonly checks: Readonly<Record<string, Check>>;
  readonly managers: Readonly<Record<string, ServiceManagerKind>>;
  readonly gate: CheckGate;
  readonly redact: Redact;
  stateOf(id: string): ServiceState;
  managerContext(id: string): ManagerContext;
  dispatch(id: string, event: ServiceEvent): void;
  /** Goes on with an act that an earlier run of Upkeep began. */
  recover(id: string, intent: Intent): void;
  /** Resolves when no act is under way for this service. */
  idle(id: string): Promise<void>;
  left(id: string): void;
}

export interface Supervised {
  readonly loop: ServiceLoop;
  /** Upkeep runs it itself: started when supervision begins (with `autoStart`), stopped when it ends. */
  readonly owned: boolean;
  readonly autoStart: boolean;
}

export interface Roster {
  get(id: string): Supervised | undefined;
  ids(): readonly string[];
  entries(): readonly (readonly [string, Supervised])[];
  begin(services: readonly ServiceConfiguration[]): Promise<void>;
  /** Takes a new configuration. `changed` gets the ids it touches as soon as they are known, before anything slow. */
  reconfigure(next: Configuration, changed: (ids: readonly string[]) => void): Promise<void>;
  /** Ends every loop and starts nothing any more. */
  end(): void;
}

const sameManager = (a: ServiceConfiguration, b: ServiceConfiguration): boolean => JSON.stringify(a.manager) === JSON.stringify(b.manager);
const same = (a: ServiceConfiguration, b: ServiceConfiguration): boolean => JSON.stringify(a) === JSON.stringify(b);

export function createRoster(parts: RosterParts): Roster {
  const { dispatch, stateOf } = parts;
  const supervised = new Map<string, Supervised>();
  let ended = false;

  const bindChecks = ({ checks }: ServiceConfiguration): BoundCheck[] => checks.map((spec) => bindCheck(spec, parts.checks, parts.redact));

  function managerOf(service: ServiceConfiguration): { manager: ServiceManager | null; owned: boolean; autoStart: boolean } {
    if (service.manager === null) return { manager: null, owned: false, autoStart: false };
    const kind = parts.managers[service.manager.type];
    if (kind === undefined) throw new RangeError(`no service manager of kind "${service.manager.type}"`);
    const ownership = kind.ownership(service.manager);
    const manager = redactManager(kind.create(service.manager, parts.managerContext(service.id)), parts.redact);
    return { manager, owned: ownership.kind === 'owned', autoStart: ownership.kind === 'owned' && ownership.autoStart };
  }

  function add(service: ServiceConfiguration): void {
    const { manager, owned, autoStart } = managerOf(service);
    const { clock, gate, machine, waitUntilFree, failed } = parts;
    const loop = createServiceLoop({
      configuration: service, checks: bindChecks(service), manager, owned, clock, gate, machine, waitUntilFree, failed,
      state: () => stateOf(service.id),
      dispatch: (event) => dispatch(service.id, event),
    });
    supervised.set(service.id, { loop, owned, autoStart });
  }

  /**
   * What supervision of one service begins with: finish what an earlier run began, start what is ours to start, look at the rest.
   * An open breaker is not got round by restarting Upkeep, only by a `renewed` manager.
   */
  async function take(id: string, renewed = false): Promise<void> {
    const entry = supervised.get(id);
    if (entry === undefined || ended) return;
    dispatch(id, { type: 'restored' });
    const { intent } = stateOf(id);
    if (intent !== null) return parts.recover(id, intent);
    const { manager } = entry.loop;
    if (manager === null || !entry.owned) return;
    const { state } = await manager.status(new AbortController().signal);
    const now = stateOf(id);
    if (ended || supervised.get(id) !== entry || now.intent !== null) return;
    if (now.stopped) {
      // A crash of Upkeep came between a person's stop and its end.
      if (state === 'running') entry.loop.stopService(entry.loop.configuration.heal.stopWithinMs).catch(parts.failed);
    } else if (state === 'exited' && (renewed || now.breaker.state === 'closed')) {
      dispatch(id, entry.autoStart ? { type: 'act-asked', kind: 'launch', by: 'upkeep' } : { type: 'stop-asked' });
    }
  }

  /** Ends the loop and the act under way, which becomes `superseded`; then stops what is ours. */
  async function release(id: string, entry: Supervised): Promise<void> {
    entry.loop.end();
    await parts.idle(id);
    if (entry.owned && !ended) await entry.loop.stopService(entry.loop.configuration.heal.stopWithinMs);
    entry.loop.manager?.dispose();
  }

  async function remove(id: string, entry: Supervised): Promise<void> {
    await release(id, entry);
    supervised.delete(id);
    parts.left(id);
  }

  async function change(entry: Supervised, next: ServiceConfiguration): Promise<void> {
    if (sameManager(entry.loop.configuration, next)) {
      // An act under way goes on as it began; everything after it follows the new configuration.
      entry.loop.reconfigure(next, bindChecks(next));
      dispatch(next.id, { type: 'quiesced' });
      if (stateOf(next.id).intent === null) entry.loop.roundNow().catch(parts.failed);
      return;
    }
    await release(next.id, entry);
    if (ended) return;
    add(next);
    await take(next.id, true);
  }

  return {
    get: (id) => supervised.get(id),
    ids: () => [...supervised.keys()],
    entries: () => [...supervised],
    async begin(services) {
      for (const service of services) add(service);
      await Promise.all(services.map(({ id }) => take(id)));
    },
    async reconfigure({ services }, changed) {
      if (ended) return;
      const wanted = new Map(services.map((service) => [service.id, service]));
      const before = [...supervised];
      const gone = before.filter(([id]) => !wanted.has(id));
      const altered = before.flatMap(([id, entry]) => {
        const next = wanted.get(id);
        return next === undefined || same(entry.loop.configuration, next) ? [] : [{ entry, next }];
      });
      const added = services.filter(({ id }) => !supervised.has(id));
      for (const service of added) add(service);
      changed([...gone.map(([id]) => id), ...altered.map(({ next }) => next.id), ...added.map(({ id }) => id)]);
      await Promise.all([
        ...added.map(({ id }) => take(id)),
        ...altered.map(({ entry, next }) => change(entry, next)),
        ...gone.map(([id, entry]) => remove(id, entry)),
      ]);
    },
    end() {
      ended = true;
      for (const { loop } of supervised.values()) loop.end();
    },
  };
}
