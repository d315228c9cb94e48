// Writes the past that the pictures show into a new journal.db, through the product's own tables: past.ts FILE.
// What happened stands in shown.mjs; days in between are like most days, and at night the machine sleeps.
import type { UpkeepEvent } from '../../supervisor/contract/event.ts';
import type { Resolution } from '../../supervisor/contract/history.ts';
import type { Symptom } from '../../supervisor/contract/reason.ts';
import { LENGTH_MS, MINUTE_MS, NOTHING, startOf, toRow, withRound, withTime, type Tally } from '../../supervisor/domain/rollup.ts';
import { writeRows } from '../../supervisor/store/history-rows.ts';
import { keepUsable } from '../../supervisor/store/journal-file.ts';
import { COLUMNS, inTransaction } from '../../supervisor/store/journal-schema.ts';
import { SHOWN, type Outage, type Shown } from './shown.mjs';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const KEPT: Readonly<Record<Resolution, number>> = { minute: 24 * 60, hour: 90 * 24, day: 120 };
/** Rounds that stand for a bucket; a real one has more. */
const ROUNDS: Readonly<Record<Resolution, number>> = { minute: 6, hour: 40, day: 120 };
/** Before now, and so many hours before the end of each day before. */
const ASLEEP = { fromMs: 9.5 * HOUR_MS, toMs: 7 * HOUR_MS };
const [, , file = ''] = process.argv;
const nowMs = Date.now();
const iso = (ms: number): string => new Date(ms).toISOString();

/** Numbers from 0 to 1 that are the same every time. */
let chanceState = 20_261_122;
const chance = (): number => (chanceState = (chanceState * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;

const overlap = (fromMs: number, toMs: number, otherFromMs: number, otherToMs: number): number => Math.max(0, Math.min(toMs, otherToMs) - Math.max(fromMs, otherFromMs));
const beganAt = ({ agoMin }: Outage): number => nowMs - agoMin * MINUTE_MS;

function asleepMs(fromMs: number, toMs: number): number {
  let sum = 0;
  for (let endMs = nowMs; endMs > fromMs - DAY_MS; endMs -= DAY_MS) sum += overlap(fromMs, toMs, endMs - ASLEEP.fromMs, endMs - ASLEEP.toMs);
  return sum;
}

function measure({ answerMs, outages }: Shown, resolution: Resolution, startMs: number): Tally {
  const endMs = Math.min(nowMs, startMs + LENGTH_MS[resolution]);
  const downMs = outages.reduce((sum, outage) => sum + overlap(startMs, endMs, beganAt(outage), beganAt(outage) + outage.lastsS * 1_000), 0);
  const upMs = Math.max(0, endMs - startMs - asleepMs(startMs, endMs) - downMs);
  let tally = withTime(withTime(NOTHING, 'up', upMs), 'down', downMs);
  // Busier in the afternoon than at night, and slower shortly before it fails.
  const busy = 1 + 0.35 * Math.sin(((startMs % DAY_MS) / DAY_MS - 0.35) * 2 * Math.PI);
  const strained = outages.some(({ how, agoMin }) => how !== 'killed' && overlap(startMs, endMs, nowMs - (agoMin + 25) * MINUTE_MS, nowMs - agoMin * MINUTE_MS) > 0) ? 2.2 : 1;
  if (upMs > 0) for (let round = 0; round < ROUNDS[resolution]; round += 1) tally = withRound(tally, false, answerMs * busy * strained * (0.8 + chance() * 0.3 + chance() ** 40 * 4));
  for (let failed = 0; failed < Math.min(9, downMs / 1_000); failed += 1) tally = withRound(tally, true, null);
  return tally;
}

function rollupsOf(shown: Shown) {
  return (['minute', 'hour', 'day'] as const).flatMap((resolution) => {
    const lastMs = startOf(nowMs, resolution);
    return Array.from({ length: KEPT[resolution] }, (_, index) => {
      const startMs = lastMs - index * LENGTH_MS[resolution];
      return { ...toRow(shown.id, resolution, startMs, measure(shown, resolution, startMs)), ...(index > 0 && { latencies: '' }) };
    });
  });
}

const clock = (ms: number): string => `${String(new Date(ms).getHours()).padStart(2, '0')}:${String(new Date(ms).getMinutes()).padStart(2, '0')}`;
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

function symptomOf({ check, port }: Shown, how: Outage['how']): { readonly symptom: Symptom; readonly text: string; readonly cause: string } {
  const target = check === 'http' ? `http://127.0.0.1:${port}/health` : `127.0.0.1:${port}`;
  const failing = (evidence: string) => ({ symptom: { kind: 'check', check, target, evidence } as const, text: `${check === 'http' ? target : `tcp ${target}`}: ${evidence}`, cause: `${check} check` });
  switch (how) {
    case 'killed': return { symptom: { kind: 'exit', cause: { kind: 'signal', signal: 'SIGKILL' } }, text: 'it was killed by SIGKILL', cause: 'signal' };
    case 'memory': return { symptom: { kind: 'exit', cause: { kind: 'out-of-memory' } }, text: 'it was killed because memory ran out', cause: 'out of memory' };
    case 'failing': return failing('answered 503, expected 200-299');
    case 'refusing': return failing('connection refused');
  }
}

/** From the first symptom to the end: all that happened, and the rows about it. */
function tell(shown: Shown, outage: Outage) {
  const { id: service, watched = false } = shown;
  const { symptom, text, cause } = symptomOf(shown, outage.how);
  const beganMs = beganAt(outage);
  const endedMs = beganMs + outage.lastsS * 1_000;
  const detectedMs = beganMs + (symptom.kind === 'check' ? 900 : 20);
  const incident = `incident-${service}-${outage.agoMin}`;
  const alert = `alert-${service}-${outage.agoMin}`;
  const level = shown.group === 'Home' ? 'warning' : 'critical';
  const startsMs = endedMs - Math.min(2_400, outage.lastsS * 600);
  const events: UpkeepEvent[] = [];
  const add = (ms: number, type: UpkeepEvent['type'], reason: string, facts: Readonly<Record<string, unknown>> = {}) => events.push({ at: iso(ms), type, service, incident, reason, ...facts });
  const down = `Down: ${text}.`;
  const act = { by: 'upkeep', manager: 'process', symptom };
  const proof = (attempt: string, fromMs: number) => ({
    ...act, attempt, lostMs: endedMs - beganMs, log: [`${service}: 37 requests are waiting`],
    steps: [{ step: 'stopping', atMs: 12 }, { step: 'starting', atMs: 210 }, { step: 'verifying', atMs: 260 }], result: { kind: 'fixed', tookMs: endedMs - fromMs }, verification: { rounds: 5, passed: 2 },
  });
  const called = outage.called === true;

  add(detectedMs, 'breaker.opened', down, { failures: 3 });
  add(detectedMs, 'service.down', down);
  const heals = watched ? [] : [...(called ? [{ attempt: `${incident}-1`, fromMs: detectedMs + 40, tookMs: 30_000 }] : []), { attempt: `${incident}-2`, fromMs: startsMs, tookMs: endedMs - startsMs }];
  for (const { attempt, fromMs, tookMs } of heals) {
    add(fromMs, 'heal.started', `Restarting because ${text}.`, { attempt, ...act });
    const isLast = fromMs === startsMs;
    if (isLast) add(fromMs + tookMs, 'heal.succeeded', `Restarted at ${clock(fromMs)} because ${text}; up again after ${seconds(tookMs)}.`, proof(attempt, fromMs));
    else add(fromMs + tookMs, 'heal.failed', `Restarted at ${clock(fromMs)}, but not up after ${seconds(tookMs)}: ${text}.`, { ...proof(attempt, fromMs), result: { kind: 'not-fixed', tookMs, evidence: text }, verification: { rounds: 24, passed: 0 } });
  }
  const up = watched ? 'Its check passes.' : `Restarted at ${clock(startsMs)} because ${text}; up again after ${seconds(endedMs - startsMs)}.`;
  if (called) {
    add(detectedMs + 31_000, 'alert.raised', down, { alert, level });
    add(detectedMs + 31_200, 'alert.delivered', `"${shown.name} is down" was delivered to desktop.`, { alert, channel: 'desktop', notice: 'raised', attempts: 1 });
    add(endedMs, 'alert.resolved', up, { alert, level });
    add(endedMs + 200, 'alert.delivered', `"${shown.name} is up again" was delivered to desktop.`, { alert, channel: 'desktop', notice: 'resolved', attempts: 1 });
  }
  add(endedMs, 'breaker.closed', up, { failures: 0 });
  add(endedMs, 'service.up', up);
  return {
    events,
    incident: {
      id: incident, service, severity: level, beganMs, detectedMs, endedMs, outcome: watched ? 'recovered' : 'healed', downMs: endedMs - detectedMs, symptom: `${text.charAt(0).toUpperCase()}${text.slice(1)}.`,
    } as const,
    heals: heals.map(({ attempt, fromMs, tookMs }) => ({
      attempt, service, by: 'upkeep', manager: 'process', cause, beganMs: fromMs, endedMs: fromMs + tookMs, result: fromMs === startsMs ? 'fixed' : 'not-fixed', incident,
    } as const)),
  };
}

const told = SHOWN.flatMap((shown) => shown.outages.map((outage) => tell(shown, outage)));
const general: readonly UpkeepEvent[] = [
  { at: iso(nowMs - 61 * DAY_MS), type: 'supervisor.started', reason: `Upkeep 0.1.0 supervises ${SHOWN.length} services.` },
  { at: iso(nowMs - DAY_MS - 5 * HOUR_MS), type: 'config.reloaded', reason: 'services.json was read again: 1 service added.' },
  { at: iso(nowMs - 26 * HOUR_MS), type: 'service.paused', service: 'photos', reason: 'Paused by a person for 1 hour.' },
  { at: iso(nowMs - 25 * HOUR_MS), type: 'service.resumed', service: 'photos', reason: 'The pause is over.' },
];
const { use, close } = keepUsable(file, (sentence) => { throw new Error(sentence); });
use((database) => {
  const insert = database.prepare(`INSERT INTO event (${COLUMNS.event.join(', ')}) VALUES (?, ?, ?, ?)`);
  inTransaction(database, () => {
    const events = [...general, ...told.flatMap(({ events: own }) => own)].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    for (const event of events) insert.run(event.at, event.type, event.service ?? null, JSON.stringify(event));
    writeRows(database, { rollups: SHOWN.flatMap(rollupsOf), incidents: told.map(({ incident }) => incident), heals: told.flatMap(({ heals }) => heals) });
  });
});
close();
