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
      const newer = new Set(waiting.map(({ startMs }) => startMs));
      return waiting.length === 0 ? written : [...written.filter(({ startMs }) => !newer.has(startMs)), ...waiting].sort((a, b) => a.startMs - b.startMs);
    },
    rollup(service, resolution, startMs) {
      const [waiting] = rows.rollups({ service, resolution, fromMs: startMs, toMs: startMs + 1 });
      return waiting ?? read((database) => query.rollup(database, service, resolution, startMs), null);
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

const NOTHING_KEPT: HistoryTables = {
  rollups: () => [], rollup: () => null, minutes: () => [], sums: () => [], incidents: () => [], openIncidents: () => [], incident: () => null, countIncidents: () => 0, facts: () => NO_FACTS, oldestEventMs: () => null, knows: () => false,
};

/** Reads beside a running instance, or when none runs; changes nothing. A file of 0.1, or none, has no history yet. Throws when it cannot be read. */
export function readHistoryBeside<Result>(file: string, ask: (tables: HistoryTables) => Result): Result {
  const answer = readBeside<{ readonly result: Result } | null>(file, null, (database) => {
    if (readPragma(database, 'user_version') < SCHEMA_VERSION) return null;
    const result = ask({
      rollups: (range) => query.rollups(database, range), rollup: (...bucket) => query.rollup(database, ...bucket), minutes: (range) => query.minutes(database, range), sums: (range) => query.sums(database, range),
      incidents: (filter) => query.incidents(database, filter), openIncidents: () => query.openIncidents(database), incident: (id) => query.incident(database, id),
      countIncidents: (service, sinceMs) => query.countIncidents(database, service, sinceMs), facts: (service, sinceMs) => query.facts(database, service, sinceMs),
      oldestEventMs: () => query.oldestEventMs(database), knows: (service) => query.knows(database, service),
    });
    return { result };
  });
  return answer === null ? ask(NOTHING_KEPT) : answer.result;
}
