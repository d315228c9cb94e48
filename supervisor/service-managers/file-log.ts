// The log of a service that is kept in files: who keeps it there and how it is rotated, that is all this knows.
import { statSync } from 'node:fs';
import type { LogResult } from '../ports.ts';
import { lastLinesOf } from '../system/log-tail.ts';

/** The log in `file`; what lacks in a short one comes from the file it was last rotated to. */
export async function rotatedLog(file: string, count: number): Promise<LogResult> {
  return await reading(file, async () => {
    const newest = await lastLinesOf(file, count);
    return newest.length < count ? [...await lastLinesOf(`${file}.1`, count - newest.length), ...newest] : newest;
  });
}

/** Standard output and standard error, each in a file. Nobody knows the order of their lines, so what was written to last comes last. */
export async function logOfOutputs(files: readonly string[], count: number): Promise<LogResult> {
  const ordered = [...new Set(files)].toSorted((a, b) => writtenAtMs(a) - writtenAtMs(b));
  const [older = { ok: true, source: null, lines: [] }, newer] = await Promise.all(ordered.map((file) => reading(file, () => lastLinesOf(file, count))));
  if (newer === undefined || !older.ok) return older;
  if (!newer.ok) return newer;
  // Neither crowds out the other.
  const ofOlder = Math.min(older.lines.length, Math.max(count - newer.lines.length, Math.floor(count / 2)));
  return { ok: true, source: ordered.join(', '), lines: [...older.lines.slice(older.lines.length - ofOlder), ...newer.lines.slice(-(count - ofOlder))] };
}

const writtenAtMs = (file: string): number => {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return 0; // Whoever reads it says what is wrong with it.
  }
};

async function reading(file: string, read: () => Promise<readonly string[]>): Promise<LogResult> {
  try {
    return { ok: true, source: file, lines: await read() };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'EACCES' || code === 'EPERM') return { ok: false, refusal: { code: 'needs-privilege', message: `${file} may not be read (${code}). Make it readable for the user Upkeep runs as.` } };
    return { ok: false, refusal: { code: 'failed', message: `${file} cannot be read (${code}).` } };
  }
}
