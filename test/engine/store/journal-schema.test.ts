import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readHistoryBeside } from '../../../supervisor/store/history-store.ts';
import { readPragma, SCHEMA_VERSION } from '../../../supervisor/store/journal-schema.ts';
import { openJournal, readJournal, type OpenJournal } from '../../../supervisor/store/journal.ts';
import { buildRollup } from '../../builders/history-rows.ts';

/** As 0.1 made it. */
const FIRST_SCHEMA = `
  CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, at TEXT NOT NULL, type TEXT NOT NULL, service TEXT, event TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS event_by_service ON event (service);
  CREATE INDEX IF NOT EXISTS event_by_type ON event (type, at);
  CREATE TRIGGER IF NOT EXISTS event_is_never_changed BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
  CREATE TRIGGER IF NOT EXISTS event_is_never_deleted BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
  CREATE TRIGGER IF NOT EXISTS event_is_never_replaced BEFORE INSERT ON event WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
`;
let folder = '';
let file = '';
let told: string[] = [];
const journals: OpenJournal[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-schema-'));
  file = join(folder, 'journal.db');
  told = [];
});
afterEach(() => {
  for (const journal of journals.splice(0)) journal.close();
  rmSync(folder, { recursive: true });
});
const open = (): OpenJournal => {
  const journal = openJournal(file, (sentence) => { told.push(sentence); });
  journals.push(journal);
  return journal;
};
function inFile<Result>(look: (database: Database.Database) => Result): Result {
  const database = new Database(file, { timeout: 2_000 });
  try {
    return look(database);
  } finally {
    database.close();
  }
}
const event = (index: number) => ({ at: new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString(), type: 'service.down', service: `service-${index % 3}` });

describe('a journal of 0.1', () => {
  beforeEach(() => {
    inFile((database) => {
      database.pragma('journal_mode = WAL');
      database.exec(FIRST_SCHEMA);
      const insert = database.prepare('INSERT INTO event (at, type, service, event) VALUES (?, ?, ?, ?)');
      database.exec('BEGIN');
      for (let index = 0; index < 300; index += 1) insert.run(event(index).at, event(index).type, event(index).service, JSON.stringify(event(index)));
      database.exec('COMMIT');
    });
  });

  test('keeps its events, in place, and takes measurements from then on', () => {
    const journal = open();
    expect(journal.query({ limit: 1_000 })).toEqual(Array.from({ length: 300 }, (_, index) => event(299 - index)));
    journal.history.write({ rollups: [buildRollup()] });
    expect(journal.history.knows('web')).toBe(true);
    expect(told).toEqual([]);
    expect(inFile((database) => [readPragma(database, 'user_version'), readPragma(database, 'auto_vacuum')])).toEqual([SCHEMA_VERSION, 2]);
  });
  test('is as append-only as before', () => {
    open().close();
    for (const sql of ['DELETE FROM event', "UPDATE event SET service = 'x'", "INSERT OR REPLACE INTO event (id, at, type, event) VALUES (1, '', '', '')"]) {
      expect(() => inFile((database) => database.exec(sql))).toThrow('the journal is append-only');
    }
  });
  test('is opened twice without harm', () => {
    open().close();
    expect(open().query({ limit: 1_000 })).toHaveLength(300);
    expect(told).toEqual([]);
  });
  test('has no history yet for those who only read it', () => {
    expect(readHistoryBeside(file, (tables) => tables.knows('service-1'))).toBe(false);
    expect(readJournal(file, { limit: 1_000 })).toHaveLength(300);
    expect(inFile((database) => readPragma(database, 'user_version'))).toBe(0);
  });
  test('that another program holds is made new when it lets go; what happens until then waits', () => {
    const other = new Database(file, { timeout: 0 });
    other.exec('BEGIN IMMEDIATE');
    const journal = open();
    journal.append({ at: '2026-11-22T14:00:00.000Z', type: 'supervisor.started' });
    expect(inFile((database) => readPragma(database, 'user_version'))).toBe(0);
    other.exec('ROLLBACK');
    other.close();
    expect(journal.query({ limit: 1_000 })).toHaveLength(301);
    expect(told).toEqual([]);
  });
});

describe('a new journal', () => {
  test('gives room back to the disk, and is of this version', () => {
    open();
    expect(inFile((database) => [readPragma(database, 'user_version'), readPragma(database, 'auto_vacuum')])).toEqual([SCHEMA_VERSION, 2]);
  });
  test('whose tables somebody has taken away is set aside', () => {
    open().close();
    inFile((database) => { database.exec('DROP TABLE rollup'); });
    const journal = open();
    journal.history.write({ rollups: [buildRollup()] });
    expect(journal.history.knows('web')).toBe(true);
    expect(told).toEqual([expect.stringContaining('could not be used (no such table: rollup); it is kept as journal.db.corrupt-')]);
  });
});
