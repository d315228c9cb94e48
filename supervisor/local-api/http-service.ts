// An HTTP server with bounds, one exchange a connection: what the socket and the panel's door have in common.
// It lets no client, however slow or broken, keep another one waiting or itself from closing; who may ask what is not its matter.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { UpkeepApi } from '../contract/api.ts';
import type { Stop } from '../ports.ts';
import { answerCommand, refuse, type Answer } from './answer.ts';
import { streamEvents, type EventStreamOptions } from './event-stream.ts';

const MAX_CONNECTIONS = 256;
/** How long answers under way may take once `close` was called. */
const CLOSE_WITHIN_MS = 500;

export interface HttpServiceOptions extends Partial<EventStreamOptions> {
  /** Milliseconds a request may take to arrive whole. Default 10,000. */
  readonly requestWithinMs?: number;
}

export interface HttpService {
  readonly server: Server;
  /** Answers a request for a command or for live messages. Rejects when the connection breaks meanwhile. */
  answer(pathname: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Resolves within 1 s: no connection is left. Calling it twice is fine. */
  close(): Promise<void>;
}

/** `respond` gets every request, with the path of its address; who calls this makes `server` listen. */
export function createHttpService(
  api: UpkeepApi, { requestWithinMs = 10_000, heartbeatMs = 15_000, maxUnreadBytes = 1024 * 1024 }: HttpServiceOptions,
  respond: (pathname: string, request: IncomingMessage, response: ServerResponse) => Promise<void>,
): HttpService {
  const streams = new Set<Stop>();
  const server = createServer(
    { requestTimeout: requestWithinMs, headersTimeout: requestWithinMs, connectionsCheckingInterval: Math.min(requestWithinMs, 1_000) },
    (request, response) => {
      // A client that went away cannot be told anything; its connection closes by itself.
      response.on('error', () => undefined);
      const [pathname = ''] = (request.url ?? '').split('?');
      // The connection broke while the request came in: there is nobody to answer.
      respond(pathname, request, response).catch(() => { response.destroy(); });
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  const sockets = trackSockets(server);

  const close = (): Promise<void> => new Promise((resolve) => {
    const late = setTimeout(() => { for (const socket of sockets) socket.destroy(); }, CLOSE_WITHIN_MS);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    for (const end of streams) end();
  });
  let closed: Promise<void> | undefined;
  return {
    server,
    async answer(pathname, request, response) {
      if (pathname === '/v1/events' && request.method === 'GET') {
        const end = streamEvents(api, response, { heartbeatMs, maxUnreadBytes });
        streams.add(end);
        response.once('close', () => streams.delete(end));
        return;
      }
      const [, name] = /^\/v1\/([^/]+)$/.exec(pathname) ?? [];
      send(response, name === undefined ? refuse(404, `There is nothing at ${pathname}.`) : await answerCommand(api, name, request));
    },
    close: () => (closed ??= close()),
  };
}

export function send(response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json', 'content-length': Buffer.byteLength(text), 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', connection: 'close',
  });
  response.end(text);
}

/** Resolves once `listen` has made the server listen; rejects when it cannot. */
export function listening(server: Server, listen: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      server.off('error', reject);
      // A connection that could not be accepted is closed, and its client sees that: nothing more to do, and no reason to end.
      server.on('error', () => undefined);
      resolve();
    });
    listen();
  });
}

function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}
