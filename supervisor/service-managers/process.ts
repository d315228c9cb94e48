// The service is a program that Upkeep starts itself and owns: its child, in its own process group, with its output in a log file.
// A crash of Upkeep leaves it running; the next start finds it again instead of starting a second one. Never judges whether it serves.
import { join, resolve } from 'node:path';
import * as z from 'zod';
import type { ExitCause } from '../contract/reason.ts';
import type { ActResult, ManagerContext, ManagerStatus, ServiceManager, ServiceManagerKind, StartOptions, Stop, StopOptions } from '../ports.ts';
import { rotateIfLarger } from '../system/log-rotation.ts';
import { isAlive, MARKER_VARIABLE, processesWithMarker, startTokenOf, type ProcessIdentity } from '../system/process-table.ts';
import { spawnDetached, type Exit } from '../system/run-command.ts';
import { calledOff, DONE } from './act-results.ts';
import { killTree, markerOf, terminateTree, type ServiceProcesses } from './process-tree.ts';
import { argv, textThatIsNotEmpty } from './schema-parts.ts';

/** The kernel tells only parents when a process ends; one adopted from an earlier Upkeep is looked at this often instead. */
const ADOPTED_LOOK_MS = 200;
const ROTATION_LOOK_MS = 30_000;
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
interface Leader extends ProcessIdentity {
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
  readonly #timers = new Map<'look' | 'rotate', Stop>();
  #disposed = false;

  constructor(spec: ProcessSpec, context: ManagerContext) {
    this.#spec = spec;
    this.#context = context;
    this.#marker = markerOf(context);
    this.#logFile = join(context.home, 'logs', `${context.serviceId}.log`);
  }

  async status(): Promise<ManagerStatus> {
    const leader = await this.#runningLeader();
    return leader === null ? { state: 'exited', cause: this.#leader?.end ?? { kind: 'not-running' } } : { state: 'running', pid: leader.pid };
  }

  async start({ signal }: StartOptions): Promise<ActResult> {
    if (signal.aborted) return calledOff();
    this.#starting ??= this.#start().finally(() => { this.#starting = null; });
    return await this.#starting;
  }

  async stop(options: StopOptions): Promise<ActResult> {
    return options.signal.aborted ? calledOff() : await terminateTree(await this.#processesToEnd(), options);
  }

  async kill(signal: AbortSignal): Promise<ActResult> {
    return signal.aborted ? calledOff() : await killTree(await this.#processesToEnd(), signal);
  }

  watch(onExit: (cause: ExitCause) => void): Stop {
    const listener = (cause: ExitCause): void => { onExit(cause); };
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  }

  dispose(): void {
    this.#disposed = true;
    this.#listeners.clear();
    this.#clearTimers();
  }

  async #start(): Promise<ActResult> {
    const running = await this.#runningLeader();
    if (running !== null) {
      running.endWanted = false;
      return DONE;
    }
    await this.#rotateLog();
    const spawned = await spawnDetached(this.#spec.command, {
      cwd: resolve(this.#context.configFolder, this.#spec.cwd),
      env: { ...process.env, ...this.#spec.env, [MARKER_VARIABLE]: this.#marker },
      logFile: this.#logFile,
    });
    if (!spawned.ok) return spawned;
    // No token: it has ended already, `exited` says how.
    const token = await startTokenOf(spawned.pid) ?? '';
    const leader = this.#lead({ pid: spawned.pid, token }, spawned.exited);
    void spawned.exited.then((exit) => { this.#ended(leader, causeOf(exit)); });
    await this.#remember(leader);
    return DONE;
  }

  /** The leader if it runs; looks for one from an earlier Upkeep first. */
  async #runningLeader(): Promise<Leader | null> {
    this.#seeking ??= this.#seek();
    await this.#seeking;
    const leader = this.#leader;
    if (leader === null || leader.end !== null) return null;
    if (await isAlive(leader)) return leader;
    // Our own child is gone, the event with its exit code is on its way; waiting for it keeps the cause right.
    this.#ended(leader, leader.exited === null ? ENDED_UNSEEN : causeOf(await leader.exited));
    return null;
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
    else if (remembered !== undefined) this.#leader = { ...remembered, end: ENDED_UNSEEN, endWanted: false, exited: null };
  }

  #adopt(identity: ProcessIdentity): Leader {
    const leader = this.#lead(identity, null);
    this.#repeat('look', ADOPTED_LOOK_MS, leader, async () => {
      if (!await isAlive(leader)) this.#ended(leader, ENDED_UNSEEN);
    });
    return leader;
  }

  #lead({ pid, token }: ProcessIdentity, exited: Promise<Exit> | null): Leader {
    const leader: Leader = { pid, token, exited, end: null, endWanted: false };
    this.#leader = leader;
    this.#repeat('rotate', ROTATION_LOOK_MS, leader, () => this.#rotateLog());
    return leader;
  }

  #ended(leader: Leader, cause: ExitCause): void {
    if (leader.end !== null) return;
    leader.end = cause;
    if (this.#leader !== leader) return;
    this.#clearTimers();
    if (!leader.endWanted) for (const listener of this.#listeners) listener(cause);
  }

  async #remember({ pid, token }: ProcessIdentity): Promise<void> {
    try {
      await this.#context.memory.set({ pid, token });
    } catch {
      // The store tells of a disk that can't be written. The service runs all the same, and the marker finds it again.
    }
  }

  async #processesToEnd(): Promise<ServiceProcesses> {
    await this.#starting;
    const running = await this.#runningLeader();
    if (running !== null) running.endWanted = true;
    return { leader: this.#leader, marker: this.#marker };
  }

  /** Does something again and again while the leader runs. */
  #repeat(what: 'look' | 'rotate', everyMs: number, leader: Leader, act: () => Promise<unknown>): void {
    if (this.#disposed || leader.end !== null || leader !== this.#leader) return;
    this.#timers.set(what, this.#context.clock.after(everyMs, () => {
      void act().then(() => { this.#repeat(what, everyMs, leader, act); });
    }));
  }

  #clearTimers(): void {
    for (const stop of this.#timers.values()) stop();
    this.#timers.clear();
  }

  async #rotateLog(): Promise<void> {
    try {
      await rotateIfLarger(this.#logFile);
    } catch {
      // A log that can't be rotated is no reason not to run the service; it is tried again.
    }
  }
}

const causeOf = ({ code, signal }: Exit): ExitCause => (signal === null ? { kind: 'exit-code', code: code ?? 0 } : { kind: 'signal', signal });
