// What the row of a service says, as tables.
import { describe, expect, test } from 'vitest';
import type { HealStep } from '../../supervisor/contract/reason.ts';
import type { ServiceSnapshot } from '../../supervisor/contract/snapshot.ts';
import { type Below, describeRow, describeSteps, latencyOf, summarizeGroup } from '../../renderer/overview/row-view.ts';
import { WORST_FIRST } from '../../supervisor/contract/service-status.ts';
import { ago, ahead, check, heal, NOW_MS, service, variedSnapshot } from './snapshot-builders.ts';

const row = (differs: Partial<ServiceSnapshot>, dismissed: readonly string[] = []) => describeRow(service('a', differs), NOW_MS, new Set(dismissed));
const notFixed = { kind: 'not-fixed', tookMs: 30_000, evidence: 'tcp 127.0.0.1:5432: connection refused' } as const;

test.each<[ServiceSnapshot['breaker'], string | null]>([
  [{ state: 'closed', failures: 2, successes: 0, openUntil: null }, null],
  [{ state: 'open', failures: 5, successes: 0, openUntil: ahead(720) }, 'breaker open until 14:32'],
  [{ state: 'open', failures: 5, successes: 0, openUntil: null }, 'breaker open'],
  [{ state: 'half-open', failures: 5, successes: 1, openUntil: null }, 'breaker half-open, trying'],
])('the breaker is told when it is not closed: %o', (breaker, expected) => {
  const told = row({ breaker }).breaker;
  expect(told === null ? null : `${told.text}${told.more}`).toBe(expected);
});

test('each state offers the act that helps', () => {
  expect(variedSnapshot().services.map((given) => [given.id, describeRow(given, NOW_MS, new Set()).act.word])).toEqual([
    ['web', 'Restart'], ['postgres', 'Restart'], ['worker', 'Restart'], ['search', 'Restart'], ['mail', 'Check'], ['docs', 'Resume'], ['cache', 'Start'],
  ]);
});

test.each<[string, Partial<ServiceSnapshot>, number | null]>([
  ['the slowest check counts', { checks: [check({ latencyMs: 3 }), check({ latencyMs: 12 })] }, 12],
  ['one that does not answer is left out', { checks: [check({ latencyMs: null, ok: false }), check({ latencyMs: 12 })] }, 12],
  ['without checks there is none', { checks: [] }, null],
  ['what is down has none', { status: 'down' }, null],
])('latency: %s', (_name, differs, expected) => expect(latencyOf(service('a', differs))).toBe(expected));

describe('below the name', () => {
  test.each<[string, Partial<ServiceSnapshot>, Below]>([
    ['the reason', {}, { kind: 'reason', text: 'Its check passes.' }],
    ['a restart that has just worked, with its time', { heal: heal({ last: { at: ago(5), by: 'person', result: { kind: 'fixed', tookMs: 1_400 } } }) }, { kind: 'done', text: 'Restarted, up in 1.4 s.' }],
    ['one that worked a while ago is told by the reason', { reason: 'Restarted at 14:00; up again after 1.4 s.', heal: heal({ last: { at: ago(60), by: 'person', result: { kind: 'fixed', tookMs: 1_400 } } }) }, { kind: 'reason', text: 'Restarted at 14:00; up again after 1.4 s.' }],
    [
      'when the next try is before all that is known of the last one, so that no narrow row hides it', {
        status: 'down', reason: 'Restarted at 14:15 because it was killed by SIGKILL, but it did not come back; next possible at 14:32.',
        why: { code: 'heal-failed', symptom: { kind: 'exit', cause: { kind: 'signal', signal: 'SIGKILL' } }, by: 'upkeep', atMs: NOW_MS - 290_000, result: notFixed, hold: null },
        heal: heal({ last: { at: ago(290), by: 'upkeep', result: notFixed }, nextAllowedAt: ahead(720) }),
      },
      { kind: 'failed', text: 'Next try 14:32. The restart failed at 14:15: not up after 30 s: tcp 127.0.0.1:5432: connection refused.', key: `a ${ago(290)}` },
    ],
    [
      'why the restart failed, as long as it is down', { status: 'down', heal: heal({ last: { at: ago(290), by: 'upkeep', result: notFixed }, nextAllowedAt: ahead(720) }) },
      { kind: 'failed', text: 'Next try 14:32. The restart failed at 14:15: not up after 30 s: tcp 127.0.0.1:5432: connection refused.', key: `a ${ago(290)}` },
    ],
    ['a failure is over when it is up again', { heal: heal({ last: { at: ago(290), by: 'upkeep', result: notFixed } }) }, { kind: 'reason', text: 'Its check passes.' }],
    [
      'a refusal of what a person asked for, also while it is up', { heal: heal({ last: { at: ago(60), by: 'person', result: { kind: 'refused', refusal: { code: 'needs-privilege', message: 'systemctl needs a password' } } } }) },
      { kind: 'failed', text: 'Could not restart at 14:19: systemctl needs a password.', key: `a ${ago(60)}` },
    ],
    ['not for ever', { heal: heal({ last: { at: ago(3_600), by: 'person', result: { kind: 'refused', refusal: { code: 'failed', message: 'x' } } } }) }, { kind: 'reason', text: 'Its check passes.' }],
  ])('%s', (_name, differs, expected) => expect(row(differs).below).toEqual(expected));

  test('a dismissed failure gives way to the reason; the next failure is told again', () => {
    const failed = (at: string) => ({ status: 'down', reason: 'Held.', heal: heal({ last: { at, by: 'upkeep', result: notFixed } }) }) as const;
    expect(row(failed(ago(290)), [`a ${ago(290)}`]).below).toEqual({ kind: 'reason', text: 'Held.' });
    expect(row(failed(ago(10)), [`a ${ago(290)}`]).below.kind).toBe('failed');
  });
});

describe('the course of a restart', () => {
  const course = (steps: readonly (readonly [HealStep, number])[], kind: 'heal' | 'launch' = 'heal') =>
    describeSteps({ kind, by: 'upkeep', startedAt: ago(10), steps: steps.map(([step, secondsAgo]) => ({ step, at: ago(secondsAgo) })) })
      .map(({ word, state, took }) => `${word} ${state}${took === null ? '' : ` ${took}`}`);
  test.each([
    ['just begun', [], 'heal', ['stopping now', 'starting ahead', 'verifying ahead']],
    ['starting', [['stopping', 5], ['starting', 4]], 'heal', ['stopped done 1.0 s', 'starting now', 'verifying ahead']],
    ['settling belongs to what it settles', [['stopping', 5], ['settling-after-stop', 4.5], ['starting', 4], ['settling-after-start', 3]], 'heal', ['stopped done 1.0 s', 'starting now', 'verifying ahead']],
    ['verifying', [['stopping', 5], ['starting', 4], ['verifying', 1]], 'heal', ['stopped done 1.0 s', 'started done 3.0 s', 'verifying now']],
    ['what had ended already is not stopped', [['starting', 4], ['verifying', 1]], 'heal', ['started done 3.0 s', 'verifying now']],
    ['a launch', [], 'launch', ['starting now', 'verifying ahead']],
  ] as const)('%s', (_name, steps, kind, expected) => expect(course(steps, kind)).toEqual(expected));
});

test.each([
  [['up', 'up'], 'all 2 services up'], [['up'], 'up'], [['up', 'down', 'paused', 'down'], '2 down, 1 paused'],
] as const)('a group of %j says %s', (statuses, expected) => {
  expect(summarizeGroup(statuses.map((status) => ({ status })), WORST_FIRST)).toBe(expected);
});
