// Serves the panel to a browser on this machine: HTTP on 127.0.0.1, open only after `open`, closed when nobody has used it for long.
// Whoever has not exchanged a one-time token gets the page's files, which hold nothing secret, and nothing else.
import type { Server } from 'node:http';
import { ApiError, type UpkeepApi } from '../contract/api.ts';
import { TOKEN_FRAGMENT } from '../contract/panel-session.ts';
import type { Clock } from '../ports.ts';
import { createHttpService, listening, type HttpServiceOptions } from './http-service.ts';
import { answerPanel, type PanelDoor } from './panel-answers.ts';
import { readPanelFiles } from './panel-files.ts';
import { createPanelKeys, IDLE_MS } from './panel-keys.ts';
import { addressAt } from './panel-requests.ts';

export interface PanelServerOptions extends HttpServiceOptions {
  /** Where the panel's files lie. undefined: this Upkeep came without. */
  readonly folder: string | undefined;
  readonly clock: Clock;
  /** One line when the door opens, and one when it closes by itself. */
  readonly tell: (line: string) => void;
}

export interface PanelServer {
  /** An address that works once, within 2 minutes. The door opens when it is not open yet. Rejects with `ApiError`. */
  open(): Promise<string>;
  /** Resolves within 1 s: no connection and no session are left, and none will be. Calling it twice is fine. */
  close(): Promise<void>;
}

export function createPanelServer(api: UpkeepApi, options: PanelServerOptions): PanelServer {
  let door: Promise<PanelDoor> | null = null;
  let closing: Promise<void> = Promise.resolve();
  let isOver = false;

  const openAnew = (): Promise<PanelDoor> => {
    const opening = openDoor(api, options, (closed) => {
      door = null;
      closing = closed;
    });
    opening.catch(() => { if (door === opening) door = null; });
    return opening;
  };
  return {
    async open() {
      if (isOver) throw new ApiError('unavailable', 'Upkeep is ending.');
      const { address, keys } = await (door ??= openAnew());
      return `${address.origin}/${TOKEN_FRAGMENT}${keys.mintToken()}`;
    },
    async close() {
      isOver = true;
      await Promise.all([closing, door?.then(closeDoor, () => undefined)]);
    },
  };
}

/** `onIdle` is called with the promise that nothing is left of the door. */
async function openDoor(api: UpkeepApi, { folder, clock, tell, ...limits }: PanelServerOptions, onIdle: (closed: Promise<void>) => void): Promise<PanelDoor> {
  if (folder === undefined) throw new ApiError('unavailable', 'This Upkeep has no panel that it could serve.');
  const files = await readPanelFiles(folder);
  const service = createHttpService(api, limits, (pathname, request, response) => answerPanel(door, pathname, request, response));
  const address = addressAt(await listenOnLoopback(service.server));
  const keys = createPanelKeys(clock, () => {
    tell(`The panel at ${address.origin} is closed: nobody has used it for ${IDLE_MS / 60_000} minutes.`);
    onIdle(closeDoor(door));
  });
  const door: PanelDoor = { address, keys, files, service };
  tell(`The panel is open to browsers of this machine at ${address.origin}, until nobody has used it for ${IDLE_MS / 60_000} minutes.`);
  return door;
}

function closeDoor({ keys, service }: PanelDoor): Promise<void> {
  keys.end();
  return service.close();
}

/** The port it got. */
async function listenOnLoopback(server: Server): Promise<number> {
  try {
    await listening(server, () => { server.listen(0, '127.0.0.1'); });
    const bound = server.address();
    if (bound !== null && typeof bound === 'object') return bound.port;
    throw new Error('the server has no port');
  } catch (error) {
    throw new ApiError('failed', `The panel cannot be served on 127.0.0.1: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
