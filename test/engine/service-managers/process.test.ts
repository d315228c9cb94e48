import { mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ExitCause } from '../../../supervisor/contract/reason.ts';
import type { ManagerContext, ServiceManager } from '../../../supervisor/ports.ts';
import { processManager } from '../../../supervisor/service-managers/process.ts';
import { freePort, killHard, memoryHolding, never, parse, PATIENCE_MS, programFile, programsOf, testFolder, untilNoneIsLeft, untilServing, type TestFolder } from './manager-bed.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';
import { withoutDescriptors } from '../system/no-descriptors.ts';
import { serviceManagerSuite, startOptions, stopOptions } from './service-manager-suite.ts';

describe('the process manager', () => {
  serviceManagerSuite(() => {
    const folder = testFolder();
    return {
      manage: (program, port) => Promise.resolve(processManager.create(parse(processManager, { command: [process.execPath, programFile(program), String(port)] }), folder.context())),
      manageNothing: () => Promise.resolve(processManager.create(parse(processManager, { command: ['there-is-no-such-program'] }), folder.context())),
      tellsCause: true,
      keepsLog: true,
      cleanUp: () => { folder.remove(); return Promise.resolve(); },
    };
  });
});

describe('a process of its own', () => {
  let folder: TestFolder;
  let port: number;
  const managers: ServiceManager[] = [];
  const create = (spec: object, context: Partial<ManagerContext> = {}): ServiceManager => {
    const manager = processManager.create(parse(processManager, spec), folder.context(context));
    managers.push(manager);
    return manager;
  };
  const runs = (program: string, ...args: string[]): object => ({ command: [process.execPath, programFile(program), String(port), ...args] });
  const startServing = async (manager: ServiceManager): Promise<number> => {
    expect(await manager.start(startOptions)).toEqual({ ok: true });
    return await untilServing(port);
  };
  const log = (): string => readFileSync(join(folder.path, 'home', 'logs', 'api.log'), 'utf8');

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

  test('its exit is told once, with the cause', async () => {
    const manager = create(runs('serves-http.mjs'));
    const told: ExitCause[] = [];
    manager.watch?.((cause) => { told.push(cause); });
    killHard(await startServing(manager));
    await vi.waitFor(() => { expect(told).toEqual([{ kind: 'signal', signal: 'SIGKILL' }]); }, { timeout: PATIENCE_MS });
    expect(await manager.status(never())).toEqual({ state: 'exited', cause: { kind: 'signal', signal: 'SIGKILL' } });
    expect(told).toHaveLength(1);
  });

  test('an exit code is a cause too, and what it printed is in the log', async () => {
    const manager = create({ command: [process.execPath, programFile('exits-at-once.mjs'), '7'] });
    const told: ExitCause[] = [];
    manager.watch?.((cause) => { told.push(cause); });
    expect(await manager.start(startOptions)).toEqual({ ok: true });
    await vi.waitFor(() => { expect(told).toEqual([{ kind: 'exit-code', code: 7 }]); }, { timeout: PATIENCE_MS });
    expect(log()).toContain('on my way out\nthe reason is on stderr\n');
  });

  test.each(['stop', 'kill'] as const)('an end by %s is not told', async (act) => {
    const manager = create(runs('serves-http.mjs'));
    const told: ExitCause[] = [];
    manager.watch?.((cause) => { told.push(cause); });
    await startServing(manager);
    expect(act === 'stop' ? await manager.stop(stopOptions) : await manager.kill(never())).toEqual({ ok: true });
    expect(await manager.status(never())).toMatchObject({ state: 'exited', cause: { kind: 'signal' } });
    expect(told).toEqual([]);
  });

  test('two starts at the same time start one', async () => {
    const manager = create(runs('serves-http.mjs'));
    expect(await Promise.all([manager.start(startOptions), manager.start(startOptions)])).toEqual([{ ok: true }, { ok: true }]);
    const pid = await untilServing(port);
    expect(programsOf(port)).toEqual([pid]);
  });

  test('it outlives the manager, is adopted by pid and start time, and its exit is told', async () => {
    const memory = memoryHolding();
    const first = create(runs('serves-http.mjs'), { memory });
    const pid = await startServing(first);
    first.dispose();
    // Another id: only the memory can lead to it.
    const second = create(runs('serves-http.mjs'), { memory, serviceId: 'renamed' });
    const told: ExitCause[] = [];
    second.watch?.((cause) => { told.push(cause); });
    expect(await second.status(never())).toEqual({ state: 'running', pid });
    expect(await second.start(startOptions)).toEqual({ ok: true });
    expect(programsOf(port)).toEqual([pid]);
    killHard(pid);
    await vi.waitFor(() => { expect(told).toEqual([{ kind: 'not-running' }]); }, { timeout: PATIENCE_MS });
  });

  test('one that was started just before a crash, its pid not yet on disk, is found by its marker and remembered', async () => {
    const first = create(runs('serves-http.mjs'));
    const pid = await startServing(first);
    first.dispose();
    const memory = memoryHolding();
    const second = create(runs('serves-http.mjs'), { memory });
    expect(await Promise.all([second.start(startOptions), second.status(never())])).toEqual([{ ok: true }, { state: 'running', pid }]);
    expect(programsOf(port)).toEqual([pid]);
    expect(memory.value).toMatchObject({ pid });
    expect(await second.stop(stopOptions)).toEqual({ ok: true });
    expect(programsOf(port)).toEqual([]);
  });

  test('a service of another id or another data folder is not adopted', async () => {
    await startServing(create(runs('serves-http.mjs')));
    for (const context of [{ serviceId: 'api2' }, { home: join(folder.path, 'home2') }]) {
      expect(await create(runs('serves-http.mjs'), context).status(never())).toEqual({ state: 'exited', cause: { kind: 'not-running' } });
    }
  });

  test('a pid that belongs to another process by now is neither adopted nor ended', async () => {
    const other = create(runs('serves-http.mjs'), { serviceId: 'other' });
    const pid = await startServing(other);
    const manager = create(runs('serves-http.mjs'), { memory: memoryHolding({ pid, token: 'another-boot:12' }) });
    expect(await manager.status(never())).toMatchObject({ state: 'exited' });
    expect(await manager.stop(stopOptions)).toEqual({ ok: true });
    expect(await manager.kill(never())).toEqual({ ok: true });
    expect(programsOf(port)).toEqual([pid]);
  });

  test.each([{ pid: 0, token: '' }, { pid: 1, token: 'x' }, { pid: -1, token: 'x' }, 'rubbish', null])('a memory of %j harms nobody', async (remembered) => {
    const manager = create(runs('serves-http.mjs'), { memory: memoryHolding(remembered) });
    expect(await manager.stop(stopOptions)).toEqual({ ok: true });
    expect(await manager.kill(never())).toEqual({ ok: true });
    expect(await manager.status(never())).toMatchObject({ state: 'exited' });
  });

  test.each(['--in-its-group', '--in-its-own-session'])('children that outlived it are cleared by a stop (%s)', async (where) => {
    const manager = create(runs('forks-a-grandchild.mjs', where));
    const child = await startServing(manager);
    const status = await manager.status(never());
    killHard(status.state === 'running' ? status.pid ?? 0 : 0);
    await vi.waitFor(async () => { expect((await manager.status(never())).state).toBe('exited'); }, { timeout: PATIENCE_MS });
    expect(programsOf(port)).toEqual([child]);
    expect(await manager.stop(stopOptions)).toEqual({ ok: true });
    expect(programsOf(port)).toEqual([]);
  });

  test('a folder that does not exist is refused with its path', async () => {
    const manager = create({ command: [process.execPath], cwd: 'no/such/folder' });
    expect(await manager.start(startOptions)).toMatchObject({ ok: false, refusal: { code: 'not-found', message: expect.stringContaining(join(folder.path, 'no/such/folder')) as string } });
  });

  test('a file that may not be executed is refused with what to do', async () => {
    writeFileSync(join(folder.path, 'plain.txt'), 'no program');
    const manager = create({ command: ['./plain.txt'] });
    expect(await manager.start(startOptions)).toMatchObject({ ok: false, refusal: { code: 'failed', message: expect.stringContaining('chmod +x') as string } });
  });

  test('it runs in its folder, with its variables, in its own process group, with nothing open but its log', async () => {
    mkdirSync(join(folder.path, 'work'));
    const manager = create({ ...runs('serves-http.mjs'), cwd: 'work', env: { COLOUR: 'green' } });
    const pid = await startServing(manager);
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe(join(folder.path, 'work'));
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')).toContain('COLOUR=green');
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(2, 4)).toEqual([String(pid), String(pid)]);
    const files = (): string[] => readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`)).filter((file) => file.startsWith('/') && !file.startsWith('/dev/'));
    // The program itself opens and closes files of its own; what it was given stays open.
    await vi.waitFor(() => { expect(files()).toEqual([join(folder.path, 'home/logs/api.log'), join(folder.path, 'home/logs/api.log')]); }, { timeout: PATIENCE_MS });
  });

  test('a log that has grown too long is rotated at the start', async () => {
    mkdirSync(join(folder.path, 'home/logs'), { recursive: true });
    writeFileSync(join(folder.path, 'home/logs/api.log'), Buffer.alloc(5 * 1024 * 1024 + 1, 'x'));
    await startServing(create(runs('serves-http.mjs')));
    expect(readdirSync(join(folder.path, 'home/logs')).toSorted()).toEqual(['api.log', 'api.log.1']);
    expect(log()).toBe('');
  });

  test('a log that was rotated a moment ago is read on in the older file', async () => {
    mkdirSync(join(folder.path, 'home/logs'), { recursive: true });
    writeFileSync(join(folder.path, 'home/logs/api.log.1'), 'one\ntwo\nthree\n');
    writeFileSync(join(folder.path, 'home/logs/api.log'), 'four\nfive\n');
    const manager = create(runs('serves-http.mjs'));
    const source = join(folder.path, 'home/logs/api.log');
    expect(await manager.log?.(2, never())).toEqual({ ok: true, source, lines: ['four', 'five'] });
    expect(await manager.log?.(4, never())).toEqual({ ok: true, source, lines: ['two', 'three', 'four', 'five'] });
    expect(await manager.log?.(100, never())).toEqual({ ok: true, source, lines: ['one', 'two', 'three', 'four', 'five'] });
  });

  test('a log that cannot be read is refused with its file', async () => {
    mkdirSync(join(folder.path, 'home'));
    writeFileSync(join(folder.path, 'home/logs'), 'a file where the folder should be');
    const read = await create(runs('serves-http.mjs')).log?.(5, never());
    expect(read).toMatchObject({ ok: false, refusal: { code: 'failed', message: `${join(folder.path, 'home/logs/api.log')} cannot be read (ENOTDIR).` } });
  });

  test('a log that grows without end while it runs is rotated within 2 s of the start', async () => {
    const clock = new VirtualClock();
    await startServing(create(runs('serves-http.mjs'), { clock }));
    writeFileSync(join(folder.path, 'home/logs/api.log'), Buffer.alloc(6 * 1024 * 1024, 'x'));
    await clock.advance(2_000);
    await vi.waitFor(() => { expect(log()).toBe(''); }, { timeout: PATIENCE_MS });
    expect(statSync(join(folder.path, 'home/logs/api.log.1')).size).toBe(5 * 1024 * 1024);
  });

  test.each(['its own child', 'one adopted', 'one not yet found again'])('when Upkeep can open no more files, %s that runs is unknown instead of ended, and neither started twice nor called stopped', async (which) => {
    const memory = memoryHolding();
    const first = create(runs('serves-http.mjs'), { memory });
    const pid = await startServing(first);
    const manager = which === 'its own child' ? first : create(runs('serves-http.mjs'), { memory });
    if (which === 'one adopted') expect(await manager.status(never())).toEqual({ state: 'running', pid });
    const told: ExitCause[] = [];
    manager.watch?.((cause) => { told.push(cause); });
    const [status, started, stopped] = await withoutDescriptors(async () => [
      await manager.status(never()), await manager.start(startOptions), await manager.stop({ withinMs: 100, signal: never() }),
    ]);
    expect(status).toEqual({ state: 'unknown', why: 'the table of processes could not be read (EMFILE)' });
    expect(started).toMatchObject({ ok: false, refusal: { message: expect.stringContaining('EMFILE') as string } });
    expect(stopped).toMatchObject({ ok: false, refusal: { message: expect.stringContaining('EMFILE') as string } });
    expect(await manager.status(never())).toEqual({ state: 'running', pid });
    expect(told).toEqual([]);
    expect(programsOf(port)).toEqual([pid]);
    expect(await manager.stop(stopOptions)).toEqual({ ok: true });
  });

  test('a disk that can\'t be written does not keep the service down', async () => {
    const memory = { get: () => null, set: () => Promise.reject(new Error('disk full')) };
    const manager = create(runs('serves-http.mjs'), { memory });
    const pid = await startServing(manager);
    expect(await manager.status(never())).toEqual({ state: 'running', pid });
  });
});

test.each([
  [{ command: [] }, 'a list of texts, the program first'],
  [{ command: 'node server.mjs' }, 'a list of texts, the program first'],
  [{ command: [''] }, 'a list of texts, the program first'],
  [{ command: ['node'], cwd: '' }, 'a text that is not empty'],
  [{ command: ['node'], env: { A: 1 } }, 'a text'],
  [{ command: ['node'], autoStart: 'yes' }, 'true or false'],
])('%j is refused: expected %s', (spec, expected) => {
  const result = processManager.schema.safeParse({ type: 'process', ...spec });
  expect(result.error?.issues.map(({ message }) => message)).toEqual([expected]);
});

test('autoStart is on unless said otherwise', () => {
  expect(processManager.ownership(parse(processManager, { command: ['node'] }))).toEqual({ kind: 'owned', autoStart: true });
  expect(processManager.ownership(parse(processManager, { command: ['node'], autoStart: false }))).toEqual({ kind: 'owned', autoStart: false });
});
