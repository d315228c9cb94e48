// What is known of the services' last day while it is asked again and again.
import { expect, test } from 'vitest';
import { mergeDays } from '../../renderer/overview/use-days.ts';
import { bar, overview, overviewOf } from './overview-builders.ts';

test('a day that says the same stays the same object, another one takes its place, and what was not asked for stays', () => {
  const first = mergeDays(new Map(), overview([overviewOf('a'), overviewOf('b'), overviewOf('c')]));
  const next = mergeDays(first, { ...overview([overviewOf('a'), overviewOf('b', { bar: bar('ud'), availability: 0.98 })]), at: '2026-11-22T13:21:00.000Z' });
  expect(next.get('a')?.day).toBe(first.get('a')?.day);
  expect(next.get('a')?.at).toBe('2026-11-22T13:21:00.000Z');
  expect(next.get('b')?.day.availability).toBe(0.98);
  expect(next.get('c')).toBe(first.get('c'));
});
