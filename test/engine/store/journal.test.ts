import { closeSync, copyFileSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { UpkeepEvent } from '../../../supervisor/contract/event.ts';
import type { Journal } from '../../../supervisor/ports.ts';
import { openJournal, readJournal } from '../../../supervisor/store/journal.ts';

let folder = '';
let file = '';
let told: string[] = [];
const journals: Journal[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-journal-'));
  file = join(folder, 'journal.db');
  told = [];
});
afterEach(() => {
  for (const journal of journals.splice(0)) journal.close();
  rmSync(folder, { recursive: true });
});

function open(): Journal {
  const journal = openJournal(file, (sentence) => { told.push(sentence); });
  journals.push(journal);
  return journal;
}
const at = (second: number): string => new Date(Date.UTC(2026, 10, 22, 14, 31, second)).toISOString();
const EVENTS: UpkeepEvent[] = [
  { at: at(1), type: 'supervisor.started' },
  { at: at(2), type: 'service.down', service: 'api', reason: 'Nobody listens on 127.0.0.1:4101.' },
  { at: at(3), type: 'heal.succeeded', service: 'api', reason: 'Restarted in 0.4 s.', tookMs: 412 },
  { at: at(4), type: 'service.down', service: 'web' },
];
const fill = (journal: Journal): Journal => { for (const event of EVENTS) journal.append(event); return journal; };

describe('the journal', () => {
  test('gives back what was appended, newest first, also after it was closed and opened', () => {
    fill(open()).close();
    expect(open().query({ limit: 100 })).toEqual(EVENTS.toReversed());
    expect(told).toEqual([]);
  });

  test.each([
    { title: 'a service', filter: { service: 'api' }, found: [2, 1] },
    { title: 'types', filter: { types: ['service.down', 'supervisor.started'] }, found: [3, 1, 0] },
    { title: 'no types', filter: { types: [] }, found: [] },
    { title: 'a time, inclusive', filter: { since: at(3) }, found: [3, 2] },
    { title: 'a time with an offset', filter: { since: '2026-11-22T15:31:03+01:00' }, found: [3, 2] },
    { title: 'all of it', filter: { service: 'api', types: ['service.down'], since: at(2) }, found: [1] },
    { title: 'a name with a quote in it', filter: { service: "'; DROP TABLE event; --" }, found: [] },
  ])('is asked for $title', ({ filter, found }) => {
    expect(fill(open()).query({ ...filter, limit: 100 })).toEqual(found.map((index) => EVENTS[index]));
  });
  test('gives no more than the limit', () => {
    expect(fill(open()).query({ limit: 2 })).toEqual(EVENTS.toReversed().slice(0, 2));
  });
  test('refuses a time that is none', () => {
    expect(() => open().query({ since: 'yesterday', limit: 1 })).toThrow(new RangeError('expected "since" in ISO 8601, got "yesterday"'));
  });
  test('is readable by its owner only', () => {
    fill(open());
    for (const name of readdirSync(folder)) expect([name, (statSync(join(folder, name)).mode & 0o777).toString(8)]).toEqual([name, '600']);
  });
  test('keeps a line of a later version and passes over it', () => {
    fill(open()).close();
    const database = new Database(file);
    database.exec(`INSERT INTO event (at, type, event) VALUES ('${at(5)}', 'moon.landed', '{"at":"${at(5)}","type":"moon.landed"}')`);
    database.close();
    expect(open().query({ limit: 1 })).toEqual([]);
    expect(open().query({ limit: 2 })).toEqual([EVENTS[3]]);
  });
  test('drops what comes after it was closed', () => {
    const journal = fill(open());
    journal.close();
    journal.append({ at: at(9), type: 'supervisor.stopped' });
    expect(journal.query({ limit: 9 })).toEqual([]);
    expect(open().query({ limit: 9 })).toHaveLength(EVENTS.length);
    expect(told).toEqual([]);
  });
});

describe('reading it without running', () => {
  test('gives the same as the running instance, beside it and after it', () => {
    expect(readJournal(file, { limit: 9 })).toEqual([]);
    const journal = fill(open());
    expect(readJournal(file, { service: 'api', limit: 9 })).toEqual(journal.query({ service: 'api', limit: 9 }));
    journal.close();
    expect(readJournal(file, { limit: 9 })).toEqual(EVENTS.toReversed());
  });
  test('leaves a damaged one where it is', () => {
    writeFileSync(file, 'notes '.repeat(2_000));
    expect(() => readJournal(file, { limit: 9 })).toThrow('file is not a database');
    expect(readdirSync(folder)).toEqual(['journal.db']);
  });
});

describe('through SQL', () => {
  test.each([
    'DELETE FROM event', 'DELETE FROM event WHERE id = 1', "UPDATE event SET service = 'x'", "INSERT OR REPLACE INTO event (id, at, type, event) VALUES (1, '', '', '')",
    "UPDATE OR REPLACE event SET id = 2 WHERE id = 1", "INSERT INTO event (id, at, type, event) VALUES (1, '', '', '') ON CONFLICT (id) DO UPDATE SET type = 'x'",
  ])('%s is refused', (sql) => {
    const journal = fill(open());
    const database = new Database(file);
    try {
      expect(() => { database.exec(sql); }).toThrow('the journal is append-only');
    } finally {
      database.close();
    }
    expect(journal.query({ limit: 100 })).toEqual(EVENTS.toReversed());
  });
});

describe('a journal that cannot be used', () => {
  const ASIDE = /^The history in journal\.db could not be used \(.+\); it is kept as journal\.db\.corrupt-\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z and a new one begins\.$/;
  test.each([
    { title: 'because it is something else', damage: () => { writeFileSync(file, 'notes '.repeat(2_000)); } },
    { title: 'because it is a folder', damage: () => { mkdirSync(file); } },
    { title: 'because it has another table of that name', damage: () => { const other = new Database(file); other.exec('CREATE TABLE event (x)'); other.close(); } },
  ])('$title is set aside, and a new one begins', ({ damage }) => {
    damage();
    const journal = fill(open());
    expect(journal.query({ limit: 100 })).toEqual(EVENTS.toReversed());
    expect(told).toEqual([expect.stringMatching(ASIDE)]);
    expect(readdirSync(folder).filter((name) => /^journal\.db\.corrupt-[^-]+-\d\d-\d\dT\d{6}\.\d{3}Z$/.test(name))).toHaveLength(1);
  });

  test('because its pages are damaged is set aside when that shows', () => {
    const first = open();
    for (let index = 0; index < 2_000; index += 1) first.append({ at: at(1), type: 'service.down', service: `service-${index}` });
    first.close();
    const { size } = statSync(file);
    const damaged = join(mkdirSync(join(folder, 'later'), { recursive: true }) ?? expect.fail(), 'journal.db');
    copyFileSync(file, damaged);
    file = damaged;
    expect(size).toBeGreaterThan(50_000);
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(size - 8_192, 0xff), 0, size - 8_192, 8_192);
    closeSync(handle);
    const journal = open();
    const appended: UpkeepEvent = { at: at(2), type: 'supervisor.started' };
    journal.append(appended);
    expect(journal.query({ limit: 1 })).toEqual([appended]);
    expect(told).toEqual([expect.stringMatching(ASIDE)]);
  });

});

describe('a journal that cannot be written', () => {
  const LASTS = /^The history cannot be written: .+\. Supervision goes on, and what happens is written as soon as it can be\.$/;
  const AGAIN = 'The history is written again; nothing is missing.';
  beforeEach(() => { vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }); });
  afterEach(() => { vi.useRealTimers(); });

  /** Runs while another program holds the lock that keeps everybody else from writing. */
  function whileLocked(run: () => void): void {
    const other = new Database(file, { timeout: 0 });
    try {
      other.exec('BEGIN IMMEDIATE');
      run();
      other.exec('ROLLBACK');
    } finally {
      other.close();
    }
  }

  test('because its folder is gone keeps what happens and writes it when the folder is back, told once each', () => {
    file = join(folder, 'away', 'journal.db');
    const journal = fill(open());
    expect(journal.query({ limit: 1 })).toEqual([EVENTS[3]]);
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual([expect.stringMatching(LASTS)]);
    mkdirSync(join(folder, 'away'));
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual([expect.stringMatching(LASTS), AGAIN]);
    journal.close();
    expect(readJournal(file, { limit: 100 })).toEqual(EVENTS.toReversed());
  });

  test('because another program has locked it never holds anything up, and loses nothing', () => {
    const journal = open();
    whileLocked(() => {
      const startedAt = performance.now();
      for (let round = 0; round < 10; round += 1) fill(journal);
      // 40 waits of 200 ms would take 8 s.
      expect(performance.now() - startedAt).toBeLessThan(1_000);
      expect(journal.query({ limit: 5 })).toEqual([...EVENTS.toReversed(), EVENTS[3]]);
      expect(journal.query({ service: 'api', types: ['heal.succeeded'], since: at(3), limit: 100 })).toHaveLength(10);
      vi.advanceTimersByTime(5_000);
      expect(told).toEqual([expect.stringContaining('database is locked')]);
    });
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual([expect.stringMatching(LASTS), AGAIN]);
    expect(readJournal(file, { limit: 100 })).toEqual(EVENTS.toReversed().flatMap((event) => Array<UpkeepEvent>(10).fill(event)));
    expect(readdirSync(folder).filter((name) => name.includes('corrupt'))).toEqual([]);
  });

  test('for less than a second is not worth a word', () => {
    const journal = open();
    whileLocked(() => { fill(journal); });
    journal.append({ at: at(5), type: 'supervisor.stopped' });
    expect(readJournal(file, { limit: 100 })).toEqual([{ at: at(5), type: 'supervisor.stopped' }, ...EVENTS.toReversed()]);
    vi.advanceTimersByTime(5_000);
    expect(told).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('keeps 10,000 events and drops the oldest beyond that, told once', () => {
    const journal = open();
    whileLocked(() => {
      for (let index = 0; index < 10_002; index += 1) journal.append({ at: at(1), type: 'service.down', service: `service-${index}` });
      expect(told).toEqual(['More than 10000 events wait to be written to the history; the oldest are dropped.']);
    });
    vi.advanceTimersByTime(1_000);
    expect(told.slice(1)).toEqual(['The history is written again; events missing: 2.']);
    const kept = journal.query({ limit: 20_000 });
    expect([kept.length, kept.at(-1)?.service, kept[0]?.service]).toEqual([10_000, 'service-2', 'service-10001']);
  });

  test('until the end says how much is missing, and leaves no timer', () => {
    const journal = open();
    whileLocked(() => {
      fill(journal);
      journal.close();
    });
    expect(told).toEqual(['The history could not be written before the end; events missing: 4.']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
