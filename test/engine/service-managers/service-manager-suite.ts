// What every service manager keeps to, whoever really starts the processes. Run against each of them with real programs.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ActResult, LogResult, ManagerStatus, ServiceManager } from '../../../supervisor/ports.ts';
import { freePort, killHard, never, PATIENCE_MS, programsOf, servingPid, untilNoneIsLeft, untilServing } from './manager-bed.ts';

export interface ManagerBed {
  /** A manager of a new service that runs `test/programs/PROGRAM PORT`. */
  manage(program: string, port: number): Promise<ServiceManager>;
  /** A manager of a service whose program or unit does not exist. */
  manageNothing(): Promise<ServiceManager>;
  /** Whether its status tells how a service ended that nobody asked to end. */
  readonly tellsCause: boolean;
  /** Whether what the service writes is kept, and the manager can be asked for it. */
  readonly keepsLog: boolean;
  cleanUp(): Promise<void>;
}

const OK: ActResult = { ok: true };
const linesOf = (read: LogResult | undefined): readonly string[] => (read?.ok === true ? read.lines : expect.fail(`no log: ${JSON.stringify(read)}`));
export const startOptions = { byPerson: false, signal: never() };
export const stopOptions = { withinMs: 20_000, signal: never() };

export function serviceManagerSuite(makeBed: () => Promise<ManagerBed> | ManagerBed): void {
  let bed: ManagerBed;
  let port: number;
  const managers: ServiceManager[] = [];
  const manage = async (program: string): Promise<ServiceManager> => {
    const manager = await bed.manage(program, port);
    managers.push(manager);
    return manager;
  };
  const startServing = async (program: string): Promise<{ manager: ServiceManager; pid: number }> => {
    const manager = await manage(program);
    expect(await manager.start(startOptions)).toEqual(OK);
    return { manager, pid: await untilServing(port) };
  };
  const untilState = (manager: ServiceManager, state: ManagerStatus['state']): Promise<ManagerStatus> => vi.waitFor(async () => {
    const status = await manager.status(never());
    expect(status.state).toBe(state);
    return status;
  }, { timeout: PATIENCE_MS });

  beforeEach(async () => {
    bed = await makeBed();
    port = await freePort();
  });
  afterEach(async () => {
    for (const manager of managers.splice(0)) {
      await manager.kill(never());
      manager.dispose();
    }
    await bed.cleanUp();
    await untilNoneIsLeft(port);
  });

  test('a service that was never started has exited, and runs after a start', async () => {
    const manager = await manage('serves-http.mjs');
    expect(await manager.status(never())).toMatchObject({ state: 'exited' });
    expect(await manager.start(startOptions)).toEqual(OK);
    await untilServing(port);
    expect(await manager.status(never())).toMatchObject({ state: 'running' });
  });

  test('starting what runs starts nothing twice', async () => {
    const { manager, pid } = await startServing('serves-http.mjs');
    expect(await manager.start({ byPerson: true, signal: never() })).toEqual(OK);
    expect(await servingPid(port)).toBe(pid);
    expect(programsOf(port)).toEqual([pid]);
  });

  test('after a stop it has exited and its port is free', async () => {
    const { manager } = await startServing('serves-http.mjs');
    expect(await manager.stop(stopOptions)).toEqual(OK);
    expect(await servingPid(port)).toBeNull();
    expect(await manager.status(never())).toMatchObject({ state: 'exited' });
  });

  test('stopping what does not run is fine', async () => {
    const manager = await manage('serves-http.mjs');
    expect(await manager.stop(stopOptions)).toEqual(OK);
    expect(await manager.status(never())).toMatchObject({ state: 'exited' });
  });

  test('what ignores SIGTERM times out and is ended by a kill', async () => {
    const { manager } = await startServing('ignores-sigterm.mjs');
    expect(await manager.stop({ withinMs: 300, signal: never() })).toMatchObject({ ok: false, refusal: { code: 'timed-out' } });
    expect(await manager.kill(never())).toEqual(OK);
    expect(await servingPid(port)).toBeNull();
    await untilState(manager, 'exited');
  });

  test('it can be started again after a kill', async () => {
    const { manager, pid } = await startServing('ignores-sigterm.mjs');
    expect(await manager.kill(never())).toEqual(OK);
    expect(await manager.start({ byPerson: true, signal: never() })).toEqual(OK);
    expect(await untilServing(port)).not.toBe(pid);
  });

  test.each(['stop', 'kill'] as const)('%s ends the children too', async (act) => {
    const { manager } = await startServing('forks-a-grandchild.mjs');
    expect(act === 'stop' ? await manager.stop(stopOptions) : await manager.kill(never())).toEqual(OK);
    expect(programsOf(port)).toEqual([]);
  });

  test('a restart leaves one new process, also when the old one does not want to end', async () => {
    const { manager, pid } = await startServing('ignores-sigterm.mjs');
    if (manager.restart === undefined) {
      await manager.kill(never());
      await manager.start(startOptions);
    } else {
      expect(await manager.restart({ byPerson: true, withinMs: 300, signal: never() })).toEqual(OK);
    }
    const newPid = await untilServing(port);
    expect(newPid).not.toBe(pid);
    expect(programsOf(port)).toEqual([newPid]);
  });

  test('after kill -9 from outside it has exited, and starts again', async () => {
    const { manager, pid } = await startServing('serves-http.mjs');
    killHard(pid);
    const status = await untilState(manager, 'exited');
    if (bed.tellsCause) expect(status).toMatchObject({ cause: { kind: 'signal', signal: 'SIGKILL' } });
    expect(await manager.stop(stopOptions)).toEqual(OK);
    expect(await manager.start(startOptions)).toEqual(OK);
    expect(await untilServing(port)).not.toBe(pid);
  });

  test('what it wrote is its log: the last lines, oldest first, as plain text, with their source', async () => {
    const { manager } = await startServing('talks.mjs');
    expect(manager.log !== undefined).toBe(bed.keepsLog);
    if (manager.log === undefined) return;
    const read = (lines: number): Promise<LogResult> => manager.log?.(lines, never()) ?? expect.fail('no log');
    await vi.waitFor(async () => { expect(linesOf(await read(5)).at(-1)).toMatch(/and its end$/); }, { timeout: PATIENCE_MS });
    const lines = linesOf(await read(5));
    expect(lines).toHaveLength(5);
    for (const [index, number] of [27, 28, 29, 30].entries()) expect(lines[index]).toMatch(new RegExp(`(^|: )line ${number}$`));
    expect(lines[4]).toContain('a long line '.repeat(100));
    expect(linesOf(await read(1_000)).filter((line) => /(^|: )line \d+$/.test(line))).toHaveLength(30);
    expect(await read(1)).toMatchObject({ ok: true, source: expect.stringMatching(/./) as string, lines: [lines[4]] });
  });

  test('what it writes after its log was asked for is not in it', async () => {
    const { manager } = await startServing('talks.mjs');
    if (manager.log === undefined) return;
    await vi.waitFor(async () => { expect(linesOf(await manager.log?.(5, never()))).toHaveLength(5); }, { timeout: PATIENCE_MS });
    // As a heal does it: it was looked at, and what it wrote is read while it is being stopped.
    await manager.status(never());
    const [read] = await Promise.all([manager.log(1_000, never()), manager.stop(stopOptions)]);
    expect(linesOf(read).join('\n')).toContain('line 30');
    expect(linesOf(read).join('\n')).not.toContain('stopping, as told');
  });

  test('the log of a service that never ran is empty, or there is nobody to ask', async () => {
    const manager = await manage('talks.mjs');
    const read = await manager.log?.(5, never());
    if (read?.ok === false) expect(read.refusal).toMatchObject({ code: 'not-found', message: expect.stringMatching(/^[^\n]+\.$/) as string });
    else expect(read?.lines ?? []).toEqual([]);
  });

  test('starting what does not exist is refused with one sentence', async () => {
    const manager = await bed.manageNothing();
    const result = await manager.start(startOptions);
    expect(result).toMatchObject({ ok: false, refusal: { code: 'not-found', message: expect.stringMatching(/^[^\n]+\.$/) as string } });
    manager.dispose();
  });

  test('everything settles when it is aborted before it begins', async () => {
    const { manager, pid } = await startServing('serves-http.mjs');
    const signal = AbortSignal.abort();
    const results = await Promise.all([
      manager.start({ byPerson: false, signal }), manager.stop({ withinMs: 3_600_000, signal }), manager.kill(signal),
      manager.restart?.({ byPerson: false, withinMs: 3_600_000, signal }), manager.status(signal), manager.log?.(5, signal),
    ]);
    expect(results.slice(0, 3)).toMatchObject([{ ok: false }, { ok: false }, { ok: false }]);
    expect(await servingPid(port)).toBe(pid);
  });

  test('a stop settles long before its time when it is aborted', async () => {
    const { manager } = await startServing('ignores-sigterm.mjs');
    const controller = new AbortController();
    const stopping = manager.stop({ withinMs: 3_600_000, signal: controller.signal });
    controller.abort();
    expect(await stopping).toMatchObject({ ok: false });
  });
}
