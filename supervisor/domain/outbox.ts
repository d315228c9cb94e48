// Who still has to be told what: the deliveries of each alert, their retries, and when they are done.
// An alert counts as sent when a channel has accepted it; a channel that was told of trouble is told of its end. Sends nothing itself.
import type { MonoMs } from '../contract/reason.ts';
import type { Attention } from './quiet-hours.ts';
import type { Alert, Delivery, Snooze } from './state.ts';
import { later, mono, type Now } from './time.ts';

const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 300_000;
/** News of something that is over is given up after a day; an active alert never is. */
const GIVE_UP_MS = 86_400_000;
const CLOCKS_DIFFER_MS = 1_000;

/** 5 s, then doubled up to 5 min; a receiver's own wish (Retry-After) wins when it is longer. */
export const retryDelayMs = (attempts: number, wishedMs = 0): number =>
  Math.max(Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LAST_RETRY_MS), wishedMs);

const pending = (channel: string, notice: Delivery['notice'], { told, missed }: Pick<Delivery, 'told' | 'missed'>, now: MonoMs): Delivery =>
  ({ channel, notice, state: 'pending', attempts: 0, nextTryMs: now, error: null, told, missed });

/** A new alert, or a notice about a fix, to all its channels. */
export const addressed = (alert: Omit<Alert, 'deliveries' | 'ended' | 'acknowledgedMs' | 'snooze'>, channels: readonly string[], now: MonoMs): Alert => ({
  ...alert, ended: null, acknowledgedMs: null, snooze: null,
  deliveries: channels.map((channel) => pending(channel, alert.phase === 'notice' ? 'fixed' : 'raised', { told: false, missed: false }, now)),
});

/** The same alert once more. A channel that has not even taken the first notice is still told with that one. */
export const repeated = (alert: Alert, message: string, now: MonoMs): Alert => ({
  ...alert, message, announcedMs: now, snooze: null,
  deliveries: alert.deliveries.map((delivery) => pending(delivery.channel, delivery.told ? 'repeated' : 'raised', delivery, now)),
});

/** A reminder that is still on its way is not wanted any more. First news is: other people may be told by it. */
const withoutReminders = (deliveries: readonly Delivery[]): readonly Delivery[] =>
  deliveries.map((delivery) => (delivery.notice === 'repeated' && delivery.state !== 'unavailable' ? { ...delivery, state: 'sent' } : delivery));

/** A person knows of it. Their newest word counts: an earlier snooze is over. */
export const acknowledged = (alert: Alert, now: MonoMs): Alert =>
  ({ ...alert, acknowledgedMs: now, snooze: null, deliveries: withoutReminders(alert.deliveries) });

/** A person wants no reminders for a while. Their newest word counts: an earlier "I know" would keep them from ever being reminded again. */
export const snoozed = (alert: Alert, snooze: Snooze): Alert =>
  ({ ...alert, acknowledgedMs: null, snooze, deliveries: withoutReminders(alert.deliveries) });

/** The end of an alert: told to those who know of it; the others never hear of it. */
export const resolved = (alert: Alert, ended: Alert['ended'], title: string, message: string, now: MonoMs): Alert => ({
  ...alert, phase: 'resolved', ended, title, message, announcedMs: now,
  deliveries: alert.deliveries.filter((delivery) => delivery.told).map((delivery) => pending(delivery.channel, 'resolved', delivery, now)),
});

export interface DeliveryReport {
  readonly channel: string;
  readonly notice: Delivery['notice'];
  readonly accepted: boolean;
  readonly unavailable: boolean;
  readonly error: string | null;
  readonly retryAfterMs: number;
}

function afterReport(delivery: Delivery, report: DeliveryReport, now: MonoMs): Delivery {
  const attempts = delivery.attempts + 1;
  if (report.accepted) return { ...delivery, attempts, told: true, error: null, state: delivery.notice === report.notice ? 'sent' : 'pending' };
  const tried: Delivery = { ...delivery, attempts, missed: true, error: report.error };
  // Withdrawn, or kept back, while it was under way.
  if (delivery.state !== 'pending') return { ...tried, error: delivery.error };
  if (report.unavailable && delivery.notice === report.notice) return { ...tried, state: 'unavailable' };
  return { ...tried, nextTryMs: later(now, retryDelayMs(attempts, report.retryAfterMs)) };
}

/** What a channel answered. An acceptance that arrives after the alert was resolved still earns that channel the resolution. */
export function reported(alert: Alert, report: DeliveryReport, now: MonoMs): Alert {
  if (alert.deliveries.some(({ channel }) => channel === report.channel)) {
    return { ...alert, deliveries: alert.deliveries.map((delivery) => (delivery.channel === report.channel ? afterReport(delivery, report, now) : delivery)) };
  }
  if (!report.accepted || alert.phase !== 'resolved') return alert;
  return { ...alert, deliveries: [...alert.deliveries, pending(report.channel, 'resolved', { told: true, missed: false }, now)] };
}

/** Nothing more is tried, but what is not told yet may be, once the person's settings or the time of day let it through. */
const isHeldBack = ({ state }: Delivery): boolean => state === 'waiting' || state === 'suppressed';

function heeding(delivery: Delivery, attention: Attention, now: Now): Delivery {
  if (delivery.state !== 'pending' && !isHeldBack(delivery)) return delivery;
  switch (attention.kind) {
    case 'now': return delivery.state === 'pending' ? delivery : { ...delivery, state: 'pending', nextTryMs: now.mono };
    case 'suppressed': return delivery.state === 'suppressed' ? delivery : { ...delivery, state: 'suppressed' };
    case 'waiting': {
      const nextTryMs = mono(now.mono + (attention.untilMs - now.wall));
      // The two clocks are never exactly in step; a wait that is over must not be kept for that.
      const isSame = delivery.state === 'waiting' && delivery.nextTryMs > now.mono && Math.abs(delivery.nextTryMs - nextTryMs) < CLOCKS_DIFFER_MS;
      return isSame ? delivery : { ...delivery, state: 'waiting', nextTryMs };
    }
  }
}

/** The same alerts, judged anew by what a person wants to be told now. The same array when nothing has changed. */
export function heeded(alerts: readonly Alert[], attentionOf: (alert: Alert, delivery: Delivery) => Attention, now: Now): readonly Alert[] {
  let changed = false;
  const judged = alerts.map((alert) => {
    const deliveries = alert.deliveries.map((delivery) => heeding(delivery, attentionOf(alert, delivery), now));
    if (deliveries.every((delivery, index) => delivery === alert.deliveries[index])) return alert;
    changed = true;
    return { ...alert, deliveries };
  });
  return changed ? judged : alerts;
}

export interface Due { readonly alert: Alert; readonly delivery: Delivery }

export const deliveriesDue = (alerts: readonly Alert[], now: MonoMs): Due[] =>
  alerts.flatMap((alert) => alert.deliveries.filter(({ state, nextTryMs }) => state === 'pending' && nextTryMs <= now).map((delivery) => ({ alert, delivery })));

/** When something is to be tried, or judged anew. */
export function nextDeliveryAt(alerts: readonly Alert[]): MonoMs | null {
  const times = alerts.flatMap(({ deliveries }) => deliveries.filter(({ state }) => state === 'pending' || state === 'waiting').map(({ nextTryMs }) => nextTryMs));
  return times.reduce<MonoMs | null>((first, time) => (first === null || time < first ? time : first), null);
}

/** Nothing is left to tell, or nobody would want to hear it any more. */
export const isOver = (alert: Alert, now: MonoMs): boolean =>
  alert.phase !== 'active' && (alert.deliveries.every(({ state }) => state !== 'pending' && state !== 'waiting') || now - alert.announcedMs >= GIVE_UP_MS);
