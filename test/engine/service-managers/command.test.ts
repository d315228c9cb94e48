import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ServiceManager } from '../../../supervisor/ports.ts';
import { commandManager } from '../../../supervisor/service-managers/command.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';
import { freePort, never, parse, PATIENCE_MS, programFile, programsOf, testFolder, untilNoneIsLeft, untilServing, type TestFolder } from './manager-bed.ts';
import { serviceManagerSuite, startOptions, stopOptions } from './service-manager-suite.ts';

const node = (program: string, ...args: readonly string[]): string[] => [process.execPath, programFile(program), ...args];
const control = (action: string, folder: TestFolder, program: string, port: number): string[] =>
  node('controls-a-daemon.mjs', action, join(folder.path, 'daemon.pid'), ...node(program, String(port)));

describe('the command manager', () => {
  serviceManagerSuite(() => {
    const folder = testFolder();
    return {
      manage: (program, port) => Promise.resolve(commandManager.create(parse(commandManager, {
        start: control('start', folder, program, port), stop: control('stop', folder, program, port), status: control('status', folder, program, port),
      }), folder.context())),
      manageNothing: () => Promise.resolve(commandManager.create(parse(commandManager, { start: ['there-is-no-such-program'] }), folder.context())),
      tellsCause: false,
      keepsLog: false,
      cleanUp: () => { folder.remove(); return Promise.resolve(); },
    };
  });
});

describe('a service with commands of its own', () => {
  let folder: TestFolder;
  let port: number;
  const managers: ServiceManager[] = [];
  const create = (spec: object): ServiceManager => {
    const manager = commandManager.create(parse(commandManager, spec), folder.context());
    managers.push(manager);
    return manager;
  };

  beforeEach(async () => {
    folder = testFolder();
    port = await freePort();
  });
  afterEach(async () => {
    for (const manager of managers.splice(0)) {
      await manager.kill(never());
      manager.dispose();
    }
    await untilNoneIsLeft(port);
    folder.remove();
  });

  test('a restart command alone also starts', async () => {
    const manager = create({ restart: control('restart', folder, 'serves-http.mjs', port) });
    expect(await manager.start(startOptions)).toEqual({ ok: true });
    const pid = await untilServing(port);
    expect(await manager.restart?.({ ...startOptions, ...stopOptions })).toEqual({ ok: true });
    expect(await untilServing(port)).not.toBe(pid);
  });

  test.each([
    [{ start: ['a'], stop: ['b'] }, false],
    [{ start: ['a'] }, true],
    [{ restart: ['a'] }, true],
    [{ start: ['a'], stop: ['b'], restart: ['c'] }, true],
  ])('%j has a restart of its own: %s', (spec, expected) => {
    expect(create(spec).restart !== undefined).toBe(expected);
  });

  test.each([
    [{ start: ['a'], stop: ['b'] }, true],
    [{ restart: ['a'] }, false],
    [{ start: ['a'], restart: ['b'] }, false],
  ])('%j can stop: %s', (spec, expected) => {
    expect(create(spec).canStop).toBe(expected);
  });

  test('what a daemon of an earlier time writes is rotated without any command', async () => {
    const clock = new VirtualClock();
    mkdirSync(join(folder.path, 'home/logs'), { recursive: true });
    writeFileSync(join(folder.path, 'home/logs/api.log'), Buffer.alloc(6 * 1024 * 1024, 'x'));
    const manager = commandManager.create(parse(commandManager, { start: ['true'] }), folder.context({ clock }));
    await clock.advance(30_000);
    await vi.waitFor(() => { expect(readFileSync(join(folder.path, 'home/logs/api.log'), 'utf8')).toBe(''); }, { timeout: PATIENCE_MS });
    manager.dispose();
    await vi.waitFor(() => { expect(clock.pending()).toBe(0); }, { timeout: PATIENCE_MS });
  });

  test('without a stop command a stop is refused with what to do', async () => {
    expect(await create({ start: ['true'] }).stop(stopOptions)).toMatchObject({ ok: false, refusal: { code: 'unavailable', message: expect.stringContaining('Add one') as string } });
  });

  test('a daemon it leaves behind keeps its output, and does not hold up the start', async () => {
    const manager = create({ start: control('start', folder, 'ignores-sigterm.mjs', port) });
    expect(await manager.start(startOptions)).toEqual({ ok: true });
    const pid = await untilServing(port);
    process.kill(pid, 'SIGTERM');
    await expect.poll(() => readFileSync(join(folder.path, 'home/logs/api.log'), 'utf8'), { timeout: 30_000 }).toBe('SIGTERM, and I stay\n');
    expect(programsOf(port)).toEqual([pid]);
  });

  test('a command that fails is refused with its exit code and its last line, without its arguments', async () => {
    const result = await create({ start: node('exits-at-once.mjs', '7', 'password') }).start(startOptions);
    expect(result).toEqual({ ok: false, refusal: { code: 'failed', message: `"${process.execPath}" ended with code 7: the reason is on stderr.` } });
  });

  test('a stop command that only asks is waited for until the status says that it has stopped', async () => {
    const manager = create({
      start: control('start', folder, 'leaves-slowly.mjs', port), stop: control('ask-to-stop', folder, 'leaves-slowly.mjs', port), status: control('status', folder, 'leaves-slowly.mjs', port),
    });
    expect(await manager.start(startOptions)).toEqual({ ok: true });
    const first = await untilServing(port);
    expect(await manager.stop({ withinMs: PATIENCE_MS, signal: never() })).toEqual({ ok: true });
    expect(programsOf(port)).toEqual([]);
    expect(await manager.start(startOptions)).toEqual({ ok: true });
    expect(await untilServing(port)).not.toBe(first);
  });

  test('what still runs when the time for the stop is over is not called stopped', async () => {
    const manager = create({
      start: control('start', folder, 'ignores-sigterm.mjs', port), stop: control('ask-to-stop', folder, 'ignores-sigterm.mjs', port), status: control('status', folder, 'ignores-sigterm.mjs', port),
    });
    await manager.start(startOptions);
    await untilServing(port);
    expect(await manager.stop({ withinMs: 1_500, signal: never() })).toMatchObject({ ok: false, refusal: { code: 'timed-out' } });
  });

  test('a stop command that takes too long is ended, with all it started', async () => {
    const manager = create({ start: ['true'], stop: node('forks-a-grandchild.mjs', String(port)) });
    expect(await manager.stop({ withinMs: 500, signal: never() })).toMatchObject({ ok: false, refusal: { code: 'timed-out' } });
    await untilNoneIsLeft(port);
  });

  test.each([
    [0, { state: 'running', pid: null }],
    [1, { state: 'exited', cause: { kind: 'not-running' } }],
    [3, { state: 'exited', cause: { kind: 'not-running' } }],
    [4, { state: 'unknown', why: 'its "status" command ended with code 4' }],
    [126, { state: 'unknown', why: 'its "status" command ended with code 126' }],
    [127, { state: 'unknown', why: 'its "status" command ended with code 127' }],
  ])('status code %d means %j', async (code, expected) => {
    expect(await create({ start: ['true'], status: node('exits-at-once.mjs', String(code)) }).status(never())).toEqual(expected);
  });

  test('a status command that does not exist says nothing about the service', async () => {
    expect(await create({ start: ['true'], status: ['there-is-no-such-program'] }).status(never())).toEqual({ state: 'unknown', why: 'its "status" command could not be started (ENOENT)' });
  });
});

test('a status makes checks unnecessary', () => {
  expect(commandManager.givesStatus(parse(commandManager, { start: ['a'], status: ['b'] }))).toBe(true);
  expect(commandManager.givesStatus(parse(commandManager, { start: ['a'] }))).toBe(false);
});

test.each([
  [{ stop: ['a'] }, '"start", "restart" or both'],
  [{ start: 'service nginx start' }, 'a list of texts, the program first'],
])('%j is refused: expected %s', (spec, expected) => {
  const result = commandManager.schema.safeParse({ type: 'command', ...spec });
  expect(result.error?.issues.map(({ message }) => message)).toEqual([expected]);
});
