import { describe, expect, it } from 'vitest';
import { bedWith } from './bed.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** What is said of an alert itself, without what became of it on each channel. */
const ANNOUNCED = ['alert.raised', 'alert.repeated', 'alert.resolved', 'alert.undelivered'];

describe('alerts, on virtual time', () => {
  it('a watched service is announced after three failed rounds, again every hour, and resolved once', async () => {
    const bed = await bedWith({ web: { manager: null } }).begin();
    bed.service('web').answers = 'wrongly';
    await bed.run(2 * HOUR + 30 * MINUTE);
    bed.service('web').answers = 'well';
    await bed.run(5 * MINUTE);
    expect(bed.timeline(...ANNOUNCED).map((line) => line.replace(/\d{3} /, 'xxx '))).toEqual(['12xxx alert.raised web', '3612xxx alert.repeated web', '7212xxx alert.repeated web', expect.stringMatching(/alert\.resolved web$/)]);
    expect(bed.notices.map(({ kind }) => kind)).toEqual(['raised', 'repeated', 'repeated', 'resolved']);
    expect(new Set(bed.notices.map(({ alertId }) => alertId)).size).toBe(1);
    expect(bed.notices[0]?.message).toBe('Down: made-up web: answered 500, expected 200-299; it is only watched; restart it yourself.');
    expect(bed.snapshot().alerts).toEqual([]);
    await bed.stop();
  });

  for (const [severity, after, repeats] of [['critical', 3, HOUR], ['warning', 5, 2 * HOUR], ['info', 10, 24 * HOUR]] as const) {
    it(`a ${severity} service is announced after ${after} failed rounds and again after ${repeats / HOUR} h`, async () => {
      const bed = await bedWith({ web: { manager: null, severity, breaker: { failureThreshold: after, openFor: '30s' } } }).begin();
      bed.service('web').answers = 'wrongly';
      await bed.run(10_000 + (after - 2) * 1_000);
      expect(bed.timeline(...ANNOUNCED)).toEqual([]);
      await bed.run(1_000);
      expect(bed.timeline(...ANNOUNCED)).toEqual([`${10_000 + (after - 1) * 1_000} alert.raised web`]);
      await bed.run(repeats + 1_000);
      expect(bed.timeline(...ANNOUNCED)).toHaveLength(2);
      await bed.stop();
    });
  }

  it('nothing is announced while Upkeep can still heal it, and a fix is told once', async () => {
    const bed = await bedWith({ web: {} }).begin();
    bed.service('web').answers = 'wrongly';
    bed.clock.after(14_050, () => { bed.service('web').answers = 'well'; });
    await bed.run(HOUR);
    expect(bed.timeline(...ANNOUNCED)).toEqual([]);
    expect(bed.notices.map(({ kind }) => kind)).toEqual(['fixed']);
    await bed.stop();
  });

  it('says nothing about a fix when notifyOnFix is off', async () => {
    const alerts = { notifyOnFix: false, channels: { phone: {} }, levels: { critical: { to: ['phone'] } } };
    const bed = await bedWith({ web: {} }, { alerts }).begin();
    bed.service('web').die();
    await bed.run(MINUTE);
    expect(bed.timeline('heal')).toHaveLength(2);
    expect(bed.notices).toEqual([]);
    await bed.stop();
  });

  it('a notice that is not accepted is tried again with growing pauses, and visible until then', async () => {
    const bed = await bedWith({ web: { manager: null } }).begin();
    const tries: number[] = [];
    bed.deliver = () => {
      tries.push(bed.elapsed());
      return tries.length < 4 ? { accepted: false, unavailable: false, error: 'no connection' } : { accepted: true };
    };
    bed.service('web').answers = 'wrongly';
    await bed.run(20_000);
    expect(bed.snapshot().alerts[0]?.deliveries).toEqual([{ channel: 'phone', state: 'pending', attempts: 2, error: 'no connection', nextTryAt: '2026-01-05T12:00:27.000Z' }]);
    expect(bed.timeline(...ANNOUNCED)).toEqual(['12000 alert.raised web', '12000 alert.undelivered web']);
    await bed.run(MINUTE);
    expect(tries).toEqual([12_000, 17_000, 27_000, 47_000]);
    expect(bed.snapshot().alerts[0]?.deliveries).toEqual([{ channel: 'phone', state: 'sent', attempts: 4, error: null, nextTryAt: null }]);
    await bed.stop();
  });

  it('a restart of Upkeep repeats nothing and loses nothing', async () => {
    const bed = await bedWith({ web: { manager: null }, api: { manager: null } }).begin();
    bed.deliver = ({ service }) => (service?.id === 'web' ? { accepted: true } : { accepted: false, unavailable: false, error: 'no connection' });
    bed.service('web').answers = 'wrongly';
    bed.service('api').answers = 'wrongly';
    await bed.run(13_000);
    bed.kill();
    bed.deliver = () => ({ accepted: true });
    await bed.begin();
    await bed.run(5 * MINUTE);
    expect(bed.notices.map(({ kind, service }) => `${kind} ${service?.id}`).toSorted()).toEqual(['raised api', 'raised web']);
    bed.service('web').answers = 'well';
    bed.service('api').answers = 'well';
    await bed.run(5 * MINUTE);
    expect(bed.notices.map(({ kind, service }) => `${kind} ${service?.id}`).toSorted()).toEqual(['raised api', 'raised web', 'resolved api', 'resolved web']);
    await bed.stop();
  });

  it('what nobody was told of is not resolved either', async () => {
    const bed = await bedWith({ web: { manager: null } }).begin();
    bed.deliver = () => ({ accepted: false, unavailable: false, error: 'no connection' });
    bed.service('web').answers = 'wrongly';
    await bed.run(20_000);
    bed.service('web').answers = 'well';
    await bed.run(2 * MINUTE);
    bed.deliver = () => ({ accepted: true });
    await bed.run(HOUR);
    expect(bed.notices).toEqual([]);
    await bed.stop();
  });

  it('a check that cannot run alerts nobody and restarts nothing', async () => {
    const bed = await bedWith({ web: {} }).begin();
    bed.service('web').answers = 'unclear';
    await bed.run(24 * HOUR);
    expect(bed.timeline('alert', 'heal', 'breaker')).toEqual([]);
    expect(bed.shown('web')).toMatchObject({ status: 'unknown', reason: 'Cannot tell: no file descriptors left.' });
    await bed.stop();
  });

  it('slow is degraded: shown, not healed, not announced', async () => {
    const bed = await bedWith({ web: {} }).begin();
    bed.service('web').answers = 'slowly';
    await bed.run(HOUR);
    expect(bed.shown('web')).toMatchObject({ status: 'degraded', reason: 'Slow: made-up web: answered in 900 ms, expected at most 500 ms.' });
    expect(bed.timeline('alert', 'heal', 'breaker')).toEqual([]);
    expect(bed.snapshot().overall).toBe('degraded');
    await bed.stop();
  });
});

describe('a machine that sleeps, on virtual time', () => {
  it('judges nothing by what was measured before, and restarts nothing right after waking', async () => {
    const bed = await bedWith({ web: {}, api: {} }).begin();
    await bed.run(MINUTE);
    bed.clock.sleep(8 * HOUR);
    bed.service('web').answers = 'wrongly';
    await bed.run(2_000);
    bed.service('web').answers = 'well';
    await bed.run(20_000);
    expect(bed.timeline('heal', 'alert')).toEqual([]);
    expect(bed.timeline('supervisor.woke')).toHaveLength(1);
    expect(bed.shown('web').status).toBe('up');
    await bed.stop();
  });

  it('heals what is still down when the grace after waking is over', async () => {
    const bed = await bedWith({ web: {} }).begin();
    await bed.run(MINUTE);
    bed.clock.sleep(8 * HOUR);
    await bed.run(1_500);
    bed.service('web').die();
    await bed.run(5_000);
    expect(bed.shown('web').reason).toMatch(/^Held: the machine has just woken up; next possible at /);
    await bed.run(30_000);
    expect(bed.timeline('heal.succeeded')).toHaveLength(1);
    await bed.stop();
  });

  it('a wall clock that jumps changes no interval, no cooldown and no budget', async () => {
    const bed = await bedWith({ web: {} }).begin();
    bed.service('web').die();
    await bed.run(1_000);
    bed.service('web').die();
    bed.clock.jumpWall(-2 * HOUR);
    await bed.run(4 * MINUTE);
    bed.clock.jumpWall(4 * HOUR);
    await bed.run(30_000);
    expect(bed.timeline('heal.started')).toHaveLength(1);
    await bed.run(MINUTE);
    expect(bed.timeline('heal.started')).toEqual(['0 heal.started web', '300100 heal.started web']);
    await bed.stop();
  });
});
