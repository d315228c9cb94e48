import { appendFileSync, closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { rotateIfLarger, rotateRegularly } from '../../../supervisor/system/log-rotation.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-rotation-'));
  file = join(folder, 'api.log');
});
afterEach(() => { rmSync(folder, { recursive: true, force: true }); });
const content = (): Record<string, string> => Object.fromEntries(readdirSync(folder).toSorted().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

test('a missing file and a small one are left alone', async () => {
  expect(await rotateIfLarger(file)).toBe(0);
  writeFileSync(file, '12345');
  expect(await rotateIfLarger(file, { maxBytes: 5 })).toBe(5);
  expect(content()).toEqual({ 'api.log': '12345' });
});

test('the newest old file is .1, and the oldest beyond `keep` is dropped', async () => {
  for (const text of ['first', 'second', 'third', 'fourth']) {
    writeFileSync(file, text);
    expect(await rotateIfLarger(file, { maxBytes: 4, keep: 2 })).toBe(text.length);
  }
  expect(content()).toEqual({ 'api.log': '', 'api.log.1': 'urth', 'api.log.2': 'hird' });
});

test('a program that keeps the file open for appending goes on at the new beginning', async () => {
  const open = openSync(file, 'a');
  try {
    writeSync(open, 'before\n');
    await rotateIfLarger(file, { maxBytes: 4 });
    writeSync(open, 'after\n');
    appendFileSync(file, 'and another writer\n');
  } finally {
    closeSync(open);
  }
  expect(content()).toEqual({ 'api.log': 'after\nand another writer\n', 'api.log.1': 'ore\n' });
});

test('nothing is kept when nothing is to be kept', async () => {
  writeFileSync(file, 'long');
  await rotateIfLarger(file, { maxBytes: 3, keep: 0 });
  expect(content()).toEqual({ 'api.log': '' });
});

test('of a log that has grown far beyond its size only the newest part is kept: the disk is not filled twice', async () => {
  writeFileSync(file, `${'old'.repeat(100_000)}new`);
  expect(await rotateIfLarger(file, { maxBytes: 3 })).toBe(300_003);
  expect(content()).toEqual({ 'api.log': '', 'api.log.1': 'new' });
});

test('two who rotate at the same time rotate once', async () => {
  writeFileSync(file, 'long');
  await Promise.all([rotateIfLarger(file, { maxBytes: 3 }), rotateIfLarger(file, { maxBytes: 3 })]);
  expect(content()).toEqual({ 'api.log': '', 'api.log.1': 'ong' });
});

test('a log that grows quickly is looked at every 2 s, a quiet one every 30 s, and after the stop never again', async () => {
  const clock = new VirtualClock();
  const planned = (): Promise<void> => vi.waitFor(() => { expect(clock.pending()).toBe(1); }, { timeout: 30_000 });
  const write = (text: string): void => { writeFileSync(file, text); };
  const stop = rotateRegularly(file, clock, { maxBytes: 10, keep: 1 });
  write('a calm log, but long');
  await clock.advance(29_999);
  expect(content()).toEqual({ 'api.log': 'a calm log, but long' });
  await clock.advance(1);
  await planned();
  expect(content()).toEqual({ 'api.log': '', 'api.log.1': ', but long' });
  // More than half of what it may be: soon.
  write('123456');
  await clock.advance(2_000);
  await planned();
  write('one that goes on');
  await clock.advance(2_000);
  await planned();
  expect(content()).toEqual({ 'api.log': '', 'api.log.1': 'at goes on' });
  await clock.advance(2_000);
  await planned();
  write('quiet again, so nobody looks');
  await clock.advance(29_999);
  expect(content()).toMatchObject({ 'api.log': 'quiet again, so nobody looks' });
  stop();
  expect(clock.pending()).toBe(0);
});

test('the log of a program that has just been started is looked at after 2 s', async () => {
  const clock = new VirtualClock();
  writeFileSync(file, 'long');
  const stop = rotateRegularly(file, clock, { maxBytes: 3, fresh: true });
  await clock.advance(2_000);
  await vi.waitFor(() => { expect(content()).toEqual({ 'api.log': '', 'api.log.1': 'ong' }); }, { timeout: 30_000 });
  stop();
});

test('a log that can\'t be rotated is tried again', async () => {
  const clock = new VirtualClock();
  mkdirSync(`${file}.1`);
  writeFileSync(file, 'long');
  const stop = rotateRegularly(file, clock, { maxBytes: 3, keep: 1 });
  await clock.advance(30_000);
  await vi.waitFor(() => { expect(clock.pending()).toBe(1); }, { timeout: 30_000 });
  expect(readFileSync(file, 'utf8')).toBe('long');
  rmSync(`${file}.1`, { recursive: true });
  await clock.advance(30_000);
  await vi.waitFor(() => { expect(content()).toEqual({ 'api.log': '', 'api.log.1': 'ong' }); }, { timeout: 30_000 });
  stop();
});
