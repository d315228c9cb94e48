// state.json: what must survive `kill -9`. A state counts as saved when it, or a newer one, is durably on disk under its final name.
// Never leaves half a file behind, never throws a damaged one away.
import { constants } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Low, type Adapter } from 'lowdb';
import type { SupervisorState } from '../domain/state.ts';
import type { StateStore } from '../ports.ts';
import { errorCode, nameSetAside } from './set-aside.ts';
import { STATE_VERSION, stateSchema } from './state-schema.ts';

export interface LoadedState {
  readonly state: SupervisorState | null;
  /** Name of the file that could not be used and was kept under it. */
  readonly setAside: string | null;
  /** Why it could not be used; a clause: "it is not JSON". */
  readonly why: string | null;
}
export interface StateFile extends StateStore {
  load(): Promise<LoadedState>;
}

/** Only the holder of the data folder's lock may open it: `load` clears away what an earlier crash left behind. */
export function openStateFile(file: string): StateFile {
  const low = new Low<SupervisorState | null>(new DurableFile(file), null);
  let newest: SupervisorState | null = null;
  let queued: Promise<void> | null = null;
  let lastWrite: Promise<unknown> = Promise.resolve();

  const writeNewest = async (): Promise<void> => {
    queued = null;
    low.data = newest;
    await low.write();
  };

  return {
    async load() {
      await rm(temporaryName(file), { force: true });
      const read = await readStateFile(file);
      if (read.why === null) return { state: read.state, setAside: null, why: null };
      const aside = nameSetAside(file);
      await rename(file, aside);
      await syncFolder(file);
      return { state: null, setAside: basename(aside), why: read.why };
    },
    save(state) {
      newest = state;
      // Whoever comes while a write is under way shares the next one, which takes the newest state there is when it begins.
      queued ??= lastWrite.then(writeNewest);
      lastWrite = queued.catch(() => undefined);
      return queued;
    },
  };
}

/** Reads without touching anything, also beside a running instance. `why`: the file is there but cannot be used. */
export async function readStateFile(file: string): Promise<{ readonly state: SupervisorState | null; readonly why: string | null }> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { state: null, why: null };
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { state: null, why: text.trim() === '' ? 'it is empty' : 'it is not JSON' };
  }
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (typeof version === 'number' && version > STATE_VERSION) return { state: null, why: `it was written by a newer Upkeep (version ${version} of the format, this one knows ${STATE_VERSION})` };
  const parsed = stateSchema.safeParse(value);
  if (parsed.success) return { state: parsed.data, why: null };
  const [issue] = parsed.error.issues;
  return { state: null, why: `${issue === undefined || issue.path.length === 0 ? 'its content' : `"${issue.path.join('.')}" in it`} is not as expected` };
}

/** The adapter lowdb's own one is not: file and folder are synced, so that the state outlives a loss of power, and only the owner may read it. */
class DurableFile implements Adapter<SupervisorState | null> {
  readonly #file: string;
  constructor(file: string) {
    this.#file = file;
  }

  async read(): Promise<SupervisorState | null> {
    return (await readStateFile(this.#file)).state;
  }

  async write(state: SupervisorState | null): Promise<void> {
    const temporary = temporaryName(this.#file);
    try {
      const handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o600);
      try {
        await handle.writeFile(JSON.stringify(state));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, this.#file);
    } catch (error) {
      // On a full disk the half file would take the room the next try needs.
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
    await syncFolder(this.#file);
  }
}

/** One name is enough: writes follow each other, and the data folder has one owner. */
const temporaryName = (file: string): string => `${file}.tmp`;

async function syncFolder(file: string): Promise<void> {
  const folder = await open(dirname(file), constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
