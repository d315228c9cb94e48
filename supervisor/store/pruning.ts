// Lets go of what is too old or too much, a little at a time: a step takes some milliseconds and is called again until nothing is left to do.
// The room is given back to the disk. What is too much goes oldest first: events, then minutes, hours, days.
import type Database from 'libsql';
import type { HistoryConfiguration } from '../contract/configuration.ts';
import type { Resolution } from '../contract/history.ts';
import { oldEventRow } from './history-rows.ts';
import { MEASURED } from './history-query.ts';
import { inTransaction, readPragma } from './journal-schema.ts';

/** Rows of one step. */
const EVENTS = 200;
/** Where room is wanted: an event may be long, and no more should go than has to. */
const EVENTS_FOR_ROOM = 50;
const ROLLUPS = 1_000;
const INCIDENTS = 200;
/** Pages of one step. */
const PAGES = 500;
const LENGTH_MS: Readonly<Record<Resolution, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
/** However little room there is, this much stays. */
const HOUR_MS = 3_600_000;
/** Begins to let go this far below the limit, so that what is written until the next time finds room. */
const FULL = 0.95;

/** true: there is more to do. */
export function prune(database: Database.Database, policy: HistoryConfiguration, nowMs: number): boolean {
  return tooOld(database, policy, nowMs) || tooMuch(database, policy.maxBytes * FULL, nowMs) || giveBack(database);
}

function tooOld(database: Database.Database, { minutesMs, hoursMs, daysMs, eventsMs }: HistoryConfiguration, nowMs: number): boolean {
  return rollupsBefore(database, 'minute', nowMs - minutesMs) || rollupsBefore(database, 'hour', nowMs - hoursMs) || rollupsBefore(database, 'day', nowMs - daysMs)
    || endedBefore(database, nowMs - eventsMs) || eventsBefore(database, nowMs - eventsMs);
}

function tooMuch(database: Database.Database, mostBytes: number, nowMs: number): boolean {
  const pages = readPragma(database, 'page_count') - readPragma(database, 'freelist_count');
  if (pages * readPragma(database, 'page_size') <= mostBytes) return false;
  const untilMs = nowMs - HOUR_MS;
  return eventsBefore(database, untilMs, EVENTS_FOR_ROOM) || rollupsBefore(database, 'minute', untilMs) || rollupsBefore(database, 'hour', nowMs - 24 * HOUR_MS) || endedBefore(database, untilMs);
}

/** Buckets that were over at that moment. */
function rollupsBefore(database: Database.Database, resolution: Resolution, ms: number): boolean {
  const rows = database.prepare(`${MEASURED} SELECT service, start FROM measured CROSS JOIN rollup ON service = measured.id AND resolution = ? AND start <= ? LIMIT ?`)
    .raw().all(resolution, Math.floor((ms - LENGTH_MS[resolution]) / 1_000), ROLLUPS);
  return deleteEach(database, `DELETE FROM rollup WHERE service = ? AND start = ? AND resolution = '${resolution}'`, rows);
}

function endedBefore(database: Database.Database, ms: number): boolean {
  const incidents = database.prepare('SELECT id FROM incident WHERE ended < ? LIMIT ?').raw().all(ms, INCIDENTS);
  const heals = database.prepare('SELECT attempt FROM heal WHERE ended < ? LIMIT ?').raw().all(ms, INCIDENTS);
  return [deleteEach(database, 'DELETE FROM incident WHERE id = ?', incidents), deleteEach(database, 'DELETE FROM heal WHERE attempt = ?', heals)].some(Boolean);
}

/** The horizon first: without it no event can be deleted. */
function eventsBefore(database: Database.Database, ms: number, most = EVENTS): boolean {
  const rows = database.prepare('SELECT id, at FROM event WHERE at < ? ORDER BY at LIMIT ?').all(new Date(ms).toISOString(), most).map((row) => oldEventRow.parse(row));
  const last = rows.at(-1);
  if (last === undefined) return false;
  const horizon = new Date(Math.min(ms, Date.parse(last.at) + 1)).toISOString();
  inTransaction(database, () => {
    database.prepare('UPDATE retention SET horizon = ? WHERE horizon < ?').run(horizon, horizon);
    deleteRows(database, 'DELETE FROM event WHERE id = ?', rows.map(({ id }) => [id]));
  });
  return true;
}

function deleteEach(database: Database.Database, sql: string, rows: readonly unknown[]): boolean {
  if (rows.length === 0) return false;
  inTransaction(database, () => { deleteRows(database, sql, rows); });
  return true;
}

function deleteRows(database: Database.Database, sql: string, rows: readonly unknown[]): void {
  const statement = database.prepare(sql);
  for (const row of rows) if (Array.isArray(row)) statement.run(...row.map((value) => (typeof value === 'number' ? value : String(value))));
}

/** Free pages at the end of the file go; a file that could not be made so keeps them and uses them again. */
function giveBack(database: Database.Database): boolean {
  const free = readPragma(database, 'freelist_count');
  if (free === 0) return false;
  database.exec(`PRAGMA incremental_vacuum(${PAGES})`);
  return readPragma(database, 'freelist_count') < free && free > PAGES;
}
