// From sums and counts to the figures people read: availability in four windows, how fast trouble is noticed and healed.
// Adds up what it is given; reads no table.
import type { HealSuccess, Resolution, Statistics, StatisticsWindow } from '../contract/history.ts';
import type { HistoryFacts, TimeSum } from './history-rows.ts';
import { DAY_MS, LENGTH_MS, startOf } from './rollup.ts';

export const WINDOW_MS: Readonly<Record<StatisticsWindow, number>> = { '24h': DAY_MS, '7d': 7 * DAY_MS, '30d': 30 * DAY_MS, '90d': 90 * DAY_MS };
const WEEK_MS = 7 * DAY_MS;
const RESOLUTIONS: readonly Resolution[] = ['minute', 'hour', 'day'];

/** How long buckets of each length are kept, in milliseconds. */
export type KeptMs = Readonly<Record<Resolution, number>>;

/** Buckets from `fromMs` (inclusive) to `toMs` (exclusive), both beginnings of buckets. */
export interface Span { readonly resolution: Resolution; readonly fromMs: number; readonly toMs: number }

/** The finest buckets that are kept for all of the time from then to now. */
export const finestKept = (fromMs: number, nowMs: number, kept: KeptMs): Resolution => RESOLUTIONS.find((resolution) => fromMs >= nowMs - kept[resolution]) ?? 'day';

/**
 * Which buckets, added up, are the time from `fromMs` to now: as few as possible, so days where whole days fit.
 * Where fine ones are not kept any more it begins a little earlier, with the bucket that holds `fromMs`.
 */
export function spansOf(fromMs: number, nowMs: number, kept: KeptMs): Span[] {
  const finest = finestKept(fromMs, nowMs, kept) === 'day' ? 'day' : 'hour';
  const beginMs = startOf(fromMs, finest);
  const daysFromMs = startOf(beginMs + DAY_MS - 1, 'day');
  const endMs = startOf(nowMs, 'day') + DAY_MS;
  const spans: Span[] = [
    { resolution: 'hour', fromMs: beginMs, toMs: Math.min(daysFromMs, endMs) },
    { resolution: 'day', fromMs: daysFromMs, toMs: endMs },
  ];
  return spans.filter((span) => span.fromMs < span.toMs);
}

/** The finest resolution that is kept for all of it and gives at most `most` buckets; days when none does. */
export function resolutionFor(fromMs: number, toMs: number, nowMs: number, kept: KeptMs, most: number): Resolution {
  const fits = (resolution: Resolution): boolean =>
    fromMs >= nowMs - kept[resolution] && Math.ceil(toMs / LENGTH_MS[resolution]) - Math.floor(fromMs / LENGTH_MS[resolution]) <= most;
  return RESOLUTIONS.find(fits) ?? 'day';
}

/** What is known of one window. `spanMs` of each service has passed in it. */
export interface WindowFacts { readonly window: StatisticsWindow; readonly spanMs: number; readonly sums: readonly TimeSum[]; readonly incidents: number }

export const availabilityOf = (upMs: number, downMs: number): number | null => (upMs + downMs === 0 ? null : upMs / (upMs + downMs));

function windowStatistics({ window, spanMs, sums, incidents }: WindowFacts): Statistics['windows'][number] {
  const upMs = sums.reduce((total, one) => total + one.upMs, 0);
  const downMs = sums.reduce((total, one) => total + one.downMs, 0);
  // A service of which nothing is known at all is one of which all is unknown; for all together there is no such service.
  const passedMs = spanMs * Math.max(1, new Set(sums.map(({ service }) => service)).size);
  return { window, availability: availabilityOf(upMs, downMs), up: upMs / 1_000, down: downMs / 1_000, unknown: Math.max(0, passedMs - upMs - downMs) / 1_000, incidents };
}

function successBy(name: 'manager' | 'cause', heals: HistoryFacts['heals']): HealSuccess[] {
  const totals = new Map<string, HealSuccess>();
  for (const heal of heals) {
    const before = totals.get(heal[name]) ?? { name: heal[name], total: 0, fixed: 0 };
    totals.set(heal[name], { ...before, total: before.total + heal.total, fixed: before.fixed + heal.fixed });
  }
  return [...totals.values()].sort((a, b) => b.total - a.total || (a.name < b.name ? -1 : 1));
}

export interface StatisticsFacts {
  /** null: all services. */
  readonly service: string | null;
  readonly nowMs: number;
  /** From when on `facts` are. */
  readonly sinceMs: number;
  /** null: nothing has happened yet. */
  readonly oldestEventMs: number | null;
  readonly windows: readonly WindowFacts[];
  readonly facts: HistoryFacts;
  /** A time as the contract has it. */
  readonly iso: (ms: number) => string;
}

export function statisticsOf({ service, nowMs, sinceMs, oldestEventMs, windows, facts, iso }: StatisticsFacts): Statistics {
  const { heals, longest, alerts } = facts;
  const count = (key: 'total' | 'fixed'): number => heals.reduce((total, heal) => total + heal[key], 0);
  // One alert in the first hour of a history is one a week, not 168.
  const weeks = Math.max(1, (nowMs - Math.max(sinceMs, oldestEventMs ?? nowMs)) / WEEK_MS);
  return {
    service, at: iso(nowMs), windows: windows.map(windowStatistics),
    meanTimeToDetectMs: facts.meanDetectMs, meanTimeToHealMs: facts.meanHealMs,
    longestOutage: longest === null ? null : { service: longest.service, began: iso(longest.beganMs), ms: longest.downMs, open: longest.open },
    heals: { total: count('total'), fixed: count('fixed'), byManager: successBy('manager', heals), byCause: successBy('cause', heals) },
    alertsPerWeek: alerts / weeks,
  };
}
