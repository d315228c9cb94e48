// Builds snapshots for tests: each row says only what differs.
import type { AlertSnapshot, CheckResult, ServiceSnapshot, Snapshot } from '../../supervisor/contract/snapshot.ts';

/** Sunday 22 November 2026, 14:20:00 in the time zone of the machine. */
export const NOW = new Date(2026, 10, 22, 14, 20);
export const NOW_MS = NOW.getTime();
/** ISO 8601 of a moment this many seconds before NOW. */
export const ago = (seconds: number): string => new Date(NOW_MS - seconds * 1_000).toISOString();
export const ahead = (seconds: number): string => ago(-seconds);

export function check(differs: Partial<CheckResult> = {}): CheckResult {
  return { type: 'tcp', target: '127.0.0.1:5432', ok: true, latencyMs: 3, error: null, at: ago(2), ...differs };
}

export function service(id: string, differs: Partial<ServiceSnapshot> = {}): ServiceSnapshot {
  return {
    id, name: id, group: null, url: null, severity: 'critical', manager: 'systemd', status: 'up', since: ago(3_600),
    reason: 'Its check passes.', why: { code: 'healthy', checks: 1 },
    breaker: { state: 'closed', failures: 0, successes: 4, openUntil: null },
    heal: heal(),
    incident: null, hasLog: true,
    checks: [check()], paused: false, pausedUntil: null, ...differs,
  };
}

export function heal(differs: Partial<ServiceSnapshot['heal']> = {}): ServiceSnapshot['heal'] {
  return { auto: true, lastAt: null, inLastHour: 0, maxPerHour: 3, nextAllowedAt: null, resetsAt: null, underWay: null, last: null, ...differs };
}

export function delivery(channel: string, differs: Partial<AlertSnapshot['deliveries'][number]> = {}): AlertSnapshot['deliveries'][number] {
  return { channel, state: 'sent', attempts: 1, error: null, nextTryAt: null, ...differs };
}

export function alert(service: string, differs: Partial<AlertSnapshot> = {}): AlertSnapshot {
  return { id: `${service}-1`, service, level: 'critical', since: ago(300), title: `${service} is down`, message: `${service} is down.`, acknowledgedAt: null, snoozed: null, deliveries: [], ...differs };
}

export function snapshot(services: readonly ServiceSnapshot[], differs: Partial<Snapshot> = {}): Snapshot {
  return {
    overall: 'healthy', at: ago(0), pid: 4_242, running: true, version: '0.1.0', pausedUntil: null, paused: false,
    services: [...services], alerts: [], channels: [{ name: 'desktop', levels: ['critical'] }, { name: 'log', levels: ['critical', 'warning', 'info'] }],
    config: { file: '/home/ada/services.json', error: null }, notes: [], ...differs,
  };
}

/** One of each state, as the panel must be able to show them at once. */
export function variedSnapshot(): Snapshot {
  const held = 'Held: 3 of 3 restarts used in the last hour; next possible at 14:32.';
  return snapshot(
    [
      service('web', { name: 'Website', group: 'Shop', url: 'http://127.0.0.1:8080/', checks: [check({ type: 'http', target: 'http://127.0.0.1:8080/health', latencyMs: 12 }), check({ target: '127.0.0.1:8080', latencyMs: 1 })] }),
      service('postgres', {
        name: 'Postgres', group: 'Shop', status: 'down', since: ago(310), reason: held,
        why: {
          code: 'held', symptom: { kind: 'check', check: 'tcp', target: '127.0.0.1:5432', evidence: 'connection refused' },
          hold: { code: 'budget-spent', used: 3, limit: 3, nextAtMs: NOW_MS + 720_000 },
        },
        breaker: { state: 'open', failures: 9, successes: 0, openUntil: ahead(42) },
        heal: heal({ lastAt: ago(290), inLastHour: 3, nextAllowedAt: ahead(720), resetsAt: ahead(720), last: { at: ago(290), by: 'upkeep', result: { kind: 'not-fixed', tookMs: 30_000, evidence: 'tcp 127.0.0.1:5432: connection refused' } } }),
        incident: { id: 'incident-1', since: ago(310) },
        checks: [check({ ok: false, latencyMs: null, error: 'connection refused' })],
      }),
      service('worker', {
        name: 'Background worker', group: 'Shop', status: 'healing', since: ago(3), reason: 'Restarting because it was killed by SIGKILL: checking whether it serves.',
        why: { code: 'healing', symptom: { kind: 'exit', cause: { kind: 'signal', signal: 'SIGKILL' } }, step: 'verifying', by: 'upkeep' },
        breaker: { state: 'half-open', failures: 1, successes: 1, openUntil: null },
        heal: heal({
          lastAt: ago(3), inLastHour: 1, nextAllowedAt: ahead(297), resetsAt: ahead(3_597),
          underWay: { kind: 'heal', by: 'upkeep', startedAt: ago(3), steps: [{ step: 'stopping', at: ago(3) }, { step: 'starting', at: ago(2) }, { step: 'verifying', at: ago(1) }] },
        }), checks: [],
      }),
      service('search', { name: 'Search', group: 'Shop', status: 'degraded', since: ago(95), reason: 'Slow: http http://127.0.0.1:9200/: answered in 1.8 s, expected at most 500 ms.', why: { code: 'slow', symptom: { kind: 'check', check: 'http', target: 'http://127.0.0.1:9200/', evidence: 'answered in 1.8 s, expected at most 500 ms' } }, url: 'http://127.0.0.1:9200/', checks: [check({ type: 'http', target: 'http://127.0.0.1:9200/', latencyMs: 1_812 })] }),
      service('mail', { name: 'Mail relay', group: 'Tools', manager: null, reason: 'Not checked yet.', status: 'unknown', since: null, why: { code: 'not-checked-yet' }, checks: [check({ target: '127.0.0.1:25', ok: null, latencyMs: null, at: null })] }),
      service('docs', { name: 'Docs preview', group: 'Tools', status: 'paused', since: ago(1_200), reason: 'Paused until 15:00.', why: { code: 'paused', untilMs: NOW_MS + 2_400_000 }, paused: true, pausedUntil: ahead(2_400) }),
      service('cache', { name: 'Redis', group: 'Tools', status: 'stopped', since: ago(7_300), reason: 'Stopped; stays stopped until you start it.', why: { code: 'stopped-by-person' }, checks: [check({ target: '127.0.0.1:6379', ok: false, latencyMs: null, error: 'connection refused' })] }),
    ],
    {
      overall: 'failing',
      alerts: [alert('postgres', {
        message: 'Tcp 127.0.0.1:5432: connection refused; held: 3 of 3 restarts used in the last hour; next possible at 14:32.',
        deliveries: [delivery('desktop'), delivery('discord', { state: 'pending', attempts: 2, error: 'answered 502', nextTryAt: ahead(10) })],
      })],
    },
  );
}
