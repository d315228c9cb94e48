// What the panel's store does with messages and acts, over a bridge that remembers.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../../supervisor/contract/settings.ts';
import { changesSince } from '../../supervisor/contract/snapshot-changes.ts';
import type { PanelMessage } from '../../renderer/bridge.ts';
import { describeAnswer, describeOutcomes } from '../../renderer/outcome.ts';
import { createStore, type Store } from '../../renderer/store.ts';
import { ago, service, snapshot } from './snapshot-builders.ts';

let calls: unknown[][];
let answers: Record<string, unknown>;
let shown: string[];
let send: (message: PanelMessage) => void;
let store: Store;

beforeEach(() => {
  calls = [];
  answers = { settings: { ok: true, value: DEFAULT_SETTINGS } };
  shown = [];
  const reply = async (name: string, input: unknown) => { calls.push([name, input]); return answers[name] as never; };
  store = createStore({ call: reply, desktop: reply, subscribe(listener) { send = listener; return () => { send = () => {}; }; } }, (service) => { shown.push(service); });
});
afterEach(() => {
  store.stop();
  vi.useRealTimers();
});

test('snapshots and the link reach the screens', () => {
  send({ kind: 'link', link: { kind: 'hosting' } });
  send({ kind: 'snapshot', snapshot: snapshot([service('a')]) });
  expect([store.isLive.value, store.snapshot.value?.services.map(({ id }) => id)]).toEqual([true, ['a']]);
  send({ kind: 'link', link: { kind: 'lost', message: 'Gone.' } });
  expect([store.isLive.value, store.link.value]).toEqual([false, { kind: 'lost', message: 'Gone.' }]);
});

test('a service that has not changed stays the same object, also within the snapshot', () => {
  send({ kind: 'snapshot', snapshot: snapshot([service('a'), service('b')]) });
  const [a] = store.services.value;
  send({ kind: 'snapshot', snapshot: snapshot([service('a'), service('b', { status: 'down' })]) });
  expect(store.services.value[0]).toBe(a);
  expect(store.snapshot.value?.services[0]).toBe(a);
  expect(store.services.value[1]?.status).toBe('down');
});

test('changes are put into what is known; changes of something else make the page ask for all', async () => {
  send({ kind: 'snapshot', snapshot: snapshot([service('a'), service('b')]) });
  const [a] = store.services.value;
  send({ kind: 'changes', changes: changesSince(snapshot([service('a'), service('b')]), snapshot([service('a'), service('b', { status: 'down' })], { overall: 'failing' })) });
  expect(store.services.value[0]).toBe(a);
  expect([store.services.value[1]?.status, store.snapshot.value?.overall, store.snapshot.value?.services[1]?.status]).toEqual(['down', 'failing', 'down']);
  answers['status'] = { ok: true, value: snapshot([service('x')]) };
  send({ kind: 'changes', changes: { rest: snapshot([]), services: [service('x')], order: null } });
  await vi.waitFor(() => expect(store.services.value.map(({ id }) => id)).toEqual(['x']));
});

test('settings are read each time somebody begins to answer, and not in between', () => {
  for (const kind of ['hosting', 'hosting', 'attached'] as const) send({ kind: 'link', link: { kind } });
  send({ kind: 'link', link: { kind: 'lost', message: 'Gone.' } });
  send({ kind: 'link', link: { kind: 'hosting' } });
  expect(calls.map(([name]) => name)).toEqual(['settings', 'settings']);
});

test('events reach who listens until they stop', () => {
  const heard: string[] = [];
  const stop = store.onEvent(({ type }) => heard.push(type));
  send({ kind: 'event', event: { at: ago(0), type: 'service.up', service: 'a' } });
  stop();
  stop();
  send({ kind: 'event', event: { at: ago(0), type: 'service.down', service: 'a' } });
  expect(heard).toEqual(['service.up']);
});

describe('acts', () => {
  test('are busy while they run, run once, and say what became of them', async () => {
    answers['restart'] = { ok: true, value: { service: 'a', ok: true, message: 'a is up again after 0.4 s.' } };
    const first = store.act({ kind: 'restart', service: 'a' });
    const second = store.act({ kind: 'restart', service: 'a' });
    expect([...store.busy.value]).toEqual(['restart a']);
    await Promise.all([first, second]);
    expect(calls).toEqual([['restart', { service: 'a' }]]);
    expect(store.busy.value.size).toBe(0);
    expect(store.said.value).toEqual({ ok: true, text: 'a is up again after 0.4 s.' });
  });

  test.each([
    [{ kind: 'start', service: 'a' }, ['start', { service: 'a' }]],
    [{ kind: 'stop', service: 'a' }, ['stop', { service: 'a' }]],
    [{ kind: 'check', service: 'a' }, ['checkNow', { services: ['a'] }]],
    [{ kind: 'pause', service: 'a', span: 'until-resumed' }, ['pause', { service: 'a' }]],
    [{ kind: 'pause-all', span: '15m' }, ['pause', { until: expect.stringMatching(/Z$/) as unknown }]],
    [{ kind: 'resume', service: 'a' }, ['resume', { service: 'a' }]],
    [{ kind: 'resume-all' }, ['resume', {}]],
    [{ kind: 'check-all' }, ['checkNow', {}]],
    [{ kind: 'heal-failing' }, ['heal', {}]],
    [{ kind: 'acknowledge', alert: 'x' }, ['acknowledge', { alert: 'x' }]],
    [{ kind: 'snooze', alert: 'x', span: '1h' }, ['snooze', { alert: 'x', until: expect.stringMatching(/Z$/) as unknown }]],
    [{ kind: 'snooze', alert: 'x', span: 'recovery' }, ['snooze', { alert: 'x' }]],
    [{ kind: 'open', service: 'a' }, ['openUrl', { service: 'a' }]],
    [{ kind: 'open-configuration' }, ['openConfiguration', {}]],
    [{ kind: 'open-configuration', line: 14 }, ['openConfiguration', { line: 14 }]],
    [{ kind: 'open-data-folder' }, ['openDataFolder', {}]],
    [{ kind: 'copy', text: 'x', what: 'Copied.' }, ['copyText', { text: 'x' }]],
    [{ kind: 'quit' }, ['quit', {}]],
  ] as const)('%o asks for %j', async (act, call) => {
    for (const name of ['start', 'stop', 'checkNow', 'pause', 'resume', 'heal', 'acknowledge', 'snooze', 'openUrl', 'openConfiguration', 'openDataFolder', 'copyText', 'quit']) answers[name] = { ok: true, value: null };
    await store.act(act);
    expect(calls).toEqual([call]);
  });

  test('a bridge that breaks is said, and the button works again', async () => {
    await store.act({ kind: 'restart', service: 'a' });
    expect(store.said.value).toMatchObject({ ok: false, text: expect.stringMatching(/^Upkeep did not answer: /) as unknown });
    expect(store.busy.value.size).toBe(0);
  });

  test('good news goes away by itself, bad news stays until it is dismissed', () => {
    vi.useFakeTimers();
    send({ kind: 'acted', outcomes: [{ service: 'a', ok: true, message: 'Done.' }] });
    vi.advanceTimersByTime(7_999);
    expect(store.said.value?.text).toBe('Done.');
    vi.advanceTimersByTime(1);
    expect(store.said.value).toBeNull();
    send({ kind: 'acted', outcomes: [{ service: 'a', ok: false, message: 'Refused.' }] });
    vi.advanceTimersByTime(3_600_000);
    expect(store.said.value?.text).toBe('Refused.');
    store.dismiss();
    expect(store.said.value).toBeNull();
  });
});

test('a service to be shown reaches the page, also the same one twice', () => {
  send({ kind: 'show', service: 'a' });
  send({ kind: 'show', service: 'a' });
  expect(shown).toEqual(['a', 'a']);
});

describe('outcomes in one sentence', () => {
  const good = (id: string) => ({ service: id, ok: true, message: `${id} restarted.` });
  const bad = (id: string) => ({ service: id, ok: false, message: `${id} refused.` });
  test.each([
    [[], { ok: true, text: 'There was nothing to do.' }],
    [[good('a')], { ok: true, text: 'a restarted.' }],
    [[good('a'), good('b')], { ok: true, text: 'Done for 2 services.' }],
    [[good('a'), bad('b')], { ok: false, text: 'b refused.' }],
    [[bad('a'), bad('b')], { ok: false, text: 'a refused. And 1 more refusal.' }],
    [[bad('a'), bad('b'), bad('c')], { ok: false, text: 'a refused. And 2 more refusals.' }],
  ])('%j', (outcomes, expected) => expect(describeOutcomes(outcomes)).toEqual(expected));
  test('an error is its message', () => expect(describeAnswer({ ok: false, error: { code: 'unavailable', message: 'Nobody answers.' } })).toEqual({ ok: false, text: 'Nobody answers.' }));
  test('an act without outcome says nothing', () => expect(describeAnswer({ ok: true, value: null })).toBeNull());
});
