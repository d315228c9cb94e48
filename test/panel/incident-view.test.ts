// What the page of an incident says, as tables of situations.
import { describe, expect, test } from 'vitest';
import type { UpkeepEvent } from '../../supervisor/contract/event.ts';
import type { Incident } from '../../supervisor/contract/history.ts';
import { writeIncidentText } from '../../renderer/history/incident-text.ts';
import { describeIncident } from '../../renderer/history/incident-view.ts';
import { happened, incident, proof, story } from './past-builders.ts';
import { ago, ahead, alert, delivery, heal, NOW_MS, service } from './snapshot-builders.ts';

const postgres = service('postgres', { name: 'Postgres' });
const down = service('postgres', {
  name: 'Postgres', status: 'down', reason: 'Held: cooldown.', breaker: { state: 'open', failures: 5, successes: 0, openUntil: ahead(42) },
  why: { code: 'held', symptom: null, hold: { code: 'cooldown', cooldownMs: 300_000, lastHealAtMs: NOW_MS, nextAtMs: NOW_MS + 120_000 } },
});
const OPEN = { ended: null, outcome: 'open', began: ago(310), detected: ago(306) } as const;
const view = (differs: Partial<Incident> = {}, events: readonly UpkeepEvent[] = story(), own: Parameters<typeof describeIncident>[0]['service'] = postgres, alerts: Parameters<typeof describeIncident>[0]['alerts'] = []) =>
  describeIncident({ incident: incident('incident-7', differs), events, service: own, alerts, nowMs: NOW_MS });
const moments = (...given: Parameters<typeof view>) => view(...given).moments.map(({ offset, title }) => [offset, title]);

describe('headline', () => {
  const byPerson = [happened(3_808, 'heal.succeeded', proof({ by: 'person' }))];
  test.each<[Partial<Incident>, readonly UpkeepEvent[], string, string]>([
    [{}, story(), 'Postgres was down for 3 min 12 s; Upkeep fixed it', 'up'],
    [{}, byPerson, "Postgres was down for 3 min 12 s; a person's restart fixed it", 'up'],
    [{ outcome: 'recovered', heals: 0 }, [], 'Postgres was down for 3 min 12 s; it came back by itself', 'up'],
    [{ outcome: 'stopped' }, [], 'Postgres was down for 3 min 12 s, until it was stopped by a person', 'stopped'],
    [{ outcome: 'forgotten' }, [], 'Postgres was down for 3 min 12 s, until it was taken out of services.json', 'unknown'],
    [OPEN, [], 'Postgres has been down for 5 min 10 s', 'down'],
  ])('%o', (differs, events, headline, mark) => expect(view(differs, events)).toMatchObject({ headline, mark }));
  test('while it is being restarted it says so by its shape', () => expect(view(OPEN, [], service('postgres', { status: 'healing' }))).toMatchObject({ mark: 'healing' }));
  test('a service that is gone has its id for a name', () => expect(view({ outcome: 'forgotten' }, [], null)).toMatchObject({ service: { name: 'postgres', hash: '#/service/postgres' }, now: null }));
});

describe('what happened', () => {
  test('from the first symptom to the end, each once, with times since the beginning', () => {
    expect(moments()).toEqual([
      ['0 s', 'First symptom'],
      ['+4.0 s', 'The breaker opened: checks wait before the next trial'],
      ['+4.0 s', 'Detected: down'],
      ['+4.0 s', 'Restarted by Upkeep: not up after 30 s: connection refused'],
      ['+34 s', 'Alert'],
      ['+40 s', 'No restart yet'],
      ['+3 min 8 s', 'Restarted by Upkeep: up again after 1.4 s'],
      ['+3 min 12 s', 'The breaker closed: its checks are trusted again'],
      ['+3 min 12 s', 'Up again: the restart helped'],
      ['+3 min 13 s', 'The alert is over'],
    ]);
  });
  test('exact times are there for the one who hovers', () => expect(view().moments[4]).toMatchObject({ exact: '2026-11-22 13:13:54', clock: '13:13:54' }));
  test('a heal carries its proof, an alert its deliveries', () => {
    const [, , , restart, raised] = view().moments;
    expect(restart?.heal?.facts.map(({ label }) => label)).toContain('Verified');
    expect(raised?.deliveries).toEqual(['desktop was told after 300 ms', '"Postgres is down" could not be delivered to discord: answered 502; it is tried again.']);
    expect(view().moments.at(-1)?.deliveries).toEqual(['desktop was told after 500 ms']);
  });
  test.each<[string, Partial<Incident>, readonly UpkeepEvent[], (string | undefined)[][]]>([
    ['a detection nobody told is told', {}, [], [['0 s', 'First symptom'], ['+4.0 s', 'Detected: Upkeep was sure that it was down'], ['+3 min 12 s', 'Up again: the restart helped']]],
    ['a heal whose beginning is not known stands at its end', { detected: ago(4_000) }, [happened(4_000, 'service.down'), happened(3_900, 'heal.failed', { reason: 'Not healed.' })], [['0 s', 'First symptom'], ['0 s', 'Detected: down'], ['+1 min 40 s', 'Not healed.'], ['+3 min 12 s', 'Up again: the restart helped']]],
    ['a delivery of an alert that is not known stands by itself', { detected: ago(4_000) }, [happened(4_000, 'service.down'), happened(3_950, 'alert.delivered', { channel: 'log', alert: 'x' })], [['0 s', 'First symptom'], ['0 s', 'Detected: down'], ['+50 s', 'Alert delivered'], ['+3 min 12 s', 'Up again: the restart helped']]],
    ['what people did', { outcome: 'stopped', detected: ago(4_000) }, [happened(4_000, 'service.down'), happened(3_950, 'alert.acknowledged'), happened(3_940, 'service.paused'), happened(3_930, 'service.resumed'), happened(3_808, 'service.stopped')], [['0 s', 'First symptom'], ['0 s', 'Detected: down'], ['+50 s', 'Acknowledged by a person'], ['+1 min', 'Paused by a person'], ['+1 min 10 s', 'Resumed'], ['+3 min 12 s', 'Stopped by a person']]],
  ])('%s', (_name, differs, events, expected) => expect(moments(differs, events)).toEqual(expected));
  test('a restart that is under way, and who asked for it', () => {
    expect(moments(OPEN, [happened(306, 'service.down'), happened(300, 'heal.started', { attempt: 'a', by: 'person' })]).at(-1)).toEqual(['+10 s', 'Restarting, as a person asked']);
  });
  test('a channel that is still being tried says when it is tried again', () => {
    const events = [happened(306, 'service.down'), happened(306, 'alert.raised', { alert: 'postgres-1' }), happened(305, 'alert.undelivered', { alert: 'postgres-1', channel: 'discord', reason: 'Not delivered to discord: answered 502.' })];
    const alerts = [alert('postgres', { deliveries: [delivery('discord', { state: 'pending', attempts: 1, nextTryAt: ahead(10) }), delivery('log'), delivery('desktop', { state: 'waiting', nextTryAt: ahead(60) }), delivery('webhook', { state: 'suppressed' })] })];
    expect(view(OPEN, events, down, alerts).moments.at(-1)?.deliveries).toEqual([
      'Not delivered to discord: answered 502. Next try 14:20:10.', 'log was told', 'desktop waits until 14:21:00 (quiet hours)', 'webhook is not told (your settings)',
    ]);
  });
});

describe('an incident that lasts', () => {
  test('says how it stands and what comes next', () => {
    expect(view(OPEN, [], down).now).toEqual({
      reason: 'Held: cooldown.', next: ['Next restart at 14:22:00, in 2 min, if it is still down.', 'Next check at 14:20:42, in 45 s.'], course: { kind: 'none' }, canRestart: true,
    });
  });
  test('cannot be restarted where nobody can, or while it is being restarted', () => {
    expect(view(OPEN, [], service('postgres', { manager: null })).now?.canRestart).toBe(false);
    expect(view(OPEN, [], service('postgres', { heal: heal({ underWay: { kind: 'heal', by: 'upkeep', startedAt: ago(1), steps: [] } }) })).now?.canRestart).toBe(false);
  });
  test('one that is over has nothing next', () => expect(view().now).toBeNull());
});

test('at a glance', () => {
  expect(view({ heals: 2 }).facts.map(({ label, value }) => `${label}: ${value}`)).toEqual([
    'What showed it: tcp 127.0.0.1:5432: connection refused', 'Began: 2026-11-22 13:13:20', 'Detected: 4.0 s after the first symptom', 'Over: 2026-11-22 13:16:32', 'Restarts: 2 restarts', 'Level: critical',
  ]);
  expect(view({ ...OPEN, heals: 0 }).facts.map(({ value }) => value)).toEqual(expect.arrayContaining(['5 min 10 s', 'none']));
});

test('as a text that can be sent to somebody', () => {
  const given = view({}, [happened(3_996, 'service.down', { reason: 'Down: connection refused.' }), happened(3_812, 'heal.started', { attempt: 'attempt-1', by: 'upkeep' }), happened(3_808, 'heal.succeeded', proof({ log: [] }))]);
  expect(writeIncidentText(given, '0.2.0', NOW_MS)).toBe(`Postgres was down for 3 min 12 s; Upkeep fixed it.

What showed it: tcp 127.0.0.1:5432: connection refused
Began: 2026-11-22 13:13:20
Detected: 4.0 s after the first symptom (2026-11-22 13:13:24)
Over: 2026-11-22 13:16:32
Restarts: 1 restart
Level: critical

What happened
  2026-11-22 13:13:20 (0 s) First symptom
    tcp 127.0.0.1:5432: connection refused
  2026-11-22 13:13:24 (+4.0 s) Detected: down
    Down: connection refused.
  2026-11-22 13:16:28 (+3 min 8 s) Restarted by Upkeep: up again after 1.4 s
    What showed it: The check tcp 127.0.0.1:5432
    Evidence: connection refused
    Done through: systemd
    Verified: 2 of 3 rounds of its checks passed.
    Outcome: Up again after 1.4 s.
    Time lost: 3 min 12 s from the first symptom
    Steps: Stopping +0 ms, Starting +310 ms, Verifying +480 ms
  2026-11-22 13:16:32 (+3 min 12 s) Up again: the restart helped

Upkeep 0.2.0, 2026-11-22 14:20:00
`);
  expect(writeIncidentText(view(OPEN, [], down), '0.2.0', NOW_MS)).toContain('Held: cooldown.\nNext restart at 14:22:00');
});
