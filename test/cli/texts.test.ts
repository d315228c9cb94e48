// The sentences and columns people read, as functions of what is known.
import { describe, expect, test } from 'vitest';
import { describeEvents } from '../../cli/event-text.ts';
import { describeLastKnown, describeSnapshot, headline } from '../../cli/snapshot-text.ts';
import { alignColumns } from '../../cli/table.ts';
import { coloured, plain, wantsColour } from '../../cli/terminal.ts';
import { describeTime } from '../../cli/time-text.ts';
import type { AlertSnapshot, ServiceStatus } from '../../supervisor/contract/snapshot.ts';
import { serviceSnapshot, snapshot } from '../engine/local-api/in-memory-api.ts';

// Local times, so that the expected texts hold in every time zone.
const at = (day: number, hour: number, minute: number): Date => new Date(2026, 10, day, hour, minute, 11);
const reader = { paint: plain, now: at(22, 15, 0) };

describe('the headline', () => {
  test.each<{ statuses: ServiceStatus[]; says: string }>([
    { statuses: [], says: 'There are no services to look after.' },
    { statuses: ['up'], says: 'The only service is up.' },
    { statuses: ['down'], says: 'The only service is down.' },
    { statuses: ['up', 'up'], says: 'Both services are up.' },
    { statuses: ['up', 'up', 'up'], says: 'All 3 services are up.' },
    { statuses: ['paused', 'paused', 'paused'], says: 'All 3 services are paused.' },
    { statuses: ['up', 'down', 'up'], says: '1 of 3 services is down.' },
    { statuses: ['up', 'paused', 'down', 'healing', 'down', 'degraded'], says: '2 of 6 services are down, 1 is being healed, 1 is degraded, 1 is paused.' },
  ])('$statuses: $says', ({ statuses, says }) => {
    expect(headline({ services: statuses.map((status, index) => serviceSnapshot(`s${index}`, { status })) })).toBe(says);
  });
});

describe('a snapshot', () => {
  test('every status has a shape of its own, beside its word', () => {
    const statuses: ServiceStatus[] = ['up', 'degraded', 'down', 'healing', 'unknown', 'paused', 'stopped'];
    const lines = describeSnapshot(snapshot({ services: statuses.map((status) => serviceSnapshot(`s-${status}`, { status })) }), reader).slice(1);
    expect(new Set(lines.map((line) => line.charAt(0))).size).toBe(statuses.length);
    for (const [index, status] of statuses.entries()) expect(lines[index]).toMatch(new RegExp(` ${status} `));
  });

  test('tells alerts, what did not reach its channel, a refused configuration and notes', () => {
    const lines = describeSnapshot(snapshot({
      overall: 'failing',
      alerts: [{
        id: 'a1', service: 'api', level: 'critical', since: at(22, 14, 2).toISOString(), title: 'api is down', message: 'api is down.', acknowledgedAt: null, snoozed: null,
        deliveries: [{ channel: 'log', state: 'sent', attempts: 1, error: null, nextTryAt: null }, { channel: 'discord', state: 'pending', attempts: 2, error: 'answered 500', nextTryAt: null }],
      }],
      config: { file: '/srv/services.json', error: 'services.json:1:1 expected an object' }, notes: ['The journal cannot be written.'],
    }), reader);
    expect(lines.slice(3)).toEqual([
      '', '1 alert', 'critical  api  since 14:02:11  api is down. (discord: not delivered, answered 500)',
      '', '! services.json:1:1 expected an object', '! The journal cannot be written.',
    ]);
  });

  test.each<{ name: string; alert: Partial<AlertSnapshot>; says: string }>([
    { name: 'an alert that is known', alert: { acknowledgedAt: at(22, 14, 3).toISOString() }, says: 'api is down. (acknowledged)' },
    { name: 'an alert that is snoozed', alert: { snoozed: { until: at(22, 16, 30).toISOString() } }, says: 'api is down. (snoozed until 16:30:11)' },
    { name: 'an alert that is snoozed until its end', alert: { snoozed: { until: null } }, says: 'api is down. (snoozed until it recovers)' },
    { name: 'a channel that waits for the end of quiet hours', alert: { deliveries: [{ channel: 'desktop', state: 'waiting', attempts: 0, error: null, nextTryAt: at(22, 16, 30).toISOString() }] }, says: 'api is down. (desktop: quiet hours until 16:30:11)' },
    { name: 'a channel that a person wants nothing on', alert: { deliveries: [{ channel: 'desktop', state: 'suppressed', attempts: 0, error: null, nextTryAt: null }] }, says: 'api is down. (desktop: your settings keep it back)' },
  ])('tells of $name', ({ alert, says }) => {
    const known: AlertSnapshot = { id: 'a1', service: 'api', level: 'critical', since: at(22, 14, 2).toISOString(), title: 'api is down', message: 'api is down.', acknowledgedAt: null, snoozed: null, deliveries: [] };
    expect(describeSnapshot(snapshot({ overall: 'failing', alerts: [{ ...known, ...alert }] }), reader)[5]).toBe(`critical  api  since 14:02:11  ${says}`);
  });

  test.each([
    { pausedUntil: at(22, 16, 30).toISOString(), says: 'Both services are up. Everything is paused until 16:30:11.' },
    { pausedUntil: at(23, 8, 0).toISOString(), says: 'Both services are up. Everything is paused until 2026-11-23 08:00:11.' },
    { pausedUntil: null, says: 'Both services are up. Everything is paused until you resume it.' },
  ])('paused until $pausedUntil', ({ pausedUntil, says }) => {
    expect(describeSnapshot(snapshot({ paused: true, pausedUntil }), reader)[0]).toBe(says);
  });

  test('that nobody keeps up to date says so', () => {
    expect(describeLastKnown({ at: at(22, 14, 2).toISOString() }, reader)).toBe('Upkeep is not running; this is what was known at 14:02:11.');
  });

  test('colours stand around words and leave the columns aligned', () => {
    const services = [serviceSnapshot('api', { status: 'down' }), serviceSnapshot('postgres', { status: 'degraded' })];
    const without = describeSnapshot(snapshot({ services }), reader);
    const colouredLines = describeSnapshot(snapshot({ services }), { ...reader, paint: coloured });
    expect(colouredLines.join('\n')).toContain('\u001B[31mdown\u001B[39m');
    expect(colouredLines.map((line) => line.replaceAll(/\u001B\[\d+m/g, ''))).toEqual(without);
  });
});

describe('a table', () => {
  test('never lets a text steer the terminal or break its line', () => {
    expect(alignColumns([[{ text: 'api' }, { text: 'evil \u001B[2Jname\r\nand\u009Bmore' }]])).toEqual(['api  evil \uFFFD[2Jname and\uFFFDmore']);
  });

  test('aligns by letters, not by bytes', () => {
    expect(alignColumns([[{ text: 'Bücher 📚' }, { text: 'a' }], [{ text: 'x' }, { text: 'b' }]])).toEqual(['Bücher 📚  a', 'x         b']);
  });
});

test('an event without a reason is its type in words', () => {
  expect(describeEvents([{ at: at(22, 14, 2).toISOString(), type: 'breaker.half-opened', service: 'api' }], reader)).toEqual(['14:02:11  ·  api  breaker half opened']);
});

test.each([
  { title: 'today', iso: at(22, 1, 2).toISOString(), says: '01:02:11' },
  { title: 'another day', iso: at(3, 1, 2).toISOString(), says: '2026-11-03 01:02:11' },
  { title: 'no time at all', iso: 'soon', says: 'soon' },
])('a time of $title', ({ iso, says }) => {
  expect(describeTime(iso, reader.now)).toBe(says);
});

test.each([
  { title: 'a terminal', isTTY: true, env: {}, wanted: true },
  { title: 'a pipe', isTTY: false, env: {}, wanted: false },
  { title: 'a terminal without abilities', isTTY: true, env: { TERM: 'dumb' }, wanted: false },
  { title: 'a terminal with NO_COLOR', isTTY: true, env: { NO_COLOR: '1' }, wanted: false },
  { title: 'an empty NO_COLOR', isTTY: true, env: { NO_COLOR: '' }, wanted: true },
  { title: 'a pipe with FORCE_COLOR', isTTY: false, env: { FORCE_COLOR: '1' }, wanted: true },
  { title: 'FORCE_COLOR=0', isTTY: true, env: { FORCE_COLOR: '0' }, wanted: false },
  { title: 'both', isTTY: true, env: { NO_COLOR: '1', FORCE_COLOR: '1' }, wanted: false },
])('$title is coloured: $wanted', ({ isTTY, env, wanted }) => {
  expect(wantsColour({ isTTY }, env)).toBe(wanted);
});
