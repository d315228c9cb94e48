// Answers what the history is asked: from the tables, and, while Upkeep runs, with what stands in no table yet.
// Changes nothing. Without a running instance the tables are all there is.
import type { HistoryConfiguration } from './contract/configuration.ts';
import { WINDOWS, type Bucket, type Incident, type Overview, type Series, type Statistics } from './contract/history.ts';
import type { FoundIncident, IncidentFilter, TimeSum } from './domain/history-rows.ts';
import { DAY_MS, measured, MINUTE_MS, startOf } from './domain/rollup.ts';
import { availabilityOf, resolutionFor, spansOf, statisticsOf, WINDOW_MS, type KeptMs, type Span, type WindowFacts } from './domain/statistics.ts';
import type { LiveHistory } from './history-recorder.ts';
import type { HistoryTables } from './ports.ts';

/** Most buckets of one series. */
const MOST_BUCKETS = 2_000;

export interface HistoryReaderParts {
  readonly store: HistoryTables;
  /** null: nobody supervises. */
  readonly live: LiveHistory | null;
  policy(): HistoryConfiguration;
  nowMs(): number;
}

export interface HistoryReader {
  /** Resolves when questions about all services can be answered at once; what else there is to do is done in between. */
  ready(): Promise<void>;
  overview(services: readonly string[]): Overview;
  series(service: string, fromMs: number, toMs: number): Series;
  /** null: of all services. */
  statistics(service: string | null): Statistics;
  incidents(filter: IncidentFilter): Incident[];
  incident(id: string): Incident | null;
}

const iso = (ms: number): string => new Date(ms).toISOString();

const toIncident = ({ id, service, severity, beganMs, detectedMs, endedMs, outcome, symptom, heals }: FoundIncident): Incident =>
  ({ id, service, severity, began: iso(beganMs), detected: iso(detectedMs), ended: endedMs === null ? null : iso(endedMs), outcome, symptom, heals });

export function createHistoryReader({ store, live, policy, nowMs }: HistoryReaderParts): HistoryReader {
  const kept = (): KeptMs => ({ minute: policy().minutesMs, hour: policy().hoursMs, day: policy().daysMs });
  /** The moment everything in an answer is about. */
  const moment = (): number => {
    live?.refresh();
    return nowMs();
  };

  /** Buckets that still run are taken from memory, where a service has them there. */
  function sums(service: string | null, { resolution, fromMs, toMs }: Span, now: number): TimeSum[] {
    const runningMs = startOf(now, resolution);
    if (live === null || toMs <= runningMs) return store.sums({ service, resolution, fromMs, toMs });
    const running = live.services().filter((id) => service === null || id === service).map((id) => ({ service: id, ...live.time(id, resolution) }));
    const inMemory = new Set(live.services());
    return [
      ...store.sums({ service, resolution, fromMs, toMs: runningMs }),
      ...store.sums({ service, resolution, fromMs: runningMs, toMs }).filter((row) => !inMemory.has(row.service)), ...running,
    ];
  }

  /** The last 24 hours to the minute; of a running instance from memory. */
  function lastDay(service: string | null, now: number): TimeSum[] {
    const endMs = startOf(now, 'minute') + MINUTE_MS;
    const remembered = live === null ? [] : live.services().filter((id) => service === null || id === service);
    if (live === null || (service !== null && remembered.length === 0)) return store.sums({ service, resolution: 'minute', fromMs: endMs - DAY_MS, toMs: endMs });
    return remembered.map((id) => ({ service: id, ...total(partsOf(live, id, now)) }));
  }

  function windowFacts(window: WindowFacts['window'], service: string | null, now: number): WindowFacts {
    const incidents = store.countIncidents(service, now - WINDOW_MS[window]);
    if (window === '24h') return { window, incidents, spanMs: now - (startOf(now, 'minute') + MINUTE_MS - DAY_MS), sums: lastDay(service, now) };
    const spans = spansOf(now - WINDOW_MS[window], now, kept());
    return { window, incidents, spanMs: now - (spans[0]?.fromMs ?? now), sums: spans.flatMap((span) => sums(service, span, now)) };
  }

  return {
    async ready() {
      await live?.ready();
    },
    overview(services) {
      const now = moment();
      return { at: iso(now), services: live === null ? [] : services.map((service) => atAGlance(live, service, now)) };
    },
    series(service, fromMs, toMs) {
      const now = moment();
      const resolution = resolutionFor(fromMs, toMs, now, kept(), MOST_BUCKETS);
      const rows = store.rollups({ service, resolution, fromMs: Math.max(startOf(fromMs, resolution), startOf(now, resolution) - kept()[resolution]), toMs });
      const running = live?.running(service, [resolution]).filter(({ startMs }) => startMs >= startOf(fromMs, resolution) && startMs < toMs) ?? [];
      const finished = rows.filter((row) => running.every(({ startMs }) => startMs !== row.startMs));
      const buckets = [...finished, ...running].map((row): Bucket => ({ at: iso(row.startMs), ...measured(row, resolution, now) }));
      return { service, resolution, from: iso(fromMs), to: iso(toMs), buckets };
    },
    statistics(service) {
      const now = moment();
      const sinceMs = now - WINDOW_MS['90d'];
      return statisticsOf({
        service, nowMs: now, sinceMs, iso, oldestEventMs: store.oldestEventMs(), facts: store.facts(service, sinceMs),
        windows: WINDOWS.map((window) => windowFacts(window, service, now)),
      });
    },
    incidents(filter) {
      moment();
      return store.incidents(filter).map(toIncident);
    },
    incident(id) {
      moment();
      const found = store.incident(id);
      return found === null ? null : toIncident(found);
    },
  };
}

const NOT_KNOWN = { up: 0, down: 0 };

type Part = Pick<TimeSum, 'upMs' | 'downMs'>;

function total(parts: readonly Part[]): Part {
  const all = { upMs: 0, downMs: 0 };
  for (const { upMs, downMs } of parts) {
    all.upMs += upMs;
    all.downMs += downMs;
  }
  return all;
}

function partsOf(live: LiveHistory, service: string, now: number): Part[] {
  return live.recent(service).parts(startOf(now, 'minute') / MINUTE_MS, live.time(service, 'minute'));
}

function atAGlance(live: LiveHistory, service: string, now: number): Overview['services'][number] {
  const parts = partsOf(live, service, now);
  const { upMs, downMs } = total(parts);
  const [running] = live.running(service, ['minute']);
  return {
    service, availability: availabilityOf(upMs, downMs),
    bar: parts.map((part) => {
      const up = availabilityOf(part.upMs, part.downMs);
      return up === null ? NOT_KNOWN : { up, down: 1 - up };
    }),
    latencyMs: live.recent(service).medians(startOf(now, 'minute') / MINUTE_MS, running?.p50Ms ?? null),
  };
}
