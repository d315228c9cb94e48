// The public face of the engine: all that cli/ and electron/ may use of it, besides the contract.
// What needs the whole engine is loaded at its first call: `upkeep status` asks a running instance and should not wait for a database.
import type { LoadedConfiguration } from './configuration-file.ts';
import type { UpkeepEvent } from './contract/event.ts';
import type { Statistics } from './contract/history.ts';
import type { Snapshot } from './contract/snapshot.ts';
import type { Host, HostOptions } from './host.ts';
import type { OfflineOptions } from './offline.ts';
import type { JournalFilter } from './ports.ts';
import { locateConfiguration as locate } from './store/data-folder.ts';

export type { LoadedConfiguration } from './configuration-file.ts';
export { describeElapsed } from './domain/elapsed.ts';
export { AlreadyRunningError, ConfigurationError } from './failures.ts';
export type { Host, HostOptions } from './host.ts';
export { connect, type ConnectedApi } from './local-api/client.ts';
export type { OfflineOptions } from './offline.ts';
export { closest as closestIds } from './store/closest.ts';
export { DataFolderError, locateHome, makePrivateFolder } from './store/data-folder.ts';

/** `--config FILE`, else `./services.json` when there is one, else the one in the user's configuration folder. Absolute. */
export const locateConfiguration = (option: string | undefined, env: NodeJS.ProcessEnv, cwd: string): string => locate(option, env, cwd, process.platform);

/** Supervises until stopped. Rejects with `ConfigurationError`, `AlreadyRunningError` or `DataFolderError`; then nothing is left running. */
export const startHost = async (options: HostOptions): Promise<Host> => (await import('./host.ts')).startHost(options);

/** Rejects with `ConfigurationError`, also when the file is missing. */
export const readConfiguration = async (file: string): Promise<LoadedConfiguration> => (await import('./configuration-file.ts')).readConfiguration(file);

/** The JSON Schema of services.json, for editors. */
export const configurationJsonSchema = async (): Promise<object> => (await import('./configuration-file.ts')).configurationJsonSchema();

/** Checks the given services (default: all) once and heals nothing. Ids must exist. */
export const checkOnce = async (loaded: LoadedConfiguration, options: OfflineOptions & { readonly ids?: readonly string[] }): Promise<Snapshot> =>
  (await import('./offline.ts')).checkOnce(loaded, options);

/** What was known when the last supervisor wrote its state; null: nothing is known. */
export const readLastKnown = async (options: OfflineOptions): Promise<Snapshot | null> => (await import('./offline.ts')).readLastKnown(options);

/** In the person's browser. null: it opens; otherwise why it does not, one sentence. */
export const openAddress = async (address: string, machine: { readonly env: NodeJS.ProcessEnv; readonly platform: NodeJS.Platform }): Promise<string | null> =>
  (await import('./system/open-address.ts')).openAddress(address, machine);

/** Straight from the history, to the last minute that was written; `service` null: of all together. */
export const readStatistics = async (options: OfflineOptions, service: string | null, each: readonly string[]): Promise<{ readonly all: Statistics; readonly each: readonly Statistics[] }> =>
  (await import('./offline.ts')).readStatistics(options, service, each);

/** Straight from the journal, newest first. */
export const readHistory = async (home: string, filter: JournalFilter): Promise<UpkeepEvent[]> => (await import('./offline.ts')).readHistory(home, filter);
