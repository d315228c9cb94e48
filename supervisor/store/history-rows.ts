// Rows of the history's tables, written and read. Beginnings of buckets are seconds in the file and milliseconds everywhere else.
import type Database from 'libsql';
import * as z from 'zod';
import { SEVERITIES } from '../contract/configuration.ts';
import { incidentSchema, resolutionSchema } from '../contract/history.ts';
import type { FoundIncident, HistoryRows, RecentMinute, StoredIncident, StoredRollup, TimeSum } from '../domain/history-rows.ts';
import { COLUMNS, createStatement } from './journal-schema.ts';

const places = (columns: readonly string[]): string => columns.map(() => '?').join(', ');
const insertInto = (table: keyof typeof COLUMNS, how = 'INSERT OR REPLACE'): string => `${how} INTO ${table} (${COLUMNS[table].join(', ')}) VALUES (${places(COLUMNS[table])})`;

/** An incident keeps its beginning, and what was once counted of it. */
const writeIncident = createStatement(`${insertInto('incident', 'INSERT')} ON CONFLICT (id) DO UPDATE SET ended = excluded.ended, outcome = excluded.outcome, down = max(down, excluded.down)`);
const writeRollup = createStatement(insertInto('rollup'));
const writeHeal = createStatement(insertInto('heal'));

/** Within a transaction of the caller. */
export function writeRows(database: Database.Database, { rollups, incidents, heals }: Required<HistoryRows>): void {
  const rollup = writeRollup(database);
  for (const { service, resolution, startMs, count, failures, p50Ms, p95Ms, maxMs, upMs, downMs, latencies } of rollups) {
    rollup.run(service, resolution, startMs / 1_000, count, failures, p50Ms, p95Ms, maxMs, Math.round(upMs), Math.round(downMs), latencies);
  }
  const incident = writeIncident(database);
  for (const { id, service, severity, beganMs, detectedMs, endedMs, outcome, symptom, downMs } of incidents) {
    incident.run(id, service, severity, beganMs, detectedMs, endedMs, outcome, symptom, Math.round(downMs));
  }
  const heal = writeHeal(database);
  for (const row of heals) heal.run(row.attempt, row.service, row.by, row.manager, row.cause, row.beganMs, row.endedMs, row.result, row.incident);
}

const number = z.number();
const latency = number.nullable();

const rollupRow = z.object({
  service: z.string(), resolution: resolutionSchema, start: number, count: number, failures: number, p50: latency, p95: latency, max: latency, up: number, down: number, latencies: z.string(),
}).transform(({ start, p50, p95, max, up, down, ...same }): StoredRollup => ({ ...same, startMs: start * 1_000, p50Ms: p50, p95Ms: p95, maxMs: max, upMs: up, downMs: down }));

const minuteRow = z.object({ start: number, up: number, down: number, p50: latency })
  .transform(({ start, up, down, p50 }): RecentMinute => ({ index: start / 60, upMs: up, downMs: down, p50Ms: p50 }));

const sumRow = z.object({ service: z.string(), up: number, down: number }).transform(({ service, up, down }): TimeSum => ({ service, upMs: up, downMs: down }));

const incidentColumns = z.object({
  id: z.string(), service: z.string(), severity: z.enum(SEVERITIES), began: number, detected: number, ended: number.nullable(), outcome: incidentSchema.shape.outcome, symptom: z.string(), down: number,
});
const stored = ({ began, detected, ended, down, ...same }: z.output<typeof incidentColumns>): StoredIncident => ({ ...same, beganMs: began, detectedMs: detected, endedMs: ended, downMs: down });
const openIncidentRow = incidentColumns.transform(stored);
const incidentRow = incidentColumns.extend({ heals: number }).transform(({ heals, ...row }): FoundIncident => ({ ...stored(row), heals }));

const all = <Row>(schema: z.ZodType<Row>) => (rows: readonly unknown[]): Row[] => rows.flatMap((row) => {
  const { success, data } = schema.safeParse(row);
  // A row of a later version.
  return success ? [data] : [];
});
export const readRollups = all(rollupRow);
export const readMinutes = all(minuteRow);
export const readSums = all(sumRow);
export const readIncidents = all(incidentRow);
export const readOpenIncidents = all(openIncidentRow);

export const longestRow = z.object({ service: z.string().nullable(), began: latency, ended: latency, down: latency, detect: latency, heal: latency });
export const healRow = z.object({ manager: z.string(), cause: z.string(), total: number, fixed: number });
export const countRow = z.object({ count: number });
export const timeRow = z.object({ at: z.string() });
export const oldEventRow = z.object({ id: number, at: z.string() });
