// Keeps a log from growing without end: FILE becomes FILE.1, FILE.1 becomes FILE.2, and so on; the oldest is dropped.
// Copies and truncates instead of renaming, because a running program keeps the file open for appending and must not notice.
import { copyFile, rename, stat, truncate } from 'node:fs/promises';

export interface RotationOptions {
  /** Default 5 MiB. */
  readonly maxBytes?: number;
  /** How many old files stay. Default 3. */
  readonly keep?: number;
}

/**
 * Rotates the file when it is larger; a missing file is fine. Lines written between copy and truncation are lost.
 * Says whether it rotated. Rejects when the disk does.
 */
export async function rotateIfLarger(file: string, { maxBytes = 5 * 1024 * 1024, keep = 3 }: RotationOptions = {}): Promise<boolean> {
  const found = await orNullWhenMissing(stat(file));
  if (found === null || found.size <= maxBytes) return false;
  for (let number = keep - 1; number >= 1; number -= 1) await orNullWhenMissing(rename(`${file}.${number}`, `${file}.${number + 1}`));
  if (keep >= 1) await copyFile(file, `${file}.1`);
  await truncate(file);
  return true;
}

async function orNullWhenMissing<Value>(attempt: Promise<Value>): Promise<Value | null> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
