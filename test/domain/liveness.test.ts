import { expect, test } from 'vitest';
import { healsFailure, livenessOf } from '../../supervisor/domain/liveness.ts';
import type { Pause, ServiceState } from '../../supervisor/domain/state.ts';
import { mono, SECOND } from '../builders/moment.ts';
import { buildDown, buildHealthy, buildIntent, buildService } from '../builders/service-state.ts';

const PAUSE: Pause = { untilWallMs: null };
const { incident } = buildDown();
const rows: readonly { readonly name: string; readonly service: ServiceState; readonly pauseOfAll?: Pause; readonly is: string }[] = [
  { name: 'never judged', service: buildService(), is: 'unknown' },
  { name: 'up', service: buildHealthy(), is: 'up' },
  { name: 'slow', service: buildHealthy({ verdict: 'degraded' }), is: 'up' },
  { name: 'failing, not sure yet', service: buildHealthy({ verdict: 'degraded', failedRounds: 1, failingSinceMs: mono(0) }), is: 'down' },
  { name: 'down', service: buildDown(), is: 'down' },
  { name: 'down, and the first rounds pass again', service: buildDown({ failedRounds: 0, passedRounds: 1, breaker: { state: 'half-open', sinceMs: mono(0), successes: 1 } }), is: 'down' },
  { name: 'a check that cannot run', service: buildDown({ verdict: 'unknown', inconclusive: 'no free port' }), is: 'unknown' },
  { name: 'just woken, with an open breaker', service: buildDown({ verdict: 'unknown', graceUntilMs: mono(30 * SECOND) }), is: 'unknown' },
  { name: 'paused while down', service: buildDown({ pause: PAUSE }), is: 'unknown' },
  { name: 'everything is paused', service: buildHealthy(), pauseOfAll: PAUSE, is: 'unknown' },
  { name: 'stopped by a person', service: buildService({ stopped: true }), is: 'unknown' },
  { name: 'a heal of what is down', service: buildDown({ intent: buildIntent() }), is: 'down' },
  { name: 'a heal by a person of what fails and nobody is sure of', service: buildHealthy({ intent: buildIntent({ by: 'person', startedMs: mono(SECOND) }) }), is: 'down' },
  { name: 'a restart by a person of what is healthy', service: buildHealthy({ intent: buildIntent({ by: 'person', symptom: null }) }), is: 'unknown' },
  { name: 'the same, while its checks fail because it starts', service: buildHealthy({ intent: buildIntent({ by: 'person', symptom: null }), failingSinceMs: mono(SECOND), failedRounds: 3 }), is: 'unknown' },
  { name: 'the first start', service: buildService({ intent: buildIntent({ kind: 'launch', symptom: null }) }), is: 'unknown' },
  { name: 'a start after one that failed', service: buildDown({ intent: buildIntent({ kind: 'launch' }) }), is: 'down' },
];
test.each(rows)('$name: $is', ({ service, pauseOfAll = null, is }) => {
  expect(livenessOf(service, pauseOfAll)).toBe(is);
});

test.each([
  { name: 'in an incident', incident, downSinceMs: 5, is: true }, { name: 'failing since before it began', incident: null, downSinceMs: 4, is: true },
  { name: 'of a healthy service', incident: null, downSinceMs: 5, is: false },
])('a heal $name is of a failure: $is', ({ incident: under, downSinceMs, is }) => {
  expect(healsFailure({ incident: under }, { downSinceMs: mono(downSinceMs), startedMs: mono(5) })).toBe(is);
});
