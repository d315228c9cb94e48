// What the panel's store does with messages and acts, over a bridge that remembers.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PanelBridge as Bridge } from '../../supervisor/contract/panel.ts';
import type { PanelBridge, PanelMessage } from '../../renderer/bridge.ts';
import { describeAnswer, describeOutcomes } from '../../renderer/outcome.ts';
import { createStore, type Store } from '../../renderer/store.ts';
import { ago, service, snapshot } from './snapshot-builders.ts';

/** The compiler's proof that what the preload offers is what the panel asks for, and the other way round. */
const fits: { readonly offered: (bridge: Bridge) => PanelBridge; readonly asked: (bridge: PanelBridge) => Bridge } = { offered: (bridge) => bridge, asked: (bridge) => bridge };

let calls: unknown[][];
let answers: Record<string, unknown>;
let send: (message: PanelMessage) => void;
let store: Store;

beforeEach(() => {
  calls = [];
  answers = { history: { ok: true, value: [] } };
  const remember = (name: string) => async (input?: unknown) => { calls.push([name, input]); return answers[name] as never; };
  store = createStore(fits.offered({
    call: (name, input) => remember(name)(input),
    subscribe(listener) { send = listener; return () => { send = () => {}; }; },
    openUrl: remember('openUrl'),
    quit: remember('quit'),
  }));
});
afterEach(() => {
  store.stop();
  vi.useRealTimers();
});
const until = (condition: () => boolean) => vi.waitFor(() => expect(condition()).toBe(true), { timeout: 30_000, interval: 2 });

test('snapshots and the link reach the view', () => {
  send({ kind: 'link', link: { kind: 'hosting' } });
  send({ kind: 'snapshot', snapshot: snapshot([service('a')]) });
  expect(store.view.value.headline.sentence).toBe('a is up');
  send({ kind: 'link', link: { kind: 'lost', message: 'Gone.' } });
  expect(store.view.value.headline.detail).toBe('Gone.');
});

test('the heal history is read when the link stands and after each heal, not after other events', async () => {
  const histories = () => calls.filter(([name]) => name === 'history').length;
  send({ kind: 'link', link: { kind: 'hosting' } });
  await until(() => histories() === 1);
  send({ kind: 'event', event: { at: ago(0), type: 'service.up', service: 'a' } });
  answers['history'] = { ok: true, value: [{ at: ago(0), type: 'heal.succeeded', service: 'a', reason: 'Restarted.' }] };
  send({ kind: 'event', event: { at: ago(0), type: 'heal.succeeded', service: 'a' } });
  await until(() => store.view.value.heals.length === 1);
  expect(histories()).toBe(2);
});

test('many heals at once need no more than one more look', async () => {
  for (let index = 0; index < 50; index += 1) send({ kind: 'event', event: { at: ago(0), type: 'heal.failed', service: 'a' } });
  await until(() => calls.length >= 2);
  expect(calls.length).toBe(2);
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
    [{ kind: 'open', service: 'a' }, ['openUrl', 'a']],
    [{ kind: 'quit' }, ['quit', undefined]],
  ] as const)('%o asks for %j', async (act, call) => {
    for (const name of ['start', 'stop', 'checkNow', 'pause', 'resume', 'heal', 'openUrl', 'quit']) answers[name] = { ok: true, value: null };
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
  const first = store.shown.value;
  send({ kind: 'show', service: 'a' });
  expect(first).toEqual({ service: 'a' });
  expect(store.shown.value).not.toBe(first);
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
