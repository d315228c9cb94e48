// The http check over TLS: which certificates pass, and servers that do not get through the handshake.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { httpCheck } from '../../../supervisor/checks/http.ts';
import type { CheckContext } from '../../../supervisor/ports.ts';
import { contextOf, parse, untilNoSocketIsLeft } from './check-suite.ts';
import { serveHttp, serveHttps, serveTcp, type LoopbackServer } from './loopback-server.ts';

const DAY_MS = 86_400_000;
const certificate = new X509Certificate(readFileSync(new URL('fixtures/loopback.crt', import.meta.url)));
const expiresAtMs = Date.parse(certificate.validTo);

let server: LoopbackServer;
const run = (spec: object = {}, context: Partial<CheckContext> = {}, host = '127.0.0.1') =>
  httpCheck.run(parse(httpCheck, { type: 'http', url: `https://${host}:${server.port}/`, ...spec }), contextOf(context));
const setDaysBeforeExpiry = (days: number) => { vi.useFakeTimers({ toFake: ['Date'], now: expiresAtMs - days * DAY_MS }); };

afterEach(async () => {
  vi.useRealTimers();
  await server.close();
  await untilNoSocketIsLeft();
});

test('a certificate that no authority signed passes on loopback, by address and by name', async () => {
  server = await serveHttps((_, response) => response.end('secure'));
  expect(await run({ expect: { body: 'secure' } })).toMatchObject({ result: 'pass' });
  expect(await run({ expect: { body: 'secure' } }, {}, 'localhost')).toMatchObject({ result: 'pass' });
  await server.untilIdle();
});

test('elsewhere it fails, and nothing is sent', async () => {
  let asked = 0;
  server = await serveHttps((_, response) => { asked += 1; response.end(); });
  // Reaches this machine too, but is not a loopback address.
  expect(await run({}, {}, '0.0.0.0')).toMatchObject({ result: 'fail', evidence: 'certificate not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)' });
  expect(asked).toBe(0);
});

test.for<[string, number, object]>([
  ['with more days left than wanted passes', 20, { result: 'pass' }],
  ['with fewer days left than wanted is degraded', 3.5, { result: 'pass', slow: 'certificate expires in 3 days, expected 14 days or more' }],
  ['on its last day is degraded', 0.5, { result: 'pass', slow: 'certificate expires in less than a day, expected 14 days or more' }],
  ['that has expired fails', -1.5, { result: 'fail', evidence: 'certificate expired 1 day ago' }],
])('a certificate %s', async ([, daysLeft, outcome]) => {
  server = await serveHttps((_, response) => response.end());
  setDaysBeforeExpiry(daysLeft);
  expect(await run({ expect: { certificateDays: 14 } })).toEqual({ latencyMs: expect.any(Number) as number, ...outcome });
});

test('an expired certificate fails also when no days are expected', async () => {
  server = await serveHttps((_, response) => response.end());
  setDaysBeforeExpiry(-40);
  expect(await run()).toMatchObject({ result: 'fail', evidence: 'certificate expired 40 days ago' });
});

test('a handshake that never ends is timed out', async () => {
  server = await serveTcp();
  expect(await run({}, { timeoutMs: 100 })).toEqual({ result: 'fail', latencyMs: null, timedOut: true, evidence: 'connected, but no TLS handshake within 100 ms' });
  await server.untilIdle();
});

test('a server without TLS fails and says so', async () => {
  server = await serveHttp((_, response) => response.end());
  expect(await run()).toMatchObject({ result: 'fail', evidence: 'the server does not speak TLS' });
  await server.untilIdle();
});

test('a server that hangs up in the handshake fails', async () => {
  server = await serveTcp((socket) => { socket.end(); });
  expect(await run()).toMatchObject({ result: 'fail', evidence: 'connection closed during the TLS handshake' });
});
