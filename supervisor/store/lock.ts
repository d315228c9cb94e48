// Never two supervisors over one data folder. The kernel holds the lock (a POSIX lock, through an exclusive SQLite transaction), so `kill -9` leaves
// nothing stale and children do not inherit it. Nothing else in this process may open the lock file: closing it would let go of the lock.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import Database from 'libsql';
import { createPrivateFile } from './private-file.ts';
import { errorCode } from './set-aside.ts';

export type Lock = { readonly release: () => void } | { readonly heldBy: number | null };

/** Answers at once. `heldBy`: the process that has it, null when that cannot be told. Throws when the file cannot be used at all. */
export function takeLock(file: string): Lock {
  const pidFile = `${file}.pid`;
  createPrivateFile(file);
  const database = new Database(file, { timeout: 0 });
  try {
    // No journal file beside the lock: nothing is ever written.
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (errorCode(error) === 'SQLITE_BUSY') return { heldBy: readPid(pidFile) };
    throw new Error(`Cannot lock ${file}: ${error instanceof Error ? error.message : String(error)}. When no Upkeep runs, delete this file.`, { cause: error });
  }
  writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      rmSync(pidFile, { force: true });
      database.exec('COMMIT');
      database.close();
    },
  };
}

function readPid(pidFile: string): number | null {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8').trim());
    return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
  } catch {
    // The holder has not written it yet, or has just let go.
    return null;
  }
}
