// Who still has to be told what: the deliveries of each alert, their retries, and when they are done.
// An alert counts as sent when a channel has accepted it; a channel that was told of trouble is told of its end. Sends nothing itself.
import type { MonoMs } from '../contract/reason.ts';
import type { Alert, Delivery } from './state.ts';
import { later } from './time.ts';

const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 300_000;
/** News of something that is over is given up after a day; an active alert never is. */
const GIVE_UP_MS = 86_400_000;

/** 5 s, then doubled up to 5 min; a receiver's own wish (Retry-After) wins when it is longer. */
export const retryDelayMs = (attempts: number, wishedMs = 0): number =>
  Math.max(Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LAST_RETRY_MS), wishedMs);

const pending = (channel: string, notice: Delivery['notice'], told: boolean, now: MonoMs): Delivery =>
  ({ channel, notice, state: 'pending', attempts: 0, nextTryMs: now, error: null, told });

/** A new alert, or a notice about a fix, to all its channels. */
export const addressed = (alert: Omit<Alert, 'deliveries'>, channels: readonly string[], now: MonoMs): Alert =>
  ({ ...alert, deliveries: channels.map((channel) => pending(channel, alert.phase === 'notice' ? 'fixed' : 'raised', false, now)) });

/** The same alert once more. A channel that has not even taken the first notice is still told with that one. */
export const repeated = (alert: Alert, message: string, now: MonoMs): Alert => ({
  ...alert, message, announcedMs: now,
  deliveries: alert.deliveries.map((delivery) => pending(delivery.channel, delivery.told ? 'repeated' : 'raised', delivery.told, now)),
});

/** The end of an alert: told to those who know of it; the others never hear of it. */
export const resolved = (alert: Alert, title: string, message: string, now: MonoMs): Alert => ({
  ...alert, phase: 'resolved', title, message, announcedMs: now,
  deliveries: alert.deliveries.filter((delivery) => delivery.told).map((delivery) => pending(delivery.channel, 'resolved', true, now)),
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
  if (report.unavailable && delivery.notice === report.notice) return { ...delivery, attempts, state: 'unavailable', error: report.error };
  return { ...delivery, attempts, error: report.error, nextTryMs: later(now, retryDelayMs(attempts, report.retryAfterMs)) };
}

/** What a channel answered. An acceptance that arrives after the alert was resolved still earns that channel the resolution. */
export function reported(alert: Alert, report: DeliveryReport, now: MonoMs): Alert {
  if (alert.deliveries.some(({ channel }) => channel === report.channel)) {
    return { ...alert, deliveries: alert.deliveries.map((delivery) => (delivery.channel === report.channel ? afterReport(delivery, report, now) : delivery)) };
  }
  if (!report.accepted || alert.phase !== 'resolved') return alert;
  return { ...alert, deliveries: [...alert.deliveries, pending(report.channel, 'resolved', true, now)] };
}

export interface Due { readonly alert: Alert; readonly delivery: Delivery }

export const deliveriesDue = (alerts: readonly Alert[], now: MonoMs): Due[] =>
  alerts.flatMap((alert) => alert.deliveries.filter(({ state, nextTryMs }) => state === 'pending' && nextTryMs <= now).map((delivery) => ({ alert, delivery })));

export function nextDeliveryAt(alerts: readonly Alert[]): MonoMs | null {
  const times = alerts.flatMap(({ deliveries }) => deliveries.filter(({ state }) => state === 'pending').map(({ nextTryMs }) => nextTryMs));
  return times.reduce<MonoMs | null>((first, time) => (first === null || time < first ? time : first), null);
}

/** Nothing is left to tell, or nobody would want to hear it any more. */
export const isOver = (alert: Alert, now: MonoMs): boolean =>
  alert.phase !== 'active' && (alert.deliveries.every(({ state }) => state !== 'pending') || now - alert.announcedMs >= GIVE_UP_MS);
