// The tables of journal.db and how a file of an earlier version becomes one of this. Its events stay.
// Events are append-only, also for those who open the file with another program; the tables beside them are sums and lists made of what happened.
import type Database from 'libsql';

/** In `user_version`. 0: a file of 0.1, or an empty one. */
export const SCHEMA_VERSION = 2;

/** However little room there is, what happened in the last hour is never let go of. */
const YOUNGEST_HORIZON = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-1 hour')";

// "INSERT OR REPLACE" deletes without the delete trigger, hence the one for inserts.
// The horizon says which events are old enough to be let go of: those before it. It moves forward only, and never nearer than an hour.
const EVENTS = `
  CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, at TEXT NOT NULL, type TEXT NOT NULL, service TEXT, event TEXT NOT NULL);
  DROP INDEX IF EXISTS event_by_service;
  CREATE INDEX event_by_service ON event (service, at, id, type);
  CREATE INDEX IF NOT EXISTS event_by_type ON event (type, at);
  CREATE INDEX event_by_time ON event (at);
  CREATE TABLE retention (id INTEGER PRIMARY KEY CHECK (id = 1), horizon TEXT NOT NULL);
  INSERT INTO retention VALUES (1, '');
  CREATE TRIGGER horizon_moves_forward BEFORE UPDATE ON retention WHEN NEW.horizon < OLD.horizon OR NEW.horizon > ${YOUNGEST_HORIZON}
    BEGIN SELECT RAISE(ABORT, 'the horizon moves forward only, and stays an hour behind'); END;
  CREATE TRIGGER horizon_stays BEFORE DELETE ON retention BEGIN SELECT RAISE(ABORT, 'there is one horizon'); END;
  CREATE TRIGGER horizon_is_one BEFORE INSERT ON retention BEGIN SELECT RAISE(ABORT, 'there is one horizon'); END;
  CREATE TRIGGER IF NOT EXISTS event_is_never_changed BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
  DROP TRIGGER IF EXISTS event_is_never_deleted;
  CREATE TRIGGER event_is_deleted_only_when_old BEFORE DELETE ON event WHEN NOT EXISTS (SELECT 1 FROM retention WHERE OLD.at < horizon)
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
  CREATE TRIGGER IF NOT EXISTS event_is_never_replaced BEFORE INSERT ON event WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
`;

// Beginnings of buckets in seconds since 1970, everything else in milliseconds. By service first: a chart reads one service.
// Two indexes hold all that statistics ask for, so that a year of rows is never gone through one by one.
const HISTORY = `
  CREATE TABLE rollup (
    service TEXT NOT NULL, resolution TEXT NOT NULL, start INTEGER NOT NULL, count INTEGER NOT NULL, failures INTEGER NOT NULL,
    p50 REAL, p95 REAL, max REAL, up INTEGER NOT NULL, down INTEGER NOT NULL, latencies TEXT NOT NULL, PRIMARY KEY (service, resolution, start)
  ) WITHOUT ROWID;
  CREATE TABLE incident (
    id TEXT PRIMARY KEY, service TEXT NOT NULL, severity TEXT NOT NULL, began INTEGER NOT NULL, detected INTEGER NOT NULL, ended INTEGER,
    outcome TEXT NOT NULL, symptom TEXT NOT NULL, down INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX incident_by_service ON incident (service, began);
  CREATE INDEX incident_by_beginning ON incident (began);
  CREATE INDEX incident_by_end ON incident (ended, began, detected, down, outcome, service);
  CREATE TABLE heal (
    attempt TEXT PRIMARY KEY, service TEXT NOT NULL, actor TEXT NOT NULL, manager TEXT NOT NULL, cause TEXT NOT NULL, began INTEGER NOT NULL, ended INTEGER NOT NULL,
    result TEXT NOT NULL, incident TEXT
  ) WITHOUT ROWID;
  CREATE INDEX heal_by_end ON heal (ended, result, manager, cause);
  CREATE INDEX heal_by_service ON heal (service, ended);
  CREATE INDEX heal_by_incident ON heal (incident);
`;

/** In the order in which rows are written. */
export const COLUMNS = {
  event: ['at', 'type', 'service', 'event'],
  rollup: ['service', 'resolution', 'start', 'count', 'failures', 'p50', 'p95', 'max', 'up', 'down', 'latencies'],
  incident: ['id', 'service', 'severity', 'began', 'detected', 'ended', 'outcome', 'symptom', 'down'],
  heal: ['attempt', 'service', 'actor', 'manager', 'cause', 'began', 'ended', 'result', 'incident'],
} as const;

/** Of a setting that is a number. */
export function readPragma(database: Database.Database, name: string): number {
  const rows: unknown = database.pragma(name);
  const row: unknown = Array.isArray(rows) ? rows[0] : rows;
  return typeof row === 'object' && row !== null ? Number(Object.values(row)[0]) : Number.NaN;
}

/** A statement that is prepared once: one that has failed is in progress until it runs again, and nothing can be committed meanwhile. */
export function createStatement(sql: string): (database: Database.Database) => Database.Statement {
  const prepared = new WeakMap<Database.Database, Database.Statement>();
  return (database) => {
    const statement = prepared.get(database) ?? database.prepare(sql);
    prepared.set(database, statement);
    return statement;
  };
}

/** All or nothing. Not libsql's own `transaction`: its unconditional ROLLBACK hides the cause where SQLite has already rolled back, as on a full disk. */
export function inTransaction(database: Database.Database, act: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    act();
    database.exec('COMMIT');
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Makes the file one of this version. One of a later version is used as it is. */
export function bringUpToDate(database: Database.Database): void {
  if (readPragma(database, 'user_version') >= SCHEMA_VERSION) return;
  inTransaction(database, () => {
    database.exec(EVENTS);
    database.exec(HISTORY);
    database.pragma(`user_version = ${SCHEMA_VERSION}`);
  });
  shrinkable(database);
}

/** Throws when the tables are not there or are somebody else's. */
export function requireTables(database: Database.Database): void {
  for (const [table, columns] of Object.entries(COLUMNS)) database.prepare(`SELECT ${columns.join(', ')} FROM ${table} LIMIT 0`).all();
}

/** A file of 0.1 can give room back only after it was written anew once. Where that fails its room is used again all the same. */
function shrinkable(database: Database.Database): void {
  const INCREMENTAL = 2;
  if (readPragma(database, 'auto_vacuum') === INCREMENTAL) return;
  try {
    database.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM;');
  } catch {
    // No room on the disk, or another program reads it.
  }
}
