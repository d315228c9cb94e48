// What the panel's door refuses, whoever asks and whatever they have: other hosts, other pages, no session, requests that do not fit.
import { connect as connectSocket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { usePanelDoor, type Asked, type PanelDoor } from './panel-door.ts';

const door = usePanelDoor();

type Row = Asked & { readonly title: string; readonly status: number; readonly says: RegExp };
/** Some need the port, so they are made when the door is open. */
type Forged = { readonly title: string; readonly headers: (door: PanelDoor) => Asked['headers']; readonly says: RegExp };

const STRANGERS: readonly Forged[] = [
  { title: 'a rebound name', headers: ({ port }) => ({ host: `upkeep.evil.example:${port}` }), says: /answers to the host "127\.0\.0\.1:\d+" only/ },
  { title: 'localhost', headers: ({ port }) => ({ host: `localhost:${port}` }), says: /host/ },
  { title: 'the host of the socket', headers: () => ({ host: 'upkeep' }), says: /host/ },
  { title: 'our number without our port', headers: () => ({ host: '127.0.0.1' }), says: /host/ },
  { title: 'another number of this machine', headers: ({ port }) => ({ host: `127.0.0.2:${port}` }), says: /host/ },
  { title: 'a foreign origin', headers: () => ({ origin: 'https://evil.example' }), says: /another origin/ },
  { title: 'another port of this machine', headers: ({ port }) => ({ origin: `http://127.0.0.1:${port + 1}` }), says: /another origin/ },
  { title: 'our port under the name localhost', headers: ({ port }) => ({ origin: `http://localhost:${port}` }), says: /another origin/ },
  { title: 'https at our address', headers: ({ port }) => ({ origin: `https://127.0.0.1:${port}` }), says: /another origin/ },
  { title: 'the origin "null" of a sandboxed frame', headers: () => ({ origin: 'null' }), says: /another origin/ },
];
const OTHER_PAGES: readonly Forged[] = [
  ...STRANGERS,
  { title: 'a request of another site', headers: () => ({ 'sec-fetch-site': 'cross-site' }), says: /own page only/ },
  { title: 'a request of another port', headers: () => ({ 'sec-fetch-site': 'same-site' }), says: /own page only/ },
  { title: 'a request of no page at all', headers: () => ({ 'sec-fetch-site': 'none' }), says: /own page only/ },
];

describe('with a session at hand', () => {
  test.each([...OTHER_PAGES, { title: 'a POST that names no origin', headers: () => ({ origin: undefined }), says: /no Origin/ }])('a command is refused to $title', async ({ headers, says }) => {
    const cookie = await door.session();
    const answer = await door.ask({ path: '/v1/restart', body: '{"service":"api"}', headers: { cookie, ...headers(door) } });
    expect(answer).toMatchObject({ status: 403, error: expect.stringMatching(says) as string });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(door.api.calls).toEqual([]);
  });

  test.each(OTHER_PAGES)('live messages are refused to $title', async ({ headers, says }) => {
    const cookie = await door.session();
    const answer = await door.ask({ method: 'GET', path: '/v1/events', headers: { cookie, origin: undefined, ...headers(door) } });
    expect(answer).toMatchObject({ status: 403, error: expect.stringMatching(says) as string });
    expect(door.api.subscribers).toBe(0);
  });

  test.each(OTHER_PAGES)('a preflight of $title allows nothing', async ({ headers }) => {
    const cookie = await door.session();
    const answer = await door.ask({ method: 'OPTIONS', path: '/v1/restart', headers: { cookie, 'access-control-request-method': 'POST', ...headers(door) } });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });

  test.each<Row>([
    { title: 'a form', path: '/v1/pause', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'service=api', status: 415, says: /application\/json/ },
    { title: 'plain text', path: '/v1/pause', headers: { 'content-type': 'text/plain' }, status: 415, says: /application\/json/ },
    { title: 'no type', path: '/v1/pause', headers: { 'content-type': undefined }, status: 415, says: /application\/json/ },
    { title: 'GET for a command', method: 'GET', path: '/v1/status', status: 405, says: /POST/ },
    { title: 'PUT for a command', method: 'PUT', path: '/v1/status', status: 405, says: /POST/ },
    { title: 'POST for live messages', path: '/v1/events', status: 404, says: /no command "events"/ },
    { title: 'an unknown command', path: '/v1/exec', status: 404, says: /no command "exec"/ },
    { title: 'a name every object has', path: '/v1/__proto__', status: 404, says: /__proto__/ },
    { title: 'a new address', path: '/v1/openPanel', status: 403, says: /"openPanel" is not for pages/ },
    { title: 'a new address, disguised', path: '/v1/open%50anel', status: 404, says: /no command/ },
    { title: 'a key too many', path: '/v1/restart', body: '{"service":"api","argv":["rm"]}', status: 400, says: /argv/ },
    { title: 'an id that cannot be one', path: '/v1/restart', body: '{"service":"../api"}', status: 400, says: /service/ },
    { title: 'no JSON', path: '/v1/pause', body: 'service=api', status: 400, says: /JSON/ },
    { title: 'a huge body', path: '/v1/pause', body: JSON.stringify({ service: 'x'.repeat(64 * 1024) }), status: 413, says: /65536 bytes/ },
    { title: 'an endless body', path: '/v1/pause', headers: { 'transfer-encoding': 'chunked' }, body: ' '.repeat(200_000), status: 413, says: /65536 bytes/ },
  ])('$title: $status', async ({ title: _title, status, says, ...asked }) => {
    const cookie = await door.session();
    expect(await door.ask({ ...asked, headers: { cookie, ...asked.headers } })).toMatchObject({ status, error: expect.stringMatching(says) as string });
    expect(door.api.calls).toEqual([]);
  });

  test('headers without end are cut off', async () => {
    const cookie = await door.session();
    expect((await door.ask({ headers: { cookie, 'x-long': 'x'.repeat(32 * 1024) } })).status).toBe(431);
    expect(door.api.calls).toEqual([]);
  });
});

describe('without a session', () => {
  test.each<{ title: string; cookie: () => string | undefined }>([
    { title: 'no cookie', cookie: () => undefined },
    { title: 'an empty cookie', cookie: () => `${door.cookieName}=` },
    { title: 'a wrong cookie', cookie: () => `${door.cookieName}=${'A'.repeat(43)}` },
    { title: 'the cookie of another port', cookie: () => `upkeep_session_1=${'A'.repeat(43)}` },
    { title: 'a cookie that is no text', cookie: () => ';;=;\u00ff' },
  ])('$title: neither command nor live message', async ({ cookie }) => {
    await door.session();
    for (const asked of [{ path: '/v1/status' }, { path: '/v1/restart', body: '{"service":"api"}' }, { path: '/v1/openPanel' }, { path: '/v1/exec' }, { method: 'GET', path: '/v1/events' }]) {
      const { status, error } = await door.ask({ ...asked, headers: { cookie: cookie() } });
      expect(status, asked.path).toBe(asked.path === '/v1/openPanel' ? 403 : 401);
      expect(error).toMatch(asked.path === '/v1/openPanel' ? /not for pages/ : /^This page's session is over\. Run "upkeep panel" again\.$/);
    }
    expect(door.api.calls).toEqual([]);
    expect(door.api.subscribers).toBe(0);
  });

  test('the session of another port does not fit, whatever its name', async () => {
    const secret = (await door.session()).split('=')[1] ?? '';
    expect((await door.ask({ headers: { cookie: `upkeep_session=${secret}` } })).status).toBe(401);
  });

  test('a token is no session', async () => {
    const token = await door.open();
    expect((await door.ask({ headers: { cookie: `${door.cookieName}=${token}` } })).status).toBe(401);
    expect((await door.exchange(token)).status).toBe(200);
  });
});

describe('a session is not given', () => {
  test.each<Omit<Row, 'body'> & { readonly body?: (token: string) => string }>([
    { title: 'for no token', status: 400, says: /token/, body: () => '{}' },
    { title: 'for a token that is no text', status: 400, says: /token/, body: () => '{"token":[]}' },
    { title: 'for a token and a key too many', status: 400, says: /nothing else/, body: (token) => JSON.stringify({ token, admin: true }) },
    { title: 'for null', status: 400, says: /token/, body: () => 'null' },
    { title: 'for an empty token', status: 401, says: /upkeep panel/, body: () => '{"token":""}' },
    { title: 'for a wrong token', status: 401, says: /upkeep panel/, body: () => JSON.stringify({ token: 'A'.repeat(43) }) },
    { title: 'for a part of the token', status: 401, says: /upkeep panel/, body: (token) => JSON.stringify({ token: token.slice(0, -1) }) },
    { title: 'to a form', status: 415, says: /application\/json/, headers: { 'content-type': 'text/plain' } },
    { title: 'to GET', method: 'GET', status: 405, says: /POST/ },
    { title: 'to a page that names no origin', status: 403, says: /no Origin/, headers: { origin: undefined } },
    { title: 'to another page', status: 403, says: /another origin/, headers: { origin: 'https://evil.example' } },
    { title: 'to another port of this machine', status: 403, says: /own page only/, headers: { 'sec-fetch-site': 'same-site' } },
    { title: 'to a rebound name', status: 403, says: /host/, headers: { host: 'evil.example' } },
  ])('$title: $status', async ({ title: _title, status, says, body = (token) => JSON.stringify({ token }), ...asked }) => {
    const token = await door.open();
    const answer = await door.ask({ path: '/session', ...asked, body: body(token) });
    expect(answer).toMatchObject({ status, error: expect.stringMatching(says) as string });
    expect(answer.headers['set-cookie']).toBeUndefined();
    // And the token is still the person's own.
    expect((await door.exchange(token)).status).toBe(200);
  });

  test('twice for one token', async () => {
    const token = await door.open();
    expect((await door.exchange(token)).status).toBe(200);
    const again = await door.exchange(token);
    expect(again.status).toBe(401);
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  test('after 2 minutes', async () => {
    const token = await door.open();
    await door.clock.advance(2 * 60_000);
    expect((await door.exchange(token)).status).toBe(401);
  });
});

describe('only the page\'s own files are given', () => {
  test.each([
    '/../package.json', '/..%2fpackage.json', '/%2e%2e/package.json', '/./index.html', '//index.html', '/etc/passwd', '//etc/passwd', '/main.js/', '/main.js%00.css', '/..\\index.html',
    '/main.js.map', '/INDEX.HTML', '/favicon.ico', 'http://127.0.0.1/index.html', '*', '/v1', '/sessions', '/constructor',
  ])('%s: 404', async (path) => {
    await door.open();
    expect(await rawStatus(`GET ${path} HTTP/1.1`)).toBe(404);
  });

  test.each(['POST', 'PUT', 'HEAD', 'DELETE'])('and %s gives none', async (method) => {
    await door.open();
    expect(await rawStatus(`${method} /main.js HTTP/1.1`)).toBe(405);
  });
});

/** Sent as it stands: a client library would tidy the path up. */
function rawStatus(requestLine: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(door.port, '127.0.0.1', () => { socket.write(`${requestLine}\r\nHost: 127.0.0.1:${door.port}\r\nContent-Length: 0\r\n\r\n`); });
    door.sockets.push(socket);
    socket.once('error', reject);
    socket.setEncoding('utf8').once('data', (text: string) => { resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1])); });
  });
}
