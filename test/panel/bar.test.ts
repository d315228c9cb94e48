// What the day of a service shows and says, and its hour.
import { describe, expect, test } from 'vitest';
import { describePart, drawBar, summarizeBar } from '../../renderer/parts/bar-view.ts';
import { drawLatency, summarizeLatency } from '../../renderer/parts/sparkline-view.ts';
import { bar } from './overview-builders.ts';
import { NOW_MS } from './snapshot-builders.ts';

describe('in words', () => {
  test.each<[string, string, number | null, string]>([
    ['always up', 'u', 1, '100 % up in 24 hours, never down'],
    ['down once', 'uddduu', 0.998, '99.8 % up in 24 hours, down once'],
    ['down twice', 'uduudu', 0.99, '99 % up in 24 hours, down twice'],
    ['down often', 'ududpud', 0.7, '70 % up in 24 hours, down 3 times'],
    ['not known for a while', `u${'u'.repeat(10)}....`, 1, '100 % up in 24 hours, never down, not known for 2 hours'],
    ['nothing known', '.', null, 'Nothing is known of the last 24 hours'],
    ['always down', 'd', 0, '0 % up in 24 hours, down once'],
  ])('%s', (_name, pattern, availability, expected) => expect(summarizeBar({ bar: bar(pattern), availability })).toBe(expected));

  test.each([
    [{ up: 1, down: 0 }, 46, '13:21 to 13:51: up'],
    [{ up: 0.97, down: 0.03 }, 47, '13:51 to now: up 97 %, down 3 %'],
    [{ up: 0, down: 1 }, 0, '21 Nov 14:21 to 21 Nov 14:51: down'],
    [{ up: 0, down: 0 }, 46, '13:21 to 13:51: not known'],
  ])('part %j at %i', (part, index, expected) => expect(describePart(part, index, NOW_MS, 48)).toBe(expected));
});

describe('as a drawing', () => {
  const strokes = (path: string) => path.split('M').length - 1;
  test('up, down, partly and unknown differ by shape, not only by colour', () => {
    const [up, down, unknown, partly] = [drawBar(bar('u')), drawBar(bar('d')), drawBar(bar('.')), drawBar(bar('p'))];
    const shape = (path: string) => path.replace(/M[\d.]+ /g, 'M');
    expect(new Set([shape(up.up), shape(down.down), shape(unknown.unknown), shape(partly.up + partly.down)]).size).toBe(4);
    expect([strokes(up.up), strokes(down.down), strokes(unknown.unknown), strokes(partly.up), strokes(partly.down)]).toEqual([48, 48, 48, 48, 48]);
  });
  test('the shortest downtime is seen', () => {
    const [from, to] = /V([\d.]+)$/.exec(drawBar([{ up: 0.9999, down: 0.0001 }]).down) ?? [];
    expect(from).toBeDefined();
    expect(to).toBe('22');
    expect(Number(/M[\d.]+ ([\d.]+)V/.exec(drawBar([{ up: 0.9999, down: 0.0001 }]).down)?.[1])).toBeLessThanOrEqual(19);
  });
});

describe('latency', () => {
  test('what was not measured is a gap, and a lonely point is still seen', () => expect(drawLatency([10, 20, null, 20])).toBe('M0 12L1 2M3 2h.01'));
  test('small differences of small values stay flat', () => {
    const ys = [...drawLatency([2, 3, 2]).matchAll(/\d+ ([\d.]+)/g)].map(([, y]) => Number(y));
    expect(Math.max(...ys) - Math.min(...ys)).toBeLessThan(2);
  });
  test.each([
    [[3, null, 1_200], 'Between 3 ms and 1.2 s in the last hour'], [[3, 3.2], '3 ms all through the last hour'], [[null], 'No latency was measured in the last hour'],
  ])('%j is told as %s', (points, expected) => expect(summarizeLatency(points)).toBe(expected));
});
