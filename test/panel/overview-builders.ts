// Builds what `overview` answers, and machines with many services, the same on every run.
import { BAR_PARTS, LINE_POINTS, type Overview } from '../../supervisor/contract/history.ts';
import type { ServiceSnapshot, ServiceStatus, Snapshot } from '../../supervisor/contract/snapshot.ts';
import { ago, ahead, check, heal, NOW, service, snapshot } from './snapshot-builders.ts';

type ServiceOverview = Overview['services'][number];

const PARTS = { u: { up: 1, down: 0 }, d: { up: 0, down: 1 }, p: { up: 0.9, down: 0.1 }, '.': { up: 0, down: 0 } } as const;

/** "uud.": up, up, down, unknown; the last part repeats the first letter up to BAR_PARTS from the left. */
export function bar(pattern: string): ServiceOverview['bar'] {
  const letters = pattern.padStart(BAR_PARTS, pattern.charAt(0));
  return [...letters].map((letter) => ({ ...PARTS[letter === 'd' || letter === 'p' || letter === '.' ? letter : 'u'] }));
}

export function overviewOf(id: string, differs: Partial<ServiceOverview> = {}): ServiceOverview {
  return {
    service: id, bar: bar('u'), availability: 1,
    latencyMs: Array.from({ length: LINE_POINTS }, (_, minute) => 10 + Math.round(6 * Math.sin(minute / 5 + id.length)) + (minute % 7)),
    ...differs,
  };
}

export const overview = (services: readonly ServiceOverview[]): Overview => ({ at: NOW.toISOString(), services: [...services] });

/** What variedSnapshot() shows, over the last day. */
export const variedOverview = (): Overview => overview([
  overviewOf('web', { bar: bar(`u${'p'}${'u'.repeat(20)}`), availability: 0.9986 }),
  overviewOf('postgres', { bar: bar('uuuuuuuudduuuuuuuuuuuuuuuuuupd'), availability: 0.921, latencyMs: Array.from({ length: LINE_POINTS }, (_, minute) => (minute < 54 ? 2 + (minute % 3) : null)) }),
  overviewOf('worker', { bar: bar(`.${'u'.repeat(30)}p`), availability: 0.995, latencyMs: Array.from({ length: LINE_POINTS }, () => null) }),
  overviewOf('search', { latencyMs: Array.from({ length: LINE_POINTS }, (_, minute) => (minute < 40 ? 90 + (minute % 9) * 4 : 400 + (minute - 40) * 70)) }),
  overviewOf('mail', { bar: bar('.'), availability: null, latencyMs: Array.from({ length: LINE_POINTS }, () => null) }),
  overviewOf('docs', { bar: bar(`${'u'.repeat(20)}`), availability: 1 }),
  overviewOf('cache', { bar: bar(`u${'u'.repeat(20)}....`), availability: 1 }),
]);

const NAMES = ['api', 'web', 'worker', 'queue', 'cache', 'search', 'mail', 'cron', 'proxy', 'docs'];
const STATUS_OF: Readonly<Record<number, ServiceStatus>> = { 17: 'down', 43: 'degraded', 71: 'healing', 120: 'unknown', 200: 'paused', 333: 'stopped' };

/** A service is checked every ten seconds, which is forty updates. */
const ROUNDS = 40;

/** `round`: the update; a part of the services has another latency in each. */
export function manyServices(count: number, round = 0): readonly ServiceSnapshot[] {
  return Array.from({ length: count }, (_, index) => {
    const status = STATUS_OF[index] ?? 'up';
    const name = NAMES[index % NAMES.length] ?? 'service';
    return service(`${name}-${index}`, {
      name: `${name} ${index}`, group: `Team ${Math.floor(index / 25) + 1}`, status,
      url: index % 3 === 0 ? `http://127.0.0.1:${8_000 + index}/` : null,
      ...(status === 'down' && {
        reason: 'Held: 2 of 3 restarts used in the last hour; next possible at 14:32.',
        why: {
          code: 'held' as const, symptom: { kind: 'check' as const, check: 'tcp', target: '127.0.0.1:5432', evidence: 'connection refused' },
          hold: { code: 'cooldown' as const, cooldownMs: 300_000, lastHealAtMs: NOW.getTime() - 100_000, nextAtMs: NOW.getTime() + 720_000 },
        },
        breaker: { state: 'open' as const, failures: 9, successes: 0, openUntil: ahead(42) }, heal: heal({ inLastHour: 2, lastAt: ago(100), nextAllowedAt: ahead(720) }),
      }),
      checks: [check({ type: 'http', target: `http://127.0.0.1:${8_000 + index}/`, latencyMs: 5 + ((index * 7 + Math.floor((round + (index % ROUNDS)) / ROUNDS) * 3) % 40), at: ago(2) })],
    });
  });
}

export const manySnapshot = (count: number, round = 0): Snapshot => snapshot(manyServices(count, round));
export const manyOverview = (count: number): Overview =>
  overview(manyServices(count).map(({ id }, index) => overviewOf(id, index % 9 === 0 ? { bar: bar(`u${'p'}${'u'.repeat(index % 40)}`), availability: 0.997 } : {})));
