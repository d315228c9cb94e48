// Rows of the history's tables, written and read. Beginnings of buckets are seconds in the file and milliseconds everywhere else.
import type Database from 'libsql';
import * as z from 'zod';
import { SEVERITIES } from '../contract/configuration.ts';
import { incidentSchema, resolutionSchema } from '../contract/history.ts';
import type { FoundIncident, HistoryRows, RecentMinute, RollupFigures, StoredIncident, StoredRollup, TimeSum } from '../domain/history-rows.ts';
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

const figures = { start: number, count: number, failures: number, p50: latency, p95: latency, max: latency, up: number, down: number };
const figuresRow = z.object(figures);
const rollupRow = z.object({ ...figures, service: z.string(), resolution: resolutionSchema, latencies: z.string() });
const minuteRow = z.object({ start: number, up: number, down: number, p50: latency });
const sumRow = z.object({ service: z.string(), up: number, down: number });
const incidentRow = z.object({
  id: z.string(), service: z.string(), severity: z.enum(SEVERITIES), began: number, detected: number, ended: number.nullable(), outcome: incidentSchema.shape.outcome, symptom: z.string(), down: number,
});
const foundIncidentRow = incidentRow.extend({ heals: number });

const toFigures = ({ start, count, failures, p50, p95, max, up, down }: z.output<typeof figuresRow>): RollupFigures =>
  ({ startMs: start * 1_000, count, failures, p50Ms: p50, p95Ms: p95, maxMs: max, upMs: up, downMs: down });
const toIncident = ({ began, detected, ended, down, ...same }: z.output<typeof incidentRow>): StoredIncident => ({ ...same, beganMs: began, detectedMs: detected, endedMs: ended, downMs: down });

/** Rows of a later version are passed over. Not with zod's `transform`: it takes fifty times as long as checking them. */
const each = <Row, Read>(schema: z.ZodType<Row>, read: (row: Row) => Read) => (rows: readonly unknown[]): Read[] => rows.flatMap((row) => {
  const { success, data } = schema.safeParse(row);
  return success ? [read(data)] : [];
});
export const readFigures = each(figuresRow, toFigures);
export const readRollups = each(rollupRow, (row): StoredRollup => ({ ...toFigures(row), service: row.service, resolution: row.resolution, latencies: row.latencies }));
export const readMinutes = each(minuteRow, ({ start, up, down, p50 }): RecentMinute => ({ index: start / 60, upMs: up, downMs: down, p50Ms: p50 }));
export const readSums = each(sumRow, ({ service, up, down }): TimeSum => ({ service, upMs: up, downMs: down }));
export const readIncidents = each(foundIncidentRow, ({ heals, ...row }): FoundIncident => ({ ...toIncident(row), heals }));
export const readOpenIncidents = each(incidentRow, toIncident);

export const longestRow = z.object({ service: z.string().nullable(), began: latency, ended: latency, down: latency, detect: latency, heal: latency });
export const healRow = z.object({ manager: z.string(), cause: z.string(), total: number, fixed: number });
export const countRow = z.object({ count: number });
export const timeRow = z.object({ at: z.string() });
export const oldEventRow = z.object({ id: number, at: z.string() });
