// Blanks secrets where texts from outside enter the engine: what a check saw, what a service manager answered.
// From there on they are state, journal, log, snapshot and notice. Knows no secret itself.
import type { Refusal } from './contract/reason.ts';
import type { ActResult, CheckOutcome, LogResult, ManagerStatus, ServiceManager } from './ports.ts';

/** The same text without what came from `${env:NAME}` in services.json. */
export type Redact = (text: string) => string;

export function redactOutcome(outcome: CheckOutcome, redact: Redact): CheckOutcome {
  switch (outcome.result) {
    case 'pass': return outcome.slow === undefined ? outcome : { ...outcome, slow: redact(outcome.slow) };
    case 'fail':
    case 'inconclusive': return { ...outcome, evidence: redact(outcome.evidence) };
  }
}

function redactStatus(status: ManagerStatus, redact: Redact): ManagerStatus {
  if (status.state === 'unknown') return { ...status, why: redact(status.why) };
  return status.state === 'exited' && status.cause.kind === 'other' ? { ...status, cause: { ...status.cause, text: redact(status.cause.text) } } : status;
}

const redactRefusal = (refusal: Refusal, redact: Redact): Refusal => ({ ...refusal, message: redact(refusal.message) });

const redactLog = (read: LogResult, redact: Redact): LogResult =>
  (read.ok ? { ...read, lines: read.lines.map(redact) } : { ok: false, refusal: redactRefusal(read.refusal, redact) });

const NO_LOG: LogResult = { ok: true, source: null, lines: [] };

/** The same manager, whose answers are blanked. */
export function redactManager(manager: ServiceManager, redact: Redact): ServiceManager {
  const blanked = async (act: Promise<ActResult>): Promise<ActResult> => {
    const result = await act;
    return result.ok ? result : { ok: false, refusal: redactRefusal(result.refusal, redact) };
  };
  return {
    status: async (signal) => redactStatus(await manager.status(signal), redact),
    start: (options) => blanked(manager.start(options)),
    stop: (options) => blanked(manager.stop(options)),
    kill: (signal) => blanked(manager.kill(signal)),
    ...(manager.restart !== undefined && { restart: (options) => blanked(manager.restart?.(options) ?? manager.start(options)) }),
    ...(manager.canStop !== undefined && { canStop: manager.canStop }),
    ...(manager.log !== undefined && { log: async (lines, signal) => redactLog(await (manager.log?.(lines, signal) ?? NO_LOG), redact) }),
    ...(manager.watch !== undefined && { watch: (onExit) => manager.watch?.(onExit) ?? (() => undefined) }),
    dispose: () => manager.dispose(),
  };
}
