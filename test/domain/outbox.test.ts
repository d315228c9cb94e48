// Who still has to be told what, through every order in which channels answer.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acknowledged, addressed, deliveriesDue, heeded, isOver, nextDeliveryAt, repeated, reported, resolved, retryDelayMs, snoozed, type DeliveryReport } from '../../supervisor/domain/outbox.ts';
import type { Alert, Delivery } from '../../supervisor/domain/state.ts';
import type { Attention } from '../../supervisor/domain/quiet-hours.ts';
import { at, HOUR, mono, SECOND, wall } from '../builders/moment.ts';
import { buildAlert } from '../builders/service-state.ts';

const BLANK = buildAlert();
const NOW = mono(0);
const raised = (...channels: readonly string[]): Alert => addressed(BLANK, channels, NOW);
const report = (channel: string, notice: Delivery['notice'], rest: Partial<DeliveryReport> = {}): DeliveryReport =>
  ({ channel, notice, accepted: true, unavailable: false, error: null, retryAfterMs: 0, ...rest });
const refusal = (channel: string, notice: Delivery['notice'], rest: Partial<DeliveryReport> = {}): DeliveryReport => report(channel, notice, { accepted: false, error: 'no answer', ...rest });
const summary = ({ deliveries }: Alert): string[] => deliveries.map(({ channel, notice, state }) => `${channel} ${notice} ${state}`);

describe('a new alert', () => {
  test('is due at once for each of its channels', () => {
    expect(deliveriesDue([raised('desktop', 'log')], NOW).map(({ delivery }) => delivery.channel)).toEqual(['desktop', 'log']);
  });

  test('counts as sent to a channel only when that channel has accepted it', () => {
    expect(summary(reported(raised('desktop', 'log'), report('log', 'raised'), NOW))).toEqual(['desktop raised pending', 'log raised sent']);
  });

  test('about a fix is a notice of its own and never resolved', () => {
    const notice = addressed({ ...BLANK, phase: 'notice' }, ['log'], NOW);
    expect(summary(notice)).toEqual(['log fixed pending']);
    expect(isOver(notice, NOW)).toBe(false);
    expect(isOver(reported(notice, report('log', 'fixed'), NOW), NOW)).toBe(true);
  });
});

describe('a channel that does not answer', () => {
  test('is tried again after 5 s, 10 s, 20 s and so on, at most 5 min apart, for ever', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 100, 10_000].map((attempts) => retryDelayMs(attempts) / SECOND)).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300, 300]);
  });

  test('is given the longer time when it asks for one, and never a shorter', () => {
    expect(retryDelayMs(1, 60 * SECOND)).toBe(60 * SECOND);
    expect(retryDelayMs(3, SECOND)).toBe(20 * SECOND);
  });

  test('waits without holding up the others', () => {
    const alert = reported(raised('desktop', 'log'), refusal('desktop', 'raised'), NOW);
    expect(deliveriesDue([alert], NOW).map(({ delivery }) => delivery.channel)).toEqual(['log']);
    expect(nextDeliveryAt([alert])).toBe(0);
    expect(nextDeliveryAt([reported(alert, report('log', 'raised'), NOW)])).toBe(5 * SECOND);
    expect(alert.deliveries[0]).toMatchObject({ error: 'no answer', attempts: 1 });
  });

  test('and cannot work here is not tried again until there is something new to tell', () => {
    const alert = reported(raised('desktop'), refusal('desktop', 'raised', { unavailable: true }), NOW);
    expect(nextDeliveryAt([alert])).toBeNull();
    expect(summary(repeated(alert, 'Still down.', mono(HOUR)))).toEqual(['desktop raised pending']);
  });
});

describe('a reminder', () => {
  test('goes to whom the alert has reached as a reminder, to the others as news', () => {
    const alert = reported(raised('desktop', 'log'), report('log', 'raised'), NOW);
    const again = repeated(alert, 'Still down.', mono(HOUR));
    expect(summary(again)).toEqual(['desktop raised pending', 'log repeated pending']);
    expect(again).toMatchObject({ message: 'Still down.', announcedMs: HOUR, phase: 'active' });
  });
});

describe('the end of an alert', () => {
  const over = (alert: Alert): Alert => resolved(alert, 'recovered', 'web is up again', 'Up.', mono(HOUR));

  test('is told to the channels that took it, and to nobody else', () => {
    expect(summary(over(reported(raised('desktop', 'log'), report('log', 'raised'), NOW)))).toEqual(['log resolved pending']);
  });

  test('is told also to a channel that takes the alert only after its end', () => {
    const late = reported(over(raised('desktop')), report('desktop', 'raised'), mono(HOUR + 1));
    expect(summary(late)).toEqual(['desktop resolved pending']);
    expect(deliveriesDue([late], mono(HOUR + 1))).toHaveLength(1);
  });

  test('is still told when the answer to a reminder comes after it', () => {
    const alert = over(repeated(reported(raised('log'), report('log', 'raised'), NOW), 'Still down.', NOW));
    expect(summary(reported(alert, report('log', 'repeated'), mono(HOUR)))).toEqual(['log resolved pending']);
    expect(summary(reported(alert, refusal('log', 'repeated'), mono(HOUR)))).toEqual(['log resolved pending']);
    expect(summary(reported(alert, refusal('log', 'repeated', { unavailable: true }), mono(HOUR)))).toEqual(['log resolved pending']);
  });

  test('leaves nothing behind once it is told', () => {
    const alert = over(reported(raised('log'), report('log', 'raised'), NOW));
    expect(isOver(alert, mono(HOUR))).toBe(false);
    expect(isOver(reported(alert, report('log', 'resolved'), mono(HOUR)), mono(HOUR))).toBe(true);
  });

  test('is given up when nobody took it for a day; trouble that lasts never is', () => {
    expect(isOver(over(reported(raised('log'), report('log', 'raised'), NOW)), mono(25 * HOUR))).toBe(true);
    expect(isOver(raised('log'), mono(1_000 * HOUR))).toBe(false);
  });
});

describe('an alert that a person answers', () => {
  const told = reported(raised('desktop', 'log'), report('log', 'raised'), NOW);
  const answers = { acknowledged: (alert: Alert) => acknowledged(alert, mono(1)), snoozed: (alert: Alert) => snoozed(alert, { untilWallMs: null }) };

  test.each(['acknowledged', 'snoozed'] as const)('and that is %s keeps its first news for whom it has not reached, and takes back the reminder that is on its way', (answer) => {
    expect(summary(answers[answer](repeated(told, 'Still down.', NOW)))).toEqual(['desktop raised pending', 'log repeated sent']);
  });

  test('follows the newest word: a snooze ends an acknowledgement, and the other way round', () => {
    expect(snoozed(acknowledged(told, mono(1)), { untilWallMs: wall(9) })).toMatchObject({ acknowledgedMs: null, snooze: { untilWallMs: 9 } });
    expect(acknowledged(snoozed(told, { untilWallMs: null }), mono(1))).toMatchObject({ acknowledgedMs: 1, snooze: null });
  });

  test('is not tried again when a reminder that was taken back fails, and has reached whom it reaches all the same', () => {
    const quiet = acknowledged(repeated(told, 'Still down.', NOW), mono(1));
    expect(summary(reported(quiet, refusal('log', 'repeated'), mono(2)))).toEqual(['desktop raised pending', 'log repeated sent']);
    expect(summary(reported(quiet, report('log', 'repeated'), mono(2)))).toEqual(['desktop raised pending', 'log repeated sent']);
  });

  test('is reminded of again after a snooze, which is then forgotten', () => {
    expect(repeated(snoozed(told, { untilWallMs: null }), 'Still down.', mono(HOUR)).snooze).toBeNull();
  });
});

describe('a channel that may not interrupt now', () => {
  const heed = (alert: Alert, attention: Attention, now = at(0)): Alert => heeded([alert], (_, { channel }) => (channel === 'desktop' ? attention : { kind: 'now' }), now)[0] ?? alert;
  const WAIT: Attention = { kind: 'waiting', untilMs: at(HOUR).wall };

  test('waits until it may, without holding up the others', () => {
    const alert = heed(raised('desktop', 'log'), WAIT);
    expect(summary(alert)).toEqual(['desktop raised waiting', 'log raised pending']);
    expect(deliveriesDue([alert], mono(2 * HOUR)).map(({ delivery }) => delivery.channel)).toEqual(['log']);
    expect(nextDeliveryAt([reported(alert, report('log', 'raised'), NOW)])).toBe(HOUR);
    expect(deliveriesDue([heed(alert, { kind: 'now' }, at(HOUR))], mono(HOUR)).map(({ delivery }) => delivery.channel)).toEqual(['desktop', 'log']);
  });

  test('is told nothing of what was over before it was told', () => {
    expect(summary(resolved(heed(raised('desktop'), WAIT), 'recovered', 'web is up again', 'Up.', mono(1)))).toEqual([]);
    expect(summary(resolved(heed(raised('desktop'), { kind: 'suppressed' }), 'recovered', 'web is up again', 'Up.', mono(1)))).toEqual([]);
  });

  test('is told of the end later when it knows of the beginning', () => {
    const over = heed(resolved(reported(raised('desktop'), report('desktop', 'raised'), NOW), 'recovered', 'web is up again', 'Up.', mono(1)), WAIT);
    expect(summary(over)).toEqual(['desktop resolved waiting']);
    expect(isOver(over, mono(2))).toBe(false);
  });

  test('is not told of a fix later either', () => {
    const fix = heed(addressed({ ...BLANK, phase: 'notice' }, ['desktop'], NOW), { kind: 'suppressed' });
    expect(isOver(fix, mono(1))).toBe(true);
  });

  test('is judged anew by every change of what a person wants', () => {
    const kept = heed(raised('desktop'), { kind: 'suppressed' });
    expect(summary(kept)).toEqual(['desktop raised suppressed']);
    expect(nextDeliveryAt([kept])).toBeNull();
    expect(summary(heed(kept, WAIT))).toEqual(['desktop raised waiting']);
    expect(deliveriesDue([heed(kept, { kind: 'now' }, at(5))], mono(5))).toHaveLength(1);
  });

  test('has taken what it takes although it is kept back meanwhile, and is not tried again when it does not', () => {
    const kept = heed(raised('desktop'), { kind: 'suppressed' });
    expect(summary(reported(kept, report('desktop', 'raised'), mono(1)))).toEqual(['desktop raised sent']);
    expect(summary(reported(kept, refusal('desktop', 'raised'), mono(1)))).toEqual(['desktop raised suppressed']);
  });

  test('keeps its time while the clocks drift apart by less than a second, and the alerts are then the same', () => {
    const alerts = [heed(raised('desktop'), WAIT)];
    expect(heeded(alerts, () => ({ kind: 'waiting', untilMs: wall(at(HOUR).wall + 999) }), at(0))).toBe(alerts);
    expect(heeded(alerts, () => ({ kind: 'waiting', untilMs: wall(at(HOUR).wall + 2_000) }), at(0))[0]?.deliveries[0]?.nextTryMs).toBe(HOUR + 2_000);
    expect(heeded(alerts, () => ({ kind: 'waiting', untilMs: wall(at(HOUR).wall + 5) }), at(HOUR))[0]?.deliveries[0]?.nextTryMs).toBe(HOUR + 5);
  });

  test('leaves alone what is sent', () => {
    const sent = [reported(raised('desktop'), report('desktop', 'raised'), NOW)];
    expect(heeded(sent, () => ({ kind: 'suppressed' }), at(0))).toBe(sent);
  });
});

describe('what a channel did not take', () => {
  test('is remembered through reminders and the end, so that it is said once', () => {
    const missed = reported(raised('log'), refusal('log', 'raised', { unavailable: true }), NOW);
    expect(missed.deliveries[0]?.missed).toBe(true);
    const later = reported(repeated(missed, 'Still down.', mono(1)), report('log', 'raised'), mono(2));
    expect(resolved(later, 'recovered', 'web is up again', 'Up.', mono(3)).deliveries[0]).toMatchObject({ missed: true, told: true });
  });
});

describe('whatever the order of answers, reminders and the end', () => {
  type Move = { readonly type: 'send' | 'repeat' } | { readonly type: 'answer'; readonly channel: string; readonly answer: 'accepted' | 'failed' };
  const channels = ['desktop', 'log'] as const;
  const moves = fc.array(fc.oneof(
    { weight: 3, arbitrary: fc.constant<Move>({ type: 'send' }) }, { weight: 1, arbitrary: fc.constant<Move>({ type: 'repeat' }) },
    { weight: 4, arbitrary: fc.record({ type: fc.constant('answer' as const), channel: fc.constantFrom(...channels), answer: fc.constantFrom('accepted' as const, 'failed' as const) }) },
  ), { maxLength: 30 });

  test('each channel that took the alert is told of its end exactly once, and no other', () => {
    fc.assert(fc.property(moves, moves, (before, after) => {
      let now = NOW;
      let alert = raised(...channels);
      const underWay = new Map<string, Delivery['notice']>();
      const taken: string[] = [];
      const send = (): void => {
        for (const { delivery } of deliveriesDue([alert], now)) if (!underWay.has(delivery.channel)) underWay.set(delivery.channel, delivery.notice);
      };
      const answer = (channel: string, accepted: boolean): void => {
        const notice = underWay.get(channel);
        if (notice === undefined) return;
        underWay.delete(channel);
        if (accepted) taken.push(`${channel} ${notice}`);
        alert = reported(alert, accepted ? report(channel, notice) : refusal(channel, notice), now);
      };
      const play = (played: readonly Move[]): void => {
        for (const move of played) {
          now = mono(now + 60 * SECOND);
          if (move.type === 'send') send();
          else if (move.type === 'answer') answer(move.channel, move.answer === 'accepted');
          else if (alert.phase === 'active') alert = repeated(alert, 'Still down.', now);
        }
      };
      play(before);
      alert = resolved(alert, 'recovered', 'web is up again', 'Up.', now);
      play(after);
      for (let turn = 0; turn < 3; turn += 1) {
        for (const channel of channels) answer(channel, true);
        now = mono(now + 300 * SECOND);
        send();
      }
      for (const channel of channels) {
        const knows = taken.includes(`${channel} raised`) || taken.includes(`${channel} repeated`);
        expect(taken.filter((notice) => notice === `${channel} resolved`)).toHaveLength(knows ? 1 : 0);
      }
      expect(isOver(alert, now)).toBe(true);
    }), { numRuns: 300 });
  });
});
