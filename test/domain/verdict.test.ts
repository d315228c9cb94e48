// What one round of checks says about a service.
import { describe, expect, test } from 'vitest';
import type { Symptom } from '../../supervisor/contract/reason.ts';
import type { CheckRecord } from '../../supervisor/domain/state.ts';
import { foldRound, type ManagerWord, type RoundVerdict } from '../../supervisor/domain/verdict.ts';
import { buildRecord, FAILED, KILLED, OK, REFUSED, SLOW, UNCLEAR } from '../builders/round.ts';

const EXITED: ManagerWord = { state: 'exited', cause: KILLED };
const NOTHING: RoundVerdict = { verdict: 'up', symptom: null, conclusive: false, inconclusive: null };
const TOO_SLOW: Symptom = { kind: 'check', check: 'tcp', target: '127.0.0.1:4101', evidence: 'took 900 ms, expected 500 ms or less' };

describe('a round is as bad as its worst check', () => {
  test.each<{ name: string; records: CheckRecord[]; word?: ManagerWord; says: Partial<RoundVerdict> }>([
    { name: 'all pass: up', records: [OK, OK], says: {} },
    { name: 'one is slow: degraded', records: [OK, SLOW], says: { verdict: 'degraded', symptom: TOO_SLOW } },
    { name: 'one fails: down, whatever the others say', records: [OK, SLOW, UNCLEAR, FAILED], says: { verdict: 'down', symptom: REFUSED } },
    { name: 'two fail: the first one is told', records: [FAILED, buildRecord({ ok: false, error: 'reset' })], says: { verdict: 'down', symptom: REFUSED } },
    { name: 'one fails without a word: down all the same', records: [buildRecord({ ok: false })], says: { verdict: 'down', symptom: { kind: 'check', check: 'tcp', target: '127.0.0.1:4101', evidence: 'no evidence' } } },
    { name: 'one could not run and none fails: nothing is known', records: [OK, SLOW, UNCLEAR], says: { verdict: 'unknown', inconclusive: 'no free port to connect from' } },
    { name: 'one could not run and gives no reason: nothing is known', records: [buildRecord({ ok: null })], says: { verdict: 'unknown', inconclusive: 'a check could not run' } },
    { name: 'one fails and the manager says it has exited: conclusive', records: [FAILED], word: EXITED, says: { verdict: 'down', symptom: { kind: 'exit', cause: KILLED }, conclusive: true } },
    { name: 'one fails and the manager says it runs: not conclusive', records: [FAILED], word: { state: 'running' }, says: { verdict: 'down', symptom: REFUSED } },
    { name: 'all pass though the manager says it has exited: something else serves, up', records: [OK], word: EXITED, says: {} },
  ])('$name', ({ records, word = null, says }) => {
    expect(foldRound(records, word)).toEqual({ ...NOTHING, ...says });
  });
});

describe('a service without checks is judged by its manager alone', () => {
  test.each<{ name: string; word: ManagerWord | null; says: Partial<RoundVerdict> }>([
    { name: 'it runs: up', word: { state: 'running' }, says: {} },
    { name: 'it has exited: down, conclusively', word: EXITED, says: { verdict: 'down', symptom: { kind: 'exit', cause: KILLED }, conclusive: true } },
    { name: 'it is starting or stopping: nothing is known', word: { state: 'changing' }, says: { verdict: 'unknown', inconclusive: 'its service manager is starting or stopping it' } },
    { name: 'the manager cannot tell: nothing is known', word: { state: 'unknown', why: 'no bus' }, says: { verdict: 'unknown', inconclusive: 'no bus' } },
    { name: 'nobody can tell: nothing is known', word: null, says: { verdict: 'unknown', inconclusive: 'nothing can tell whether it runs' } },
  ])('$name', ({ word, says }) => {
    expect(foldRound([], word)).toEqual({ ...NOTHING, ...says });
  });
});
