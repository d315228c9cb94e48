// What a failed look-up, connect, handshake or exchange says: the service is in trouble, or this machine could not ask.
// Never quotes an error's own message where it may hold an address or a header.
export interface Trouble {
  readonly result: 'fail' | 'inconclusive';
  readonly evidence: string;
  readonly timedOut?: boolean;
}

const SERVICE_TROUBLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ECONNABORTED: 'connection reset',
  EPIPE: 'connection closed by the server',
  ENOTFOUND: 'no such host',
  EHOSTDOWN: 'host is down',
  EHOSTUNREACH: process.platform === 'darwin'
    ? 'host unreachable (macOS says so too when Upkeep is not allowed under Privacy & Security, Local Network)'
    : 'host unreachable',
};

const MACHINE_TROUBLE: Readonly<Record<string, string>> = {
  EMFILE: 'Upkeep has no file descriptor left',
  ENFILE: 'the machine has no file descriptor left',
  ENOMEM: 'the machine has no memory left',
  ENOBUFS: 'the machine has no network buffer left',
  EADDRNOTAVAIL: 'the machine has no free local port or address',
  ENETDOWN: 'the network of this machine is down',
  ENETUNREACH: 'this machine has no route to the network',
  EAI_AGAIN: 'the name server did not answer',
  EACCES: 'the system does not permit the connection',
  EPERM: 'the system does not permit the connection',
};

/** Why no connection came about. */
export function describeConnectError(error: Error): Trouble {
  const code = codeOf(error);
  if (code === 'ETIMEDOUT') return { result: 'fail', evidence: 'no connection within the time the system allows', timedOut: true };
  const machine = MACHINE_TROUBLE[code];
  if (machine !== undefined) return { result: 'inconclusive', evidence: machine };
  return { result: 'fail', evidence: SERVICE_TROUBLE[code] ?? `no connection (${code})` };
}

/** Why a connection came to no TLS session. */
export function describeTlsError(error: Error): string {
  const code = codeOf(error);
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'connection closed during the TLS handshake';
  return code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG'
    ? 'the server does not speak TLS'
    : `TLS handshake failed (${code})`;
}

/** Why an open connection came to no answer. */
export function describeExchangeError(error: Error): string {
  const code = codeOf(error);
  if (code === 'HPE_HEADER_OVERFLOW') return 'answered with more than 16 KiB of headers';
  if (code.startsWith('HPE_')) return 'answered something that is not HTTP';
  return code === 'ECONNRESET' || code === 'EPIPE' ? 'connection closed before an answer' : `no answer (${code})`;
}

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : error.name);
