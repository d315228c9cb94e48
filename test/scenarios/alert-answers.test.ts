// What a person says to alerts and how loud the desktop may be, on virtual time. The clock of the scenarios begins at 12:00 UTC.
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../supervisor/contract/settings.ts';
import { bedWith, type Bed } from './bed.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const TO_BOTH = { alerts: { channels: { phone: {}, desktop: {} }, levels: { critical: { to: ['phone', 'desktop'] }, warning: { to: ['phone', 'desktop'] } } } };
const loudness = (notifications: Partial<Settings['notifications']>): Settings => ({ ...DEFAULT_SETTINGS, notifications: { ...DEFAULT_SETTINGS.notifications, ...notifications } });
const quiet = (from: string, to: string, exceptCritical = false): Settings => loudness({ quietHours: { from, to, exceptCritical } });

/** A service that is only watched, and has just been announced as down. */
async function down(settings: Settings = DEFAULT_SETTINGS, rest: Readonly<Record<string, unknown>> = {}): Promise<{ bed: Bed; alert: string }> {
  const bed = bedWith({ web: { manager: null, ...rest } }, TO_BOTH);
  bed.settings = settings;
  await bed.begin();
  bed.service('web').answers = 'wrongly';
  await bed.run(20_000);
  const [alert] = bed.snapshot().alerts;
  if (alert === undefined) throw new Error('nothing was announced');
  return { bed, alert: alert.id };
}
const kinds = (notices: readonly { kind: string }[]): string[] => notices.map(({ kind }) => kind);
const later = (bed: Bed, ms: number): string => new Date(bed.clock.now().wall + ms).toISOString();
const delivery = (bed: Bed, channel: string) => bed.snapshot().alerts[0]?.deliveries.find((one) => one.channel === channel);

describe('an alert that a person acknowledges', () => {
  it('is repeated no more; its end is told, and a new incident is a new alert', async () => {
    const { bed, alert } = await down();
    expect(await bed.api.call('acknowledge', { alert })).toEqual({ service: 'web', ok: true, message: 'No more reminders; you are told when it is over.' });
    expect(bed.snapshot().alerts[0]?.acknowledgedAt).toBe('2026-01-05T12:00:20.000Z');
    await bed.run(5 * HOUR);
    expect(kinds(bed.notices)).toEqual(['raised']);
    bed.service('web').answers = 'well';
    await bed.run(5 * MINUTE);
    expect(kinds(bed.notices)).toEqual(['raised', 'resolved']);
    bed.service('web').answers = 'wrongly';
    await bed.run(2 * HOUR);
    expect(kinds(bed.notices)).toEqual(['raised', 'resolved', 'raised', 'repeated']);
    expect(bed.snapshot().alerts[0]).toMatchObject({ acknowledgedAt: null });
    await bed.stop();
  });

  it('is still known after Upkeep was killed', async () => {
    const { bed, alert } = await down();
    await bed.api.call('acknowledge', { alert });
    bed.kill();
    await bed.begin();
    await bed.run(3 * HOUR);
    expect(kinds(bed.notices)).toEqual(['raised']);
    expect(bed.snapshot().alerts[0]?.acknowledgedAt).not.toBeNull();
    await bed.stop();
  });

  it('is told in the journal with its service and level', async () => {
    const { bed, alert } = await down();
    await bed.api.call('acknowledge', { alert });
    expect(bed.events.find(({ type }) => type === 'alert.acknowledged')).toMatchObject({ service: 'web', alert, level: 'critical', reason: '"web is down" is known: no more reminders; its end is told.' });
    await bed.stop();
  });
});

describe('an alert that a person snoozes', () => {
  it('until a time is repeated at that moment if it is still down, and then as usual', async () => {
    const { bed, alert } = await down();
    const until = later(bed, 90 * MINUTE);
    expect(await bed.api.call('snooze', { alert, until })).toEqual({ service: 'web', ok: true, message: 'Snoozed; no more reminders until 13:30.' });
    expect(bed.snapshot().alerts[0]?.snoozed).toEqual({ until });
    await bed.run(90 * MINUTE - 1);
    expect(kinds(bed.notices)).toEqual(['raised']);
    await bed.run(2_000);
    expect(kinds(bed.notices)).toEqual(['raised', 'repeated']);
    expect(bed.snapshot().alerts[0]?.snoozed).toBeNull();
    await bed.run(HOUR);
    expect(kinds(bed.notices)).toEqual(['raised', 'repeated', 'repeated']);
    expect(bed.events.find(({ type }) => type === 'alert.snoozed')).toMatchObject({ service: 'web', alert, until, reason: '"web is down" is snoozed until 13:30.' });
    await bed.stop();
  });

  it('until it recovers is not repeated, whatever happens to Upkeep; its end is told', async () => {
    const { bed, alert } = await down();
    await bed.api.call('snooze', { alert });
    expect(bed.snapshot().alerts[0]?.snoozed).toEqual({ until: null });
    await bed.run(10 * HOUR);
    bed.kill();
    await bed.begin();
    await bed.run(10 * HOUR);
    expect(kinds(bed.notices)).toEqual(['raised']);
    bed.service('web').answers = 'well';
    await bed.run(5 * MINUTE);
    expect(kinds(bed.notices)).toEqual(['raised', 'resolved']);
    await bed.stop();
  });

  it('cannot be snoozed until a time that is over, and an alert that is none cannot be answered', async () => {
    const { bed, alert } = await down();
    await expect(bed.api.call('snooze', { alert, until: later(bed, 0) })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(bed.api.call('snooze', { alert: 'alert-99' })).rejects.toMatchObject({ code: 'unknown-service', message: 'There is no active alert "alert-99": it may have ended already.' });
    bed.service('web').answers = 'well';
    await bed.run(5 * MINUTE);
    await expect(bed.api.call('acknowledge', { alert })).rejects.toMatchObject({ code: 'unknown-service' });
    await bed.stop();
  });
});

describe('quiet hours', () => {
  it('keep the desktop quiet and nobody else; what is still active when they end is told then', async () => {
    const { bed } = await down(quiet('11:00', '12:45'));
    expect(delivery(bed, 'desktop')).toEqual({ channel: 'desktop', state: 'waiting', attempts: 0, error: null, nextTryAt: '2026-01-05T12:45:00.000Z' });
    expect(delivery(bed, 'phone')?.state).toBe('sent');
    await bed.run(45 * MINUTE - 20_001);
    expect(bed.shownOnDesktop).toEqual([]);
    await bed.run(1);
    expect(bed.shownOnDesktop).toMatchObject([{ kind: 'raised', title: 'web is down', atMs: 45 * MINUTE }]);
    expect(kinds(bed.notices)).toEqual(['raised']);
    await bed.stop();
  });

  it('swallow what has begun and ended in them', async () => {
    const { bed } = await down(quiet('11:00', '15:00'));
    bed.service('web').answers = 'well';
    await bed.run(6 * HOUR);
    expect(bed.shownOnDesktop).toEqual([]);
    expect(kinds(bed.notices)).toEqual(['raised', 'resolved']);
    expect(bed.events.find(({ type }) => type === 'alert.resolved')).toMatchObject({ untold: ['desktop'] });
    await bed.stop();
  });

  it('keep the end of what was told before them until they are over', async () => {
    const { bed } = await down(quiet('12:01', '15:00'));
    expect(kinds(bed.shownOnDesktop)).toEqual(['raised']);
    await bed.run(MINUTE);
    bed.service('web').answers = 'well';
    await bed.run(5 * MINUTE);
    expect(kinds(bed.shownOnDesktop)).toEqual(['raised']);
    await bed.run(3 * HOUR);
    expect(bed.shownOnDesktop).toMatchObject([{ kind: 'raised' }, { kind: 'resolved', atMs: 3 * HOUR }]);
    await bed.stop();
  });

  it('let critical alerts through when they are set so, and no others', async () => {
    const critical = await down(quiet('11:00', '15:00', true));
    expect(kinds(critical.bed.shownOnDesktop)).toEqual(['raised']);
    await critical.bed.stop();
    const warning = await down(quiet('11:00', '15:00', true), { severity: 'warning', breaker: { openFor: '1s' } });
    expect(warning.bed.shownOnDesktop).toEqual([]);
    await warning.bed.stop();
  });

  it('end on time although the machine sleeps meanwhile, and survive a restart of Upkeep', async () => {
    const { bed } = await down(quiet('11:00', '20:00'));
    bed.kill();
    await bed.begin();
    bed.clock.sleep(7 * HOUR + 59 * MINUTE);
    await bed.run(35_000);
    expect(bed.shownOnDesktop).toEqual([]);
    await bed.run(10_000);
    expect(kinds(bed.shownOnDesktop)).toEqual(['raised']);
    await bed.stop();
  });

  it('tell no fix, neither then nor later', async () => {
    const bed = bedWith({ web: {} }, TO_BOTH);
    bed.settings = quiet('11:00', '15:00');
    await bed.begin();
    bed.service('web').die();
    await bed.run(6 * HOUR);
    expect(kinds(bed.notices)).toEqual(['fixed']);
    expect(bed.shownOnDesktop).toEqual([]);
    expect(bed.supervisor.snapshot().alerts).toEqual([]);
    await bed.stop();
  });
});

describe('settings', () => {
  it('hold at once: what was kept back is told when the level lets it through, and not before', async () => {
    const { bed } = await down(loudness({ level: 'none' }));
    expect(delivery(bed, 'desktop')).toMatchObject({ state: 'suppressed', nextTryAt: null });
    await bed.run(3 * HOUR);
    expect(bed.shownOnDesktop).toEqual([]);
    expect(await bed.api.call('changeSettings', { settings: quiet('15:00', '16:00') })).toEqual(quiet('15:00', '16:00'));
    expect(delivery(bed, 'desktop')).toMatchObject({ state: 'waiting', nextTryAt: '2026-01-05T16:00:00.000Z' });
    await bed.api.call('changeSettings', { settings: DEFAULT_SETTINGS });
    await bed.run(0);
    expect(kinds(bed.shownOnDesktop)).toEqual(['raised']);
    expect(await bed.api.call('settings', {})).toEqual(DEFAULT_SETTINGS);
    await bed.stop();
  });

  it('that want nothing on the desktop do not keep the end of what was told from it', async () => {
    const { bed } = await down();
    await bed.api.call('changeSettings', { settings: loudness({ level: 'none' }) });
    await bed.run(2 * HOUR);
    bed.service('web').answers = 'well';
    await bed.run(5 * MINUTE);
    expect(kinds(bed.shownOnDesktop)).toEqual(['raised', 'resolved']);
    await bed.stop();
  });

  it('are kept over a restart, and refused with the reason when they are wrong or cannot be written', async () => {
    const { bed } = await down();
    await bed.api.call('changeSettings', { settings: quiet('22:00', '07:00') });
    bed.kill();
    await bed.begin();
    expect(await bed.api.call('settings', {})).toEqual(quiet('22:00', '07:00'));
    const wrong = quiet('22:00', '22:00');
    await expect(bed.api.call('changeSettings', { settings: wrong })).rejects.toMatchObject({ code: 'bad-request', message: 'settings.notifications.quietHours: "from" and "to" that differ' });
    bed.saveFails = true;
    await expect(bed.api.call('changeSettings', { settings: DEFAULT_SETTINGS })).rejects.toMatchObject({ code: 'failed', message: 'The settings could not be saved, so the old ones hold on: no space left on device.' });
    bed.saveFails = false;
    expect(await bed.api.call('settings', {})).toEqual(quiet('22:00', '07:00'));
    await bed.stop();
  });
});

describe('what became of an alert on each channel', () => {
  it('is in the journal: each first acceptance with its attempts, and once a channel that it was not accepted', async () => {
    const bed = await bedWith({ web: { manager: null } }, TO_BOTH).begin();
    let tries = 0;
    bed.deliverLater = async ({ kind }) => {
      tries += 1;
      return kind === 'raised' && tries <= 3 ? { accepted: false, unavailable: false, error: 'no connection' } : { accepted: true };
    };
    bed.service('web').answers = 'wrongly';
    await bed.run(2 * HOUR);
    const facts = bed.events.filter(({ type }) => type === 'alert.delivered' || type === 'alert.undelivered')
      .map(({ type, atMs, channel, notice, attempts }) => [atMs, type, channel, notice, attempts].filter((fact) => fact !== undefined).join(' '));
    expect(facts).toEqual([
      '12000 alert.undelivered phone', '12000 alert.undelivered desktop', '17000 alert.delivered desktop raised 2', '27000 alert.delivered phone raised 3',
      '3612000 alert.delivered phone repeated 1', '3612000 alert.delivered desktop repeated 1',
    ]);
    expect(bed.reasons('alert.delivered')).toContain('"web is down" was delivered to phone at attempt 3.');
    await bed.stop();
  });

  it('is told once also of a channel that cannot work here', async () => {
    const bed = await bedWith({ web: { manager: null } }, TO_BOTH).begin();
    bed.deliver = () => ({ accepted: false, unavailable: true, error: 'no desktop session' });
    bed.service('web').answers = 'wrongly';
    await bed.run(3 * HOUR);
    expect(bed.events.filter(({ type }) => type === 'alert.undelivered')).toMatchObject([{ channel: 'phone', error: 'no desktop session' }, { channel: 'desktop' }]);
    expect(bed.reasons('alert.undelivered')).toEqual(['phone', 'desktop'].map((channel) => `"web is down" could not be delivered to ${channel}: no desktop session; it is not tried again.`));
    await bed.stop();
  });

  it('is no event when it is about a fix, unless that is tried again', async () => {
    const bed = bedWith({ web: {} }, TO_BOTH);
    bed.deliver = () => ({ accepted: false, unavailable: true, error: 'no desktop session' });
    await bed.begin();
    bed.service('web').die();
    await bed.run(MINUTE);
    expect(bed.timeline('alert')).toEqual([]);
    await bed.stop();
  });
});

describe('a test notice', () => {
  it('goes out at once, in quiet hours too, and says who sent it', async () => {
    const { bed } = await down(quiet('11:00', '15:00'));
    expect(await bed.api.call('testChannel', { channel: 'desktop' })).toEqual({ channel: 'desktop', ok: true, message: 'desktop has accepted the test notification.' });
    expect(bed.shownOnDesktop).toMatchObject([{ kind: 'test', service: null, title: 'Upkeep test notification', message: 'It works: this was sent by Upkeep 0.0.0 on workbench.' }]);
    await bed.stop();
  });

  it('that is not accepted says why, without secrets', async () => {
    const { bed } = await down();
    bed.deliver = () => ({ accepted: false, unavailable: false, error: 'https://hook/hunter2 answered 404' });
    expect(await bed.api.call('testChannel', { channel: 'phone' })).toEqual({ channel: 'phone', ok: false, message: 'phone has not accepted the test notification: https://hook/*** answered 404.' });
    await bed.stop();
  });

  it('says what to write into services.json for a channel that is not set up, and knows which channels there are', async () => {
    const bed = await bedWith({ web: {} }, { alerts: { channels: {}, levels: {} } }).begin();
    expect(await bed.api.call('testChannel', { channel: 'phone' })).toEqual({ channel: 'phone', ok: false, message: 'phone is not set up. Write into services.json: "alerts": { "channels": { "phone": {} } }.' });
    await expect(bed.api.call('testChannel', { channel: 'pigeon' })).rejects.toMatchObject({ code: 'unknown-service', message: 'There is no channel "pigeon"; there are phone, desktop.' });
    await bed.stop();
  });
});
