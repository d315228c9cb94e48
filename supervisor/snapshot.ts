// Builds what people are shown from the state and the configuration. The same for a running supervisor and for the last known state.
// Reads no clock and no file; shows nothing that services.json could keep secret.
import { SEVERITIES, type Configuration, type ServiceConfiguration } from './contract/configuration.ts';
import type { MonoMs, WallMs } from './contract/reason.ts';
import type { AlertSnapshot, ServiceSnapshot, Snapshot } from './contract/snapshot.ts';
import { judgeSnooze } from './domain/alert-policy.ts';
import type { MachineView } from './domain/decision.ts';
import { explain, type FormatTime } from './domain/explain.ts';
import { holdsAgainst, lastingHold } from './domain/decision.ts';
import { inLastHour, resetsAt } from './domain/heal-budget.ts';
import { newService, remembered, type Alert, type ServiceState, type SupervisorState } from './domain/state.ts';
import { overallOf, reasonOf, statusOf } from './domain/status.ts';
import { toWall, type Now } from './domain/time.ts';

export interface SnapshotFacts {
  readonly state: SupervisorState;
  readonly configuration: Configuration;
  readonly machine: MachineView;
  readonly now: Now;
  readonly pid: number | null;
  readonly version: string;
  readonly config: { readonly file: string; readonly error: string | null };
  readonly notes: readonly string[];
  readonly format: FormatTime;
  /** Whether somebody keeps what the service writes, and can be asked for it. */
  readonly hasLog: (id: string) => boolean;
}

const iso = (wall: number): string => new Date(wall).toISOString();

function serviceSnapshot(configuration: ServiceConfiguration, state: ServiceState, { machine, now, format, hasLog }: SnapshotFacts): ServiceSnapshot {
  const at = (mono: MonoMs | null): string | null => (mono === null ? null : iso(toWall(mono, now)));
  const why = reasonOf(state, configuration, machine, now);
  const { breaker, lastHeal, intent } = state;
  const hold = lastingHold(holdsAgainst(state, configuration, machine, now));
  const until = (state.pause ?? machine.pause)?.untilWallMs ?? null;
  return {
    id: configuration.id, name: configuration.name, group: configuration.group, url: configuration.url,
    severity: configuration.severity, manager: configuration.manager?.type ?? null,
    status: statusOf(state, machine), since: at(intent?.startedMs ?? state.verdictSinceMs), reason: explain(why, format), why,
    breaker: {
      state: breaker.state, failures: state.failedRounds,
      successes: breaker.state === 'half-open' ? breaker.successes : 0,
      openUntil: breaker.state === 'open' ? at(breaker.untilMs) : null,
    },
    heal: {
      auto: configuration.heal.auto && configuration.manager !== null,
      lastAt: at(intent?.kind === 'heal' ? intent.startedMs : (lastHeal?.endedMs ?? null)),
      inLastHour: inLastHour(state.healTimes, now.mono).length, maxPerHour: configuration.heal.maxPerHour,
      nextAllowedAt: hold === undefined || hold.nextAtMs === null ? null : iso(hold.nextAtMs),
      resetsAt: at(resetsAt(state.healTimes, now.mono)),
      underWay: intent === null ? null : { kind: intent.kind, by: intent.by, startedAt: iso(toWall(intent.startedMs, now)), steps: intent.steps.map(({ step, atMs }) => ({ step, at: iso(toWall(atMs, now)) })) },
      last: lastHeal === null ? null : { at: iso(toWall(lastHeal.endedMs, now)), by: lastHeal.by, result: lastHeal.result },
    },
    incident: state.incident === null ? null : { id: state.incident.id, since: iso(toWall(state.incident.sinceMs, now)) },
    hasLog: hasLog(configuration.id),
    checks: state.checks.map(({ type, target, ok, latencyMs, error, atMs }) => ({ type, target, ok, latencyMs, error, at: at(atMs) })),
    paused: state.pause !== null,
    pausedUntil: until === null ? null : iso(until),
  };
}

function alertSnapshot(alert: Alert, now: Now): AlertSnapshot {
  const { id, service, level, sinceMs, title, message, acknowledgedMs, snooze, deliveries } = alert;
  const until = snooze?.untilWallMs ?? null;
  return {
    id, service, level, since: iso(toWall(sinceMs, now)), title, message,
    acknowledgedAt: acknowledgedMs === null ? null : iso(toWall(acknowledgedMs, now)),
    snoozed: judgeSnooze(alert, now) === 'holds' ? { until: until === null ? null : iso(until) } : null,
    deliveries: deliveries.map(({ channel, state, attempts, error, nextTryMs }) => ({
      channel, state, attempts, error, nextTryAt: state === 'pending' || state === 'waiting' ? iso(toWall(nextTryMs, now)) : null,
    })),
  };
}

export function buildSnapshot(facts: SnapshotFacts): Snapshot {
  const { state, configuration, now, pid } = facts;
  const services = configuration.services.map((service) => serviceSnapshot(service, remembered(state.services, service.id) ?? newService(), facts));
  const until: WallMs | null = state.pause?.untilWallMs ?? null;
  return {
    overall: overallOf(services), at: iso(now.wall), pid, running: pid !== null, version: facts.version,
    paused: state.pause !== null, pausedUntil: until === null ? null : iso(until),
    services,
    alerts: state.alerts.filter(({ phase }) => phase === 'active').map((alert) => alertSnapshot(alert, now)),
    channels: Object.keys(configuration.alerts.channels).map((name) => ({ name, levels: SEVERITIES.filter((level) => configuration.alerts.levels[level].to.includes(name)) })),
    config: facts.config, notes: [...facts.notes],
  };
}
