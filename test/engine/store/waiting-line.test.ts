// How events wait for a journal that cannot be written.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { UpkeepEvent } from '../../../supervisor/contract/event.ts';
import { createWaitingLine } from '../../../supervisor/store/waiting-line.ts';

beforeEach(() => { vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }); });
afterEach(() => { vi.useRealTimers(); });

const event = (number: number): UpkeepEvent => ({ at: '2026-11-22T14:00:00.000Z', type: 'service.up', service: `service-${number}` });

test('on a full disk no attempt costs more than a try with one event, however many wait', () => {
  let isFull = true;
  let handed = 0;
  const written: UpkeepEvent[] = [];
  const line = createWaitingLine((events) => {
    handed += events.length;
    if (isFull) throw new Error('database or disk is full');
    written.push(...events);
    return false;
  }, () => undefined);
  const all = Array.from({ length: 5_000 }, (_, number) => event(number));
  for (const one of all) line.add(one);
  vi.advanceTimersByTime(10_000);
  expect(handed).toBeLessThanOrEqual(all.length + 10);
  isFull = false;
  vi.advanceTimersByTime(1_000);
  expect(written).toEqual(all);
  line.end();
});

test('whatever else there is to write is written to its end, a part at a time', () => {
  let rows = 4_500;
  const most: number[] = [];
  const line = createWaitingLine((_events, atMost) => {
    most.push(atMost);
    rows = Math.max(0, rows - atMost);
    return rows > 0;
  }, () => undefined);
  expect({ rows, most }).toEqual({ rows: 0, most: [2_000, 2_000, 2_000] });
  line.end();
});
