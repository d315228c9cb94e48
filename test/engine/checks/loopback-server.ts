// Real servers on loopback for the tests of checks: plain, HTTP and HTTPS, on a port of their own, that tell how many connections are open.
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { vi } from 'vitest';

const PATIENCE_MS = 30_000;

export interface LoopbackServer {
  readonly port: number;
  /** How many connections were ever taken. */
  accepted(): number;
  /** Resolves when the last connection is closed; rejects when one stays. */
  untilIdle(): Promise<void>;
  close(): Promise<void>;
}

export const serveTcp = (onConnection: (socket: Socket) => void = () => undefined, host = '127.0.0.1'): Promise<LoopbackServer> =>
  listen(createTcpServer((socket) => { socket.on('error', () => undefined); socket.resume(); onConnection(socket); }), host);

export const serveHttp = (answer: RequestListener, host = '127.0.0.1'): Promise<LoopbackServer> => listen(createHttpServer(answer), host);

export const serveHttps = (answer: RequestListener, host = '127.0.0.1'): Promise<LoopbackServer> =>
  listen(createHttpsServer({ key: fixture('loopback.key'), cert: fixture('loopback.crt') }, answer), host);

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = await serveTcp();
  await server.close();
  return server.port;
}

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));

async function listen(server: Server, host: string): Promise<LoopbackServer> {
  const open = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket: Socket) => {
    accepted += 1;
    open.add(socket);
    socket.once('close', () => { open.delete(socket); });
  });
  await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(0, host, resolve); });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  return {
    port: address.port,
    accepted: () => accepted,
    untilIdle: () => vi.waitFor(() => { if (open.size > 0) throw new Error(`${open.size} connections are still open`); }, { timeout: PATIENCE_MS }),
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
    },
  };
}
