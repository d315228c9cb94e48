// What happened, in journal.db (SQLite): append-only, also for those who open it with another program. And the way to the history beside it.
// Losing it costs no safety: a journal that cannot be used is set aside. What cannot be written now waits in memory; nothing here ever waits for another program.
import type Database from 'libsql';
import type { UpkeepEvent } from '../contract/event.ts';
import type { HistoryRows } from '../domain/history-rows.ts';
import type { HistoryStore, Journal, JournalFilter } from '../ports.ts';
import { eventQuery, readEvent } from './event-query.ts';
import { createHistoryStore, writeRows } from './history-store.ts';
import { describe, keepUsable, readBeside } from './journal-file.ts';
import { COLUMNS, createStatement, inTransaction } from './journal-schema.ts';
import { createWaitingRows } from './waiting-rows.ts';
import { createWaitingLine } from './waiting-line.ts';

export interface OpenJournal extends Journal { readonly history: HistoryStore }

/**
 * `tell` gets one sentence when the journal is set aside, when writing has failed for a second, when events are lost and when writing works again.
 * `query` throws a RangeError for a `since` or `before` that is no time; nothing else throws.
 */
export function openJournal(file: string, tell: (sentence: string) => void): OpenJournal {
  const { use, close } = keepUsable(file, tell);
  const rows = createWaitingRows();
  const waiting = createWaitingLine((events, most) => {
    const some = rows.oldest(most);
    use((database) => { writeAll(database, events, some); });
    rows.drop(some);
    return rows.size() > 0;
  }, tell);
  let closed = false;
  let readable = true;

  function read<Result>(act: (database: Database.Database) => Result, otherwise: Result): Result {
    if (closed) return otherwise;
    try {
      const result = use(act);
      readable = true;
      return result;
    } catch (error) {
      // Where writing fails, too, that is told in a moment.
      if (readable && !waiting.failing()) tell(`The history cannot be read: ${describe(error)}.`);
      readable = false;
      return otherwise;
    }
  }
  return {
    history: createHistoryStore({ read, rows, write: () => { if (closed) rows.clear(); else waiting.write(); } }),
    append: (event) => { if (!closed) waiting.add(event); },
    query(filter) {
      const { sql, values, fits } = eventQuery(filter);
      if (closed) return [];
      waiting.write();
      // What waits is newer than all that is written.
      return [...waiting.events().filter(fits).reverse(), ...read((database) => database.prepare(sql).all(...values), []).flatMap(readEvent)].slice(0, filter.limit);
    },
    close() {
      if (closed) return;
      waiting.end();
      closed = true;
      close();
    },
  };
}

/** Reads beside a running instance, or when none runs; changes nothing. Nothing was kept yet: empty. Throws when the file cannot be read. */
export function readJournal(file: string, filter: JournalFilter): UpkeepEvent[] {
  const { sql, values } = eventQuery(filter);
  return readBeside(file, [], (database) => database.prepare(sql).all(...values).flatMap(readEvent));
}

const insertEvent = createStatement(`INSERT INTO event (${COLUMNS.event.join(', ')}) VALUES (?, ?, ?, ?)`);

/** All or none of it. One event alone needs no transaction of its own. */
function writeAll(database: Database.Database, events: readonly UpkeepEvent[], rows: Required<HistoryRows>): void {
  const insert = (): void => {
    if (events.length === 0) return;
    const statement = insertEvent(database);
    for (const event of events) statement.run(event.at, event.type, event.service ?? null, JSON.stringify(event));
  };
  if (events.length < 2 && Object.values(rows).every(({ length }) => length === 0)) insert();
  else {
    inTransaction(database, () => {
      insert();
      writeRows(database, rows);
    });
  }
}
