// Runs the command as it ships, one bundled file in a process of its own, over a fresh data folder.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { serveLocalApi, type LocalApi } from '../../supervisor/local-api/server.ts';
import { locateSocket } from '../../supervisor/local-api/socket.ts';
import { InMemoryApi } from '../engine/local-api/in-memory-api.ts';
import type { Script } from './fake-engine.ts';

const ROOT = join(import.meta.dirname, '../..');
export const VERSION = '9.8.7';

export interface Ended { readonly code: number | null; readonly out: string; readonly err: string }
export interface RunOptions { readonly script?: Script; readonly env?: Readonly<Record<string, string>> }
export interface Started { readonly child: ChildProcessByStdio<null, Readable, Readable>; readonly ended: Promise<Ended>; out(): string }

export interface Bed {
  /** Data folder, working directory and home of the command, empty before each test. */
  readonly home: string;
  start(argv: readonly string[], options?: RunOptions): Started;
  run(argv: readonly string[], options?: RunOptions): Promise<Ended>;
  /** A running instance over this data folder. */
  serve(): Promise<{ readonly api: InMemoryApi; readonly server: LocalApi }>;
}

/** Call at the top of a test file. */
export function useBundledCli(): Bed {
  let folder = '';
  let home = '';
  let server: LocalApi | undefined;
  const children = new Set<Started['child']>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'upkeep-cli-'));
    await bundle(join(folder, 'cli.cjs'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  beforeEach(async () => { home = await mkdtemp(join(tmpdir(), 'upkeep-')); });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await server?.close();
    server = undefined;
    await rm(home, { recursive: true });
  });

  const start: Bed['start'] = (argv, { script = {}, env = {} } = {}) => {
    const child = spawn(process.execPath, [join(folder, 'cli.cjs'), ...argv], {
      cwd: home, stdio: ['ignore', 'pipe', 'pipe'],
      // NODE_PATH: what the bundle leaves outside lies in the repository, not beside the temporary file.
      env: { PATH: process.env['PATH'], HOME: home, UPKEEP_HOME: home, TZ: 'UTC', NODE_PATH: join(ROOT, 'node_modules'), FAKE_ENGINE: JSON.stringify(script), ...env },
    });
    children.add(child);
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => { out += chunk; });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => { err += chunk; });
    const ended = new Promise<Ended>((resolve) => {
      child.once('close', (code) => {
        children.delete(child);
        resolve({ code, out, err });
      });
    });
    return { child, ended, out: () => out };
  };
  return {
    get home() { return home; },
    start,
    run: (argv, options) => start(argv, options).ended,
    async serve() {
      const api = new InMemoryApi();
      server = await serveLocalApi(api, locateSocket(home));
      return { api, server };
    },
  };
}

async function bundle(outfile: string): Promise<void> {
  await build({
    absWorkingDir: ROOT, entryPoints: ['cli/main.ts'], outfile, bundle: true, platform: 'node', target: 'node18.15', format: 'cjs',
    external: ['electron', 'libsql', 'node-notifier'], mainFields: ['module', 'main'], define: { __UPKEEP_VERSION__: JSON.stringify(VERSION) },
    plugins: [{
      name: 'fake engine',
      setup({ onResolve }) {
        onResolve({ filter: /\/supervisor\/index[.]ts$/ }, () => ({ path: join(ROOT, 'test/cli/fake-engine.ts') }));
      },
    }],
  });
}
