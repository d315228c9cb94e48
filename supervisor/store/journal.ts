// History in journal.db (SQLite): append-only, also for those who open it with another program.
// Losing it costs no safety: a journal that cannot be used is set aside, and one that cannot be written says so once and drops what it is given.
import { existsSync, renameSync } from 'node:fs';
import { basename } from 'node:path';
import Database from 'libsql';
import { eventSchema, type UpkeepEvent } from '../contract/event.ts';
import type { Journal, JournalFilter } from '../ports.ts';
import { createPrivateFile } from './private-file.ts';
import { errorCode, nameSetAside } from './set-aside.ts';

/** How long a write waits for another program that has the file locked; everything else in this process waits with it. */
const BUSY_MS = 200;

// "INSERT OR REPLACE" deletes without the delete trigger, hence the third one.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, at TEXT NOT NULL, type TEXT NOT NULL, service TEXT, event TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS event_by_service ON event (service);
  CREATE INDEX IF NOT EXISTS event_by_type ON event (type, at);
  CREATE TRIGGER IF NOT EXISTS event_is_never_changed BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
  CREATE TRIGGER IF NOT EXISTS event_is_never_deleted BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
  CREATE TRIGGER IF NOT EXISTS event_is_never_replaced BEFORE INSERT ON event WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
`;

interface OpenJournal { readonly database: Database.Database; readonly insert: Database.Statement }

/**
 * `tell` gets one sentence when the journal is set aside and when writing begins to fail, not for every event that is lost.
 * `query` throws a RangeError for a `since` that is no time; nothing else throws.
 */
export function openJournal(file: string, tell: (sentence: string) => void): Journal {
  let open: OpenJournal | null = null;
  let failing = false;
  let closed = false;

  /** Runs with an open journal; one that turns out to be damaged is set aside and the act is tried once more on a new one. */
  const use = <Result>(act: (journal: OpenJournal) => Result): Result => {
    try {
      return act(open ??= connect(file));
    } catch (error) {
      if (!isUnusable(error) || !existsSync(file)) throw error;
      open?.database.close();
      open = null;
      const aside = setAside(file);
      tell(`The history in ${basename(file)} could not be used (${describe(error)}); it is kept as ${aside} and a new one begins.`);
      return act(open = connect(file));
    }
  };
  const attempt = <Result>(act: (journal: OpenJournal) => Result, otherwise: Result): Result => {
    if (closed) return otherwise;
    try {
      const result = use(act);
      failing = false;
      return result;
    } catch (error) {
      if (!failing) tell(`The history cannot be kept: ${describe(error)}. Supervision goes on without it.`);
      failing = true;
      return otherwise;
    }
  };

  attempt(() => undefined, undefined);
  return {
    append: (event) => attempt(({ insert }) => { insert.run(event.at, event.type, event.service ?? null, JSON.stringify(event)); }, undefined),
    query(filter) {
      const { sql, values } = writeQuery(filter);
      return attempt(({ database }) => database.prepare(sql).all(...values), []).flatMap(readRow);
    },
    close() {
      // libsql lets go of the file only with its last statement, when memory is cleaned up; so what stands beside the file is written into it here.
      if (open !== null) attempt(({ database }) => database.pragma('wal_checkpoint(TRUNCATE)'), undefined);
      closed = true;
      open?.database.close();
      open = null;
    },
  };
}

/** Reads beside a running instance, or when none runs; changes nothing. Nothing was kept yet: empty. Throws when the file cannot be read. */
export function readJournal(file: string, filter: JournalFilter): UpkeepEvent[] {
  const { sql, values } = writeQuery(filter);
  if (!existsSync(file)) return [];
  const database = new Database(file, { timeout: BUSY_MS });
  try {
    database.pragma('query_only = ON');
    return database.prepare(sql).all(...values).flatMap(readRow);
  } finally {
    database.close();
  }
}

function connect(file: string): OpenJournal {
  createPrivateFile(file);
  const database = new Database(file, { timeout: BUSY_MS });
  try {
    database.pragma('journal_mode = WAL');
    // A crash of this process loses nothing; a loss of power may lose the last events, never the whole.
    database.pragma('synchronous = NORMAL');
    database.exec(SCHEMA);
    return { database, insert: database.prepare('INSERT INTO event (at, type, service, event) VALUES (?, ?, ?, ?)') };
  } catch (error) {
    database.close();
    throw error;
  }
}

function writeQuery({ service, types, since, limit }: JournalFilter): { sql: string; values: (string | number)[] } {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  if (service !== undefined) {
    conditions.push('service = ?');
    values.push(service);
  }
  if (types !== undefined) {
    conditions.push(`type IN (${types.map(() => '?').join(', ')})`);
    values.push(...types);
  }
  if (since !== undefined) {
    const sinceMs = Date.parse(since);
    if (Number.isNaN(sinceMs)) throw new RangeError(`expected "since" in ISO 8601, got ${JSON.stringify(since)}`);
    conditions.push('at >= ?');
    // Events carry times as toISOString writes them; then the order of texts is the order of times.
    values.push(new Date(sinceMs).toISOString());
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return { sql: `SELECT event FROM event ${where} ORDER BY id DESC LIMIT ?`, values: [...values, limit] };
}

/** Rows of a later version that this one does not know are passed over. */
function readRow(row: unknown): UpkeepEvent[] {
  const text = typeof row === 'object' && row !== null && 'event' in row ? row.event : undefined;
  try {
    const { success, data } = eventSchema.safeParse(JSON.parse(String(text)));
    return success ? [data] : [];
  } catch {
    return [];
  }
}

function setAside(file: string): string {
  const aside = nameSetAside(file);
  renameSync(file, aside);
  // What SQLite keeps beside it belongs to it; left in place it would damage the new one.
  for (const suffix of ['-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  return basename(aside);
}

/** Damaged, not a database, not to be opened or not to be written. A full disk or a lock passes by itself. */
function isUnusable(error: unknown): boolean {
  // libsql gives no code when it cannot open a file at all.
  const code = errorCode(error) || describe(error);
  return /^(SQLITE_(CORRUPT|NOTADB|CANTOPEN|READONLY|ERROR)|ConnectionFailed)/.test(code);
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));
