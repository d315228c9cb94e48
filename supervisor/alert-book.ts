// Keeps the alerts: asks the domain after every change whether a person must be told, writes it into the state, and has it sent.
// Knows the channels by name only.
import type { AlertConfiguration, Configuration, ServiceConfiguration } from './contract/configuration.ts';
import type { EventType } from './contract/event.ts';
import { createAlertDispatcher } from './alert-dispatcher.ts';
import { judgeAlert } from './domain/alert-policy.ts';
import type { MachineView } from './domain/decision.ts';
import { explain, explainAlert, type FormatTime } from './domain/explain.ts';
import { addressed, repeated, resolved } from './domain/outbox.ts';
import type { Alert, ServiceState } from './domain/state.ts';
import { reasonOf } from './domain/status.ts';
import type { Channel, ChannelKind, Clock, Logger } from './ports.ts';
import type { Redact } from './redaction.ts';

export interface AlertBookParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly channels: readonly ChannelKind[];
  readonly format: FormatTime;
  readonly freshId: () => string;
  readonly onNoticeClick: (service: string) => void;
  readonly failed: (error: unknown) => void;
  readonly emit: (type: EventType, reason: string, facts?: Readonly<Record<string, unknown>>) => void;
  readonly redact: Redact;
  machine(): MachineView;
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
  pump(): void;
  end(): Promise<void>;
}

export function createAlertBook(parts: AlertBookParts): AlertBook {
  const { clock, format, emit } = parts;
  const channels = new Map<string, Channel>();
  let names = new Map<string, string>();
  let policy: AlertConfiguration | null = null;

  const dispatcher = createAlertDispatcher({
    clock, channels, alerts: parts.alerts, replace: parts.replace, persist: parts.persist, redact: parts.redact, failed: parts.failed,
    nameOf: (service) => names.get(service) ?? service,
    undelivered: (alert, channel, error) => emit('alert.undelivered', `"${alert.title}" could not be delivered to ${channel}: ${error}; it is tried again.`, { service: alert.service, alert: alert.id, channel }),
  });

  /** The settings each channel was made with: one whose settings stay goes on as it is, with the clicks it waits for. */
  const madeWith = new Map<string, string>();
  function setUp(kind: ChannelKind, settings: unknown): void {
    const wanted = settings === undefined ? undefined : JSON.stringify(settings);
    if (madeWith.get(kind.name) === wanted) return;
    channels.get(kind.name)?.dispose?.();
    channels.delete(kind.name);
    madeWith.delete(kind.name);
    if (wanted === undefined) return;
    channels.set(kind.name, kind.create(settings, { logger: parts.logger, onClick: parts.onNoticeClick }));
    madeWith.set(kind.name, wanted);
  }
  const activeOf = (id: string): Alert | undefined => parts.alerts().find((alert) => alert.service === id && alert.phase === 'active');
  const put = (alert: Alert): void => {
    parts.replace([...parts.alerts().filter(({ id }) => id !== alert.id), alert]);
    dispatcher.pump();
  };
  const told = (type: EventType, alert: Alert): void => emit(type, alert.message, { service: alert.service, alert: alert.id, level: alert.level });

  function announce(service: ServiceState, configuration: ServiceConfiguration, phase: 'active' | 'notice', title: string, message: string): Alert {
    const { mono } = clock.now();
    const { to } = policy?.levels[configuration.severity] ?? { to: [] };
    const alert = addressed({
      id: `${phase === 'active' ? 'alert' : 'notice'}-${parts.freshId()}`, service: configuration.id, level: configuration.severity,
      sinceMs: service.failingSinceMs ?? mono, announcedMs: mono, title, message, phase,
    }, to.filter((channel) => channels.has(channel)), mono);
    put(alert);
    return alert;
  }

  function resolve(active: Alert, title: string, message: string): void {
    const alert = resolved(active, title, message, clock.now().mono);
    put(alert);
    told('alert.resolved', alert);
  }

  return {
    configure(configuration) {
      policy = configuration.alerts;
      names = new Map(configuration.services.map(({ id, name }) => [id, name]));
      for (const kind of parts.channels) setUp(kind, configuration.alerts.channels[kind.name]);
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
          if (active !== undefined) resolve(active, service.stopped ? `${configuration.name} was stopped` : `${configuration.name} is up again`, explain(why(), format));
          break;
        case 'none':
          if (healed && policy.notifyOnFix) announce(service, configuration, 'notice', `${configuration.name} was restarted`, explain(why(), format));
          break;
      }
    },
    forget(id) {
      const active = activeOf(id);
      if (active !== undefined) resolve(active, `${names.get(id) ?? id} is no longer supervised`, 'It was removed from services.json.');
    },
    pump: dispatcher.pump,
    async end() {
      await dispatcher.end();
      for (const channel of channels.values()) channel.dispose?.();
    },
  };
}
