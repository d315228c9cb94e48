// Makes a year of history, opens it as a running instance does, and tells how long each read of the panel takes.
import { statSync } from 'node:fs';
import type { MonoMs, WallMs } from '../../supervisor/contract/reason.ts';
import { createHistoryHandlers } from '../../supervisor/history-api.ts';
import { createHistoryReader } from '../../supervisor/history-reader.ts';
import { createHistoryRecorder } from '../../supervisor/history-recorder.ts';
import type { Clock } from '../../supervisor/ports.ts';
import { openJournal } from '../../supervisor/store/journal.ts';
import { ids, makeYear } from './history-year.ts';

const TIMES = 20;
const DAY_MS = 86_400_000;
/** In the middle of a minute, an hour and a day. */
const NOW_MS = Date.UTC(2026, 10, 22, 14, 31, 7, 123);
const { file } = JSON.parse(process.argv[2] ?? '') as { readonly file: string };

/** Nobody waits longer than this for an answer. */
const PART_MS = 5_000;
const year = makeYear(file, NOW_MS);
let madeMs = 0;

/** A part of it at a time. */
function make(): object {
  const startedAt = performance.now();
  let done: boolean | undefined = false;
  while (done !== true && performance.now() - startedAt < PART_MS) ({ done } = year.next());
  madeMs += performance.now() - startedAt;
  return { done, madeMs, bytes: statSync(file).size };
}

async function measure(): Promise<object> {
  const policy = { minutesMs: DAY_MS, hoursMs: 90 * DAY_MS, daysMs: 730 * DAY_MS, eventsMs: 730 * DAY_MS, maxBytes: 500_000_000 };
  const clock: Clock = { now: () => ({ mono: NOW_MS as MonoMs, wall: NOW_MS as WallMs }), sleptMs: () => 0, after: () => () => undefined };
  const journal = openJournal(file, (sentence) => { throw new Error(sentence); });
  const recorder = createHistoryRecorder({ clock, store: journal.history, policy });
  recorder.begin(ids);
  const reader = createHistoryReader({ store: journal.history, live: recorder.live, policy: () => policy, nowMs: () => NOW_MS });
  const api = createHistoryHandlers({
    journal, reader, store: journal.history, ids: () => ids, nowMs: () => NOW_MS, unknown: (id) => { throw new RangeError(id); },
    storage: () => ({ folder: '', stateBytes: 0, journalBytes: 0, logsBytes: 0, journalLimitBytes: 0, oldest: null }),
  });

  const ago = (days: number): string => new Date(NOW_MS - days * DAY_MS).toISOString();
  const SERVICE = 'service-17';
  const HEALS = ['heal.started', 'heal.succeeded', 'heal.failed', 'heal.held'];
  const [newest] = await api.incidents({ limit: 1 });
  if (newest === undefined) throw new Error('The year has no incident.');

  const reads = {
    'overview': () => api.overview({}),
    'series of a day': () => api.series({ service: SERVICE, from: ago(0.999) }),
    'series of a week': () => api.series({ service: SERVICE, from: ago(7) }),
    'series of a quarter': () => api.series({ service: SERVICE, from: ago(89) }),
    'series of 83 days by the hour': () => api.series({ service: SERVICE, from: ago(83) }),
    'series of a year': () => api.series({ service: SERVICE, from: ago(364) }),
    'statistics of one': () => api.statistics({ service: SERVICE }),
    'statistics of all': () => api.statistics({}),
    'newest incidents': () => api.incidents({ limit: 100 }),
    'incidents of a day': () => api.incidents({ since: ago(1), limit: 100 }),
    'incidents of a year, one service': () => api.incidents({ service: SERVICE, since: ago(365), limit: 100 }),
    'an incident': () => api.incident({ incident: newest.id }),
    'newest events': () => api.history({ limit: 100 }),
    'heals': () => api.history({ types: HEALS, limit: 100 }),
    'heals half a year ago': () => api.history({ types: HEALS, before: ago(180), limit: 100 }),
    'a kind there is none of': () => api.history({ types: ['config.rejected', 'state.set-aside'], limit: 100 }),
    'heals of one service': () => api.history({ service: SERVICE, types: HEALS, limit: 100 }),
    'events of one service a year ago': () => api.history({ service: SERVICE, before: ago(360), limit: 100 }),
    'storage': () => api.storage({}),
  };

  const report: Record<string, { readonly firstMs: number; readonly times: readonly number[]; readonly bytes: number }> = {};
  for (const [name, read] of Object.entries(reads)) {
    const time = async (): Promise<number> => {
      const startedAt = performance.now();
      await read();
      return performance.now() - startedAt;
    };
    const firstMs = await time();
    const times: number[] = [];
    for (let index = 0; index < TIMES; index += 1) times.push(await time());
    report[name] = { firstMs, times, bytes: JSON.stringify(await read()).length };
  }
  journal.close();
  return report;
}

process.on('message', ({ ask }: { readonly ask: 'make' | 'measure' }) => {
  if (ask === 'make') process.send?.(make());
  else void measure().then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });
