// Writes the history of a running supervisor: hears of every change of a service and of every second, and knows what no table has yet.
// Judges nothing; costs a few additions a round and one transaction a minute.
import type { HistoryConfiguration } from './contract/configuration.ts';
import type { Resolution } from './contract/history.ts';
import type { MonoMs } from './contract/reason.ts';
import type { Change } from './domain/incident-record.ts';
import type { StoredRollup } from './domain/history-rows.ts';
import { livenessOf } from './domain/liveness.ts';
import { DAY_MS, MINUTE_MS, startOf, type Tally } from './domain/rollup.ts';
import type { CheckRecord, Pause } from './domain/state.ts';
import { createIncidentKeeper } from './incident-keeper.ts';
import type { Clock, HistoryStore, Now, Stop } from './ports.ts';
import { createRecentDay, type RecentDay } from './recent-day.ts';
import { createTimekeeper } from './timekeeper.ts';

/** The last day of one service is read into memory, then the next one's, so that nothing waits for all of them. */
const READ_AHEAD_MS = 20;
const FIRST_PRUNING_MS = 60_000;
const PRUNING_MS = 3_600_000;
/** Incidents that last are written this often at most for those who ask. */
const KEPT_FOR_MS = 1_000;
/** Between two steps of one pruning. */
const PRUNING_STEP_MS = 250;

/** What is known now and stands in no table yet. */
export interface LiveHistory {
  /** Counts until now. Call it before the others. */
  refresh(): void;
  services(): readonly string[];
  /** Its running minute, hour and day, or those asked for; those of which something is known. */
  running(service: string, resolutions?: readonly Resolution[]): StoredRollup[];
  /** How much of one of them it was up and down. */
  time(service: string, resolution: Resolution): Pick<Tally, 'upMs' | 'downMs'>;
  recent(service: string): RecentDay;
  /** Resolves when every service's last day is in memory; what else there is to do is done in between. */
  ready(): Promise<void>;
}

export interface HistoryRecorder {
  readonly live: LiveHistory;
  /** Supervision of these services begins. */
  begin(ids: readonly string[]): void;
  /** Call it after every change of a service. */
  observed(change: Omit<Change, 'now'>, pauseOfAll: Pause | null): void;
  /** Once a second. */
  beat(): void;
  /** No longer in services.json. */
  left(service: string): void;
  configure(policy: HistoryConfiguration): void;
  policy(): HistoryConfiguration;
  /** Writes what is not written yet. */
  end(): void;
}

const slowest = (records: readonly CheckRecord[]): number | null =>
  records.reduce<number | null>((longest, { latencyMs }) => (latencyMs === null || (longest !== null && longest >= latencyMs) ? longest : latencyMs), null);

export function createHistoryRecorder({ clock, store, policy: firstPolicy }: { readonly clock: Clock; readonly store: HistoryStore; readonly policy: HistoryConfiguration }): HistoryRecorder {
  let policy = firstPolicy;
  const recents = new Map<string, RecentDay>();
  const incidents = createIncidentKeeper(store);
  let stopReading: Stop = () => undefined;
  let stopPruning: Stop = () => undefined;
  let keptAt: MonoMs | null = null;

  const timekeeper = createTimekeeper({
    recall: store.rollup,
    lost: incidents.lost,
    minuteIsOver(rollups) {
      store.write({ rollups });
      for (const { service, resolution, startMs, upMs, downMs, p50Ms } of rollups) {
        if (resolution === 'minute') recents.get(service)?.put({ index: startMs / MINUTE_MS, upMs, downMs, p50Ms });
      }
    },
  });

  function recent(service: string): RecentDay {
    const known = recents.get(service);
    if (known !== undefined) return known;
    const day = createRecentDay();
    const minuteMs = startOf(clock.now().wall, 'minute');
    for (const minute of store.minutes({ service, fromMs: minuteMs - DAY_MS, toMs: minuteMs })) day.put(minute);
    recents.set(service, day);
    return day;
  }
  /** false: all of them have been. */
  function readNext(): boolean {
    const next = [...timekeeper.services()].find((service) => !recents.has(service));
    if (next !== undefined) recent(next);
    return next !== undefined;
  }
  function readAhead(): void {
    stopReading = clock.after(READ_AHEAD_MS, () => { if (readNext()) readAhead(); });
  }
  function pruneIn(delayMs: number): void {
    stopPruning = clock.after(delayMs, () => { pruneIn(store.prune(policy, clock.now().wall) ? PRUNING_STEP_MS : PRUNING_MS); });
  }

  function keep(now: Now): void {
    keptAt = now.mono;
    incidents.keep(now);
  }

  const self: HistoryRecorder = {
    live: {
      refresh() {
        const now = clock.now();
        timekeeper.pass(now);
        timekeeper.countAll(now);
        if (keptAt === null || now.mono - keptAt >= KEPT_FOR_MS) keep(now);
      },
      services: () => [...timekeeper.services()],
      running: timekeeper.running, time: timekeeper.time,
      recent,
      async ready() {
        while (readNext()) await new Promise((resolve) => { setImmediate(resolve); });
      },
    },
    begin(ids) {
      const now = clock.now();
      timekeeper.pass(now);
      for (const id of ids) timekeeper.becomes(id, 'unknown', now);
      incidents.begin(ids, now);
      readAhead();
      pruneIn(FIRST_PRUNING_MS);
    },
    observed(change, pauseOfAll) {
      const { configuration: { id }, before, after, happened } = change;
      const now = clock.now();
      timekeeper.pass(now);
      if (happened.type === 'round-ended' && happened.generation === before.generation && !before.stopped && happened.verdict.verdict !== 'unknown') {
        timekeeper.round(id, happened.verdict.verdict === 'down', slowest(happened.records), now);
      }
      if (before === after) return;
      const liveness = livenessOf(after, pauseOfAll);
      if (timekeeper.becomes(id, liveness, now) !== 'down' && liveness === 'down') incidents.outageBegan(id);
      // Ordinary rounds change nothing an incident or a heal could be about, and are by far the most.
      if (before.incident !== after.incident || before.intent !== after.intent || happened.type === 'restored') incidents.observed({ ...change, now });
    },
    beat() {
      const now = clock.now();
      timekeeper.pass(now);
      if (keptAt === null || now.mono - keptAt >= MINUTE_MS || incidents.waiting()) keep(now);
    },
    left(service) {
      const now = clock.now();
      timekeeper.pass(now);
      timekeeper.countAll(now);
      store.write({ rollups: timekeeper.running(service) });
      timekeeper.forget(service);
      recents.delete(service);
      incidents.left(service, now);
    },
    configure(next) {
      policy = next;
    },
    policy: () => policy,
    end() {
      stopReading();
      stopPruning();
      const now = clock.now();
      timekeeper.pass(now);
      timekeeper.countAll(now);
      store.write({ rollups: [...timekeeper.services()].flatMap((service) => timekeeper.running(service)) });
      incidents.keep(now);
    },
  };
  return self;
}
