// A whole supervisor on virtual time over a made-up machine: services that run, hang, die and come back as a scenario says.
// Everything between services.json and the channels is the real engine; only clock, disk and services are made up.
import { z } from 'zod';
import { API, type UpkeepApi } from '../../supervisor/contract/api.ts';
import { configurationSchema, resolveConfiguration, type Configuration } from '../../supervisor/contract/configuration.ts';
import type { UpkeepEvent } from '../../supervisor/contract/event.ts';
import type { ExitCause, WallMs } from '../../supervisor/contract/reason.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../supervisor/contract/settings.ts';
import type { ServiceSnapshot, Snapshot } from '../../supervisor/contract/snapshot.ts';
import type { SupervisorState } from '../../supervisor/domain/state.ts';
import type { ActResult, ChannelKind, Check, Clock, DeliveryResult, HistoryStore, JournalFilter, LogResult, ManagerStatus, Notice, Probe, ServiceManagerKind, Stop, Surroundings } from '../../supervisor/ports.ts';
import { pause } from '../../supervisor/heal-procedure.ts';
import { diagnose } from '../../supervisor/diagnostics.ts';
import { emptyState } from '../../supervisor/state-keeper.ts';
import { createHistoryReader } from '../../supervisor/history-reader.ts';
import { createHistoryRecorder } from '../../supervisor/history-recorder.ts';
import { openJournal } from '../../supervisor/store/journal.ts';
import { createSupervisorApi } from '../../supervisor/supervisor-api.ts';
import { createSupervisor, type Supervisor } from '../../supervisor/supervisor.ts';
import { noHistory } from '../fakes/no-history.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';

/** What one service of the made-up machine is like. Change it in the middle of a scenario at will. */
export class MadeUpService {
  running = true;
  /** What a check says while it runs. */
  answers: 'well' | 'wrongly' | 'slowly' | 'never' | 'unclear' = 'well';
  /** After a start it answers wrongly for so long. */
  needsMs = 0;
  /** After a start it lives for so long. */
  livesMs = Infinity;
  stopTakesMs = 0;
  /** Why a start is refused. */
  refuses: string | null = null;
  /** A start takes so long until its manager says that it is done. */
  startTakesMs = 0;
  /** What it has written so far; null: it cannot be read. */
  written: string[] | null = [];
  logTakesMs = 0;
  readonly startsAtMs: number[] = [];
  stops = 0;
  exit: ExitCause = { kind: 'not-running' };
  startedAtMs = -Infinity;
  /** Set while somebody watches for exits. */
  onExit: ((cause: ExitCause) => void) | null = null;
  #life = 0;
  readonly clock: VirtualClock;
  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    this.startedAtMs = this.clock.now().mono;
    this.startsAtMs.push(this.startedAtMs);
    const life = (this.#life += 1);
    if (this.livesMs < Infinity) this.clock.after(this.livesMs, () => { if (life === this.#life) this.die({ kind: 'exit-code', code: 1 }); });
  }
  die(cause: ExitCause = { kind: 'signal', signal: 'SIGKILL' }): void {
    this.quit(cause);
    this.onExit?.(cause);
  }
  quit(cause: ExitCause): void {
    this.running = false;
    this.exit = cause;
    this.#life += 1;
  }
  get serves(): boolean {
    return this.running && this.answers === 'well' && this.clock.now().mono - this.startedAtMs >= this.needsMs;
  }
}

type Services = Readonly<Record<string, Record<string, unknown>>>;

export interface BedOptions {
  readonly services: Services;
  readonly rest?: Readonly<Record<string, unknown>>;
}

const HOUR_START = Date.UTC(2026, 0, 5, 12, 0, 0);
const SURROUNDINGS: Surroundings = {
  runtime: 'Node 20.20.2', system: 'Linux 6.1 (x64)', memoryBytes: () => 64 * 1024 * 1024,
  searchPath: async () => [{ folder: '/usr/bin', exists: true }, { folder: '/opt/gone/bin', exists: false }],
};
const format = (time: WallMs): string => new Date(time).toISOString().slice(11, 16);

export class Bed {
  readonly clock = new VirtualClock({ monoMs: HOUR_START, wallMs: HOUR_START });
  readonly machine = new Map<string, MadeUpService>();
  readonly events: (UpkeepEvent & { readonly atMs: number })[] = [];
  readonly notices: (Notice & { readonly atMs: number })[] = [];
  /** What the made-up desktop has shown, to which a person's settings apply. It is asked what it answers as the phone is. */
  readonly shownOnDesktop: (Notice & { readonly atMs: number })[] = [];
  readonly logLines: string[] = [];
  /** What the made-up channel answers. */
  deliver: (notice: Notice) => DeliveryResult = () => ({ accepted: true });
  /** As `deliver`, for an answer that takes its time; undefined: `deliver` answers. */
  deliverLater: (notice: Notice) => Promise<DeliveryResult> | undefined = () => undefined;
  /** What is on the made-up disk. */
  saved: SupervisorState | null = null;
  saveTakesMs = 0;
  /** What the made-up manager and channels say of themselves. */
  probe: () => Promise<readonly Probe[]> = async () => [{ label: 'made-up', found: true, value: 'at hand' }];
  /** The made-up disk is full. */
  saveFails = false;
  /** The real journal.db at this path keeps what happens; null: only the bed does. */
  historyFile: string | null = null;
  /** What the made-up settings.json says. */
  settings: Settings = DEFAULT_SETTINGS;
  #supervisor: Supervisor | null = null;
  #api: UpkeepApi | null = null;
  #configuration: Configuration;
  #ids = 0;
  #power = new AbortController();
  /** Timers of the running supervisor. */
  readonly #timers = new Set<Stop>();

  constructor(options: BedOptions) {
    this.#configuration = this.configure(options);
    for (const { id } of this.#configuration.services) this.machine.set(id, new MadeUpService(this.clock));
  }

  service(id: string): MadeUpService {
    const service = this.machine.get(id);
    if (service === undefined) throw new RangeError(`the made-up machine has no service "${id}"`);
    return service;
  }
  get supervisor(): Supervisor {
    if (this.#supervisor === null) throw new Error('the supervisor does not run');
    return this.#supervisor;
  }
  get api(): UpkeepApi {
    if (this.#api === null) throw new Error('the supervisor does not run');
    return this.#api;
  }
  snapshot(): Snapshot {
    return API.status.result.parse(this.supervisor.snapshot());
  }
  shown(id: string): ServiceSnapshot {
    const service = this.snapshot().services.find((one) => one.id === id);
    if (service === undefined) throw new RangeError(`no service "${id}" is shown`);
    return service;
  }

  /** A configuration in the words of services.json. Every service gets a check and, unless `manager` is null, a manager. */
  configure({ services, rest }: BedOptions): Configuration {
    const schema = configurationSchema({
      checks: [this.#check().schema], managers: [this.#manager().schema], channels: { phone: z.strictObject({}), log: z.strictObject({}), desktop: z.strictObject({}) }, givesStatus: () => true,
    });
    const entries = Object.entries(services).map(([id, { manager, checks, ...service }]) => [id, {
      checks: checks ?? [{ type: 'made-up', service: id }], ...(manager !== null && { manager: { type: 'made-up', service: id, ...z.looseObject({}).optional().parse(manager) } }), ...service,
    }] as const);
    const alerts = { channels: { phone: {} }, levels: { critical: { to: ['phone'] }, warning: { to: ['phone'] }, info: { to: ['phone'] } } };
    return resolveConfiguration(schema.parse({ version: 1, alerts, services: Object.fromEntries(entries), ...rest }));
  }

  async begin(): Promise<this> {
    this.#power = new AbortController();
    const power = this.#power.signal;
    const journal = {
      append: (event: UpkeepEvent) => {
        if (power.aborted) return;
        this.events.push({ ...event, atMs: this.elapsed() });
        keep(event);
      },
      query: ({ service, types, since = '', before, limit }: JournalFilter) =>
        this.events.filter((event) => (service === undefined || event.service === service) && (types === undefined || types.includes(event.type)) && event.at >= since && (before === undefined || event.at < before)).slice(-limit).reverse(),
      close: () => undefined,
    };
    const { store, keep } = this.#history(power);
    const recorder = createHistoryRecorder({ clock: this.#clockOf(power), store, policy: this.#configuration.history });
    const say = (line: string): void => void (power.aborted || this.logLines.push(line));
    const initial = this.saved === null ? emptyState(this.clock) : (JSON.parse(JSON.stringify(this.saved)) as SupervisorState);
    const supervisor = createSupervisor({
      clock: this.#clockOf(power), journal, recorder, initial, configuration: this.#configuration,
      store: { load: async () => ({ state: null, setAside: null, why: null }), save: (state) => this.#save(state, power) },
      logger: { info: say, warn: say, error: say },
      checks: { 'made-up': this.#check() }, managers: { 'made-up': this.#manager(power) }, channels: [this.#channel('phone', power), this.#channel('desktop', power)],
      waitUntilFree: async () => ({ ok: true }),
      freshId: () => String((this.#ids += 1)), format, minuteOfDay: (time: WallMs) => new Date(time).getUTCHours() * 60 + new Date(time).getUTCMinutes(),
      redact: (text) => text.replaceAll('hunter2', '***'),
      settings: { initial: this.settings, save: async (settings) => this.#saveSettings(settings, power) }, machineName: 'workbench',
      home: '/made-up', configFile: '/made-up/services.json', version: '0.0.0', pid: 4242, onNoticeClick: () => undefined,
    });
    this.#supervisor = supervisor;
    const history = {
      store, reader: createHistoryReader({ store, live: recorder.live, policy: recorder.policy, nowMs: () => this.clock.now().wall }),
      storage: () => ({ folder: '/made-up', stateBytes: 0, journalBytes: 0, logsBytes: 0, journalLimitBytes: recorder.policy().maxBytes, oldest: null }),
    };
    const managers = { 'made-up': this.#manager(power) };
    const startedAt = this.clock.now();
    const diagnostics = () => diagnose({ supervisor, clock: this.#clockOf(power), format, surroundings: SURROUNDINGS, managers, channels: [this.#channel('phone', power)], home: '/made-up', startedAt });
    this.#api = createSupervisorApi({ supervisor, journal, history, clock: this.clock, format, diagnostics, closest: () => [], openPanel: () => Promise.resolve('http://127.0.0.1:4000/#token=once') });
    await supervisor.begin();
    await this.clock.advance(0);
    return this;
  }

  /** Lets time pass. */
  async run(ms: number): Promise<this> {
    await this.clock.advance(ms);
    return this;
  }
  /** `kill -9` of Upkeep: nothing more reaches the disk or the machine, and nobody watches. */
  kill(): void {
    this.#power.abort();
    for (const stop of this.#timers) stop();
    this.#timers.clear();
    for (const service of this.machine.values()) service.onExit = null;
    this.#supervisor = null;
    this.#api = null;
  }
  /** A clean end. Nothing may be left: no timer, no watch. */
  async stop(): Promise<void> {
    const stopping = this.#supervisor?.stop();
    await this.clock.advance(60_000);
    await stopping;
    const watched = [...this.machine].filter(([, service]) => service.onExit !== null).map(([id]) => id);
    if (this.#timers.size > 0 || watched.length > 0) throw new Error(`left behind after stop: ${this.#timers.size} timers, watches on [${watched.join(', ')}]`);
    this.kill();
  }
  /** What services.json says at the next `begin` or `reload`. A service that is new is running, an owned one is not. */
  useConfiguration(options: BedOptions): void {
    this.#configuration = this.configure(options);
    for (const { id, manager } of this.#configuration.services) {
      if (this.machine.has(id)) continue;
      const service = new MadeUpService(this.clock);
      service.running = !(manager !== null && 'owned' in manager && manager.owned === true);
      this.machine.set(id, service);
    }
  }
  async reload(options: BedOptions): Promise<void> {
    this.useConfiguration(options);
    const reloaded = this.supervisor.reconfigure(this.#configuration, (text) => text.replaceAll('hunter2', '***'));
    await this.clock.advance(0);
    await reloaded;
  }

  /** Milliseconds since the scenario began. */
  elapsed(): number {
    return this.clock.now().mono - HOUR_START;
  }
  /** "4000 heal.started web" for every event of these types (by their beginning). */
  timeline(...types: string[]): string[] {
    return this.events.filter(({ type }) => types.length === 0 || types.some((wanted) => type.startsWith(wanted)))
      .map(({ atMs, type, service }) => `${atMs} ${type}${service === undefined ? '' : ` ${service}`}`);
  }
  reasons(type: string): string[] {
    return this.events.filter((event) => event.type === type).map(({ reason }) => reason ?? '');
  }

  /** The supervisor's view of the clock: its timers end with it. */
  #clockOf(power: AbortSignal): Clock {
    return {
      now: () => this.clock.now(),
      sleptMs: () => this.clock.sleptMs(),
      after: (delayMs, run) => {
        if (power.aborted) return () => undefined;
        const cancel = this.clock.after(delayMs, () => {
          this.#timers.delete(stop);
          run();
        });
        const stop = (): void => {
          this.#timers.delete(stop);
          cancel();
        };
        this.#timers.add(stop);
        return stop;
      },
    };
  }

  /** A supervisor that is killed writes no more. */
  #history(power: AbortSignal): { readonly store: HistoryStore; readonly keep: (event: UpkeepEvent) => void } {
    if (this.historyFile === null) return { store: noHistory(), keep: () => undefined };
    const { history, append, close } = openJournal(this.historyFile, (sentence) => void this.logLines.push(sentence));
    power.addEventListener('abort', close);
    return { store: history, keep: append };
  }

  async #save(state: SupervisorState, power: AbortSignal): Promise<void> {
    const text = JSON.stringify(state);
    if (this.saveTakesMs > 0) await pause(this.clock, this.saveTakesMs, power);
    if (power.aborted) return new Promise(() => undefined);
    if (this.saveFails) throw new Error('no space left on device');
    this.saved = JSON.parse(text) as SupervisorState;
  }

  #check(): Check {
    const schema = z.strictObject({ type: z.literal('made-up'), service: z.string() });
    return {
      type: 'made-up', schema,
      target: (spec) => schema.parse(spec).service,
      endpoints: () => [],
      run: async (spec, { timeoutMs, signal }) => {
        const service = this.service(schema.parse(spec).service);
        const began = this.clock.now().mono;
        if (service.running && service.answers === 'never') {
          await pause(this.clock, timeoutMs, signal);
          return { result: 'fail', latencyMs: this.clock.now().mono - began, evidence: 'no answer', timedOut: true };
        }
        if (service.answers === 'unclear') return { result: 'inconclusive', evidence: 'no file descriptors left' };
        if (service.running && service.answers === 'slowly') return { result: 'pass', latencyMs: 900, slow: 'answered in 900 ms, expected at most 500 ms' };
        return service.serves ? { result: 'pass', latencyMs: 1 } : { result: 'fail', latencyMs: 1, evidence: service.running ? 'answered 500, expected 200-299' : 'connection refused' };
      },
    };
  }

  #manager(power: AbortSignal = new AbortController().signal): ServiceManagerKind {
    const schema = z.strictObject({ type: z.literal('made-up'), service: z.string(), owned: z.boolean().default(false), autoStart: z.boolean().default(true), edition: z.number().optional(), atOnce: z.boolean().default(false), keepsLog: z.boolean().default(true) });
    const dead = <Result>(): Promise<Result> => new Promise(() => undefined);
    return {
      type: 'made-up', schema,
      givesStatus: () => true,
      probe: () => this.probe(),
      ownership: (spec) => {
        const { owned, autoStart } = schema.parse(spec);
        return owned ? { kind: 'owned', autoStart } : { kind: 'adopted' };
      },
      create: (spec) => {
        const { service: id, atOnce, keepsLog } = schema.parse(spec);
        const service = this.service(id);
        const act = async (run: () => void): Promise<ActResult> => {
          if (power.aborted) return dead();
          run();
          return { ok: true };
        };
        return {
          status: async (): Promise<ManagerStatus> => (service.running ? { state: 'running', pid: 7 } : { state: 'exited', cause: service.exit }),
          start: async () => (service.refuses === null ? act(() => service.start()) : { ok: false, refusal: { code: 'needs-privilege', message: service.refuses } }),
          stop: async ({ signal }) => {
            if (service.stopTakesMs > 0) await pause(this.clock, service.stopTakesMs, signal);
            return act(() => {
              service.stops += 1;
              service.quit({ kind: 'not-running' });
            });
          },
          kill: async () => act(() => service.quit({ kind: 'signal', signal: 'SIGKILL' })),
          ...(atOnce && {
            restart: async ({ signal, onStarting }) => {
              if (service.stopTakesMs > 0) await pause(this.clock, service.stopTakesMs, signal);
              if (!power.aborted) service.quit({ kind: 'not-running' });
              if (service.startTakesMs > 0) onStarting?.();
              if (service.startTakesMs > 0) await pause(this.clock, service.startTakesMs, signal);
              return act(() => service.start());
            },
          }),
          ...(keepsLog && {
            log: async (lines, signal): Promise<LogResult> => {
              const written = service.written?.slice(-lines);
              if (service.logTakesMs > 0) await pause(this.clock, service.logTakesMs, signal);
              if (written === undefined) return { ok: false, refusal: { code: 'needs-privilege', message: 'nobody may read it.' } };
              return { ok: true, source: 'made-up paper', lines: written };
            },
          }),
          watch: (onExit) => {
            service.onExit = onExit;
            return () => {
              if (service.onExit === onExit) service.onExit = null;
            };
          },
          dispose: () => undefined,
        };
      },
    };
  }

  async #saveSettings(settings: Settings, power: AbortSignal): Promise<void> {
    if (power.aborted) return new Promise(() => undefined);
    if (this.saveFails) throw new Error('no space left on device');
    this.settings = settings;
  }

  #channel(name: 'phone' | 'desktop', power: AbortSignal): ChannelKind {
    const taken = name === 'phone' ? this.notices : this.shownOnDesktop;
    return {
      name, schema: z.strictObject({}), attention: name === 'phone' ? 'quiet' : 'interrupts', probe: () => this.probe(),
      create: () => ({
        deliver: async (notice) => {
          if (power.aborted) return new Promise(() => undefined);
          const answer = await (this.deliverLater(notice) ?? this.deliver(notice));
          if (answer.accepted) taken.push({ ...notice, atMs: this.elapsed() });
          return answer;
        },
      }),
    };
  }
}

export const bedWith = (services: Services, rest?: Readonly<Record<string, unknown>>): Bed => new Bed({ services, ...(rest && { rest }) });
