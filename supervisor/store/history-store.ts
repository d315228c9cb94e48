// Measurements, incidents and heals in journal.db, for the recorder and for readers: what waits to be written is part of the answers where it matters.
// The questions are in history-query.ts, the rows in history-rows.ts.
import type Database from 'libsql';
import type { HistoryStore, HistoryTables } from '../ports.ts';
import * as query from './history-query.ts';
import { readBeside } from './journal-file.ts';
import { readPragma, SCHEMA_VERSION } from './journal-schema.ts';
import { prune } from './pruning.ts';
import type { WaitingRows } from './waiting-rows.ts';

export { writeRows } from './history-rows.ts';

export interface HistoryStoreParts {
  /** `otherwise` when it cannot be read. */
  read<Result>(act: (database: Database.Database) => Result, otherwise: Result): Result;
  readonly rows: WaitingRows;
  /** Tries to write what waits. */
  write(): void;
}

const NO_FACTS = { meanDetectMs: null, meanHealMs: null, longest: null, heals: [], alerts: 0 };

export function createHistoryStore({ read, rows, write }: HistoryStoreParts): HistoryStore {
  /** Incidents and heals are few: they are written first, where they can be. */
  const upToDate = (): void => { if (rows.size() > 0) write(); };
  return {
    write(more) {
      rows.add(more);
      if (rows.size() > 0) write();
    },
    rollups(range) {
      const waiting = rows.rollups(range);
      const written = read((database) => query.rollups(database, range), []);
      return waiting.size === 0 ? written : [...written.filter(({ startMs }) => !waiting.has(startMs)), ...waiting.values()].sort((a, b) => a.startMs - b.startMs);
    },
    minutes: (range) => read((database) => query.minutes(database, range), []),
    sums: (range) => read((database) => query.sums(database, range), []),
    incidents(filter) {
      upToDate();
      return read((database) => query.incidents(database, filter), []);
    },
    openIncidents: () => read(query.openIncidents, []),
    incident(id) {
      upToDate();
      return read((database) => query.incident(database, id), null);
    },
    countIncidents: (service, sinceMs) => read((database) => query.countIncidents(database, service, sinceMs), 0),
    facts(service, sinceMs) {
      upToDate();
      return read((database) => query.facts(database, service, sinceMs), NO_FACTS);
    },
    oldestEventMs: () => read(query.oldestEventMs, null),
    knows: (service) => read((database) => query.knows(database, service), false),
    prune: (policy, nowMs) => read((database) => {
      try {
        return prune(database, policy, nowMs);
      } catch {
        // A lock or a full disk: there is always a next time. Whatever is worse shows when something is written.
        return false;
      }
    }, false),
  };
}

/** Reads beside a running instance, or when none runs; changes nothing. A file of 0.1, or none, has no history yet. Throws when it cannot be read. */
export function readHistoryBeside<Result>(file: string, otherwise: Result, ask: (store: HistoryTables) => Result): Result {
  return readBeside(file, otherwise, (database) => {
    if (readPragma(database, 'user_version') < SCHEMA_VERSION) return otherwise;
    return ask({
      rollups: (range) => query.rollups(database, range), minutes: (range) => query.minutes(database, range), sums: (range) => query.sums(database, range),
      incidents: (filter) => query.incidents(database, filter), openIncidents: () => query.openIncidents(database), incident: (id) => query.incident(database, id),
      countIncidents: (service, sinceMs) => query.countIncidents(database, service, sinceMs), facts: (service, sinceMs) => query.facts(database, service, sinceMs),
      oldestEventMs: () => query.oldestEventMs(database), knows: (service) => query.knows(database, service),
    });
  });
}
