// Answers one reader of live messages with server-sent events, for as long as it reads.
// It never keeps more than a bounded amount for a reader that does not read: one snapshot under way, the newest one, and some events.
import type { ServerResponse } from 'node:http';
import type { LiveMessage, UpkeepApi } from '../contract/api.ts';
import type { Stop } from '../ports.ts';

export interface EventStreamOptions {
  /** Milliseconds between two comments that keep the connection visibly alive. */
  readonly heartbeatMs: number;
  /** A reader with more than this many bytes of events waiting for it is dropped. Snapshots, however large, don't count: a newer one replaces an older one. */
  readonly maxUnreadBytes: number;
}

/** Returns the way to end the stream. It ends by itself when the reader goes away. */
export function streamEvents(api: UpkeepApi, response: ServerResponse, { heartbeatMs, maxUnreadBytes }: EventStreamOptions): Stop {
  let unreadBytes = 0;
  let snapshotUnderWay = false;
  let newest: LiveMessage | null = null;

  const write = (chunk: string, drained: () => void): void => {
    if (!response.destroyed && !response.writableEnded) response.write(chunk, drained);
  };
  const writeCounted = (chunk: string): void => {
    const bytes = Buffer.byteLength(chunk);
    unreadBytes += bytes;
    write(chunk, () => { unreadBytes -= bytes; });
    if (unreadBytes > maxUnreadBytes) response.destroy();
  };
  const writeSnapshot = (message: LiveMessage): void => {
    snapshotUnderWay = true;
    write(recordOf(message), () => {
      snapshotUnderWay = false;
      const next = newest;
      newest = null;
      if (next !== null) writeSnapshot(next);
    });
  };
  const tell = (message: LiveMessage): void => {
    if (message.kind === 'event') writeCounted(recordOf(message));
    else if (snapshotUnderWay) newest = message;
    else writeSnapshot(message);
  };

  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', connection: 'close' });
  const unsubscribe = api.subscribe(tell);
  const heartbeat = setInterval(() => { writeCounted(': heartbeat\n\n'); }, heartbeatMs);
  heartbeat.unref();
  response.once('close', () => {
    clearInterval(heartbeat);
    unsubscribe();
  });
  return () => { response.end(); };
}

const recordOf = (message: LiveMessage): string => `data: ${JSON.stringify(message)}\n\n`;
