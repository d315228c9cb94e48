// Opens the socket a check talks over: name look-up, connect, and TLS where asked for.
// Settles the attempt when that fails; never sends anything to the service.
import { lookup } from 'node:dns';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectSecure, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import type { Attempt } from './attempt.ts';
import { describeConnectError, describeTlsError, type Trouble } from './connection-error.ts';
import { isLoopback } from './loopback.ts';

export interface Peer { readonly host: string; readonly port: number }

/** Calls `onOpen` with a connected socket, which the attempt owns. */
export function openSocket(attempt: Attempt, peer: Peer, onOpen: (socket: Socket) => void): void {
  open(attempt, peer.host, (address) => connectPlain({ host: address, port: peer.port }), onOpen);
}

/**
 * Like `openSocket`, with TLS. On loopback nobody stands in between, so a certificate no authority has signed is taken;
 * elsewhere it must be trusted. An expired one is a failure everywhere. `daysLeft` is a fraction.
 */
export function openTlsSocket(attempt: Attempt, peer: Peer, onOpen: (socket: TLSSocket, daysLeft: number) => void): void {
  const servername = isIP(peer.host) === 0 ? peer.host : '';
  // One socket from the start: destroying a plain one below a TLS one while its handshake ends crashes the process (seen in Node 20.20).
  const connect = (address: string): TLSSocket => connectSecure({
    host: address, port: peer.port, servername, rejectUnauthorized: false, secureContext: sharedContext(), ALPNProtocols: ['http/1.1'],
  });
  open(attempt, peer.host, connect, (socket) => {
    attempt.waitFor({ missing: 'connected, but no TLS handshake' });
    const onError = (error: Error): void => { attempt.fail(describeTlsError(error)); };
    socket.once('error', onError);
    socket.once('secureConnect', () => {
      socket.off('error', onError);
      if (attempt.settled) return;
      const daysLeft = (Date.parse(socket.getPeerX509Certificate()?.validTo ?? '') - Date.now()) / DAY_MS;
      if (daysLeft < 0) attempt.fail(`certificate expired ${describeDays(-daysLeft)} ago`);
      else if (!socket.authorized && !isLoopback(peer.host)) attempt.fail(`certificate not trusted (${String(socket.authorizationError)})`);
      else onOpen(socket, daysLeft);
    });
  });
}

function open<Kind extends Socket>(attempt: Attempt, host: string, connect: (address: string) => Kind, onOpen: (socket: Kind) => void): void {
  findAddresses(attempt, host, (addresses) => {
    attempt.waitFor({ missing: 'no connection' });
    connectInTurn(attempt, addresses, connect, null, onOpen);
  });
}

/** 0.4 -> "less than a day", 1.2 -> "1 day", 3.9 -> "3 days". */
export function describeDays(days: number): string {
  const whole = Math.floor(days);
  if (whole === 0) return 'less than a day';
  return whole === 1 ? '1 day' : `${whole} days`;
}

const DAY_MS = 86_400_000;
let context: SecureContext | undefined;
/** Making one reads every root certificate, so it is made once. */
const sharedContext = (): SecureContext => (context ??= createSecureContext());

function findAddresses(attempt: Attempt, host: string, onFound: (addresses: readonly string[]) => void): void {
  if (isIP(host) !== 0) { onFound([host]); return; }
  // A service listens on one of the two more often than on both, and resolvers disagree on which comes first.
  if (host.toLowerCase() === 'localhost') { onFound(['127.0.0.1', '::1']); return; }
  attempt.waitFor({ missing: 'the name server did not answer', ofMachine: true });
  lookup(host, { all: true, verbatim: false }, (error, found) => {
    if (attempt.settled) return;
    if (error === null) onFound(found.map(({ address }) => address));
    else settleWith(attempt, describeConnectError(error));
  });
}

/** Tries the addresses one after the other; what the first told about the service outweighs what the machine lacks for the others (IPv6, say). */
function connectInTurn<Kind extends Socket>(
  attempt: Attempt, addresses: readonly string[], connect: (address: string) => Kind, earlier: Trouble | null, onOpen: (socket: Kind) => void,
): void {
  const [address = '', ...others] = addresses;
  const socket = attempt.own(connect(address));
  const onError = (error: Error): void => {
    const now = describeConnectError(error);
    const trouble = earlier === null || (earlier.result === 'inconclusive' && now.result === 'fail') ? now : earlier;
    if (others.length === 0) settleWith(attempt, trouble);
    else if (!attempt.settled) connectInTurn(attempt, others, connect, trouble, onOpen);
  };
  socket.once('error', onError);
  socket.once('connect', () => {
    socket.off('error', onError);
    if (!attempt.settled) onOpen(socket);
  });
}

function settleWith(attempt: Attempt, { result, evidence, timedOut }: Trouble): void {
  if (result === 'inconclusive') attempt.settle({ result, evidence });
  else attempt.settle({ result, latencyMs: timedOut === true ? null : attempt.elapsedMs(), evidence, ...(timedOut === true ? { timedOut } : {}) });
}
