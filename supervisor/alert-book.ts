// Keeps the alerts: asks the domain after every change whether a person must be told, writes it into the state, and has it sent.
// Knows the channels by name only.
import type { AlertConfiguration, Configuration, ServiceConfiguration } from './contract/configuration.ts';
import type { EventType } from './contract/event.ts';
import type { Settings } from './contract/settings.ts';
import type { AlertChannels } from './alert-channels.ts';
import { createAlertDispatcher } from './alert-dispatcher.ts';
import { judgeAlert } from './domain/alert-policy.ts';
import type { MachineView } from './domain/decision.ts';
import { explain, explainAlert, type FormatTime } from './domain/explain.ts';
import { acknowledged, addressed, heeded, repeated, resolved, snoozed } from './domain/outbox.ts';
import { judgeAttention, quietUntil, type MinuteOfDay } from './domain/quiet-hours.ts';
import type { Alert, Delivery, ServiceState, Snooze } from './domain/state.ts';
import { reasonOf } from './domain/status.ts';
import type { Clock } from './ports.ts';
import type { Redact } from './redaction.ts';

export interface AlertBookParts {
  readonly clock: Clock;
  readonly channels: AlertChannels;
  readonly format: FormatTime;
  readonly minuteOfDay: MinuteOfDay;
  readonly freshId: () => string;
  readonly failed: (error: unknown) => void;
  readonly emit: (type: EventType, reason: string, facts?: Readonly<Record<string, unknown>>) => void;
  readonly redact: Redact;
  machine(): MachineView;
  /** How loud the channels that interrupt may be now. */
  loudness(): Settings['notifications'];
  /** Resolves when the alerts are on disk. */
  persist(): Promise<void>;
  alerts(): readonly Alert[];
  replace(alerts: readonly Alert[]): void;
}

export interface AlertBook {
  configure(configuration: Configuration): void;
  /** `healed`: a heal of Upkeep's own has just fixed it. */
  update(service: ServiceState, configuration: ServiceConfiguration, healed: boolean): void;
  /** The service is supervised no longer: what was announced is resolved. */
  forget(id: string): void;
  /** A person knows of it. null: no active alert has that id. */
  acknowledge(id: string): Alert | null;
  /** A person wants no reminders for a while. null: no active alert has that id. */
  snooze(id: string, snooze: Snooze): Alert | null;
  pump(): void;
  end(): Promise<void>;
}

export function createAlertBook(parts: AlertBookParts): AlertBook {
  const { clock, channels, format, emit } = parts;
  let names = new Map<string, string>();
  let policy: AlertConfiguration | null = null;

  function heed(): void {
    if (parts.alerts().length === 0) return;
    const now = clock.now();
    const { level, quietHours } = parts.loudness();
    const rule = { level, exceptCritical: quietHours?.exceptCritical ?? false, quietUntilMs: quietUntil(quietHours, now.wall, parts.minuteOfDay) };
    const next = heeded(parts.alerts(), (alert, delivery) => (channels.interrupts(delivery.channel) ? judgeAttention(delivery, alert.level, rule) : { kind: 'now' }), now);
    if (next !== parts.alerts()) parts.replace(next);
  }

  const factsOf = ({ service, id, incident }: Alert) => ({ service, alert: id, ...(incident !== null && { incident }) });
  // A notice about a fix is no alert: that it arrived, or that this machine has no such channel, is not worth an event.
  function delivered(alert: Alert, { channel, notice, attempts }: Delivery): void {
    if (alert.phase === 'notice') return;
    emit('alert.delivered', `"${alert.title}" was delivered to ${channel}${attempts === 1 ? '' : ` at attempt ${attempts}`}.`, { ...factsOf(alert), channel, notice, attempts });
  }
  function undelivered(alert: Alert, channel: string, error: string, retried: boolean): void {
    if (alert.phase === 'notice' && !retried) return;
    emit('alert.undelivered', `"${alert.title}" could not be delivered to ${channel}: ${error}; it is ${retried ? 'tried again' : 'not tried again'}.`, { ...factsOf(alert), channel, error });
  }

  const dispatcher = createAlertDispatcher({
    clock, alerts: parts.alerts, replace: parts.replace, persist: parts.persist, redact: parts.redact, failed: parts.failed, heed, delivered, undelivered,
    channel: channels.get,
    nameOf: (service) => names.get(service) ?? service,
  });

  const activeOf = (id: string): Alert | undefined => parts.alerts().find((alert) => alert.service === id && alert.phase === 'active');
  const put = (alert: Alert): void => {
    parts.replace([...parts.alerts().filter(({ id }) => id !== alert.id), alert]);
    dispatcher.pump();
  };
  const told = (type: EventType, alert: Alert, reason = alert.message, facts: Readonly<Record<string, unknown>> = {}): void =>
    emit(type, reason, { ...factsOf(alert), level: alert.level, ...facts });

  function announce(service: ServiceState, configuration: ServiceConfiguration, phase: 'active' | 'notice', title: string, message: string): Alert {
    const { mono } = clock.now();
    const { to } = policy?.levels[configuration.severity] ?? { to: [] };
    const alert = addressed({
      id: `${phase === 'active' ? 'alert' : 'notice'}-${parts.freshId()}`, service: configuration.id, level: configuration.severity,
      sinceMs: service.failingSinceMs ?? mono, announcedMs: mono, incident: service.incident?.id ?? null, title, message, phase,
    }, to.filter((channel) => channels.get(channel) !== undefined), mono);
    put(alert);
    return alert;
  }

  function resolve(active: Alert, ended: Alert['ended'], title: string, message: string): void {
    const alert = resolved(active, ended, title, message, clock.now().mono);
    put(alert);
    const untold = active.deliveries.filter((delivery) => !delivery.told).map(({ channel }) => channel);
    told('alert.resolved', alert, alert.message, untold.length === 0 ? {} : { untold });
  }

  function answered(id: string, answer: (active: Alert) => Alert, tell: (alert: Alert) => void): Alert | null {
    const active = parts.alerts().find((alert) => alert.id === id && alert.phase === 'active');
    if (active === undefined) return null;
    const alert = answer(active);
    put(alert);
    tell(alert);
    return alert;
  }

  return {
    configure(configuration) {
      policy = configuration.alerts;
      names = new Map(configuration.services.map(({ id, name }) => [id, name]));
      channels.configure(configuration.alerts.channels);
    },
    update(service, configuration, healed) {
      if (policy === null) return;
      const now = clock.now();
      const machine = parts.machine();
      const active = activeOf(configuration.id);
      const why = (): ReturnType<typeof reasonOf> => reasonOf(service, configuration, machine, now);
      switch (judgeAlert({ service, policy: configuration, alerts: policy, machine, active, now }).act) {
        case 'raise':
          told('alert.raised', announce(service, configuration, 'active', `${configuration.name} is down`, explainAlert(why(), format)));
          break;
        case 'repeat':
          if (active !== undefined) {
            const alert = repeated(active, explainAlert(why(), format), now.mono);
            put(alert);
            told('alert.repeated', alert);
          }
          break;
        case 'resolve':
          if (active === undefined) break;
          if (service.stopped) resolve(active, 'stopped', `${configuration.name} was stopped`, explain(why(), format));
          else resolve(active, 'recovered', `${configuration.name} is up again`, explain(why(), format));
          break;
        case 'none':
          if (healed && policy.notifyOnFix) announce(service, configuration, 'notice', `${configuration.name} was restarted`, explain(why(), format));
          break;
      }
    },
    forget(id) {
      const active = activeOf(id);
      if (active !== undefined) resolve(active, 'removed', `${names.get(id) ?? id} is no longer supervised`, 'It was removed from services.json.');
    },
    acknowledge: (id) => answered(id, (active) => acknowledged(active, clock.now().mono), (alert) => {
      told('alert.acknowledged', alert, `"${alert.title}" is known: no more reminders; its end is told.`);
    }),
    snooze: (id, snooze) => answered(id, (active) => snoozed(active, snooze), (alert) => {
      const { untilWallMs } = snooze;
      const end = untilWallMs === null ? 'until it recovers' : `until ${format(untilWallMs)}`;
      told('alert.snoozed', alert, `"${alert.title}" is snoozed ${end}.`, { until: untilWallMs === null ? null : new Date(untilWallMs).toISOString() });
    }),
    pump: dispatcher.pump,
    async end() {
      await dispatcher.end();
      await channels.end();
    },
  };
}
