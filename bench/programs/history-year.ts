// A year of 50 services in a journal.db, the same every time: what was measured, 18,000 incidents, 20,000 heals and 300,000 events.
// Written through the product's own tables; how it came about is made up.
import type { UpkeepEvent } from '../../supervisor/contract/event.ts';
import type { Resolution } from '../../supervisor/contract/history.ts';
import type { StoredHeal, StoredIncident, StoredRollup } from '../../supervisor/domain/history-rows.ts';
import { LENGTH_MS, NOTHING, startOf, sum, toRow, withRound, withTime, type Tally } from '../../supervisor/domain/rollup.ts';
import { writeRows } from '../../supervisor/store/history-rows.ts';
import { keepUsable } from '../../supervisor/store/journal-file.ts';
import { COLUMNS, createStatement, inTransaction } from '../../supervisor/store/journal-schema.ts';

const SERVICES = 50;
const DAYS = 365;
const DAY_MS = 86_400_000;
const KEPT_DAYS: Readonly<Record<Resolution, number>> = { minute: 1, hour: 90, day: DAYS };
const CAUSES = ['http check', 'tcp check', 'exit code', 'signal', 'out of memory'];
const MANAGERS = ['process', 'systemd', 'command'];

export const ids = Array.from({ length: SERVICES }, (_, index) => `service-${String(index).padStart(2, '0')}`);

/** Numbers from 0 to 1 that are the same every time. */
function createChance(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}
const pick = <Item>(items: readonly [Item, ...Item[]] | readonly Item[], chance: () => number): Item => {
  const item = items[Math.floor(chance() * items.length)];
  if (item === undefined) throw new RangeError('expected at least one to choose from');
  return item;
};
const iso = (ms: number): string => new Date(ms).toISOString();

/** One of a few typical minutes, hours or days; making each anew would take longer than writing it. */
function typicalTallies(chance: () => number): Record<Resolution, readonly Tally[]> {
  const minute = Array.from({ length: 40 }, () => {
    let tally = withTime(NOTHING, 'up', 60_000);
    for (let round = 0; round < 12; round += 1) tally = withRound(tally, chance() < 0.002, 2 + chance() ** 3 * 60);
    return tally;
  });
  const adding = (parts: readonly Tally[], count: number): Tally[] => Array.from({ length: 10 }, () => Array.from({ length: count }, () => pick(parts, chance)).reduce(sum, NOTHING));
  const hour = adding(minute, 60);
  return { minute, hour, day: adding(hour, 24) };
}

function rollupsOf(service: string, typical: Record<Resolution, readonly Tally[]>, nowMs: number, chance: () => number): StoredRollup[] {
  return (['minute', 'hour', 'day'] as const).flatMap((resolution) => {
    const lengthMs = LENGTH_MS[resolution];
    const lastMs = startOf(nowMs, resolution);
    const count = (KEPT_DAYS[resolution] * DAY_MS) / lengthMs;
    return Array.from({ length: count }, (_, index) => ({ ...toRow(service, resolution, lastMs - index * lengthMs, pick(typical[resolution], chance)), ...(index > 0 && { latencies: '' }) }));
  });
}

interface Trouble { readonly incident: StoredIncident; readonly heals: readonly StoredHeal[]; readonly events: readonly UpkeepEvent[] }

function troubleOf(service: string, number: number, dayMs: number, chance: () => number): Trouble {
  const beganMs = Math.floor(dayMs + chance() * (DAY_MS - 3_600_000));
  const downMs = Math.floor(2_000 + chance() ** 4 * 3_000_000);
  const id = `incident-${service}-${number}`;
  const target = `http://127.0.0.1:4101/${service}/health`;
  const cause = pick(CAUSES, chance);
  const manager = pick(MANAGERS, chance);
  const heals = Array.from({ length: chance() < 0.1 ? 2 : 1 }, (_, index): StoredHeal => ({
    attempt: `attempt-${service}-${number}-${index}`, service, by: 'upkeep', manager, cause, beganMs: beganMs + 500, endedMs: beganMs + downMs, result: index === 0 ? 'fixed' : 'not-fixed', incident: id,
  }));
  const symptom = { kind: 'check', check: 'http', target, evidence: 'answered 503, expected 200-299' };
  const proof = { attempt: `attempt-${service}-${number}-0`, by: 'upkeep', manager, symptom, lostMs: downMs, result: { kind: 'fixed', tookMs: 900 }, log: Array.from({ length: 8 }, (_, line) => `worker ${line}: the connection pool has run dry, waiting`) };
  const types = [
    'service.degraded', 'service.down', 'breaker.opened', 'heal.started', 'breaker.half-opened', 'heal.held', 'alert.raised', 'alert.delivered', 'alert.delivered',
    'heal.succeeded', 'breaker.closed', 'service.up', 'alert.resolved', 'alert.delivered', 'service.degraded', 'service.up',
  ] as const;
  const events = types.map((type, index): UpkeepEvent => ({
    at: iso(beganMs + Math.floor((downMs * index) / types.length)), type, service, incident: id, reason: `Down: http ${target}: answered 503, expected 200-299.`, why: { code: 'failing', symptom, failures: 5, threshold: 5 },
    ...(type === 'heal.succeeded' && proof),
  }));
  const incident: StoredIncident = { id, service, severity: 'critical', beganMs, detectedMs: beganMs + 400, endedMs: beganMs + downMs, outcome: 'healed', symptom: `http ${target}: answered 503, expected 200-299.`, downMs };
  return { incident, heals, events };
}

/** Makes the file, which ends at `nowMs`, in parts: call `next` until it is done. */
export function* makeYear(file: string, nowMs: number): Generator<undefined, void> {
  const chance = createChance(20_261_122);
  const typical = typicalTallies(chance);
  const { use, close } = keepUsable(file, (sentence) => { throw new Error(sentence); });
  for (const service of ids) {
    use((database) => { inTransaction(database, () => { writeRows(database, { rollups: rollupsOf(service, typical, nowMs, chance), incidents: [], heals: [] }); }); });
    yield;
  }
  // As it happened: day by day, oldest first.
  for (let day = DAYS; day > 0; day -= 1) {
    use((database) => { inTransaction(database, () => { writeDay(database, ids.map((service) => troubleOf(service, day, nowMs - day * DAY_MS, chance))); }); });
    yield;
  }
  close();
}

const insertEvent = createStatement(`INSERT INTO event (${COLUMNS.event.join(', ')}) VALUES (?, ?, ?, ?)`);

function writeDay(database: Parameters<typeof writeRows>[0], troubles: readonly Trouble[]): void {
  const events = troubles.flatMap((trouble) => trouble.events).sort((a, b) => (a.at < b.at ? -1 : 1));
  for (const event of events) insertEvent(database).run(event.at, event.type, event.service ?? null, JSON.stringify(event));
  writeRows(database, { rollups: [], incidents: troubles.map(({ incident }) => incident), heals: troubles.flatMap(({ heals }) => heals) });
}
