// Does this address answer as it should? One request on a connection of its own, within one deadline for everything.
// Never keeps a connection, never reads more of a body than it needs, never shows what the request carried.
import { request as startRequest, validateHeaderName, validateHeaderValue, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import * as z from 'zod';
import type { Check, Endpoint } from '../ports.ts';
import { describeMs, runAttempt, type Attempt } from './attempt.ts';
import { describeDays, openSocket, openTlsSocket } from './connection.ts';
import { describeExchangeError } from './connection-error.ts';
import { expectationSchema, findBodyMismatch, findHeadMismatch, needsBody } from './http-expectation.ts';
import { isLoopback } from './loopback.ts';
import { redactorOf, userOf } from './redaction.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const HEADERS = 'an object with header names and their texts';
const MAX_REDIRECTS = 5;
const MAX_BODY_BYTES = 1024 * 1024;
/** A body nobody looks at is still read this far, so that the server can end its answer in peace. */
const UNREAD_BODY = { bytes: 64 * 1024, ms: 100 } as const;

const schema = z.strictObject({
  type: z.literal('http'),
  url: z.url({ protocol: /^https?$/, error: 'an http or https address' }).describe('Address to ask, http or https.'),
  method: z.enum(METHODS, { error: `one of ${METHODS.join(', ')}` }).default('GET').describe('Request method. Default "GET".'),
  headers: z.record(z.string(), z.string({ error: 'a text' }), { error: HEADERS }).superRefine((headers, context) => {
    for (const [name, value] of Object.entries(headers)) {
      if (isHeader(name, value)) continue;
      context.addIssue({ code: 'custom', path: [name], message: 'a header name and text that HTTP allows', input: '(not shown)' });
    }
  }).default({}).describe('Headers of the request. Never shown anywhere. Default none.'),
  expect: expectationSchema.prefault({}).describe('What the answer must be like.'),
  followRedirects: z.boolean({ error: 'true or false' }).default(false).describe('Follow up to 5 redirects; headers stay with the first server. Default false.'),
}).superRefine(({ url, expect }, context) => {
  // Also called with an address that is none.
  if (expect.certificateDays === undefined || !/^http:/i.test(url)) return;
  context.addIssue({ code: 'custom', path: ['expect', 'certificateDays'], message: 'no certificateDays for an http address', input: expect.certificateDays });
}).describe('Passes when the address answers as expected.');

export type HttpSpec = z.output<typeof schema>;

export const httpCheck: Check<HttpSpec> = {
  type: 'http',
  schema,
  target: ({ url }) => { const { protocol, host, pathname } = new URL(url); return `${protocol}//${host}${pathname}`; },
  endpoints: ({ url }) => { const peer = peerOf(new URL(url)); return isLoopback(peer.host) ? [peer] : []; },
  run: (spec, context) => runAttempt(context, (attempt) => { new Exchange(attempt, spec).begin(); }),
};

class Exchange {
  readonly #attempt: Attempt;
  readonly #spec: HttpSpec;
  /** Parsed once: this runs for every check of every round. */
  readonly #first: URL;
  #certificateDaysLeft = Number.POSITIVE_INFINITY;

  constructor(attempt: Attempt, spec: HttpSpec) {
    this.#attempt = attempt;
    this.#spec = spec;
    this.#first = new URL(spec.url);
  }

  begin(): void { this.#ask(this.#first, this.#spec.method, MAX_REDIRECTS); }

  #ask(url: URL, method: HttpSpec['method'], redirectsLeft: number): void {
    const peer = peerOf(url);
    if (url.protocol === 'http:') openSocket(this.#attempt, peer, (socket) => { this.#send(socket, url, peer, method, redirectsLeft); });
    else openTlsSocket(this.#attempt, peer, (socket, daysLeft) => {
      this.#certificateDaysLeft = Math.min(this.#certificateDaysLeft, daysLeft);
      this.#send(socket, url, peer, method, redirectsLeft);
    });
  }

  #send(socket: Duplex, url: URL, { host, port }: Endpoint, method: HttpSpec['method'], redirectsLeft: number): void {
    const attempt = this.#attempt;
    attempt.waitFor({ missing: 'connected, but no answer' });
    // Headers and user belong to the server they were written for, not to where it redirects.
    const own = url === this.#first || url.origin === this.#first.origin;
    const auth = own ? userOf(this.#first) : null;
    const request = startRequest({
      // Making the connection here spares an agent, half of the CPU time of a check.
      createConnection: () => socket, host, port, defaultPort: url.protocol === 'http:' ? 80 : 443, method, path: `${url.pathname}${url.search}`,
      headers: { 'user-agent': 'upkeep', accept: '*/*', ...(own ? lowerCaseNames(this.#spec.headers) : {}) },
      ...(auth === null ? {} : { auth }),
    });
    request.on('error', (error) => { attempt.fail(describeExchangeError(error)); });
    request.on('response', (response) => {
      const next = this.#spec.followRedirects ? redirectOf(response, url) : null;
      if (next === null) { this.#judgeHead(response); return; }
      response.on('error', () => undefined);
      socket.destroy();
      if (redirectsLeft === 0) attempt.fail(`redirected more than ${MAX_REDIRECTS} times`);
      else if (next === 'elsewhere') attempt.fail(`answered ${response.statusCode} to an address that is neither http nor https`);
      else this.#ask(next, response.statusCode === 307 || response.statusCode === 308 || method === 'HEAD' ? method : 'GET', redirectsLeft - 1);
    });
    request.on('upgrade', (response) => { this.#judgeHead(response); });
    request.end();
  }

  #judgeHead(response: IncomingMessage): void {
    const attempt = this.#attempt;
    const status = response.statusCode ?? 0;
    const latencyMs = attempt.elapsedMs();
    const mismatch = findHeadMismatch(this.#spec.expect, { status, headers: response.headers }, this.#redact);
    if (mismatch === null && needsBody(this.#spec.expect)) { this.#readBody(response, status); return; }
    const outcome = mismatch === null ? this.#pass(latencyMs) : { result: 'fail', latencyMs, evidence: mismatch } as const;
    attempt.conclude(outcome, UNREAD_BODY.ms);
    let bytes = 0;
    response.on('data', (chunk: Buffer) => { bytes += chunk.length; if (bytes > UNREAD_BODY.bytes) attempt.settle(outcome); });
    response.once('end', () => { attempt.settle(outcome); }).on('error', () => { attempt.settle(outcome); });
  }

  #readBody(response: IncomingMessage, status: number): void {
    const attempt = this.#attempt;
    attempt.waitFor({ missing: `answered ${status}, but the body did not end` });
    const chunks: Buffer[] = [];
    let bytes = 0;
    const judge = (): void => {
      if (attempt.settled) return;
      const latencyMs = attempt.elapsedMs();
      const body = Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString('utf8');
      const evidence = findBodyMismatch(this.#spec.expect, body, this.#redact);
      attempt.settle(evidence === null ? this.#pass(latencyMs) : { result: 'fail', latencyMs, evidence });
    };
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MAX_BODY_BYTES) judge();
    });
    response.once('end', judge);
    response.on('error', () => { attempt.fail(`answered ${status}, but the connection closed before the body ended`); });
  }

  readonly #redact = (text: string): string => redactorOf(this.#spec)(text);

  #pass(latencyMs: number): { result: 'pass'; latencyMs: number; slow?: string } {
    const { maxLatency, certificateDays } = this.#spec.expect;
    const slow: string[] = [];
    if (maxLatency !== undefined && latencyMs > maxLatency) slow.push(`answered in ${describeMs(latencyMs)}, expected ${describeMs(maxLatency)} or less`);
    if (certificateDays !== undefined && this.#certificateDaysLeft < certificateDays) {
      const expected = `${certificateDays} ${certificateDays === 1 ? 'day' : 'days'} or more`;
      slow.push(`certificate expires in ${describeDays(this.#certificateDaysLeft)}, expected ${expected}`);
    }
    return slow.length === 0 ? { result: 'pass', latencyMs } : { result: 'pass', latencyMs, slow: slow.join('; ') };
  }
}

/** Where the answer sends us; null: it is no redirect; `elsewhere`: nowhere we go. */
function redirectOf({ statusCode = 0, headers }: IncomingMessage, from: URL): URL | 'elsewhere' | null {
  if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) return null;
  try {
    const url = new URL(headers.location, from);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : 'elsewhere';
  } catch {
    return 'elsewhere';
  }
}

function peerOf({ hostname, port, protocol }: URL): Endpoint {
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port) };
}

function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

const lowerCaseNames = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
