// Does something accept connections on this port? Connects and closes at once; sends and reads nothing.
import { isIPv6 } from 'node:net';
import * as z from 'zod';
import type { Check } from '../ports.ts';
import { runAttempt } from './attempt.ts';
import { openSocket } from './connection.ts';
import { isLoopback } from './loopback.ts';

const HOST = 'a host name or IP address, without port';
const PORT = 'a port from 1 to 65535';

const schema = z.strictObject({
  type: z.literal('tcp'),
  host: z.string({ error: HOST }).refine((host) => /^[^\s:/[\]@]+$/.test(host) || isIPv6(host), { error: HOST })
    .default('127.0.0.1').describe('Host name or IP address. Default "127.0.0.1".'),
  port: z.int({ error: PORT }).min(1, { error: PORT }).max(65_535, { error: PORT }).describe('Port that must accept connections, 1 to 65535.'),
}).describe('Passes when the port accepts a connection.');

export type TcpSpec = z.output<typeof schema>;

export const tcpCheck: Check<TcpSpec> = {
  type: 'tcp',
  schema,
  target: ({ host, port }) => `${isIPv6(host) ? `[${host}]` : host}:${port}`,
  endpoints: ({ host, port }) => (isLoopback(host) ? [{ host, port }] : []),
  run: (spec, context) => runAttempt(context, (attempt) => {
    openSocket(attempt, spec, () => { attempt.settle({ result: 'pass', latencyMs: attempt.elapsedMs() }); });
  }),
};
