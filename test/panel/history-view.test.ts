// What the timeline says, how it is narrowed, and how its pages are joined.
import { describe, expect, test } from 'vitest';
import { EVENT_TYPES, type UpkeepEvent } from '../../supervisor/contract/event.ts';
import { describeHistory, isKind, KINDS, typesOf, withNewest, type HistoryInput } from '../../renderer/history/history-view.ts';
import { ago, NOW_MS, service, snapshot } from './snapshot-builders.ts';

const happened = (secondsAgo: number, differs: Partial<UpkeepEvent> = {}): UpkeepEvent => ({ at: ago(secondsAgo), type: 'service.down', service: 'postgres', reason: 'It is down.', ...differs });
const viewOf = (events: readonly UpkeepEvent[], differs: Partial<HistoryInput> = {}) =>
  describeHistory({ snapshot: snapshot([service('postgres', { name: 'Postgres' }), service('api', { name: 'API' })]), events, kind: null, service: null, nowMs: NOW_MS, ...differs });

describe('the timeline', () => {
  test('stands day by day, newest first', () => {
    const { days } = viewOf([happened(60), happened(3_600), happened(86_400), happened(3 * 86_400)]);
    expect(days.map(({ day, happenings }) => [day, happenings.length])).toEqual([['Today', 2], ['Yesterday', 1], ['Thu 19 Nov', 1]]);
  });
  test('names the service, links to it and to the incident', () => {
    const { days: [today] } = viewOf([happened(60, { incident: 'incident-1' })]);
    expect(today?.happenings[0]).toMatchObject({
      mark: 'bad', word: 'down', reason: 'It is down.', at: { text: '14:19:00', exact: '2026-11-22 14:19:00' },
      service: { name: 'Postgres', hash: '#/service/postgres' }, incident: '#/incident/incident-1',
    });
  });
  test('tells what is about Upkeep without a service', () => {
    expect(viewOf([{ at: ago(60), type: 'supervisor.started', reason: 'Upkeep 0.2.0 supervises 2 services.' }]).days[0]?.happenings[0]).toMatchObject({ service: null, mark: 'quiet', word: 'Upkeep started' });
  });
  test('keeps the key of an event when newer ones come', () => {
    const keyOf = (events: readonly UpkeepEvent[]) => viewOf(events).days.flatMap(({ happenings }) => happenings).at(-1)?.key;
    expect(keyOf([happened(5), happened(10), happened(60)])).toBe(keyOf([happened(60)]));
  });
});

describe('narrowing', () => {
  test('every event belongs to exactly one kind', () => {
    const all = KINDS.flatMap((kind) => typesOf(kind));
    expect(all.toSorted()).toEqual(EVENT_TYPES.toSorted());
  });
  test('everything leaves out what only repeats others', () => {
    expect(EVENT_TYPES.filter((type) => !typesOf(null).includes(type))).toEqual(['breaker.opened', 'breaker.half-opened', 'breaker.closed', 'alert.delivered']);
  });
  test('by kind keeps the service, and the other way round', () => {
    const { kinds } = viewOf([], { service: 'api', kind: 'heal' });
    expect(kinds.find(({ kind }) => kind === 'alert')).toMatchObject({ hash: '#/history?service=api&kind=alert', isCurrent: false });
    expect(kinds.find(({ kind }) => kind === 'heal')).toMatchObject({ isCurrent: true });
    expect(kinds[0]).toMatchObject({ label: 'Everything', hash: '#/history?service=api' });
  });
  test('services can be chosen by name, also one that is gone', () => {
    expect(viewOf([], { service: 'old' }).services).toEqual([{ id: 'api', name: 'API' }, { id: 'postgres', name: 'Postgres' }, { id: 'old', name: 'old' }]);
  });
  test.each([['heal', true], ['heals', false], [null, false]])('%j is a kind: %s', (text, expected) => expect(isKind(text)).toBe(expected));
});

describe('pages', () => {
  test('what the newest page lets go of stays shown', () => {
    expect(withNewest([happened(1), happened(2)], [happened(2), happened(3)])).toEqual([happened(1), happened(2), happened(3)]);
  });
  test('two events of the same moment both stay', () => {
    const twin = happened(2, { type: 'breaker.opened' });
    expect(withNewest([happened(1), happened(2)], [twin, happened(3)])).toEqual([happened(1), happened(2), twin, happened(3)]);
  });
  test('an empty newest page leaves what is known', () => expect(withNewest([], [happened(3)])).toEqual([happened(3)]));
});
