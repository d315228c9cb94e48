// The service is a program that Upkeep starts itself and owns: its child, in its own process group, with its output in a log file.
// A crash of Upkeep leaves it running; the next start finds it again instead of starting a second one. Never judges whether it serves.
import { join, resolve } from 'node:path';
import * as z from 'zod';
import type { ExitCause } from '../contract/reason.ts';
import type { ActResult, LogResult, ManagerContext, ManagerStatus, ServiceManager, ServiceManagerKind, StartOptions, Stop, StopOptions } from '../ports.ts';
import { rotateIfLarger, rotateRegularly } from '../system/log-rotation.ts';
import {
  isAlive, MARKER_VARIABLE, processesWithMarker, startTimeNow, startTokenOf, whyUnreadable, type GroupLeader, type ProcessIdentity,
} from '../system/process-table.ts';
import { signalGroup, spawnDetached, type Exit } from '../system/run-command.ts';
import { calledOff, DONE, refuse } from './act-results.ts';
import { rotatedLog } from './file-log.ts';
import { killTree, markerOf, terminateTree, type ServiceProcesses } from './process-tree.ts';
import { argv, textThatIsNotEmpty } from './schema-parts.ts';

/** The kernel tells only parents when a process ends; one adopted from an earlier Upkeep is looked at this often instead. */
const ADOPTED_LOOK_MS = 200;
/** Its exit code went to another process. */
const ENDED_UNSEEN: ExitCause = { kind: 'not-running' };

const schema = z.strictObject({
  type: z.literal('process'),
  command: argv.describe('The program and its arguments, run in the foreground: Upkeep is its parent. No shell.'),
  cwd: textThatIsNotEmpty.describe('Folder it runs in, from the folder of services.json. Default: that folder.').default('.'),
  env: z.record(z.string(), z.string({ error: 'a text' }), { error: 'an object of texts' }).describe('Added to the environment of Upkeep. Default {}.').default({}),
  autoStart: z.boolean({ error: 'true or false' }).describe('Started when supervision begins. Default true.').default(true),
});
export type ProcessSpec = z.output<typeof schema>;

/** What survives Upkeep: which process it is. */
const memorySchema = z.object({ pid: z.int().min(2), token: z.string() });

export const processManager: ServiceManagerKind<ProcessSpec> = {
  type: 'process',
  schema,
  givesStatus: () => true,
  ownership: ({ autoStart }) => ({ kind: 'owned', autoStart }),
  create: (spec, context) => new ProcessManager(spec, context),
};

/** The process that is, or last was, the service. After its end its group may still hold children. */
interface Leader extends GroupLeader {
  lastAliveAt: number | null;
  /** null: it runs, as far as is known. */
  end: ExitCause | null;
  /** Whether its end was asked for, so that nobody is told of it. */
  endWanted: boolean;
  /** Of our own child: resolves with its exit, never rejects. null: adopted. */
  readonly exited: Promise<Exit> | null;
}

class ProcessManager implements ServiceManager {
  readonly #spec: ProcessSpec;
  readonly #context: ManagerContext;
  readonly #marker: string;
  readonly #logFile: string;
  readonly #listeners = new Set<(cause: ExitCause) => void>();
  #leader: Leader | null = null;
  #seeking: Promise<void> | null = null;
  #starting: Promise<ActResult> | null = null;
  #stopLooking: Stop = () => undefined;
  #stopRotating: Stop = () => undefined;
  #disposed = false;

  constructor(spec: ProcessSpec, context: ManagerContext) {
    this.#spec = spec;
    this.#context = context;
    this.#marker = markerOf(context);
    this.#logFile = join(context.home, 'logs', `${context.serviceId}.log`);
  }

  async status(): Promise<ManagerStatus> {
    try {
      const leader = await this.#runningLeader();
      return leader === null ? { state: 'exited', cause: this.#leader?.end ?? { kind: 'not-running' } } : { state: 'running', pid: leader.pid };
    } catch (error) {
      return { state: 'unknown', why: whyUnreadable(error) };
    }
  }

  async start({ signal }: StartOptions): Promise<ActResult> {
    if (signal.aborted) return calledOff();
    this.#starting ??= this.#start().catch(refuseUnknown).finally(() => { this.#starting = null; });
    return await this.#starting;
  }

  async stop(options: StopOptions): Promise<ActResult> {
    return options.signal.aborted ? calledOff() : await this.#end((processes) => terminateTree(processes, options));
  }

  async kill(signal: AbortSignal): Promise<ActResult> {
    return signal.aborted ? calledOff() : await this.#end((processes) => killTree(processes, signal));
  }

  log(lines: number): Promise<LogResult> {
    return rotatedLog(this.#logFile, lines);
  }

  watch(onExit: (cause: ExitCause) => void): Stop {
    const listener = (cause: ExitCause): void => { onExit(cause); };
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  }

  dispose(): void {
    this.#disposed = true;
    this.#listeners.clear();
    this.#stopTimers();
  }

  async #start(): Promise<ActResult> {
    const running = await this.#runningLeader();
    if (running !== null) {
      running.endWanted = false;
      return DONE;
    }
    // A log that can't be rotated is no reason not to run the service; it is tried again.
    await rotateIfLarger(this.#logFile).catch(() => undefined);
    const spawned = await spawnDetached(this.#spec.command, {
      cwd: resolve(this.#context.configFolder, this.#spec.cwd),
      env: { ...process.env, ...this.#spec.env, [MARKER_VARIABLE]: this.#marker },
      logFile: this.#logFile,
    });
    if (!spawned.ok) return spawned;
    const leader = this.#lead(await identify(spawned.pid), spawned.exited);
    void spawned.exited.then((exit) => { this.#ended(leader, causeOf(exit)); });
    await this.#remember(leader);
    return DONE;
  }

  /** The leader if it runs; looks for one from an earlier Upkeep first. */
  async #runningLeader(): Promise<Leader | null> {
    const leader = await this.#foundLeader();
    if (leader === null || leader.end !== null) return null;
    if (await lives(leader)) return leader;
    // Our own child is gone, the event with its exit code is on its way; waiting for it keeps the cause right.
    this.#ended(leader, leader.exited === null ? ENDED_UNSEEN : causeOf(await leader.exited));
    return null;
  }

  async #foundLeader(): Promise<Leader | null> {
    // A search that failed has found nobody and ruled out nobody: the next call searches again.
    this.#seeking ??= this.#seek().catch((error: unknown) => {
      this.#seeking = null;
      throw error;
    });
    await this.#seeking;
    return this.#leader;
  }

  /**
   * By pid and start time from the memory, else by the marker: Upkeep may have died between the start and the write.
   * Once is enough, because from then on only this object starts it.
   */
  async #seek(): Promise<void> {
    const { data: remembered } = memorySchema.safeParse(this.#context.memory.get());
    if (remembered !== undefined && await isAlive(remembered)) {
      this.#adopt(remembered);
      return;
    }
    const orphan = (await processesWithMarker(this.#marker)).find(({ pid, groupId }) => pid === groupId);
    if (orphan !== undefined) await this.#remember(this.#adopt(orphan));
    // Its children may have outlived it.
    else if (remembered !== undefined) this.#leader = { ...remembered, lastAliveAt: null, end: ENDED_UNSEEN, endWanted: false, exited: null };
  }

  #adopt(identity: ProcessIdentity): Leader {
    const leader = this.#lead(identity, null);
    leader.lastAliveAt = startTimeNow();
    this.#lookLater(leader);
    return leader;
  }

  #lookLater(leader: Leader): void {
    if (this.#disposed || leader.end !== null || leader !== this.#leader) return;
    this.#stopLooking = this.#context.clock.after(ADOPTED_LOOK_MS, () => { void this.#look(leader); });
  }

  async #look(leader: Leader): Promise<void> {
    try {
      if (!await lives(leader)) this.#ended(leader, ENDED_UNSEEN);
    } catch (error) {
      whyUnreadable(error); // Then nothing is known; the next look may tell.
    }
    this.#lookLater(leader);
  }

  #lead({ pid, token }: ProcessIdentity, exited: Promise<Exit> | null): Leader {
    const leader: Leader = { pid, token, exited, lastAliveAt: null, end: null, endWanted: false };
    this.#leader = leader;
    this.#stopRotating();
    if (!this.#disposed) this.#stopRotating = rotateRegularly(this.#logFile, this.#context.clock, { fresh: exited !== null });
    return leader;
  }

  #ended(leader: Leader, cause: ExitCause): void {
    if (leader.end !== null) return;
    leader.end = cause;
    // The pid of a child is kept for it until this is told.
    if (leader.exited !== null) leader.lastAliveAt = startTimeNow() ?? leader.lastAliveAt;
    if (this.#leader !== leader) return;
    this.#stopTimers();
    if (!leader.endWanted) for (const listener of this.#listeners) listener(cause);
  }

  async #remember({ pid, token }: ProcessIdentity): Promise<void> {
    try {
      await this.#context.memory.set({ pid, token });
    } catch {
      // The store tells of a disk that can't be written. The service runs all the same, and the marker finds it again.
    }
  }

  async #end(act: (processes: ServiceProcesses) => Promise<ActResult>): Promise<ActResult> {
    await this.#starting;
    try {
      const leader = await this.#foundLeader();
      if (leader !== null) leader.endWanted = true;
    } catch (error) {
      return refuseUnknown(error);
    }
    return await act({ leader: this.#leader, marker: this.#marker });
  }

  #stopTimers(): void {
    this.#stopLooking();
    this.#stopRotating();
  }
}

/** Of a program that has just been started. No token: it has ended already, its exit says how. */
async function identify(pid: number): Promise<ProcessIdentity> {
  try {
    return { pid, token: await startTokenOf(pid) ?? '' };
  } catch (error) {
    // It could be neither found again nor told from a later one.
    signalGroup(pid, 'SIGKILL');
    throw error;
  }
}

async function lives(leader: Leader): Promise<boolean> {
  const beforeLook = startTimeNow();
  if (!await isAlive(leader)) return false;
  leader.lastAliveAt = beforeLook ?? leader.lastAliveAt;
  return true;
}

const refuseUnknown = (error: unknown): ActResult => refuse('failed', `${whyUnreadable(error)}, so it is not known whether it runs.`);
const causeOf = ({ code, signal }: Exit): ExitCause => (signal === null ? { kind: 'exit-code', code: code ?? 0 } : { kind: 'signal', signal });
