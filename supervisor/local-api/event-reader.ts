// Answers what a running supervisor says live: reads its server-sent events from one connection until that ends.
// It never reconnects: whoever holds it decides what a lost supervisor means.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { ApiError, liveMessageSchema, type LiveMessage } from '../contract/api.ts';
import { LOCAL_API_HOST } from './socket.ts';

/** What a connection attempt meets when no supervisor runs: no socket, or one left by a crash. */
const NOBODY_THERE: readonly unknown[] = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'ENOTDIR'];

export interface EventReader {
  /** Whether somebody is there; once it resolves, the first message has come. Rejects with `ApiError` when none comes in time or somebody else answers. If it does not resolve with true, nothing is left open. */
  openedWithin(withinMs: number): Promise<boolean>;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>;
  close(): void;
}

export function openEventReader(socketPath: string, onMessage: (message: LiveMessage) => void): EventReader {
  const request = httpRequest({ socketPath, path: '/v1/events', agent: false, headers: { host: LOCAL_API_HOST, accept: 'text/event-stream' } });
  const close = (): void => { request.destroy(); };
  const closed = new Promise<void>((resolve) => { request.once('close', resolve); });

  const opened = new Promise<boolean>((resolve, reject) => {
    request.once('close', () => { resolve(false); });
    request.on('error', (error) => {
      if ('code' in error && !NOBODY_THERE.includes(error.code)) reject(new ApiError('unavailable', `${socketPath} cannot be opened: ${error.message}.`));
    });
    request.once('response', (response) => {
      readMessages(response, (message) => {
        resolve(true);
        onMessage(message);
      }, () => {
        reject(new ApiError('failed', `What answers on ${socketPath} is no Upkeep of this version.`));
        close();
      });
    });
  });
  // The outcome is asked for with a time limit below; a rejection nobody waits for any more must not end the process.
  opened.catch(() => undefined);
  request.end();

  return {
    closed,
    close,
    openedWithin: async (withinMs) => {
      let late: NodeJS.Timeout | undefined;
      // Whoever accepts is there: a socket without a supervisor refuses at once.
      const silent = new Promise<never>((_, reject) => {
        late = setTimeout(() => { reject(new ApiError('unavailable', `Upkeep is running, but has not answered within ${withinMs / 1_000} s. Try again; if it stays silent, end it and start it anew.`)); }, withinMs);
      });
      try {
        return await Promise.race([opened, silent]);
      } catch (error) {
        close();
        throw error;
      } finally {
        clearTimeout(late);
      }
    },
  };
}

function readMessages(response: IncomingMessage, onMessage: (message: LiveMessage) => void, onNonsense: () => void): void {
  // A supervisor that ends breaks the connection: that is `closed`, not an error.
  response.on('error', () => undefined);
  if (response.statusCode !== 200) {
    onNonsense();
    return;
  }
  let unfinished = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    const records = (unfinished + chunk).split('\n\n');
    unfinished = records.pop() ?? '';
    for (const record of records) {
      if (!record.startsWith('data: ')) continue;
      const message = parseMessage(record.slice('data: '.length));
      if (message === null) onNonsense();
      else onMessage(message);
    }
  });
}

function parseMessage(text: string): LiveMessage | null {
  try {
    return liveMessageSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
