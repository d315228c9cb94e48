// Runs programs: short ones to their end with their output, long-lived ones in the background with their output in a file.
// The only file that starts processes. Commands are lists of arguments; no shell is ever involved.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Refusal } from '../contract/reason.ts';

const MAX_OUTPUT_CHARACTERS = 4 * 1024 * 1024;
/** Between SIGTERM and SIGKILL once nobody wants the command any more. */
const KILL_AFTER_MS = 1_000;
/** A program may leave a child behind that keeps its output open; what has not arrived this long after its exit is not waited for. */
const OUTPUT_GRACE_MS = 200;

export interface RunOptions {
  /** The command and all it started are ended after this time. */
  readonly timeoutMs: number;
  /** Aborting ends the command and all it started. */
  readonly signal?: AbortSignal | undefined;
  readonly cwd?: string | undefined;
  /** Gets the standard output as it comes. */
  readonly onStdout?: ((text: string) => void) | undefined;
  /** Added to the environment of Upkeep. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

export interface RunResult {
  /** null: it ended by a signal, or never started. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** There is no such program. */
  readonly notFound: boolean;
  /** Why it could not be started (`ENOENT`, `EACCES`, ...); null: it was started. */
  readonly startError: string | null;
}

const NEVER_STARTED: RunResult = { exitCode: null, signal: null, stdout: '', stderr: '', timedOut: false, notFound: false, startError: null };

/**
 * Runs a command to its end. Never rejects: a command that fails, is not found or takes too long is a result.
 * It gets its own process group, so that time-out and abort end its children too: SIGTERM, one second later SIGKILL.
 */
export async function runCommand(argv: readonly string[], options: RunOptions): Promise<RunResult> {
  const [program = '', ...args] = argv;
  if (options.signal?.aborted) return { ...NEVER_STARTED, startError: 'ABORTED' };
  // Loaded with the first command: most of what Upkeep looks after needs none, and it is a quarter of the bundle.
  const { execa } = await import('execa');
  const running = execa(program, args, {
    reject: false, detached: true, stdin: 'ignore', maxBuffer: MAX_OUTPUT_CHARACTERS,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }), ...(options.env === undefined ? {} : { env: options.env }),
  });
  if (options.onStdout !== undefined) running.stdout?.setEncoding('utf8').on('data', options.onStdout);
  const limits = limit(running.pid, options);
  const stopDropping = dropLateOutput(running);
  const { exitCode = null, signal = null, stdout, stderr, code: startError } = await running;
  stopDropping();
  const started = running.pid !== undefined;
  return {
    // Output that is dropped makes the result a failure without changing how the program ended.
    exitCode, signal, stdout: stdout ?? '', stderr: stderr ?? '', timedOut: limits.end(),
    notFound: !started && startError === 'ENOENT', startError: started ? null : startError ?? 'failed',
  };
}

/** Holds a process group to time-out and abort. `end` is called once the leader is gone, says whether the time was over, and clears a group that was to end. */
function limit(groupId: number | undefined, { timeoutMs, signal }: Pick<RunOptions, 'timeoutMs' | 'signal'>): { end: () => boolean } {
  let timedOut = false;
  let killing: NodeJS.Timeout | undefined;
  const kill = (): void => {
    if (killing !== undefined) return;
    signalGroup(groupId, 'SIGTERM');
    killing = setTimeout(() => { signalGroup(groupId, 'SIGKILL'); }, KILL_AFTER_MS);
  };
  const timer = setTimeout(() => { timedOut = true; kill(); }, timeoutMs);
  signal?.addEventListener('abort', kill, { once: true });
  if (signal?.aborted) kill();
  return {
    end: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', kill);
      if (killing !== undefined) {
        clearTimeout(killing);
        signalGroup(groupId, 'SIGKILL');
      }
      return timedOut;
    },
  };
}

function dropLateOutput(child: Pick<ChildProcess, 'once' | 'stdout' | 'stderr'>): () => void {
  let timer: NodeJS.Timeout | undefined;
  child.once('exit', () => {
    timer = setTimeout(() => { child.stdout?.destroy(); child.stderr?.destroy(); }, OUTPUT_GRACE_MS);
  });
  return () => { clearTimeout(timer); };
}

/** Signals every process of a group; false when there is none (any more) or it may not be signalled. Groups 0 and 1 are never touched. */
export function signalGroup(groupId: number | undefined, signal: NodeJS.Signals): boolean {
  return groupId !== undefined && groupId > 1 && send(-groupId, signal);
}

/** Signals one process; false when there is none (any more) or it may not be signalled. Pids 0 and 1 are never touched. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  return pid > 1 && send(pid, signal);
}

function send(target: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch {
    return false;
  }
}

export interface Exit { readonly code: number | null; readonly signal: NodeJS.Signals | null }
export type Spawned =
  | { readonly ok: true; readonly pid: number; /** Resolves when it has ended; never rejects. */ readonly exited: Promise<Exit> }
  | { readonly ok: false; readonly refusal: Refusal };

export interface SpawnOptions {
  readonly cwd: string;
  /** The whole environment of the program. */
  readonly env: NodeJS.ProcessEnv;
  /** Its output is appended here; the folder is made when missing. */
  readonly logFile: string;
}

/**
 * Starts a long-lived program: in its own session and process group, no input, output appended to the log file, no other descriptor.
 * It neither keeps Upkeep alive nor ends with it. Resolves once it runs (or cannot be started); never rejects.
 */
export async function spawnDetached(argv: readonly string[], options: SpawnOptions): Promise<Spawned> {
  const [program = '', ...args] = argv;
  // The system reports a missing folder as a missing program; look first, so that the message names the right one.
  if (!isFolder(options.cwd)) return refuse('not-found', `the folder "${options.cwd}" to run in does not exist. Correct "cwd" in services.json.`);
  let logFd: number;
  try {
    logFd = openForAppending(options.logFile);
  } catch (error) {
    return refuse('failed', `the log file ${options.logFile} cannot be opened (${codeOf(error)}). Make its folder writable.`);
  }
  try {
    const child = spawn(program, args, { cwd: options.cwd, env: options.env, detached: true, stdio: ['ignore', logFd, logFd] });
    child.unref();
    const exited = new Promise<Exit>((resolve) => { child.once('exit', (code, signal) => { resolve({ code, signal }); }); });
    const error = await new Promise<unknown>((resolve) => {
      child.once('spawn', () => { resolve(null); });
      child.on('error', resolve);
    });
    if (error === null && child.pid !== undefined) return { ok: true, pid: child.pid, exited };
    return refuseStart(program, codeOf(error));
  } catch (error) {
    // Arguments the system can't take at all (a NUL character, say).
    return refuseStart(program, codeOf(error));
  } finally {
    closeSync(logFd);
  }
}

/**
 * Runs a command to its end with its output in a file: for commands that may leave a daemon behind, which a pipe would end
 * with the first line it writes after Upkeep has let go of it. Otherwise like `runCommand`.
 */
export async function runToLog(argv: readonly string[], options: SpawnOptions & Pick<RunOptions, 'timeoutMs' | 'signal'>):
Promise<{ readonly ok: true; readonly exit: Exit; readonly timedOut: boolean } | { readonly ok: false; readonly refusal: Refusal }> {
  const spawned = await spawnDetached(argv, options);
  if (!spawned.ok) return spawned;
  const limits = limit(spawned.pid, options);
  const exit = await spawned.exited;
  return { ok: true, exit, timedOut: limits.end() };
}

function refuseStart(program: string, code: string): Spawned {
  if (code === 'ENOENT') return refuse('not-found', `the program "${program}" was not found. Correct it in services.json, or install it.`);
  if (code === 'EACCES') return refuse('failed', `the program "${program}" may not be executed. Make it executable (chmod +x), or name its interpreter first.`);
  return refuse('failed', `the program "${program}" could not be started (${code}).`);
}

const refuse = (code: Refusal['code'], message: string): Spawned => ({ ok: false, refusal: { code, message } });

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : String(error));

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Appending, so that lines of several writers never overwrite each other and the file may be cut short under a running program. */
function openForAppending(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  return openSync(file, 'a', 0o600);
}
