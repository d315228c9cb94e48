// Files that only their owner may read, from the first moment on.
import { writeFileSync } from 'node:fs';
import { errorCode } from './set-aside.ts';

/** Makes an empty file with mode 0600 unless it is there. Never opens one that is: closing it would let go of SQLite's locks on it. */
export function createPrivateFile(file: string): void {
  try {
    writeFileSync(file, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}
