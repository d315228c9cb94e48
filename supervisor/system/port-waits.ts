// Waits until TCP ports of this machine are free, or until something listens on them. Connects and lets go at once; sends nothing.
// Never rejects, and leaves no socket behind, whatever the other side does.
import net from 'node:net';
import tcpPortUsed from 'tcp-port-used';
import type { Endpoint } from '../ports.ts';
import { waitUntil } from './wait-until.ts';

/** Loopback answers or refuses at once. What stays silent longer has a full queue of connections: somebody holds the port. */
const CONNECT_TIMEOUT_MS = 500;
const LOOK_AGAIN_MS = 20;

export interface PortWaitOptions {
  /** A look that has begun by then is finished: half a second more at most. */
  readonly withinMs: number;
  readonly signal: AbortSignal;
}
/** `endpoint`: the first one that was not as wanted when time was over or the wait was aborted. */
export type PortWaitResult = { readonly ok: true } | { readonly ok: false; readonly endpoint: Endpoint };

export const waitUntilFree = (endpoints: readonly Endpoint[], options: PortWaitOptions): Promise<PortWaitResult> => waitForAll(endpoints, false, options);
export const waitUntilUsed = (endpoints: readonly Endpoint[], options: PortWaitOptions): Promise<PortWaitResult> => waitForAll(endpoints, true, options);

async function waitForAll(endpoints: readonly Endpoint[], used: boolean, { withinMs, signal }: PortWaitOptions): Promise<PortWaitResult> {
  const asWanted = await Promise.all(endpoints.map(async (endpoint) => {
    const look = async (): Promise<boolean> => await isUsed(endpoint, signal) === used;
    return await waitUntil(look, { withinMs, everyMs: LOOK_AGAIN_MS, signal }) === 'met';
  }));
  const endpoint = endpoints[asWanted.indexOf(false)];
  return endpoint === undefined ? { ok: true } : { ok: false, endpoint };
}

/** Undefined: could not be found out (no descriptors left, name unknown, aborted); the caller looks again. */
async function isUsed({ host, port }: Endpoint, signal: AbortSignal): Promise<boolean | undefined> {
  const { answer, socket } = checkWithSocket(host, port);
  return await new Promise((resolve) => {
    const settle = (used: boolean | undefined): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket?.destroy();
      resolve(used);
    };
    const abort = (): void => { settle(undefined); };
    const timer = setTimeout(() => { settle(true); }, CONNECT_TIMEOUT_MS);
    signal.addEventListener('abort', abort, { once: true });
    answer.then(settle, () => { settle(undefined); });
  });
}

/**
 * tcp-port-used 1.0.3 connects without a time-out and keeps its socket to itself: against a full accept queue it would stay for
 * two minutes. It makes that socket before `check` returns, so the class is exchanged for just this call (nothing else can run
 * meanwhile) by one that tells which socket it was. May go when the package takes a time-out or a signal.
 */
function checkWithSocket(host: string, port: number): { answer: Promise<boolean>; socket: net.Socket | undefined } {
  const original = net.Socket;
  let socket: net.Socket | undefined;
  class CapturedSocket extends original {
    constructor(...options: ConstructorParameters<typeof net.Socket>) {
      super(...options);
      socket = this;
    }
  }
  Reflect.set(net, 'Socket', CapturedSocket);
  try {
    return { answer: tcpPortUsed.check(port, host), socket };
  } finally {
    Reflect.set(net, 'Socket', original);
  }
}
