import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bucket, Overview, Statistics } from '../../supervisor/contract/history.ts';
import { bedWith, type Bed } from './bed.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'upkeep-history-')); });
afterEach(() => { rmSync(folder, { recursive: true }); });

function keeping(bed: Bed): Bed {
  bed.historyFile = join(folder, 'journal.db');
  return bed;
}
/** On the wall clock, this long after the scenario began. */
const iso = (ms: number): string => new Date(Date.UTC(2026, 0, 5, 12) + ms).toISOString();
const since = (bed: Bed, ms = 0): Promise<readonly Bucket[]> => bed.api.call('series', { service: 'web', from: iso(ms) }).then(({ buckets }) => buckets);
/** Whole seconds: the first round comes a moment after the beginning. */
const seconds = (buckets: readonly Bucket[]): string[] => buckets.map(({ at, up, down, unknown }) => `${at.slice(11, 16)} up ${Math.round(up)} down ${Math.round(down)} unknown ${Math.round(unknown)}`);
const total = (buckets: readonly Bucket[], key: 'up' | 'down' | 'unknown'): number => Math.round(buckets.reduce((sum, bucket) => sum + bucket[key], 0));
const overviewOf = async (bed: Bed): Promise<Overview['services'][number]> => (await bed.api.call('overview', {})).services[0] ?? expect.fail('no service');
const statisticsOf = (bed: Bed): Promise<Statistics> => bed.api.call('statistics', { service: 'web' });

describe('what time counts as, on virtual time', () => {
  it('is up from the first round on, down from the first failed one, also in the minute that runs', async () => {
    const bed = await keeping(bedWith({ web: { manager: null } })).begin();
    await bed.run(90 * SECOND);
    expect(seconds(await since(bed))).toEqual(['12:00 up 60 down 0 unknown 0', '12:01 up 30 down 0 unknown 0']);
    bed.service('web').answers = 'wrongly';
    await bed.run(60 * SECOND);
    expect(seconds(await since(bed))).toEqual(['12:00 up 60 down 0 unknown 0', '12:01 up 40 down 20 unknown 0', '12:02 up 0 down 30 unknown 0']);
    bed.service('web').answers = 'well';
    await bed.run(3 * MINUTE);
    expect((await since(bed, 3 * MINUTE)).at(-1)).toMatchObject({ failures: 0, p50Ms: 1, p95Ms: 1, maxMs: 1, down: 0 });
    await bed.stop();
  });

  it('is unknown while the machine sleeps, before and after Upkeep runs, and never downtime', async () => {
    const bed = await keeping(bedWith({ web: { manager: null } })).begin();
    await bed.run(10 * MINUTE);
    bed.clock.sleep(HOUR);
    await bed.run(10 * MINUTE);
    await bed.stop();
    await bed.run(20 * MINUTE);
    await bed.begin();
    await bed.run(10 * MINUTE);
    const buckets = await since(bed);
    expect(total(buckets, 'down')).toBe(0);
    expect(total(buckets, 'up')).toBe(3 * 600);
    expect(seconds(buckets.slice(9, 12))).toEqual(['12:09 up 60 down 0 unknown 0', '12:10 up 0 down 0 unknown 60', '13:10 up 60 down 0 unknown 0']);
    expect((await statisticsOf(bed)).windows[0]).toMatchObject({ availability: 1, down: 0 });
    await bed.stop();
  });

  it('is unknown while it is paused or a person has stopped it', async () => {
    const bed = await keeping(bedWith({ web: {} })).begin();
    await bed.run(5 * MINUTE);
    await bed.api.call('pause', { service: 'web', until: iso(15 * MINUTE) });
    bed.service('web').running = false;
    await bed.run(5 * MINUTE);
    bed.service('web').running = true;
    await bed.run(10 * MINUTE);
    await bed.api.call('stop', { service: 'web' });
    await bed.run(10 * MINUTE);
    const buckets = await since(bed);
    expect({ up: total(buckets, 'up'), down: total(buckets, 'down') }).toEqual({ up: 600, down: 0 });
    const { bar } = await overviewOf(bed);
    expect(bar.at(-1)).toEqual({ up: 1, down: 0 });
    // The half hour before held the first minute only, the one before that nothing.
    expect(bar.at(-2)).toEqual({ up: 1, down: 0 });
    expect(bar.at(-3)).toEqual({ up: 0, down: 0 });
    await bed.stop();
  });

  it('is down while a heal is under way, and unknown while a person restarts what is healthy', async () => {
    const bed = await keeping(bedWith({ web: { heal: { cooldown: '1s' } } })).begin();
    await bed.run(2 * MINUTE);
    Object.assign(bed.service('web'), { stopTakesMs: 5 * SECOND, needsMs: 5 * SECOND });
    const answer = bed.api.call('restart', { service: 'web' });
    await bed.run(MINUTE);
    await answer;
    expect(total(await since(bed), 'down')).toBe(0);
    expect(total(await since(bed), 'up')).toBe(170);
    bed.service('web').die();
    await bed.run(MINUTE);
    expect(total(await since(bed), 'down')).toBe(10);
    const { heals, meanTimeToDetectMs, meanTimeToHealMs, longestOutage } = await statisticsOf(bed);
    expect(heals).toEqual({ total: 1, fixed: 1, byManager: [{ name: 'made-up', total: 1, fixed: 1 }], byCause: [{ name: 'signal', total: 1, fixed: 1 }] });
    expect(meanTimeToDetectMs).toBe(0);
    expect(meanTimeToHealMs).toBeGreaterThanOrEqual(10_000);
    expect(longestOutage).toMatchObject({ service: 'web', open: false, began: iso(3 * MINUTE), ms: meanTimeToHealMs });
    await bed.stop();
  });
});
