import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import type { Endpoint } from '../../../supervisor/ports.ts';
import { waitUntilFree, waitUntilUsed } from '../../../supervisor/system/port-waits.ts';
import { serveNoConnection } from '../checks/never-accepts.ts';
import { freePort, never, PATIENCE_MS } from '../service-managers/manager-bed.ts';

const on = (port: number): Endpoint => ({ host: '127.0.0.1', port });
const servers: Server[] = [];

async function listen(port = 0): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer((socket) => { socket.on('error', () => undefined).resume(); });
  servers.push(server);
  await new Promise<void>((resolve) => { server.listen(port, '127.0.0.1', resolve); });
  return { port: (server.address() as AddressInfo).port, close: () => new Promise((resolve) => { server.close(() => { resolve(); }); }) };
}

afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await vi.waitFor(() => {
    expect(process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'))).toEqual([]);
  }, { timeout: PATIENCE_MS });
});

test('free ports are free at the first look', async () => {
  expect(await waitUntilFree([on(await freePort()), on(await freePort())], { withinMs: 0, signal: never() })).toEqual({ ok: true });
  expect(await waitUntilFree([], { withinMs: 0, signal: never() })).toEqual({ ok: true });
});

test('a port that stays used is named when time is over', async () => {
  const { port } = await listen();
  expect(await waitUntilFree([on(await freePort()), on(port)], { withinMs: 100, signal: never() })).toEqual({ ok: false, endpoint: on(port) });
});

test('a port that becomes free is waited for', async () => {
  const server = await listen();
  const waiting = waitUntilFree([on(server.port)], { withinMs: PATIENCE_MS, signal: never() });
  await server.close();
  expect(await waiting).toEqual({ ok: true });
});

test('a port that becomes used is waited for', async () => {
  const port = await freePort();
  const waiting = waitUntilUsed([on(port)], { withinMs: PATIENCE_MS, signal: never() });
  await listen(port);
  expect(await waiting).toEqual({ ok: true });
});

test('a port nobody takes is named when time is over', async () => {
  const port = await freePort();
  expect(await waitUntilUsed([on(port)], { withinMs: 50, signal: never() })).toEqual({ ok: false, endpoint: on(port) });
});

test('an abort settles the wait long before its time', async () => {
  const { port } = await listen();
  const controller = new AbortController();
  const waiting = waitUntilFree([on(port)], { withinMs: 3_600_000, signal: controller.signal });
  controller.abort();
  expect(await waiting).toEqual({ ok: false, endpoint: on(port) });
});

test.each(['its time-out', 'an abort'])('a port whose queue is full counts as used, and %s leaves no connection waiting', async (how) => {
  const hanging = await serveNoConnection();
  // Sockets that wait for an answer keep their port; the server is on this machine, so both ends are in the table.
  const waiting = (): number => readFileSync('/proc/net/tcp', 'utf8').split('\n')
    .filter((line) => line.includes(`:${hanging.port.toString(16).toUpperCase().padStart(4, '0')} 02 `)).length;
  try {
    await vi.waitFor(() => { expect(waiting()).toBeGreaterThan(0); }, { timeout: PATIENCE_MS });
    const before = waiting();
    const controller = new AbortController();
    const wait = waitUntilFree([on(hanging.port)], { withinMs: how === 'an abort' ? 3_600_000 : 100, signal: controller.signal });
    await vi.waitFor(() => { expect(waiting()).toBe(before + 1); }, { timeout: PATIENCE_MS, interval: 5 });
    if (how === 'an abort') controller.abort();
    expect(await wait).toEqual({ ok: false, endpoint: on(hanging.port) });
    await vi.waitFor(() => { expect(waiting()).toBe(before); }, { timeout: PATIENCE_MS });
  } finally {
    await hanging.close();
  }
});

test('a name nobody knows is a result', async () => {
  const endpoint = { host: 'there-is-no-such-host.invalid', port: 80 };
  expect(await waitUntilFree([endpoint], { withinMs: 0, signal: never() })).toEqual({ ok: false, endpoint });
});
