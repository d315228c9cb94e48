// What one round of checks says about a service: as bad as its worst check, and nothing at all when a check could not run.
// Looks at one round only; patience is the breaker's.
import type { ExitCause, Symptom } from '../contract/reason.ts';
import type { CheckRecord } from './state.ts';

/** What the service's manager says, as far as the verdict needs it; null: it was not asked or could not tell. */
export type ManagerWord = { readonly state: 'running' } | { readonly state: 'exited'; readonly cause: ExitCause } | { readonly state: 'changing' } | { readonly state: 'unknown'; readonly why: string };

export interface RoundVerdict {
  readonly verdict: 'up' | 'degraded' | 'down' | 'unknown';
  readonly symptom: Symptom | null;
  /** The manager says it has exited: no need to count to the threshold. */
  readonly conclusive: boolean;
  /** Why the round says nothing. */
  readonly inconclusive: string | null;
}

const symptomOf = (record: CheckRecord): Symptom => ({ kind: 'check', check: record.type, target: record.target, evidence: record.error ?? 'no evidence' });
const says = (verdict: RoundVerdict['verdict'], rest: Partial<RoundVerdict> = {}): RoundVerdict =>
  ({ verdict, symptom: null, conclusive: false, inconclusive: null, ...rest });

/** Judges by the manager's word alone: a service without checks. */
function byManager(word: ManagerWord | null): RoundVerdict {
  switch (word?.state) {
    case 'running': return says('up');
    case 'exited': return says('down', { symptom: { kind: 'exit', cause: word.cause }, conclusive: true });
    case 'changing': return says('unknown', { inconclusive: 'its service manager is starting or stopping it' });
    case 'unknown': return says('unknown', { inconclusive: word.why });
    case undefined: return says('unknown', { inconclusive: 'nothing can tell whether it runs' });
  }
}

/** `word` is needed only when there are no checks or when one has failed. A slow check has `ok: true` and an `error`. */
export function foldRound(records: readonly CheckRecord[], word: ManagerWord | null): RoundVerdict {
  if (records.length === 0) return byManager(word);
  const failed = records.find((record) => record.ok === false);
  if (failed !== undefined) {
    return word?.state === 'exited'
      ? says('down', { symptom: { kind: 'exit', cause: word.cause }, conclusive: true })
      : says('down', { symptom: symptomOf(failed) });
  }
  const unclear = records.find((record) => record.ok === null);
  if (unclear !== undefined) return says('unknown', { inconclusive: unclear.error ?? 'a check could not run' });
  const slow = records.find((record) => record.error !== null);
  return slow === undefined ? says('up') : says('degraded', { symptom: symptomOf(slow) });
}
