// What the history keeps in its tables: measurements rolled up, incidents, heals; and what is asked of them. Types only.
// Times are milliseconds since 1970 on the wall clock: history is looked up by date.
import type { Severity } from '../contract/configuration.ts';
import type { Incident, Resolution } from '../contract/history.ts';
import type { HealResult } from '../contract/reason.ts';
import type { Actor } from './state.ts';

/** What was measured in one minute, hour or day (UTC). */
export interface RollupFigures {
  readonly startMs: number;
  readonly count: number;
  readonly failures: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly maxMs: number | null;
  readonly upMs: number;
  readonly downMs: number;
}
/** The same with whose it is and what it needs to go on. */
export interface StoredRollup extends RollupFigures {
  readonly service: string;
  readonly resolution: Resolution;
  /** As histogram.ts writes it; empty once the bucket is over. */
  readonly latencies: string;
}

export interface StoredIncident {
  readonly id: string;
  readonly service: string;
  readonly severity: Severity;
  readonly beganMs: number;
  readonly detectedMs: number;
  /** null: it lasts. */
  readonly endedMs: number | null;
  readonly outcome: Incident['outcome'];
  readonly symptom: string;
  /** How long it was down in it, as far as that is known: time asleep is in begin and end, but not in here. */
  readonly downMs: number;
}
/** `heals`: how many were tried. */
export interface FoundIncident extends StoredIncident { readonly heals: number }

/** A heal of something that failed. */
export interface StoredHeal {
  readonly attempt: string;
  readonly service: string;
  readonly by: Actor;
  readonly manager: string;
  readonly cause: string;
  readonly beganMs: number;
  readonly endedMs: number;
  readonly result: HealResult['kind'];
  /** null: it was not sure yet that the service was down. */
  readonly incident: string | null;
}

export interface HistoryRows {
  readonly rollups?: readonly StoredRollup[];
  readonly incidents?: readonly StoredIncident[];
  readonly heals?: readonly StoredHeal[];
}

export interface RollupRange {
  readonly service: string;
  readonly resolution: Resolution;
  /** The bucket's beginning: inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
}
/** Of one service in a range of buckets. */
export interface TimeSum { readonly service: string; readonly upMs: number; readonly downMs: number }

export interface IncidentFilter {
  readonly service?: string;
  /** Under way at or after this. */
  readonly sinceMs?: number;
  /** Begun before this. */
  readonly beforeMs?: number;
  readonly limit: number;
}

/** What statistics are made of, besides time up and down. Of one service or of all, since a moment. */
export interface HistoryFacts {
  readonly meanDetectMs: number | null;
  readonly meanHealMs: number | null;
  readonly longest: { readonly service: string; readonly beganMs: number; readonly downMs: number; readonly open: boolean } | null;
  readonly heals: readonly { readonly manager: string; readonly cause: string; readonly total: number; readonly fixed: number }[];
  readonly alerts: number;
}

/** One minute that is over, for an overview. `index`: whole minutes since 1970. */
export interface RecentMinute { readonly index: number; readonly upMs: number; readonly downMs: number; readonly p50Ms: number | null }
