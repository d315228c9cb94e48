// Keeps a log from growing without end: FILE becomes FILE.1, FILE.1 becomes FILE.2, and so on; the oldest is dropped.
// Copies and truncates instead of renaming, because a running program keeps the file open for appending and must not notice.
// Disk use is bounded by (keep + 1) x maxBytes and what is written between two looks.
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, stat, truncate } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Clock, Stop } from '../ports.ts';

const LARGEST_BYTES = 5 * 1024 * 1024;
const LOOK_AGAIN_MS = 30_000;
/** For a file that grows quickly: a program that writes 10 MB a second makes 20 MB of it. */
const LOOK_SOON_MS = 2_000;

export interface RotationOptions {
  /** Default 5 MiB. */
  readonly maxBytes?: number;
  /** How many old files stay. Default 3. */
  readonly keep?: number;
}
export interface RegularRotationOptions extends RotationOptions {
  /** The program has just been started, which is when many begin to write without end: the first look is after 2 s. Default false: 30 s. */
  readonly fresh?: boolean;
}

/**
 * Looks at the file every 30 s and rotates it when it is larger; every 2 s while it was more than half as large at the last look.
 * A disk that refuses is no reason to end anything: it is tried again at the next look.
 */
export function rotateRegularly(file: string, clock: Clock, { fresh = false, ...options }: RegularRotationOptions = {}): Stop {
  const { maxBytes = LARGEST_BYTES } = options;
  let stopped = false;
  let cancel: Stop;
  const plan = (delayMs: number): void => {
    cancel = clock.after(delayMs, () => {
      void rotateIfLarger(file, options).catch(() => 0).then((foundBytes) => {
        if (!stopped) plan(foundBytes > maxBytes / 2 ? LOOK_SOON_MS : LOOK_AGAIN_MS);
      });
    });
  };
  plan(fresh ? LOOK_SOON_MS : LOOK_AGAIN_MS);
  return () => {
    stopped = true;
    cancel();
  };
}

const underWay = new Map<string, Promise<number>>();

/**
 * Rotates the file when it is larger; a missing file is fine. Of a file that has grown far beyond it the newest `maxBytes` are kept.
 * Lines written between copy and truncation are lost. Resolves with the size it found, in bytes. Rejects when the disk does.
 */
export function rotateIfLarger(file: string, { maxBytes = LARGEST_BYTES, keep = 3 }: RotationOptions = {}): Promise<number> {
  const rotating = underWay.get(file) ?? rotate(file, maxBytes, keep).finally(() => { underWay.delete(file); });
  underWay.set(file, rotating);
  return rotating;
}

async function rotate(file: string, maxBytes: number, keep: number): Promise<number> {
  const size = (await orNullWhenMissing(stat(file)))?.size ?? 0;
  if (size <= maxBytes) return size;
  for (let number = keep - 1; number >= 1; number -= 1) await orNullWhenMissing(rename(`${file}.${number}`, `${file}.${number + 1}`));
  if (keep >= 1) await pipeline(createReadStream(file, { start: size - maxBytes, end: size - 1 }), createWriteStream(`${file}.1`, { mode: 0o600 }));
  await truncate(file);
  return size;
}

async function orNullWhenMissing<Value>(attempt: Promise<Value>): Promise<Value | null> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
