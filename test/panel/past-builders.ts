// Builds what a service's past answers: series, statistics, incidents and heals with proof, the same on every run.
import type { UpkeepEvent } from '../../supervisor/contract/event.ts';
import type { HealProof } from '../../supervisor/contract/heal-proof.ts';
import type { Bucket, Incident, Resolution, Series, Statistics } from '../../supervisor/contract/history.ts';
import { ago, NOW_MS } from './snapshot-builders.ts';

const STEP_S: Readonly<Record<Resolution, number>> = { minute: 60, hour: 3_600, day: 86_400 };

export function bucket(at: string, differs: Partial<Bucket> = {}): Bucket {
  return { at, count: 6, failures: 0, p50Ms: 10, p95Ms: 20, maxMs: 25, up: 60, down: 0, unknown: 0, ...differs };
}

/** Stretches in seconds before NOW, beginning and end. */
export interface Troubles { readonly down?: readonly (readonly [number, number])[]; readonly unknown?: readonly (readonly [number, number])[] }

const isIn = (secondsAgo: number, stretches: readonly (readonly [number, number])[] = []): boolean => stretches.some(([from, to]) => secondsAgo <= from && secondsAgo > to);

/** Latencies go up and down over the day. Unknown stretches have no buckets at all. */
export function series(service: string, resolution: Resolution, lengthS: number, troubles: Troubles = {}): Series {
  const stepS = STEP_S[resolution];
  const nowS = NOW_MS / 1_000;
  const firstS = Math.ceil((nowS - lengthS) / stepS) * stepS;
  const buckets: Bucket[] = [];
  for (let atS = firstS; atS < nowS; atS += stepS) {
    const secondsAgo = nowS - atS;
    if (isIn(secondsAgo, troubles.unknown)) continue;
    const passed = Math.min(stepS, secondsAgo);
    const wave = 14 + 6 * Math.sin(atS / 5_000) + ((atS / stepS) % 7) * 0.8;
    const at = new Date(atS * 1_000).toISOString();
    if (isIn(secondsAgo, troubles.down)) buckets.push(bucket(at, { failures: 6, p50Ms: null, p95Ms: null, maxMs: null, up: 0, down: passed }));
    else buckets.push(bucket(at, { p50Ms: wave, p95Ms: wave * 1.9 + ((atS / stepS) % 11 === 0 ? 24 : 0), maxMs: wave * 3, up: passed }));
  }
  return { service, resolution, from: new Date(firstS * 1_000).toISOString(), to: new Date(NOW_MS).toISOString(), buckets };
}

export function incident(id: string, differs: Partial<Incident> = {}): Incident {
  return {
    id, service: 'postgres', severity: 'critical', began: ago(4_000), detected: ago(3_996), ended: ago(3_808), outcome: 'healed',
    symptom: 'tcp 127.0.0.1:5432: connection refused', heals: 1, ...differs,
  };
}

export function proof(differs: Partial<HealProof> = {}): HealProof {
  return {
    attempt: 'attempt-1', by: 'upkeep', manager: 'systemd', incident: 'incident-7',
    symptom: { kind: 'check', check: 'tcp', target: '127.0.0.1:5432', evidence: 'connection refused' },
    steps: [{ step: 'stopping', atMs: 0 }, { step: 'starting', atMs: 310 }, { step: 'verifying', atMs: 480 }],
    result: { kind: 'fixed', tookMs: 1_420 }, verification: { rounds: 3, passed: 2 }, lostMs: 192_000,
    log: ['2026-11-22 13:13:20 LOG:  database system is shut down', '2026-11-22 13:13:21 PANIC:  could not write to file: No space left on device'],
    ...differs,
  };
}

/** The end of a heal, so many seconds ago. */
export function healed(service: string, secondsAgo: number, differs: Partial<HealProof> = {}): UpkeepEvent {
  const facts = proof(differs);
  return { at: ago(secondsAgo), type: facts.result.kind === 'fixed' ? 'heal.succeeded' : 'heal.failed', service, reason: 'Restarted.', ...facts };
}

export function statistics(differs: Partial<Statistics> = {}): Statistics {
  return {
    service: 'postgres', at: new Date(NOW_MS).toISOString(),
    windows: [
      { window: '24h', availability: 0.9942, up: 80_895, down: 472, unknown: 5_033, incidents: 2 },
      { window: '7d', availability: 0.9989, up: 599_000, down: 660, unknown: 5_140, incidents: 3 },
      { window: '30d', availability: 0.99972, up: 2_586_000, down: 724, unknown: 5_276, incidents: 5 },
      { window: '90d', availability: 0.99984, up: 7_700_000, down: 1_230, unknown: 74_770, incidents: 8 },
    ],
    meanTimeToDetectMs: 4_200, meanTimeToHealMs: 9_800, longestOutage: { service: 'postgres', began: ago(310), ms: 310_000, open: true },
    heals: { total: 9, fixed: 6, byManager: [{ name: 'systemd', total: 9, fixed: 6 }], byCause: [{ name: 'tcp check', total: 6, fixed: 4 }, { name: 'signal', total: 2, fixed: 2 }, { name: 'exit code', total: 1, fixed: 0 }] },
    alertsPerWeek: 0.6, ...differs,
  };
}

/** A service without any trouble. */
export const calmStatistics = (): Statistics => statistics({
  windows: (['24h', '7d', '30d', '90d'] as const).map((window) => ({ window, availability: 1, up: 86_400, down: 0, unknown: 0, incidents: 0 })),
  meanTimeToDetectMs: null, meanTimeToHealMs: null, longestOutage: null, heals: { total: 0, fixed: 0, byManager: [], byCause: [] }, alertsPerWeek: 0,
});

const DOWN = 'Down: tcp 127.0.0.1:5432: connection refused.';
export const happened = (secondsAgo: number, type: UpkeepEvent['type'], facts: Readonly<Record<string, unknown>> = {}): UpkeepEvent => ({ at: ago(secondsAgo), type, service: 'postgres', ...facts });

/** What happened in incident(): detected after 4 s, a restart in vain, an alert, a restart that helped. Oldest first. */
export const story = (): UpkeepEvent[] => [
  happened(4_000, 'service.degraded', { reason: 'Failing (1 of 5): tcp 127.0.0.1:5432: connection refused.' }),
  happened(3_996, 'breaker.opened', { reason: DOWN, failures: 5 }),
  happened(3_996, 'service.down', { reason: DOWN }),
  happened(3_996, 'heal.started', { reason: 'Restarting.', attempt: 'attempt-1', by: 'upkeep' }),
  happened(3_966, 'heal.failed', { reason: 'Restarted, but it did not come back.', ...proof({ result: { kind: 'not-fixed', tookMs: 30_000, evidence: 'connection refused' } }) }),
  happened(3_966, 'alert.raised', { reason: DOWN, alert: 'alert-1', level: 'critical' }),
  happened(3_965.7, 'alert.delivered', { reason: 'x', alert: 'alert-1', channel: 'desktop' }),
  happened(3_965, 'alert.undelivered', { reason: '"Postgres is down" could not be delivered to discord: answered 502; it is tried again.', alert: 'alert-1', channel: 'discord' }),
  happened(3_960, 'heal.held', { reason: 'Held: last restart at 13:13, cooldown 5 min; next possible at 13:18.' }),
  happened(3_812, 'heal.started', { reason: 'Restarting.', attempt: 'attempt-2', by: 'upkeep' }),
  happened(3_808, 'heal.succeeded', { reason: 'Restarted.', ...proof({ attempt: 'attempt-2' }) }),
  happened(3_808, 'breaker.closed', { reason: 'x' }),
  happened(3_808, 'service.up', { reason: 'x' }),
  happened(3_807, 'alert.resolved', { reason: 'Restarted; up again.', alert: 'alert-1', level: 'critical' }),
  happened(3_806.5, 'alert.delivered', { reason: 'x', alert: 'alert-1', channel: 'desktop' }),
];
