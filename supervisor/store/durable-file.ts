// Writes a whole file so that it outlives a loss of power: what is under the final name is always one whole version, the old one or the new one.
// Knows nothing of the content. One writer at a time, which is whoever holds the data folder's lock.
import { constants } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { nameSetAside } from './set-aside.ts';

/** File and folder are synced, and only the owner may read it. Rejects when it cannot be written; then the old file stays. */
export async function writeDurably(file: string, text: string): Promise<void> {
  const temporary = temporaryName(file);
  try {
    const handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    // On a full disk the half file would take the room the next try needs.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(file);
}

/** Clears away what a crash in the middle of a write has left behind. */
export const clearHalfWritten = (file: string): Promise<void> => rm(temporaryName(file), { force: true });

/** Keeps a damaged file under another name, which it resolves with. */
export async function setAside(file: string): Promise<string> {
  const aside = nameSetAside(file);
  await rename(file, aside);
  await syncFolder(file);
  return basename(aside);
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
