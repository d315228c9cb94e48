import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lastLinesOf, plainLines } from '../../../supervisor/system/log-tail.ts';

let folder = '';
let file = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-tail-'));
  file = join(folder, 'api.log');
});
afterAll(() => { rmSync(folder, { recursive: true }); });

const write = (content: string | Buffer): void => { writeFileSync(file, content); };

describe('the last lines of a file', () => {
  test('are those at its end, oldest first, whatever is in it', async () => {
    // Pieces of 64 KiB are read: some lines are about as long, so that they lie across the cuts.
    const line = fc.oneof({ weight: 8, arbitrary: fc.stringMatching(/^[a-zé€ ]{0,12}$/) }, { weight: 1, arbitrary: fc.integer({ min: 20_000, max: 70_000 }).map((length) => '€'.repeat(length)) });
    await fc.assert(fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 12 }), fc.boolean(), async (lines, count, ended) => {
      write(lines.join('\n') + (ended ? '\n' : ''));
      const whole = ended || lines.at(-1) !== '' ? lines : lines.slice(0, -1);
      fc.pre(Buffer.byteLength(whole.slice(-count - 1).join('\n')) < 1024 * 1024);
      expect(await lastLinesOf(file, count)).toEqual(whole.slice(-count));
    }), { numRuns: 150 });
  });

  test('of a file of 200 MB are there without reading it', async () => {
    write('x'.repeat(1024 * 1024));
    for (let megabyte = 1; megabyte < 200; megabyte += 1) appendFileSync(file, 'x'.repeat(1024 * 1024));
    appendFileSync(file, '\nthe end\n');
    const before = process.memoryUsage.rss();
    expect(await lastLinesOf(file, 100)).toEqual(['the end']);
    expect(process.memoryUsage.rss() - before).toBeLessThan(50 * 1024 * 1024);
  });

  test('of a single line that is too long to be read are none: the part of it could be the rest of a secret', async () => {
    write('x'.repeat(2 * 1024 * 1024));
    expect(await lastLinesOf(file, 5)).toEqual([]);
  });

  test('do not hold what is written after the call', async () => {
    write('before\n');
    const read = lastLinesOf(file, 5);
    appendFileSync(file, 'after\n');
    expect(await read).toEqual(['before']);
  });

  test.each([['a missing file', 'missing.log'], ['a device', '/dev/null'], ['a folder', '.']])('of %s are none', async (_, name) => {
    expect(await lastLinesOf(name.startsWith('/') ? name : join(folder, name), 5)).toEqual([]);
  });
});

test.each([
  ['colours are gone', '\u001B[1;31merror\u001B[0m: no', ['error: no']],
  ['a progress bar is as it was last seen', '10 %\r50 %\r100 %\ndone', ['100 %', 'done']],
  ['line ends of other systems are line ends', 'one\r\ntwo\r\n', ['one', 'two']],
  ['control characters do nothing', 'a\u0000b\u0007c\u009Dd\te', ['abcd\te']],
  ['a terminal is not told its title', '\u001B]0;owned\u0007text', ['text']],
  ['empty lines stay', 'a\n\nb\n', ['a', '', 'b']],
  ['nothing is nothing', '', []],
])('%s', (_, text, lines) => {
  expect(plainLines(text)).toEqual(lines);
});
