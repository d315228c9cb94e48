// The service is a systemd unit. Everything goes through `systemctl`, which is never let to ask for a password.
// systemd owns the unit: Upkeep heals it, and neither starts it with itself nor stops it with itself.
import * as z from 'zod';
import type { ActResult, LogResult, ManagerStatus, Probe, RestartOptions, ServiceManager, ServiceManagerKind, StartOptions, StopOptions } from '../ports.ts';
import { runCommand, type RunResult } from '../system/run-command.ts';
import { pause, waitUntil } from '../system/wait-until.ts';
import { calledOff, DONE, refuse } from './act-results.ts';
import { logOf, parseProperties, refusalOf, saysStartLimit, statusOf, UNIT_PROPERTIES, unitName, userSession } from './systemd-answers.ts';

const ASK_TIMEOUT_MS = 10_000;
/** A unit may take this long to say it has started (Type=notify); after that the start counts as taken, and the checks judge it. */
const START_WITHIN_MS = 5_000;
const KILL_WITHIN_MS = 5_000;
const LOG_TIMEOUT_MS = 5_000;
const LOOK_AGAIN_MS = 50;
/** How often a restart that takes its time is looked at, for those who watch it. */
const LOOK_AT_RESTART_MS = 250;
/** The journal gets its lines a moment after the start was refused. */
const JOURNAL_WITHIN_MS = 500;

const schema = z.strictObject({
  type: z.literal('systemd'),
  unit: z.string({ error: 'the name of a unit, such as "nginx"' })
    .regex(/^[\w:.\\@][\w:.\\@-]*$/, { error: 'the name of a unit, such as "nginx" or "nginx.service"' })
    .describe('Name of the unit; ".service" is added where no kind is given.'),
  scope: z.enum(['user', 'system'], { error: '"user" or "system"' })
    .describe('"system" is what plain systemctl talks to, "user" is systemctl --user. Default "system".').default('system'),
});
export type SystemdSpec = z.output<typeof schema>;

export const systemdManager: ServiceManagerKind<SystemdSpec> = {
  type: 'systemd',
  schema,
  givesStatus: () => true,
  identity: ({ unit, scope }) => ({ kind: 'unit', name: `${unitName(unit)} (${scope})`, key: `${scope}/${unitName(unit)}` }),
  ownership: () => ({ kind: 'adopted' }),
  probe: (signal) => Promise.all((['user', 'system'] as const).map((scope) => probe(scope, signal))),
  create: (spec) => new SystemdManager(spec),
};

class SystemdManager implements ServiceManager {
  readonly #unit: string;
  readonly #scope: SystemdSpec['scope'];

  constructor({ unit, scope }: SystemdSpec) {
    this.#unit = unitName(unit);
    this.#scope = scope;
  }

  async status(signal: AbortSignal): Promise<ManagerStatus> {
    return statusOf(await this.#systemctl(['show', `--property=${UNIT_PROPERTIES}`, this.#unit], ASK_TIMEOUT_MS, signal), this.#unit);
  }

  async start({ byPerson, signal }: StartOptions): Promise<ActResult> {
    if (byPerson) await this.#clearLimits(signal);
    return await this.#resultOfStart(await this.#systemctl(['start', this.#unit], START_WITHIN_MS, signal), signal);
  }

  async stop({ withinMs, signal }: StopOptions): Promise<ActResult> {
    const ran = await this.#systemctl(['stop', this.#unit], Math.max(1, withinMs), signal);
    if (signal.aborted) return calledOff();
    if (ran.timedOut) return refuse('timed-out', `systemd did not stop ${this.#unit} within ${withinMs / 1_000} s.`);
    return ran.exitCode === 0 ? DONE : { ok: false, refusal: refusalOf(ran, this.#unit) };
  }

  /** Wanted down first: otherwise Restart= would bring it back at once. */
  async kill(signal: AbortSignal): Promise<ActResult> {
    const stopping = await this.#systemctl(['stop', '--no-block', this.#unit], ASK_TIMEOUT_MS, signal);
    if (stopping.exitCode !== 0) return signal.aborted ? calledOff() : { ok: false, refusal: refusalOf(stopping, this.#unit) };
    await this.#killProcesses(signal);
    const outcome = await waitUntil(async () => (await this.status(signal)).state === 'exited', { withinMs: KILL_WITHIN_MS, everyMs: LOOK_AGAIN_MS, signal });
    if (outcome === 'met') return DONE;
    return outcome === 'aborted' ? calledOff() : refuse('failed', `${this.#unit} is still not down ${KILL_WITHIN_MS / 1_000} s after SIGKILL.`);
  }

  /**
   * One act, because units that depend on this one are stopped with it and would not come back with a later start.
   * A unit that does not stop within the time has its processes killed; the restart then goes on by itself.
   */
  async restart({ byPerson, withinMs, signal, onStarting }: RestartOptions): Promise<ActResult> {
    if (byPerson) await this.#clearLimits(signal);
    const ended = new AbortController();
    const restarting = this.#systemctl(['restart', this.#unit], withinMs + START_WITHIN_MS, signal).finally(() => { ended.abort(); });
    const watching = onStarting === undefined ? null : this.#watchStart(onStarting, withinMs + START_WITHIN_MS, ended.signal);
    await pause(withinMs, ended.signal);
    if (!ended.signal.aborted && (await this.status(signal)).state === 'stopping') await this.#killProcesses(signal);
    const ran = await restarting;
    await watching;
    return await this.#resultOfStart(ran, signal);
  }

  /** Of everything in the journal that is older than this moment. */
  async log(lines: number, signal: AbortSignal): Promise<LogResult> {
    const until = `--until=@${(Date.now() / 1_000).toFixed(3)}`;
    // With everything in a line: a line with colours would be "[37B blob data]".
    const argv = ['journalctl', `--${this.#scope}`, this.#ofUnit(), `--lines=${lines}`, until, '--output=short-iso', '--all', '--no-pager'];
    return logOf(await runCommand(argv, { timeoutMs: LOG_TIMEOUT_MS, signal, env: environment() }), `journal of ${this.#unit}`, lines);
  }

  dispose(): void {
    // Every call to systemctl ends with its own act; nothing is held between them.
  }

  async #resultOfStart(ran: RunResult, signal: AbortSignal): Promise<ActResult> {
    if (signal.aborted) return calledOff();
    if (ran.exitCode === 0) return DONE;
    // systemctl stopped waiting; the start itself goes on.
    if (ran.timedOut) return DONE;
    const refusal = refusalOf(ran, this.#unit);
    if (refusal.code !== 'failed' || !await this.#hitStartLimit(signal)) return { ok: false, refusal };
    return refuse('start-limit', `systemd refuses to start ${this.#unit} again so soon: it was started too often in a short time (StartLimitBurst). A restart by hand clears this.`);
  }

  /** `Result` keeps the cause of the last exit, and systemctl's text says nothing of the limit: only the journal does. */
  async #hitStartLimit(signal: AbortSignal): Promise<boolean> {
    const since = `--since=@${Math.floor(Date.now() / 1_000) - 2}`;
    const argv = ['journalctl', `--${this.#scope}`, this.#ofUnit(), since, '--output=cat', '--no-pager', '--quiet'];
    return await waitUntil(
      async () => saysStartLimit((await runCommand(argv, { timeoutMs: ASK_TIMEOUT_MS, signal, env: environment() })).stdout),
      { withinMs: JOURNAL_WITHIN_MS, everyMs: LOOK_AGAIN_MS, signal },
    ) === 'met';
  }

  /** Tells that the unit is being started, if that takes longer than a look. */
  async #watchStart(onStarting: () => void, withinMs: number, signal: AbortSignal): Promise<void> {
    await pause(LOOK_AT_RESTART_MS, signal);
    const condition = async (): Promise<boolean> => (await this.status(signal)).state === 'starting';
    if (await waitUntil(condition, { withinMs, everyMs: LOOK_AT_RESTART_MS, signal }) === 'met') onStarting();
  }

  #ofUnit(): string {
    return this.#scope === 'user' ? `--user-unit=${this.#unit}` : `--unit=${this.#unit}`;
  }

  /** Fails for a unit that was never loaded, which has no limits to clear. */
  async #clearLimits(signal: AbortSignal): Promise<void> {
    await this.#systemctl(['reset-failed', this.#unit], ASK_TIMEOUT_MS, signal);
  }

  /** Fails when there is no process left, which is what was wanted. */
  async #killProcesses(signal: AbortSignal): Promise<void> {
    await this.#systemctl(['kill', '--signal=SIGKILL', this.#unit], ASK_TIMEOUT_MS, signal);
  }

  async #systemctl(args: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<RunResult> {
    return await systemctl(this.#scope, args, timeoutMs, signal);
  }
}

const systemctl = (scope: SystemdSpec['scope'], args: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<RunResult> =>
  runCommand(['systemctl', `--${scope}`, '--no-ask-password', '--no-pager', ...args], { timeoutMs, signal, env: environment() });

async function probe(scope: SystemdSpec['scope'], signal: AbortSignal): Promise<Probe> {
  const asked = await systemctl(scope, ['show', '--property=Version'], ASK_TIMEOUT_MS, signal);
  const label = `systemctl --${scope}`;
  if (asked.exitCode !== 0) return { label, found: false, value: refusalOf(asked, '').message };
  return { label, found: true, value: `reachable, systemd ${parseProperties(asked.stdout).get('Version') ?? ''}`.trim() };
}

/** English, because the answers are read. The rest passes through, above all where the user's session bus is. */
const environment = (): NodeJS.ProcessEnv => ({ LC_ALL: 'C', SYSTEMD_COLORS: '0', ...userSession() });
