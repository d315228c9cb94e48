import { describe, expect, it } from 'vitest';
import { bedWith } from './bed.ts';

const MINUTE = 60_000;
const owned = { manager: { owned: true } };

describe('services that Upkeep runs itself, on virtual time', () => {
  it('a quit while a heal is being verified is made good by the next start, in the same attempt', async () => {
    const bed = await bedWith({ web: owned }).begin();
    const web = bed.service('web');
    web.needsMs = 2_500;
    web.die();
    await bed.run(1_000);
    await bed.stop();
    expect(web.running).toBe(false);
    await bed.begin();
    await bed.run(4_000);
    expect(bed.shown('web')).toMatchObject({ status: 'up', heal: { inLastHour: 1 } });
    expect(bed.timeline('heal.failed', 'alert')).toEqual([]);
    await bed.stop();
  });

  it('a quit while it is still starting is no heal at the next start', async () => {
    const bed = bedWith({ web: owned });
    const web = bed.service('web');
    Object.assign(web, { running: false, needsMs: 5_000 });
    await bed.begin();
    await bed.run(1_000);
    await bed.stop();
    await bed.begin();
    await bed.run(6_000);
    expect(bed.shown('web')).toMatchObject({ status: 'up', heal: { inLastHour: 0 } });
    await bed.stop();
  });

  it('autoStart false: it is not started until a person starts it, and that is no heal', async () => {
    const bed = bedWith({ web: { manager: { owned: true, autoStart: false } } });
    bed.service('web').running = false;
    await bed.begin();
    await bed.run(10 * MINUTE);
    expect(bed.shown('web')).toMatchObject({ status: 'stopped', heal: { inLastHour: 0 } });
    expect(bed.service('web').startsAtMs).toEqual([]);
    const answer = bed.api.call('start', { service: 'web' });
    await bed.run(1_000);
    expect((await answer).ok).toBe(true);
    expect(bed.shown('web')).toMatchObject({ status: 'up', heal: { inLastHour: 0 } });
    await bed.stop();
  });

  it('a corrected command is started at once, whatever the cooldown of the wrong one', async () => {
    const bed = await bedWith({ web: owned }).begin();
    const web = bed.service('web');
    web.answers = 'wrongly';
    await bed.run(2 * MINUTE);
    expect(bed.shown('web').status).toBe('down');
    web.answers = 'well';
    const starts = web.startsAtMs.length;
    await bed.reload({ services: { web: { manager: { owned: true, edition: 2 } } } });
    await bed.run(1_000);
    expect(bed.shown('web').status).toBe('up');
    expect(web.startsAtMs).toHaveLength(starts + 1);
    await bed.stop();
  });

  it('a service that is taken out of services.json is stopped, also in the middle of its heal', async () => {
    const bed = await bedWith({ web: { manager: { owned: true }, heal: { cooldown: '0s' } }, api: owned }).begin();
    const web = bed.service('web');
    web.needsMs = 20_000;
    web.die();
    await bed.run(1_000);
    await bed.reload({ services: { api: owned } });
    await bed.run(MINUTE);
    expect(web.running).toBe(false);
    expect(web.startsAtMs).toHaveLength(1);
    await bed.stop();
  });

  it('a reload that is under way when Upkeep quits leaves nothing running', async () => {
    const bed = await bedWith({ slow: owned }).begin();
    Object.assign(bed.service('slow'), { needsMs: 20_000, stopTakesMs: 2_000 });
    bed.service('slow').die();
    await bed.run(1_000);
    const reloaded = bed.reload({ services: { slow: { manager: { owned: true, edition: 2 } }, added: owned } });
    await bed.stop();
    await reloaded;
    expect([bed.service('slow').running, bed.service('added').running]).toEqual([false, false]);
  });

  it('a stop that Upkeep did not live to finish is finished by the next start', async () => {
    const bed = await bedWith({ web: owned }).begin();
    bed.service('web').stopTakesMs = 5_000;
    void bed.api.call('stop', { service: 'web' });
    await bed.run(1_000);
    bed.kill();
    await bed.begin();
    await bed.run(10_000);
    expect(bed.shown('web').status).toBe('stopped');
    expect(bed.service('web').running).toBe(false);
    await bed.stop();
  });
});

describe('more of what must not happen, on virtual time', () => {
  it('a new service does not wait for a heal of another', async () => {
    const bed = await bedWith({ web: {} }).begin();
    bed.service('web').needsMs = 20_000;
    bed.service('web').die();
    await bed.run(1_000);
    void bed.reload({ services: { web: { interval: '5s' }, fresh: {} } });
    await bed.run(100);
    expect(bed.shown('fresh').status).toBe('up');
    expect(bed.timeline('config.reloaded')).toHaveLength(1);
    await bed.run(MINUTE);
    expect(bed.shown('web').status).toBe('up');
    await bed.stop();
  });

  it('an alert of a service that is gone from services.json is resolved, even if Upkeep was not running then', async () => {
    const bed = await bedWith({ web: { manager: null }, api: {} }).begin();
    bed.service('web').answers = 'wrongly';
    await bed.run(MINUTE);
    bed.kill();
    bed.useConfiguration({ services: { api: {} } });
    await bed.begin();
    await bed.run(1_000);
    expect(bed.snapshot().alerts).toEqual([]);
    expect(bed.notices.map(({ kind }) => kind)).toEqual(['raised', 'resolved']);
    await bed.stop();
  });

  it('heals that fail are announced even if the next heal may begin at once', async () => {
    const bed = await bedWith({ web: { heal: { cooldown: '0s', maxPerHour: 50, verifyWithin: '5s' } } }).begin();
    bed.service('web').livesMs = 1;
    bed.service('web').die();
    await bed.run(MINUTE);
    expect(bed.timeline('alert.raised')).toHaveLength(1);
    expect(bed.elapsed()).toBeGreaterThan(Number(bed.timeline('alert.raised')[0]?.split(' ')[0]));
    await bed.stop();
  });

  it('a service may be called constructor', async () => {
    const bed = await bedWith({ constructor: {} }).begin();
    await bed.run(1_000);
    expect(bed.shown('constructor').status).toBe('up');
    await bed.stop();
  });

  it('a channel that accepts an alert after its end is told of the end', async () => {
    const bed = await bedWith({ web: { manager: null } }).begin();
    let accept = (): void => undefined;
    bed.deliverLater = ({ kind }) => (kind === 'raised' ? new Promise((resolve) => { accept = () => resolve({ accepted: true }); }) : undefined);
    bed.service('web').answers = 'wrongly';
    await bed.run(13_000);
    bed.service('web').answers = 'well';
    await bed.run(2 * MINUTE);
    accept();
    await bed.run(1_000);
    expect(bed.notices.map(({ kind }) => kind)).toEqual(['raised', 'resolved']);
    await bed.stop();
  });

  it('two looks at the same time are one look with the same answer', async () => {
    const bed = await bedWith({ web: {} }).begin();
    await bed.run(1_000);
    bed.service('web').answers = 'never';
    const looks = [bed.api.call('checkNow', { services: ['web'] }), bed.api.call('checkNow', { services: ['web'] })];
    await bed.run(6_000);
    const [first, second] = await Promise.all(looks);
    expect(first).toEqual(second);
    expect(first?.[0]?.ok).toBe(false);
    await bed.stop();
  });
});
