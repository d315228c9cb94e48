// What the alerts screen says of alerts, their deliveries and the channels.
import { describe, expect, test } from 'vitest';
import type { UpkeepEvent } from '../../supervisor/contract/event.ts';
import type { AlertSnapshot } from '../../supervisor/contract/snapshot.ts';
import { describeAlerts, describeDelivery } from '../../renderer/alerts/alerts-view.ts';
import { ago, ahead, alert, delivery, NOW_MS, service, snapshot } from './snapshot-builders.ts';

const postgres = service('postgres', { name: 'Postgres', status: 'down' });
const viewOf = (alerts: readonly AlertSnapshot[], history: readonly UpkeepEvent[] = []) =>
  describeAlerts({ snapshot: snapshot([postgres], { alerts: [...alerts] }), history, nowMs: NOW_MS });

test.each<[string, Partial<AlertSnapshot['deliveries'][number]>, string, string]>([
  ['accepted', {}, 'pass', 'delivered'],
  ['not tried yet', { state: 'pending', attempts: 0 }, 'open', 'being sent'],
  ['refused twice', { state: 'pending', attempts: 2, error: 'answered 502', nextTryAt: ahead(600) }, 'fail', 'not delivered after 2 attempts: answered 502, next try 14:30'],
  ['not to be had here', { state: 'unavailable', error: 'no session' }, 'fail', 'not delivered: no session'],
  ['in quiet hours', { state: 'waiting', nextTryAt: ahead(1_800) }, 'open', 'waits for the end of quiet hours at 14:50'],
  ['unwanted', { state: 'suppressed' }, 'open', 'kept quiet by your settings'],
])('a delivery that was %s', (_name, differs, mark, text) => {
  expect(describeDelivery(delivery('desktop', differs), NOW_MS)).toEqual({ channel: 'desktop', mark, text });
});

describe('an active alert', () => {
  test('names the service by its name and can be acknowledged', () => {
    const { active: [only] } = viewOf([alert('postgres', { deliveries: [delivery('desktop')] })]);
    expect(only).toMatchObject({ serviceName: 'Postgres', service: 'postgres', answer: null, canAcknowledge: true, since: { text: '5 min ago' }, deliveries: [{ channel: 'desktop', mark: 'pass', text: 'delivered' }] });
  });
  test.each<[string, Partial<AlertSnapshot>, string, boolean]>([
    ['acknowledged', { acknowledgedAt: ago(120) }, 'Acknowledged at 14:18; you hear of its end.', false],
    ['snoozed for a time', { snoozed: { until: ahead(900) } }, 'Snoozed until 14:35.', true],
    ['snoozed until its end', { snoozed: { until: null } }, 'Snoozed until it recovers.', true],
  ])('that is %s says so', (_name, differs, answer, canAcknowledge) => {
    expect(viewOf([alert('postgres', differs)]).active[0]).toMatchObject({ answer, canAcknowledge });
  });
});

describe('a past alert', () => {
  const raised: UpkeepEvent = { at: ago(600), type: 'alert.raised', service: 'postgres', alert: 'a1', level: 'critical', incident: 'i1', reason: 'Postgres is down.' };
  const resolved: UpkeepEvent = { at: ago(420), type: 'alert.resolved', service: 'postgres', alert: 'a1', reason: 'Up again.' };
  const carried = (type: 'alert.delivered' | 'alert.undelivered', channel: string): UpkeepEvent => ({ at: ago(599), type, service: 'postgres', alert: 'a1', channel });

  test('says how long it lasted, what became of each delivery and which incident it belongs to', () => {
    const { past } = viewOf([], [resolved, carried('alert.undelivered', 'discord'), carried('alert.delivered', 'desktop'), raised]);
    expect(past).toEqual([expect.objectContaining({
      id: 'a1', serviceName: 'Postgres', level: 'critical', message: 'Postgres is down.', lasted: 'lasted 3 min', incident: 'i1',
      deliveries: [{ channel: 'desktop', mark: 'pass', text: 'delivered' }, { channel: 'discord', mark: 'fail', text: 'not delivered' }],
    })]);
  });
  test('that arrived in the end counts as delivered', () => {
    const { past: [only] } = viewOf([], [resolved, carried('alert.delivered', 'discord'), carried('alert.undelivered', 'discord'), raised]);
    expect(only?.deliveries).toEqual([{ channel: 'discord', mark: 'pass', text: 'delivered' }]);
  });
  test('is not listed while it is still active', () => expect(viewOf([alert('postgres', { id: 'a1' })], [raised]).past).toEqual([]));
  test('whose beginning is no longer kept is left out', () => expect(viewOf([], [resolved]).past).toEqual([]));
  test('of a service that is gone is named by its id', () => {
    const gone = [{ ...resolved, service: 'old' }, { ...raised, service: 'old' }];
    expect(viewOf([], gone).past[0]).toMatchObject({ serviceName: 'old' });
  });
});

test('channels say which levels they are sent', () => {
  const channels = [{ name: 'desktop', levels: ['critical' as const] }, { name: 'discord', levels: [] }];
  expect(describeAlerts({ snapshot: snapshot([], { channels }), history: [], nowMs: NOW_MS }).channels)
    .toEqual([{ name: 'desktop', levels: 'critical alerts' }, { name: 'discord', levels: 'no level is sent here' }]);
});
