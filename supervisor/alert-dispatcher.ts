// Carries alerts to their channels: tries, retries when the outbox says so, and reports what each channel answered.
// Decides neither what is announced nor to whom.
import { deliveriesDue, isOver, nextDeliveryAt, reported, type DeliveryReport, type Due } from './domain/outbox.ts';
import type { Alert, Delivery } from './domain/state.ts';
import { toWall } from './domain/time.ts';
import type { Channel, Clock, DeliveryResult, Notice, Stop } from './ports.ts';
import type { Redact } from './redaction.ts';

export interface AlertDispatcherParts {
  readonly clock: Clock;
  channel(name: string): Channel | undefined;
  nameOf(service: string): string;
  alerts(): readonly Alert[];
  replace(alerts: readonly Alert[]): void;
  /** Judges anew which deliveries the person's settings let through. */
  heed(): void;
  /** A channel has accepted a notice. */
  delivered(alert: Alert, delivery: Delivery): void;
  /** A channel has not accepted something of this alert, for the first time. `retried`: it is tried again. */
  undelivered(alert: Alert, channel: string, error: string, retried: boolean): void;
  readonly redact: Redact;
  /** Resolves when the alerts are on disk. */
  persist(): Promise<void>;
  failed(error: unknown): void;
}

export interface AlertDispatcher {
  /** Sends what is due. Call it after every change of the alerts and of what a person wants to be told. */
  pump(): void;
  /** Stops trying; resolves when nothing is under way. What was not delivered stays in the alerts. */
  end(): Promise<void>;
}

export function createAlertDispatcher(parts: AlertDispatcherParts): AlertDispatcher {
  const { clock } = parts;
  const underWay = new Map<string, { readonly alert: string; readonly done: Promise<void> }>();
  const abort = new AbortController();
  let timer: Stop | null = null;

  const keyOf = ({ alert, delivery }: Due): string => JSON.stringify([alert.id, delivery.channel]);
  const known = (alert: Alert, channel: string): Delivery | undefined => parts.alerts().find(({ id }) => id === alert.id)?.deliveries.find((delivery) => delivery.channel === channel);

  const noticeOf = ({ alert, delivery }: Due): Notice => ({
    kind: delivery.notice, alertId: alert.id, service: { id: alert.service, name: parts.nameOf(alert.service) }, ended: alert.ended,
    level: alert.level, title: alert.title, message: alert.message, at: toWall(alert.announcedMs, clock.now()),
  });

  async function deliver(due: Due): Promise<void> {
    const { alert, delivery } = due;
    const channel = parts.channel(delivery.channel);
    // What is announced must be known after a crash, so that it is neither announced anew nor left without its end.
    await parts.persist().catch(parts.failed);
    const answer: DeliveryResult = channel === undefined
      ? { accepted: false, unavailable: true, error: 'this channel is not set up' }
      : await channel.deliver(noticeOf(due), abort.signal);
    if (abort.signal.aborted && !answer.accepted) return;
    const report: DeliveryReport = {
      channel: delivery.channel, notice: delivery.notice, accepted: answer.accepted,
      unavailable: !answer.accepted && answer.unavailable, error: answer.accepted ? null : parts.redact(answer.error),
      retryAfterMs: answer.accepted ? 0 : (answer.retryAfterMs ?? 0),
    };
    const before = known(alert, delivery.channel) ?? delivery;
    const now = clock.now().mono;
    parts.replace(parts.alerts().map((one) => (one.id === alert.id ? reported(one, report, now) : one)));
    await parts.persist().catch(parts.failed);
    if (answer.accepted) parts.delivered(alert, { ...delivery, attempts: delivery.attempts + 1 });
    else if (!before.missed) parts.undelivered(alert, delivery.channel, parts.redact(answer.error), !answer.unavailable);
  }

  function pump(): void {
    timer?.();
    timer = null;
    if (abort.signal.aborted) return;
    parts.heed();
    const now = clock.now().mono;
    for (const due of deliveriesDue(parts.alerts(), now)) {
      const key = keyOf(due);
      if (underWay.has(key)) continue;
      const done = deliver(due).catch(parts.failed).finally(() => {
        underWay.delete(key);
        pump();
      });
      underWay.set(key, { alert: due.alert.id, done });
    }
    // Also one whose delivery was withdrawn while it was under way: if it is accepted all the same, that channel must hear of the end.
    const busy = new Set([...underWay.values()].map(({ alert }) => alert));
    const kept = parts.alerts().filter((alert) => !isOver(alert, now) || busy.has(alert.id));
    if (kept.length !== parts.alerts().length) parts.replace(kept);
    const next = nextDeliveryAt(kept.filter(({ id }) => !busy.has(id)));
    if (next !== null) timer = clock.after(Math.max(0, next - now), pump);
  }

  return {
    pump,
    async end() {
      abort.abort();
      timer?.();
      await Promise.all([...underWay.values()].map(({ done }) => done));
    },
  };
}
