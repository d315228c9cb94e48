// Answers one reader of live messages with server-sent events, for as long as it reads.
// It never keeps more than a bounded amount for a reader that does not read.
import type { ServerResponse } from 'node:http';
import type { UpkeepApi } from '../contract/api.ts';
import type { Stop } from '../ports.ts';

export interface EventStreamOptions {
  /** Milliseconds between two comments that keep the connection visibly alive. */
  readonly heartbeatMs: number;
  /** A reader with more than this many bytes waiting for it is dropped. */
  readonly maxUnreadBytes: number;
}

/** Returns the way to end the stream. It ends by itself when the reader goes away. */
export function streamEvents(api: UpkeepApi, response: ServerResponse, { heartbeatMs, maxUnreadBytes }: EventStreamOptions): Stop {
  const write = (chunk: string): void => {
    if (response.destroyed || response.writableEnded) return;
    response.write(chunk);
    if (response.writableLength > maxUnreadBytes) response.destroy();
  };
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', connection: 'close' });
  const unsubscribe = api.subscribe((message) => { write(`data: ${JSON.stringify(message)}\n\n`); });
  const heartbeat = setInterval(() => { write(': heartbeat\n\n'); }, heartbeatMs);
  heartbeat.unref();
  response.once('close', () => {
    clearInterval(heartbeat);
    unsubscribe();
  });
  return () => { response.end(); };
}
