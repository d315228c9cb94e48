// The service is a launchd job on macOS. Everything goes through `launchctl`: bootstrap and bootout load and unload, kickstart starts.
// launchd owns the job. One with KeepAlive comes back by itself, but no sooner than 10 s after its last start: Upkeep's kickstart does not wait.
import { resolve } from 'node:path';
import * as z from 'zod';
import type { ActResult, LogResult, ManagerContext, ManagerStatus, Probe, RestartOptions, ServiceManager, ServiceManagerKind, StartOptions, StopOptions } from '../ports.ts';
import { runCommand, type RunResult } from '../system/run-command.ts';
import { pause, waitUntil } from '../system/wait-until.ts';
import { calledOff, DONE, lastLine, refuse } from './act-results.ts';
import { logOfOutputs } from './file-log.ts';
import { ALREADY_LOADED, isNotLoaded, parseJob, refusalOf, statusOf } from './launchd-answers.ts';
import { textThatIsNotEmpty } from './schema-parts.ts';

const ASK_TIMEOUT_MS = 10_000;
const LOG_TIMEOUT_MS = 5_000;
const START_WITHIN_MS = 10_000;
const KILL_WITHIN_MS = 5_000;
const LOOK_AGAIN_MS = 50;

const schema = z.strictObject({
  type: z.literal('launchd'),
  label: textThatIsNotEmpty.regex(/^[^\s/-][^\s/]*$/, { error: 'the label of a launchd job, such as "com.example.api"' }).describe('Label of the job.'),
  domain: z.enum(['gui', 'user', 'system'], { error: '"gui", "user" or "system"' })
    .describe('Where it is loaded: "gui" (login session), "user" or "system". Default "gui".').default('gui'),
  plist: textThatIsNotEmpty.describe('Its property list, from the folder of services.json; needed to load it when it is not loaded. Default: the one it was last loaded from.').optional(),
});
export type LaunchdSpec = z.output<typeof schema>;

const memorySchema = z.object({ plist: z.string() });

export const launchdManager: ServiceManagerKind<LaunchdSpec> = {
  type: 'launchd',
  schema,
  givesStatus: () => true,
  identity: ({ label, domain }) => ({ kind: 'job', name: `${label} (${domain})`, key: `${domain}/${label}` }),
  ownership: () => ({ kind: 'adopted' }),
  probe,
  create: (spec, context) => new LaunchdManager(spec, context),
};

class LaunchdManager implements ServiceManager {
  readonly #context: ManagerContext;
  readonly #label: string;
  readonly #domain: string;
  readonly #target: string;
  readonly #plist: string | null;
  /** Where its output went when launchd was last asked. */
  #outputs: readonly string[] | null = null;

  constructor({ label, domain, plist }: LaunchdSpec, context: ManagerContext) {
    this.#context = context;
    this.#label = label;
    this.#domain = domain === 'system' ? 'system' : `${domain}/${process.getuid?.() ?? ''}`;
    this.#target = `${this.#domain}/${label}`;
    this.#plist = plist === undefined ? null : resolve(context.configFolder, plist);
  }

  async status(signal: AbortSignal): Promise<ManagerStatus> {
    return statusOf(await this.#print(signal), this.#label);
  }

  async start({ signal }: StartOptions): Promise<ActResult> {
    const printed = await this.#print(signal);
    if (isNotLoaded(printed)) {
      const loaded = await this.#load(signal);
      if (!loaded.ok) return loaded;
    }
    // Loading starts a job only if it says RunAtLoad; kickstart leaves one that runs alone.
    return this.#result(await launchctl(['kickstart', this.#target], START_WITHIN_MS, signal), signal);
  }

  /** Unloads it, because KeepAlive would bring a job back that was only ended. */
  async stop({ withinMs, signal }: StopOptions): Promise<ActResult> {
    const endsAtMs = performance.now() + withinMs;
    const late = refuse('timed-out', `launchd did not stop ${this.#label} within ${withinMs / 1_000} s.`);
    const unloaded = await this.#unload(Math.max(1, withinMs), signal);
    if (!unloaded.ok) return unloaded.refusal.code === 'timed-out' ? late : unloaded;
    return await this.#waitUntilUnloaded(Math.max(0, endsAtMs - performance.now()), signal, late);
  }

  async kill(signal: AbortSignal): Promise<ActResult> {
    // Not waited for: it ends when the process does, which may be never.
    const unloading = this.#unload(KILL_WITHIN_MS, signal);
    await pause(LOOK_AGAIN_MS, signal);
    await launchctl(['kill', 'SIGKILL', this.#target], ASK_TIMEOUT_MS, signal);
    const unloaded = await unloading;
    if (!unloaded.ok && unloaded.refusal.code !== 'timed-out') return unloaded;
    return await this.#waitUntilUnloaded(KILL_WITHIN_MS, signal, refuse('failed', `${this.#label} is still there ${KILL_WITHIN_MS / 1_000} s after SIGKILL.`));
  }

  /** One act, so that the job stays loaded. A job that does not end within the time is killed first. */
  async restart({ byPerson, withinMs, signal }: RestartOptions): Promise<ActResult> {
    if (isNotLoaded(await this.#print(signal))) return await this.start({ byPerson, signal });
    const ended = new AbortController();
    const restarting = launchctl(['kickstart', '-k', this.#target], withinMs + START_WITHIN_MS, signal).finally(() => { ended.abort(); });
    await pause(withinMs, ended.signal);
    if (!ended.signal.aborted) await launchctl(['kill', 'SIGKILL', this.#target], ASK_TIMEOUT_MS, signal);
    return this.#result(await restarting, signal);
  }

  /** The files of its output are known from the last look at it: only so what it writes while it is stopped is not read too. */
  async log(lines: number, signal: AbortSignal): Promise<LogResult> {
    if (this.#outputs === null) {
      const printed = await this.#print(signal, LOG_TIMEOUT_MS);
      if (printed.exitCode !== 0) return { ok: false, refusal: refusalOf(printed, this.#label) };
    }
    return await logOfOutputs(this.#outputs ?? [], lines);
  }

  dispose(): void {
    // Every call to launchctl ends with its own act; nothing is held between them.
  }

  async #load(signal: AbortSignal): Promise<ActResult> {
    const plist = this.#plist ?? memorySchema.safeParse(this.#context.memory.get()).data?.plist;
    if (plist === undefined) return refuse('not-found', `${this.#label} is not loaded, and no "plist" in services.json says where to load it from.`);
    const bootstrap = ['bootstrap', this.#domain, plist];
    let ran = await launchctl(bootstrap, ASK_TIMEOUT_MS, signal);
    if (ran.exitCode === ALREADY_LOADED) {
      // Either loaded meanwhile, or half unloaded: unloading clears both.
      await launchctl(['bootout', this.#target], ASK_TIMEOUT_MS, signal);
      ran = await launchctl(bootstrap, ASK_TIMEOUT_MS, signal);
    }
    return this.#result(ran, signal);
  }

  async #unload(timeoutMs: number, signal: AbortSignal): Promise<ActResult> {
    const printed = await this.#print(signal);
    if (isNotLoaded(printed)) return DONE;
    const { path } = parseJob(printed.stdout);
    // Unloaded, launchd no longer knows where it came from.
    if (path !== null) await this.#remember(path);
    const ran = await launchctl(['bootout', this.#target], timeoutMs, signal);
    return isNotLoaded(ran) ? DONE : this.#result(ran, signal);
  }

  async #remember(plist: string): Promise<void> {
    try {
      await this.#context.memory.set({ plist });
    } catch {
      // The store tells of a disk that can't be written. It matters only if Upkeep ends before the next start.
    }
  }

  async #waitUntilUnloaded(withinMs: number, signal: AbortSignal, otherwise: ActResult): Promise<ActResult> {
    const outcome = await waitUntil(async () => isNotLoaded(await this.#print(signal)), { withinMs, everyMs: LOOK_AGAIN_MS, signal });
    if (outcome === 'met') return DONE;
    return outcome === 'aborted' ? calledOff() : otherwise;
  }

  #result(ran: RunResult, signal: AbortSignal): ActResult {
    if (signal.aborted) return calledOff();
    return ran.exitCode === 0 ? DONE : { ok: false, refusal: refusalOf(ran, this.#label) };
  }

  async #print(signal: AbortSignal, timeoutMs = ASK_TIMEOUT_MS): Promise<RunResult> {
    const printed = await launchctl(['print', this.#target], timeoutMs, signal);
    if (printed.exitCode === 0) this.#outputs = parseJob(printed.stdout).outputs;
    return printed;
  }
}

async function launchctl(args: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<RunResult> {
  return await runCommand(['launchctl', ...args], { timeoutMs, signal, env: { LC_ALL: 'C' } });
}

async function probe(signal: AbortSignal): Promise<Probe[]> {
  const asked = await launchctl(['version'], ASK_TIMEOUT_MS, signal);
  const found = asked.exitCode === 0;
  return [{ label: 'launchd', found, value: found ? lastLine(asked.stdout) : refusalOf(asked, '').message }];
}
