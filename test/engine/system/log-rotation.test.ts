import { appendFileSync, closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rotateIfLarger } from '../../../supervisor/system/log-rotation.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-rotation-'));
  file = join(folder, 'api.log');
});
afterEach(() => { rmSync(folder, { recursive: true, force: true }); });
const content = (): Record<string, string> => Object.fromEntries(readdirSync(folder).toSorted().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

test('a missing file and a small one are left alone', async () => {
  expect(await rotateIfLarger(file)).toBe(false);
  writeFileSync(file, '12345');
  expect(await rotateIfLarger(file, { maxBytes: 5 })).toBe(false);
  expect(content()).toEqual({ 'api.log': '12345' });
});

test('the newest old file is .1, and the oldest beyond `keep` is dropped', async () => {
  for (const text of ['first', 'second', 'third', 'fourth']) {
    writeFileSync(file, text);
    expect(await rotateIfLarger(file, { maxBytes: 4, keep: 2 })).toBe(true);
  }
  expect(content()).toEqual({ 'api.log': '', 'api.log.1': 'fourth', 'api.log.2': 'third' });
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
  expect(content()).toEqual({ 'api.log': 'after\nand another writer\n', 'api.log.1': 'before\n' });
});

test('nothing is kept when nothing is to be kept', async () => {
  writeFileSync(file, 'long');
  await rotateIfLarger(file, { maxBytes: 3, keep: 0 });
  expect(content()).toEqual({ 'api.log': '' });
});
