// The product as it ships (dist/cli.cjs) over a data folder and services of its own, with real processes on free loopback ports.
// Run `npm run build` first; `npm test` does.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { eventSchema, type UpkeepEvent } from '../../supervisor/contract/event.ts';
import { snapshotSchema, type ServiceSnapshot, type Snapshot } from '../../supervisor/contract/snapshot.ts';
import { waitFor } from '../bed/wait-for.ts';

const ROOT = join(import.meta.dirname, '../..');
const CLI = join(ROOT, 'dist/cli.cjs');
export const PROGRAMS = join(ROOT, 'test/programs');

export interface Ended { readonly code: number | null; readonly out: string; readonly err: string }

/** A running `upkeep watch --json`. */
export interface Watching {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  events(): UpkeepEvent[];
  /** Resolves with the first event of that type (and service) from the `from`th event on. */
  event(type: UpkeepEvent['type'], service?: string, from?: number): Promise<UpkeepEvent>;
}

export class UpkeepBed {
  home = '';
  readonly children = new Set<ChildProcess>();

  get configFile(): string {
    return join(this.home, 'services.json');
  }
  async configure(configuration: unknown): Promise<void> {
    await writeFile(this.configFile, typeof configuration === 'string' ? configuration : JSON.stringify(configuration, null, 2));
  }
  #spawn(argv: readonly string[], env: NodeJS.ProcessEnv = {}): { child: ChildProcess; ended: Promise<Ended>; out: () => string } {
    if (!existsSync(CLI)) throw new Error('dist/cli.cjs is missing: run "npm run build" first.');
    const child = spawn(process.execPath, [CLI, ...argv], { cwd: this.home, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], HOME: this.home, TZ: 'UTC', UPKEEP_HOME: join(this.home, 'data'), ...env } });
    this.children.add(child);
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => { out += chunk; });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => { err += chunk; });
    const ended = new Promise<Ended>((resolve) => {
      child.once('close', (code) => {
        this.children.delete(child);
        resolve({ code, out, err });
      });
    });
    return { child, ended, out: () => out };
  }
  run(...argv: string[]): Promise<Ended> {
    return this.#spawn(argv).ended;
  }
  /** Starts `upkeep watch --json` and waits until it supervises. */
  async watch(env: NodeJS.ProcessEnv = {}): Promise<Watching> {
    const { child, ended, out } = this.#spawn(['watch', '--json'], env);
    const events = (): UpkeepEvent[] => out().split('\n').slice(0, -1).map((line) => eventSchema.parse(JSON.parse(line)));
    const event: Watching['event'] = (type, service, from = 0) =>
      waitFor(`${type} ${service ?? ''} among ${events().map((one) => one.type).join(', ')}`, () => events().slice(from).find((one) => one.type === type && (service === undefined || one.service === service)));
    const watching: Watching = { child, ended, events, event };
    const early = await Promise.race([event('supervisor.started').then(() => null), ended]);
    if (early !== null) throw new Error(`upkeep watch ended with ${early.code}: ${early.err}`);
    await waitFor('the socket of the running instance', () => existsSync(join(this.home, 'data/upkeep.sock')));
    return watching;
  }
  async status(): Promise<Snapshot> {
    const { out, err } = await this.run('status', '--json');
    if (out === '') throw new Error(`upkeep status says nothing but: ${err}`);
    return snapshotSchema.parse(JSON.parse(out));
  }
  async service(id: string): Promise<ServiceSnapshot> {
    const service = (await this.status()).services.find((one) => one.id === id);
    if (service === undefined) throw new Error(`status shows no service "${id}"`);
    return service;
  }
  /** Resolves when the service has that status. */
  until(id: string, status: ServiceSnapshot['status']): Promise<ServiceSnapshot> {
    return waitFor(`${id} to be ${status}`, async () => {
      const service = await this.service(id);
      return service.status === status && service;
    });
  }
  read(file: string): string {
    return readFileSync(join(this.home, file), 'utf8');
  }
}

/** A fresh bed for every test of the file; whatever a test leaves running fails it. */
export function useUpkeepBed(): UpkeepBed {
  const bed = new UpkeepBed();
  beforeEach(async () => {
    bed.home = await mkdtemp(join(tmpdir(), 'upkeep-e2e-'));
  });
  afterEach(async () => {
    for (const child of [...bed.children]) {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('close', resolve));
    }
    const left = servicesOf(bed.home);
    for (const pid of left) process.kill(pid, 'SIGKILL');
    await rm(bed.home, { recursive: true, force: true, maxRetries: 5 });
    expect(left, 'processes left behind').toEqual([]);
  });
  return bed;
}

/** Pids of every service process that this bed's programs have reported in starts.log and that still lives. */
export function servicesOf(home: string): number[] {
  return startsOf(home).filter((pid) => pid > 1 && isAlive(pid));
}
/** One pid a start, in order. */
export function startsOf(home: string): number[] {
  const file = join(home, 'starts.log');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map(Number) : [];
}
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

/** A service that a real program serves: notes every start in starts.log, answers with its pid. */
export const served = (port: number, rest: Readonly<Record<string, unknown>> = {}, options: readonly string[] = []): Record<string, unknown> => ({
  manager: { type: 'process', command: [process.execPath, join(PROGRAMS, 'notes-its-starts.mjs'), String(port), ...options] },
  checks: [{ type: 'http', url: `http://127.0.0.1:${port}/` }],
  interval: '1s', retryInterval: '100ms', ...rest,
});

/** The pid that answers on the port. */
export const servingPid = async (port: number): Promise<number> => Number(await (await fetch(`http://127.0.0.1:${port}/`)).text());
