// One attempt's deadline, on a clock of the test's own.
import { createServer, connect } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Attempt, describeMs, runAttempt } from '../../../supervisor/checks/attempt.ts';
import type { CheckOutcome } from '../../../supervisor/ports.ts';
import { contextOf } from './check-suite.ts';

const PASS: CheckOutcome = { result: 'pass', latencyMs: 1 };
const LATE = 'no answer within 5 s';

beforeEach(() => { vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }); });
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** The outcome after so many milliseconds; null: not settled yet. */
const outcomeAfter = async (ms: number, { outcome }: Attempt): Promise<CheckOutcome | null> => {
  await vi.advanceTimersByTimeAsync(ms);
  return Promise.race([outcome, Promise.resolve(null)]);
};

test('is timed out at its deadline and not before', async () => {
  const attempt = new Attempt(contextOf({ timeoutMs: 5_000 }));
  expect(await outcomeAfter(4_999, attempt)).toBeNull();
  expect(await outcomeAfter(1, attempt)).toEqual({ result: 'fail', latencyMs: null, timedOut: true, evidence: LATE });
});

test('a delay of this machine is inconclusive', async () => {
  const attempt = new Attempt(contextOf({ timeoutMs: 5_000 }));
  attempt.waitFor({ missing: 'the name server did not answer', ofMachine: true });
  expect(await outcomeAfter(5_000, attempt)).toEqual({ result: 'inconclusive', evidence: 'the name server did not answer within 5 s' });
});

test('a certain outcome waits for a polite end, but only so long', async () => {
  const attempt = new Attempt(contextOf({ timeoutMs: 5_000 }));
  attempt.conclude(PASS, 100);
  expect(await outcomeAfter(99, attempt)).toBeNull();
  expect(await outcomeAfter(1, attempt)).toEqual(PASS);
});

test('a certain outcome is not overturned by the deadline, which holds all the same', async () => {
  const attempt = new Attempt(contextOf({ timeoutMs: 5_000 }));
  await vi.advanceTimersByTimeAsync(4_950);
  attempt.conclude(PASS, 100);
  expect(await outcomeAfter(49, attempt)).toBeNull();
  expect(await outcomeAfter(1, attempt)).toEqual(PASS);
});

test('the first outcome counts', async () => {
  const attempt = new Attempt(contextOf());
  attempt.settle(PASS);
  attempt.fail('too late');
  attempt.conclude({ result: 'inconclusive', evidence: 'too late' }, 0);
  expect(await attempt.outcome).toEqual(PASS);
});

test('a bug in a check is an outcome, not a rejection', async () => {
  expect(await runAttempt(contextOf(), () => { throw new TypeError('secret'); })).toEqual({ result: 'inconclusive', evidence: 'the check could not be made (TypeError)' });
});

test('sockets are destroyed with the attempt, also one that comes too late', async () => {
  const server = createServer((socket) => { socket.on('error', () => undefined).resume(); });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  const attempt = new Attempt(contextOf());
  const early = attempt.own(connect(address.port, '127.0.0.1'));
  attempt.settle(PASS);
  const late = attempt.own(connect(address.port, '127.0.0.1'));
  expect([early.destroyed, late.destroyed]).toEqual([true, true]);
  await new Promise((resolve) => server.close(resolve));
});

test.for<[number, string]>([[50, '50 ms'], [999.6, '1000 ms'], [1_000, '1 s'], [1_500, '1.5 s'], [60_000, '60 s']])('%d ms are told as "%s"', ([ms, text]) => {
  expect(describeMs(ms)).toBe(text);
});
