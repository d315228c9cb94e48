// What the panel says, as tables of situations.
import { describe, expect, test } from 'vitest';
import type { UpkeepEvent } from '../../supervisor/contract/event.ts';
import type { ServiceSnapshot, Snapshot } from '../../supervisor/contract/snapshot.ts';
import type { LinkState } from '../../renderer/bridge.ts';
import { describePanel, type PanelView } from '../../renderer/overview/overview-view.ts';
import { clockTime, exactTime, latency, timeAgo } from '../../renderer/parts/words.ts';
import { ago, ahead, alert, check, heal, NOW_MS, service, snapshot, variedSnapshot } from './snapshot-builders.ts';

const view = (given: Snapshot | null, link: LinkState = { kind: 'hosting' }, history: readonly UpkeepEvent[] = []): PanelView =>
  describePanel({ link, snapshot: given, history, nowMs: NOW_MS });
const serviceView = (differs: Partial<ServiceSnapshot>) => {
  const [only] = view(snapshot([service('a', differs)])).groups.flatMap(({ services }) => services);
  if (only === undefined) throw new Error('one service in, none out');
  return only;
};

describe('headline', () => {
  const held = service('postgres', { name: 'Postgres', status: 'down', reason: 'Held: 3 of 3 restarts used in the last hour; next possible at 14:32.' });
  test.each<{ name: string; snapshot: Snapshot | null; link?: LinkState; expected: PanelView['headline'] }>([
    { name: 'all up', snapshot: snapshot(Array.from({ length: 12 }, (_, index) => service(`s${index}`))), expected: { mark: 'up', sentence: 'All 12 services are up', detail: 'Nothing to do.' } },
    { name: 'two up', snapshot: snapshot([service('a'), service('b')]), expected: { mark: 'up', sentence: 'Both services are up', detail: 'Nothing to do.' } },
    { name: 'the only one up', snapshot: snapshot([service('a', { name: 'API' })]), expected: { mark: 'up', sentence: 'API is up', detail: 'Nothing to do.' } },
    { name: 'one down', snapshot: snapshot([service('a'), held, service('b')]), expected: { mark: 'down', sentence: 'Postgres is down', detail: held.reason } },
    { name: 'several down', snapshot: snapshot([held, service('b', { status: 'down' }), service('c')]), expected: { mark: 'down', sentence: '2 of 3 services are down', detail: 'Postgres, b.' } },
    {
      name: 'many down', snapshot: snapshot([...['a', 'b', 'c', 'd', 'e', 'f'].map((id) => service(id, { status: 'down' })), service('g')]),
      expected: { mark: 'down', sentence: '6 of 7 services are down', detail: 'a, b, c, d and 2 more.' },
    },
    { name: 'one being healed', snapshot: snapshot([service('a'), service('b', { status: 'healing', reason: 'Restarting.' })]), expected: { mark: 'healing', sentence: 'b is being healed', detail: 'Restarting.' } },
    { name: 'one not known', snapshot: snapshot([service('a'), service('b', { status: 'unknown', reason: 'Not checked yet.' })]), expected: { mark: 'unknown', sentence: 'b is not known yet', detail: 'Not checked yet.' } },
    { name: 'one stopped', snapshot: snapshot([service('a'), service('b', { status: 'stopped', reason: 'Stopped by you.' })]), expected: { mark: 'stopped', sentence: 'b is stopped', detail: 'Stopped by you.' } },
    { name: 'paused for a while', snapshot: snapshot([service('a', { status: 'paused' })], { paused: true, pausedUntil: ahead(720) }), expected: { mark: 'paused', sentence: 'Everything is paused', detail: 'Until 14:32. Services are left alone.' } },
    { name: 'paused for good', snapshot: snapshot([service('a', { status: 'paused' })], { paused: true, pausedUntil: null }), expected: { mark: 'paused', sentence: 'Everything is paused', detail: 'Until you resume. Services are left alone.' } },
    { name: 'nothing configured', snapshot: snapshot([]), expected: { mark: 'up', sentence: 'No services are configured', detail: 'Add some to /home/ada/services.json.' } },
    { name: 'starting', snapshot: null, link: { kind: 'starting' }, expected: { mark: 'off', sentence: 'Upkeep is starting', detail: 'Reading services.json and looking at every service.' } },
    { name: 'wrong configuration', snapshot: null, link: { kind: 'invalid', message: '/x cannot be used.', issues: [] }, expected: { mark: 'off', sentence: 'Nothing is supervised', detail: '/x cannot be used.' } },
    { name: 'lost', snapshot: snapshot([service('a')]), link: { kind: 'lost', message: 'Gone.' }, expected: { mark: 'off', sentence: 'Nothing is supervised at the moment', detail: 'Gone.' } },
  ])('$name', ({ snapshot, link, expected }) => {
    expect(view(snapshot, link).headline).toEqual(expected);
  });
});

describe('banners', () => {
  test('none when all is well', () => expect(view(snapshot([service('a')])).banners).toEqual([]));
  test('a configuration that cannot be used shows every issue', () => {
    const { banners, isLive } = view(null, { kind: 'invalid', message: 'x', issues: ['one', 'two'] });
    expect(banners).toEqual([{ kind: 'error', title: 'Correct services.json; Upkeep starts as soon as it can be used.', lines: ['one', 'two'] }]);
    expect(isLive).toBe(false);
  });
  test('a refused change shows its errors, line by line', () => {
    const { banners } = view(snapshot([service('a')], { config: { file: '/x', error: 'one\ntwo' } }));
    expect(banners).toEqual([{ kind: 'error', title: 'The changed services.json was refused; the one before stays in force.', lines: ['one', 'two'] }]);
  });
  test('a lost supervisor marks what is shown as old', () => {
    expect(view(snapshot([service('a')]), { kind: 'lost', message: 'Gone.' }).banners.map(({ title }) => title)).toEqual(['What you see below is what was known last.']);
  });
  test('notes about Upkeep itself', () => {
    expect(view(snapshot([], { notes: ['state.json was set aside.'] })).banners).toEqual([{ kind: 'note', title: 'About Upkeep itself', lines: ['state.json was set aside.'] }]);
  });
});

describe('services', () => {
  test('stand by group in the order of services.json, those without a group first', () => {
    const { groups } = view(snapshot([service('a', { group: 'Two' }), service('b'), service('c', { group: 'One' }), service('d', { group: 'Two' })]));
    expect(groups.map(({ name, services }) => [name, services.map(({ id }) => id)])).toEqual([[null, ['b']], ['Two', ['a', 'd']], ['One', ['c']]]);
  });

  test.each<[ServiceSnapshot['breaker'], string]>([
    [{ state: 'closed', failures: 0, successes: 9, openUntil: null }, 'Breaker closed'],
    [{ state: 'closed', failures: 1, successes: 0, openUntil: null }, 'Breaker closed, 1 failure'],
    [{ state: 'closed', failures: 3, successes: 0, openUntil: null }, 'Breaker closed, 3 failures'],
    [{ state: 'open', failures: 5, successes: 0, openUntil: ahead(720) }, 'Breaker open, next trial 14:32'],
    [{ state: 'open', failures: 5, successes: 0, openUntil: null }, 'Breaker open'],
    [{ state: 'half-open', failures: 5, successes: 1, openUntil: null }, 'Breaker half-open: trying'],
  ])('breaker %o', (breaker, expected) => expect(serviceView({ breaker }).breaker).toBe(expected));

  test.each<[Partial<ServiceSnapshot>, string]>([
    [{}, '0 of 3 heals this hour'],
    [{ heal: heal({ auto: false, inLastHour: 1 }) }, 'Heals by hand only · 1 of 3 heals this hour'],
    [{ manager: null }, 'Watched only'],
  ])('heals %o', (differs, expected) => expect(serviceView(differs).heal).toBe(expected));

  test.each([
    [check(), { label: 'tcp 127.0.0.1:5432', mark: 'pass', word: 'passes', latency: '3 ms', error: null }],
    [check({ type: 'http', target: 'http://127.0.0.1:1/x', latencyMs: 1_812 }), { label: 'http://127.0.0.1:1/x', mark: 'pass', word: 'passes', latency: '1.8 s', error: null }],
    [check({ ok: false, latencyMs: null, error: 'connection refused' }), { label: 'tcp 127.0.0.1:5432', mark: 'fail', word: 'fails', latency: '–', error: 'connection refused' }],
    [check({ ok: null, latencyMs: null, error: 'no name server' }), { label: 'tcp 127.0.0.1:5432', mark: 'open', word: 'could not run', latency: '–', error: 'no name server' }],
    [check({ ok: null, latencyMs: null, at: null }), { label: 'tcp 127.0.0.1:5432', mark: 'open', word: 'not checked yet', latency: '–', error: null }],
  ])('check %o', (given, expected) => expect(serviceView({ checks: [given] }).checks[0]).toMatchObject(expected));

  test('two checks of the same target keep apart', () => {
    const keys = serviceView({ checks: [check(), check()] }).checks.map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
  });

  test('say what can be done', () => {
    const can = Object.fromEntries(view(variedSnapshot()).groups.flatMap(({ services }) => services)
      .map(({ id, hasManager, hasAddress, isStopped, isHealing, isPaused }) => [id, { hasManager, hasAddress, isStopped, isHealing, isPaused }]));
    const plain = { hasManager: true, hasAddress: false, isStopped: false, isHealing: false, isPaused: false };
    expect(can).toEqual({
      web: { ...plain, hasAddress: true }, postgres: plain, worker: { ...plain, isHealing: true }, search: { ...plain, hasAddress: true },
      mail: { ...plain, hasManager: false }, docs: { ...plain, isPaused: true }, cache: { ...plain, isStopped: true },
    });
  });
});

test('heal failing is possible only when a service with a manager fails and somebody supervises', () => {
  const failing = snapshot([service('a', { status: 'down' })]);
  expect(view(failing).healAll.isPossible).toBe(true);
  expect(view(failing, { kind: 'lost', message: 'Gone.' }).healAll.isPossible).toBe(false);
  expect(view(snapshot([service('a', { status: 'down', manager: null })])).healAll.isPossible).toBe(false);
  expect(view(snapshot([service('a')])).healAll.isPossible).toBe(false);
});

describe('alerts', () => {
  const deliveries = (list: Parameters<typeof alert>[1]) => view(snapshot([service('a')], { alerts: [alert('a', list)] })).alerts[0]?.deliveries;
  test('name the service by its name', () => {
    const [only] = view(snapshot([service('a', { name: 'API' })], { alerts: [alert('a')] })).alerts;
    expect(only).toMatchObject({ serviceName: 'API', level: 'critical', message: 'a is down.', since: { text: '5 min ago' } });
  });
  test.each([
    [{ channel: 'desktop', state: 'sent', attempts: 1, error: null, nextTryAt: null }, 'desktop: sent'],
    [{ channel: 'desktop', state: 'unavailable', attempts: 1, error: 'no session', nextTryAt: null }, 'desktop: not available here'],
    [{ channel: 'discord', state: 'pending', attempts: 0, error: null, nextTryAt: null }, 'discord: being sent'],
    [{ channel: 'discord', state: 'pending', attempts: 2, error: 'answered 502', nextTryAt: null }, 'discord: not sent yet after 2 attempts (answered 502)'],
  ] as const)('delivery %o', (delivery, expected) => expect(deliveries({ deliveries: [delivery] })).toBe(expected));
  test('without a channel say so', () => expect(deliveries({ deliveries: [] })).toBe('no channel set up for this level'));
});

test('heal history names services by their names and marks how each heal ended', () => {
  const { heals } = view(snapshot([service('a', { name: 'API' })]), undefined, [
    { at: ago(60), type: 'heal.succeeded', service: 'a', reason: 'Restarted.' },
    { at: ago(120), type: 'heal.failed', service: 'gone' },
    { at: ago(180), type: 'heal.held', service: 'a', reason: 'Held: cooldown.' },
  ]);
  expect(heals.map(({ mark, serviceName, what, at }) => [mark, serviceName, what, at.text])).toEqual([
    ['pass', 'API', 'Restarted.', '1 min ago'], ['fail', 'gone', 'Not healed.', '2 min ago'], ['open', 'API', 'Held: cooldown.', '3 min ago'],
  ]);
});

test.each<[LinkState, string, string]>([
  [{ kind: 'hosting' }, 'Process 4242', 'Quit Upkeep'],
  [{ kind: 'attached' }, 'Supervised by process 4242, which goes on when you quit', 'Quit the tray app'],
  [{ kind: 'lost', message: 'Gone.' }, '', 'Quit Upkeep'],
])('footer with link %o', (link, process, quitLabel) => {
  expect(view(snapshot([]), link).footer).toEqual({ version: 'Upkeep 0.1.0', configFile: '/home/ada/services.json', process, quitLabel });
});

describe('times', () => {
  test.each([
    [0, 'just now'], [4, 'just now'], [-30, 'just now'], [7, '5 s ago'], [59, '55 s ago'], [60, '1 min ago'], [3_599, '59 min ago'],
    [3_600, '1 h ago'], [86_399, '23 h ago'], [86_400, '21 Nov 14:20'],
  ])('%i seconds back is %s', (seconds, expected) => expect(timeAgo(ago(seconds), NOW_MS)).toBe(expected));
  test('exact on hover', () => expect(exactTime(ago(7))).toBe('2026-11-22 14:19:53'));
  test('the clock names the day when it is another', () => {
    expect(clockTime(ahead(720), NOW_MS)).toBe('14:32');
    expect(clockTime(ahead(86_400), NOW_MS)).toBe('23 Nov 14:20');
  });
  test.each([[0.4, '0 ms'], [12.6, '13 ms'], [999, '999 ms'], [1_812, '1.8 s']])('latency %f', (ms, expected) => expect(latency(ms)).toBe(expected));
});
