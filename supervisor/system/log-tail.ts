// The last lines of a log file, read from its end: a log of gigabytes costs no more than a short one.
// Gives plain text: a program's colours and control characters must not steer a terminal or a page.
import { statSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';

const PIECE_BYTES = 64 * 1024;
/** Of the end of one file, at most; what lies before is not looked at, and a line that begins there is left out. */
const LARGEST_BYTES = 1024 * 1024;
const LINE_END = 0x0a;

/**
 * The last `count` lines that stand in the file now, oldest first; what is written after this call is not among them.
 * None when there is no such file, or it is none (a pipe, /dev/null). Rejects when it cannot be read.
 */
export async function lastLinesOf(file: string, count: number): Promise<string[]> {
  // Before anything is waited for: this moment counts.
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined || !found.isFile() || found.size === 0) return [];
  const handle = await open(file, 'r');
  try {
    return plainLines((await endOf(handle, found.size, count)).toString('utf8')).slice(-count);
  } finally {
    await handle.close();
  }
}

/** Reads backwards until there are enough lines. Begins with a whole line. */
async function endOf(handle: FileHandle, size: number, count: number): Promise<Buffer> {
  const earliest = Math.max(0, size - LARGEST_BYTES);
  let end = Buffer.alloc(0);
  for (let from = size; from > earliest;) {
    const length = Math.min(PIECE_BYTES, from - earliest);
    from -= length;
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(length), position: from });
    end = Buffer.concat([buffer.subarray(0, bytesRead), end]);
    // The last line may end the file without a line end, and the first may be cut.
    if (linesIn(end) > count + 1) return afterFirstLineEnd(end);
    if (from === 0) return end;
  }
  return afterFirstLineEnd(end);
}

function linesIn(bytes: Buffer): number {
  let lines = 1;
  for (let at = bytes.indexOf(LINE_END); at !== -1; at = bytes.indexOf(LINE_END, at + 1)) lines += 1;
  return lines;
}

const afterFirstLineEnd = (bytes: Buffer): Buffer => bytes.subarray(bytes.indexOf(LINE_END) + 1 || bytes.length);

/** Lines as people see them: of one that was overwritten again and again (a progress bar) the last version. */
export function plainLines(text: string): string[] {
  const lines = text.split('\n').map((line) => {
    const shown = line.replace(/\r+$/, '');
    return stripVTControlCharacters(shown.slice(shown.lastIndexOf('\r') + 1)).replace(/[^\P{Cc}\t]/gu, '');
  });
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
