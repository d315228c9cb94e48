// A port of this machine that notes whoever comes: TCP connections and UDP packets, whatever they say. Answers every HTTP request.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Visitors {
  /** Ends with a slash. */
  readonly http: string;
  readonly host: string;
  readonly stun: string;
  /** Who came so far, a line each. */
  seen(): readonly string[];
  stop(): Promise<void>;
}

export async function listenForVisitors(): Promise<Visitors> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.setHeader('access-control-allow-origin', '*').end('hello');
  });
  server.on('connection', () => seen.push('a connection'));
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const packets = createSocket('udp4', () => seen.push('a packet'));
  await new Promise<void>((resolve) => { packets.bind(0, '127.0.0.1', resolve); });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    http: `http://${host}/`, host, stun: `stun:127.0.0.1:${packets.address().port}`,
    seen: () => seen,
    async stop() {
      packets.close();
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}
