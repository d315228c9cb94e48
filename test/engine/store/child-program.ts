// Runs a program of programs/ in a process of its own, so that a test can kill it.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
const ENDED_WITHIN_MS = 30_000;

export interface RunningProgram {
  readonly pid: number;
  readonly lines: readonly string[];
  /** Resolves with the first line that fits, also one that came before. Rejects when the program ends without it. */
  line(fits: (line: string) => boolean): Promise<string>;
  write(text: string): void;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
  /** Waits until it has ended by itself. */
  ended(): Promise<void>;
}
export interface Program { start(...args: string[]): RunningProgram; /** Kills what still runs and removes the bundle. */ dispose(): Promise<void> }

export function buildProgram(name: string): Program {
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-program-'));
  const outfile = join(folder, `${name}.mjs`);
  // Native packages stay outside the bundle; `require` finds them through NODE_PATH.
  buildSync({
    entryPoints: [join(PROJECT, 'test/engine/store/programs', `${name}.ts`)], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node18', external: ['libsql'],
    alias: { libsql: join(PROJECT, 'node_modules/libsql/index.js') }, logLevel: 'error',
    banner: { js: `import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(${JSON.stringify(join(PROJECT, 'package.json'))});` },
  });
  const running: RunningProgram[] = [];
  return {
    start(...args) {
      const program = follow(spawn(process.execPath, [outfile, ...args], { stdio: ['pipe', 'pipe', 'inherit'] }));
      running.push(program);
      return program;
    },
    async dispose() {
      await Promise.all(running.map((program) => program.kill()));
      rmSync(folder, { recursive: true });
    },
  };
}

function follow(child: ChildProcess): RunningProgram {
  const { pid, stdout } = child;
  if (pid === undefined || stdout === null) throw new Error('the program could not be started');
  const lines: string[] = [];
  let rest = '';
  let over = false;
  const changed = new Set<() => void>();
  const tell = () => { for (const look of [...changed]) look(); };
  stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    tell();
  });
  child.stdin?.on('error', () => undefined);
  child.once('close', () => { over = true; tell(); });

  const until = <Result>(found: () => Result | undefined, what: string): Promise<Result> => new Promise((resolve, reject) => {
    const settle = () => { changed.delete(look); clearTimeout(timer); };
    const timer = setTimeout(() => { settle(); reject(new Error(`${what}: not within ${ENDED_WITHIN_MS} ms, only ${JSON.stringify(lines)}`)); }, ENDED_WITHIN_MS);
    const look = () => {
      const result = found();
      if (result !== undefined) { settle(); resolve(result); } else if (over) { settle(); reject(new Error(`${what}: the program has ended with ${JSON.stringify(lines)}`)); }
    };
    changed.add(look);
    look();
  });
  const ended = async () => { await until(() => (over ? true : undefined), 'the end of the program'); };
  return {
    pid, lines,
    line: (fits) => until(() => lines.find(fits), 'a line'),
    write: (text) => { child.stdin?.write(text); },
    async kill() {
      if (!over) child.kill('SIGKILL');
      await ended();
    },
    ended,
  };
}
