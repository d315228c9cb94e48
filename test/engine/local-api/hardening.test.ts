// What the socket refuses, and that one bad client never disturbs another one.
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect as connectSocket, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LiveMessage } from '../../../supervisor/contract/api.ts';
import { connect, type ConnectedApi } from '../../../supervisor/local-api/client.ts';
import { serveLocalApi, type LocalApi, type LocalApiOptions } from '../../../supervisor/local-api/server.ts';
import { locateSocket } from '../../../supervisor/local-api/socket.ts';
import { eventually } from './eventually.ts';
import { InMemoryApi, serviceSnapshot, snapshot } from './in-memory-api.ts';

let home: string;
let socketPath: string;
let real: InMemoryApi;
let server: LocalApi | undefined;
let rawSockets: Socket[];
let pipesBefore: number;

beforeEach(async () => {
  pipesBefore = openPipes();
  home = await mkdtemp(join(tmpdir(), 'upkeep-'));
  socketPath = locateSocket(home);
  real = new InMemoryApi();
  rawSockets = [];
});
afterEach(async () => {
  for (const socket of rawSockets) socket.destroy();
  await server?.close();
  server = undefined;
  // Nothing may be left: no subscription, no socket file, no open pipe of ours.
  await eventually(() => { expect(real.subscribers).toBe(0); });
  await eventually(() => { expect(openPipes()).toBe(pipesBefore); });
  expect(await readdir(home)).toEqual([]);
  await rm(home, { recursive: true });
});

const openPipes = (): number => process.getActiveResourcesInfo().filter((name) => name.startsWith('Pipe')).length;

async function serve(options?: LocalApiOptions): Promise<void> {
  server = await serveLocalApi(real, socketPath, options);
}

async function connected(): Promise<ConnectedApi> {
  const api = await connect(home);
  if (api === null) throw new Error('nobody answers');
  return api;
}

interface Asked { method?: string; path?: string; headers?: Record<string, string>; body?: string }
function ask({ method = 'POST', path = '/v1/status', headers = {}, body = '{}' }: Asked): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: unknown }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ socketPath, method, path, agent: false, headers: { host: 'upkeep', 'content-type': 'application/json', ...headers } });
    request.once('error', reject);
    request.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => { text += chunk; });
      response.once('end', () => { resolve({ status: response.statusCode, headers: response.headers, body: JSON.parse(text) }); });
    });
    request.end(method === 'GET' ? undefined : body);
  });
}

/** A client that speaks bytes instead of HTTP. */
function rawClient(text: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(socketPath, () => { socket.write(text, () => { resolve(socket); }); });
    socket.once('error', reject);
    rawSockets.push(socket);
  });
}

describe('a request that does not fit is refused, and no command runs', () => {
  test.each<Asked & { title: string; status: number; says: RegExp }>([
    { title: 'an unknown command', path: '/v1/reboot', status: 404, says: /"reboot"/ },
    { title: 'a name every object has', path: '/v1/constructor', status: 404, says: /"constructor"/ },
    { title: 'another address', path: '/', status: 404, says: /nothing at/ },
    { title: 'an address no URL can have', path: '//', status: 404, says: /nothing at/ },
    { title: 'GET for a command', method: 'GET', status: 405, says: /POST/ },
    { title: 'an origin', headers: { origin: 'http://upkeep' }, status: 403, says: /Origin/ },
    { title: 'the origin "null"', headers: { origin: 'null' }, status: 403, says: /Origin/ },
    { title: 'another host', headers: { host: 'localhost' }, status: 403, says: /host "upkeep"/ },
    { title: 'a form', headers: { 'content-type': 'text/plain' }, status: 415, says: /application\/json/ },
    { title: 'no JSON', body: '{', status: 400, says: /JSON/ },
    { title: 'no body', body: '', status: 400, says: /JSON/ },
    { title: 'no object', body: 'null', status: 400, says: /expected object/ },
    { title: 'a key too many', body: '{"argv":["rm"]}', status: 400, says: /argv/ },
    { title: 'everything wrong, in one line', path: '/v1/history', body: '{"service":"A B","limit":0,"x":1}', status: 400, says: /^"history": service: .*limit: .*"x".*\.$/ },
    { title: 'a body over 64 KiB', body: JSON.stringify({ x: 'x'.repeat(64 * 1024) }), status: 413, says: /65536 bytes/ },
    { title: 'an endless body', headers: { 'transfer-encoding': 'chunked' }, body: ' '.repeat(200_000), status: 413, says: /65536 bytes/ },
  ])('$title: $status', async ({ status, says, title: _title, ...asked }) => {
    await serve();
    const answer = await ask(asked);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ error: { code: 'bad-request', message: expect.stringMatching(says) as string } });
    expect(real.calls).toEqual([]);
  });

  test('the event stream is refused to web pages, too', async () => {
    await serve();
    expect((await ask({ method: 'GET', path: '/v1/events', headers: { origin: 'http://upkeep' } })).status).toBe(403);
    expect((await ask({ method: 'GET', path: '/v1/events', headers: { host: 'evil.example' } })).status).toBe(403);
  });

  test('a body of exactly 64 KiB is read', async () => {
    await serve();
    expect((await ask({ body: '{}'.padEnd(64 * 1024) })).status).toBe(200);
  });

  test('a bug in a command is an answer, not an end', async () => {
    await serve();
    real.call = () => Promise.reject(new TypeError('x is not a function'));
    expect(await ask({})).toMatchObject({ status: 500, body: { error: { code: 'failed', message: 'x is not a function' } } });
  });
});

describe('the socket', () => {
  test('can be opened by its user only', async () => {
    const umask = process.umask();
    await serve();
    expect((await stat(socketPath)).mode & 0o777).toBe(0o600);
    expect(process.umask()).toBe(umask);
  });

  test('replaces what a crash left behind', async () => {
    await writeFile(socketPath, '');
    expect(await connect(home)).toBeNull();
    await serve();
    expect((await ask({})).status).toBe(200);
  });

  test('in a folder that is not there rejects', async () => {
    await expect(serveLocalApi(real, join(home, 'nosuch', 'upkeep.sock'))).rejects.toMatchObject({ code: expect.stringMatching(/ENOENT|EACCES/) as string });
  });
});

describe('one bad client disturbs nobody', () => {
  test('a reader that never reads is dropped, and the others get everything', async () => {
    await serve({ maxUnreadBytes: 64 * 1024 });
    const slow = await rawClient('GET /v1/events HTTP/1.1\r\nHost: upkeep\r\n\r\n');
    slow.pause();
    const api = await connected();
    await eventually(() => { expect(real.subscribers).toBe(2); });
    const got: LiveMessage[] = [];
    api.subscribe((message) => got.push(message));
    let sent = 0;
    await eventually(() => {
      for (const end = sent + 50; sent < end; sent += 1) real.tell({ kind: 'event', event: { at: `${sent}`, type: 'service.down', reason: 'x'.repeat(1_000) } });
      expect(real.subscribers).toBe(1);
    });
    await eventually(() => { expect(got).toHaveLength(sent + 1); });
    api.close();
  });

  test('a request that never ends is cut off, and others are answered meanwhile', async () => {
    await serve({ requestWithinMs: 200 });
    const never = await rawClient('POST /v1/status HTTP/1.1\r\nHost: upkeep\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{');
    const cut = new Promise((resolve) => never.once('close', resolve));
    never.resume();
    expect((await ask({})).status).toBe(200);
    await cut;
  });

  test('bytes that are no HTTP close only their own connection', async () => {
    await serve();
    const garbage = await rawClient('\u0000\u0001 hello\r\n\r\n');
    garbage.resume();
    await new Promise((resolve) => garbage.once('close', resolve));
    expect((await ask({})).status).toBe(200);
  });

  test('a client that leaves in the middle of an act does not stop it', async () => {
    await serve();
    let open = (): void => undefined;
    real.gate = new Promise((resolve) => { open = resolve; });
    const api = await connected();
    const restart = api.call('restart', { service: 'api' }).catch((error: unknown) => error);
    await eventually(() => { expect(real.calls).toHaveLength(1); });
    api.close();
    expect(await restart).toMatchObject({ code: 'unavailable' });
    open();
    expect((await ask({})).status).toBe(200);
  });

  test('a silent stream shows that it is alive', async () => {
    await serve({ heartbeatMs: 20 });
    const reader = await rawClient('GET /v1/events HTTP/1.1\r\nHost: upkeep\r\n\r\n');
    let text = '';
    reader.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; });
    await eventually(() => { expect(text.match(/^: heartbeat$/gm)?.length).toBeGreaterThan(2); });
  });
});

describe('a snapshot of 2,000 services', () => {
  const large = (differs: Parameters<typeof snapshot>[0] = {}) => snapshot({ services: Array.from({ length: 2_000 }, (_, index) => serviceSnapshot(`service-${index}`, { reason: `Every check passes. ${'x'.repeat(300)}` })), ...differs });

  test('reaches whoever connects', async () => {
    real.current = large();
    expect(JSON.stringify(real.current).length).toBeGreaterThan(1024 * 1024);
    await serve({ maxUnreadBytes: 1_024 });
    const api = await connected();
    const got: LiveMessage[] = [];
    api.subscribe((message) => got.push(message));
    expect(got).toEqual([{ kind: 'snapshot', snapshot: real.current }]);
    expect(await api.call('status', {})).toEqual(real.current);
    api.close();
  });

  test('is skipped while an earlier one is under way; the newest one arrives', async () => {
    await serve();
    const api = await connected();
    const got: LiveMessage[] = [];
    api.subscribe((message) => got.push(message));
    for (let pid = 1; pid <= 20; pid += 1) real.tell({ kind: 'snapshot', snapshot: large({ pid }) });
    const pids = () => got.map((message) => (message.kind === 'snapshot' ? message.snapshot.pid : null));
    await eventually(() => { expect(pids()).toEqual([4711, 1, 20]); });
    real.tell({ kind: 'snapshot', snapshot: large({ pid: 21 }) });
    await eventually(() => { expect(pids()).toEqual([4711, 1, 20, 21]); });
    api.close();
  });

  test('never drops a reader, however little it reads; events do', async () => {
    await serve({ maxUnreadBytes: 64 * 1024 });
    const slow = await rawClient('GET /v1/events HTTP/1.1\r\nHost: upkeep\r\n\r\n');
    slow.pause();
    await eventually(() => { expect(real.subscribers).toBe(1); });
    for (let pid = 1; pid <= 20; pid += 1) real.tell({ kind: 'snapshot', snapshot: large({ pid }) });
    // By then a dropped connection would have been noticed.
    expect((await ask({})).status).toBe(200);
    expect(real.subscribers).toBe(1);
    for (let sent = 0; sent < 100; sent += 1) real.tell({ kind: 'event', event: { at: `${sent}`, type: 'service.down', reason: 'x'.repeat(1_000) } });
    await eventually(() => { expect(real.subscribers).toBe(0); });
  });
});

describe('closing', () => {
  test('ends a stream with its last chunk, so that its reader sees an end and no error', async () => {
    await serve();
    const reader = await rawClient('GET /v1/events HTTP/1.1\r\nHost: upkeep\r\n\r\n');
    let text = '';
    reader.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; });
    const ended = new Promise((resolve) => reader.once('end', resolve));
    await eventually(() => { expect(text).toContain('data: '); });
    await server?.close();
    await ended;
    expect(text).toMatch(/\r\n0\r\n\r\n$/);
  });

  test('ends streams, idle connections and acts under way within 1 s, and the client knows', async () => {
    await serve();
    real.gate = new Promise(() => undefined);
    const api = await connected();
    const restart = api.call('restart', { service: 'api' }).catch((error: unknown) => error);
    await rawClient('');
    await rawClient('POST /v1/status HTTP/1.1\r\n');
    await eventually(() => { expect(real.calls).toHaveLength(1); });

    const startedAt = performance.now();
    await Promise.all([server?.close(), server?.close()]);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    await api.lost;
    expect(await restart).toMatchObject({ code: 'unavailable', message: expect.stringMatching(/whether "restart" was done is not known/) as string });
    expect(await connect(home)).toBeNull();
    await expect(api.call('status', {})).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('connecting', () => {
  test('and closing lets go of the stream while the supervisor runs on', async () => {
    await serve();
    const api = await connected();
    expect(real.subscribers).toBe(1);
    api.close();
    api.close();
    await api.lost;
    await eventually(() => { expect(real.subscribers).toBe(0); });
  });

  test('to a supervisor that is busy waits for it instead of calling it absent', async () => {
    await serve();
    const subscribe = real.subscribe.bind(real);
    real.subscribe = (listener) => {
      // The first message comes as late as from a machine under load; 2 s once were the limit.
      let stop = (): void => undefined;
      const late = setTimeout(() => { stop = subscribe(listener); }, 2_500);
      return () => { clearTimeout(late); stop(); };
    };
    const api = await connected();
    expect(await api.call('status', {})).toEqual(real.current);
    api.close();
  });

  test('to nobody gives null', async () => {
    expect(await connect(home)).toBeNull();
    expect(await connect(join(home, 'nosuch'))).toBeNull();
  });

  test.each([
    { title: 'somebody who never answers is an error, for somebody is there', answer: undefined, expected: { code: 'unavailable', message: 'Upkeep is running, but has not answered within 0.2 s. Try again; if it stays silent, end it and start it anew.' } },
    { title: 'somebody who hangs up gives null', answer: '', expected: null },
    { title: 'somebody else is an error', answer: 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n', expected: { code: 'failed' } },
    { title: 'another version is an error', answer: 'HTTP/1.1 200 OK\r\n\r\ndata: {"kind":"greeting"}\n\n', expected: { code: 'failed' } },
  ])('to $title', async ({ answer, expected }) => {
    const sockets: Socket[] = [];
    const stranger = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.resume();
      if (answer !== undefined) socket.end(answer);
    });
    await new Promise<void>((resolve) => stranger.listen(socketPath, resolve));
    const result: unknown = await connect(home, { answerWithinMs: answer === undefined ? 200 : 10_000 }).catch((error: unknown) => error);
    if (expected === null) expect(result).toBeNull();
    else expect(result).toMatchObject(expected);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => stranger.close(resolve));
  });
});
