// The http check: the shared suite, the stages at which a server can hang, redirects, and what must never be shown.
import type { RequestListener } from 'node:http';
import { isIPv6 } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { httpCheck } from '../../../supervisor/checks/http.ts';
import type { CheckContext, CheckOutcome } from '../../../supervisor/ports.ts';
import { checkSuite, contextOf, parse, untilNoSocketIsLeft } from './check-suite.ts';
import { serveHttp, serveTcp, type LoopbackServer } from './loopback-server.ts';

/** Longer than what evidence quotes. */
const LONG_TOKEN = 'tok-'.padEnd(200, '0123456789abcdef');
const servers: LoopbackServer[] = [];
const keep = async (server: Promise<LoopbackServer>): Promise<LoopbackServer> => { servers.push(await server); return server; };
const run = (spec: object, context: Partial<CheckContext> = {}): Promise<CheckOutcome> => httpCheck.run(parse(httpCheck, { type: 'http', ...spec }), contextOf(context));
const serve = async (answer: RequestListener) => `http://127.0.0.1:${(await keep(serveHttp(answer))).port}`;
/** Sends the text as soon as somebody connects, then keeps still. */
const serveRaw = async (text: string, then: (end: () => void) => void = () => undefined) =>
  `http://127.0.0.1:${(await keep(serveTcp((socket) => { socket.write(text); then(() => socket.end()); }))).port}`;

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  await untilNoSocketIsLeft();
});

describe('http', () => {
  checkSuite({
    check: httpCheck,
    specFor: (port, host = '127.0.0.1') => ({ type: 'http', url: `http://${isIPv6(host) ? `[${host}]` : host}:${port}/` }),
    serveWell: (host) => serveHttp((_, response) => response.end('well'), host),
    serveNothing: () => serveTcp(),
  });
});

describe('a server that hangs', () => {
  test.for([
    ['after it accepted', '', {}, 'connected, but no answer within 100 ms'],
    ['in its headers', 'HTTP/1.1 200 OK\r\ncontent-le', {}, 'connected, but no answer within 100 ms'],
    ['before its body, when the body matters', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n', { body: 'x' }, 'answered 200, but the body did not end within 100 ms'],
    ['in its body, when the body matters', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc', { json: { a: 1 } }, 'answered 200, but the body did not end within 100 ms'],
  ] as const)('%s is timed out', async ([, text, expectation, evidence]) => {
    expect(await run({ url: await serveRaw(text), expect: expectation }, { timeoutMs: 100 })).toEqual({ result: 'fail', latencyMs: null, timedOut: true, evidence });
    await servers[0]?.untilIdle();
  });

  test.for([
    ['in a body nobody looks at passes', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc', { result: 'pass' }],
    ['in a body nobody looks at fails for its status', 'HTTP/1.1 500 Oops\r\ncontent-length: 9\r\n\r\nabc', { result: 'fail', evidence: 'answered 500, expected 200-299' }],
  ] as const)('%s', async ([, text, outcome]) => {
    expect(await run({ url: await serveRaw(text) })).toMatchObject(outcome);
    await servers[0]?.untilIdle();
  });
});

describe('a wrong answer', () => {
  test.for([
    ['is no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'answered something that is not HTTP'],
    ['is cut off before the headers end', 'HTTP/1.1 200 OK\r\n', 'connection closed before an answer'],
    ['is cut off in the body', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc', 'answered 200, but the connection closed before the body ended'],
  ] as const)('that %s is a failure that says so', async ([, text, evidence]) => {
    const url = await serveRaw(text, (end) => { end(); });
    expect(await run({ url, expect: { body: 'x' } })).toMatchObject({ result: 'fail', evidence });
  });

  test('a server that closes at once is a failure', async () => {
    const url = await serveRaw('', (end) => { end(); });
    expect(await run({ url })).toMatchObject({ result: 'fail', evidence: 'connection closed before an answer' });
  });

  test('no more than 1 MiB of a body is read: an endless one is judged by its beginning', async () => {
    const url = await serve((_, response) => {
      response.write('begin');
      const more = () => { while (!response.destroyed && response.write('x'.repeat(65_536))); };
      response.on('drain', more);
      more();
    });
    expect(await run({ url, expect: { body: 'begin' } })).toMatchObject({ result: 'pass' });
    expect(await run({ url, expect: { body: 'end' } })).toMatchObject({ result: 'fail', evidence: expect.stringMatching(/^body is "beginx{74}…", expected to contain "end"$/) as string });
    expect(await run({ url })).toMatchObject({ result: 'pass' });
    await servers[0]?.untilIdle();
  });

  test('an upgrade is judged by its status', async () => {
    const url = await serveRaw('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
    expect(await run({ url })).toMatchObject({ result: 'fail', evidence: 'answered 101, expected 200-299' });
    expect(await run({ url, expect: { status: 101 } })).toMatchObject({ result: 'pass' });
  });
});

describe('the request', () => {
  test('has method, path, query, headers and user of its spec', async () => {
    let seen: unknown;
    const url = await serve(({ method, url: path, headers }, response) => { seen = { method, path, headers }; response.end(); });
    expect(await run({ url: `${url.replace('//', '//me:p%40ss@')}/a?b=1`, method: 'POST', headers: { 'X-Key': 'k' } })).toMatchObject({ result: 'pass' });
    expect(seen).toMatchObject({
      method: 'POST', path: '/a?b=1',
      headers: { 'x-key': 'k', authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}`, host: new URL(url).host, connection: 'close' },
    });
  });

  test('evidence never shows what the request carried, even when the answer echoes it', async () => {
    const url = await serve(({ url: path, headers }, response) => { response.end([path, headers['x-key'], headers.authorization, headers.cookie].join(' ')); });
    const outcome = await run({
      url: `${url.replace('//', '//user:hunter22@')}/a?token=tok-123`, headers: { 'x-key': 'key-456', cookie: 'sid=ses-789' }, expect: { body: 'nothing of it' },
    });
    expect(outcome).toMatchObject({ result: 'fail', evidence: 'body is "/a*** *** Basic *** ***", expected to contain "nothing of it"' });
  });

  test.each<{ title: string; expectation: object; evidence: string; body?: (token: string) => string }>([
    { title: 'in a header', expectation: { headers: { 'x-echo': 'nothing of it' } }, evidence: 'header x-echo is "***", expected to contain "nothing of it"' },
    { title: 'in the body', expectation: { body: 'nothing of it' }, evidence: 'body is "***", expected to contain "nothing of it"' },
    { title: 'as what is expected of a header', expectation: { headers: { 'x-other': LONG_TOKEN } }, evidence: 'answered without header x-other, expected to contain "***"' },
    { title: 'as what is expected of a body', expectation: { body: `/^${LONG_TOKEN}$/` }, evidence: 'body is "***", expected to match /^***$/' },
    { title: 'as what a value is', expectation: { json: { '[0]': LONG_TOKEN } }, body: (token: string) => JSON.stringify([`${token}!`]), evidence: '[0] is "***!", expected "***"' },
  ])('evidence never shows the beginning of a long token $title', async ({ expectation, evidence, body = (token) => token }) => {
    const url = await serve(({ headers: { authorization = '' } }, response) => { response.setHeader('x-echo', authorization).end(body(authorization)); });
    expect(await run({ url, headers: { authorization: `Bearer ${LONG_TOKEN}` }, expect: expectation })).toMatchObject({ result: 'fail', evidence });
  });

  test('the target shows neither user nor query', () => {
    expect(httpCheck.target(parse(httpCheck, { type: 'http', url: 'https://user:secret@127.0.0.1:4101/health?token=1#x' }))).toBe('https://127.0.0.1:4101/health');
  });

  test('the port of an address without one is that of its scheme', () => {
    expect(httpCheck.endpoints(parse(httpCheck, { type: 'http', url: 'http://localhost' }))).toEqual([{ host: 'localhost', port: 80 }]);
    expect(httpCheck.endpoints(parse(httpCheck, { type: 'http', url: 'https://[::1]/' }))).toEqual([{ host: '::1', port: 443 }]);
  });
});

describe('redirects', () => {
  const hops = (count: number): RequestListener => ({ url = '' }, response) => {
    const at = Number(url.slice(1));
    if (at >= count) response.end('arrived');
    else response.writeHead(302, { location: `/${at + 1}` }).end();
  };

  test('are judged as they are unless followed', async () => {
    expect(await run({ url: `${await serve(hops(1))}/0` })).toMatchObject({ result: 'fail', evidence: 'answered 302, expected 200-299' });
  });
  test('are followed up to five times', async () => {
    expect(await run({ url: `${await serve(hops(5))}/0`, followRedirects: true, expect: { body: 'arrived' } })).toMatchObject({ result: 'pass' });
    expect(await run({ url: `${await serve(hops(6))}/0`, followRedirects: true })).toMatchObject({ result: 'fail', evidence: 'redirected more than 5 times' });
    await servers[1]?.untilIdle();
  });
  test('to another scheme are a failure', async () => {
    const url = await serve((_, response) => { response.writeHead(302, { location: 'ftp://127.0.0.1/' }).end(); });
    expect(await run({ url, followRedirects: true })).toMatchObject({ result: 'fail', evidence: 'answered 302 to an address that is neither http nor https' });
  });
  test('to another server carry neither headers nor user', async () => {
    let seen: unknown;
    const other = await serve(({ headers }, response) => { seen = headers; response.end(); });
    const url = await serve((_, response) => { response.writeHead(307, { location: other }).end(); });
    expect(await run({ url: url.replace('//', '//user:secret@'), headers: { 'x-key': 'k' }, followRedirects: true })).toMatchObject({ result: 'pass' });
    expect(Object.keys(seen as object).sort()).toEqual(['accept', 'connection', 'host', 'user-agent']);
  });
  test('share one time-out', async () => {
    const silent = await serveRaw('');
    const url = await serve((_, response) => { response.writeHead(302, { location: silent }).end(); });
    expect(await run({ url, followRedirects: true }, { timeoutMs: 200 })).toMatchObject({ result: 'fail', timedOut: true });
    await servers[0]?.untilIdle();
  });
});
