// Rows of the history on their way into their tables: one a key, the newest, until they could be written. Bounded.
import type { HistoryRows, RollupRange, StoredHeal, StoredIncident, StoredRollup } from '../domain/history-rows.ts';

/** Many hours of 50 services. */
const MOST_ROLLUPS = 50_000;
const MOST_INCIDENTS = 10_000;

export interface WaitingRows {
  add(rows: HistoryRows): void;
  /** At most so many of them, those that wait the longest. */
  oldest(most: number): Required<HistoryRows>;
  /** These are written. */
  drop(rows: Required<HistoryRows>): void;
  size(): number;
  clear(): void;
  /** Of these buckets those that wait. */
  rollups(range: RollupRange): StoredRollup[];
}

function keep<Row>(rows: Map<string, Row>, key: string, row: Row, most: number): void {
  // The newest stand last, whatever waits the longest goes first.
  rows.delete(key);
  rows.set(key, row);
  const [oldest] = rows.keys();
  if (rows.size > most && oldest !== undefined) rows.delete(oldest);
}

const keyOf = ({ service, resolution, startMs }: StoredRollup): string => `${service} ${resolution} ${startMs}`;

function first<Row>(rows: ReadonlyMap<string, Row>, most: number): Row[] {
  const some: Row[] = [];
  for (const row of rows.values()) {
    if (some.length === most) break;
    some.push(row);
  }
  return some;
}

export function createWaitingRows(): WaitingRows {
  const rollups = new Map<string, StoredRollup>();
  const incidents = new Map<string, StoredIncident>();
  const heals = new Map<string, StoredHeal>();
  return {
    add(rows) {
      for (const row of rows.rollups ?? []) keep(rollups, keyOf(row), row, MOST_ROLLUPS);
      for (const row of rows.incidents ?? []) keep(incidents, row.id, row, MOST_INCIDENTS);
      for (const row of rows.heals ?? []) keep(heals, row.attempt, row, MOST_INCIDENTS);
    },
    oldest(most) {
      const some = { incidents: first(incidents, most), heals: first(heals, most) };
      return { ...some, rollups: first(rollups, Math.max(0, most - some.incidents.length - some.heals.length)) };
    },
    drop(rows) {
      for (const { id } of rows.incidents) incidents.delete(id);
      for (const { attempt } of rows.heals) heals.delete(attempt);
      for (const row of rows.rollups) rollups.delete(keyOf(row));
    },
    size: () => rollups.size + incidents.size + heals.size,
    clear() {
      rollups.clear();
      incidents.clear();
      heals.clear();
    },
    rollups: ({ service, resolution, fromMs, toMs }) =>
      [...rollups.values()].filter((row) => row.service === service && row.resolution === resolution && row.startMs >= fromMs && row.startMs < toMs),
  };
}
