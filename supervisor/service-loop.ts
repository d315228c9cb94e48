// Drives one service: runs its rounds when they are due, performs its acts, and hands everything that happens to the domain.
// Decides nothing itself: when the next round is due, whether to heal and what a round means are the domain's answers.
import type { MachineView } from './domain/decision.ts';
import type { ServiceConfiguration } from './contract/configuration.ts';
import type { ExitCause, HealResult, MonoMs } from './contract/reason.ts';
import type { CheckGate } from './check-gate.ts';
import { recover } from './domain/recovery.ts';
import { nextRoundAt } from './domain/schedule.ts';
import type { ServiceEvent } from './domain/service-event.ts';
import type { Intent, ServiceState } from './domain/state.ts';
import { performAct, stopReally, type Procedure } from './heal-procedure.ts';
import { readLastLines } from './last-lines.ts';
import type { ActResult, Clock, Endpoint, ServiceManager, Stop } from './ports.ts';
import { runRound, type BoundCheck, type Round } from './round.ts';

export interface ServiceLoopParts {
  readonly configuration: ServiceConfiguration;
  readonly checks: readonly BoundCheck[];
  readonly manager: ServiceManager | null;
  /** Upkeep runs it itself. */
  readonly owned: boolean;
  readonly gate: CheckGate;
  readonly clock: Clock;
  readonly waitUntilFree: Procedure['waitUntilFree'];
  state(): ServiceState;
  machine(): MachineView;
  dispatch(event: ServiceEvent): void;
  /** Something threw that must not: told, never swallowed. */
  failed(error: unknown): void;
}

export interface ServiceLoop {
  readonly configuration: ServiceConfiguration;
  readonly manager: ServiceManager | null;
  /** Looks again when the next round is due. Call it after every change of the state. */
  plan(): void;
  /** Goes on with other settings and checks, under the same manager. An act under way ends as it began. */
  reconfigure(configuration: ServiceConfiguration, checks: readonly BoundCheck[]): void;
  /** A round at once, or the one that is under way; resolves when it has been judged. */
  roundNow(): Promise<void>;
  /** What may be done before the intent is on disk, because it touches nothing: its heal is about to begin. */
  prepare(intent: Intent): void;
  /** Performs the act of the intent in the state. `recovering`: an earlier run of Upkeep began it. */
  perform(intent: Intent, recovering: boolean): Promise<HealResult>;
  /** Ends the act under way (it becomes `superseded`), then stops the service until it has really stopped. */
  stopService(withinMs: number): Promise<ActResult>;
  end(): void;
}

const NOBODY: Extract<ActResult, { ok: false }> =
  { ok: false, refusal: { code: 'unavailable', message: 'it is only watched and has no service manager that could start or stop it.' } };

export function createServiceLoop(parts: ServiceLoopParts): ServiceLoop {
  const { manager, clock, dispatch, state } = parts;
  let { configuration, checks } = parts;
  const timedOut = new Set<BoundCheck>();
  let planned: MonoMs | null = null;
  let timer: Stop | null = null;
  let round: { readonly generation: number; readonly abort: AbortController; readonly judged: Promise<void> } | null = null;
  let act: { readonly abort: AbortController; readonly done: Promise<HealResult> } | null = null;
  let stopReading: Stop = () => undefined;
  let exitSinceStart: ExitCause | null = null;
  let ended = false;
  const endpoints = (): Endpoint[] => checks.flatMap((check) => check.endpoints);

  async function idle(): Promise<void> {
    await act?.done.catch(() => undefined);
  }

  const stopWatching = manager?.watch?.((cause) => {
    exitSinceStart = cause;
    dispatch({ type: 'exited', cause });
  });

  const cancelTimer = (): void => {
    timer?.();
    timer = null;
  };
  const abortRound = (): void => {
    round?.abort.abort();
    round = null;
  };

  const run = (signal: AbortSignal, timeoutMs?: number): Promise<Round> =>
    runRound({ configuration, checks, manager, gate: parts.gate, clock, signal, timedOut, ...(timeoutMs !== undefined && { timeoutMs }) });

  /** Judged when this resolves. A round of an older generation is worth nothing any more. */
  function startRound(): Promise<void> {
    if (round !== null && round.generation === state().generation) return round.judged;
    abortRound();
    cancelTimer();
    if (state().breaker.state === 'open') dispatch({ type: 'trial-began' });
    const { generation } = state();
    const abort = new AbortController();
    const judged = (async () => {
      try {
        const { records, verdict } = await run(abort.signal);
        if (round?.abort === abort) dispatch({ type: 'round-ended', generation, records, verdict });
      } finally {
        if (round?.abort === abort) round = null;
        plan();
      }
    })();
    round = { generation, abort, judged };
    return judged;
  }

  function plan(): void {
    if (ended || (round !== null && round.generation === state().generation)) return;
    abortRound();
    cancelTimer();
    const now = clock.now();
    const due = nextRoundAt(state(), configuration, parts.machine(), planned, now);
    if (due === null) return;
    timer = clock.after(Math.max(0, due - now.mono), () => {
      planned = due;
      startRound().catch(parts.failed);
    });
  }

  async function verify(signal: AbortSignal, timeoutMs: number): ReturnType<Procedure['verify']> {
    const { generation } = state();
    const { records, verdict } = await run(signal, timeoutMs);
    if (!signal.aborted) dispatch({ type: 'round-ended', generation, records, verdict });
    return { trusted: state().breaker.state === 'closed', verdict };
  }

  async function performFrom(intent: Intent, recovering: boolean, signal: AbortSignal, service: ServiceManager): Promise<HealResult> {
    exitSinceStart = null;
    // A heal changes what was hanging: its checks are as fast as any until they prove otherwise.
    timedOut.clear();
    const procedure: Procedure = {
      policy: configuration, manager: service, clock, signal, waitUntilFree: parts.waitUntilFree,
      endpoints: endpoints(),
      reach: (step) => {
        if (step === 'starting') exitSinceStart = null;
        dispatch({ type: 'step-reached', attempt: intent.attempt, step });
      },
      verify: (timeoutMs) => verify(signal, timeoutMs),
      exitSinceStart: () => exitSinceStart,
    };
    if (!recovering) return performAct(intent, 'beginning', procedure);
    const { generation } = state();
    const { records, verdict, word } = await run(signal);
    const recovery = recover(intent, verdict, word, parts.owned);
    if (recovery.kind !== 'fixed') return performAct(intent, recovery.kind, procedure);
    // The look that found it serving is what verifies it.
    procedure.reach('verifying');
    dispatch({ type: 'round-ended', generation, records, verdict });
    return { kind: 'fixed', tookMs: clock.now().mono - intent.startedMs };
  }

  return {
    get configuration() { return configuration; },
    manager, plan,
    reconfigure(next, nextChecks) {
      configuration = next;
      checks = nextChecks;
      timedOut.clear();
    },
    async roundNow() {
      if (ended) return;
      planned = clock.now().mono;
      await startRound();
    },
    prepare(intent) {
      if (ended || manager === null || intent.kind !== 'heal') return;
      stopReading();
      stopReading = readLastLines(manager, clock, (lines) => dispatch({ type: 'log-read', attempt: intent.attempt, lines }), parts.failed);
    },
    async perform(intent, recovering) {
      // A person may have stopped it while the intent was being written.
      if (ended || state().intent?.attempt !== intent.attempt) return { kind: 'superseded' };
      if (manager === null) return { kind: 'refused', refusal: NOBODY.refusal };
      abortRound();
      cancelTimer();
      const abort = new AbortController();
      const done = performFrom(intent, recovering, abort.signal, manager);
      act = { abort, done };
      try {
        return await done;
      } finally {
        act = null;
      }
    },
    async stopService(withinMs) {
      if (manager === null) return NOBODY;
      act?.abort.abort();
      await idle();
      const policy = { ...configuration, heal: { ...configuration.heal, stopWithinMs: withinMs } };
      // When Upkeep quits nobody waits for the ports.
      return stopReally({ policy, manager, endpoints: ended ? [] : endpoints(), clock, signal: new AbortController().signal, waitUntilFree: parts.waitUntilFree });
    },
    end() {
      ended = true;
      cancelTimer();
      abortRound();
      act?.abort.abort();
      stopReading();
      stopWatching?.();
    },
  };
}
