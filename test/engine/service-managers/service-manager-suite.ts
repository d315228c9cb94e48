// What every service manager keeps to, whoever really starts the processes. Run against each of them with real programs.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ActResult, ManagerStatus, ServiceManager } from '../../../supervisor/ports.ts';
import { freePort, killHard, never, PATIENCE_MS, programsOf, servingPid, untilNoneIsLeft, untilServing } from './manager-bed.ts';

export interface ManagerBed {
  /** A manager of a new service that runs `test/programs/PROGRAM PORT`. */
  manage(program: string, port: number): Promise<ServiceManager>;
  /** A manager of a service whose program or unit does not exist. */
  manageNothing(): Promise<ServiceManager>;
  /** Whether its status tells how a service ended that nobody asked to end. */
  readonly tellsCause: boolean;
  cleanUp(): Promise<void>;
}

const OK: ActResult = { ok: true };
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
      manager.restart?.({ byPerson: false, withinMs: 3_600_000, signal }), manager.status(signal),
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
