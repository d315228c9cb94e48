import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readHistoryBeside } from '../../../supervisor/store/history-store.ts';
import { openJournal, readJournal, type OpenJournal } from '../../../supervisor/store/journal.ts';
import { buildHeal, buildIncident, buildRollup } from '../../builders/history-rows.ts';

let folder = '';
let file = '';
let told: string[] = [];
const journals: OpenJournal[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-history-'));
  file = join(folder, 'journal.db');
  told = [];
});
afterEach(() => {
  for (const journal of journals.splice(0)) journal.close();
  rmSync(folder, { recursive: true });
});
function open(): OpenJournal {
  const journal = openJournal(file, (sentence) => { told.push(sentence); });
  journals.push(journal);
  return journal;
}
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = buildRollup().startMs;
const ALL_MINUTES = { service: 'web', resolution: 'minute', fromMs: 0, toMs: 9e12 } as const;
const figures = (startMs: number) => {
  const { service: _service, resolution: _resolution, latencies: _latencies, ...row } = buildRollup({ startMs });
  return row;
};

describe('what was measured', () => {
  test('is there again after the file was closed and opened, and replaced under the same key', () => {
    const { history, close } = open();
    history.write({ rollups: [buildRollup({ upMs: 1 }), buildRollup({ startMs: START + MINUTE })] });
    history.write({ rollups: [buildRollup()] });
    close();
    expect(open().history.rollups(ALL_MINUTES)).toEqual([figures(START), figures(START + MINUTE)]);
    expect(open().history.rollup('web', 'minute', START)).toEqual(buildRollup());
    expect(open().history.rollup('web', 'hour', START)).toBeNull();
    expect(told).toEqual([]);
  });
  test('is asked for by service, length and time, the end not included', () => {
    const { history } = open();
    history.write({ rollups: [buildRollup(), buildRollup({ service: 'api' }), buildRollup({ resolution: 'hour' }), buildRollup({ startMs: START + MINUTE }), buildRollup({ startMs: START - MINUTE })] });
    expect(history.rollups({ ...ALL_MINUTES, fromMs: START, toMs: START + MINUTE })).toEqual([figures(START)]);
    expect(history.minutes({ service: 'web', fromMs: START, toMs: START + MINUTE })).toEqual([{ index: START / MINUTE, upMs: 50_000, downMs: 10_000, p50Ms: 2.5 }]);
  });
  test('adds up for one service and for each of all', () => {
    const { history } = open();
    history.write({ rollups: [buildRollup(), buildRollup({ startMs: START + MINUTE }), buildRollup({ service: 'api', downMs: 0 }), buildRollup({ service: 'zoo', resolution: 'day' })] });
    const range = { resolution: 'minute', fromMs: START, toMs: START + HOUR } as const;
    expect(history.sums({ service: 'web', ...range })).toEqual([{ service: 'web', upMs: 100_000, downMs: 20_000 }]);
    expect(history.sums({ service: null, ...range })).toEqual([{ service: 'api', upMs: 50_000, downMs: 0 }, { service: 'web', upMs: 100_000, downMs: 20_000 }]);
    expect(history.sums({ service: 'none', ...range })).toEqual([]);
  });
  test('makes a service known, as an event and an incident do', () => {
    const { history, append } = open();
    history.write({ rollups: [buildRollup()], incidents: [buildIncident({ service: 'api' })] });
    append({ at: '2026-11-22T14:00:00.000Z', type: 'service.up', service: 'db' });
    expect(['web', 'api', 'db', 'none'].map(history.knows)).toEqual([true, true, true, false]);
  });
});

describe('incidents', () => {
  const at = (hour: number): number => Date.UTC(2026, 10, 22, hour);
  const incident = (id: string, beganMs: number, endedMs: number | null) => buildIncident({ id, beganMs, detectedMs: beganMs, endedMs, outcome: endedMs === null ? 'open' : 'healed' });
  const ROWS = [incident('early', at(1), at(2)), incident('long', at(1), at(9)), incident('middle', at(5), at(6)), incident('lasting', at(4), null), incident('late', at(10), at(11))];
  test.each([
    { title: 'all of them', filter: {}, found: ['late', 'middle', 'lasting', 'early', 'long'] },
    { title: 'since a time, with those under way then', filter: { sinceMs: at(7) }, found: ['late', 'lasting', 'long'] },
    { title: 'until a time', filter: { beforeMs: at(5) }, found: ['lasting', 'early', 'long'] },
    { title: 'in a time', filter: { sinceMs: at(3), beforeMs: at(5) }, found: ['lasting', 'long'] },
    { title: 'of a service', filter: { service: 'web', sinceMs: at(7) }, found: ['late', 'lasting', 'long'] },
    { title: 'of another service', filter: { service: 'api', sinceMs: 0 }, found: [] },
    { title: 'the newest two', filter: { limit: 2, sinceMs: at(1) }, found: ['late', 'middle'] },
  ])('are asked for: $title', ({ filter, found }) => {
    const { history } = open();
    history.write({ incidents: ROWS });
    const ids = history.incidents({ limit: 100, ...filter }).map(({ id }) => id);
    // Of two that began at the same time either may be first.
    expect(ids.map((id) => (id === 'long' ? 'early' : id)).sort()).toEqual(found.map((id) => (id === 'long' ? 'early' : id)).sort());
    expect(ids.filter((id) => !['early', 'long'].includes(id))).toEqual(found.filter((id) => !['early', 'long'].includes(id)));
  });
  test('are counted from a time on', () => {
    const { history } = open();
    history.write({ incidents: ROWS });
    expect([0, at(7), at(12)].map((since) => history.countIncidents('web', since))).toEqual([5, 3, 1]);
    expect([0, at(7), at(12)].map((since) => history.countIncidents(null, since))).toEqual([5, 3, 1]);
  });
  test('know how many heals were tried, and which last', () => {
    const { history } = open();
    history.write({ incidents: ROWS, heals: [buildHeal({ attempt: 'a', incident: 'long', result: 'not-fixed' }), buildHeal({ attempt: 'b', incident: 'long' }), buildHeal({ attempt: 'c', incident: null })] });
    expect(history.incident('long')?.heals).toBe(2);
    expect(history.incident('none')).toBeNull();
    expect(history.openIncidents().map(({ id }) => id)).toEqual(['lasting']);
  });
  test('keep their beginning and what was counted of them when they are written again', () => {
    const { history } = open();
    history.write({ incidents: [buildIncident({ endedMs: null, outcome: 'open', downMs: 5_000 })] });
    history.write({ incidents: [buildIncident({ beganMs: 1, detectedMs: 2, symptom: 'Something else.', downMs: 4_000, endedMs: at(20), outcome: 'recovered' })] });
    expect(history.incident('incident-1')).toEqual({ ...buildIncident({ endedMs: at(20), outcome: 'recovered', downMs: 5_000 }), heals: 0 });
  });
  test('and heals and alerts make the facts of statistics', () => {
    const { history, append } = open();
    history.write({
      incidents: [
        buildIncident({ id: 'a', downMs: 60_000 }), buildIncident({ id: 'b', detectedMs: buildIncident().beganMs + 4_000, downMs: 120_000 }), buildIncident({ id: 'c', service: 'api', outcome: 'recovered', endedMs: null, downMs: 900_000 }),
        buildIncident({ id: 'old', endedMs: 1, downMs: 9_000_000 }),
      ],
      heals: [buildHeal({ attempt: 'a' }), buildHeal({ attempt: 'b', result: 'not-fixed' }), buildHeal({ attempt: 'c', result: 'superseded' }), buildHeal({ attempt: 'd', service: 'api', cause: 'http check', result: 'refused' }), buildHeal({ attempt: 'old', endedMs: 1 })],
    });
    for (const service of ['web', 'web', 'api']) append({ at: '2026-11-22T14:00:00.000Z', type: 'alert.raised', service });
    append({ at: '2025-11-22T14:00:00.000Z', type: 'alert.raised', service: 'web' });
    const since = at(0);
    expect(history.facts('web', since)).toEqual({
      meanDetectMs: 3_000, meanHealMs: 90_000, longest: { service: 'web', beganMs: buildIncident().beganMs, downMs: 120_000, open: false },
      heals: [{ manager: 'process', cause: 'signal', total: 2, fixed: 1 }], alerts: 2,
    });
    expect(history.facts(null, since)).toMatchObject({ meanHealMs: 90_000, longest: { service: 'api', downMs: 900_000, open: true }, alerts: 3, heals: [{ cause: 'http check', total: 1, fixed: 0 }, { cause: 'signal', total: 2, fixed: 1 }] });
    expect(history.facts('none', since)).toEqual({ meanDetectMs: null, meanHealMs: null, longest: null, heals: [], alerts: 0 });
    expect(history.oldestEventMs()).toBe(Date.UTC(2025, 10, 22, 14));
  });
});

describe('rows that cannot be written now', () => {
  beforeEach(() => { vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }); });
  afterEach(() => { vi.useRealTimers(); });

  test('because another program has locked the file are part of the answers, and written when it lets go', () => {
    const { history, append } = open();
    history.write({ rollups: [buildRollup({ upMs: 1 })] });
    const other = new Database(file, { timeout: 0 });
    other.exec('BEGIN IMMEDIATE');
    history.write({ rollups: [buildRollup(), buildRollup({ startMs: START + MINUTE })], incidents: [buildIncident()] });
    append({ at: '2026-11-22T14:00:00.000Z', type: 'service.up', service: 'web' });
    expect(history.rollups(ALL_MINUTES)).toMatchObject([figures(START), figures(START + MINUTE)]);
    expect(history.rollup('web', 'minute', START)).toEqual(buildRollup());
    vi.advanceTimersByTime(5_000);
    expect(told).toEqual([expect.stringContaining('database is locked')]);
    other.exec('ROLLBACK');
    other.close();
    vi.advanceTimersByTime(1_000);
    expect(told.slice(1)).toEqual(['The history is written again; nothing is missing.']);
    expect(readHistoryBeside(file, (tables) => [tables.rollups(ALL_MINUTES).length, tables.incidents({ limit: 9 }).length])).toEqual([2, 1]);
    expect(readJournal(file, { limit: 9 })).toHaveLength(1);
  });
  test('because the folder is gone are written when it is back', () => {
    file = join(folder, 'away', 'journal.db');
    const { history } = open();
    history.write({ rollups: [buildRollup()], heals: [buildHeal()], incidents: [buildIncident()] });
    expect(history.incidents({ limit: 9 })).toEqual([]);
    mkdirSync(join(folder, 'away'));
    vi.advanceTimersByTime(1_000);
    expect(history.incidents({ limit: 9 })).toEqual([{ ...buildIncident(), heals: 1 }]);
  });
  test('are dropped after the end', () => {
    const journal = open();
    journal.close();
    journal.history.write({ rollups: [buildRollup()] });
    expect(journal.history.rollups(ALL_MINUTES)).toEqual([]);
    expect(open().history.rollups(ALL_MINUTES)).toEqual([]);
    expect(told).toEqual([]);
  });
});

describe('reading it without running', () => {
  test('gives the same as the running instance; where nothing was kept, nothing', () => {
    expect(readHistoryBeside(file, (tables) => tables.rollups(ALL_MINUTES))).toEqual([]);
    open().history.write({ rollups: [buildRollup()] });
    expect(readHistoryBeside(file, (tables) => tables.rollups(ALL_MINUTES))).toEqual([figures(START)]);
  });
});
