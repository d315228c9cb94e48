// Resolved configurations for tests: the documented defaults, except what a test says. A service has a manager unless told otherwise.
import type {
  AlertConfiguration, AlertLevelPolicy, BreakerPolicy, Configuration, HealPolicy, HistoryConfiguration, MachineLimits, ServiceConfiguration, Severity,
} from '../../supervisor/contract/configuration.ts';

export type ServiceOverrides = Partial<Omit<ServiceConfiguration, 'breaker' | 'heal'>> & {
  readonly breaker?: Partial<BreakerPolicy>;
  readonly heal?: Partial<HealPolicy>;
};

export function buildServiceConfiguration({ breaker, heal, ...rest }: ServiceOverrides = {}): ServiceConfiguration {
  const id = rest.id ?? 'web';
  return {
    id, name: id, group: null, url: null, checks: [{ type: 'tcp' }], manager: { type: 'process' },
    intervalMs: 10_000, retryIntervalMs: 1_000, timeoutMs: 5_000, severity: 'critical',
    ...rest,
    breaker: { failureThreshold: 5, successThreshold: 2, openForMs: 60_000, ...breaker },
    heal: {
      auto: true, cooldown: fixedCooldown(300_000), maxPerHour: 3,
      stopWithinMs: 10_000, settleAfterStopMs: 0, settleAfterStartMs: 0, verifyWithinMs: 30_000, ...heal,
    },
  };
}

const DAY_MS = 86_400_000;
export const buildHistoryPolicy = (overrides: Partial<HistoryConfiguration> = {}): HistoryConfiguration =>
  ({ minutesMs: DAY_MS, hoursMs: 90 * DAY_MS, daysMs: 730 * DAY_MS, eventsMs: 730 * DAY_MS, maxBytes: 500_000_000, ...overrides });

export const fixedCooldown = (ms: number): HealPolicy['cooldown'] => ({ fromMs: ms, toMs: ms });

export const buildLimits = (overrides: Partial<MachineLimits> = {}): MachineLimits =>
  ({ healsPerHour: 20, concurrentHeals: 2, concurrentChecks: 64, ...overrides });

export interface AlertOverrides {
  readonly levels?: Partial<Record<Severity, Partial<AlertLevelPolicy>>>;
  readonly notifyOnFix?: boolean;
}

export function buildAlerts({ levels = {}, notifyOnFix = true }: AlertOverrides = {}): AlertConfiguration {
  return {
    levels: {
      critical: { after: 3, repeatMs: 3_600_000, to: ['desktop', 'log'], ...levels.critical },
      warning: { after: 5, repeatMs: 7_200_000, to: ['log'], ...levels.warning },
      info: { after: 10, repeatMs: 86_400_000, to: ['log'], ...levels.info },
    },
    channels: { desktop: {}, log: {} }, notifyOnFix,
  };
}

export interface ConfigurationOverrides {
  readonly services?: readonly ServiceOverrides[];
  readonly limits?: Partial<MachineLimits>;
  readonly alerts?: AlertOverrides;
}

export const buildConfiguration = ({ services = [{}], limits, alerts }: ConfigurationOverrides = {}): Configuration =>
  ({ services: services.map(buildServiceConfiguration), limits: buildLimits(limits), alerts: buildAlerts(alerts), history: buildHistoryPolicy() });
