// upkeep.log: one line a call with the local time in front, kept small by rotation.
// Never throws: a full disk must not end the supervision it was to tell about.
import { appendFileSync, renameSync, rmSync, statSync } from 'node:fs';
import type { Logger } from '../ports.ts';

const LARGEST_BYTES = 5 * 1024 * 1024;
const KEPT_FILES = 3;

export interface FileLogger extends Logger {
  /** Nothing is written after it. */
  close(): void;
}

/** Old logs are `<file>.1` (newest) to `<file>.3`. `alsoTo` gets every line as it is written, without its end. */
export function fileLogger(file: string, { alsoTo }: { readonly alsoTo?: (line: string) => void } = {}): FileLogger {
  let closed = false;
  const write = (text: string): void => {
    if (closed) return;
    const line = `${formatTime(new Date())} ${flatten(text)}`;
    attempt(() => { alsoTo?.(line); });
    attempt(() => { if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= LARGEST_BYTES) rotate(file); });
    attempt(() => { appendFileSync(file, `${line}\n`, { mode: 0o600 }); });
  };
  return {
    info: write,
    warn: (line) => { write(`Warning: ${line}`); },
    error: (line) => { write(`Error: ${line}`); },
    close() { closed = true; },
  };
}

function rotate(file: string): void {
  rmSync(`${file}.${KEPT_FILES}`, { force: true });
  for (let number = KEPT_FILES - 1; number >= 1; number -= 1) attempt(() => { renameSync(`${file}.${number}`, `${file}.${number + 1}`); });
  renameSync(file, `${file}.1`);
}

/** The log is the last resort: there is nobody left to tell that it failed. */
function attempt(act: () => void): void {
  try {
    act();
  } catch { /* see above */ }
}

/** Evidence may come from a service: line ends and control characters in it must not forge lines or steer a terminal. */
const flatten = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trim();

function formatTime(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}
