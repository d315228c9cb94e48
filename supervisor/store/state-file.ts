// state.json: what must survive `kill -9`. A state counts as saved when it, or a newer one, is durably on disk under its final name.
// Never leaves half a file behind, never throws a damaged one away.
import { readFile } from 'node:fs/promises';
import { Low, type Adapter } from 'lowdb';
import type { SupervisorState } from '../domain/state.ts';
import type { StateStore } from '../ports.ts';
import { clearHalfWritten, setAside, writeDurably } from './durable-file.ts';
import { errorCode } from './set-aside.ts';
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
      await clearHalfWritten(file);
      const read = await readStateFile(file);
      if (read.why === null) return { state: read.state, setAside: null, why: null };
      return { state: null, setAside: await setAside(file), why: read.why };
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

/** The adapter lowdb's own one is not: durable, and readable by the owner only. */
class DurableFile implements Adapter<SupervisorState | null> {
  readonly #file: string;
  constructor(file: string) {
    this.#file = file;
  }

  async read(): Promise<SupervisorState | null> {
    return (await readStateFile(this.#file)).state;
  }

  async write(state: SupervisorState | null): Promise<void> {
    await writeDurably(this.#file, JSON.stringify(state));
  }
}
