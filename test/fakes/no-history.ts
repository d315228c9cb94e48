// A history that keeps nothing, for supervisors whose past nobody asks for.
import type { HistoryStore } from '../../supervisor/ports.ts';

export const noHistory = (): HistoryStore => ({
  write: () => undefined, prune: () => false, rollups: () => [], rollup: () => null, minutes: () => [], sums: () => [], incidents: () => [], openIncidents: () => [], incident: () => null,
  countIncidents: () => 0, facts: () => ({ meanDetectMs: null, meanHealMs: null, longest: null, heals: [], alerts: 0 }), oldestEventMs: () => null, knows: () => false,
});
