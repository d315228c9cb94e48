// journal.db as a file: opened, kept usable, closed. One that is damaged is set aside and a new one begins; nothing waits for another program.
// What stands in it is in journal.ts (events) and history-store.ts (measurements, incidents, heals).
import { existsSync, renameSync } from 'node:fs';
import { basename } from 'node:path';
import Database from 'libsql';
import { bringUpToDate, requireTables } from './journal-schema.ts';
import { createPrivateFile } from './private-file.ts';
import { errorCode, nameSetAside } from './set-aside.ts';

/** How long reading beside a running instance waits for a lock; it happens in a process that does nothing else. */
const READ_BUSY_MS = 200;
/** What stands beside the file after a long write is cut back to this. */
const LARGEST_WAL_BYTES = 8_000_000;

export interface JournalFile {
  /** Throws what SQLite throws. */
  readonly use: <Result>(act: (database: Database.Database) => Result) => Result;
  readonly close: () => void;
}

/** Runs acts with an open journal; one that turns out to be damaged is set aside and the act is tried once more on a new one. */
export function keepUsable(file: string, tell: (sentence: string) => void): JournalFile {
  let open: Database.Database | null = null;
  return {
    use(act) {
      const isNew = open === null;
      try {
        return act(open ??= connect(file));
      } catch (error) {
        if (!isUnusable(error, isNew && open === null) || !existsSync(file)) throw error;
        open?.close();
        open = null;
        const aside = setAside(file);
        tell(`The history in ${basename(file)} could not be used (${describe(error)}); it is kept as ${aside} and a new one begins.`);
        return act(open = connect(file));
      }
    },
    close() {
      if (open !== null) checkpoint(open);
      open?.close();
      open = null;
    },
  };
}

/** libsql lets go of the file only with its last statement, when memory is cleaned up; so what stands beside the file is written into it here. */
function checkpoint(database: Database.Database): void {
  try {
    database.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // It stays beside the file, where the next one finds it.
  }
}

/** Reads beside a running instance, or when none runs; changes nothing. Nothing was kept yet: `otherwise`. Throws when the file cannot be read. */
export function readBeside<Result>(file: string, otherwise: Result, act: (database: Database.Database) => Result): Result {
  if (!existsSync(file)) return otherwise;
  const database = new Database(file, { timeout: READ_BUSY_MS });
  try {
    database.pragma('query_only = ON');
    return act(database);
  } finally {
    database.close();
  }
}

function connect(file: string): Database.Database {
  createPrivateFile(file);
  const database = new Database(file, { timeout: 0 });
  try {
    // Before anything is written: later it would take a whole new file.
    database.pragma('auto_vacuum = INCREMENTAL');
    database.pragma('journal_mode = WAL');
    // A crash of this process loses nothing; a loss of power may lose the last events, never the whole.
    database.pragma('synchronous = NORMAL');
    database.pragma(`journal_size_limit = ${LARGEST_WAL_BYTES}`);
    bringUpToDate(database);
    requireTables(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function setAside(file: string): string {
  const aside = nameSetAside(file);
  renameSync(file, aside);
  // What SQLite keeps beside it belongs to it; left in place it would damage the new one.
  for (const suffix of ['-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  return basename(aside);
}

/**
 * Damaged, not a database, not to be opened or not to be written. A full disk or a lock passes by itself.
 * `opening`: tables that cannot be made or are not ours (SQLITE_ERROR); later that would be a mistake in a question, which is no reason to lose a history.
 */
function isUnusable(error: unknown, opening: boolean): boolean {
  // libsql gives no code when it cannot open a file at all.
  const code = errorCode(error) || describe(error);
  return /^(SQLITE_(CORRUPT|NOTADB|CANTOPEN|READONLY)|ConnectionFailed)/.test(code) || (opening && code.startsWith('SQLITE_ERROR'));
}

export const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));
