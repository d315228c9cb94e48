// Tells when a file has changed, whatever way an editor, a dotfile tool or Kubernetes changes it: written in place, renamed over, deleted and made again,
// or reached through a link that now leads elsewhere. Looks instead of listening: what `fs.watch` tells differs by system, editor and file system.
import { statSync, type BigIntStats } from 'node:fs';
import type { Stop } from '../ports.ts';

const LOOK_MS = 400;
/** A change is told when the file has stayed as it is for this long: editors write in several steps. */
const QUIET_MS = 100;

/**
 * Calls `onChange` within a second of a change and never for what was there when `watchFile` was called: so watch first, then read.
 * The file may be missing, now or later. Does not keep the process alive.
 */
export function watchFile(file: string, onChange: () => void): Stop {
  let stopped = false;
  let told = fingerprintNow(file);
  let seen = told;
  let timer: NodeJS.Timeout | undefined;

  const lookIn = (delayMs: number): void => {
    if (stopped) return;
    timer = setTimeout(look, delayMs);
    timer.unref();
  };
  // At once, not through a thread: the file's facts are in memory, and a thread to wake for them costs ten times as much.
  const look = (): void => {
    const before = seen;
    seen = fingerprintNow(file);
    const settled = seen === before;
    if (settled && seen !== told) {
      told = seen;
      onChange();
    }
    lookIn(settled ? LOOK_MS : QUIET_MS);
  };
  lookIn(LOOK_MS);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

const MISSING = 'missing';

/** Of what a link leads to. The time of the last change of any kind is in it, which programs cannot set back. */
const fingerprintOf = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string => [dev, ino, size, mtimeNs, ctimeNs].join(' ');

function fingerprintNow(file: string): string {
  try {
    return fingerprintOf(statSync(file, { bigint: true }));
  } catch {
    return MISSING;
  }
}
