// Stop, settle, start, settle, verify: how one act on one service is performed.
// Decides nothing about whether it should happen; believes only the service's own checks that it has worked.
import type { ServiceConfiguration } from './contract/configuration.ts';
import type { ExitCause, HealResult, HealStep } from './contract/reason.ts';
import { describeExit, describeSymptom } from './domain/explain.ts';
import type { Intent } from './domain/state.ts';
import type { RoundVerdict } from './domain/verdict.ts';
import type { ActResult, Clock, Endpoint, ServiceManager } from './ports.ts';

/** Time between two verifying rounds. */
const VERIFY_EVERY_MS = 100;
/** After a kill the kernel needs a moment to take sockets and processes away. */
const AFTER_KILL_MS = 2_000;

export interface Procedure {
  readonly policy: ServiceConfiguration;
  readonly manager: ServiceManager;
  readonly endpoints: readonly Endpoint[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Notes the step; need not wait until it is on disk, since the intent is there already. */
  reach(step: HealStep): void;
  /** One round of the service's own checks, told to the domain. `trusted`: enough passes in a row. */
  verify(timeoutMs: number): Promise<{ readonly trusted: boolean; readonly verdict: RoundVerdict }>;
  /** The exit the manager has told since the start, if any. */
  exitSinceStart(): ExitCause | null;
  waitUntilFree(endpoints: readonly Endpoint[], options: { withinMs: number; signal: AbortSignal }): Promise<{ readonly ok: boolean }>;
}

/** Waits; false when aborted. */
export const pause = (clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const stop = clock.after(ms, () => end(true));
    const aborted = (): void => end(false);
    const end = (waited: boolean): void => {
      stop();
      signal.removeEventListener('abort', aborted);
      resolve(waited);
    };
    signal.addEventListener('abort', aborted);
  });

/** A port that is still taken when the manager says that the service has exited: a left-over child lets go soon, somebody else never. */
const FOREIGN_PORT_MS = 500;

/** Long enough for one look on a busy machine. */
const FREE_AT_ONCE_MS = 50;

export type StopProcedure = Pick<Procedure, 'policy' | 'manager' | 'endpoints' | 'clock' | 'signal' | 'waitUntilFree'>;

/** Until it has really stopped and its ports are free; after `stopWithin` the whole tree is killed. */
export async function stopReally({ policy, manager, endpoints, clock, signal, waitUntilFree }: StopProcedure): Promise<ActResult> {
  const deadline = clock.now().mono + policy.heal.stopWithinMs;
  const stopped = await manager.stop({ withinMs: policy.heal.stopWithinMs, signal });
  if (!stopped.ok && stopped.refusal.code !== 'timed-out') return stopped;
  if (stopped.ok) {
    if ((await waitUntilFree(endpoints, { withinMs: FREE_AT_ONCE_MS, signal })).ok || signal.aborted) return stopped;
    const gone = (await manager.status(signal)).state === 'exited';
    const left = Math.max(0, deadline - clock.now().mono);
    const free = await waitUntilFree(endpoints, { withinMs: gone ? Math.min(left, FOREIGN_PORT_MS) : left, signal });
    if (free.ok || gone || signal.aborted) return stopped;
  }
  const killed = await manager.kill(signal);
  // A port that stays taken even so belongs to somebody else: starting will show what that means, waiting would not.
  if (killed.ok) await waitUntilFree(endpoints, { withinMs: AFTER_KILL_MS, signal });
  return stopped.ok ? stopped : killed;
}

async function stopAndStart(procedure: Procedure, byPerson: boolean): Promise<ActResult> {
  const { policy, manager, clock, signal } = procedure;
  const { stopWithinMs, settleAfterStopMs } = policy.heal;
  procedure.reach('stopping');
  if (manager.restart !== undefined && (settleAfterStopMs === 0 || manager.canStop === false)) {
    const starting = saidOnce(() => procedure.reach('starting'));
    const restarted = await manager.restart({ byPerson, withinMs: stopWithinMs, signal, onStarting: starting });
    // Known now at the latest.
    if (restarted.ok && !signal.aborted) starting();
    return restarted;
  }
  const stopped = await stopReally(procedure);
  if (!stopped.ok || signal.aborted) return stopped;
  if (settleAfterStopMs > 0) {
    procedure.reach('settling-after-stop');
    await pause(clock, settleAfterStopMs, signal);
  }
  return start(procedure, byPerson);
}

function saidOnce(say: () => void): () => void {
  let said = false;
  return () => {
    if (!said) say();
    said = true;
  };
}

async function start({ manager, signal, reach }: Procedure, byPerson: boolean): Promise<ActResult> {
  if (signal.aborted) return { ok: true };
  reach('starting');
  return manager.start({ byPerson, signal });
}

/** Its own checks until enough pass in a row or the time is over. An exit ends the wait early, after one more look: something else may serve. */
async function verifyUntil(procedure: Procedure, deadline: number): Promise<string | null> {
  const { clock, signal } = procedure;
  for (let last: RoundVerdict | null = null, exit: ExitCause | null = null; ;) {
    const left = deadline - clock.now().mono;
    if (signal.aborted) return 'aborted';
    if (left <= 0 && last !== null) return exit === null ? evidenceOf(last) : describeExit(exit);
    const { trusted, verdict } = await procedure.verify(Math.max(left, VERIFY_EVERY_MS));
    if (trusted) return null;
    if (exit !== null && verdict.verdict === 'down') return describeExit(exit);
    last = verdict;
    exit = procedure.exitSinceStart();
    if (exit === null) await pause(clock, VERIFY_EVERY_MS, signal);
  }
}

const evidenceOf = (verdict: RoundVerdict): string =>
  verdict.symptom !== null ? describeSymptom(verdict.symptom) : (verdict.inconclusive ?? 'its checks did not pass often enough');

/** Performs the act of an intent that is on disk, `from` where an earlier run of Upkeep left it. */
export async function performAct(intent: Intent, from: 'beginning' | 'start' | 'verify', procedure: Procedure): Promise<HealResult> {
  const { policy, clock, signal } = procedure;
  const startedMs = clock.now().mono;
  const byPerson = intent.by === 'person';
  if (from !== 'verify') {
    const acted = from === 'beginning' && intent.kind === 'heal' ? await stopAndStart(procedure, byPerson) : await start(procedure, byPerson);
    if (signal.aborted) return { kind: 'superseded' };
    if (!acted.ok) return { kind: 'refused', refusal: acted.refusal };
  }
  if (policy.heal.settleAfterStartMs > 0 && from !== 'verify') {
    procedure.reach('settling-after-start');
    await pause(clock, policy.heal.settleAfterStartMs, signal);
  }
  procedure.reach('verifying');
  const evidence = await verifyUntil(procedure, clock.now().mono + policy.heal.verifyWithinMs);
  const tookMs = clock.now().mono - startedMs;
  if (signal.aborted) return { kind: 'superseded' };
  return evidence === null ? { kind: 'fixed', tookMs } : { kind: 'not-fixed', tookMs, evidence };
}
