import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HistoryConfiguration } from '../../../supervisor/contract/configuration.ts';
import { openJournal, type OpenJournal } from '../../../supervisor/store/journal.ts';
import { buildHistoryPolicy } from '../../builders/configuration.ts';
import { buildHeal, buildIncident, buildRollup } from '../../builders/history-rows.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The file's own clock decides what is recent, so these tests live now. */
const NOW = Date.now();

let folder = '';
let file = '';
let journal: OpenJournal;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-pruning-'));
  file = join(folder, 'journal.db');
  journal = openJournal(file, (sentence) => { throw new Error(sentence); });
});
afterEach(() => {
  journal.close();
  rmSync(folder, { recursive: true });
});
const iso = (agoMs: number): string => new Date(NOW - agoMs).toISOString();
function happened(agoMs: number, words = 'It serves.'): void {
  journal.append({ at: iso(agoMs), type: 'service.up', service: 'web', reason: words });
}
function pruneAll(overrides: Partial<HistoryConfiguration> = {}): number {
  let steps = 1;
  while (journal.history.prune(buildHistoryPolicy(overrides), NOW)) steps += 1;
  return steps;
}
function outside(sql: string): void {
  const database = new Database(file, { timeout: 0 });
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}
const left = (): string[] => journal.query({ limit: 10_000 }).map(({ at }) => at);

describe('what is too old', () => {
  test('goes, each kind after its own time, and what is younger stays', () => {
    const rollup = (resolution: 'minute' | 'hour' | 'day', agoMs: number) => buildRollup({ resolution, startMs: Math.floor((NOW - agoMs) / DAY) * DAY });
    for (const agoMs of [9 * DAY, 2 * DAY, HOUR]) happened(agoMs);
    journal.history.write({
      rollups: [rollup('minute', 3 * DAY), rollup('minute', 0), rollup('hour', 12 * DAY), rollup('hour', 5 * DAY), rollup('day', 102 * DAY), rollup('day', 95 * DAY)],
      incidents: [buildIncident({ id: 'old', endedMs: NOW - 9 * DAY }), buildIncident({ id: 'young', endedMs: NOW - 2 * DAY }), buildIncident({ id: 'lasting', beganMs: NOW - 99 * DAY, endedMs: null })],
      heals: [buildHeal({ attempt: 'old', endedMs: NOW - 9 * DAY, incident: 'young' }), buildHeal({ attempt: 'young', endedMs: NOW - 2 * DAY, incident: 'young' })],
    });
    pruneAll({ minutesMs: DAY, hoursMs: 10 * DAY, daysMs: 100 * DAY, eventsMs: 7 * DAY });
    expect(left()).toEqual([iso(HOUR), iso(2 * DAY)]);
    const kept = (resolution: 'minute' | 'hour' | 'day') => journal.history.rollups({ service: 'web', resolution, fromMs: 0, toMs: NOW + DAY }).length;
    expect([kept('minute'), kept('hour'), kept('day')]).toEqual([1, 1, 1]);
    expect(journal.history.incidents({ limit: 9 }).map(({ id, heals }) => [id, heals]).sort()).toEqual([['lasting', 0], ['young', 1]]);
  });
  test('goes in steps of 200 events', () => {
    for (let index = 0; index < 500; index += 1) happened(9 * DAY + index);
    const policy = buildHistoryPolicy({ eventsMs: 7 * DAY });
    const sizes: number[] = [];
    while (journal.history.prune(policy, NOW)) sizes.push(left().length);
    expect(sizes.filter((size, index) => size !== sizes[index - 1])).toEqual([300, 100, 0]);
  });
  test('waits while another program holds the file', () => {
    happened(9 * DAY);
    const other = new Database(file, { timeout: 0 });
    other.exec('BEGIN IMMEDIATE');
    expect(journal.history.prune(buildHistoryPolicy({ eventsMs: DAY }), NOW)).toBe(false);
    other.exec('ROLLBACK');
    other.close();
    pruneAll({ eventsMs: DAY });
    expect(left()).toEqual([]);
  });
});

describe('what is too much', () => {
  const fill = (agoMs: number): void => { for (let index = 0; index < 200; index += 1) happened(agoMs - index, 'x'.repeat(60_000)); };
  test('goes oldest first until it fits, and the file becomes smaller', () => {
    fill(3 * DAY);
    fill(2 * DAY);
    outside('PRAGMA wal_checkpoint(TRUNCATE)');
    expect(statSync(file).size).toBeGreaterThan(20_000_000);
    pruneAll({ maxBytes: 10_000_000 });
    outside('PRAGMA wal_checkpoint(TRUNCATE)');
    expect(statSync(file).size).toBeLessThan(10_000_000);
    expect(left().length).toBeGreaterThan(50);
    expect(left().every((at) => at > iso(2.5 * DAY))).toBe(true);
  });
  test('minutes go when there is no old event left', () => {
    fill(HOUR / 2);
    journal.history.write({ rollups: [buildRollup({ startMs: NOW - 5 * HOUR }), buildRollup({ startMs: NOW - HOUR / 2 }), buildRollup({ resolution: 'day', startMs: NOW - 2 * DAY })] });
    pruneAll({ maxBytes: 10_000_000 });
    expect(journal.history.rollups({ service: 'web', resolution: 'minute', fromMs: 0, toMs: NOW })).toHaveLength(1);
    expect(journal.history.rollups({ service: 'web', resolution: 'day', fromMs: 0, toMs: NOW })).toHaveLength(1);
  });
  test('what happened in the last hour stays, however much it is', () => {
    fill(HOUR / 2);
    pruneAll({ maxBytes: 1_000_000 });
    expect(left()).toHaveLength(200);
  });
});

describe('another program', () => {
  beforeEach(() => { for (const agoMs of [9 * DAY, 8 * DAY, 2 * HOUR, 0]) happened(agoMs); });

  test.each(['DELETE FROM event', 'DELETE FROM event WHERE id = 4', `DELETE FROM event WHERE at < '${iso(DAY)}'`, 'DELETE FROM event WHERE id = 1'])('cannot delete events that are not let go of yet: %s', (sql) => {
    expect(() => { outside(sql); }).toThrow('the journal is append-only');
    expect(left()).toHaveLength(4);
  });
  test('can delete no more than what was let go of', () => {
    pruneAll({ eventsMs: 8 * DAY + HOUR });
    expect(left()).toEqual([iso(0), iso(2 * HOUR), iso(8 * DAY)]);
    expect(() => { outside('DELETE FROM event WHERE id = 2'); }).toThrow('the journal is append-only');
  });
  test.each([
    `UPDATE retention SET horizon = '${new Date(NOW + DAY).toISOString()}'`, `UPDATE retention SET horizon = '${iso(HOUR / 2)}'`, "UPDATE retention SET horizon = 'zzz'",
    'DELETE FROM retention', "INSERT INTO retention VALUES (2, 'zzz')", "INSERT OR REPLACE INTO retention VALUES (1, 'zzz')", 'UPDATE retention SET horizon = NULL',
  ])('cannot move the horizon too near, or take it away: %s', (sql) => {
    expect(() => { outside(sql); }).toThrow();
    expect(() => { outside('DELETE FROM event WHERE id = 4'); }).toThrow('the journal is append-only');
  });
  test('cannot move the horizon back', () => {
    pruneAll({ eventsMs: DAY });
    expect(left()).toHaveLength(2);
    expect(() => { outside("UPDATE retention SET horizon = ''"); }).toThrow('the horizon moves forward only');
  });
});
