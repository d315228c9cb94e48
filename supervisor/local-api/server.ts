// Carries commands and live messages to other processes of the same user: HTTP over a Unix socket, one exchange a connection.
// It decides nothing about services, and no client, however slow or broken, keeps another one waiting.
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { UpkeepApi } from '../contract/api.ts';
import type { Stop } from '../ports.ts';
import { answerCommand, refuse, refuseForeign, type Answer } from './answer.ts';
import { streamEvents, type EventStreamOptions } from './event-stream.ts';

const MAX_CONNECTIONS = 256;
/** How long answers under way may take once `close` was called. */
const CLOSE_WITHIN_MS = 500;

export interface LocalApiOptions extends Partial<EventStreamOptions> {
  /** Milliseconds a request may take to arrive whole. Default 10,000. */
  readonly requestWithinMs?: number;
}

export interface LocalApi {
  /** Resolves within 1 s: no connection and no socket file are left. Calling it twice is fine. */
  close(): Promise<void>;
}

/**
 * Serves `api` on a socket that only this user can open. A socket file left by a crash is replaced: whoever calls this holds the data
 * folder's lock, and lets it go only after `close`. Rejects when the socket cannot be made.
 */
export async function serveLocalApi(api: UpkeepApi, socketPath: string, options: LocalApiOptions = {}): Promise<LocalApi> {
  const { requestWithinMs = 10_000, heartbeatMs = 15_000, maxUnreadBytes = 1024 * 1024 } = options;
  const streams = new Set<Stop>();
  const openStream = (response: ServerResponse): void => {
    const end = streamEvents(api, response, { heartbeatMs, maxUnreadBytes });
    streams.add(end);
    response.once('close', () => streams.delete(end));
  };
  const server = createServer(
    { requestTimeout: requestWithinMs, headersTimeout: requestWithinMs, connectionsCheckingInterval: Math.min(requestWithinMs, 1_000) },
    (request, response) => { void respond(api, request, response, openStream); },
  );
  server.maxConnections = MAX_CONNECTIONS;
  const sockets = trackSockets(server);
  await listen(server, socketPath);

  const close = (): Promise<void> => new Promise((resolve) => {
    const late = setTimeout(() => { for (const socket of sockets) socket.destroy(); }, CLOSE_WITHIN_MS);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    for (const end of streams) end();
  });
  let closed: Promise<void> | undefined;
  return { close: () => (closed ??= close()) };
}

async function respond(api: UpkeepApi, request: IncomingMessage, response: ServerResponse, openStream: (response: ServerResponse) => void): Promise<void> {
  // A client that went away cannot be told anything; its connection closes by itself.
  response.on('error', () => undefined);
  const [pathname = ''] = (request.url ?? '').split('?');
  const foreign = refuseForeign(request);
  if (foreign !== null) send(response, foreign);
  else if (pathname === '/v1/events' && request.method === 'GET') openStream(response);
  else {
    const [, name] = /^\/v1\/([^/]+)$/.exec(pathname) ?? [];
    try {
      send(response, name === undefined ? refuse(404, `There is nothing at ${pathname}.`) : await answerCommand(api, name, request));
    } catch {
      // The connection broke while the request came in: there is nobody to answer.
      response.destroy();
    }
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json', 'content-length': Buffer.byteLength(text), 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', connection: 'close',
  });
  response.end(text);
}

function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

function listen(server: Server, socketPath: string): Promise<void> {
  rmSync(socketPath, { force: true });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      server.off('error', reject);
      // A connection that could not be accepted is closed, and its client sees that: nothing more to do, and no reason to end.
      server.on('error', () => undefined);
      resolve();
    });
    // The socket is made while `listen` runs. Narrowing the umask for just that long leaves no moment in which others could connect;
    // 0o077 and not 0o177, so that a folder made meanwhile by another thread can still be entered.
    const umask = process.umask(0o077);
    try {
      server.listen(socketPath);
      if (server.listening) chmodSync(socketPath, 0o600);
    } finally {
      process.umask(umask);
    }
  });
}
