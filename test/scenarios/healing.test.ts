import { describe, expect, it } from 'vitest';
import { bedWith } from './bed.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

describe('healing, on virtual time', () => {
  it('restarts a service after five failed rounds in a row, and tells it once', async () => {
    const bed = await bedWith({ web: {} }).begin();
    await bed.run(5_000);
    const web = bed.service('web');
    web.answers = 'wrongly';
    await bed.run(8_999);
    expect(bed.timeline('breaker', 'heal', 'service')).toEqual(['0 service.up web', '10000 service.degraded web']);
    web.stopTakesMs = 400;
    bed.clock.after(300, () => { web.answers = 'well'; });
    await bed.run(2_000);
    expect(bed.timeline('breaker', 'heal', 'service').slice(2)).toEqual([
      '14000 breaker.opened web', '14000 service.down web', '14000 heal.started web',
      '14500 heal.succeeded web', '14500 breaker.closed web', '14500 service.up web',
    ]);
    expect(bed.notices.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      'fixed: Restarted at 12:00 because made-up web: answered 500, expected 200-299; up again after 0.5 s.',
    ]);
    expect(bed.shown('web')).toMatchObject({ status: 'up', breaker: { state: 'closed', failures: 0 }, heal: { inLastHour: 1 } });
    expect(bed.shown('web').reason).toBe('Restarted at 12:00 because made-up web: answered 500, expected 200-299; up again after 0.5 s.');
    await bed.stop();
  });

  it('never restarts anything for a single failed round', async () => {
    const bed = await bedWith({ web: {} }).begin();
    await bed.run(5_000);
    bed.service('web').answers = 'wrongly';
    await bed.run(5_500);
    bed.service('web').answers = 'well';
    await bed.run(HOUR);
    expect(bed.timeline('heal', 'breaker', 'alert')).toEqual([]);
    await bed.stop();
  });

  it('never restarts a service that fails every other round', async () => {
    const bed = await bedWith({ web: { interval: '1s' } }).begin();
    for (let round = 0; round < 200; round += 1) {
      bed.service('web').answers = round % 2 === 0 ? 'wrongly' : 'well';
      await bed.run(1_000);
    }
    expect(bed.service('web').startsAtMs).toEqual([]);
    expect(bed.timeline('heal', 'breaker', 'alert')).toEqual([]);
    await bed.stop();
  });

  it('restarts at once when the service manager says that it has exited', async () => {
    const bed = await bedWith({ web: {} }).begin();
    await bed.run(1_234);
    bed.service('web').die();
    await bed.run(200);
    expect(bed.timeline('breaker', 'heal', 'service').slice(1)).toEqual([
      '1234 breaker.opened web', '1234 service.down web', '1234 heal.started web', '1334 heal.succeeded web', '1334 breaker.closed web', '1334 service.up web',
    ]);
    expect(bed.shown('web').reason).toBe('Restarted at 12:00 because it was killed by SIGKILL; up again after 0.1 s.');
    await bed.stop();
  });

  it('asks the service manager when a check fails, so that an exit nobody told needs no patience', async () => {
    const bed = await bedWith({ web: {} }).begin();
    bed.service('web').quit({ kind: 'exit-code', code: 3 });
    await bed.run(10_000);
    expect(bed.timeline('heal')).toEqual(['10000 heal.started web']);
    await bed.stop();
  });

  it('holds the second restart until the cooldown is over, says so, and then makes it', async () => {
    const bed = await bedWith({ web: {} }).begin();
    bed.service('web').die();
    await bed.run(1_000);
    bed.service('web').die();
    await bed.run(1_000);
    expect(bed.shown('web')).toMatchObject({ status: 'down', heal: { inLastHour: 1, nextAllowedAt: '2026-01-05T12:05:00.100Z' } });
    expect(bed.shown('web').reason).toBe('Held: last restart at 12:00, cooldown 5 min; next possible at 12:05.');
    expect(bed.reasons('heal.held')).toEqual(['Held: last restart at 12:00, cooldown 5 min; next possible at 12:05.']);
    await bed.run(5 * MINUTE);
    expect(bed.timeline('heal')).toEqual(['0 heal.started web', '100 heal.succeeded web', '1000 heal.held web', '300100 heal.started web', '300200 heal.succeeded web']);
    await bed.stop();
  });

  it('holds the fourth restart within an hour with its numbers, and gives nothing up for good', async () => {
    const bed = await bedWith({ web: { heal: { cooldown: '0s' } } }).begin();
    for (let death = 0; death < 4; death += 1) {
      bed.service('web').die();
      await bed.run(MINUTE);
    }
    expect(bed.service('web').startsAtMs).toHaveLength(3);
    expect(bed.shown('web').reason).toBe('Held: 3 of 3 restarts used in the last hour; next possible at 13:00.');
    await bed.run(HOUR);
    expect(bed.timeline('heal.started').at(-1)).toBe(`${HOUR} heal.started web`);
    expect(bed.shown('web').status).toBe('up');
    await bed.stop();
  });

  it('a growing cooldown doubles after each restart and begins anew after ten minutes of health', async () => {
    const bed = await bedWith({ web: { heal: { cooldown: { from: '10s', to: '40s' }, maxPerHour: 100 } } }).begin();
    const times = async (deaths: number): Promise<number[]> => {
      const began = bed.service('web').startsAtMs.length;
      bed.service('web').die();
      for (let waited = 0; bed.service('web').startsAtMs.length < began + deaths && waited < 200; waited += 1) {
        await bed.run(1_000);
        if (bed.service('web').running) bed.service('web').die();
      }
      return bed.service('web').startsAtMs.slice(began).map((time, index, all) => (index === 0 ? 0 : time - (all[index - 1] ?? 0)));
    };
    const gaps = await times(5);
    expect(gaps.slice(1).map((gap) => Math.round(gap / 1_000))).toEqual([10, 20, 40, 40]);
    await bed.run(2 * MINUTE);
    expect(bed.shown('web').status).toBe('up');
    await bed.run(11 * MINUTE);
    expect((await times(2)).slice(1).map((gap) => Math.round(gap / 1_000))).toEqual([10]);
    await bed.stop();
  });

  it('restarts at most two services at the same time, and the others as soon as a place is free', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const bed = await bedWith(Object.fromEntries(ids.map((id) => [id, {}]))).begin();
    for (const id of ids) Object.assign(bed.service(id), { needsMs: 2_000 });
    for (const id of ids) bed.service(id).die();
    await bed.run(1_000);
    expect(bed.timeline('heal.started')).toEqual(['0 heal.started a', '0 heal.started b']);
    expect(bed.shown('c').reason).toBe('Held: 2 restarts are under way already; next possible when one of them ends.');
    await bed.run(20_000);
    expect(bed.timeline('heal.succeeded')).toHaveLength(5);
    expect(Object.values(bed.snapshot().services).map(({ status }) => status)).toEqual(['up', 'up', 'up', 'up', 'up']);
    expect(bed.timeline('alert')).toEqual([]);
    await bed.stop();
  });

  it('spends at most the budget of the whole machine', async () => {
    const ids = Array.from({ length: 6 }, (_, index) => `s${index}`);
    const bed = await bedWith(Object.fromEntries(ids.map((id) => [id, {}])), { limits: { healsPerHour: 4 } }).begin();
    for (const id of ids) bed.service(id).die();
    await bed.run(MINUTE);
    expect(bed.timeline('heal.started')).toHaveLength(4);
    expect(bed.shown('s5').reason).toBe('Held: 4 of 4 restarts of the whole machine used in the last hour; next possible at 13:00.');
    await bed.stop();
  });

  it('a hanging service delays no other', async () => {
    const bed = await bedWith({ hangs: { manager: null }, web: { interval: '1s' } }).begin();
    bed.service('hangs').answers = 'never';
    await bed.run(30_000);
    bed.service('web').die();
    await bed.run(500);
    expect(bed.timeline('heal.succeeded')).toEqual(['30100 heal.succeeded web']);
    await bed.stop();
  });

  it('says what is wrong when a restart does not help, and tries again when it may', async () => {
    const bed = await bedWith({ web: { heal: { verifyWithin: '3s' } } }).begin();
    bed.service('web').needsMs = Infinity;
    bed.service('web').die();
    await bed.run(4_000);
    expect(bed.shown('web')).toMatchObject({ status: 'down', breaker: { state: 'open' } });
    expect(bed.reasons('heal.failed')).toEqual(['Restarted at 12:00 because it was killed by SIGKILL, but it did not come back within 3 s: made-up web: answered 500, expected 200-299; next possible at 12:05.']);
    expect(bed.timeline('alert')).toEqual(['3000 alert.raised web', '3000 alert.delivered web']);
    bed.service('web').needsMs = 0;
    await bed.run(2 * MINUTE);
    expect(bed.shown('web').status).toBe('up');
    expect(bed.timeline('alert.raised', 'alert.resolved')).toEqual(['3000 alert.raised web', '64000 alert.resolved web']);
    expect(bed.service('web').startsAtMs).toHaveLength(1);
    await bed.stop();
  });

  it('a refused restart is a result with what to do, not a crash', async () => {
    const bed = await bedWith({ web: {} }).begin();
    bed.service('web').refuses = 'Cannot restart "web": systemctl needs a password for system units. Use a user unit, or allow it in polkit.';
    bed.service('web').die();
    await bed.run(2_000);
    expect(bed.shown('web').status).toBe('down');
    expect(bed.reasons('heal.failed')[0]).toContain('systemctl needs a password for system units');
    await bed.stop();
  });

  for (const [lifetime, livesMs] of [['at once', 1], ['after 2 s', 2_000], ['after 10 min', 10 * MINUTE]] as const) {
    it(`never restarts a service that dies ${lifetime} more than three times in any hour, for a day`, async () => {
      const bed = await bedWith({ web: {} }).begin();
      bed.service('web').livesMs = livesMs;
      bed.service('web').die();
      await bed.run(24 * HOUR);
      const starts = bed.service('web').startsAtMs;
      expect(starts.length).toBeGreaterThanOrEqual(24 * 3 - 3);
      for (const [index, time] of starts.entries()) expect(starts.filter((other) => other > time - HOUR && other <= time).length, `start ${index}`).toBeLessThanOrEqual(3);
      await bed.stop();
    });
  }
});
