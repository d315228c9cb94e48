import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fileLogger } from '../../../supervisor/system/logger.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-log-'));
  file = join(folder, 'upkeep.log');
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(2026, 10, 2, 4, 31, 7) });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});
const read = (name = 'upkeep.log'): string => readFileSync(join(folder, name), 'utf8');

describe('the log', () => {
  test('has one line a call, with the local time in front', () => {
    const seen: string[] = [];
    const logger = fileLogger(file, { alsoTo: (line) => { seen.push(line); } });
    logger.info('Restarted "api" in 0.4 s.');
    logger.warn('The configuration was refused.');
    logger.error('The state cannot be saved.');
    const lines = ['2026-11-02 04:31:07 Restarted "api" in 0.4 s.', '2026-11-02 04:31:07 Warning: The configuration was refused.', '2026-11-02 04:31:07 Error: The state cannot be saved.'];
    expect(read()).toBe(`${lines.join('\n')}\n`);
    expect(seen).toEqual(lines);
  });
  test('is readable by its owner only', () => {
    fileLogger(file).info('x');
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
  });
  test('goes on in the file that is there', () => {
    writeFileSync(file, 'before\n');
    fileLogger(file).info('after');
    expect(read()).toBe('before\n2026-11-02 04:31:07 after\n');
  });
  test('keeps what a service says on one line and harmless to a terminal', () => {
    fileLogger(file).info('answered "a\r\n2026-11-02 04:31:07 All is well.\u001b[2J\u0000"\n');
    expect(read()).toBe('2026-11-02 04:31:07 answered "a 2026-11-02 04:31:07 All is well. [2J "\n');
  });
  test('is silent after it was closed', () => {
    const logger = fileLogger(file);
    logger.info('a');
    logger.close();
    logger.error('b');
    expect(read()).toBe('2026-11-02 04:31:07 a\n');
  });
});

describe('a log that has grown', () => {
  test('of 5 MiB is put aside, three of them are kept', () => {
    const logger = fileLogger(file);
    for (const name of ['one', 'two', 'three', 'four']) {
      writeFileSync(file, `${name}\n`.padEnd(5 * 1024 * 1024, '.'));
      logger.info(`after ${name}`);
    }
    expect(readdirSync(folder).sort()).toEqual(['upkeep.log', 'upkeep.log.1', 'upkeep.log.2', 'upkeep.log.3']);
    expect(read()).toBe('2026-11-02 04:31:07 after four\n');
    expect(['upkeep.log.1', 'upkeep.log.2', 'upkeep.log.3'].map((name) => read(name).split('\n')[0])).toEqual(['four', 'three', 'two']);
  });
  test('to just below that stays', () => {
    writeFileSync(file, 'x'.repeat(5 * 1024 * 1024 - 1));
    fileLogger(file).info('more');
    expect(readdirSync(folder)).toEqual(['upkeep.log']);
  });
});

describe('a log that cannot be written', () => {
  test('throws nothing, tells the other reader, and goes on when it can', () => {
    const seen: string[] = [];
    mkdirSync(file);
    const logger = fileLogger(file, { alsoTo: (line) => { seen.push(line); } });
    logger.info('lost');
    expect(seen).toEqual(['2026-11-02 04:31:07 lost']);
    rmSync(file, { recursive: true });
    logger.info('kept');
    expect(read()).toBe('2026-11-02 04:31:07 kept\n');
  });
  test('is written all the same when the other reader throws', () => {
    const logger = fileLogger(file, { alsoTo: () => { throw new Error('broken pipe'); } });
    logger.info('kept');
    expect(read()).toBe('2026-11-02 04:31:07 kept\n');
  });
});
