// Keeps a row for every incident and every heal of something that failed, as the domain's states tell them.
// Decides nothing about when an incident begins or ends; measures no time, but is told of time that was lost.
import { begunIncident, endedHeal, endOf, type Change } from './domain/incident-record.ts';
import type { StoredIncident } from './domain/history-rows.ts';
import type { Now } from './domain/time.ts';
import type { HistoryStore } from './ports.ts';

/**
 * An incident is written when the state that knows of it has had the time to reach the disk: written before, a crash in between would leave
 * a row of which nobody knows that it has to end.
 */
const WRITTEN_AFTER_MS = 1_000;

export interface IncidentKeeper {
  /** Takes up what an earlier run of Upkeep left. `ids`: the services there are now. */
  begin(ids: readonly string[], now: Now): void;
  observed(change: Change): void;
  /** The service begins to be down. */
  outageBegan(service: string): void;
  /** It was down for so long. */
  lost(service: string, ms: number): void;
  /** No longer in services.json. */
  left(service: string, now: Now): void;
  /** Writes those that last and may be written yet. */
  keep(now: Now): void;
  /** Whether one has begun that `keep` has not written. */
  waiting(): boolean;
}

export function createIncidentKeeper(store: HistoryStore): IncidentKeeper {
  const open = new Map<string, StoredIncident>();
  const unwritten = new Set<string>();
  /** How long the service has been down since it was up last, or since the incident began. */
  const downMs = new Map<string, number>();
  const asItStands = (row: StoredIncident): StoredIncident => ({ ...row, downMs: Math.round(downMs.get(row.service) ?? 0) });

  function end(row: StoredIncident, outcome: StoredIncident['outcome'], now: Now): void {
    store.write({ incidents: [{ ...asItStands(row), endedMs: now.wall, outcome }] });
    open.delete(row.service);
    unwritten.delete(row.id);
    downMs.delete(row.service);
  }

  return {
    begin(ids, now) {
      const known = new Set(ids);
      for (const row of store.openIncidents()) {
        const other = open.get(row.service);
        // The end of all but one got lost; which one lasts shows when the remembered state comes in.
        if (other !== undefined) end(other, 'recovered', now);
        downMs.set(row.service, row.downMs);
        if (known.has(row.service)) open.set(row.service, row);
        else end(row, 'forgotten', now);
      }
    },
    observed(change) {
      const { configuration: { id }, after, happened, now } = change;
      const heal = endedHeal(change);
      if (heal !== null) store.write({ heals: [heal] });
      const row = open.get(id);
      // An incident that the remembered state does not know any more has ended, and nobody saw it or it could not be written.
      const outcome = endOf(change) ?? (happened.type === 'restored' && after.incident?.id !== row?.id ? 'recovered' : null);
      if (row !== undefined && outcome !== null) end(row, outcome, now);
      if (after.incident === null || open.get(id)?.id === after.incident.id) return;
      open.set(id, begunIncident(after.incident, change));
      unwritten.add(after.incident.id);
    },
    outageBegan(service) {
      if (!open.has(service)) downMs.set(service, 0);
    },
    lost(service, ms) {
      downMs.set(service, (downMs.get(service) ?? 0) + ms);
    },
    left(service, now) {
      const row = open.get(service);
      if (row !== undefined) end(row, 'forgotten', now);
      downMs.delete(service);
    },
    keep(now) {
      const incidents = [...open.values()].filter(({ detectedMs }) => Math.abs(now.wall - detectedMs) >= WRITTEN_AFTER_MS).map(asItStands);
      for (const { id } of incidents) unwritten.delete(id);
      if (incidents.length > 0) store.write({ incidents });
    },
    waiting: () => unwritten.size > 0,
  };
}
