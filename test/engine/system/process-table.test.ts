import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { isAlive, MARKER_VARIABLE, parsePs, parseStat, pidsWithMarker, processesWithMarker, ProcessTableError, startTimeNow, startTokenOf, treeOf } from '../../../supervisor/system/process-table.ts';
import { freePort, killHard, programFile, untilServing } from '../service-managers/manager-bed.ts';
import { withoutDescriptors } from './no-descriptors.ts';

const marker = `/tmp/a höme with spaces|api-${process.pid}`;
const started: number[] = [];

async function start(program: string, port: number, env: NodeJS.ProcessEnv = { [MARKER_VARIABLE]: marker }): Promise<number> {
  const child = spawn(process.execPath, [programFile(program), String(port)], { detached: true, stdio: 'ignore', env: { ...process.env, ...env } });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  started.push(pid);
  await untilServing(port);
  return pid;
}
const end = async (pid: number): Promise<void> => {
  killHard(pid);
  await expect.poll(async () => await startTokenOf(pid), { timeout: 30_000 }).toBeNull();
};

afterEach(() => {
  for (const pid of started.splice(0)) {
    try { process.kill(-pid, 'SIGKILL'); } catch { /* The test has ended it. */ }
  }
});

describe('a process', () => {
  test('is known by pid and start token, and gone after its end', async () => {
    const pid = await start('serves-http.mjs', await freePort());
    const token = await startTokenOf(pid) ?? '';
    expect(token).not.toBe('');
    expect(await isAlive({ pid, token })).toBe(true);
    expect(await isAlive({ pid, token: `${token}0` })).toBe(false);
    await end(pid);
    expect(await isAlive({ pid, token })).toBe(false);
  });

  test.each([0, 1, -1])('pid %d is nobody', async (pid) => {
    expect(await startTokenOf(pid)).toBeNull();
  });

  test('is found by its marker, and only by the whole of it', async () => {
    const pid = await start('serves-http.mjs', await freePort());
    expect((await processesWithMarker(marker)).map((entry) => entry.pid)).toEqual([pid]);
    expect(await processesWithMarker(marker.slice(0, -1))).toEqual([]);
    expect(await processesWithMarker('')).toEqual([]);
  });

  test('has a tree of children without a marker too, also after its own end', async () => {
    const pid = await start('forks-a-grandchild.mjs', await freePort(), { [MARKER_VARIABLE]: undefined });
    const leader = { pid, token: await startTokenOf(pid) ?? '', lastAliveAt: null };
    expect(await treeOf(leader, marker)).toHaveLength(2);
    const lastAliveAt = startTimeNow();
    await end(pid);
    const rest = await treeOf({ ...leader, lastAliveAt }, marker);
    expect(rest.map(({ groupId }) => groupId)).toEqual([pid]);
  });

  test('that ended while nobody looked has a tree of children without a marker if one of the group has it', async () => {
    const pid = await start('forks-a-grandchild.mjs', await freePort());
    const token = await startTokenOf(pid) ?? '';
    await end(pid);
    expect((await treeOf({ pid, token, lastAliveAt: null }, marker)).map(({ groupId }) => groupId)).toEqual([pid]);
  });

  test('that took over the pid of another has a tree that is not the other one\'s', async () => {
    const pid = await start('serves-http.mjs', await freePort(), { [MARKER_VARIABLE]: undefined });
    const token = await startTokenOf(pid) ?? '';
    expect(await treeOf({ pid, token: `${token}0`, lastAliveAt: startTimeNow() }, marker)).toEqual([]);
  });

  test('that took over the pid of another and left children in the group has not left them to the other one', async () => {
    const lastAliveAt = (startTimeNow() ?? 0) - 1;
    const pid = await start('forks-a-grandchild.mjs', await freePort(), { [MARKER_VARIABLE]: undefined });
    const token = await startTokenOf(pid) ?? '';
    await end(pid);
    expect(await treeOf({ pid, token: `${token}0`, lastAliveAt }, marker)).toEqual([]);
    expect(await treeOf({ pid, token: `${token}0`, lastAliveAt: null }, marker)).toEqual([]);
  });

  test('is not taken for dead when Upkeep can open no more files', async () => {
    const pid = await start('serves-http.mjs', await freePort());
    const token = await startTokenOf(pid) ?? '';
    const answers = await withoutDescriptors(() => Promise.allSettled([
      isAlive({ pid, token }), startTokenOf(pid), processesWithMarker(marker), treeOf({ pid, token, lastAliveAt: null }, marker),
    ]));
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(ProcessTableError) as unknown });
      expect(answer).toMatchObject({ reason: { code: 'EMFILE', message: 'the table of processes could not be read (EMFILE)' } });
    }
    expect(await isAlive({ pid, token })).toBe(true);
  });
});

describe('looks at all processes', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  });

  test('are shared by all who ask at the same time: eighty stops at once cost one', async () => {
    const reading = vi.spyOn(fs, 'readdirSync');
    syncBuiltinESMExports();
    await Promise.all(Array.from({ length: 80 }, (_, index) => treeOf(null, `${marker}-${index}`)));
    expect(reading).toHaveBeenCalledOnce();
  });

  test('are never older than the question', async () => {
    const port = await freePort();
    await processesWithMarker(marker);
    const child = spawn(process.execPath, [programFile('serves-http.mjs'), String(port)], { detached: true, stdio: 'ignore', env: { ...process.env, [MARKER_VARIABLE]: marker } });
    await once(child, 'spawn');
    started.push(child.pid ?? 0);
    expect((await processesWithMarker(marker)).map(({ pid }) => pid)).toEqual([child.pid]);
  });
});

describe('a line of /proc/PID/stat', () => {
  const rest = '1 41 41 0 -1 4194560 100 0 0 0 1 1 0 0 20 0 1 0 8123 1000 50 18446744073709551615';
  test('is read past a name with spaces and brackets', () => {
    expect(parseStat(41, `41 (a) S (b) S ${rest}`, 'boot')).toEqual({ pid: 41, parentPid: 1, groupId: 41, startedAt: 8123, token: 'boot:8123', isZombie: false });
  });
  test.each([['Z', true], ['X', true], ['R', false], ['D', false], ['T', false]])('in state %s is a zombie: %s', (state, expected) => {
    expect(parseStat(41, `41 (node) ${state} ${rest}`, 'boot')?.isZombie).toBe(expected);
  });
});

// As macOS 14 prints them.
describe('ps on macOS', () => {
  test('names processes, parents, groups and starts', () => {
    expect(parsePs('    1     0     1 Ss   Mon Nov 16 08:00:01 2026    \n  412     1   412 S    Sun Nov 22 09:15:42 2026    \n  413   412   412 Z    Sun Nov 22 09:15:43 2026    \n')).toEqual([
      { pid: 412, parentPid: 1, groupId: 412, token: 'Sun Nov 22 09:15:42 2026', startedAt: Date.UTC(2026, 10, 22, 9, 15, 42), isZombie: false },
      { pid: 413, parentPid: 412, groupId: 412, token: 'Sun Nov 22 09:15:43 2026', startedAt: Date.UTC(2026, 10, 22, 9, 15, 43), isZombie: true },
    ]);
  });

  test('shows the marker behind the command', () => {
    const text = '  412 node server.mjs HOME=/Users/a UPKEEP_SERVICE=/Users/a/Application Support/Upkeep|api PATH=/bin\n  413 node UPKEEP_SERVICE=/Users/a/Application Support/Upkeep|api-2\n';
    expect(pidsWithMarker(text, '/Users/a/Application Support/Upkeep|api')).toEqual([412]);
    expect(pidsWithMarker(text, '/Users/a/Application Support/Upkeep|api-2')).toEqual([413]);
  });
});
