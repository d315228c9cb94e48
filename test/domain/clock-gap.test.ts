import { expect, test } from 'vitest';
import { unknownUntil } from '../../supervisor/domain/clock-gap.ts';
import { at, HOUR, mono, SECOND, wall, WALL_AT_ZERO } from '../builders/moment.ts';

const moment = (monoMs: number, wallMs: number) => ({ mono: mono(monoMs), wall: wall(WALL_AT_ZERO + wallMs) });
test.each([
  { name: 'a second passes', now: moment(1_000, 1_000), until: null },
  { name: 'a timer is late by 20 s', now: moment(21_000, 21_000), until: null },
  { name: 'a time server sets the clock by half a second', now: moment(1_000, 1_500), until: null },
  { name: 'the machine was held up for a minute', now: moment(61_000, 61_000), until: 61_000 },
  { name: 'the machine slept for an hour, and the supervision clock stood still', now: moment(500, HOUR + 500), until: HOUR },
  { name: 'the machine slept for an hour, and the supervision clock went on', now: moment(HOUR, HOUR), until: HOUR },
  { name: 'somebody sets the wall clock back by an hour', now: moment(SECOND, SECOND - HOUR), until: -HOUR },
  { name: 'somebody sets the wall clock forward', now: moment(SECOND, HOUR), until: HOUR - SECOND },
])('$name: unknown until $until', ({ now, until }) => {
  expect(unknownUntil(at(0), now)).toBe(until === null ? null : WALL_AT_ZERO + until);
});
