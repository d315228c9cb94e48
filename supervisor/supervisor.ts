// The engine: feeds every event to the domain, keeps the result, performs the effects. One instance looks after one services.json.
// Decides nothing: what an event means stands in domain/, how an act is done in heal-procedure.ts.
import type { Configuration, MachineLimits } from './contract/configuration.ts';
import type { EventType, UpkeepEvent } from './contract/event.ts';
import type { HealResult, MonoMs, Reason } from './contract/reason.ts';
import type { Settings } from './contract/settings.ts';
import type { Snapshot } from './contract/snapshot.ts';
import { createActs } from './acts.ts';
import { createAlertBook, type AlertBook } from './alert-book.ts';
import { createAlertChannels, type AlertChannels } from './alert-channels.ts';
import { createCheckGate, type CheckGate } from './check-gate.ts';
import type { MachineView } from './domain/decision.ts';
import { explain, type FormatTime } from './domain/explain.ts';
import { withHealAt } from './domain/heal-budget.ts';
import type { MinuteOfDay } from './domain/quiet-hours.ts';
import { pauseIsOver, step } from './domain/service.ts';
import type { Effect, ServiceEvent } from './domain/service-event.ts';
import type { Intent, Pause, ServiceState, SupervisorState } from './domain/state.ts';
import { reasonOf } from './domain/status.ts';
import { awayAfterMs } from './domain/time.ts';
import type { Procedure } from './heal-procedure.ts';
import type { HistoryRecorder } from './history-recorder.ts';
import { createLiveFeed, type LiveFeed } from './live-feed.ts';
import type { ChannelKind, Check, Clock, Journal, Logger, ManagerContext, ServiceManagerKind, SettingsStore, StateStore, Stop } from './ports.ts';
import type { Redact } from './redaction.ts';
import { createRoster, type Roster } from './roster.ts';
import type { ServiceLoop } from './service-loop.ts';
import { createSettingsKeeper, type SettingsKeeper } from './settings-keeper.ts';
import { buildSnapshot } from './snapshot.ts';
import { createStateKeeper } from './state-keeper.ts';
import { createTimerLateness, type Lateness } from './timer-lateness.ts';

/** How often pauses that end, reminders that fall due and a machine that was asleep are noticed. */
const HEARTBEAT_MS = 1_000;
/** Longest that quitting waits for one of its own services before it is killed. */
const QUIT_STOP_MS = 8_000;

export interface SupervisorParts {
  readonly clock: Clock;
  readonly store: StateStore;
  readonly journal: Journal;
  readonly recorder: HistoryRecorder;
  readonly logger: Logger;
  readonly checks: Readonly<Record<string, Check>>;
  readonly managers: Readonly<Record<string, ServiceManagerKind>>;
  readonly channels: readonly ChannelKind[];
  readonly waitUntilFree: Procedure['waitUntilFree'];
  readonly freshId: () => string;
  readonly format: FormatTime;
  readonly minuteOfDay: MinuteOfDay;
  readonly settings: Pick<SettingsStore, 'save'> & { readonly initial: Settings };
  /** Name of this machine. */
  readonly machineName: string;
  readonly home: string;
  readonly configFile: string;
  readonly configuration: Configuration;
  /** Blanks what came from the environment by way of services.json. */
  readonly redact: Redact;
  readonly version: string;
  readonly pid: number;
  readonly initial: SupervisorState;
  readonly onNoticeClick: (service: string) => void;
}

/** What the API and the host may do with a running supervisor. */
export interface Supervisor {
  readonly feed: LiveFeed;
  readonly alerts: Pick<AlertBook, 'acknowledge' | 'snooze'>;
  readonly channels: Pick<AlertChannels, 'test' | 'names'>;
  readonly settings: SettingsKeeper;
  ids(): readonly string[];
  limits(): MachineLimits;
  loop(id: string): ServiceLoop | undefined;
  service(id: string): ServiceState;
  pauseOfAll(): Pause | null;
  snapshot(): Snapshot;
  /** How late Upkeep's own timers are. */
  lateness(at: MonoMs): Lateness;
  /** Why the service is as it is, in one sentence. */
  reason(id: string): string;
  dispatch(id: string, event: ServiceEvent): void;
  emit(type: EventType, reason: string, facts?: Readonly<Record<string, unknown>>): void;
  /** Resolves when the state is on disk. */
  persist(): Promise<void>;
  /** A person's act; joins one that is under way. */
  act(id: string, kind: Intent['kind']): Promise<HealResult>;
  pauseAll(pause: Pause | null): void;
  begin(): Promise<void>;
  /** Resolves when what it changed has been stopped and started. */
  reconfigure(configuration: Configuration, redact: Redact): Promise<void>;
  refuseConfiguration(error: string): void;
  /** Something about Upkeep itself that a person should know. */
  note(text: string): void;
  /** The machine has been asleep. */
  woke(): void;
  stop(): Promise<void>;
}

export function createSupervisor(parts: SupervisorParts): Supervisor {
  const { clock, journal, logger, recorder } = parts;
  const failed = (error: unknown): void => logger.error(`Internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  const keeper = createStateKeeper({ store: parts.store, clock, initial: parts.initial, failed });
  const notes = new Set<string>();
  let { configuration, redact: blank } = parts;
  const redact: Redact = (text) => blank(text);
  let configError: string | null = null;
  let checkGate = createCheckGate(configuration.limits.concurrentChecks);
  const gate: CheckGate = { run: (lane, work) => checkGate.run(lane, work) };
  const timers = createTimerLateness();
  let stopHeartbeat: Stop | null = null;
  let stopping = false;

  const acts = createActs({
    failed,
    persist: () => keeper.persist(),
    prepare: (id, intent) => roster.get(id)?.loop.prepare(intent),
    perform: (id, intent, recovering) => roster.get(id)?.loop.perform(intent, recovering) ?? Promise.resolve({ kind: 'superseded' }),
    async ended(id, intent, result) {
      // A quit in the middle leaves the intent where it is: the next start finishes it.
      if (stopping) return;
      dispatch(id, { type: 'act-ended', attempt: intent.attempt, result });
      await keeper.persist().catch(failed);
      for (const other of roster.ids()) if (keeper.service(other).toldHold === 'heals-under-way') dispatch(other, { type: 'reconsidered' });
    },
  });
  const machine = (): MachineView => {
    const { pause, healTimes } = keeper.shared();
    return { limits: configuration.limits, healTimes, healing: acts.healing(), pause };
  };
  const snapshot = (): Snapshot => buildSnapshot({
    state: keeper.get(), configuration, machine: machine(), now: clock.now(), pid: parts.pid, version: parts.version,
    config: { file: parts.configFile, error: configError }, notes: [...notes], format: parts.format,
    hasLog: (id) => roster.get(id)?.loop.manager?.log !== undefined,
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

  const settings = createSettingsKeeper({ store: parts.settings, initial: parts.settings.initial, changed: () => alerts.pump() });
  const channels = createAlertChannels({
    clock, logger, redact, kinds: parts.channels, freshId: parts.freshId, onClick: parts.onNoticeClick, sender: `Upkeep ${parts.version} on ${parts.machineName}`,
  });
  const alerts: AlertBook = createAlertBook({
    clock, channels, format: parts.format, minuteOfDay: parts.minuteOfDay, freshId: parts.freshId, failed, emit, machine, redact,
    loudness: () => settings.get().notifications,
    persist: () => keeper.persist(),
    alerts: () => keeper.shared().alerts,
    replace: (next) => {
      keeper.set({ alerts: next });
      feed.changed();
    },
  });

  const roster: Roster = createRoster({
    clock, gate, redact, machine, failed, dispatch, checks: parts.checks, managers: parts.managers, waitUntilFree: parts.waitUntilFree,
    stateOf: keeper.service,
    managerContext: (id): ManagerContext => ({
      serviceId: id, configFolder: folderOf(parts.configFile), home: parts.home, clock,
      memory: { get: () => keeper.managerMemory(id), set: (value) => keeper.setManagerMemory(id, value) },
    }),
    recover: (id, intent) => acts.begin(id, intent, null),
    idle: async (id) => {
      await acts.underWay(id);
    },
    left: (id) => {
      alerts.forget(id);
      recorder.left(id);
    },
  });

  const tell = (id: string, { type, why, facts }: Extract<Effect, { kind: 'event' }>): void => emit(type, explained(why), { service: id, why, ...facts });

  function perform(id: string, effects: readonly Effect[]): void {
    let began = (): void => undefined;
    for (const effect of effects) {
      // A heal is told only once its intent is on disk: a crash before that has healed nothing. A stop meanwhile has ended it.
      if (effect.kind === 'event' && effect.type === 'heal.started') {
        began = () => { if (keeper.service(id).intent?.attempt === effect.facts?.['attempt']) tell(id, effect); };
      } else if (effect.kind === 'event') tell(id, effect);
      else {
        if (effect.intent.kind === 'heal') keeper.set({ healTimes: withHealAt(keeper.shared().healTimes, clock.now().mono) });
        acts.begin(id, effect.intent, began);
      }
    }
  }

  function dispatch(id: string, event: ServiceEvent): void {
    const loop = roster.get(id)?.loop;
    if (loop === undefined || stopping) return;
    const context = { policy: loop.configuration, alerts: configuration.alerts, machine: machine(), now: clock.now(), freshId: parts.freshId() };
    const before = keeper.service(id);
    const { service, effects } = step(before, event, context);
    keeper.setService(id, service);
    recorder.observed({ configuration: loop.configuration, before, after: service, happened: event }, keeper.shared().pause);
    perform(id, effects);
    const healed = effects.some((effect) => effect.kind === 'event' && effect.type === 'heal.succeeded' && effect.facts?.['by'] === 'upkeep');
    alerts.update(keeper.service(id), loop.configuration, healed);
    feed.changed();
    loop.plan();
  }

  function roundSoon(id: string): void {
    const { stopped, pause, intent } = keeper.service(id);
    if (stopped || intent !== null || pause !== null || keeper.shared().pause !== null) return;
    roster.get(id)?.loop.roundNow().catch(failed);
  }
  function wake(id: string): void {
    dispatch(id, { type: 'woke' });
    roundSoon(id);
  }
  function heartbeat(): void {
    const since = { mono: clock.now().mono, slept: clock.sleptMs() };
    stopHeartbeat = clock.after(HEARTBEAT_MS, () => {
      recorder.beat();
      const now = clock.now();
      const awayMs = Math.max(now.mono - since.mono - HEARTBEAT_MS, clock.sleptMs() - since.slept);
      // A machine that was away is no late timer.
      timers.note(now.mono, awayMs > awayAfterMs(0) ? 0 : awayMs);
      for (const [id, { loop }] of roster.entries()) {
        if (awayMs > awayAfterMs(loop.configuration.intervalMs)) wake(id);
        if (pauseIsOver(keeper.service(id).pause, now.wall)) {
          dispatch(id, { type: 'resumed' });
          roundSoon(id);
        }
        alerts.update(keeper.service(id), loop.configuration, false);
      }
      if (awayMs > awayAfterMs(0)) emit('supervisor.woke', `The machine was away for ${Math.round(awayMs / 1000)} s; nothing is judged by what was measured before.`);
      if (pauseIsOver(keeper.shared().pause, now.wall)) self.pauseAll(null);
      // Quiet hours end by the wall clock, which may be set and goes on while the machine sleeps.
      alerts.pump();
      heartbeat();
    });
  }

  const self: Supervisor = {
    feed, alerts, channels, settings, snapshot, dispatch, emit,
    ids: roster.ids,
    limits: () => configuration.limits,
    loop: (id) => roster.get(id)?.loop,
    service: keeper.service,
    pauseOfAll: () => keeper.shared().pause,
    lateness: timers.read,
    reason(id) {
      const loop = roster.get(id)?.loop;
      return loop === undefined ? '' : explained(reasonOf(keeper.service(id), loop.configuration, machine(), clock.now()));
    },
    persist: () => keeper.persist(),
    act(id, kind) {
      if (acts.underWay(id) === undefined) dispatch(id, { type: 'act-asked', kind, by: 'person' });
      return acts.underWay(id) ?? Promise.resolve({ kind: 'superseded' });
    },
    pauseAll(pause) {
      keeper.set({ pause });
      for (const id of roster.ids()) dispatch(id, { type: 'quiesced' });
      emit(pause === null ? 'service.resumed' : 'service.paused', pause === null ? 'Everything is supervised again.' : `Everything: ${explained({ code: 'paused', untilMs: pause.untilWallMs })}`);
      for (const id of roster.ids()) roundSoon(id);
    },
    async begin() {
      const { services } = configuration;
      alerts.configure(configuration);
      emit('supervisor.started', `Upkeep ${parts.version} supervises ${services.length} ${services.length === 1 ? 'service' : 'services'}.`, { pid: parts.pid });
      for (const { service } of keeper.shared().alerts) if (!services.some(({ id }) => id === service)) alerts.forget(service);
      recorder.begin(services.map(({ id }) => id));
      heartbeat();
      await roster.begin(services);
      alerts.pump();
    },
    async reconfigure(next, nextRedact) {
      if (stopping) return;
      blank = nextRedact;
      if (configuration.limits.concurrentChecks !== next.limits.concurrentChecks) checkGate = createCheckGate(next.limits.concurrentChecks);
      configuration = next;
      configError = null;
      alerts.configure(next);
      recorder.configure(next.history);
      await roster.reconfigure(next, (changed) => {
        emit('config.reloaded', changed.length === 0 ? 'The configuration was read again; no service has changed.' : `The configuration was read again; changed: ${changed.join(', ')}.`, { changed });
      });
    },
    refuseConfiguration(error) {
      configError = error;
      emit('config.rejected', `The changed configuration is wrong and was not taken; the running one stays. ${error}`, { error });
    },
    note(text) {
      notes.add(text);
      logger.warn(text);
      feed.changed();
    },
    woke() {
      for (const id of roster.ids()) wake(id);
    },
    async stop() {
      if (stopping) return;
      stopping = true;
      recorder.end();
      stopHeartbeat?.();
      roster.end();
      await acts.done();
      await Promise.all(roster.entries().filter(([, { owned }]) => owned).map(async ([id, { loop }]) => {
        const stopped = await loop.stopService(Math.min(loop.configuration.heal.stopWithinMs, QUIT_STOP_MS));
        if (!stopped.ok) logger.error(`${id}: ${stopped.refusal.message}`);
      }));
      await alerts.end();
      emit('supervisor.stopped', 'Upkeep has stopped; what it had started itself is stopped too.');
      for (const [, { loop }] of roster.entries()) loop.manager?.dispose();
      feed.end();
      await keeper.persist().catch(failed);
    },
  };
  return self;
}

const folderOf = (file: string): string => file.replace(/\/[^/]*$/, '') || '/';
