// How much room Upkeep takes on the disk. What is not there takes none.
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DataFolder } from './data-folder.ts';

export interface FolderSize { readonly folder: string; readonly stateBytes: number; readonly journalBytes: number; readonly logsBytes: number }

const sizeOf = (path: string): number => {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true ? stats.size : 0;
};

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A file and what stands beside it under a longer name: the journal's log, rotated logs. */
const withCompanions = (file: string): number =>
  namesIn(dirname(file)).filter((name) => name.startsWith(basename(file))).reduce((sum, name) => sum + sizeOf(join(dirname(file), name)), 0);

export function measureFolder({ state, journal, log, logs }: DataFolder): FolderSize {
  return {
    folder: dirname(state), stateBytes: sizeOf(state), journalBytes: withCompanions(journal),
    logsBytes: withCompanions(log) + namesIn(logs).reduce((sum, name) => sum + sizeOf(join(logs, name)), 0),
  };
}
