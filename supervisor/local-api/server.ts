// Carries commands and live messages to other processes of the same user: HTTP over a Unix socket.
// It decides nothing about services, and answers no web page.
import { chmodSync, rmSync } from 'node:fs';
import type { IncomingMessage, Server } from 'node:http';
import type { UpkeepApi } from '../contract/api.ts';
import { refuse, type Answer } from './answer.ts';
import { createHttpService, listening, send, type HttpServiceOptions } from './http-service.ts';
import { LOCAL_API_HOST } from './socket.ts';

export type LocalApiOptions = HttpServiceOptions;

export interface LocalApi {
  /** Resolves within 1 s: no connection and no socket file are left. Calling it twice is fine. */
  close(): Promise<void>;
}

/**
 * Serves `api` on a socket that only this user can open. A socket file left by a crash is replaced: whoever calls this holds the data
 * folder's lock, and lets it go only after `close`. Rejects when the socket cannot be made.
 */
export async function serveLocalApi(api: UpkeepApi, socketPath: string, options: LocalApiOptions = {}): Promise<LocalApi> {
  const service = createHttpService(api, options, async (pathname, request, response) => {
    const foreign = refuseForeign(request);
    if (foreign !== null) send(response, foreign);
    else await service.answer(pathname, request, response);
  });
  await listening(service.server, () => { listenPrivately(service.server, socketPath); });
  return { close: service.close };
}

/** Web pages are refused, whatever they ask for: a browser sends an Origin, and a rebound name is not our Host. */
function refuseForeign({ headers }: IncomingMessage): Answer | null {
  if (headers.origin !== undefined) return refuse(403, 'The local API does not answer web pages: the request has an Origin header.');
  if (headers.host !== LOCAL_API_HOST) return refuse(403, `The local API answers to the host "${LOCAL_API_HOST}" only.`);
  return null;
}

function listenPrivately(server: Server, socketPath: string): void {
  rmSync(socketPath, { force: true });
  // The socket is made while `listen` runs. Narrowing the umask for just that long leaves no moment in which others could connect;
  // 0o077 and not 0o177, so that a folder made meanwhile by another thread can still be entered.
  const umask = process.umask(0o077);
  try {
    server.listen(socketPath);
    if (server.listening) chmodSync(socketPath, 0o600);
  } finally {
    process.umask(umask);
  }
}
