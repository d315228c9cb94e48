import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommand, runToLog, signalGroup, signalProcess, spawnDetached } from '../../../supervisor/system/run-command.ts';
import { freePort, PATIENCE_MS, programFile, programsOf, untilNoneIsLeft, untilServing } from '../service-managers/manager-bed.ts';

const node = (program: string, ...args: readonly (string | number)[]): string[] => [process.execPath, programFile(program), ...args.map(String)];

describe('a command that runs to its end', () => {
  test('gives its output and exit code', async () => {
    expect(await runCommand(node('exits-at-once.mjs', 7), { timeoutMs: PATIENCE_MS })).toEqual({
      exitCode: 7, signal: null, stdout: 'on my way out', stderr: 'the reason is on stderr', timedOut: false, notFound: false, startError: null,
    });
  });

  test.each<[string, readonly string[], object]>([
    ['a program that does not exist', ['there-is-no-such-program'], { notFound: true, startError: 'ENOENT' }],
    ['a program that may not be executed', [programFile('exits-at-once.mjs')], { notFound: false, startError: 'EACCES' }],
    ['an empty program', [''], { notFound: false, startError: 'ERR_INVALID_ARG_VALUE' }],
    ['no program', [], { notFound: false, startError: 'ERR_INVALID_ARG_VALUE' }],
  ])('%s is a result, not an error', async (_name, argv, expected) => {
    expect(await runCommand(argv, { timeoutMs: PATIENCE_MS })).toMatchObject({ exitCode: null, signal: null, ...expected });
  });

  test('is ended with its children when its time is over', async () => {
    const port = await freePort();
    const result = await runCommand(node('forks-a-grandchild.mjs', port), { timeoutMs: 500 });
    expect(result).toMatchObject({ timedOut: true });
    await untilNoneIsLeft(port);
  });

  test('is killed when it ignores SIGTERM', async () => {
    const port = await freePort();
    const controller = new AbortController();
    const running = runCommand(node('ignores-sigterm.mjs', port), { timeoutMs: PATIENCE_MS, signal: controller.signal });
    await untilServing(port);
    controller.abort();
    expect(await running).toMatchObject({ exitCode: null, signal: 'SIGKILL', timedOut: false });
    expect(programsOf(port)).toEqual([]);
  });

  test('is not even started when it was aborted before', async () => {
    const port = await freePort();
    expect(await runCommand(node('serves-http.mjs', port), { timeoutMs: PATIENCE_MS, signal: AbortSignal.abort() })).toMatchObject({ startError: 'ABORTED' });
    expect(programsOf(port)).toEqual([]);
  });

  test('does not wait for a daemon that keeps its output open', async () => {
    const port = await freePort();
    const command = node('controls-a-daemon.mjs', 'start', '/dev/null', ...node('serves-http.mjs', port));
    expect(await runCommand(command, { timeoutMs: PATIENCE_MS })).toMatchObject({ exitCode: 0, timedOut: false });
    expect(signalProcess(await untilServing(port), 'SIGKILL')).toBe(true);
    await untilNoneIsLeft(port);
  });

  test('that prints without end does not fill the memory', async () => {
    const { stdout } = await runCommand(['yes'], { timeoutMs: PATIENCE_MS });
    expect(stdout.length).toBeLessThanOrEqual(4 * 1024 * 1024);
  });
});

describe('a program in the background', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'upkeep-run-')); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });
  const options = (): { cwd: string; env: NodeJS.ProcessEnv; logFile: string } => ({ cwd: folder, env: process.env, logFile: join(folder, 'logs', 'api.log') });

  test('appends its output to the log', async () => {
    for (const code of [0, 1]) {
      const spawned = await spawnDetached(node('exits-at-once.mjs', code), options());
      expect(spawned.ok && await spawned.exited).toEqual({ code, signal: null });
    }
    expect(readFileSync(options().logFile, 'utf8')).toBe('on my way out\nthe reason is on stderr\n'.repeat(2));
  });

  test('does not keep this process alive', async () => {
    const port = await freePort();
    const spawned = await spawnDetached(node('serves-http.mjs', port), options());
    expect(process.getActiveResourcesInfo()).not.toContain('ProcessWrap');
    expect(spawned.ok && signalGroup(spawned.pid, 'SIGKILL')).toBe(true);
    expect(spawned.ok && await spawned.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('in a folder that does not exist is refused, and leaves no log behind', async () => {
    expect(await spawnDetached(['true'], { ...options(), cwd: join(folder, 'nowhere') })).toMatchObject({ ok: false, refusal: { code: 'not-found' } });
    expect(existsSync(options().logFile)).toBe(false);
  });

  test('that is aborted while it starts is ended all the same', async () => {
    const controller = new AbortController();
    const port = await freePort();
    const running = runToLog(node('serves-http.mjs', port), { ...options(), timeoutMs: PATIENCE_MS, signal: controller.signal });
    controller.abort();
    expect(await running).toMatchObject({ ok: true, exit: { code: null, signal: 'SIGTERM' } });
  });
});

test.each([0, 1, -1, -5])('pid %d is never signalled', (pid) => {
  expect(signalProcess(pid, 'SIGCONT')).toBe(false);
  expect(signalGroup(pid, 'SIGCONT')).toBe(false);
});
