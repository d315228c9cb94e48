// The public face of the engine: all that cli/ and electron/ may use of it, besides the contract.
import { locateConfiguration as locate } from './store/data-folder.ts';

export { configurationJsonSchema, ConfigurationError, readConfiguration } from './configuration-file.ts';
export type { Configuration, ServiceConfiguration } from './contract/configuration.ts';
export { AlreadyRunningError, startHost, type Host, type HostOptions } from './host.ts';
export { connect, type ConnectedApi } from './local-api/client.ts';
export { checkOnce, readHistory, readLastKnown, type OfflineOptions } from './offline.ts';
export { closest as closestIds } from './store/closest.ts';
export { DataFolderError, locateHome } from './store/data-folder.ts';

/** `--config FILE`, else `./services.json` when there is one, else the one in the user's configuration folder. Absolute. */
export const locateConfiguration = (option: string | undefined, env: NodeJS.ProcessEnv, cwd: string): string => locate(option, env, cwd, process.platform);
