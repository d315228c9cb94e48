import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takeLock } from '../../../supervisor/store/lock.ts';
import { buildProgram, type RunningProgram } from './child-program.ts';

const program = buildProgram('holds-lock');
afterAll(() => program.dispose());

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-lock-'));
  file = join(folder, 'upkeep.lock');
});
afterEach(() => { rmSync(folder, { recursive: true }); });

const answer = (running: RunningProgram): Promise<string> => running.line(() => true);
const isTaken = (line: string): boolean => line.startsWith('taken');
const release = (lock: ReturnType<typeof takeLock>): void => { if ('release' in lock) lock.release(); else expect.fail('expected to hold the lock'); };

describe('the lock of a data folder', () => {
  test('is refused to a second process at once, with the pid of the first', async () => {
    const first = program.start(file);
    expect(await answer(first)).toSatisfy(isTaken);
    const beganMs = performance.now();
    expect(takeLock(file)).toEqual({ heldBy: first.pid });
    expect(performance.now() - beganMs).toBeLessThan(1_000);
    expect(await answer(program.start(file))).toBe(`held by ${first.pid}`);
    await first.kill();
  });

  test('is free again as soon as its holder is killed with -9', async () => {
    const first = program.start(file);
    expect(await answer(first)).toSatisfy(isTaken);
    await first.kill();
    release(takeLock(file));
  });

  test('is not kept by a child that outlives its holder', async () => {
    const first = program.start(file, '60');
    const child = Number(/child (\d+)/.exec(await answer(first))?.[1]);
    expect(child).toBeGreaterThan(1);
    try {
      await first.kill();
      // Signal 0 only asks: the child is still there.
      expect(process.kill(child, 0)).toBe(true);
      release(takeLock(file));
    } finally {
      process.kill(child, 'SIGKILL');
    }
  });

  test('is free again when its holder lets go, and letting go twice is fine', async () => {
    const first = program.start(file);
    expect(await answer(first)).toSatisfy(isTaken);
    first.write('release\n');
    await first.line((line) => line === 'released');
    const lock = takeLock(file);
    release(lock);
    release(lock);
    expect(readdirSync(folder)).toEqual(['upkeep.lock']);
    await first.kill();
  });

  test('stays held when the same process asks again and is refused', async () => {
    const lock = takeLock(file);
    expect(takeLock(file)).toEqual({ heldBy: process.pid });
    expect(await answer(program.start(file))).toBe(`held by ${process.pid}`);
    release(lock);
  });

  test('is held by nobody known when the pid cannot be read', async () => {
    const lock = takeLock(file);
    writeFileSync(`${file}.pid`, '0\n');
    expect(takeLock(file)).toEqual({ heldBy: null });
    rmSync(`${file}.pid`);
    expect(takeLock(file)).toEqual({ heldBy: null });
    release(lock);
  });

  test('is in files that only their owner may read', () => {
    const lock = takeLock(file);
    expect(readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)])).toEqual([['upkeep.lock', '600'], ['upkeep.lock.pid', '600']]);
    release(lock);
  });

  test('on a file that is something else says what to do', () => {
    writeFileSync(file, 'notes '.repeat(1_000));
    expect(() => takeLock(file)).toThrow(/^Cannot lock .*upkeep\.lock: file is not a database\. When no Upkeep runs, delete this file\.$/);
  });

  test('goes to exactly one of many that start at the same time', async () => {
    const many = Array.from({ length: 6 }, () => program.start(file));
    const answers = await Promise.all(many.map(answer));
    expect(answers.filter(isTaken)).toHaveLength(1);
    await Promise.all(many.map((running) => running.kill()));
  });
});

test('the kernel itself holds the lock, so that nothing can leave it behind', () => {
  const lock = takeLock(file);
  const held = () => readFileSync('/proc/locks', 'utf8').split('\n').filter((line) => line.includes(`:${statSync(file).ino} `) && line.includes('POSIX'));
  expect(held()).not.toEqual([]);
  release(lock);
  expect(held()).toEqual([]);
});
