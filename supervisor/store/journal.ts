// History in journal.db (SQLite): append-only, also for those who open it with another program.
// Losing it costs no safety: a journal that cannot be used is set aside. What cannot be written now waits in memory; nothing here ever waits for another program.
import { existsSync, renameSync } from 'node:fs';
import { basename } from 'node:path';
import Database from 'libsql';
import { eventSchema, type UpkeepEvent } from '../contract/event.ts';
import type { Journal, JournalFilter } from '../ports.ts';
import { createPrivateFile } from './private-file.ts';
import { errorCode, nameSetAside } from './set-aside.ts';
import { createWaitingLine } from './waiting-line.ts';

/** How long reading beside a running instance waits for a lock; it happens in a process that does nothing else. */
const READ_BUSY_MS = 200;

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
 * `tell` gets one sentence when the journal is set aside, when writing has failed for a second, when events are lost and when writing works again.
 * `query` throws a RangeError for a `since` that is no time; nothing else throws.
 */
export function openJournal(file: string, tell: (sentence: string) => void): Journal {
  const { use, close } = keepUsable(file, tell);
  const waiting = createWaitingLine((events) => { use((journal) => { insertAll(journal, events); }); }, tell);
  let closed = false;
  let readable = true;

  const read = (sql: string, values: readonly (string | number)[]): unknown[] => {
    try {
      const rows = use(({ database }) => database.prepare(sql).all(...values));
      readable = true;
      return rows;
    } catch (error) {
      // Where writing fails, too, that is told in a moment.
      if (readable && !waiting.failing()) tell(`The history cannot be read: ${describe(error)}.`);
      readable = false;
      return [];
    }
  };
  return {
    append: (event) => { if (!closed) waiting.add(event); },
    query(filter) {
      const { sql, values, fits } = readFilter(filter);
      if (closed) return [];
      waiting.write();
      // What waits is newer than all that is written.
      return [...waiting.events().filter(fits).reverse(), ...read(sql, values).flatMap(readRow)].slice(0, filter.limit);
    },
    close() {
      if (closed) return;
      closed = true;
      waiting.end();
      close();
    },
  };
}

interface UsableJournal { readonly use: <Result>(act: (journal: OpenJournal) => Result) => Result; readonly close: () => void }

/** Runs acts with an open journal; one that turns out to be damaged is set aside and the act is tried once more on a new one. */
function keepUsable(file: string, tell: (sentence: string) => void): UsableJournal {
  let open: OpenJournal | null = null;
  return {
    use(act) {
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
    },
    close() {
      if (open !== null) checkpoint(open);
      open?.database.close();
      open = null;
    },
  };
}

/** libsql lets go of the file only with its last statement, when memory is cleaned up; so what stands beside the file is written into it here. */
function checkpoint({ database }: OpenJournal): void {
  try {
    database.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // It stays beside the file, where the next one finds it.
  }
}

/** Reads beside a running instance, or when none runs; changes nothing. Nothing was kept yet: empty. Throws when the file cannot be read. */
export function readJournal(file: string, filter: JournalFilter): UpkeepEvent[] {
  const { sql, values } = readFilter(filter);
  if (!existsSync(file)) return [];
  const database = new Database(file, { timeout: READ_BUSY_MS });
  try {
    database.pragma('query_only = ON');
    return database.prepare(sql).all(...values).flatMap(readRow);
  } finally {
    database.close();
  }
}

function connect(file: string): OpenJournal {
  createPrivateFile(file);
  const database = new Database(file, { timeout: 0 });
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

/** All or none of them. */
function insertAll({ database, insert }: OpenJournal, events: readonly UpkeepEvent[]): void {
  const insertEach = (): void => { for (const event of events) insert.run(event.at, event.type, event.service ?? null, JSON.stringify(event)); };
  if (events.length < 2) {
    insertEach();
    return;
  }
  // Not libsql's own `transaction`: its unconditional ROLLBACK hides the cause where SQLite has already rolled back, as on a full disk.
  database.exec('BEGIN IMMEDIATE');
  try {
    insertEach();
    database.exec('COMMIT');
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

interface ReadFilter { readonly sql: string; readonly values: (string | number)[]; /** The same for events that are not written yet. */ readonly fits: (event: UpkeepEvent) => boolean }

function readFilter({ service, types, since, limit }: JournalFilter): ReadFilter {
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
  const earliest = since === undefined ? '' : readTime(since);
  if (since !== undefined) {
    conditions.push('at >= ?');
    values.push(earliest);
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return {
    sql: `SELECT event FROM event ${where} ORDER BY id DESC LIMIT ?`, values: [...values, limit],
    fits: (event) => (service === undefined || event.service === service) && (types === undefined || types.includes(event.type)) && event.at >= earliest,
  };
}

/** As toISOString writes it, which is how events carry times; then the order of texts is the order of times. */
function readTime(since: string): string {
  const sinceMs = Date.parse(since);
  if (Number.isNaN(sinceMs)) throw new RangeError(`expected "since" in ISO 8601, got ${JSON.stringify(since)}`);
  return new Date(sinceMs).toISOString();
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
