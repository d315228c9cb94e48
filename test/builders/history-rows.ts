// Rows of the history for tests: an ordinary one, except for what a test says.
import type { StoredHeal, StoredIncident, StoredRollup } from '../../supervisor/domain/history-rows.ts';

export const buildRollup = (overrides: Partial<StoredRollup> = {}): StoredRollup => ({
  service: 'web', resolution: 'minute', startMs: Date.UTC(2026, 10, 22, 14, 31), count: 12, failures: 1, p50Ms: 2.5, p95Ms: 9, maxMs: 9.4, upMs: 50_000, downMs: 10_000, latencies: '34:11 48:1', ...overrides,
});

export const buildIncident = (overrides: Partial<StoredIncident> = {}): StoredIncident => ({
  id: 'incident-1', service: 'web', severity: 'critical', beganMs: Date.UTC(2026, 10, 22, 14), detectedMs: Date.UTC(2026, 10, 22, 14, 0, 2), endedMs: Date.UTC(2026, 10, 22, 14, 1), outcome: 'healed',
  symptom: 'It was killed by SIGKILL.', downMs: 60_000, ...overrides,
});

export const buildHeal = (overrides: Partial<StoredHeal> = {}): StoredHeal => ({
  attempt: 'attempt-1', service: 'web', by: 'upkeep', manager: 'process', cause: 'signal', beganMs: Date.UTC(2026, 10, 22, 14, 0, 2), endedMs: Date.UTC(2026, 10, 22, 14, 1), result: 'fixed', incident: 'incident-1', ...overrides,
});
