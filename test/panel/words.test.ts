// Times, shares and amounts in words.
import { describe, expect, test } from 'vitest';
import { bytes, clockTime, dayOf, exactTime, latency, share, span, timeAgo, timePassed } from '../../renderer/parts/words.ts';
import { ago, ahead, NOW_MS } from './snapshot-builders.ts';

test.each([
  [0, 'just now'], [4, 'just now'], [-30, 'just now'], [7, '5 s ago'], [59, '55 s ago'], [60, '1 min ago'], [3_599, '59 min ago'],
  [3_600, '1 h ago'], [86_399, '23 h ago'], [86_400, '21 Nov 14:20'],
])('%i seconds back is %s', (seconds, expected) => expect(timeAgo(ago(seconds), NOW_MS)).toBe(expected));

test.each([[0, ''], [-3, ''], [12, 'for 10 s'], [90, 'for 1 min'], [7_200, 'for 2 h'], [100_000, 'for 27 h'], [200_000, 'for 2 days']])('what has been so for %i seconds is so %s', (seconds, expected) => {
  expect(timePassed(ago(seconds), NOW_MS)).toBe(expected);
});

test('exact on hover', () => expect(exactTime(ago(7))).toBe('2026-11-22 14:19:53'));
test('the clock names the day when it is another', () => {
  expect(clockTime(ahead(720), NOW_MS)).toBe('14:32');
  expect(clockTime(ahead(86_400), NOW_MS)).toBe('23 Nov 14:20');
});
test.each([[0.4, '0 ms'], [12.6, '13 ms'], [999, '999 ms'], [1_812, '1.8 s']])('latency %f is %s', (ms, expected) => expect(latency(ms)).toBe(expected));

describe('a share is never rounded to what it is not', () => {
  test.each([[1, '100 %'], [0.99999, '99.99 %'], [0.998, '99.8 %'], [0.9986, '99.86 %'], [0.9, '90 %'], [0.29, '29 %'], [0.4567, '45.6 %'], [0.001, '< 1 %'], [0, '0 %']])('%f is %s', (part, expected) => expect(share(part)).toBe(expected));
});

test.each([[850, '850 ms'], [1_400, '1.4 s'], [42_000, '42 s'], [192_000, '3 min 12 s'], [7_500_000, '2 h 5 min'], [273_600_000, '3 days 4 h']])('%i ms last %s', (ms, expected) => expect(span(ms)).toBe(expected));
test.each([[1, '1 byte'], [512, '512 bytes'], [1_200_000, '1.2 MB'], [2_000_000_000, '2.0 GB']])('%i bytes are %s', (size, expected) => expect(bytes(size)).toBe(expected));
test.each([[0, 'Today'], [86_400, 'Yesterday'], [3 * 86_400, 'Thu 19 Nov'], [400 * 86_400, '18 Oct 2025']])('%i seconds back is the day %s', (seconds, expected) => expect(dayOf(ago(seconds), NOW_MS)).toBe(expected));
