import Database from 'libsql';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryRows } from '../../supervisor/domain/history-rows.ts';
import { createHistoryRecorder } from '../../supervisor/history-recorder.ts';
import { buildHistoryPolicy, buildServiceConfiguration } from '../builders/configuration.ts';
import { KILLED } from '../builders/round.ts';
import { buildDown, buildHealthy } from '../builders/service-state.ts';
import { noHistory } from '../fakes/no-history.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';
import { bedWith, type Bed } from './bed.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'upkeep-history-')); });
afterEach(() => { rmSync(folder, { recursive: true }); });

const WATCHED = { manager: null, breaker: { openFor: '5s' } };
async function keeping(bed: Bed): Promise<Bed> {
  bed.historyFile = join(folder, 'journal.db');
  return bed.begin();
}
async function untilShown(bed: Bed, status: string): Promise<void> {
  while (bed.shown('web').status !== status) await bed.run(100);
}
const incidentsOf = async (bed: Bed) => (await bed.api.call('incidents', {})).map(({ outcome, ended }) => `${outcome}${ended === null ? '' : ', ended'}`);

describe('incidents, on virtual time', () => {
  it('end when the state knows of a later one only: the journal could not be written for a while', async () => {
    const bed = await keeping(bedWith({ web: WATCHED }));
    bed.service('web').answers = 'wrongly';
    await bed.run(MINUTE);
    const other = new Database(join(folder, 'journal.db'));
    other.exec('BEGIN IMMEDIATE');
    bed.service('web').answers = 'well';
    await untilShown(bed, 'up');
    bed.service('web').answers = 'wrongly';
    await untilShown(bed, 'down');
    await bed.run(5 * SECOND);
    bed.kill();
    other.exec('ROLLBACK');
    other.close();
    await bed.begin();
    await bed.run(MINUTE);
    expect(await incidentsOf(bed)).toEqual(['open', 'recovered, ended']);
    await bed.stop();
  });

  it('that were left open end, all but the one that the state knows of', async () => {
    const bed = await keeping(bedWith({ web: WATCHED }));
    bed.service('web').answers = 'wrongly';
    await bed.run(MINUTE);
    bed.kill();
    const other = new Database(join(folder, 'journal.db'));
    for (const id of ['incident-0', 'incident-z']) other.exec(`INSERT INTO incident SELECT '${id}', service, severity, began, detected, ended, outcome, symptom, down FROM incident WHERE service = 'web' LIMIT 1`);
    other.close();
    await bed.begin();
    await bed.run(MINUTE);
    expect((await incidentsOf(bed)).sort()).toEqual(['open', 'recovered, ended', 'recovered, ended']);
    await bed.stop();
  });
});

describe('the page of an incident', () => {
  it('begins with its first symptom, also where the two clocks round differently', async () => {
    const bed = await keeping(bedWith({ web: WATCHED, api: WATCHED }));
    await bed.run(MINUTE);
    bed.service('web').answers = 'wrongly';
    await untilShown(bed, 'degraded');
    bed.clock.jumpWall(1);
    await bed.run(MINUTE);
    const [found] = await bed.api.call('incidents', {});
    const { events = [] } = (await bed.api.call('incident', { incident: found?.id ?? '' })) ?? {};
    expect(events.map(({ type }) => type).slice(0, 2)).toEqual(['service.degraded', 'service.down']);
    await bed.stop();
  });
});

describe('what is read, while much is down', () => {
  it('reads one day after the other, with everything else in between', async () => {
    const clock = new VirtualClock();
    const read: string[] = [];
    const store = { ...noHistory(), minutes: ({ service }: { readonly service: string }) => { read.push(service); return []; } };
    const recorder = createHistoryRecorder({ clock, store, policy: buildHistoryPolicy() });
    const ids = Array.from({ length: 500 }, (_, number) => `service-${number}`);
    recorder.begin(ids);
    const readBetweenTurns: number[] = [];
    const look = (): void => {
      readBetweenTurns.push(read.length);
      turn = setImmediate(look);
    };
    let turn = setImmediate(look);
    await recorder.live.ready();
    clearImmediate(turn);
    expect(read).toEqual(ids);
    expect(Math.max(...readBetweenTurns.map((count, index) => count - (readBetweenTurns[index - 1] ?? 0)))).toBe(1);
    recorder.end();
  });

  it('does not write every incident that lasts again for everybody who asks', () => {
    const clock = new VirtualClock();
    const store = noHistory();
    const written: HistoryRows[] = [];
    const recorder = createHistoryRecorder({ clock, store: { ...store, write: (rows) => void written.push(rows) }, policy: buildHistoryPolicy() });
    recorder.begin(['web']);
    const configuration = buildServiceConfiguration({ id: 'web' });
    recorder.observed({ configuration, before: buildHealthy(), after: buildDown(), happened: { type: 'exited', cause: KILLED } }, null);
    clock.holdUp(5 * SECOND);
    for (let asked = 0; asked < 500; asked += 1) recorder.live.refresh();
    expect(written.filter(({ incidents }) => incidents !== undefined)).toHaveLength(1);
    recorder.end();
  });
});
