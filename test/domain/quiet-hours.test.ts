// Quiet hours in local time, over midnight and over the days on which the clocks are changed, and what may interrupt a person.
import { describe, expect, test } from 'vitest';
import { judgeAttention, quietUntil, type Attention, type MinuteOfDay } from '../../supervisor/domain/quiet-hours.ts';
import { wall } from '../builders/moment.ts';

const minuteIn = (timeZone: string): MinuteOfDay => {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return (time) => {
    const [hours = 0, minutes = 0] = format.format(time).split(':').map(Number);
    return hours * 60 + minutes;
  };
};
const BERLIN = 'Europe/Berlin';

interface Row { readonly name: string; readonly hours: readonly [string, string]; readonly now: string; readonly until: string | null; readonly zone?: string }

describe('quiet hours', () => {
  test.each<Row>([
    { name: 'hold from their first minute', hours: ['12:00', '13:00'], now: '2026-01-10T11:00:00Z', until: '2026-01-10T12:00:00Z' },
    { name: 'do not hold a moment earlier', hours: ['12:00', '13:00'], now: '2026-01-10T10:59:59.999Z', until: null },
    { name: 'hold to the last moment', hours: ['12:00', '13:00'], now: '2026-01-10T11:59:59.999Z', until: '2026-01-10T12:00:00Z' },
    { name: 'do not hold when they end', hours: ['12:00', '13:00'], now: '2026-01-10T12:00:00Z', until: null },
    { name: 'last over midnight, in the evening', hours: ['22:00', '07:00'], now: '2026-01-10T21:30:10Z', until: '2026-01-11T06:00:00Z' },
    { name: 'last over midnight, in the morning', hours: ['22:00', '07:00'], now: '2026-01-11T05:59:00Z', until: '2026-01-11T06:00:00Z' },
    { name: 'over midnight do not hold at noon', hours: ['22:00', '07:00'], now: '2026-01-10T11:00:00Z', until: null },
    { name: 'end on the minute, whatever minute it is', hours: ['22:07', '06:58'], now: '2026-01-10T23:03:30Z', until: '2026-01-11T05:58:00Z' },
    { name: 'of all but a minute end with that minute', hours: ['07:01', '07:00'], now: '2026-01-10T06:01:00Z', until: '2026-01-11T06:00:00Z' },
    { name: 'are an hour shorter in the night in which the clocks go forward', hours: ['22:00', '07:00'], now: '2026-03-28T21:00:00Z', until: '2026-03-29T05:00:00Z' },
    { name: 'that would end in the hour that is left out end with the jump', hours: ['22:00', '02:30'], now: '2026-03-28T21:00:00Z', until: '2026-03-29T01:00:00Z' },
    { name: 'that would begin in the hour that is left out begin with the jump', hours: ['02:30', '07:00'], now: '2026-03-29T01:00:00Z', until: '2026-03-29T05:00:00Z' },
    { name: 'are an hour longer in the night in which the clocks go back', hours: ['22:00', '07:00'], now: '2026-10-24T20:00:00Z', until: '2026-10-25T06:00:00Z' },
    { name: 'that end in the hour that comes twice end the first time', hours: ['22:00', '02:30'], now: '2026-10-24T20:00:00Z', until: '2026-10-25T00:30:00Z' },
    { name: 'of that hour hold the second time too', hours: ['22:00', '02:30'], now: '2026-10-25T01:10:00Z', until: '2026-10-25T01:30:00Z' },
    { name: 'end by a clock that is changed by half an hour', hours: ['22:00', '07:00'], zone: 'Australia/Lord_Howe', now: '2026-10-03T12:00:00Z', until: '2026-10-03T20:00:00Z' },
    { name: 'end by a clock that is 45 minutes beside the hour', hours: ['22:00', '07:00'], zone: 'Asia/Kathmandu', now: '2026-01-10T17:00:00Z', until: '2026-01-11T01:15:00Z' },
  ])('$name', ({ hours: [from, to], now, until, zone = BERLIN }) => {
    const end = quietUntil({ from, to, exceptCritical: false }, wall(Date.parse(now)), minuteIn(zone));
    expect(end === null ? null : new Date(end).toISOString()).toBe(until === null ? null : new Date(until).toISOString());
  });

  test('that nobody has set never hold', () => {
    expect(quietUntil(null, wall(0), () => 0)).toBeNull();
  });
});

describe('a notice', () => {
  const END = wall(1_000);
  const NOW: Attention = { kind: 'now' };
  const SUPPRESSED: Attention = { kind: 'suppressed' };
  const WAITS: Attention = { kind: 'waiting', untilMs: END };
  const open = { level: 'all', quietUntilMs: null, exceptCritical: false } as const;
  const quiet = { ...open, quietUntilMs: END } as const;

  test.each([
    { name: 'of trouble is told', notice: 'raised', severity: 'info', rule: open, told: NOW },
    { name: 'of trouble waits for the end of quiet hours', notice: 'raised', severity: 'critical', rule: quiet, told: WAITS },
    { name: 'that reminds waits too', notice: 'repeated', severity: 'critical', rule: quiet, told: WAITS },
    { name: 'that is critical comes through when quiet hours except that', notice: 'raised', severity: 'critical', rule: { ...quiet, exceptCritical: true }, told: NOW },
    { name: 'that is no more than a warning does not', notice: 'raised', severity: 'warning', rule: { ...quiet, exceptCritical: true }, told: WAITS },
    { name: 'of a warning is kept back when only critical ones are wanted', notice: 'raised', severity: 'warning', rule: { ...open, level: 'critical' }, told: SUPPRESSED },
    { name: 'that is critical is told when only those are wanted', notice: 'raised', severity: 'critical', rule: { ...open, level: 'critical' }, told: NOW },
    { name: 'that is critical is kept back when none are wanted', notice: 'repeated', severity: 'critical', rule: { ...open, level: 'none' }, told: SUPPRESSED },
    { name: 'of an end is told although none are wanted any more: what was announced is resolved', notice: 'resolved', severity: 'critical', rule: { ...open, level: 'none' }, told: NOW },
    { name: 'of an end waits for the end of quiet hours', notice: 'resolved', severity: 'warning', rule: quiet, told: WAITS },
    { name: 'of a fix is told', notice: 'fixed', severity: 'warning', rule: open, told: NOW },
    { name: 'of a fix in quiet hours is not told at all, and critical is no exception', notice: 'fixed', severity: 'critical', rule: { ...quiet, exceptCritical: true }, told: SUPPRESSED },
    { name: 'of a fix is not told when only critical ones are wanted and it was none', notice: 'fixed', severity: 'warning', rule: { ...open, level: 'critical' }, told: SUPPRESSED },
  ] as const)('$name', ({ notice, severity, rule, told }) => {
    expect(judgeAttention({ notice }, severity, rule)).toEqual(told);
  });
});
