// Brings a supervisor to life on this machine: lock, configuration, state, journal, log, socket; and takes it down again in order.
// The engine's only meeting with the real disk and clock; decides nothing.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { UpkeepApi } from './contract/api.ts';
import { readConfiguration } from './configuration-file.ts';
import { diagnose } from './diagnostics.ts';
import { AlreadyRunningError, ConfigurationError } from './failures.ts';
import type { HistoryApiParts } from './history-api.ts';
import { createHistoryReader } from './history-reader.ts';
import { createHistoryRecorder, type HistoryRecorder } from './history-recorder.ts';
import { createPanelServer } from './local-api/panel-server.ts';
import { serveLocalApi } from './local-api/server.ts';
import { CHANNELS, CHECKS, SERVICE_MANAGERS } from './plugins.ts';
import type { Clock, HistoryStore, Stop } from './ports.ts';
import { emptyState } from './state-keeper.ts';
import { closest } from './store/closest.ts';
import { openDataFolder, type DataFolder } from './store/data-folder.ts';
import { measureFolder } from './store/folder-size.ts';
import { openJournal } from './store/journal.ts';
import { takeLock } from './store/lock.ts';
import { watchFile } from './store/services-watch.ts';
import { openSettingsFile } from './store/settings-file.ts';
import { openStateFile } from './store/state-file.ts';
import { createSupervisorApi } from './supervisor-api.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';
import { systemClock } from './system/clock.ts';
import { fileLogger } from './system/logger.ts';
import { waitUntilFree } from './system/port-waits.ts';
import { surroundings } from './system/surroundings.ts';
import { formatTimeOfDay, minuteOfDay } from './system/time-of-day.ts';

export interface HostOptions {
  readonly configFile: string;
  readonly home: string;
  readonly version: string;
  /** A person clicked a notification about this service. */
  readonly onNoticeClick?: (service: string) => void;
  /** The folder of the panel's page, for a browser that is given it. Absent: no browser is. */
  readonly panelFolder?: string;
}
export interface Host {
  readonly api: UpkeepApi;
  /** The machine is awake again. */
  resumed(): void;
  /** Stops what Upkeep started, keeps the state, lets go of everything. Calling it twice is fine. */
  stop(): Promise<void>;
}

/** Follows services.json: takes what is right, refuses what is wrong, one change after the other. Nothing that changes after this call is missed. */
function followConfiguration(file: string): { readonly take: (supervisor: Supervisor, failed: (error: unknown) => void) => void; readonly end: () => Promise<void> } {
  let turn: Promise<void> = Promise.resolve();
  let missed = false;
  let changed = (): void => {
    missed = true;
  };
  const reread = async (supervisor: Supervisor): Promise<void> => {
    try {
      const { configuration, redact } = await readConfiguration(file);
      await supervisor.reconfigure(configuration, redact);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      supervisor.refuseConfiguration(error.issues.join('\n'));
    }
  };
  const unwatch: Stop = watchFile(file, () => changed());
  return {
    /** Nothing is taken any more; resolves when a change that is being taken has been. */
    async end() {
      unwatch();
      await turn;
    },
    take(supervisor, failed) {
      changed = () => {
        turn = turn.then(() => reread(supervisor)).catch(failed);
      };
      if (missed) changed();
    },
  };
}

/** What has happened, for the API: tables and what stands in none yet, and the room it all takes. */
function historyOf(recorder: HistoryRecorder, store: HistoryStore, clock: Clock, paths: DataFolder): Pick<HistoryApiParts, 'store' | 'reader' | 'storage'> {
  const nowMs = (): number => clock.now().wall;
  return {
    store, reader: createHistoryReader({ store, live: recorder.live, policy: recorder.policy, nowMs }),
    storage() {
      const oldestMs = store.oldestEventMs();
      return { ...measureFolder(paths), journalLimitBytes: recorder.policy().maxBytes, oldest: oldestMs === null ? null : new Date(oldestMs).toISOString() };
    },
  };
}

/** Rejects with `ConfigurationError`, `AlreadyRunningError` or a data folder error; then nothing is left running. */
export async function startHost({ configFile, home, version, onNoticeClick = () => undefined, panelFolder }: HostOptions): Promise<Host> {
  const paths = openDataFolder(home);
  const lock = takeLock(paths.lock);
  if (!('release' in lock)) throw new AlreadyRunningError(home, lock.heldBy);
  const following = followConfiguration(configFile);
  /** What to let go of when the start fails, newest first. */
  const undo: (() => void)[] = [() => lock.release()];
  try {
    const { configuration, redact } = await readConfiguration(configFile);
    const logger = fileLogger(paths.log);
    const failed = (error: unknown): void => logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const stateFile = openStateFile(paths.state);
    const loaded = await stateFile.load();
    const settingsFile = openSettingsFile(paths.settings);
    const set = await settingsFile.load();
    const clock = systemClock(loaded.state === null ? {} : { resumeFrom: loaded.state.clock });
    const told: string[] = [];
    let tell = (sentence: string): void => void told.push(sentence);
    const journal = openJournal(paths.journal, (sentence) => tell(sentence));
    undo.unshift(() => journal.close(), () => logger.close());
    const recorder = createHistoryRecorder({ clock, store: journal.history, policy: configuration.history });
    const supervisor = createSupervisor({
      clock, journal, recorder, store: stateFile, logger, waitUntilFree, home, configFile, configuration, redact, version, onNoticeClick,
      checks: CHECKS, managers: SERVICE_MANAGERS, channels: CHANNELS,
      freshId: () => randomUUID().slice(0, 13), format: formatTimeOfDay, minuteOfDay, machineName: hostname(), pid: process.pid,
      settings: { save: settingsFile.save, initial: set.settings },
      initial: loaded.state ?? emptyState(clock),
    });
    tell = supervisor.note;
    told.forEach(supervisor.note);
    if (loaded.setAside !== null) {
      const sentence = `The state file could not be used${loaded.why === null ? '' : ` (${loaded.why})`} and is kept as ${loaded.setAside}; breakers and budgets begin anew.`;
      supervisor.note(sentence);
      supervisor.emit('state.set-aside', sentence, { file: loaded.setAside });
    }
    if (set.setAside !== null) {
      const sentence = `The settings file could not be used (${set.why ?? 'damaged'}) and is kept as ${set.setAside}; the defaults hold.`;
      supervisor.note(sentence);
      supervisor.emit('state.set-aside', sentence, { file: set.setAside });
    }
    const startedAt = clock.now();
    const diagnostics = () => diagnose({ supervisor, clock, format: formatTimeOfDay, surroundings, managers: SERVICE_MANAGERS, channels: CHANNELS, home, startedAt });
    const api: UpkeepApi = createSupervisorApi({ supervisor, journal, history: historyOf(recorder, journal.history, clock, paths), clock, diagnostics, closest, format: formatTimeOfDay, openPanel: () => panel.open() });
    const panel = createPanelServer(api, { folder: panelFolder, clock, tell: (line) => logger.info(line) });
    // The socket before the first act: when it cannot be had, nothing has been touched.
    const server = await serveLocalApi(api, paths.socket);
    undo.unshift(() => void server.close(), () => void panel.close());
    await supervisor.begin();
    following.take(supervisor, failed);

    let stopping: Promise<void> | null = null;
    const stop = async (): Promise<void> => {
      // The supervisor first hears of the end, so that a change being taken starts nothing any more.
      await Promise.all([supervisor.stop(), following.end(), server.close(), panel.close()]);
      journal.close();
      logger.close();
      lock.release();
    };
    return {
      api,
      resumed: () => supervisor.woke(),
      stop: () => (stopping ??= stop()),
    };
  } catch (error) {
    await following.end();
    for (const letGo of undo) letGo();
    throw error;
  }
}
