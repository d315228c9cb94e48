// The whole product over a real `systemd --user`, inside test/bed/with-systemd-user.sh: units that crash, hang, ignore SIGTERM and hit the start limit.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { healProofOf } from '../../supervisor/contract/heal-proof-of.ts';
import { runCommand } from '../../supervisor/system/run-command.ts';
import { waitFor } from '../bed/wait-for.ts';
import { freePort, PROGRAMS, servingPid, useUpkeepBed } from '../end-to-end/upkeep-bed.ts';

const UNITS = join(homedir(), '.config/systemd/user');
const bed = useUpkeepBed();
const written: string[] = [];
/** The user manager is reached through these. */
const session = { XDG_RUNTIME_DIR: process.env['XDG_RUNTIME_DIR'], DBUS_SESSION_BUS_ADDRESS: process.env['DBUS_SESSION_BUS_ADDRESS'] };

const systemctl = async (...args: string[]): Promise<string> => (await runCommand(['systemctl', '--user', ...args], { timeoutMs: 30_000 })).stdout.trim();

async function startUnit(program: string, port: number, { service = '', unit = '' } = {}): Promise<string> {
  const name = `upkeep-heals-${process.pid}-${written.length + 1}`;
  written.push(name);
  mkdirSync(UNITS, { recursive: true });
  writeFileSync(join(UNITS, `${name}.service`), `[Unit]\n${unit}\n[Service]\nExecStart="${process.execPath}" "${join(PROGRAMS, program)}" ${port}\nWorkingDirectory=/tmp\n${service}\n`);
  await systemctl('daemon-reload');
  await systemctl('start', name);
  await waitFor(`${name} to serve`, async () => (await servingPid(port)) > 1);
  return name;
}
const supervised = (unit: string, port: number, rest: object = {}): object => ({
  manager: { type: 'systemd', unit, scope: 'user' }, checks: [{ type: 'http', url: `http://127.0.0.1:${port}/` }], interval: '500ms', retryInterval: '100ms', timeout: '300ms', ...rest,
});
async function killHard(port: number): Promise<number> {
  const pid = await servingPid(port);
  expect(pid).toBeGreaterThan(1);
  process.kill(pid, 'SIGKILL');
  return pid;
}

afterEach(async () => {
  for (const name of written) {
    await systemctl('kill', '--signal=SIGKILL', name);
    await systemctl('stop', name);
    await systemctl('reset-failed', name);
    rmSync(join(UNITS, `${name}.service`), { force: true });
  }
  await systemctl('daemon-reload');
});

describe('a systemd unit under supervision', () => {
  test('that is killed is restarted by systemd on behalf of Upkeep, with the cause systemd gives', async () => {
    const port = await freePort();
    const unit = await startUnit('serves-http.mjs', port);
    await bed.configure({ version: 1, services: { web: supervised(unit, port) } });
    const upkeep = await bed.watch(session);
    await bed.until('web', 'up');
    const before = await killHard(port);
    const healed = await upkeep.event('heal.succeeded', 'web');
    expect(healed.reason).toMatch(/^Restarted at \d\d:\d\d because it was killed by SIGKILL; up again after /);
    const proof = healProofOf(healed);
    expect(proof?.steps.map(({ step }) => step)).toEqual(['stopping', 'starting', 'verifying']);
    expect(proof).toMatchObject({ manager: 'systemd', result: { kind: 'fixed' }, incident: (await upkeep.event('service.down', 'web'))['incident'] });
    expect(proof?.verification.passed).toBeGreaterThanOrEqual(2);
    expect(await servingPid(port)).not.toBe(before);
    expect(await systemctl('is-active', unit)).toBe('active');
    upkeep.child.kill('SIGTERM');
    expect((await upkeep.ended).code).toBe(0);
    expect(await systemctl('is-active', unit), 'Upkeep stops only what it started itself').toBe('active');
  });

  test('that hangs is restarted after the threshold, not before', async () => {
    const port = await freePort();
    const unit = await startUnit('hangs-when-told.mjs', port);
    await bed.configure({ version: 1, services: { web: supervised(unit, port, { breaker: { failureThreshold: 3 } }) } });
    const upkeep = await bed.watch(session);
    await bed.until('web', 'up');
    await fetch(`http://127.0.0.1:${port}/hang`);
    const opened = await upkeep.event('breaker.opened', 'web');
    expect(opened['failures']).toBe(3);
    const healed = await upkeep.event('heal.succeeded', 'web');
    expect(healed.reason).toContain('connected, but no answer within 300 ms');
  });

  test('that ignores SIGTERM is killed after stopWithin, long before systemd would', async () => {
    const port = await freePort();
    const unit = await startUnit('ignores-sigterm.mjs', port, { service: 'TimeoutStopSec=90' });
    await bed.configure({ version: 1, services: { web: supervised(unit, port, { heal: { stopWithin: '500ms' } }) } });
    await bed.watch(session);
    await bed.until('web', 'up');
    const before = await servingPid(port);
    const began = performance.now();
    expect((await bed.run('restart', 'web')).code).toBe(0);
    expect(await servingPid(port)).not.toBe(before);
    // No performance figure: far below systemd's own 90 s is the point.
    expect(performance.now() - began).toBeLessThan(45_000);
  });

  test('at its start limit is not forced by Upkeep, but by a person', async () => {
    const port = await freePort();
    const unit = await startUnit('serves-http.mjs', port, { unit: 'StartLimitIntervalSec=600\nStartLimitBurst=1' });
    await bed.configure({ version: 1, services: { web: supervised(unit, port) } });
    const upkeep = await bed.watch(session);
    await bed.until('web', 'up');
    await killHard(port);
    const failed = await upkeep.event('heal.failed', 'web');
    expect(failed['result']).toMatchObject({ kind: 'refused', refusal: { code: 'start-limit' } });
    expect(failed.reason).toContain('it was started too often in a short time (StartLimitBurst)');
    const restarted = await bed.run('restart', 'web');
    expect(restarted, restarted.out + restarted.err).toMatchObject({ code: 0 });
    await bed.until('web', 'up');
  });

  test('that systemd restarts by itself is left to systemd', async () => {
    const port = await freePort();
    const unit = await startUnit('serves-http.mjs', port, { service: 'Restart=on-failure\nRestartSec=700ms' });
    await bed.configure({ version: 1, services: { web: supervised(unit, port, { breaker: { failureThreshold: 20 } }) } });
    const upkeep = await bed.watch(session);
    await bed.until('web', 'up');
    const before = await killHard(port);
    await waitFor('systemd to restart it', async () => (await servingPid(port)) !== before);
    await bed.until('web', 'up');
    expect(upkeep.events().filter(({ type }) => type.startsWith('heal'))).toEqual([]);
    expect(await systemctl('show', unit, '-p', 'NRestarts', '--value')).toBe('1');
  });
});
