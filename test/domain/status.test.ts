// What is shown of a service and of the machine, and the reason for it.
import { describe, expect, test } from 'vitest';
import type { Severity } from '../../supervisor/contract/configuration.ts';
import type { Reason } from '../../supervisor/contract/reason.ts';
import type { Overall, ServiceStatus } from '../../supervisor/contract/snapshot.ts';
import type { MachineView } from '../../supervisor/domain/decision.ts';
import type { ServiceState } from '../../supervisor/domain/state.ts';
import { overallOf, reasonOf, statusOf } from '../../supervisor/domain/status.ts';
import { buildServiceConfiguration, type ServiceOverrides } from '../builders/configuration.ts';
import { at, HOUR, MINUTE, mono, wall, WALL_AT_ZERO } from '../builders/moment.ts';
import { REFUSED } from '../builders/round.ts';
import { buildDown, buildHealRecord, buildHealthy, buildIntent, buildMachineView, buildService, FIXED, NOT_FIXED } from '../builders/service-state.ts';

const PAUSE = { untilWallMs: null };

describe('the status', () => {
  test.each<{ name: string; service: ServiceState; machine?: Partial<MachineView>; status: ServiceStatus }>([
    { name: 'of a new service is unknown', service: buildService(), status: 'unknown' },
    { name: 'of a service that is up is up', service: buildHealthy(), status: 'up' },
    { name: 'of a service that is down is down', service: buildDown(), status: 'down' },
    { name: 'of a service that is restarted is healing', service: buildDown({ intent: buildIntent() }), status: 'healing' },
    { name: 'of a service that is started for the first time is unknown', service: buildHealthy({ intent: buildIntent({ kind: 'launch' }) }), status: 'unknown' },
    { name: 'of a paused service is paused', service: buildDown({ pause: PAUSE }), status: 'paused' },
    { name: 'of every service is paused when everything is', service: buildHealthy(), machine: { pause: PAUSE }, status: 'paused' },
    { name: 'of a paused service that a person restarts is healing', service: buildDown({ pause: PAUSE, intent: buildIntent({ by: 'person' }) }), status: 'healing' },
    { name: 'of a stopped service is stopped, also when it is paused', service: buildService({ stopped: true, pause: PAUSE }), status: 'stopped' },
  ])('$name', ({ service, machine, status }) => {
    expect(statusOf(service, buildMachineView(machine))).toBe(status);
  });
});

describe('the reason', () => {
  const NOW = at(10 * MINUTE);
  const closed = (failures: number) => ({ state: 'closed', failures }) as const;
  const failedAt = (endedMin: number): Partial<ServiceState> => ({ lastHeal: buildHealRecord({ startedMs: mono(endedMin * MINUTE), endedMs: mono(endedMin * MINUTE) }) });
  const fixedAt = (ms: number): Partial<ServiceState> => ({ lastHeal: buildHealRecord({ startedMs: mono(ms), endedMs: mono(ms), result: FIXED }) });

  test.each<{ name: string; service: ServiceState; policy?: ServiceOverrides; machine?: Partial<MachineView>; says: Partial<Reason> }>([
    { name: 'a new service was not checked yet', service: buildService(), says: { code: 'not-checked-yet' } },
    { name: 'what is up is healthy', service: buildHealthy(), says: { code: 'healthy' } },
    { name: 'a heal is told for an hour', service: buildHealthy({ ...fixedAt(10 * MINUTE - HOUR + 1), verdictSinceMs: null }), says: { code: 'healed', tookMs: 400 } },
    { name: 'unless something else has brought it up since', service: buildHealthy({ ...fixedAt(MINUTE), verdictSinceMs: mono(2 * MINUTE) }), says: { code: 'healthy' } },
    { name: 'and no longer', service: buildHealthy(fixedAt(10 * MINUTE - HOUR)), says: { code: 'healthy' } },
    { name: 'what is slow says what is slow', service: buildService({ verdict: 'degraded', symptom: REFUSED }), says: { code: 'slow', symptom: REFUSED } },
    { name: 'what has begun to fail counts', service: buildService({ verdict: 'degraded', symptom: REFUSED, failedRounds: 2, breaker: closed(2) }), says: { code: 'failing', failures: 2, threshold: 5 } },
    { name: 'a round that says nothing gives its own reason', service: buildService({ verdict: 'unknown', inconclusive: 'no free port' }), says: { code: 'inconclusive', evidence: 'no free port' } },
    { name: 'after waking nothing is judged', service: buildService({ graceUntilMs: mono(11 * MINUTE) }), says: { code: 'just-woke', nextAtMs: wall(WALL_AT_ZERO + 11 * MINUTE) } },
    { name: 'what is only watched is held for good', service: buildDown(), policy: { manager: null }, says: { code: 'held', symptom: REFUSED, hold: { code: 'no-manager', nextAtMs: null } } },
    { name: 'a heal that did not help is told with the cooldown that follows', service: buildDown(failedAt(9)), says: { code: 'heal-failed', result: NOT_FIXED, hold: expect.objectContaining({ code: 'cooldown' }) as never } },
    { name: 'a spent budget is told instead', service: buildDown({ ...failedAt(9), healTimes: [mono(1), mono(2), mono(9 * MINUTE)] }), says: { code: 'held', hold: expect.objectContaining({ code: 'budget-spent' }) as never } },
    { name: 'a heal that failed before this trouble began is not its reason', service: buildDown({ ...failedAt(1), failingSinceMs: mono(9 * MINUTE) }), says: { code: 'failing' } },
    { name: 'passes after an open breaker are counted', service: buildDown({ breaker: { state: 'half-open', sinceMs: mono(0), successes: 1 } }), says: { code: 'recovering', passes: 1, threshold: 2 } },
    { name: 'a restart says how far it is and who wanted it', service: buildDown({ intent: buildIntent({ by: 'person', step: 'verifying' }) }), says: { code: 'healing', step: 'verifying', by: 'person' } },
    { name: 'a first start is a start', service: buildService({ intent: buildIntent({ kind: 'launch' }) }), says: { code: 'starting' } },
    { name: 'a pause says when it ends', service: buildHealthy({ pause: { untilWallMs: wall(5) } }), says: { code: 'paused', untilMs: 5 } },
    { name: 'a pause of everything says when it ends', service: buildHealthy(), machine: { pause: { untilWallMs: wall(6) } }, says: { code: 'paused', untilMs: 6 } },
    { name: 'a stop wins over everything', service: buildDown({ stopped: true, pause: PAUSE }), says: { code: 'stopped-by-person' } },
  ])('$name', ({ service, policy, machine, says }) => {
    expect(reasonOf(service, buildServiceConfiguration(policy), buildMachineView(machine), NOW)).toMatchObject(says);
  });
});

test.each([
  { vainHeals: 2, says: undefined },
  { vainHeals: 3, says: 3 },
  { vainHeals: 7, says: 7 },
])('after $vainHeals restarts that did not help the reason says so from the third on', ({ vainHeals, says }) => {
  const incident = { id: 'incident-1', sinceMs: mono(0), failedHeals: vainHeals, vainHeals };
  const lastHeal = buildHealRecord({ startedMs: mono(0), endedMs: mono(0) });
  const reason = (healTimes: ServiceState['healTimes']): Reason => reasonOf(buildDown({ incident, lastHeal, healTimes }), buildServiceConfiguration(), buildMachineView(), at(MINUTE));
  for (const why of [reason([]), reason([mono(0), mono(1), mono(2)])]) expect('inVain' in why ? why.inVain : undefined).toBe(says);
  expect([reason([]).code, reason([mono(0), mono(1), mono(2)]).code]).toEqual(['heal-failed', 'held']);
});

describe('the machine as a whole', () => {
  type Row = readonly [ServiceStatus, Severity?];
  test.each<{ name: string; services: Row[]; overall: Overall }>([
    { name: 'is healthy without services', services: [], overall: 'healthy' },
    { name: 'is healthy when all are up', services: [['up'], ['up', 'info']], overall: 'healthy' },
    { name: 'is failing when a critical one is down', services: [['up'], ['down'], ['healing']], overall: 'failing' },
    { name: 'is degraded when only a lesser one is down', services: [['up'], ['down', 'warning'], ['down', 'info']], overall: 'degraded' },
    { name: 'is degraded when one is slow', services: [['up'], ['degraded']], overall: 'degraded' },
    { name: 'is degraded when one is being restarted', services: [['up'], ['healing']], overall: 'degraded' },
    { name: 'is degraded when one is not known', services: [['up'], ['unknown']], overall: 'degraded' },
    { name: 'does not mind what a person has paused or stopped', services: [['up'], ['paused'], ['stopped']], overall: 'healthy' },
    { name: 'is healthy when everything is paused or stopped', services: [['paused'], ['stopped']], overall: 'healthy' },
  ])('$name', ({ services, overall }) => {
    expect(overallOf(services.map(([status, severity = 'critical']) => ({ status, severity })))).toBe(overall);
  });
});
