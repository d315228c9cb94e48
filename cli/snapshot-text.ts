// Says in lines what a snapshot says: a headline, one line a service, alerts, notes. Pure.
// Every state is a word and a shape; colour only repeats it.
import type { AlertSnapshot, ServiceSnapshot, ServiceStatus, Snapshot } from '../supervisor/contract/snapshot.ts';
import { alignColumns, printable, type Cell } from './table.ts';
import type { Paint, Style } from './terminal.ts';
import { describeTime } from './time-text.ts';

export interface Reader { readonly paint: Paint; readonly now: Date }

/** Worst first: the order in which the headline tells them. */
const LOOK: Readonly<Record<ServiceStatus, { readonly shape: string; readonly style: Style; readonly is: string }>> = {
  down: { shape: '✗', style: 'red', is: 'down' },
  healing: { shape: '↻', style: 'cyan', is: 'being healed' },
  degraded: { shape: '▲', style: 'yellow', is: 'degraded' },
  unknown: { shape: '?', style: 'yellow', is: 'unknown' },
  stopped: { shape: '■', style: 'dim', is: 'stopped' },
  paused: { shape: '‖', style: 'dim', is: 'paused' },
  up: { shape: '✓', style: 'green', is: 'up' },
};
const WORST_FIRST: readonly ServiceStatus[] = ['down', 'healing', 'degraded', 'unknown', 'stopped', 'paused', 'up'];
const OVERALL_STYLE: Readonly<Record<Snapshot['overall'], Style>> = { healthy: 'green', degraded: 'yellow', failing: 'red' };

/** "All 3 services are up.", "1 of 3 services is down, 1 is paused." */
export function headline({ services }: Pick<Snapshot, 'services'>): string {
  const total = services.length;
  if (total === 0) return 'There are no services to look after.';
  const counts = WORST_FIRST.map((status) => ({ status, count: services.filter((service) => service.status === status).length })).filter(({ count }) => count > 0);
  const [worst] = counts;
  if (counts.length === 1 && worst !== undefined) {
    const who = total === 1 ? 'The only service is' : total === 2 ? 'Both services are' : `All ${total} services are`;
    return `${who} ${LOOK[worst.status].is}.`;
  }
  const told = counts.filter(({ status }) => status !== 'up');
  return `${told.map(({ status, count }, index) => `${count}${index === 0 ? ` of ${total} services` : ''} ${count === 1 ? 'is' : 'are'} ${LOOK[status].is}`).join(', ')}.`;
}

export function describeSnapshot(snapshot: Snapshot, reader: Reader): string[] {
  const { paint, now } = reader;
  const pause = snapshot.paused ? ` Everything is paused ${snapshot.pausedUntil === null ? 'until you resume it' : `until ${describeTime(snapshot.pausedUntil, now)}`}.` : '';
  const warnings = [...(snapshot.config.error === null ? [] : [snapshot.config.error]), ...snapshot.notes];
  return [
    paint('bold', paint(OVERALL_STYLE[snapshot.overall], headline(snapshot))) + pause,
    ...alignColumns(snapshot.services.map((service) => describeService(service, paint))),
    ...(snapshot.alerts.length === 0 ? [] : ['', paint('bold', snapshot.alerts.length === 1 ? '1 alert' : `${snapshot.alerts.length} alerts`), ...describeAlerts(snapshot.alerts, reader)]),
    ...(warnings.length === 0 ? [] : ['', ...warnings.map((warning) => `${paint('yellow', '!')} ${printable(warning)}`)]),
  ];
}

/** Said before a snapshot that nobody keeps up to date. */
export function describeLastKnown({ at }: Pick<Snapshot, 'at'>, { paint, now }: Reader): string {
  return paint('yellow', `Upkeep is not running; this is what was known at ${describeTime(at, now)}.`);
}

function describeService({ id, name, status, reason }: ServiceSnapshot, paint: Paint): Cell[] {
  const { shape, style } = LOOK[status];
  return [{ text: shape, paint: (text) => paint(style, text) }, { text: name === id ? id : `${name} (${id})` }, { text: status, paint: (text) => paint(style, text) }, { text: reason }];
}

function describeAlerts(alerts: readonly AlertSnapshot[], { paint, now }: Reader): string[] {
  const rows = alerts.map(({ level, service, since, message, acknowledgedAt, snoozed, deliveries }): Cell[] => {
    const answered = acknowledgedAt !== null ? ' (acknowledged)' : snoozed === null ? '' : ` (snoozed until ${snoozed.until === null ? 'it recovers' : describeTime(snoozed.until, now)})`;
    const undelivered = deliveries.map((delivery) => describeUndelivered(delivery, now));
    return [
      { text: level, paint: (text) => paint(level === 'critical' ? 'red' : level === 'warning' ? 'yellow' : 'dim', text) },
      { text: service }, { text: `since ${describeTime(since, now)}` }, { text: `${message}${answered}${undelivered.join('')}` },
    ];
  });
  return alignColumns(rows);
}

function describeUndelivered({ channel, state, error, nextTryAt }: AlertSnapshot['deliveries'][number], now: Date): string {
  switch (state) {
    case 'sent': return '';
    case 'suppressed': return ` (${channel}: your settings keep it back)`;
    case 'waiting': return ` (${channel}: quiet hours${nextTryAt === null ? '' : ` until ${describeTime(nextTryAt, now)}`})`;
    case 'pending': case 'unavailable': return ` (${channel}: not delivered${error === null ? ' yet' : `, ${error}`})`;
  }
}
