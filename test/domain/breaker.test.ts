// The breaker of one service, by itself.
import { describe, expect, test } from 'vitest';
import { afterFailure, afterSuccess, beginTrial, CLOSED, openNow, type Breaker } from '../../supervisor/domain/breaker.ts';
import { mono, SECOND } from '../builders/moment.ts';

const POLICY = { failureThreshold: 3, successThreshold: 2, openForMs: 60 * SECOND };
const NOW = mono(100 * SECOND);
const opened = (sinceS: number, untilS: number): Breaker => ({ state: 'open', sinceMs: mono(sinceS * SECOND), untilMs: mono(untilS * SECOND) });
const halfOpen = (successes: number): Breaker => ({ state: 'half-open', sinceMs: mono(0), successes });
const closed = (failures: number): Breaker => ({ state: 'closed', failures });

describe('after a failed round', () => {
  test.each<{ name: string; breaker: Breaker; then: Breaker }>([
    { name: 'the first one is only counted', breaker: CLOSED, then: closed(1) },
    { name: 'one before the threshold is only counted', breaker: closed(1), then: closed(2) },
    { name: 'failureThreshold in a row open it for openFor', breaker: closed(2), then: opened(100, 160) },
    { name: 'one is enough while it is being tried, and it has been open since the trouble began', breaker: halfOpen(1), then: opened(0, 160) },
    { name: 'an open one waits again, and has been open since the trouble began', breaker: opened(0, 60), then: opened(0, 160) },
  ])('$name', ({ breaker, then }) => {
    expect(afterFailure(breaker, POLICY, NOW)).toEqual(then);
  });
});

describe('after a passed round', () => {
  test.each<{ name: string; breaker: Breaker; then: Breaker; successThreshold?: number }>([
    { name: 'a closed one stays so', breaker: CLOSED, then: CLOSED },
    { name: 'a single one forgets the failures before it', breaker: closed(2), then: CLOSED },
    { name: 'the first of a trial is only counted', breaker: halfOpen(0), then: halfOpen(1) },
    { name: 'successThreshold in a row close it', breaker: halfOpen(1), then: CLOSED },
    { name: 'one while it is open is the first of a trial', breaker: opened(0, 60), then: halfOpen(1) },
    { name: 'one closes it where one is asked for', breaker: halfOpen(0), then: CLOSED, successThreshold: 1 },
  ])('$name', ({ breaker, then, successThreshold = 2 }) => {
    expect(afterSuccess(breaker, { ...POLICY, successThreshold })).toEqual(then);
  });
});

describe('on news that it has exited', () => {
  test.each<{ name: string; breaker: Breaker; sinceS: number }>([
    { name: 'a closed one opens at once', breaker: CLOSED, sinceS: 100 },
    { name: 'one that was counting opens at once', breaker: closed(1), sinceS: 100 },
    { name: 'one that is being tried opens again', breaker: halfOpen(1), sinceS: 0 },
    { name: 'an open one waits again', breaker: opened(0, 60), sinceS: 0 },
  ])('$name', ({ breaker, sinceS }) => {
    expect(openNow(breaker, POLICY, NOW)).toEqual(opened(sinceS, 160));
  });
});

describe('a trial', () => {
  test('begins from open, with no pass counted yet', () => {
    expect(beginTrial(opened(0, 60))).toEqual(halfOpen(0));
  });

  test('does not begin again while one is under way', () => {
    expect(beginTrial(halfOpen(1))).toEqual(halfOpen(1));
  });

  test('is not needed by a closed one', () => {
    expect(beginTrial(closed(2))).toEqual(closed(2));
  });
});
