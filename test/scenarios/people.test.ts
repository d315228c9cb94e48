import { describe, expect, it } from 'vitest';
import { bedWith } from './bed.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

describe('what a person asks for, on virtual time', () => {
  it('a restart by a person ignores cooldown and budget, and is counted', async () => {
    const bed = await bedWith({ web: { heal: { maxPerHour: 1 } } }).begin();
    for (let click = 1; click <= 3; click += 1) {
      const answer = bed.api.call('restart', { service: 'web' });
      await bed.run(1_000);
      expect(await answer).toEqual({ service: 'web', ok: true, message: 'Restarted; up after 0.1 s.' });
    }
    expect(bed.shown('web').heal).toMatchObject({ inLastHour: 3, maxPerHour: 1 });
    bed.service('web').die();
    await bed.run(MINUTE);
    expect(bed.shown('web').reason).toMatch(/^Held: 3 of 1 restarts used in the last hour/);
    await bed.stop();
  });

  it('two clicks on restart are one restart with one answer', async () => {
    const bed = await bedWith({ web: {} }).begin();
    const answers = [bed.api.call('restart', { service: 'web' }), bed.api.call('restart', { service: 'web' })];
    await bed.run(1_000);
    expect((await Promise.all(answers)).map(({ ok }) => ok)).toEqual([true, true]);
    expect(bed.service('web').startsAtMs).toHaveLength(1);
    await bed.stop();
  });

  it('what a person stopped stays stopped, also over a restart of Upkeep, until a person starts it', async () => {
    const bed = await bedWith({ web: {} }).begin();
    expect(await bed.api.call('stop', { service: 'web' })).toEqual({ service: 'web', ok: true, message: 'Stopped; stays stopped until you start it.' });
    await bed.run(2 * HOUR);
    await bed.stop();
    await bed.begin();
    await bed.run(2 * HOUR);
    expect(bed.shown('web')).toMatchObject({ status: 'stopped', reason: 'Stopped; stays stopped until you start it.' });
    expect(bed.service('web').running).toBe(false);
    expect(bed.timeline('heal', 'alert')).toEqual([]);
    const answer = bed.api.call('start', { service: 'web' });
    await bed.run(1_000);
    expect(await answer).toEqual({ service: 'web', ok: true, message: 'Started; up after 0.1 s.' });
    expect(bed.shown('web')).toMatchObject({ status: 'up', heal: { inLastHour: 0 } });
    await bed.stop();
  });

  it('stopping in the middle of a heal ends the heal, and the service stays stopped', async () => {
    const bed = await bedWith({ web: {} }).begin();
    bed.service('web').needsMs = 10_000;
    bed.service('web').die();
    await bed.run(2_000);
    const answer = bed.api.call('stop', { service: 'web' });
    await bed.run(20_000);
    expect((await answer).ok).toBe(true);
    expect(bed.shown('web').status).toBe('stopped');
    expect(bed.service('web').running).toBe(false);
    await bed.stop();
  });

  it('a paused service is neither healed nor announced, and is looked at as soon as the pause ends', async () => {
    const bed = await bedWith({ web: {}, api: {} }).begin();
    await bed.run(1_000);
    await bed.api.call('pause', { service: 'web', until: new Date(bed.clock.now().wall + HOUR).toISOString() });
    bed.service('web').die();
    await bed.run(HOUR - 2_000);
    expect(bed.shown('web')).toMatchObject({ status: 'paused', pausedUntil: '2026-01-05T13:00:01.000Z', reason: 'Paused until 13:00.' });
    expect(bed.timeline('heal', 'alert')).toEqual([]);
    await bed.run(3_000);
    expect(bed.timeline('heal.started')).toEqual(['3601000 heal.started web']);
    await bed.run(1_000);
    expect(bed.shown('web').status).toBe('up');
    await bed.stop();
  });

  it('a pause of everything survives a restart of Upkeep and ends by itself', async () => {
    const bed = await bedWith({ web: {} }).begin();
    await bed.api.call('pause', { until: new Date(bed.clock.now().wall + HOUR).toISOString() });
    await bed.run(1_000);
    bed.kill();
    bed.service('web').quit({ kind: 'signal', signal: 'SIGKILL' });
    await bed.begin();
    await bed.run(MINUTE);
    expect(bed.shown('web').status).toBe('paused');
    expect(bed.snapshot()).toMatchObject({ paused: true, overall: 'healthy' });
    await bed.run(HOUR);
    expect(bed.snapshot().paused).toBe(false);
    expect(bed.shown('web').status).toBe('up');
    await bed.stop();
  });

  it('heal without ids restarts what fails and leaves the rest alone', async () => {
    const bed = await bedWith({ good: {}, bad: {}, watched: { manager: null } }).begin();
    bed.service('bad').answers = 'wrongly';
    bed.service('watched').answers = 'wrongly';
    bed.clock.after(50, () => { bed.service('bad').answers = 'well'; });
    const answer = bed.api.call('heal', {});
    await bed.run(1_000);
    expect(await answer).toEqual([
      { service: 'watched', ok: false, message: '"watched" is only watched: it has no service manager that could start or stop it.' },
      { service: 'bad', ok: true, message: 'Restarted; up after 0.2 s.' },
    ]);
    expect(bed.service('good').startsAtMs).toEqual([]);
    await bed.stop();
  });

  it('an unknown id is refused by name', async () => {
    const bed = await bedWith({ web: {} }).begin();
    await expect(bed.api.call('restart', { service: 'wbe' })).rejects.toMatchObject({ code: 'unknown-service' });
    await bed.stop();
  });
});

describe('a person who stops a service', () => {
  it('is obeyed also while Upkeep writes down that it is about to restart it', async () => {
    const bed = await bedWith({ web: {} }).begin();
    await bed.run(1_000);
    bed.saveTakesMs = 300;
    bed.service('web').die();
    await bed.run(100);
    const answer = bed.api.call('stop', { service: 'web' });
    await bed.run(20_000);
    expect(await answer).toMatchObject({ ok: true });
    expect({ starts: bed.service('web').startsAtMs, status: bed.shown('web').status, heals: bed.timeline('heal') }).toEqual({ starts: [], status: 'stopped', heals: ['1100 heal.failed web'] });
    await bed.stop();
  });
});

describe('a new configuration, on virtual time', () => {
  it('touches only what has changed and keeps breakers and budgets', async () => {
    const bed = await bedWith({ web: {}, api: {} }).begin();
    bed.service('web').die();
    await bed.run(1_000);
    await bed.reload({ services: { web: { interval: '2s' }, api: {}, fresh: {} } });
    await bed.run(10_000);
    expect(bed.shown('web').heal.inLastHour).toBe(1);
    expect(bed.shown('fresh').status).toBe('up');
    expect(bed.events.filter(({ type }) => type === 'config.reloaded').map(({ reason }) => reason)).toEqual(['The configuration was read again; changed: web, fresh.']);
    expect(bed.service('api').stops).toBe(0);
    await bed.reload({ services: { web: { interval: '2s' } } });
    expect(bed.snapshot().services.map(({ id }) => id)).toEqual(['web']);
    await bed.stop();
  });

  it('waits for a heal that is under way before it changes that service', async () => {
    const bed = await bedWith({ web: {} }).begin();
    bed.service('web').needsMs = 5_000;
    bed.service('web').die();
    await bed.run(1_000);
    const reloaded = bed.reload({ services: { web: { interval: '2s' } } });
    await bed.run(10_000);
    await reloaded;
    expect(bed.timeline('heal')).toEqual(['0 heal.started web', '5100 heal.succeeded web']);
    await bed.stop();
  });
});
