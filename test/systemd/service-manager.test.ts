// The systemd manager against a real `systemd --user` and its journal, inside test/bed/with-systemd-user.sh.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ManagerStatus, ServiceManager } from '../../supervisor/ports.ts';
import { systemdManager } from '../../supervisor/service-managers/systemd.ts';
import { runCommand } from '../../supervisor/system/run-command.ts';
import { freePort, killHard, never, parse, PATIENCE_MS, programFile, servingPid, testFolder, untilNoneIsLeft, untilServing } from '../engine/service-managers/manager-bed.ts';
import { serviceManagerSuite, startOptions, stopOptions } from '../engine/service-managers/service-manager-suite.ts';

const UNITS = join(homedir(), '.config/systemd/user');
const folder = testFolder();
const names: string[] = [];
let made = 0;

const systemctl = async (...args: string[]): Promise<string> => (await runCommand(['systemctl', '--user', ...args], { timeoutMs: PATIENCE_MS })).stdout;

/** A new unit; its name is never used twice, because systemd remembers. */
async function writeUnit(service: string, unit = ''): Promise<string> {
  const name = `upkeep-test-${process.pid}-${++made}`;
  names.push(name);
  mkdirSync(UNITS, { recursive: true });
  writeFileSync(join(UNITS, `${name}.service`), `[Unit]\n${unit}\n[Service]\n${service}\n`);
  await systemctl('daemon-reload');
  return name;
}
const execStart = (program: string, ...args: (string | number)[]): string => `ExecStart="${process.execPath}" "${programFile(program)}" ${args.join(' ')}`;
const manage = (unit: string): ServiceManager => systemdManager.create(parse(systemdManager, { unit, scope: 'user' }), folder.context());

async function removeUnits(): Promise<void> {
  for (const name of names.splice(0)) {
    await systemctl('kill', '--signal=SIGKILL', name);
    await systemctl('stop', name);
    await systemctl('reset-failed', name);
    rmSync(join(UNITS, `${name}.service`), { force: true });
  }
  await systemctl('daemon-reload');
}

beforeAll(async () => {
  const { stdout, stderr } = await runCommand(['systemctl', '--user', 'is-system-running'], { timeoutMs: PATIENCE_MS });
  expect(stdout, `no systemd --user here, run this through test/bed/with-systemd-user.sh (${stderr})`).toMatch(/running|degraded/);
  return folder.remove;
});

describe('the systemd manager', () => {
  serviceManagerSuite(() => ({
    manage: async (program, port) => manage(await writeUnit(execStart(program, port))),
    manageNothing: () => Promise.resolve(manage('upkeep-test-no-such-unit')),
    tellsCause: true,
    keepsLog: true,
    cleanUp: removeUnits,
  }));
});

describe('a systemd unit', () => {
  let port: number;
  const untilState = (manager: ServiceManager, state: ManagerStatus['state']): Promise<ManagerStatus> => vi.waitFor(async () => {
    const status = await manager.status(never());
    expect(status.state).toBe(state);
    return status;
  }, { timeout: PATIENCE_MS });

  beforeEach(async () => { port = await freePort(); });
  afterEach(async () => {
    await removeUnits();
    await untilNoneIsLeft(port);
  });

  test('that does not exist has an unknown status, which never heals', async () => {
    expect(await manage('upkeep-test-no-such-unit').status(never())).toEqual({ state: 'unknown', why: 'the unit upkeep-test-no-such-unit.service does not exist' });
    expect(await manage('upkeep-test-no-such-unit').stop(stopOptions)).toMatchObject({ ok: false, refusal: { code: 'not-found' } });
  });

  test('that crashes has exited with its code', async () => {
    const manager = manage(await writeUnit(execStart('exits-at-once.mjs', 7)));
    expect(await manager.start(startOptions)).toEqual({ ok: true });
    expect(await untilState(manager, 'exited')).toEqual({ state: 'exited', cause: { kind: 'exit-code', code: 7 } });
  });

  test('that systemd is about to restart by itself is starting, not exited', async () => {
    const manager = manage(await writeUnit(`${execStart('serves-http.mjs', port)}\nRestart=always\nRestartSec=3600`));
    await manager.start(startOptions);
    killHard(await untilServing(port));
    await untilState(manager, 'starting');
    expect(await manager.restart?.({ ...startOptions, ...stopOptions })).toEqual({ ok: true });
    await untilServing(port);
  });

  test('that ignores SIGTERM is killed after the time, and its restart goes on, although systemd itself would wait 90 s', async () => {
    const manager = manage(await writeUnit(`${execStart('ignores-sigterm.mjs', port)}\nTimeoutStopSec=90`));
    await manager.start(startOptions);
    const pid = await untilServing(port);
    expect(await manager.restart?.({ byPerson: false, withinMs: 200, signal: never() })).toEqual({ ok: true });
    expect(await untilServing(port)).not.toBe(pid);
  });

  test('that stays down after a kill, although it says Restart=always', async () => {
    const manager = manage(await writeUnit(`${execStart('ignores-sigterm.mjs', port)}\nRestart=always\nRestartSec=0\nTimeoutStopSec=90`));
    await manager.start(startOptions);
    await untilServing(port);
    expect(await manager.kill(never())).toEqual({ ok: true });
    expect(await servingPid(port)).toBeNull();
    expect(await manager.status(never())).toMatchObject({ state: 'exited' });
  });

  test('that never says it has started does not hold up the start for ever', async () => {
    const manager = manage(await writeUnit(`Type=notify\nTimeoutStartSec=3600\n${execStart('serves-http.mjs', port)}`));
    expect(await manager.start(startOptions)).toEqual({ ok: true });
    expect(await manager.status(never())).toEqual({ state: 'starting' });
    await untilServing(port);
  });

  test('whose start takes its time tells of it in the middle of a restart, and one that is started at once does not', async () => {
    // It says that it has started when a file is there.
    const ready = join(folder.path, 'ready');
    const slow = manage(await writeUnit(`ExecStartPre=/bin/sh -c 'while [ ! -e ${ready} ]; do sleep 0.05; done'\n${execStart('serves-http.mjs', port)}`));
    writeFileSync(ready, '');
    await slow.start(startOptions);
    await untilServing(port);
    rmSync(ready);
    const told: string[] = [];
    const restarting = slow.restart?.({ ...startOptions, ...stopOptions, onStarting: () => { told.push('starting'); writeFileSync(ready, ''); } });
    expect(await restarting).toEqual({ ok: true });
    expect(told).toEqual(['starting']);
  });

  test('is reachable as the user, and not as the system here; systemctl itself says which', async () => {
    const probes = await systemdManager.probe?.(never());
    expect(probes).toEqual([
      { label: 'systemctl --user', found: true, value: expect.stringMatching(/^reachable, systemd \d+/) as string },
      { label: 'systemctl --system', found: false, value: expect.stringMatching(/\.$/) as string },
    ]);
  });

  test('of the system has a journal that is empty or may not be read, which is said', async () => {
    const read = await systemdManager.create(parse(systemdManager, { unit: 'upkeep-no-such-unit' }), folder.context()).log?.(5, never());
    if (read?.ok === false) expect(read.refusal.message).toMatch(/^[^\n]+\.$/);
    else expect(read).toEqual({ ok: true, source: 'journal of upkeep-no-such-unit.service', lines: [] });
  });

  test('whose dependents are kept alive by a restart', async () => {
    const base = await writeUnit(execStart('serves-http.mjs', port));
    const dependent = await writeUnit('ExecStart=sleep 3600', `Requires=${base}.service\nAfter=${base}.service`);
    await manage(dependent).start(startOptions);
    const pid = await untilServing(port);
    expect(await manage(base).restart?.({ ...startOptions, ...stopOptions })).toEqual({ ok: true });
    expect(await untilServing(port)).not.toBe(pid);
    expect(await manage(dependent).status(never())).toMatchObject({ state: 'running' });
  });

  test('that hit the start limit is refused as such, and a person\'s restart clears it', async () => {
    const name = await writeUnit(execStart('serves-http.mjs', port), 'StartLimitBurst=2\nStartLimitIntervalSec=3600');
    const manager = manage(name);
    for (let round = 0; round < 2; round += 1) {
      expect(await manager.start(startOptions)).toEqual({ ok: true });
      killHard(await untilServing(port));
      await untilState(manager, 'exited');
    }
    expect(await manager.start(startOptions)).toMatchObject({ ok: false, refusal: { code: 'start-limit', message: expect.stringContaining('started too often') as string } });
    expect(await manager.restart?.({ ...startOptions, ...stopOptions })).toMatchObject({ ok: false, refusal: { code: 'start-limit' } });
    expect(await manager.restart?.({ ...stopOptions, byPerson: true })).toEqual({ ok: true });
    await untilServing(port);
  });

  test('whose start fails otherwise is refused with what systemd says, and is no start limit', async () => {
    const manager = manage(await writeUnit('Type=oneshot\nExecStart=false'));
    expect(await manager.start(startOptions)).toMatchObject({ ok: false, refusal: { code: 'failed', message: expect.stringMatching(/exited with error code\.$/) as string } });
  });

  test('of the system can\'t be reached where only a user\'s systemd runs, and the refusal says so', async () => {
    const manager = systemdManager.create(parse(systemdManager, { unit: 'nginx' }), folder.context());
    expect(await manager.start(startOptions)).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
    expect(await manager.status(never())).toMatchObject({ state: 'unknown' });
  });
});
