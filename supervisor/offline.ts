// What can be said without a running supervisor: one round of checks now, the last known state, the history.
// Heals nothing, takes no lock, writes nothing.
import { resolveConfiguration, type Configuration, type ServiceConfiguration } from './contract/configuration.ts';
import type { UpkeepEvent } from './contract/event.ts';
import type { Statistics } from './contract/history.ts';
import type { Snapshot } from './contract/snapshot.ts';
import { createCheckGate, type CheckGate } from './check-gate.ts';
import { newService, type ServiceState, type SupervisorState } from './domain/state.ts';
import { CHECKS, SERVICE_MANAGERS } from './plugins.ts';
import type { Clock, JournalFilter, ServiceManager } from './ports.ts';
import { readConfiguration, type LoadedConfiguration } from './configuration-file.ts';
import { ConfigurationError } from './failures.ts';
import { createHistoryReader } from './history-reader.ts';
import { redactManager, type Redact } from './redaction.ts';
import { bindCheck, runRound } from './round.ts';
import { buildSnapshot } from './snapshot.ts';
import { emptyState } from './state-keeper.ts';
import { dataPaths } from './store/data-folder.ts';
import { dirname } from 'node:path';
import { readHistoryBeside } from './store/history-store.ts';
import { readJournal } from './store/journal.ts';
import { readStateFile } from './store/state-file.ts';
import { systemClock } from './system/clock.ts';
import { formatTimeOfDay } from './system/time-of-day.ts';

export interface OfflineOptions {
  readonly configFile: string;
  readonly home: string;
  readonly version: string;
}

function snapshotOf(state: SupervisorState, configuration: Configuration, clock: Clock, { configFile, version }: OfflineOptions, configError: string | null): Snapshot {
  return buildSnapshot({
    state, configuration, version, now: clock.now(), pid: null, format: formatTimeOfDay, notes: [], hasLog: () => false,
    machine: { limits: configuration.limits, healTimes: state.healTimes, healing: 0, pause: state.pause },
    config: { file: configFile, error: configError },
  });
}

function managerOf(service: ServiceConfiguration, known: SupervisorState, clock: Clock, redact: Redact, { configFile, home }: OfflineOptions): ServiceManager | null {
  if (service.manager === null) return null;
  const memory = { get: () => (Object.hasOwn(known.managers, service.id) ? known.managers[service.id] : undefined), set: async () => undefined };
  const manager = SERVICE_MANAGERS[service.manager.type]?.create(service.manager, { serviceId: service.id, configFolder: dirname(configFile), home, memory, clock });
  return manager === undefined ? null : redactManager(manager, redact);
}

/** One round, taken at its word: there is no history to be patient with. */
async function judgeOnce(service: ServiceConfiguration, known: SupervisorState, gate: CheckGate, clock: Clock, redact: Redact, options: OfflineOptions): Promise<ServiceState> {
  const manager = managerOf(service, known, clock, redact, options);
  const checks = service.checks.map((spec) => bindCheck(spec, CHECKS, redact));
  const { records, verdict } = await runRound({ configuration: service, checks, manager, gate, clock, signal: new AbortController().signal, timedOut: new Set() });
  manager?.dispose();
  const down = verdict.verdict === 'down';
  return { ...newService(), verdict: verdict.verdict, verdictSinceMs: clock.now().mono, symptom: verdict.symptom, inconclusive: verdict.inconclusive, checks: records, failedRounds: down ? 1 : 0 };
}

/** Checks the given services (default: all) once and heals nothing. Ids must exist. */
export async function checkOnce({ configuration, redact }: LoadedConfiguration, options: OfflineOptions & { readonly ids?: readonly string[] }): Promise<Snapshot> {
  const clock = systemClock({});
  const known = (await readStateFile(dataPaths(options.home).state)).state ?? emptyState(clock);
  const services = configuration.services.filter(({ id }) => options.ids === undefined || options.ids.length === 0 || options.ids.includes(id));
  const gate = createCheckGate(configuration.limits.concurrentChecks);
  const judged = await Promise.all(services.map(async (service) => [service.id, await judgeOnce(service, known, gate, clock, redact, options)] as const));
  return snapshotOf({ ...emptyState(clock), services: Object.fromEntries(judged) }, { ...configuration, services }, clock, options, null);
}

/** Services that are known only by what is remembered of them. */
const bareConfiguration = ({ services }: SupervisorState): Configuration =>
  resolveConfiguration({ version: 1, services: Object.fromEntries(Object.keys(services).map((id) => [id, {}])) });

/** What was known when the last supervisor wrote its state; null: nothing is known. A wrong services.json hides names, not what is known. */
export async function readLastKnown(options: OfflineOptions): Promise<Snapshot | null> {
  const { state } = await readStateFile(dataPaths(options.home).state);
  if (state === null) return null;
  const read = await readConfiguration(options.configFile).catch((error: unknown) => {
    if (error instanceof ConfigurationError) return error;
    throw error;
  });
  const wrong = read instanceof ConfigurationError;
  const then: Clock = { now: () => state.clock, sleptMs: () => 0, after: () => () => undefined };
  const services = Object.fromEntries(Object.entries(state.services).map(([id, service]) => [id, { ...service, intent: null }]));
  return snapshotOf({ ...state, services }, wrong ? bareConfiguration(state) : read.configuration, then, options, wrong ? read.message : null);
}

/** Straight from the history; `service` null: of all together; and of `each` of some. What is kept how long comes from services.json where that can be read. */
export async function readStatistics(options: OfflineOptions, service: string | null, each: readonly string[]): Promise<{ readonly all: Statistics; readonly each: readonly Statistics[] }> {
  const read = await readConfiguration(options.configFile).catch((error: unknown) => {
    if (error instanceof ConfigurationError) return null;
    throw error;
  });
  const { history } = read?.configuration ?? resolveConfiguration({ version: 1, services: {} });
  return readHistoryBeside(dataPaths(options.home).journal, (store) => {
    const { statistics } = createHistoryReader({ store, live: null, policy: () => history, nowMs: Date.now });
    return { all: statistics(service), each: each.map(statistics) };
  });
}

/** Straight from the journal, newest first. */
export function readHistory(home: string, filter: JournalFilter): UpkeepEvent[] {
  return readJournal(dataPaths(home).journal, filter);
}
