// The main promise, on real processes: what dies comes back, and every place says the same sentence about it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { waitFor } from '../bed/wait-for.ts';
import { freePort, isAlive, PROGRAMS, served, servingPid, startsOf, useUpkeepBed } from './upkeep-bed.ts';

const bed = useUpkeepBed();

describe('a service that is killed', () => {
  test('serves again, and status, events, history and log say in the same sentence what happened and why', async () => {
    const port = await freePort();
    await bed.configure({ version: 1, services: { web: served(port) } });
    const upkeep = await bed.watch();
    await bed.until('web', 'up');
    const first = await servingPid(port);
    process.kill(first, 'SIGKILL');
    const healed = await upkeep.event('heal.succeeded', 'web');
    expect(await servingPid(port)).not.toBe(first);
    expect(healed.reason).toMatch(/^Restarted at \d\d:\d\d because it was killed by SIGKILL; up again after \d+(\.\d)? s\.$/);
    expect((await bed.service('web')).reason).toBe(healed.reason);
    expect(bed.read('data/upkeep.log')).toContain(healed.reason);
    const history = JSON.parse((await bed.run('history', 'web', '--json')).out) as { type: string; reason: string }[];
    expect(history.map(({ type }) => type)).toEqual(['heal.succeeded', 'heal.started']);
    expect(history[0]?.reason).toBe(healed.reason);
    expect(upkeep.events().map(({ type }) => type).filter((type) => type.startsWith('breaker'))).toEqual(['breaker.opened', 'breaker.closed']);
    upkeep.child.kill('SIGTERM');
    expect((await upkeep.ended).code).toBe(0);
    expect(isAlive(startsOf(bed.home).at(-1) ?? 0)).toBe(false);
  });

  test('is held when its cooldown is not over, with the time of the next restart; a person may restart it at once', async () => {
    const port = await freePort();
    await bed.configure({ version: 1, services: { web: served(port) } });
    const upkeep = await bed.watch();
    await bed.until('web', 'up');
    process.kill(await servingPid(port), 'SIGKILL');
    await upkeep.event('heal.succeeded', 'web');
    process.kill(await servingPid(port), 'SIGKILL');
    const held = await upkeep.event('heal.held', 'web');
    expect(held.reason).toMatch(/^Held: last restart at \d\d:\d\d, cooldown 5 min; next possible at \d\d:\d\d\.$/);
    const shown = await bed.service('web');
    expect(shown).toMatchObject({ status: 'down', heal: { inLastHour: 1, maxPerHour: 3 }, breaker: { state: 'open' } });
    expect(Date.parse(shown.heal.nextAllowedAt ?? '') - Date.parse(shown.heal.lastAt ?? '')).toBe(300_000);
    const restarted = await bed.run('restart', 'web');
    expect(restarted).toMatchObject({ code: 0, out: expect.stringMatching(/Restarted; up after/) as string });
    expect(await bed.service('web')).toMatchObject({ status: 'up', heal: { inLastHour: 2 } });
  });

  test('whose program ignores SIGTERM is stopped all the same when Upkeep quits', async () => {
    const port = await freePort();
    await bed.configure({ version: 1, services: {
      stubborn: { manager: { type: 'process', command: [process.execPath, join(PROGRAMS, 'ignores-sigterm.mjs'), String(port)] }, checks: [{ type: 'tcp', port }], interval: '1s', heal: { stopWithin: '300ms' } },
    } });
    const upkeep = await bed.watch();
    await bed.until('stubborn', 'up');
    const pid = await servingPid(port);
    upkeep.child.kill('SIGTERM');
    expect((await upkeep.ended).code).toBe(0);
    expect(isAlive(pid)).toBe(false);
  });

  test('whose own output is kept in logs/<id>.log', async () => {
    await bed.configure({ version: 1, services: { talks: { manager: { type: 'process', command: [process.execPath, '-e', 'console.log("hello from the service"); setInterval(() => {}, 1000)'] } } } });
    await bed.watch();
    await waitFor('its output', () => bed.read('data/logs/talks.log').includes('hello from the service'));
  });
});

describe('a program that cannot be started', () => {
  test('is announced with what to do, and the others are not disturbed', async () => {
    const port = await freePort();
    await bed.configure({ version: 1, services: { missing: { manager: { type: 'process', command: ['no-such-program-here'] } }, web: served(port) } });
    const upkeep = await bed.watch();
    const failed = await upkeep.event('heal.failed', 'missing');
    expect(failed.reason).toContain('no-such-program-here');
    await bed.until('web', 'up');
    expect((await bed.run('status')).code).toBe(2);
  });
});

describe('a changed services.json', () => {
  test('is taken without touching what has not changed; a wrong one is refused and says where', async () => {
    const [webPort, apiPort] = [await freePort(), await freePort()];
    await bed.configure({ version: 1, services: { web: served(webPort), api: served(apiPort) } });
    const upkeep = await bed.watch();
    await bed.until('web', 'up');
    await bed.until('api', 'up');
    const pids = [await servingPid(webPort), await servingPid(apiPort)];
    await bed.configure({ version: 1, services: { web: served(webPort, { interval: '2s' }), api: served(apiPort) } });
    expect((await upkeep.event('config.reloaded')).reason).toContain('changed: web.');
    expect([await servingPid(webPort), await servingPid(apiPort)]).toEqual(pids);
    await bed.configure('{ "version": 1, "services": { "web": { "interval": "100ms" } } }');
    const rejected = await upkeep.event('config.rejected');
    expect(rejected.reason).toContain('services.json:1:52 services.web.interval: expected 250ms or more, got "100ms"');
    expect((await bed.status()).config.error).toContain('expected 250ms or more');
    await bed.until('web', 'up');
    expect(await servingPid(webPort)).toBe(pids[0]);
    await bed.configure({ version: 1, services: { api: served(apiPort) } });
    await waitFor('web to be gone', async () => (await bed.status()).services.map(({ id }) => id).join() === 'api');
    await waitFor('its process to end', () => !isAlive(pids[0] ?? 0));
    expect((await bed.status()).config.error).toBeNull();
  });
});

describe('the data folder', () => {
  test('a damaged state file is set aside and named, and supervision goes on', async () => {
    const port = await freePort();
    await bed.configure({ version: 1, services: { web: served(port) } });
    const first = await bed.watch();
    await bed.until('web', 'up');
    first.child.kill('SIGTERM');
    await first.ended;
    await writeFile(join(bed.home, 'data/state.json'), '{"version": 1, "clock":');
    const second = await bed.watch();
    const aside = await second.event('state.set-aside');
    expect(aside.reason).toMatch(/state\.json\.corrupt-/);
    expect((await bed.status()).notes.join()).toMatch(/state\.json\.corrupt-/);
    await bed.until('web', 'up');
  });

  test('never has two supervisors', async () => {
    await bed.configure({ version: 1, services: { web: served(await freePort()) } });
    const upkeep = await bed.watch();
    const second = await bed.run('watch');
    expect(second.code).toBe(1);
    expect(second.err).toContain(`process ${upkeep.child.pid ?? 0}`);
    await bed.until('web', 'up');
  });

  test('keeps secrets out of log, state, journal, status and errors', async () => {
    const secret = 'hunter2-and-more';
    const port = await freePort();
    const service = served(port);
    await bed.configure({ version: 1, services: {
      web: { ...service, checks: [{ type: 'http', url: `http://user:${secret}@127.0.0.1:${port}/?token=${secret}`, headers: { Authorization: '${env:SECRET}' } }], manager: { ...(service['manager'] as object), env: { PASSWORD: '${env:SECRET}' } } },
      leaky: { checks: [{ type: 'http', url: `http://127.0.0.1:${port}/`, expect: { body: 'before ${env:SECRET} after' } }], interval: '250ms' },
    } });
    const upkeep = await bed.watch({ SECRET: secret });
    await bed.until('web', 'up');
    process.kill(await servingPid(port), 'SIGKILL');
    await upkeep.event('heal.succeeded', 'web');
    await upkeep.event('alert.raised', 'leaky');
    const said = [JSON.stringify(upkeep.events()), JSON.stringify(await bed.status()), bed.read('data/upkeep.log'), bed.read('data/state.json')].join('\n');
    expect(said).not.toContain(secret);
  });
});
