// The interfaces between the engine and the outside. A plug-in implements one of them in one file and is named in one line of plugins.ts.
// Expected failures are values here: a service that is down is an outcome, a refused restart is a result. Implementations throw only for bugs.
import type * as z from 'zod';
import type { CheckSpec, HistoryConfiguration, ManagedThing, ManagerSpec } from './contract/configuration.ts';
import type { UpkeepEvent } from './contract/event.ts';
import type { Resolution } from './contract/history.ts';
import type { ExitCause, Refusal, WallMs } from './contract/reason.ts';
import type { Settings } from './contract/settings.ts';
import type { FoundIncident, HistoryFacts, HistoryRows, IncidentFilter, RecentMinute, RollupFigures, RollupRange, StoredIncident, StoredRollup, TimeSum } from './domain/history-rows.ts';
import type { SupervisorState } from './domain/state.ts';
import type { Now } from './domain/time.ts';

export type { Now } from './domain/time.ts';

/** Stops what was started. Calling it twice is fine. */
export type Stop = () => void;

// ---- Clock ---------------------------------------------------------------------------------------------------------------------------------

export interface Clock {
  now(): Now;
  /** Milliseconds the machine has slept since this clock was made; 0 where the system does not say. */
  sleptMs(): number;
  /** Calls `run` once, at least `delayMs` from now. Timers do not keep the process alive. */
  after(delayMs: number, run: () => void): Stop;
}

// ---- Check ---------------------------------------------------------------------------------------------------------------------------------

export interface CheckContext {
  /** The check must settle within this time by itself; counted from the start of `run`. */
  readonly timeoutMs: number;
  /** Aborted when nobody wants the result any more: let go of sockets and settle at once (any outcome, it is dropped). */
  readonly signal: AbortSignal;
}
/**
 * `pass`: as expected; `slow` says why it is degraded all the same. `fail`: the service answered wrongly, too late or not at all.
 * `inconclusive`: the check could not run (no file descriptors, no name server, own network down): says nothing about the service.
 * `evidence` is one clause without credentials, beginning in lower case, with the expected and the found value:
 * `answered 500, expected 200-299`, `connection refused`, `no answer within 5 s`.
 */
export type CheckOutcome =
  | { readonly result: 'pass'; readonly latencyMs: number; readonly slow?: string }
  | { readonly result: 'fail'; readonly latencyMs: number | null; readonly evidence: string; readonly timedOut?: boolean }
  | { readonly result: 'inconclusive'; readonly evidence: string };

export interface Endpoint { readonly host: string; readonly port: number }

/** A kind of check. Stateless: everything about one check stands in its spec. */
export interface Check<Spec extends CheckSpec = CheckSpec> {
  readonly type: Spec['type'];
  /** The strict object schema of its entry in services.json, with descriptions for editors and defaults filled in. */
  readonly schema: z.ZodObject;
  /** What is checked, short and without credentials or query: "127.0.0.1:5432", "http://127.0.0.1:4101/health". */
  target(spec: Spec): string;
  /** Loopback TCP ports the service itself holds while it runs: after a stop they must become free. */
  endpoints(spec: Spec): readonly Endpoint[];
  /** Never rejects. Leaves no socket, timer or process behind. */
  run(spec: Spec, context: CheckContext): Promise<CheckOutcome>;
}

// ---- Service manager -----------------------------------------------------------------------------------------------------------------------

/**
 * `exited` is conclusive: it does not run and nobody else is about to start it.
 * `starting`/`stopping`: under way, also when the manager itself is about to restart it. `unknown`: it could not be asked.
 */
export type ManagerStatus =
  | { readonly state: 'running'; readonly pid: number | null }
  | { readonly state: 'starting' | 'stopping' }
  | { readonly state: 'exited'; readonly cause: ExitCause }
  | { readonly state: 'unknown'; readonly why: string };

export type ActResult = { readonly ok: true } | { readonly ok: false; readonly refusal: Refusal };

/** The last lines a service wrote, oldest first, without control characters. `source`: where they come from, for people; null: nobody keeps them. */
export type LogResult =
  | { readonly ok: true; readonly source: string | null; readonly lines: readonly string[] }
  | { readonly ok: false; readonly refusal: Refusal };

export interface StartOptions {
  /** A person asked: clear what the manager's own limits hold against it (systemd's start limit). */
  readonly byPerson: boolean;
  readonly signal: AbortSignal;
}
export interface StopOptions {
  /** Give up waiting after this time and say `timed-out`; what was asked for stays asked for. */
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

export interface RestartOptions extends StartOptions, StopOptions {
  /** It has stopped and its start has begun; called where the manager gets to know it before the restart is over. */
  readonly onStarting?: () => void;
}

/** One service in the hands of its manager. No method rejects. */
export interface ServiceManager {
  status(signal: AbortSignal): Promise<ManagerStatus>;
  /** Resolves when the manager has taken the start, not when the service serves. Starting what runs is fine and starts nothing twice. */
  start(options: StartOptions): Promise<ActResult>;
  /** Asks politely and resolves when it has really stopped. Stopping what does not run is fine (and clears left-over children). */
  stop(options: StopOptions): Promise<ActResult>;
  /** Ends the whole process tree at once; resolves when it is gone or cannot be ended. */
  kill(signal: AbortSignal): Promise<ActResult>;
  /**
   * Stop and start as one act, where two acts would do harm (systemd stops dependents on stop and would not bring them back)
   * or are not to be had (a command manager with `restart` only). Resolves like `start`.
   */
  restart?(options: RestartOptions): Promise<ActResult>;
  /** false: it knows no way to stop without starting again; then `restart` is there. */
  readonly canStop?: boolean;
  /** What the service wrote before this call, at most so many lines; settles within 5 s. Absent: nobody keeps it. */
  log?(lines: number, signal: AbortSignal): Promise<LogResult>;
  /** Calls back on every exit that happens by itself, at once, by an event of the system. Exits that stop, kill and restart cause are not told. */
  watch?(onExit: (cause: ExitCause) => void): Stop;
  /** Lets go of everything, leaves the service as it is. */
  dispose(): void;
}

/** A small value a manager keeps about one service; on disk once `set` has resolved, and there again after a restart of Upkeep. */
export interface ManagerMemory {
  get(): unknown;
  set(value: unknown): Promise<void>;
}
export interface ManagerContext {
  readonly serviceId: string;
  /** Folder of services.json: relative paths start there. */
  readonly configFolder: string;
  /** Data folder of Upkeep. */
  readonly home: string;
  readonly memory: ManagerMemory;
  readonly clock: Clock;
}
/** A kind of service manager. */
export interface ServiceManagerKind<Spec extends ManagerSpec = ManagerSpec> {
  readonly type: Spec['type'];
  readonly schema: z.ZodObject;
  /** Whether `status` can tell running from exited for this spec, so that the service needs no checks. */
  givesStatus(spec: Spec): boolean;
  /** What it acts on; a second service that acts on the same is a mistake in services.json. Absent or null: there may be any number. */
  identity?(spec: Spec): ManagedThing | null;
  /** `owned`: started when supervision begins (and `autoStart`), stopped when it ends. `adopted`: runs by itself, is only healed. */
  ownership(spec: Spec): { readonly kind: 'owned'; readonly autoStart: boolean } | { readonly kind: 'adopted' };
  /** What it needs of this machine, and whether it is there. Absent: it needs nothing. Changes nothing; never rejects. */
  probe?(signal: AbortSignal): Promise<readonly Probe[]>;
  create(spec: Spec, context: ManagerContext): ServiceManager;
}

// ---- Channel -------------------------------------------------------------------------------------------------------------------------------

/** What a person is told. */
export interface Notice {
  readonly kind: 'raised' | 'repeated' | 'resolved' | 'fixed' | 'test';
  /** Stays the same from raised to resolved: a channel that can updates instead of stacking. */
  readonly alertId: string;
  /** null: a test, which is about no service. */
  readonly service: { readonly id: string; readonly name: string } | null;
  /** Of a `resolved` notice: how it ended. null: of any other. */
  readonly ended: 'recovered' | 'stopped' | 'removed' | null;
  readonly level: 'critical' | 'warning' | 'info';
  /** A few words: "Postgres is down". */
  readonly title: string;
  /** One sentence. */
  readonly message: string;
  readonly at: WallMs;
}
/** `unavailable`: this channel cannot work here (no desktop session); not retried. Anything else not accepted is retried. */
export type DeliveryResult =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly unavailable: boolean; readonly error: string; /** The receiver asked to wait this long. */ readonly retryAfterMs?: number };

export interface Channel {
  /** Never rejects; settles within 10 s, or 20 s where it joins what comes in a burst. Errors never contain the channel's secrets. */
  deliver(notice: Notice, signal: AbortSignal): Promise<DeliveryResult>;
  /** Lets go of what outlives a delivery (a notification that waits for a click). */
  dispose?(): void;
}
export interface ChannelContext {
  readonly logger: Logger;
  /** A person clicked the notice. */
  readonly onClick: (serviceId: string) => void;
}
export interface ChannelKind<ChannelSettings = unknown> {
  readonly name: string;
  readonly schema: z.ZodObject;
  /** `interrupts`: a person's notification level and quiet hours apply to it. */
  readonly attention: 'interrupts' | 'quiet';
  /** What it needs of this machine, and whether it is there. Absent: it needs nothing. Tells nobody anything; never rejects. */
  probe?(signal: AbortSignal): Promise<readonly Probe[]>;
  create(settings: ChannelSettings, context: ChannelContext): Channel;
}

// ---- Diagnostics ---------------------------------------------------------------------------------------------------------------------------

/** Something that a plug-in needs of this machine. `value`: what was found, or what is missing and what to do. */
export interface Probe { readonly label: string; readonly found: boolean; readonly value: string }

/** What Upkeep runs in. */
export interface Surroundings {
  /** "Node 20.20.2", or Electron with what is in it. */
  readonly runtime: string;
  /** Operating system, its version and the processor's architecture. */
  readonly system: string;
  /** Of this process, resident. */
  memoryBytes(): number;
  /** Where programs are looked for, in order. */
  searchPath(): Promise<readonly { readonly folder: string; readonly exists: boolean }[]>;
}

// ---- Stores and log ------------------------------------------------------------------------------------------------------------------------

export interface StateStore {
  /** `setAside`: the file was damaged and is kept under this name. */
  load(): Promise<{ readonly state: SupervisorState | null; readonly setAside: string | null; /** Why it could not be used, a clause. */ readonly why: string | null }>;
  /** Resolves when exactly this state, or a newer one, is durably on disk. Rejects when it cannot be written. */
  save(state: SupervisorState): Promise<void>;
}

export interface SettingsStore {
  /** What a person has set, else the defaults. `setAside`: the file was damaged and is kept under this name; `why`: a clause. */
  load(): Promise<{ readonly settings: Settings; readonly setAside: string | null; readonly why: string | null }>;
  /** Resolves when they are durably on disk. Rejects when they cannot be written; the old ones stay. */
  save(settings: Settings): Promise<void>;
}

export interface JournalFilter {
  readonly service?: string;
  readonly types?: readonly string[];
  /** ISO 8601, inclusive. */
  readonly since?: string;
  /** ISO 8601, exclusive. */
  readonly before?: string;
  readonly limit: number;
}
/** History: append-only. Losing it costs no safety, so a journal that fails says so once and goes on. */
export interface Journal {
  append(event: UpkeepEvent): void;
  /** Newest first. */
  query(filter: JournalFilter): UpkeepEvent[];
  close(): void;
}

/**
 * What is measured and told over time, in tables. `service` null: of all. What cannot be written now is kept and written with what comes next;
 * what cannot be read is empty. Nothing here throws or waits for another program.
 */
export interface HistoryStore extends HistoryTables {
  /** Replaces what is there under the same key. */
  write(rows: HistoryRows): void;
  /** Lets go of some of what is too old or too much, in some milliseconds. true: there is more. */
  prune(policy: HistoryConfiguration, nowMs: number): boolean;
}
/** What can be asked of the tables. */
export interface HistoryTables {
  /** Oldest first. */
  rollups(range: RollupRange): RollupFigures[];
  rollup(service: string, resolution: Resolution, startMs: number): StoredRollup | null;
  /** Minutes, oldest first. */
  minutes(range: Omit<RollupRange, 'resolution'>): RecentMinute[];
  sums(range: Omit<RollupRange, 'service'> & { readonly service: string | null }): TimeSum[];
  /** Newest first. */
  incidents(filter: IncidentFilter): FoundIncident[];
  /** Those that have not ended. */
  openIncidents(): StoredIncident[];
  incident(id: string): FoundIncident | null;
  /** Under way at or after this. */
  countIncidents(service: string | null, sinceMs: number): number;
  facts(service: string | null, sinceMs: number): HistoryFacts;
  oldestEventMs(): number | null;
  /** Whether anything was ever measured or told of it. */
  knows(service: string): boolean;
}

/** The human-readable log: one line a call, with a time in front. */
export interface Logger {
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}
