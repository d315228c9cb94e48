import { describe, expect, it } from 'vitest';
import { bedWith } from './bed.ts';

const HOUR = 3_600_000;

/** A heal of 2,105 ms: 5 ms for the intent on disk, 300 ms to stop, 700 ms until it serves, with settling times in between. */
const healing = { heal: { settleAfterStop: '200ms', settleAfterStart: '300ms' } };

describe('Upkeep dies in the middle of a heal, on virtual time', () => {
  for (let diesAfterMs = 0; diesAfterMs <= 2_000; diesAfterMs += 50) {
    it(`${diesAfterMs} ms after the service has failed: nothing is lost, nothing is restarted twice`, async () => {
      const bed = bedWith({ web: healing });
      bed.saveTakesMs = 5;
      await bed.begin();
      await bed.run(60_000);
      const web = bed.service('web');
      Object.assign(web, { needsMs: 700, stopTakesMs: 300 });
      web.die();
      await bed.run(diesAfterMs);
      bed.kill();
      await bed.run(777);
      await bed.begin();
      await bed.run(60_000);
      expect(bed.shown('web')).toMatchObject({ status: 'up', breaker: { state: 'closed' } });
      expect(web.startsAtMs).toHaveLength(1);
      expect(bed.shown('web').heal.inLastHour).toBe(1);
      await bed.run(HOUR);
      expect(web.startsAtMs).toHaveLength(1);
      expect(bed.timeline('alert')).toEqual([]);
      await bed.stop();
    });
  }

  it('a heal that did not help counts as used, and the cooldown stands between it and the next', async () => {
    const bed = await bedWith({ web: {} }).begin();
    const web = bed.service('web');
    web.needsMs = Infinity;
    web.die();
    await bed.run(1_000);
    bed.kill();
    await bed.begin();
    await bed.run(10 * 60_000);
    const [first = 0, second = 0] = web.startsAtMs;
    expect(second - first).toBeGreaterThanOrEqual(300_000);
    expect(web.startsAtMs).toHaveLength(2);
    await bed.stop();
  });

  it('a restart that Upkeep could not record is not made', async () => {
    const bed = await bedWith({ web: {} }).begin();
    await bed.run(1_000);
    bed.saveFails = true;
    bed.service('web').die();
    await bed.run(1_000);
    expect(bed.service('web').startsAtMs).toEqual([]);
    expect(bed.shown('web').reason).toContain('the state file cannot be written');
    const answer = bed.api.call('restart', { service: 'web' });
    await bed.run(1_000);
    expect((await answer).ok).toBe(true);
    bed.saveFails = false;
    await bed.stop();
  });

  it('an open breaker is open after a restart, with its times', async () => {
    const bed = await bedWith({ web: { manager: null } }).begin();
    bed.service('web').answers = 'wrongly';
    await bed.run(20_000);
    const before = bed.shown('web').breaker;
    bed.kill();
    await bed.run(5_000);
    await bed.begin();
    expect(bed.shown('web').breaker).toEqual(before);
    expect(bed.shown('web').status).toBe('down');
    await bed.stop();
  });
});
