// Remembered states of a service, and what a decision sees around it, for tests.
import type { HealResult } from '../../supervisor/contract/reason.ts';
import type { MachineView } from '../../supervisor/domain/decision.ts';
import type { StepContext } from '../../supervisor/domain/service-event.ts';
import { newService, type Alert, type HealRecord, type Intent, type ServiceState } from '../../supervisor/domain/state.ts';
import { buildAlerts, buildLimits, buildServiceConfiguration } from './configuration.ts';
import { at, mono, SECOND } from './moment.ts';
import { REFUSED } from './round.ts';

export const NOT_FIXED: HealResult = { kind: 'not-fixed', tookMs: 30_000, evidence: 'connection refused' };
export const FIXED: HealResult = { kind: 'fixed', tookMs: 400 };
export const NEEDS_PRIVILEGE: HealResult = { kind: 'refused', refusal: { code: 'needs-privilege', message: 'Cannot restart "web": systemctl needs a password for system units.' } };

export const buildService = (overrides: Partial<ServiceState> = {}): ServiceState => ({ ...newService(), ...overrides });

/** Up since `sinceMs`. */
export const buildHealthy = (overrides: Partial<ServiceState> = {}, sinceMs = 0): ServiceState =>
  buildService({ verdict: 'up', verdictSinceMs: mono(sinceMs), healthySinceMs: mono(sinceMs), passedRounds: 2, ...overrides });

/** Down since `sinceMs` with the breaker open for a minute from then. */
export const buildDown = (overrides: Partial<ServiceState> = {}, sinceMs = 0): ServiceState =>
  buildService({
    breaker: { state: 'open', sinceMs: mono(sinceMs), untilMs: mono(sinceMs + 60 * SECOND) }, verdict: 'down', verdictSinceMs: mono(sinceMs),
    failedRounds: 5, failingSinceMs: mono(sinceMs), symptom: REFUSED, incident: { id: 'incident-1', sinceMs: mono(sinceMs), failedHeals: 0, vainHeals: 0 }, ...overrides,
  });

export const buildIntent = (overrides: Partial<Intent> = {}): Intent =>
  ({ attempt: 'attempt-1', kind: 'heal', by: 'upkeep', step: 'stopping', steps: [], startedMs: mono(0), symptom: REFUSED, downSinceMs: mono(0), verification: { rounds: 0, passed: 0 }, log: [], ...overrides });

export const buildHealRecord = (overrides: Partial<HealRecord> = {}): HealRecord =>
  ({ attempt: 'attempt-1', by: 'upkeep', startedMs: mono(0), endedMs: mono(0), symptom: REFUSED, result: NOT_FIXED, ...overrides });

export const buildMachineView = (overrides: Partial<MachineView> = {}): MachineView =>
  ({ limits: buildLimits(), healTimes: [], healing: 0, pause: null, ...overrides });

export const buildContext = (overrides: Partial<StepContext> = {}): StepContext =>
  ({ policy: buildServiceConfiguration(), alerts: buildAlerts(), machine: buildMachineView(), now: at(0), freshId: '1', ...overrides });

export const buildAlert = (overrides: Partial<Alert> = {}): Alert =>
  ({ id: 'alert-1', service: 'web', level: 'critical', sinceMs: mono(0), announcedMs: mono(0), incident: 'incident-1', title: 'web is down', message: 'Down.', phase: 'active', ended: null, acknowledgedMs: null, snooze: null, deliveries: [], ...overrides });
