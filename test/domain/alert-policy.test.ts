// Whether a person has to be told now.
import { describe, expect, test } from 'vitest';
import { judgeAlert, type AlertAct } from '../../supervisor/domain/alert-policy.ts';
import type { MachineView } from '../../supervisor/domain/decision.ts';
import type { Alert, ServiceState } from '../../supervisor/domain/state.ts';
import { buildAlerts, buildServiceConfiguration, type ServiceOverrides } from '../builders/configuration.ts';
import { at, HOUR, MINUTE, mono, wall } from '../builders/moment.ts';
import { buildAlert, buildDown, buildHealRecord, buildHealthy, buildIntent, buildMachineView, buildService } from '../builders/service-state.ts';

const NOW = at(2 * HOUR);
const PAUSE = { untilWallMs: null };
/** Its last heal was a minute ago: the cooldown makes another one impossible. */
const cooling = (service: Partial<ServiceState> = {}): ServiceState => buildDown({ lastHeal: buildHealRecord({ endedMs: mono(2 * HOUR - MINUTE) }), ...service });

interface Row { name: string; service: ServiceState; policy?: ServiceOverrides; machine?: Partial<MachineView> }
const judge = ({ service, policy, machine }: Omit<Row, 'name'>, active?: Alert): AlertAct =>
  judgeAlert({ service, policy: buildServiceConfiguration(policy), alerts: buildAlerts(), machine: buildMachineView(machine), active, now: NOW });

describe('an alert is raised', () => {
  test.each<Row>([
    { name: 'when the cooldown makes healing impossible for now', service: cooling({ failedRounds: 3 }) },
    { name: 'when the budget of its hour is spent', service: buildDown({ healTimes: [mono(2 * HOUR - 3), mono(2 * HOUR - 2), mono(2 * HOUR - 1)] }) },
    { name: 'when nobody but a person can heal it', service: buildDown(), policy: { manager: null } },
    { name: 'when healing is off', service: buildDown(), policy: { heal: { auto: false } } },
    { name: 'for a warning after its own number of rounds', service: cooling({ failedRounds: 5 }), policy: { severity: 'warning' } },
  ])('$name', (row) => {
    expect(judge(row)).toEqual({ act: 'raise' });
  });
});

describe('nobody is told', () => {
  test.each<Row & { because: string }>([
    { name: 'while the service is up', service: buildHealthy(), because: 'not-down' },
    { name: 'when nothing is known', service: cooling({ verdict: 'unknown' }), because: 'not-down' },
    { name: 'before the failed rounds have reached the number of its level', service: cooling({ failedRounds: 2 }), because: 'not-long-enough' },
    { name: 'for a warning after as many rounds as call for a critical service', service: cooling({ failedRounds: 4 }), policy: { severity: 'warning' }, because: 'not-long-enough' },
    { name: 'while healing is still possible', service: buildDown(), because: 'may-still-be-healed' },
    { name: 'while another heal has to end first', service: buildDown(), machine: { healing: 2 }, because: 'may-still-be-healed' },
    { name: 'while a heal is under way', service: cooling({ intent: buildIntent() }), because: 'healing' },
    { name: 'while the service is paused', service: cooling({ pause: PAUSE }), because: 'paused' },
    { name: 'while everything is paused', service: cooling(), machine: { pause: PAUSE }, because: 'paused' },
    { name: 'of what a person has stopped', service: buildService({ stopped: true }), because: 'paused' },
  ])('$name', ({ because, ...row }) => {
    expect(judge(row)).toEqual({ act: 'none', because });
  });
});

describe('of what was announced', () => {
  const announced = (ms: number): Alert => buildAlert({ announcedMs: mono(ms) });

  test.each<Row & { alert?: Alert; act: AlertAct }>([
    { name: 'people are reminded when `repeat` is over', service: cooling(), alert: announced(HOUR), act: { act: 'repeat' } },
    { name: 'they are not reminded a millisecond earlier', service: cooling(), alert: announced(HOUR + 1), act: { act: 'none', because: 'repeats-later' } },
    { name: 'they are reminded although healing has become possible again', service: buildDown(), alert: announced(0), act: { act: 'repeat' } },
    { name: 'they are not reminded when nothing is known', service: cooling({ verdict: 'unknown' }), alert: announced(0), act: { act: 'none', because: 'repeats-later' } },
    { name: 'they are not reminded during a heal', service: cooling({ intent: buildIntent() }), alert: announced(0), act: { act: 'none', because: 'healing' } },
    { name: 'they are not reminded during a pause', service: cooling({ pause: PAUSE }), alert: announced(0), act: { act: 'none', because: 'paused' } },
    { name: 'they are not reminded once one has said that it is known', service: cooling(), alert: buildAlert({ acknowledgedMs: mono(1) }), act: { act: 'none', because: 'acknowledged' } },
    { name: 'they are not reminded while it is snoozed', service: cooling(), alert: buildAlert({ snooze: { untilWallMs: wall(NOW.wall + 1) } }), act: { act: 'none', because: 'snoozed' } },
    { name: 'they are not reminded while it is snoozed until it recovers', service: cooling(), alert: buildAlert({ snooze: { untilWallMs: null } }), act: { act: 'none', because: 'snoozed' } },
    { name: 'they are reminded at once when the snooze is over, whatever `repeat` says', service: cooling(), alert: buildAlert({ announcedMs: mono(2 * HOUR - 1), snooze: { untilWallMs: NOW.wall } }), act: { act: 'repeat' } },
    { name: 'they are not reminded when the snooze is over and nothing is known', service: cooling({ verdict: 'unknown' }), alert: buildAlert({ snooze: { untilWallMs: NOW.wall } }), act: { act: 'none', because: 'repeats-later' } },
    { name: 'its end is told although it is known', service: buildHealthy(), alert: buildAlert({ acknowledgedMs: mono(1) }), act: { act: 'resolve' } },
    { name: 'its end is told although it is snoozed', service: buildHealthy(), alert: buildAlert({ snooze: { untilWallMs: null } }), act: { act: 'resolve' } },
    { name: 'it is over when the service is up', service: buildHealthy(), act: { act: 'resolve' } },
    { name: 'it is over when the service is merely slow', service: buildHealthy({ verdict: 'degraded' }), act: { act: 'resolve' } },
    { name: 'it is over when the service is up during a pause', service: buildHealthy({ pause: PAUSE }), act: { act: 'resolve' } },
    { name: 'it is over when a person stops the service', service: buildService({ stopped: true }), act: { act: 'resolve' } },
    { name: 'it is not over while the service recovers', service: cooling({ breaker: { state: 'half-open', sinceMs: mono(0), successes: 1 } }), alert: announced(2 * HOUR), act: { act: 'none', because: 'repeats-later' } },
  ])('$name', ({ alert = announced(0), act, ...row }) => {
    expect(judge(row, alert)).toEqual(act);
  });
});
