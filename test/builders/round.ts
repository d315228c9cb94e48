// Rounds of checks and what shows trouble, for tests.
import type { ExitCause, Symptom } from '../../supervisor/contract/reason.ts';
import type { CheckRecord } from '../../supervisor/domain/state.ts';
import { foldRound, type ManagerWord, type RoundVerdict } from '../../supervisor/domain/verdict.ts';
import { mono } from './moment.ts';

export const KILLED: ExitCause = { kind: 'signal', signal: 'SIGKILL' };
export const REFUSED: Symptom = { kind: 'check', check: 'tcp', target: '127.0.0.1:4101', evidence: 'connection refused' };

export const buildRecord = (overrides: Partial<CheckRecord> = {}): CheckRecord =>
  ({ type: 'tcp', target: '127.0.0.1:4101', ok: true, latencyMs: 1, error: null, atMs: mono(0), ...overrides });

export const OK = buildRecord();
export const SLOW = buildRecord({ error: 'took 900 ms, expected 500 ms or less' });
export const FAILED = buildRecord({ ok: false, latencyMs: null, error: 'connection refused' });
export const UNCLEAR = buildRecord({ ok: null, latencyMs: null, error: 'no free port to connect from' });

export interface BuiltRound { readonly records: readonly CheckRecord[]; readonly verdict: RoundVerdict }

const round = (record: CheckRecord, word: ManagerWord | null = null): BuiltRound =>
  ({ records: [record], verdict: foldRound([record], word) });

/** What a round of a service with one check can say. `dead`: it fails, and the manager says that the service has exited. */
export const ROUNDS = {
  pass: round(OK), slow: round(SLOW), fail: round(FAILED), unclear: round(UNCLEAR), dead: round(FAILED, { state: 'exited', cause: KILLED }),
} as const;
export type RoundKind = keyof typeof ROUNDS;
