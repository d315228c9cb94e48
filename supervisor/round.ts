// One round: all checks of one service in parallel, its manager's word where that matters, folded into one verdict.
// Judges nothing over time and starts nothing.
import type { CheckSpec, ServiceConfiguration } from './contract/configuration.ts';
import type { CheckGate, Lane } from './check-gate.ts';
import type { CheckRecord } from './domain/state.ts';
import { foldRound, type ManagerWord, type RoundVerdict } from './domain/verdict.ts';
import { redactOutcome, type Redact } from './redaction.ts';
import type { Check, CheckOutcome, Clock, Endpoint, ManagerStatus, ServiceManager } from './ports.ts';

/** A check with its kind looked up. */
export interface BoundCheck {
  readonly type: string;
  readonly target: string;
  readonly endpoints: readonly Endpoint[];
  run(timeoutMs: number, signal: AbortSignal): Promise<CheckOutcome>;
}

export function bindCheck(spec: CheckSpec, kinds: Readonly<Record<string, Check>>, redact: Redact): BoundCheck {
  const kind = kinds[spec.type];
  if (kind === undefined) throw new RangeError(`no check of kind "${spec.type}"`);
  return {
    type: spec.type, target: redact(kind.target(spec)), endpoints: kind.endpoints(spec),
    run: async (timeoutMs, signal) => redactOutcome(await kind.run(spec, { timeoutMs, signal }), redact),
  };
}

export interface Round { readonly records: readonly CheckRecord[]; readonly verdict: RoundVerdict; readonly word: ManagerWord | null }

export interface RoundOptions {
  readonly configuration: ServiceConfiguration;
  readonly checks: readonly BoundCheck[];
  readonly manager: ServiceManager | null;
  readonly gate: CheckGate;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Checks that timed out when they were last run; the round keeps it up to date. */
  readonly timedOut: Set<BoundCheck>;
  /** Time for each check, when less than the configured one is left. */
  readonly timeoutMs?: number;
}

const tenths = (ms: number): number => Math.round(ms * 10) / 10;

function recordOf(check: BoundCheck, outcome: CheckOutcome, clock: Clock): CheckRecord {
  const common = { type: check.type, target: check.target, atMs: clock.now().mono };
  switch (outcome.result) {
    case 'pass': return { ...common, ok: true, latencyMs: tenths(outcome.latencyMs), error: outcome.slow ?? null };
    case 'fail': return { ...common, ok: false, latencyMs: outcome.latencyMs === null ? null : tenths(outcome.latencyMs), error: outcome.evidence };
    case 'inconclusive': return { ...common, ok: null, latencyMs: null, error: outcome.evidence };
  }
}

export function wordOf(status: ManagerStatus): ManagerWord {
  switch (status.state) {
    case 'running': return { state: 'running' };
    case 'starting':
    case 'stopping': return { state: 'changing' };
    case 'exited': return { state: 'exited', cause: status.cause };
    case 'unknown': return { state: 'unknown', why: status.why };
  }
}

export async function runRound({ configuration, checks, manager, gate, clock, signal, timedOut, timeoutMs }: RoundOptions): Promise<Round> {
  const records = await Promise.all(checks.map(async (check) => {
    const lane: Lane = timedOut.has(check) ? 'slow' : 'fast';
    const outcome = await gate.run(lane, () => check.run(Math.min(timeoutMs ?? configuration.timeoutMs, configuration.timeoutMs), signal));
    if (outcome.result === 'fail' && outcome.timedOut === true) timedOut.add(check);
    else timedOut.delete(check);
    return recordOf(check, outcome, clock);
  }));
  const asks = manager !== null && (records.length === 0 || records.some(({ ok }) => ok === false));
  const word = asks ? wordOf(await gate.run('fast', () => manager.status(signal))) : null;
  return { records, verdict: foldRound(records, word), word };
}
