// Where Upkeep keeps what it knows, where it looks for services.json, and the folder itself: private to its owner.
import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { errorCode } from './set-aside.ts';
import type { Environment } from './environment-strings.ts';

export interface DataFolder {
  readonly state: string;
  readonly settings: string;
  readonly journal: string;
  readonly log: string;
  /** Folder of the outputs of services. */
  readonly logs: string;
  readonly socket: string;
  readonly lock: string;
}

/** The data folder cannot be used; the message says why and what to do. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
  readonly code = 'data-folder';
}

/** `UPKEEP_HOME`, else the user's folder for state. Absolute. */
export function locateHome(env: Environment, platform: NodeJS.Platform): string {
  if (env['UPKEEP_HOME']) return resolve(env['UPKEEP_HOME']);
  return platform === 'darwin'
    ? join(userHome(env), 'Library', 'Application Support', 'Upkeep')
    : join(xdgFolder(env, 'XDG_STATE_HOME', '.local/state'), 'upkeep');
}

/** `--config FILE`, else `./services.json` when there is one, else the one in the user's configuration folder. Absolute. */
export function locateConfiguration(option: string | undefined, env: Environment, cwd: string, platform: NodeJS.Platform): string {
  if (option !== undefined) return resolve(cwd, option);
  const here = join(cwd, 'services.json');
  if (existsSync(here)) return here;
  return platform === 'darwin'
    ? join(userHome(env), 'Library', 'Application Support', 'Upkeep', 'services.json')
    : join(xdgFolder(env, 'XDG_CONFIG_HOME', '.config'), 'upkeep', 'services.json');
}

/** The paths in a data folder; touches nothing. */
export function dataPaths(home: string): DataFolder {
  return {
    state: join(home, 'state.json'), settings: join(home, 'settings.json'), journal: join(home, 'journal.db'), log: join(home, 'upkeep.log'), logs: join(home, 'logs'),
    socket: join(home, 'upkeep.sock'), lock: join(home, 'upkeep.lock'),
  };
}

/** Makes the folder and `logs/` in it, both readable by their owner only. Throws `DataFolderError`. */
export function openDataFolder(home: string): DataFolder {
  const paths = dataPaths(home);
  checkSocketPath(paths.socket);
  try {
    makePrivateFolder(home);
    // A folder such as /tmp serves everybody; taking it away from them would break the machine.
    if ((statSync(home).mode & 0o1000) !== 0) throw new DataFolderError(`${home} is shared by all users. Set UPKEEP_HOME to a folder of its own, such as ${join(home, 'upkeep')}.`);
    chmodSync(home, 0o700);
    makePrivateFolder(paths.logs);
    chmodSync(paths.logs, 0o700);
  } catch (error) {
    if (error instanceof DataFolderError) throw error;
    throw new DataFolderError(`Cannot use ${home} as data folder: ${explain(error)}. Set UPKEEP_HOME to a folder you may write to.`, { cause: error });
  }
  return paths;
}

/**
 * Makes the folder and those above it that are missing, for their owner only; one that is there stays as it is. Throws the system's error.
 * Not with `recursive`: where the system answers ENOENT although the folder above is there, as in /proc, Node then tries for ever
 * (seen in Node 18 and 20; it may go once `mkdirSync('/proc/x', { recursive: true })` throws).
 */
export function makePrivateFolder(folder: string): void {
  if (isFolder(folder)) return;
  if (!existsSync(dirname(folder))) makePrivateFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(folder)) throw error;
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** The kernel's limits for the path of a Unix socket, less the closing zero. */
const LONGEST_SOCKET_PATH = process.platform === 'darwin' ? 103 : 107;

function checkSocketPath(socket: string): void {
  const bytes = Buffer.byteLength(socket);
  if (bytes <= LONGEST_SOCKET_PATH) return;
  throw new DataFolderError(`The path ${socket} is ${bytes} bytes long; the system allows ${LONGEST_SOCKET_PATH} for a socket. Set UPKEEP_HOME to a shorter path.`);
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'no folder can be made there',
  EACCES: 'it belongs to somebody else', EPERM: 'it belongs to somebody else', EEXIST: 'a file of that name is in the way', ENOTDIR: 'a file of that name is in the way',
  EROFS: 'the disk is read-only', ENOSPC: 'the disk is full',
};
const explain = (error: unknown): string => CAUSES[errorCode(error) ?? ''] ?? (error instanceof Error ? error.message : String(error));

const userHome = (env: Environment): string => env['HOME'] || homedir();

/** The XDG rules say that a relative path is to be passed over. */
function xdgFolder(env: Environment, name: string, otherwise: string): string {
  const folder = env[name];
  return folder !== undefined && isAbsolute(folder) ? folder : join(userHome(env), otherwise);
}
