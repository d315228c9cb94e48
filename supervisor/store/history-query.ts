// What the history is asked, as SQL over one open database: buckets, sums, incidents, and the facts statistics are made of.
// Every question reads an index from end to end; none looks at more than what it answers with, or at every service's few rows.
import type Database from 'libsql';
import type { Resolution } from '../contract/history.ts';
import type { FoundIncident, HistoryFacts, IncidentFilter, RecentMinute, RollupFigures, RollupRange, StoredIncident, StoredRollup, TimeSum } from '../domain/history-rows.ts';
import { countRow, healRow, longestRow, readIncidents, readFigures, readMinutes, readOpenIncidents, readRollups, readSums, timeRow } from './history-rows.ts';
import { COLUMNS, createStatement } from './journal-schema.ts';

type Values = readonly (string | number)[];

/** Every service that was ever measured, from one end of the index to the next: a DISTINCT would read all of it. */
export const MEASURED = `WITH RECURSIVE measured(id) AS (
  SELECT min(service) FROM rollup UNION ALL SELECT (SELECT min(service) FROM rollup WHERE service > measured.id) FROM measured WHERE measured.id IS NOT NULL)`;

const RANGE = 'resolution = ? AND start >= ? AND start < ?';
const inSeconds = ({ resolution, fromMs, toMs }: Omit<RollupRange, 'service'>): Values => [resolution, fromMs / 1_000, toMs / 1_000];

export const rollups = (database: Database.Database, range: RollupRange): RollupFigures[] =>
  readFigures(database.prepare(`SELECT start, count, failures, p50, p95, max, up, down FROM rollup WHERE service = ? AND ${RANGE} ORDER BY start`).all(range.service, ...inSeconds(range)));

/** Asked three times a service when Upkeep begins. */
const selectRollup = createStatement(`SELECT ${COLUMNS.rollup.join(', ')} FROM rollup WHERE service = ? AND resolution = ? AND start = ?`);
export const rollup = (database: Database.Database, service: string, resolution: Resolution, startMs: number): StoredRollup | null =>
  readRollups(selectRollup(database).all(service, resolution, startMs / 1_000))[0] ?? null;

export const minutes = (database: Database.Database, { service, fromMs, toMs }: Omit<RollupRange, 'resolution'>): RecentMinute[] =>
  readMinutes(database.prepare(`SELECT start, up, down, p50 FROM rollup WHERE service = ? AND ${RANGE} ORDER BY start`).all(service, ...inSeconds({ resolution: 'minute', fromMs, toMs })));

export function sums(database: Database.Database, { service, ...range }: Omit<RollupRange, 'service'> & { readonly service: string | null }): TimeSum[] {
  const sum = 'sum(up) AS up, sum(down) AS down FROM';
  return readSums(service === null
    ? database.prepare(`${MEASURED} SELECT service, ${sum} measured CROSS JOIN rollup ON service = measured.id AND ${RANGE} GROUP BY service`).all(...inSeconds(range))
    : database.prepare(`SELECT service, ${sum} rollup WHERE service = ? AND ${RANGE} GROUP BY service`).all(service, ...inSeconds(range)));
}

const INCIDENT = `SELECT ${COLUMNS.incident.join(', ')}, (SELECT count(*) FROM heal WHERE heal.incident = incident.id) AS heals FROM incident`;

/** Those that began in the time, and those that began before it and were under way in it: two ranges of two indexes; the plus keeps SQLite at the second one. */
export function incidents(database: Database.Database, { service, sinceMs, beforeMs, limit }: IncidentFilter): FoundIncident[] {
  const ofService = service === undefined ? '' : 'service = ? AND';
  const about = service === undefined ? [] : [service];
  const until = beforeMs ?? Number.MAX_SAFE_INTEGER;
  const newest = 'ORDER BY began DESC LIMIT ?';
  if (sinceMs === undefined) return readIncidents(database.prepare(`${INCIDENT} WHERE ${ofService} began < ? ${newest}`).all(...about, until, limit));
  const found = (condition: string, began = 'began'): string => `SELECT * FROM (SELECT id, began FROM incident WHERE ${ofService} ${condition} AND ${began} < ? ORDER BY ${began} DESC LIMIT ?)`;
  const ids = `SELECT id FROM (${[found('began >= ?'), found('ended >= ?', '+began'), found('ended IS NULL', '+began')].join(' UNION ALL ')}) ${newest}`;
  const earlier = Math.min(sinceMs, until);
  return readIncidents(database.prepare(`${INCIDENT} WHERE id IN (${ids}) ORDER BY began DESC`)
    .all(...about, sinceMs, until, limit, ...about, sinceMs, earlier, limit, ...about, earlier, limit, limit));
}

export const incident = (database: Database.Database, id: string): FoundIncident | null => readIncidents(database.prepare(`${INCIDENT} WHERE id = ?`).all(id))[0] ?? null;

export const openIncidents = (database: Database.Database): StoredIncident[] =>
  readOpenIncidents(database.prepare(`SELECT ${COLUMNS.incident.join(', ')} FROM incident WHERE ended IS NULL`).all());

function count(database: Database.Database, sql: string, values: Values): number {
  return countRow.parse(database.prepare(sql).all(...values)[0]).count;
}

export function countIncidents(database: Database.Database, service: string | null, sinceMs: number): number {
  if (service !== null) return count(database, `SELECT count(*) AS count FROM incident WHERE service = ? AND (ended >= ? OR ended IS NULL)`, [service, sinceMs]);
  return count(database, 'SELECT count(*) AS count FROM incident WHERE ended >= ?', [sinceMs]) + count(database, 'SELECT count(*) AS count FROM incident WHERE ended IS NULL', []);
}

export function facts(database: Database.Database, service: string | null, sinceMs: number): HistoryFacts {
  const ofService = service === null ? '' : 'service = ? AND';
  const about = service === null ? [] : [service];
  const underWay = (ended: string): string => `SELECT service, began, detected, ended, outcome, down FROM incident WHERE ${ofService} ${ended}`;
  // The columns beside max() are those of the row that has it.
  const troubles = longestRow.parse(database.prepare(`
    SELECT avg(detected - began) AS detect, avg(CASE WHEN outcome = 'healed' THEN down END) AS heal, max(down) AS down, service, began, ended
    FROM (${underWay('ended >= ?')} UNION ALL ${underWay('ended IS NULL')})
  `).all(...about, sinceMs, ...about)[0]);
  const heals = database.prepare(`
    SELECT manager, cause, count(*) AS total, sum(result = 'fixed') AS fixed FROM heal WHERE ${ofService} ended >= ? AND result IN ('fixed', 'not-fixed', 'refused') GROUP BY manager, cause
  `).all(...about, sinceMs);
  const { down, service: where, began, ended, detect, heal } = troubles;
  return {
    meanDetectMs: detect, meanHealMs: heal,
    longest: where === null || began === null || down === null ? null : { service: where, beganMs: began, downMs: down, open: ended === null },
    heals: heals.map((row) => healRow.parse(row)),
    alerts: count(database, `SELECT count(*) AS count FROM event WHERE ${ofService} ${service === null ? 'type' : '+type'} = 'alert.raised' AND at >= ?`, [...about, new Date(sinceMs).toISOString()]),
  };
}

export function oldestEventMs(database: Database.Database): number | null {
  const row = timeRow.safeParse(database.prepare('SELECT at FROM event ORDER BY at LIMIT 1').all()[0]);
  return row.success ? Date.parse(row.data.at) : null;
}

export const knows = (database: Database.Database, service: string): boolean => count(database, `
  SELECT EXISTS (SELECT 1 FROM rollup WHERE service = ?) OR EXISTS (SELECT 1 FROM event WHERE service = ?) OR EXISTS (SELECT 1 FROM incident WHERE service = ?) AS count
`, [service, service, service]) === 1;
