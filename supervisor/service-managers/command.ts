// The service is handled by commands of its own: a script, a control program, an init script. Each must come to an end by itself;
// a program that stays in the foreground belongs to the process manager. What the commands print goes to the service's log.
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { ActResult, ManagerContext, ManagerStatus, ServiceManager, ServiceManagerKind, StartOptions, Stop, StopOptions } from '../ports.ts';
import { rotateIfLarger, rotateRegularly } from '../system/log-rotation.ts';
import { MARKER_VARIABLE, treeOf, whyUnreadable } from '../system/process-table.ts';
import { runCommand, runToLog } from '../system/run-command.ts';
import { waitUntil } from '../system/wait-until.ts';
import { calledOff, DONE, lastLine, refuse } from './act-results.ts';
import { killTree, markerOf } from './process-tree.ts';
import { argv } from './schema-parts.ts';

const COMMAND_TIMEOUT_MS = 60_000;
const STATUS_TIMEOUT_MS = 10_000;
/** Time between two looks at a service that has been told to stop. */
const STOPPED_LOOK_EVERY_MS = 100;
/** Of `status`: 4 says so itself (LSB), 126 and 127 are a command that could not run. Any other code than 0 means it does not run. */
const SAYS_NOTHING = new Set([4, 126, 127]);

const schema = z.strictObject({
  type: z.literal('command'),
  start: argv.describe('Starts the service and ends. Default: "restart" is used.').optional(),
  stop: argv.describe('Stops the service. Upkeep then waits until "status" says that it has stopped; without "status" it must end only then. Default: it can\'t be stopped, only restarted.').optional(),
  restart: argv.describe('Stops and starts the service, and ends. Default: "stop", then "start".').optional(),
  status: argv.describe('Exit code 0: it runs; 4, 126, 127 or 10 seconds without an end: unknown; any other: it does not run. Default: only checks judge it.').optional(),
}).refine(({ start, restart }) => start !== undefined || restart !== undefined, { error: '"start", "restart" or both' });
export type CommandSpec = z.output<typeof schema>;

export const commandManager: ServiceManagerKind<CommandSpec> = {
  type: 'command',
  schema,
  givesStatus: ({ status }) => status !== undefined,
  // What a heal runs. Never its arguments: they may hold a password.
  ownership: () => ({ kind: 'adopted' }),
  create: (spec, context) => new CommandManager(spec, context),
};

class CommandManager implements ServiceManager {
  readonly #spec: CommandSpec;
  readonly #context: ManagerContext;
  readonly #logFile: string;
  readonly #stopRotating: Stop;
  readonly canStop: boolean;
  /** Only where it was given, or stopping and starting are not to be had. */
  readonly restart?: (options: StartOptions & StopOptions) => Promise<ActResult>;

  constructor(spec: CommandSpec, context: ManagerContext) {
    this.#spec = spec;
    this.#context = context;
    this.#logFile = join(context.home, 'logs', `${context.serviceId}.log`);
    // Daemons write to it long after the command that started them has ended, also from before this Upkeep.
    this.#stopRotating = rotateRegularly(this.#logFile, context.clock);
    this.canStop = spec.stop !== undefined;
    const restart = spec.restart ?? (spec.stop === undefined ? spec.start : undefined);
    if (restart !== undefined) this.restart = ({ signal }) => this.#run(restart, COMMAND_TIMEOUT_MS, signal);
  }

  async status(signal: AbortSignal): Promise<ManagerStatus> {
    const { status } = this.#spec;
    if (status === undefined) return { state: 'unknown', why: 'it has no "status" command' };
    const { exitCode, timedOut, startError } = await runCommand(status, { timeoutMs: STATUS_TIMEOUT_MS, signal, cwd: this.#context.configFolder });
    if (timedOut) return { state: 'unknown', why: `its "status" command did not end within ${STATUS_TIMEOUT_MS / 1_000} s` };
    if (exitCode === null) return { state: 'unknown', why: startError === null ? 'its "status" command was ended by a signal' : `its "status" command could not be started (${startError})` };
    if (SAYS_NOTHING.has(exitCode)) return { state: 'unknown', why: `its "status" command ended with code ${exitCode}` };
    return exitCode === 0 ? { state: 'running', pid: null } : { state: 'exited', cause: { kind: 'not-running' } };
  }

  async start({ signal }: StartOptions): Promise<ActResult> {
    const command = this.#spec.start ?? this.#spec.restart ?? [];
    if (this.#spec.status !== undefined && (await this.status(signal)).state === 'running') return DONE;
    return await this.#run(command, COMMAND_TIMEOUT_MS, signal);
  }

  async stop({ withinMs, signal }: StopOptions): Promise<ActResult> {
    if (this.#spec.stop === undefined) return refuse('unavailable', 'there is no "stop" command. Add one to its manager in services.json.');
    const endsAtMs = performance.now() + withinMs;
    const asked = await this.#run(this.#spec.stop, Math.min(withinMs, COMMAND_TIMEOUT_MS), signal);
    if (!asked.ok || this.#spec.status === undefined) return asked;
    // Many a stop command only asks and ends. A start while the service still runs would start nothing.
    const condition = async (): Promise<boolean> => (await this.status(signal)).state !== 'running';
    switch (await waitUntil(condition, { withinMs: Math.max(0, endsAtMs - performance.now()), everyMs: STOPPED_LOOK_EVERY_MS, signal })) {
      case 'met': return DONE;
      case 'aborted': return calledOff();
      case 'timed-out': return refuse('timed-out', `it still runs ${withinMs / 1_000} s after its "stop" command.`);
    }
  }

  /** Its commands know which processes belong to it; Upkeep knows those that its own `start` and `restart` left behind. */
  async kill(signal: AbortSignal): Promise<ActResult> {
    if (signal.aborted) return calledOff();
    const processes = { leader: null, marker: markerOf(this.#context) };
    try {
      if ((await treeOf(processes.leader, processes.marker)).length > 0) return await killTree(processes, signal);
    } catch (error) {
      return refuse('failed', `${whyUnreadable(error)}, so it is not known what still runs.`);
    }
    if ((await this.status(signal)).state === 'exited') return DONE;
    return refuse('unavailable', 'Upkeep did not start it, so only its own commands know which processes belong to it.');
  }

  dispose(): void {
    this.#stopRotating();
  }

  async #run(command: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<ActResult> {
    if (signal.aborted) return calledOff();
    // A log that can't be rotated is no reason not to run the command; it is tried again.
    await rotateIfLarger(this.#logFile).catch(() => undefined);
    const before = await sizeOf(this.#logFile);
    const ran = await runToLog(command, {
      timeoutMs, signal, cwd: this.#context.configFolder, logFile: this.#logFile,
      env: { ...process.env, [MARKER_VARIABLE]: markerOf(this.#context) },
    });
    if (!ran.ok) return ran;
    if (signal.aborted) return calledOff();
    // Never its arguments: they may hold a password.
    const program = `"${command[0] ?? ''}"`;
    if (ran.timedOut) return refuse('timed-out', `${program} did not end within ${timeoutMs / 1_000} s and was ended.`);
    if (ran.exit.code === 0) return DONE;
    const how = ran.exit.signal === null ? `with code ${ran.exit.code}` : `by ${ran.exit.signal}`;
    const said = lastLine(await readFrom(this.#logFile, before));
    return refuse('failed', `${program} ended ${how}${said === '' ? '' : `: ${said}`}.`);
  }
}

const sizeOf = async (file: string): Promise<number> => (await stat(file).catch(() => null))?.size ?? 0;

/** What was appended since, the newest 4 KiB of it. */
async function readFrom(file: string, offset: number): Promise<string> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return '';
  try {
    const { size } = await handle.stat();
    const from = Math.max(offset, size - 4_096);
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(Math.max(0, size - from)), position: from });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
