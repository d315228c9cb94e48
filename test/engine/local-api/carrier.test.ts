// What holds for the API whoever carries it: called directly, and over the socket. Callers must not be able to tell which.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ApiError, type LiveMessage, type UpkeepApi } from '../../../supervisor/contract/api.ts';
import { connect } from '../../../supervisor/local-api/client.ts';
import { serveLocalApi } from '../../../supervisor/local-api/server.ts';
import { locateSocket } from '../../../supervisor/local-api/socket.ts';
import { eventually } from './eventually.ts';
import { InMemoryApi, snapshot } from './in-memory-api.ts';

interface Carried { readonly api: UpkeepApi; end(): Promise<void> }

async function overSocket(real: UpkeepApi): Promise<Carried> {
  const home = await mkdtemp(join(tmpdir(), 'upkeep-'));
  const server = await serveLocalApi(real, locateSocket(home));
  const api = await connect(home);
  if (api === null) throw new Error('nobody answers on the socket just opened');
  return {
    api,
    async end() {
      api.close();
      await server.close();
      await rm(home, { recursive: true });
    },
  };
}

describe.each([
  { carrier: 'called directly', carry: (real: UpkeepApi): Promise<Carried> => Promise.resolve({ api: real, end: () => Promise.resolve() }) },
  { carrier: 'over the socket', carry: overSocket },
])('an UpkeepApi $carrier', ({ carry }) => {
  let real: InMemoryApi;
  let carried: Carried;
  beforeEach(async () => {
    real = new InMemoryApi();
    carried = await carry(real);
  });
  afterEach(async () => {
    await carried.end();
    await eventually(() => { expect(real.subscribers).toBe(0); });
  });

  test('status is the snapshot', async () => {
    expect(await carried.api.call('status', {})).toEqual(real.current);
  });

  test('history keeps what only some events carry', async () => {
    real.events = [{ at: '2026-11-22T14:00:00.000Z', type: 'heal.succeeded', service: 'api', reason: 'Fixed in 0.4 s.', tookMs: 400 }];
    expect(await carried.api.call('history', { service: 'api', types: ['heal.succeeded'] })).toEqual(real.events);
    expect(await carried.api.call('history', { service: 'postgres' })).toEqual([]);
  });

  test.each(['restart', 'start', 'stop'] as const)('%s gives the outcome of its service', async (name) => {
    expect(await carried.api.call(name, { service: 'api' })).toEqual({ service: 'api', ok: true, message: 'It serves again after 0.4 s.' });
    expect(real.calls).toContainEqual({ name, input: { service: 'api' } });
  });

  test.each(['heal', 'checkNow', 'pause', 'resume'] as const)('%s without a service is about all of them', async (name) => {
    expect(await carried.api.call(name, {})).toMatchObject([{ service: 'api', ok: true }, { service: 'postgres', ok: true }]);
    expect(real.calls).toContainEqual({ name, input: {} });
  });

  test('a refused act is an outcome, not an error', async () => {
    real.outcome = { ok: false, message: 'systemctl needs a password for system units. (needs-privilege)' };
    expect(await carried.api.call('restart', { service: 'api' })).toEqual({ service: 'api', ...real.outcome });
  });

  test('an act takes as long as it takes, and other calls do not wait for it', async () => {
    let open = (): void => undefined;
    real.gate = new Promise((resolve) => { open = resolve; });
    const restart = carried.api.call('restart', { service: 'api' });
    expect(await carried.api.call('status', {})).toEqual(real.current);
    open();
    expect((await restart).ok).toBe(true);
  });

  test.each<{ title: string; code: string; attempt: (api: UpkeepApi) => Promise<unknown> }>([
    { title: 'an id nobody has', code: 'unknown-service', attempt: (api) => api.call('restart', { service: 'nosuch' }) },
    { title: 'an id that cannot be one', code: 'bad-request', attempt: (api) => api.call('restart', { service: '../etc' }) },
    { title: 'a limit out of range', code: 'bad-request', attempt: (api) => api.call('history', { limit: 0 }) },
    { title: 'an end of the pause that is no time', code: 'bad-request', attempt: (api) => api.call('pause', { until: 'tomorrow' }) },
  ])('$title rejects with $code', async ({ code, attempt }) => {
    const error: unknown = await attempt(carried.api).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code });
  });

  test('a subscriber gets the snapshot first, then everything in order, and nothing once it has stopped', async () => {
    const first: LiveMessage[] = [];
    const second: LiveMessage[] = [];
    const stopFirst = carried.api.subscribe((message) => first.push(message));
    const stopSecond = carried.api.subscribe((message) => second.push(message));
    const told: LiveMessage[] = [
      { kind: 'event', event: { at: '2026-11-22T14:00:00.000Z', type: 'service.down', service: 'api', reason: 'Refused: “connection”\n\ndata: x' } },
      { kind: 'snapshot', snapshot: snapshot({ overall: 'failing' }) },
    ];
    for (const message of told) real.tell(message);
    const expected = [{ kind: 'snapshot', snapshot: snapshot() }, ...told];
    await eventually(() => { expect(first).toEqual(expected); });
    await eventually(() => { expect(second).toEqual(expected); });

    stopFirst();
    stopFirst();
    real.tell({ kind: 'event', event: { at: '2026-11-22T14:00:01.000Z', type: 'service.up', service: 'api' } });
    await eventually(() => { expect(second).toHaveLength(4); });
    expect(first).toHaveLength(3);
    stopSecond();
  });
});
