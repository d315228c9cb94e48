import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ManagerContext, ManagerStatus, ServiceManager } from '../../../supervisor/ports.ts';
import { launchdManager } from '../../../supervisor/service-managers/launchd.ts';
import { statusOf } from '../../../supervisor/service-managers/launchd-answers.ts';
import { runCommand, type RunResult } from '../../../supervisor/system/run-command.ts';
import { freePort, killHard, memoryHolding, never, parse, PATIENCE_MS, programFile, servingPid, testFolder, untilNoneIsLeft, untilServing, type TestFolder } from './manager-bed.ts';
import { serviceManagerSuite, startOptions, stopOptions } from './service-manager-suite.ts';

const LABEL = 'com.example.api';

/** A folder with the fake first on PATH. Its jobs are unloaded by the suite's kills. */
function launchdFolder(): TestFolder {
  const folder = testFolder();
  mkdirSync(join(folder.path, 'bin'));
  symlinkSync(fileURLToPath(new URL('../../fakes/launchctl.mjs', import.meta.url)), join(folder.path, 'bin/launchctl'));
  vi.stubEnv('PATH', `${join(folder.path, 'bin')}:${process.env['PATH'] ?? ''}`);
  vi.stubEnv('FAKE_LAUNCHD_FOLDER', join(folder.path, 'launchd'));
  return folder;
}

const outputKeys = (out: string, error: string): string =>
  `<key>StandardOutPath</key><string>${out}</string><key>StandardErrorPath</key><string>${error}</string>`;

function writePlist(folder: TestFolder, program: string, port: number, keys = ''): string {
  const strings = [process.execPath, programFile(program), String(port)].map((argument) => `<string>${argument}</string>`).join('');
  const file = join(folder.path, `${LABEL}.plist`);
  // Both outputs in one file, unless a test says otherwise.
  const outputs = keys.includes('StandardOutPath') ? '' : outputKeys(join(folder.path, 'api.log'), join(folder.path, 'api.log'));
  writeFileSync(file, `<plist version="1.0"><dict><key>Label</key><string>${LABEL}</string><key>ProgramArguments</key><array>${strings}</array>${outputs}${keys}</dict></plist>`);
  return file;
}

const launchctl = (...args: string[]): Promise<RunResult> => runCommand(['launchctl', ...args], { timeoutMs: PATIENCE_MS });
const domain = `gui/${process.getuid?.() ?? ''}`;

afterEach(() => { vi.unstubAllEnvs(); });

describe('the launchd manager', () => {
  serviceManagerSuite(() => {
    const folder = launchdFolder();
    return {
      manage: (program, port) => {
        writePlist(folder, program, port);
        return Promise.resolve(launchdManager.create(parse(launchdManager, { label: LABEL, plist: `${LABEL}.plist` }), folder.context()));
      },
      manageNothing: () => Promise.resolve(launchdManager.create(parse(launchdManager, { label: 'com.example.nothing' }), folder.context())),
      tellsCause: true,
      keepsLog: true,
      cleanUp: () => { folder.remove(); return Promise.resolve(); },
    };
  });
});

describe('a launchd job', () => {
  let folder: TestFolder;
  let port: number;
  const managers: ServiceManager[] = [];
  const create = (spec: object = {}, context: Partial<ManagerContext> = {}): ServiceManager => {
    const manager = launchdManager.create(parse(launchdManager, { label: LABEL, ...spec }), folder.context(context));
    managers.push(manager);
    return manager;
  };

  beforeEach(async () => {
    folder = launchdFolder();
    port = await freePort();
  });
  afterEach(async () => {
    for (const manager of managers.splice(0)) await manager.kill(never());
    await untilNoneIsLeft(port);
    folder.remove();
  });

  test('a job that is loaded already after all is booted out and loaded again (error 5)', async () => {
    const plist = writePlist(folder, 'serves-http.mjs', port);
    const manager = create({ plist });
    // Loaded by somebody else between the look and the load.
    const realPath = process.env['PATH'] ?? '';
    mkdirSync(join(folder.path, 'race'));
    writeFileSync(join(folder.path, 'race/launchctl'), `#!/bin/sh
echo "$1" >> "${folder.path}/calls"
if [ "$1" = bootstrap ] && [ ! -e "${folder.path}/raced" ]; then touch "${folder.path}/raced"; launchctl_real bootstrap "$2" "$3"; fi
exec launchctl_real "$@"
`, { mode: 0o755 });
    symlinkSync(fileURLToPath(new URL('../../fakes/launchctl.mjs', import.meta.url)), join(folder.path, 'bin/launchctl_real'));
    vi.stubEnv('PATH', `${join(folder.path, 'race')}:${realPath}`);
    expect(await manager.start(startOptions)).toEqual({ ok: true });
    await untilServing(port);
    const { stdout } = await runCommand(['cat', join(folder.path, 'calls')], { timeoutMs: PATIENCE_MS });
    expect(stdout.split('\n')).toEqual(['print', 'bootstrap', 'bootout', 'bootstrap', 'kickstart']);
  });

  test('a job loaded by somebody else is stopped and loaded again from where it came, also after a restart of Upkeep', async () => {
    const memory = memoryHolding();
    await launchctl('bootstrap', domain, writePlist(folder, 'serves-http.mjs', port, '<key>RunAtLoad</key><true/>'));
    await untilServing(port);
    const first = create({}, { memory });
    expect(await first.stop(stopOptions)).toEqual({ ok: true });
    expect(await servingPid(port)).toBeNull();
    expect(await create({}, { memory }).start(startOptions)).toEqual({ ok: true });
    await untilServing(port);
  });

  test('with outputs in two files gives the end of both, what was written to last at the end', async () => {
    const [out, error] = [join(folder.path, 'out.log'), join(folder.path, 'error.log')];
    const manager = create({ plist: writePlist(folder, 'talks.mjs', port, outputKeys(out, error)) });
    await manager.start(startOptions);
    await untilServing(port);
    utimesSync(out, 1_000, 1_000);
    const read = await manager.log?.(4, never());
    expect(read).toEqual({ ok: true, source: `${out}, ${error}`, lines: ['line 28', 'line 29', 'line 30', expect.stringMatching(/and its end$/) as string] });
    utimesSync(error, 500, 500);
    expect(await manager.log?.(2, never())).toMatchObject({ source: `${error}, ${out}`, lines: [expect.stringMatching(/and its end$/) as string, 'line 30'] });
  });

  test('whose output goes nowhere has no log', async () => {
    const manager = create({ plist: writePlist(folder, 'talks.mjs', port, outputKeys('/dev/null', '/dev/null')) });
    await manager.start(startOptions);
    expect(await manager.log?.(5, never())).toEqual({ ok: true, source: null, lines: [] });
  });

  test('a KeepAlive job waits 10 s after a crash, which is starting, and a restart does not wait', async () => {
    const manager = create({ plist: writePlist(folder, 'serves-http.mjs', port, '<key>KeepAlive</key><true/>') });
    await manager.start(startOptions);
    const pid = await untilServing(port);
    killHard(pid);
    await vi.waitFor(async () => { expect(await manager.status(never())).toEqual({ state: 'starting' }); }, { timeout: PATIENCE_MS });
    expect(await manager.restart?.({ ...startOptions, ...stopOptions })).toEqual({ ok: true });
    expect(await untilServing(port)).not.toBe(pid);
  });

  test('a KeepAlive job stays down after a stop', async () => {
    const manager = create({ plist: writePlist(folder, 'serves-http.mjs', port, '<key>KeepAlive</key><true/>') });
    await manager.start(startOptions);
    await untilServing(port);
    expect(await manager.stop(stopOptions)).toEqual({ ok: true });
    expect(await manager.status(never())).toEqual({ state: 'exited', cause: { kind: 'not-running' } });
  });

  test('the system domain needs root, and the refusal says so', async () => {
    const manager = create({ domain: 'system', plist: writePlist(folder, 'serves-http.mjs', port) });
    expect(await manager.start(startOptions)).toMatchObject({ ok: false, refusal: { code: 'needs-privilege' } });
  });

  test('a property list that does not exist is refused', async () => {
    expect(await create({ plist: 'no-such.plist' }).start(startOptions)).toMatchObject({ ok: false, refusal: { code: 'not-found', message: expect.stringContaining('"plist"') as string } });
  });

  test('without launchctl its state is unknown, and acts are refused', async () => {
    vi.stubEnv('PATH', join(folder.path, 'empty'));
    const manager = create();
    expect(await manager.status(never())).toEqual({ state: 'unknown', why: 'there is no launchctl on this machine: launchd is part of macOS.' });
    expect(await manager.start(startOptions)).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
    expect(await manager.log?.(5, never())).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
    expect(await launchdManager.probe?.(never())).toEqual([{ label: 'launchd', found: false, value: 'there is no launchctl on this machine: launchd is part of macOS.' }]);
  });

  test('is at hand where launchctl answers', async () => {
    expect(await launchdManager.probe?.(never())).toEqual([{ label: 'launchd', found: true, value: expect.stringMatching(/^Darwin Bootstrapper Version 7/) as string }]);
  });
});

test.each<[string, ManagerStatus]>([
  ['\tstate = running\n\tpid = 412\n\tlast exit code = (never exited)', { state: 'running', pid: 412 }],
  ['\tstate = not running\n\tlast exit code = 0', { state: 'exited', cause: { kind: 'exit-code', code: 0 } }],
  ['\tstate = not running\n\tlast exit code = 78: EX_CONFIG', { state: 'exited', cause: { kind: 'exit-code', code: 78 } }],
  ['\tstate = not running\n\tlast exit code = (never exited)', { state: 'exited', cause: { kind: 'not-running' } }],
  ['\tstate = waiting\n\tlast terminating signal = Bus error: 10', { state: 'exited', cause: { kind: 'signal', signal: 'SIGBUS' } }],
  ['\targuments = {\n\t\t/bin/api\n\t}\n\n\tstate = running\n\tpid = 412', { state: 'running', pid: 412 }],
  ['\tstate = spawn scheduled\n\tlast terminating signal = Killed: 9', { state: 'starting' }],
  ['\tstate = SIGTERMed\n\tpid = 412', { state: 'stopping' }],
  ['\tstate = something of macOS 27', { state: 'unknown', why: 'launchctl says com.example.api is "something of macOS 27"' }],
])('%j is %j', (printed, expected) => {
  const stdout = `gui/501/${LABEL} = {\n\tactive count = 1\n${printed}\n\tspawn type = daemon (3)\n\t\tstate = of a nested block\n}`;
  expect(statusOf({ exitCode: 0, signal: null, stdout, stderr: '', timedOut: false, notFound: false, startError: null }, LABEL)).toEqual(expected);
});
