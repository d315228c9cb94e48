// Answers what the alerts screen says: what a person is called for now, what was told before and whether it arrived, and the channels. Pure.
import type { UpkeepEvent } from '../../supervisor/contract/event.ts';
import type { AlertSnapshot, Snapshot } from '../../supervisor/contract/snapshot.ts';
import { clockTime, count, span, timeView, type TimeView } from '../parts/words.ts';

export interface AlertsInput {
  readonly snapshot: Snapshot | null;
  /** Of the kinds in ALERT_EVENTS, newest first. */
  readonly history: readonly UpkeepEvent[];
  readonly nowMs: number;
}
export interface DeliveryView { readonly channel: string; /** Arrived, on its way, or not. */ readonly mark: 'pass' | 'open' | 'fail'; readonly text: string }
export interface ActiveAlertView {
  readonly id: string;
  readonly service: string;
  readonly serviceName: string;
  readonly level: string;
  readonly message: string;
  readonly since: TimeView;
  /** What a person has said to it; null: nothing yet. */
  readonly answer: string | null;
  readonly canAcknowledge: boolean;
  readonly deliveries: readonly DeliveryView[];
}
export interface PastAlertView {
  readonly id: string;
  readonly service: string;
  readonly serviceName: string;
  readonly level: string;
  readonly message: string;
  readonly raised: TimeView;
  /** "lasted 3 min"; null: its beginning is no longer kept. */
  readonly lasted: string | null;
  readonly incident: string | null;
  readonly deliveries: readonly DeliveryView[];
}
export interface ChannelView { readonly name: string; readonly levels: string }
export interface AlertsView { readonly active: readonly ActiveAlertView[]; readonly past: readonly PastAlertView[]; readonly channels: readonly ChannelView[] }

/** The events past alerts are made of. */
export const ALERT_EVENTS = ['alert.raised', 'alert.resolved', 'alert.delivered', 'alert.undelivered'] as const;

export function describeAlerts({ snapshot, history, nowMs }: AlertsInput): AlertsView {
  const nameOf = (id: string): string => snapshot?.services.find((service) => service.id === id)?.name ?? id;
  const active = snapshot?.alerts ?? [];
  return {
    active: active.map((alert) => describeActive(alert, nameOf(alert.service), nowMs)),
    past: describePast(history, new Set(active.map(({ id }) => id)), nameOf, nowMs),
    channels: (snapshot?.channels ?? []).map(({ name, levels }) => ({ name, levels: levels.length === 0 ? 'no level is sent here' : `${levels.join(', ')} alerts` })),
  };
}

function describeActive(alert: AlertSnapshot, serviceName: string, nowMs: number): ActiveAlertView {
  const { id, service, level, message, since, acknowledgedAt } = alert;
  return {
    id, service, serviceName, level, message,
    since: timeView(since, nowMs),
    answer: describeReply(alert, nowMs),
    canAcknowledge: acknowledgedAt === null,
    deliveries: alert.deliveries.map((delivery) => describeDelivery(delivery, nowMs)),
  };
}

function describeReply({ acknowledgedAt, snoozed }: AlertSnapshot, nowMs: number): string | null {
  if (acknowledgedAt !== null) return `Acknowledged at ${clockTime(acknowledgedAt, nowMs)}; you hear of its end.`;
  if (snoozed === null) return null;
  return snoozed.until === null ? 'Snoozed until it recovers.' : `Snoozed until ${clockTime(snoozed.until, nowMs)}.`;
}

export function describeDelivery({ channel, state, attempts, error, nextTryAt }: AlertSnapshot['deliveries'][number], nowMs: number): DeliveryView {
  const because = error === null ? '' : `: ${error}`;
  const next = nextTryAt === null ? '' : `, next try ${clockTime(nextTryAt, nowMs)}`;
  switch (state) {
    case 'sent': return { channel, mark: 'pass', text: 'delivered' };
    case 'unavailable': return { channel, mark: 'fail', text: `not delivered${because}` };
    case 'waiting': return { channel, mark: 'open', text: nextTryAt === null ? 'waits for the end of quiet hours' : `waits for the end of quiet hours at ${clockTime(nextTryAt, nowMs)}` };
    case 'suppressed': return { channel, mark: 'open', text: 'kept quiet by your settings' };
    case 'pending': return attempts === 0 ? { channel, mark: 'open', text: 'being sent' } : { channel, mark: 'fail', text: `not delivered after ${count(attempts, 'attempt')}${because}${next}` };
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** An alert whose beginning is too old to be kept is left out: there is nothing to say of it. */
function describePast(history: readonly UpkeepEvent[], active: ReadonlySet<string>, nameOf: (id: string) => string, nowMs: number): PastAlertView[] {
  const byAlert = new Map<string, UpkeepEvent[]>();
  for (const event of history) {
    const alert = textOf(event['alert']);
    if (alert !== null && !active.has(alert)) byAlert.set(alert, [...(byAlert.get(alert) ?? []), event]);
  }
  return [...byAlert].flatMap(([id, events]) => {
    const raised = events.find(({ type }) => type === 'alert.raised');
    if (raised?.service === undefined) return [];
    const resolved = events.find(({ type }) => type === 'alert.resolved');
    return [{
      id, service: raised.service, serviceName: nameOf(raised.service), level: textOf(raised['level']) ?? 'critical', message: raised.reason ?? '',
      raised: timeView(raised.at, nowMs),
      lasted: resolved === undefined ? null : `lasted ${span(Date.parse(resolved.at) - Date.parse(raised.at))}`,
      incident: textOf(raised['incident']),
      deliveries: pastDeliveries(events),
    }];
  });
}

/** The first word of a channel counts: whether the alert itself arrived. Events come newest first. */
function pastDeliveries(events: readonly UpkeepEvent[]): DeliveryView[] {
  const byChannel = new Map<string, DeliveryView>();
  for (const event of events) {
    const channel = textOf(event['channel']);
    if (channel === null) continue;
    if (event.type === 'alert.delivered') byChannel.set(channel, { channel, mark: 'pass', text: 'delivered' });
    else if (event.type === 'alert.undelivered' && byChannel.get(channel)?.mark !== 'pass') byChannel.set(channel, { channel, mark: 'fail', text: 'not delivered' });
  }
  return [...byChannel.values()].toSorted((a, b) => a.channel.localeCompare(b.channel));
}
