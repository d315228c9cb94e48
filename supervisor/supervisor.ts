// The engine: feeds every event to the domain, keeps the result, performs the effects. One instance looks after one services.json.
// Decides nothing: what an event means stands in domain/, how an act is done in heal-procedure.ts.
import type { Configuration, MachineLimits, ServiceConfiguration } from './contract/configuration.ts';
import type { EventType, UpkeepEvent } from './contract/event.ts';
import type { HealResult, Reason } from './contract/reason.ts';
import type { Snapshot } from './contract/snapshot.ts';
import { createAlertBook, type AlertBook } from './alert-book.ts';
import { createCheckGate } from './check-gate.ts';
import type { MachineView } from './domain/decision.ts';
import { explain, type FormatTime } from './domain/explain.ts';
import { withHealAt } from './domain/heal-budget.ts';
import { pauseIsOver, step, type Effect, type ServiceEvent } from './domain/service.ts';
import type { Intent, Pause, SupervisorState } from './domain/state.ts';
import { awayAfterMs } from './domain/time.ts';
import type { Procedure } from './heal-procedure.ts';
import { createLiveFeed, type LiveFeed } from './live-feed.ts';
import type { ChannelKind, Check, Clock, Journal, Logger, ServiceManager, ServiceManagerKind, StateStore, Stop } from './ports.ts';
import { bindCheck } from './round.ts';
import { createServiceLoop, type ServiceLoop } from './service-loop.ts';
import { buildSnapshot } from './snapshot.ts';
import { createStateKeeper } from './state-keeper.ts';

/** How often pauses that end, reminders that fall due and a machine that was asleep are noticed. */
const HEARTBEAT_MS = 1_000;
/** Longest that quitting waits for one of its own services before it is killed. */
const QUIT_STOP_MS = 8_000;

export interface SupervisorParts {
  readonly clock: Clock;
  readonly store: StateStore;
  readonly journal: Journal;
  readonly logger: Logger;
  readonly checks: Readonly<Record<string, Check>>;
  readonly managers: Readonly<Record<string, ServiceManagerKind>>;
  readonly channels: readonly ChannelKind[];
  readonly waitUntilFree: Procedure['waitUntilFree'];
  readonly freshId: () => string;
  readonly format: FormatTime;
  readonly home: string;
  readonly configFile: string;
  readonly configuration: Configuration;
  readonly version: string;
  readonly pid: number;
  readonly initial: SupervisorState;
  readonly onNoticeClick: (service: string) => void;
}

interface Supervised {
  readonly loop: ServiceLoop;
  readonly owned: boolean;
  readonly autoStart: boolean;
}

/** What the API and the host may do with a running supervisor. */
export interface Supervisor {
  readonly feed: LiveFeed;
  ids(): readonly string[];
  limits(): MachineLimits;
  loop(id: string): ServiceLoop | undefined;
  state(): SupervisorState;
  snapshot(): Snapshot;
  explained(why: Reason): string;
  dispatch(id: string, event: ServiceEvent): void;
  emit(type: EventType, reason: string, facts?: Readonly<Record<string, unknown>>): void;
  /** Resolves when the state is on disk. */
  persist(): Promise<void>;
  /** A person's act; joins one that is under way. */
  act(id: string, kind: Intent['kind']): Promise<HealResult>;
  pauseAll(pause: Pause | null): void;
  begin(): Promise<void>;
  reconfigure(configuration: Configuration): Promise<void>;
  refuseConfiguration(error: string): void;
  note(text: string): void;
  /** The machine has been asleep. */
  woke(): void;
  stop(): Promise<void>;
}

export function createSupervisor(parts: SupervisorParts): Supervisor {
  const { clock, journal, logger } = parts;
  const failed = (error: unknown): void => logger.error(`Internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  const keeper = createStateKeeper({ store: parts.store, clock, initial: parts.initial, failed });
  const supervised = new Map<string, Supervised>();
  const acting = new Map<string, { readonly intent: Intent; readonly done: Promise<HealResult> }>();
  const notes: string[] = [];
  let { configuration } = parts;
  let configError: string | null = null;
  let gate = createCheckGate(configuration.limits.concurrentChecks);
  let stopHeartbeat: Stop | null = null;
  let stopping = false;

  const machine = (): MachineView => {
    const { pause, healTimes } = keeper.get();
    let healing = 0;
    for (const { intent } of acting.values()) if (intent.kind === 'heal') healing += 1;
    return { limits: configuration.limits, healTimes, healing, pause };
  };
  const snapshot = (): Snapshot => buildSnapshot({
    state: keeper.get(), configuration, machine: machine(), now: clock.now(), pid: parts.pid, version: parts.version,
    config: { file: parts.configFile, error: configError }, notes, format: parts.format,
  });
  const feed = createLiveFeed({ clock, snapshot, failed });
  const explained = (why: Reason): string => explain(why, parts.format);

  function emit(type: EventType, reason: string, facts: Readonly<Record<string, unknown>> = {}): void {
    const event: UpkeepEvent = { at: new Date(clock.now().wall).toISOString(), type, ...facts, reason };
    journal.append(event);
    const subject = event.service === undefined ? type : `${event.service} ${type}`;
    if (/down|failed|raised|repeated|rejected|undelivered/.test(type)) logger.warn(`${subject}: ${reason}`);
    else logger.info(`${subject}: ${reason}`);
    feed.event(event);
    feed.changed();
  }

  const alerts: AlertBook = createAlertBook({
    clock, logger, channels: parts.channels, format: parts.format, freshId: parts.freshId, onNoticeClick: parts.onNoticeClick, failed, emit, machine,
    alerts: () => keeper.get().alerts,
    replace: (next) => {
      keeper.set({ alerts: next });
      feed.changed();
    },
  });

  const tell = (id: string, { type, why, facts }: Extract<Effect, { kind: 'event' }>): void => emit(type, explained(why), { service: id, why, ...facts });

  function perform(id: string, effects: readonly Effect[]): void {
    let began: (() => void) | undefined;
    for (const effect of effects) {
      // A heal is told only once its intent is on disk: a crash before that has healed nothing.
      if (effect.kind === 'event' && effect.type === 'heal.started') began = () => tell(id, effect);
      else if (effect.kind === 'event') tell(id, effect);
      else {
        if (effect.intent.kind === 'heal') keeper.set({ healTimes: withHealAt(keeper.get().healTimes, clock.now().mono) });
        beginAct(id, effect.intent, began);
      }
    }
  }

  function dispatch(id: string, event: ServiceEvent): void {
    const loop = supervised.get(id)?.loop;
    if (loop === undefined) return;
    const context = { policy: loop.configuration, alerts: configuration.alerts, machine: machine(), now: clock.now(), freshId: parts.freshId() };
    const { service, effects } = step(keeper.service(id), event, context);
    keeper.setService(id, service);
    perform(id, effects);
    const healed = effects.some((effect) => effect.kind === 'event' && effect.type === 'heal.succeeded' && effect.facts?.['by'] === 'upkeep');
    alerts.update(keeper.service(id), loop.configuration, healed);
    feed.changed();
    loop.plan();
  }

  /** The intent first, on disk; then the act. Without a record of it only a person's act may go on. */
  async function attempt(id: string, intent: Intent, began: (() => void) | 'before'): Promise<HealResult> {
    try {
      await keeper.persist();
      if (began !== 'before') began();
    } catch (error) {
      failed(error);
      if (intent.by !== 'person') return { kind: 'refused', refusal: { code: 'failed', message: 'the state file cannot be written, so the restart could not be recorded first. Free disk space or mend its permissions.' } };
    }
    return await supervised.get(id)?.loop.perform(intent, began === 'before') ?? { kind: 'superseded' };
  }

  async function runAct(id: string, intent: Intent, began: (() => void) | 'before'): Promise<HealResult> {
    const result = await attempt(id, intent, began).catch((error: unknown): HealResult => {
      failed(error);
      return { kind: 'refused', refusal: { code: 'failed', message: 'an internal error, see the log.' } };
    });
    acting.delete(id);
    // A quit in the middle leaves the intent where it is: the next start finishes it.
    if (stopping) return result;
    dispatch(id, { type: 'act-ended', attempt: intent.attempt, result });
    await keeper.persist().catch(failed);
    for (const other of supervised.keys()) if (keeper.service(other).toldHold === 'heals-under-way') dispatch(other, { type: 'reconsidered' });
    return result;
  }

  /** `before`: an earlier run of Upkeep began it; otherwise what tells that it has begun. */
  function beginAct(id: string, intent: Intent, began: (() => void) | 'before' = () => undefined): void {
    // The act begins only after this entry stands: whatever it does at once must find it.
    const done = Promise.resolve().then(() => runAct(id, intent, began));
    acting.set(id, { intent, done });
    done.catch(failed);
  }

  function managerOf(service: ServiceConfiguration): { manager: ServiceManager | null; owned: boolean; autoStart: boolean } {
    if (service.manager === null) return { manager: null, owned: false, autoStart: false };
    const kind = parts.managers[service.manager.type];
    if (kind === undefined) throw new RangeError(`no service manager of kind "${service.manager.type}"`);
    const ownership = kind.ownership(service.manager);
    const memory = {
      get: () => keeper.get().managers[service.id],
      set: async (value: unknown) => {
        keeper.set({ managers: { ...keeper.get().managers, [service.id]: value } });
        await keeper.persist();
      },
    };
    const manager = kind.create(service.manager, { serviceId: service.id, configFolder: folderOf(parts.configFile), home: parts.home, memory, clock });
    return { manager, owned: ownership.kind === 'owned', autoStart: ownership.kind === 'owned' && ownership.autoStart };
  }

  /** `kept`: the same manager goes on, with the children and watches it has. */
  function supervise(service: ServiceConfiguration, kept?: Supervised): Supervised {
    const { manager, owned, autoStart } = kept === undefined ? managerOf(service) : { ...kept, manager: kept.loop.manager };
    const loop = createServiceLoop({
      configuration: service, manager, clock, gate, waitUntilFree: parts.waitUntilFree, machine, failed,
      checks: service.checks.map((spec) => bindCheck(spec, parts.checks)),
      state: () => keeper.service(service.id),
      dispatch: (event) => dispatch(service.id, event),
    });
    const entry: Supervised = { loop, owned, autoStart };
    supervised.set(service.id, entry);
    return entry;
  }

  /** What supervision of one service begins with: finish what an earlier run began, start what is ours to start, look at the rest. */
  async function take(id: string): Promise<void> {
    const entry = supervised.get(id);
    if (entry === undefined) return;
    dispatch(id, { type: 'restored' });
    const service = keeper.service(id);
    if (service.intent !== null) return beginAct(id, service.intent, 'before');
    const { manager } = entry.loop;
    if (manager === null || !entry.autoStart || service.stopped || service.breaker.state !== 'closed') return;
    const status = await manager.status(new AbortController().signal);
    if (status.state === 'exited' && supervised.get(id) === entry && keeper.service(id).intent === null) dispatch(id, { type: 'act-asked', kind: 'launch', by: 'upkeep' });
  }

  const endLoop = async ({ loop }: Supervised): Promise<void> => {
    await loop.idle();
    loop.end();
  };

  function heartbeat(): void {
    const since = { mono: clock.now().mono, slept: clock.sleptMs() };
    stopHeartbeat = clock.after(HEARTBEAT_MS, () => {
      const now = clock.now();
      const awayMs = Math.max(now.mono - since.mono - HEARTBEAT_MS, clock.sleptMs() - since.slept);
      for (const [id, { loop }] of supervised) {
        if (awayMs > awayAfterMs(loop.configuration.intervalMs)) wake(id);
        if (pauseIsOver(keeper.service(id).pause, now.wall)) resume(id);
        alerts.update(keeper.service(id), loop.configuration, false);
      }
      if (awayMs > awayAfterMs(0)) emit('supervisor.woke', `The machine was away for ${Math.round(awayMs / 1000)} s; nothing is judged by what was measured before.`);
      if (pauseIsOver(keeper.get().pause, now.wall)) self.pauseAll(null);
      heartbeat();
    });
  }
  function roundSoon(id: string): void {
    if (keeper.service(id).intent === null) supervised.get(id)?.loop.roundNow().catch(failed);
  }
  function resume(id: string): void {
    dispatch(id, { type: 'resumed' });
    roundSoon(id);
  }
  function wake(id: string): void {
    dispatch(id, { type: 'woke' });
    if (!keeper.service(id).stopped && keeper.service(id).pause === null && keeper.get().pause === null) roundSoon(id);
  }

  async function remove(id: string, entry: Supervised): Promise<void> {
    await endLoop(entry);
    if (entry.owned) await entry.loop.stopService(entry.loop.configuration.heal.stopWithinMs);
    entry.loop.manager?.dispose();
    supervised.delete(id);
    alerts.forget(id);
  }

  async function replace(entry: Supervised, next: ServiceConfiguration): Promise<void> {
    const before = entry.loop.configuration;
    await endLoop(entry);
    const sameManager = JSON.stringify(before.manager) === JSON.stringify(next.manager);
    if (!sameManager && entry.owned) await entry.loop.stopService(before.heal.stopWithinMs);
    if (!sameManager) entry.loop.manager?.dispose();
    supervise(next, sameManager ? entry : undefined);
    dispatch(next.id, { type: 'quiesced' });
    if (sameManager) roundSoon(next.id);
    else await take(next.id);
  }

  const self: Supervisor = {
    feed, snapshot, explained, dispatch, emit,
    ids: () => [...supervised.keys()],
    limits: () => configuration.limits,
    loop: (id) => supervised.get(id)?.loop,
    state: keeper.get,
    persist: () => keeper.persist(),
    act(id, kind) {
      if (!acting.has(id)) dispatch(id, { type: 'act-asked', kind, by: 'person' });
      return acting.get(id)?.done ?? Promise.resolve({ kind: 'superseded' });
    },
    pauseAll(pause) {
      keeper.set({ pause });
      for (const id of supervised.keys()) dispatch(id, { type: 'quiesced' });
      emit(pause === null ? 'service.resumed' : 'service.paused', pause === null ? 'Everything is supervised again.' : `Everything: ${explained({ code: 'paused', untilMs: pause.untilWallMs })}`);
      if (pause === null) for (const id of supervised.keys()) roundSoon(id);
    },
    async begin() {
      const { services } = configuration;
      alerts.configure(configuration);
      for (const service of services) supervise(service);
      emit('supervisor.started', `Upkeep ${parts.version} supervises ${services.length} ${services.length === 1 ? 'service' : 'services'}.`, { pid: parts.pid });
      heartbeat();
      await Promise.all(services.map(({ id }) => take(id)));
      alerts.pump();
    },
    async reconfigure(next) {
      const before = configuration;
      configuration = next;
      configError = null;
      if (before.limits.concurrentChecks !== next.limits.concurrentChecks) gate = createCheckGate(next.limits.concurrentChecks);
      alerts.configure(next);
      const wanted = new Map(next.services.map((service) => [service.id, service]));
      const changed: string[] = [];
      await Promise.all([...supervised].map(async ([id, entry]) => {
        const service = wanted.get(id);
        if (service === undefined) await remove(id, entry);
        else if (JSON.stringify(service) !== JSON.stringify(entry.loop.configuration)) await replace(entry, service);
        else return;
        changed.push(id);
      }));
      const added = next.services.filter(({ id }) => !supervised.has(id));
      for (const service of added) supervise(service);
      await Promise.all(added.map(({ id }) => take(id)));
      const touched = [...changed, ...added.map(({ id }) => id)];
      emit('config.reloaded', touched.length === 0 ? 'The configuration was read again; no service has changed.' : `The configuration was read again; changed: ${touched.join(', ')}.`, { changed: touched });
    },
    refuseConfiguration(error) {
      configError = error;
      emit('config.rejected', `The changed configuration is wrong and was not taken; the running one stays. ${error}`, { error });
    },
    note(text) {
      notes.push(text);
      logger.warn(text);
      feed.changed();
    },
    woke() {
      for (const id of supervised.keys()) wake(id);
    },
    async stop() {
      if (stopping) return;
      stopping = true;
      stopHeartbeat?.();
      const entries = [...supervised.values()];
      for (const { loop } of entries) loop.end();
      await Promise.all([...acting.values()].map(({ done }) => done.catch(failed)));
      await Promise.all(entries.filter(({ owned }) => owned).map(async ({ loop }) => {
        const stopped = await loop.stopService(Math.min(loop.configuration.heal.stopWithinMs, QUIT_STOP_MS));
        if (!stopped.ok) logger.error(`${loop.configuration.id}: ${stopped.refusal.message}`);
      }));
      await alerts.end();
      emit('supervisor.stopped', 'Upkeep has stopped; what it had started itself is stopped too.');
      for (const { loop } of entries) loop.manager?.dispose();
      feed.end();
      await keeper.end().catch(failed);
    },
  };
  return self;
}

const folderOf = (file: string): string => file.replace(/\/[^/]*$/, '') || '/';
