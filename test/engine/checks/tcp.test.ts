// The tcp check: the shared suite, and what is its own.
import { describe, expect, test } from 'vitest';
import { tcpCheck } from '../../../supervisor/checks/tcp.ts';
import { checkSuite, contextOf, parse } from './check-suite.ts';
import { serveTcp } from './loopback-server.ts';
import { serveNoConnection } from './never-accepts.ts';

const issuesOf = (spec: object) => tcpCheck.schema.safeParse({ type: 'tcp', ...spec }).error?.issues ?? [];

describe('tcp', () => {
  checkSuite({
    check: tcpCheck,
    specFor: (port, host) => ({ type: 'tcp', port, ...(host === undefined ? {} : { host }) }),
    serveWell: (host) => serveTcp(undefined, host),
    serveNothing: serveNoConnection,
  });

  test('a full queue is told as no connection', async () => {
    const server = await serveNoConnection();
    expect(await tcpCheck.run(parse(tcpCheck, { type: 'tcp', port: server.port }), contextOf({ timeoutMs: 100 })))
      .toEqual({ result: 'fail', latencyMs: null, timedOut: true, evidence: 'no connection within 100 ms' });
    await server.close();
  });

  test('a server that speaks first is let go of all the same', async () => {
    const server = await serveTcp((socket) => { socket.write('220 ready\r\n'); });
    expect(await tcpCheck.run(parse(tcpCheck, { type: 'tcp', port: server.port }), contextOf())).toHaveProperty('result', 'pass');
    await server.untilIdle();
    await server.close();
  });

  test('the host is 127.0.0.1 unless said otherwise; the target tells host and port', () => {
    expect(tcpCheck.target(parse(tcpCheck, { type: 'tcp', port: 5432 }))).toBe('127.0.0.1:5432');
    expect(tcpCheck.target(parse(tcpCheck, { type: 'tcp', host: '::1', port: 5432 }))).toBe('[::1]:5432');
  });

  test.for([
    ['port 0', { port: 0 }, 'a port from 1 to 65535'],
    ['port 65536', { port: 65_536 }, 'a port from 1 to 65535'],
    ['port 80.5', { port: 80.5 }, 'a port from 1 to 65535'],
    ['port "80"', { port: '80' }, 'a port from 1 to 65535'],
    ['no port', {}, 'a port from 1 to 65535'],
    ['an empty host', { port: 1, host: '' }, 'a host name or IP address, without port'],
    ['a host with a port', { port: 1, host: 'db:5432' }, 'a host name or IP address, without port'],
    ['an address as host', { port: 1, host: 'http://db' }, 'a host name or IP address, without port'],
  ] as const)('refuses %s', ([, spec, expected]) => {
    expect(issuesOf(spec).map(({ message }) => message)).toEqual([expected]);
  });

  test('refuses unknown keys', () => {
    expect(issuesOf({ port: 1, prot: 2 })).toMatchObject([{ code: 'unrecognized_keys', keys: ['prot'] }]);
  });
});
