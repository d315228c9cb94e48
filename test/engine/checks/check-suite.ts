// What every kind of check keeps to, whatever it checks. Run against each of them with real servers.
import { afterEach, expect, test, vi } from 'vitest';
import type { CheckSpec } from '../../../supervisor/contract/configuration.ts';
import type { Check, CheckContext, CheckOutcome } from '../../../supervisor/ports.ts';
import { freePort, type LoopbackServer } from './loopback-server.ts';

const PATIENCE_MS = 30_000;

/** A kind of check with the servers it needs; specs as a person writes them. */
export interface CheckKind<Spec extends CheckSpec> {
  readonly check: Check<Spec>;
  specFor(port: number, host?: string): unknown;
  serveWell(host?: string): Promise<LoopbackServer>;
  /** Never gives what the check waits for. */
  serveNothing(): Promise<LoopbackServer>;
}

/** The spec as the reader hands it to the check. */
export const parse = <Spec extends CheckSpec>(check: Check<Spec>, spec: unknown): Spec => check.schema.parse(spec) as Spec;

export const contextOf = ({ timeoutMs = PATIENCE_MS, signal = new AbortController().signal }: Partial<CheckContext> = {}): CheckContext => ({ timeoutMs, signal });

/** Fails when a socket of this process is still open. */
export const untilNoSocketIsLeft = (): Promise<void> => vi.waitFor(() => {
  const sockets = process.getActiveResourcesInfo().filter((name) => /^(TCPSocketWrap|TLSWrap|TCPConnectWrap)$/.test(name));
  expect(sockets).toEqual([]);
}, { timeout: PATIENCE_MS });

export function checkSuite<Spec extends CheckSpec>(kind: CheckKind<Spec>): void {
  const { check } = kind;
  const servers: LoopbackServer[] = [];
  const keep = (server: LoopbackServer): LoopbackServer => { servers.push(server); return server; };
  const run = (port: number, context: Partial<CheckContext> = {}, host?: string): Promise<CheckOutcome> =>
    check.run(parse(check, kind.specFor(port, host)), contextOf(context));

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
    await untilNoSocketIsLeft();
  });

  test('passes with a latency when the service is well, and closes its connection', async () => {
    const server = keep(await kind.serveWell());
    expect(await run(server.port)).toEqual({ result: 'pass', latencyMs: expect.any(Number) as number });
    await server.untilIdle();
  });

  test('fails with "connection refused" when nobody listens', async () => {
    expect(await run(await freePort())).toMatchObject({ result: 'fail', evidence: 'connection refused' });
  });

  test('a service that gives no answer is a time-out with evidence that says so', async () => {
    const server = keep(await kind.serveNothing());
    expect(await run(server.port, { timeoutMs: 100 })).toMatchObject({ result: 'fail', latencyMs: null, timedOut: true, evidence: expect.stringMatching(/within 100 ms$/) as string });
    await server.untilIdle();
  });

  test('settles at once when it is aborted, long before its time-out', async () => {
    const server = keep(await kind.serveNothing());
    const controller = new AbortController();
    const running = run(server.port, { timeoutMs: 3_600_000, signal: controller.signal });
    controller.abort();
    expect(await running).toHaveProperty('result');
    await server.untilIdle();
  });

  test('opens no connection when it is aborted before it begins', async () => {
    const server = keep(await kind.serveWell());
    expect(await run(server.port, { signal: AbortSignal.abort() })).toHaveProperty('result', 'inconclusive');
    expect(server.accepted()).toBe(0);
  });

  test('a name that does not exist is a failure', async () => {
    const outcome = await run(9, {}, 'no-such-host.invalid');
    // A machine without any name server cannot know; it must not blame the service.
    expect([{ result: 'fail', evidence: 'no such host' }, { result: 'inconclusive', evidence: 'the name server did not answer' }])
      .toContainEqual({ result: outcome.result, evidence: outcome.result === 'pass' ? '' : outcome.evidence });
  });

  test('localhost works when the service listens on 127.0.0.1 only', async () => {
    const server = keep(await kind.serveWell('127.0.0.1'));
    expect(await run(server.port, {}, 'localhost')).toHaveProperty('result', 'pass');
  });

  test('localhost works when the service listens on ::1 only, and so does ::1 itself', async () => {
    const server = keep(await kind.serveWell('::1'));
    expect(await run(server.port, {}, 'localhost')).toHaveProperty('result', 'pass');
    expect(await run(server.port, {}, '::1')).toHaveProperty('result', 'pass');
  });

  test('many at once all pass and leave nothing open', async () => {
    const server = keep(await kind.serveWell());
    const outcomes = await Promise.all(Array.from({ length: 64 }, () => run(server.port)));
    expect(outcomes.filter(({ result }) => result !== 'pass')).toEqual([]);
    await server.untilIdle();
  });

  test('holds only loopback ports of its own', () => {
    const endpointsFor = (host: string) => check.endpoints(parse(check, kind.specFor(4101, host)));
    for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost']) expect(endpointsFor(host)).toEqual([{ host, port: 4101 }]);
    expect(endpointsFor('example.test')).toEqual([]);
  });
}
