// Pull the plug on Upkeep: its services live on, nothing is lost and nothing is restarted twice.
import { describe, expect, test } from 'vitest';
import { waitFor } from '../bed/wait-for.ts';
import { freePort, isAlive, served, servingPid, startsOf, useUpkeepBed, type Watching } from './upkeep-bed.ts';

const bed = useUpkeepBed();

async function plug(upkeep: Watching): Promise<void> {
  upkeep.child.kill('SIGKILL');
  await upkeep.ended;
}

describe('kill -9 of Upkeep', () => {
  test('leaves its services running; the next start adopts them and heals them as before', async () => {
    const port = await freePort();
    await bed.configure({ version: 1, services: { web: served(port) } });
    const first = await bed.watch();
    await bed.until('web', 'up');
    const pid = await servingPid(port);
    await plug(first);
    expect(await servingPid(port)).toBe(pid);
    const second = await bed.watch();
    await bed.until('web', 'up');
    expect(await servingPid(port)).toBe(pid);
    process.kill(pid, 'SIGKILL');
    await second.event('heal.succeeded', 'web');
    expect(startsOf(bed.home)).toHaveLength(2);
    second.child.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
  });

  test('stops an adopted service too when Upkeep quits, for Upkeep had started it', async () => {
    const port = await freePort();
    await bed.configure({ version: 1, services: { web: served(port) } });
    const first = await bed.watch();
    await bed.until('web', 'up');
    const pid = await servingPid(port);
    await plug(first);
    const second = await bed.watch();
    await bed.until('web', 'up');
    second.child.kill('SIGTERM');
    await second.ended;
    expect(isAlive(pid)).toBe(false);
  });

  // Fixed, so that a failure can be repeated; spread over the whole heal, which takes about 500 ms here.
  const moments = Array.from({ length: 20 }, (_, index) => (index * 7919) % 600);
  test.each(moments)('%i ms after its service died: it comes back, started once, and the budget is intact', async (momentMs) => {
    const port = await freePort();
    await bed.configure({ version: 1, services: { web: served(port, { heal: { cooldown: '1h', settleAfterStart: '50ms' } }, ['100']) } });
    const first = await bed.watch();
    await bed.until('web', 'up');
    process.kill(await servingPid(port), 'SIGKILL');
    const died = performance.now();
    // A busy wait hits the moment to the millisecond; a timer would bunch the moments.
    while (performance.now() - died < momentMs) await new Promise((resolve) => { setImmediate(resolve); });
    await plug(first);

    const second = await bed.watch();
    await waitFor('the service to serve again', async () => (await servingPid(port)) > 1);
    await bed.until('web', 'up');
    expect(startsOf(bed.home)).toHaveLength(2);
    const { heal } = await bed.service('web');
    // Upkeep may have died before it noticed: then the next start just began supervision, which is no heal.
    const began = first.events().some(({ type }) => type === 'heal.started');
    if (began) expect(heal.inLastHour).toBe(1);
    else expect(heal.inLastHour).toBeLessThanOrEqual(1);

    if (heal.inLastHour === 1) {
      process.kill(await servingPid(port), 'SIGKILL');
      const held = await second.event('heal.held', 'web');
      expect(held.reason).toMatch(/^Held: last restart at /);
      expect(startsOf(bed.home)).toHaveLength(2);
    }
  });

  test('remembers what a person stopped and paused', async () => {
    const [webPort, apiPort] = [await freePort(), await freePort()];
    await bed.configure({ version: 1, services: { web: served(webPort), api: served(apiPort) } });
    const first = await bed.watch();
    await bed.until('web', 'up');
    await bed.until('api', 'up');
    expect((await bed.run('stop', 'web')).code).toBe(0);
    expect((await bed.run('pause', 'api', '--for', '1h')).code).toBe(0);
    await plug(first);
    await bed.watch();
    await bed.until('web', 'stopped');
    expect(await bed.service('api')).toMatchObject({ status: 'paused', pausedUntil: expect.any(String) as string });
    expect(startsOf(bed.home)).toHaveLength(2);
    expect((await bed.run('resume', 'api')).code).toBe(0);
    await bed.until('api', 'up');
    expect((await bed.run('start', 'web')).code).toBe(0);
    await bed.until('web', 'up');
  });
});
