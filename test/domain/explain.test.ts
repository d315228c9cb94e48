// The one sentence that stands for each reason.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeElapsed } from '../../supervisor/domain/elapsed.ts';
import { describeExit, explain, explainAlert } from '../../supervisor/domain/explain.ts';
import type { ExitCause, HealResult, HealStep, Hold, Reason, Symptom } from '../../supervisor/contract/reason.ts';
import { clockTime } from '../builders/moment.ts';
import { KILLED, REFUSED } from '../builders/round.ts';
import { FIXED, NEEDS_PRIVILEGE, NOT_FIXED } from '../builders/service-state.ts';

const today = (hours: number, minutes: number): number => Date.UTC(2026, 10, 21, hours, minutes);
const AT = today(14, 2);
const NEXT = today(14, 32);
const EXITED: Symptom = { kind: 'exit', cause: KILLED };
const BUDGET: Hold = { code: 'budget-spent', used: 3, limit: 3, nextAtMs: NEXT };
const COOLDOWN: Hold = { code: 'cooldown', cooldownMs: 300_000, lastHealAtMs: AT, nextAtMs: NEXT };

describe('what people read', () => {
  test.each<{ says: string; why: Reason }>([
    { says: 'Held: 3 of 3 restarts used in the last hour; next possible at 14:32.', why: { code: 'held', symptom: REFUSED, hold: BUDGET } },
    { says: 'Held: last restart at 14:02, cooldown 5 min; next possible at 14:32.', why: { code: 'held', symptom: REFUSED, hold: COOLDOWN } },
    { says: 'Held: 20 of 20 restarts of the whole machine used in the last hour; next possible at 14:32.', why: { code: 'held', symptom: null, hold: { code: 'machine-budget-spent', used: 20, limit: 20, nextAtMs: NEXT } } },
    { says: 'Held: no automatic restarts are allowed (maxPerHour 0); restart it yourself.', why: { code: 'held', symptom: null, hold: { code: 'budget-spent', used: 0, limit: 0, nextAtMs: null } } },
    { says: 'Held: 1 restart is under way already; next possible when one of them ends.', why: { code: 'held', symptom: null, hold: { code: 'heals-under-way', limit: 1, nextAtMs: null } } },
    { says: 'Held: the machine has just woken up; next possible at 14:32.', why: { code: 'held', symptom: null, hold: { code: 'just-woke', nextAtMs: NEXT } } },
    { says: 'Down: tcp 127.0.0.1:4101: connection refused; it is only watched; restart it yourself.', why: { code: 'held', symptom: REFUSED, hold: { code: 'no-manager', nextAtMs: null } } },
    { says: 'Down: it was killed by SIGKILL; automatic healing is off; restart it yourself.', why: { code: 'held', symptom: EXITED, hold: { code: 'auto-off', nextAtMs: null } } },
    { says: 'Restarting because it was killed by SIGKILL: checking whether it serves.', why: { code: 'healing', symptom: EXITED, step: 'verifying', by: 'upkeep' } },
    { says: 'Restarted at 14:02 because it was killed by SIGKILL; up again after 0.4 s.', why: { code: 'healed', symptom: EXITED, by: 'upkeep', atMs: AT, tookMs: 400 } },
    { says: 'Restarted on request at 14:02; up again after 12 s.', why: { code: 'healed', symptom: null, by: 'person', atMs: AT, tookMs: 12_000 } },
    { says: 'Restarted at 14:02 because it was killed by SIGKILL, but it did not come back within 30 s: connection refused; next possible at 14:32.', why: { code: 'heal-failed', symptom: EXITED, by: 'upkeep', atMs: AT, result: NOT_FIXED, hold: COOLDOWN } },
    { says: 'Could not restart at 14:02: Cannot restart "web": systemctl needs a password for system units.', why: { code: 'heal-failed', symptom: EXITED, by: 'upkeep', atMs: AT, result: NEEDS_PRIVILEGE, hold: null } },
    { says: 'Held: restarting has not helped 3 times; 3 of 3 restarts used in the last hour; next possible at 14:32.', why: { code: 'held', symptom: REFUSED, hold: BUDGET, inVain: 3 } },
    { says: 'Down: it was killed by SIGKILL; restarting has not helped 4 times; automatic healing is off; restart it yourself.', why: { code: 'held', symptom: EXITED, hold: { code: 'auto-off', nextAtMs: null }, inVain: 4 } },
    { says: 'Restarting has not helped 3 times; last restarted at 14:02 because it was killed by SIGKILL, but it did not come back within 30 s: connection refused; next possible at 14:32.', why: { code: 'heal-failed', symptom: EXITED, by: 'upkeep', atMs: AT, result: NOT_FIXED, hold: COOLDOWN, inVain: 3 } },
    { says: 'Restarting has not helped 3 times; could not restart at 14:02: Cannot restart "web": systemctl needs a password for system units.', why: { code: 'heal-failed', symptom: EXITED, by: 'upkeep', atMs: AT, result: NEEDS_PRIVILEGE, hold: null, inVain: 3 } },
    { says: 'Failing (2 of 5): tcp 127.0.0.1:4101: connection refused.', why: { code: 'failing', symptom: REFUSED, failures: 2, threshold: 5 } },
    { says: 'Recovering: 1 of 2 passes in a row.', why: { code: 'recovering', passes: 1, threshold: 2 } },
    { says: 'Cannot tell: no free port.', why: { code: 'inconclusive', evidence: 'no free port' } },
    { says: 'Paused until 14:32.', why: { code: 'paused', untilMs: NEXT } },
    { says: 'Paused until you resume it.', why: { code: 'paused', untilMs: null } },
    { says: 'Stopped; stays stopped until you start it.', why: { code: 'stopped-by-person' } },
  ])('$says', ({ says, why }) => {
    expect(explain(why, clockTime)).toBe(says);
  });

  test('an alert names the trouble before what holds the healing', () => {
    expect(explainAlert({ code: 'held', symptom: REFUSED, hold: BUDGET }, clockTime))
      .toBe('Down: tcp 127.0.0.1:4101: connection refused; held: 3 of 3 restarts used in the last hour; next possible at 14:32.');
  });

  test('an alert says that restarting does not help', () => {
    expect(explainAlert({ code: 'held', symptom: REFUSED, hold: BUDGET, inVain: 3 }, clockTime))
      .toBe('Down: tcp 127.0.0.1:4101: connection refused; restarting has not helped 3 times; held: 3 of 3 restarts used in the last hour; next possible at 14:32.');
  });

  test.each<{ cause: ExitCause; says: string }>([
    { cause: { kind: 'exit-code', code: 3 }, says: 'it exited with code 3' },
    { cause: { kind: 'signal', signal: 'SIGSEGV' }, says: 'it was killed by SIGSEGV' },
    { cause: { kind: 'out-of-memory' }, says: 'it was killed because memory ran out' },
    { cause: { kind: 'start-limit' }, says: "it hit its service manager's start limit" },
    { cause: { kind: 'not-running' }, says: 'it is not running' },
  ])('$says', ({ cause, says }) => {
    expect(describeExit(cause)).toBe(says);
  });

  test.each([
    [0, '0 s'], [400, '0.4 s'], [1_000, '1 s'], [9_960, '10 s'], [12_400, '12 s'], [89_000, '89 s'], [180_000, '3 min'], [3_600_000, '60 min'], [7_200_000, '2 h'], [7_500_000, '2 h 5 min'],
  ])('%i ms is "%s"', (ms, says) => {
    expect(describeElapsed(ms)).toBe(says);
  });
});

/** What checks and programs say comes as it comes: several lines, ready-made sentences, nothing at all. */
const said = fc.constantFrom('connection refused', 'answered 500,\nexpected 200-299', 'It said "no".', ' two\r\n\r\nlines ', 'Unit entered failed state.\n', '');
const causes: fc.Arbitrary<ExitCause> = fc.oneof(
  fc.constantFrom<ExitCause>({ kind: 'exit-code', code: 1 }, KILLED, { kind: 'out-of-memory' }, { kind: 'start-limit' }, { kind: 'not-running' }), said.map((text): ExitCause => ({ kind: 'other', text })));
const symptoms: fc.Arbitrary<Symptom> = fc.oneof(causes.map((cause): Symptom => ({ kind: 'exit', cause })), said.map((evidence): Symptom => ({ kind: 'check', check: 'http', target: 'http://127.0.0.1:4101/', evidence })));
const results: fc.Arbitrary<HealResult> = fc.oneof(
  fc.constantFrom<HealResult>(FIXED, { kind: 'superseded' }, { kind: 'interrupted' }), said.map((evidence): HealResult => ({ kind: 'not-fixed', tookMs: 30_000, evidence })),
  said.map((message): HealResult => ({ kind: 'refused', refusal: { code: 'failed', message } })));
const holds = fc.constantFrom<Hold>(
  BUDGET, COOLDOWN, { code: 'budget-spent', used: 0, limit: 0, nextAtMs: null }, { code: 'machine-budget-spent', used: 0, limit: 0, nextAtMs: null }, { code: 'heals-under-way', limit: 2, nextAtMs: null },
  { code: 'just-woke', nextAtMs: NEXT }, { code: 'auto-off', nextAtMs: null }, { code: 'no-manager', nextAtMs: null });
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });
const by = fc.constantFrom('upkeep', 'person');
const steps = fc.constantFrom<HealStep>('stopping', 'settling-after-stop', 'starting', 'settling-after-start', 'verifying');
const numbers = fc.nat(1e7);
const vain = fc.option(fc.integer({ min: 3, max: 99 }), { nil: undefined });

/** Every kind of reason; one that is added to the contract is missed by the compiler here. */
const REASONS: { readonly [Code in Reason['code']]: fc.Arbitrary<Omit<Extract<Reason, { code: Code }>, 'code'>> } = {
  healthy: fc.record({ checks: fc.nat(3) }),
  slow: fc.record({ symptom: symptoms }),
  'not-checked-yet': fc.constant({}),
  starting: fc.constant({}),
  'just-woke': fc.record({ nextAtMs: fc.constant(NEXT) }),
  inconclusive: fc.record({ evidence: said }),
  failing: fc.record({ symptom: symptoms, failures: numbers, threshold: numbers }),
  recovering: fc.record({ passes: numbers, threshold: numbers }),
  held: fc.record({ symptom: maybe(symptoms), hold: holds, inVain: vain }),
  healing: fc.record({ symptom: maybe(symptoms), step: steps, by }),
  healed: fc.record({ symptom: maybe(symptoms), by, atMs: fc.constant(AT), tookMs: numbers }),
  'heal-failed': fc.record({ symptom: maybe(symptoms), by, atMs: fc.constant(AT), result: results, hold: maybe(holds), inVain: vain }),
  paused: fc.record({ untilMs: maybe(fc.constant(NEXT)) }),
  'stopped-by-person': fc.constant({}),
};

describe.each(Object.entries(REASONS))('%s', (code, rest) => {
  test('is a single line that starts with a capital and ends with one full stop', () => {
    fc.assert(fc.property(rest, (facts) => {
      const why = { code, ...facts } as Reason;
      for (const text of [explain(why, clockTime), explainAlert(why, clockTime)]) {
        expect(text).toMatch(/^[A-Z][^\r\n]*[^.\s]\.$/);
        expect(text).not.toMatch(/\.[;,.]|\s\s|: [;.]/);
      }
    }), { numRuns: 300 });
  });
});
