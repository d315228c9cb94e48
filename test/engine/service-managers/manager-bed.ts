// What tests of service managers need around them: a context with a real clock, free ports, and a look at who serves a port.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import type { MonoMs, WallMs } from '../../../supervisor/contract/reason.ts';
import type { Clock, ManagerContext, ManagerMemory, ServiceManagerKind } from '../../../supervisor/ports.ts';
import type { ManagerSpec } from '../../../supervisor/contract/configuration.ts';

export const PATIENCE_MS = 30_000;
export const never = (): AbortSignal => new AbortController().signal;
export const programFile = (name: string): string => fileURLToPath(new URL(`../../programs/${name}`, import.meta.url));
/** The spec as the reader hands it to the manager. */
export const parse = <Spec extends ManagerSpec>(kind: ServiceManagerKind<Spec>, spec: object): Spec => kind.schema.parse({ type: kind.type, ...spec }) as unknown as Spec;

export const realClock: Clock = {
  now: () => ({ mono: performance.now() as MonoMs, wall: Date.now() as WallMs }),
  sleptMs: () => 0,
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs).unref();
    return () => { clearTimeout(timer); };
  },
};

export function memoryHolding(initial: unknown = null): ManagerMemory & { value: unknown } {
  const memory = {
    value: initial,
    get: () => memory.value,
    set: (value: unknown) => { memory.value = value; return Promise.resolve(); },
  };
  return memory;
}

export interface TestFolder { readonly path: string; context(overrides?: Partial<ManagerContext>): ManagerContext; remove(): void }
export function testFolder(): TestFolder {
  const path = mkdtempSync(join(tmpdir(), 'upkeep-manager-'));
  return {
    path,
    context: (overrides = {}) => ({ serviceId: 'api', configFolder: path, home: join(path, 'home'), memory: memoryHolding(), clock: realClock, ...overrides }),
    remove: () => { rmSync(path, { recursive: true, force: true }); },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

/** The pid that the program serving this port tells; null when nobody serves. */
export async function servingPid(port: number): Promise<number | null> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' }, signal: AbortSignal.timeout(5_000) });
    return Number(await answer.text());
  } catch {
    return null;
  }
}

export async function untilServing(port: number): Promise<number> {
  return await vi.waitFor(async () => {
    const pid = await servingPid(port);
    expect(pid, `somebody serves port ${port}`).not.toBeNull();
    return pid ?? 0;
  }, { timeout: PATIENCE_MS, interval: 20 });
}

/** Test programs that were given this port and still run; zombies are no longer running. */
export function programsOf(port: number): number[] {
  return readdirSync('/proc').map(Number).filter((pid) => {
    if (!(pid > 1) || pid === process.pid) return false;
    try {
      const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return args.includes(String(port)) && args.some((argument) => argument.includes('/test/programs/'));
    } catch {
      return false;
    }
  });
}

export const untilNoneIsLeft = (port: number): Promise<void> => vi.waitFor(() => { expect(programsOf(port)).toEqual([]); }, { timeout: PATIENCE_MS, interval: 20 });

export function killHard(pid: number): void {
  if (pid > 1) process.kill(pid, 'SIGKILL');
}
