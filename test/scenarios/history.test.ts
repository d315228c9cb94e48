import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bucket, Overview, Statistics } from '../../supervisor/contract/history.ts';
import { openJournal, readJournal } from '../../supervisor/store/journal.ts';
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

describe('incidents, on virtual time', () => {
  const incidentsOf = async (bed: Bed) => (await bed.api.call('incidents', {})).map(({ outcome, began, detected, ended, heals, symptom }) => ({
    outcome, began: began.slice(11, 19), detected: detected.slice(11, 19), ended: ended?.slice(11, 19) ?? null, heals, symptom,
  }));
  const FAILING = 'made-up web: answered 500, expected 200-299.';

  it('last from the first symptom until it is healed, and count the heals', async () => {
    const bed = await keeping(bedWith({ web: {} })).begin();
    await bed.run(MINUTE);
    bed.service('web').answers = 'wrongly';
    // The first heal does not help, the second does.
    await bed.run(2 * MINUTE);
    expect(await incidentsOf(bed)).toEqual([{ outcome: 'open', began: '12:01:10', detected: '12:01:14', ended: null, heals: 1, symptom: FAILING }]);
    bed.service('web').answers = 'well';
    bed.service('web').running = false;
    await bed.run(10 * MINUTE);
    const [incident] = await incidentsOf(bed);
    expect(incident).toMatchObject({ outcome: 'healed', began: '12:01:10', detected: '12:01:14', heals: 2 });
    const { heals, meanTimeToDetectMs, longestOutage } = await statisticsOf(bed);
    expect(heals).toMatchObject({ total: 2, fixed: 1, byCause: [{ name: 'made-up check', total: 1, fixed: 0 }, { name: 'not running', total: 1, fixed: 1 }] });
    expect(meanTimeToDetectMs).toBe(4_000);
    expect(longestOutage?.ms).toBe(Math.round((await since(bed)).reduce((sum, { down }) => sum + down, 0) * SECOND));
    await bed.stop();
  });

  it('end by themselves, by a person who stops the service, and with its entry in services.json', async () => {
    const bed = await keeping(bedWith({ web: { manager: null }, api: { heal: { auto: false } }, db: { manager: null } })).begin();
    for (const id of ['web', 'api', 'db']) bed.service(id).answers = 'wrongly';
    await bed.run(MINUTE);
    bed.service('web').answers = 'well';
    await bed.api.call('stop', { service: 'api' });
    await bed.reload({ services: { web: { manager: null }, api: { heal: { auto: false } } } });
    await bed.run(2 * MINUTE);
    expect((await bed.api.call('incidents', {})).map(({ service, outcome, heals, ended }) => `${service} ${outcome} ${heals} ${ended === null}`).sort()).toEqual(['api stopped 0 false', 'db forgotten 0 false', 'web recovered 0 false']);
    expect((await bed.api.call('statistics', { service: 'db' })).windows[0]).toMatchObject({ availability: 1 / 6, up: 10, down: 50, incidents: 1 });
    await expect(bed.api.call('statistics', { service: 'dbb' })).rejects.toMatchObject({ code: 'unknown-service' });
    await bed.stop();
  });

  for (const diesAfterMs of [0, 1, 500, 4_000, 4_050, 4_200, 5_000, 5_500, 30_000, 61_000]) {
    it(`are one, and end, when Upkeep dies ${diesAfterMs} ms after the first symptom`, async () => {
      const bed = keeping(bedWith({ web: { manager: null } }));
      bed.saveTakesMs = 5;
      await bed.begin();
      await bed.run(MINUTE);
      bed.service('web').answers = 'wrongly';
      await bed.run(diesAfterMs);
      bed.kill();
      await bed.run(10 * SECOND);
      await bed.begin();
      await bed.run(MINUTE);
      expect(await incidentsOf(bed)).toMatchObject([{ outcome: 'open', symptom: FAILING }]);
      bed.service('web').answers = 'well';
      await bed.run(3 * MINUTE);
      expect(await incidentsOf(bed)).toMatchObject([{ outcome: 'recovered' }]);
      await bed.stop();
    });
  }

  it('are one, and end, when Upkeep dies around their end', async () => {
    for (const diesAfterMs of [0, 50, 150, 250, 2_000]) {
      const bed = keeping(bedWith({ web: { manager: null, breaker: { openFor: '10s' } } }));
      bed.historyFile = join(folder, `journal-${diesAfterMs}.db`);
      await bed.begin();
      bed.service('web').answers = 'wrongly';
      await bed.run(30 * SECOND);
      bed.service('web').answers = 'well';
      while (bed.shown('web').status !== 'up') await bed.run(10);
      await bed.run(diesAfterMs);
      bed.kill();
      await bed.begin();
      await bed.run(MINUTE);
      expect(await incidentsOf(bed)).toMatchObject([{ outcome: 'recovered' }]);
      await bed.stop();
    }
  });

  it('and everything that happened in one are shown together, oldest first', async () => {
    const bed = await keeping(bedWith({ web: {}, api: {} })).begin();
    await bed.run(MINUTE);
    bed.service('web').die();
    await bed.run(10 * MINUTE);
    const [incident] = await bed.api.call('incidents', { service: 'web' });
    const shown = await bed.api.call('incident', { incident: incident?.id ?? '' });
    expect(shown?.incident).toEqual(incident);
    expect(shown?.events.map(({ type }) => type)).toEqual(expect.arrayContaining(['breaker.opened', 'service.down', 'heal.started', 'heal.succeeded', 'breaker.closed', 'service.up']));
    expect(shown?.events.every(({ service }) => service === 'web')).toBe(true);
    expect(shown?.events.map(({ at }) => at)).toEqual(shown?.events.map(({ at }) => at).toSorted());
    expect(await bed.api.call('incident', { incident: 'incident-none' })).toBeNull();
    await bed.stop();
  });
});

describe('what the panel reads, on virtual time', () => {
  it('is refused with a reason when it makes no sense', async () => {
    const bed = await keeping(bedWith({ web: {} })).begin();
    await bed.run(MINUTE);
    await expect(bed.api.call('series', { service: 'wbe', from: iso(0) })).rejects.toMatchObject({ code: 'unknown-service' });
    await expect(bed.api.call('series', { service: 'web', from: iso(HOUR), to: iso(0) })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(bed.api.call('incidents', { service: 'wbe' })).rejects.toMatchObject({ code: 'unknown-service' });
    await bed.stop();
  });

  it('has an overview with half hours, medians and the availability of a day, after a restart too', async () => {
    const bed = await keeping(bedWith({ web: { manager: null } })).begin();
    await bed.run(30 * MINUTE);
    bed.service('web').answers = 'wrongly';
    await bed.run(30 * MINUTE);
    for (const restarted of [false, true]) {
      const { bar, latencyMs, availability } = await overviewOf(bed);
      expect([bar.length, latencyMs.length]).toEqual([48, 60]);
      // The last part is the half hour that ends with the minute that runs.
      expect(bar.at(-2)?.up).toBeGreaterThan(0.9);
      expect(bar.at(-1)?.down).toBeGreaterThan(0.9);
      expect(bar.slice(0, -3)).toEqual(Array(45).fill({ up: 0, down: 0 }));
      expect(availability).toBeCloseTo(0.5, 1);
      expect(latencyMs.filter((ms) => ms === 1).length).toBeGreaterThan(30);
      if (restarted) break;
      await bed.stop();
      await bed.begin();
    }
    await bed.stop();
  });

  it('is made of minutes for a day, of hours for a week, of days for a year', async () => {
    const bed = await keeping(bedWith({ web: { manager: null } })).begin();
    await bed.run(90 * SECOND);
    const ago = (days: number): Promise<readonly [string, number]> =>
      bed.api.call('series', { service: 'web', from: new Date(bed.clock.now().wall - days * 24 * HOUR).toISOString() }).then(({ resolution, buckets }) => [resolution, buckets.length]);
    expect([await ago(0.5), await ago(7), await ago(365)]).toEqual([['minute', 2], ['hour', 1], ['day', 1]]);
    const [day] = (await bed.api.call('series', { service: 'web', from: iso(-300 * 24 * HOUR) })).buckets;
    expect(day).toMatchObject({ at: '2026-01-05T00:00:00.000Z', down: 0 });
    // Upkeep has begun at noon.
    expect([Math.round(day?.up ?? 0), Math.round(day?.unknown ?? 0)]).toEqual([90, 12 * 3_600]);
    await bed.stop();
  });
});

describe('how long it is kept, on virtual time', () => {
  it('services.json says, also when it changes: what is too old goes a minute after the start, and then every hour', async () => {
    const services = { web: { manager: null } };
    const bed = keeping(bedWith(services, { history: { events: '2d' } }));
    const { append, close } = openJournal(bed.historyFile ?? '', () => undefined);
    for (const hours of [60, 36, 12]) append({ at: iso(-hours * HOUR), type: 'service.up', service: 'old' });
    close();
    const oldOnes = (): string[] => readJournal(bed.historyFile ?? '', { service: 'old', limit: 9 }).map(({ at }) => at);
    await bed.begin();
    await bed.run(59 * SECOND);
    expect(oldOnes()).toHaveLength(3);
    await bed.run(10 * SECOND);
    expect(oldOnes()).toEqual([iso(-12 * HOUR), iso(-36 * HOUR)]);
    await bed.reload({ services, rest: { history: { events: '1d' } } });
    await bed.run(HOUR);
    expect(oldOnes()).toEqual([iso(-12 * HOUR)]);
    await bed.stop();
  });
});
