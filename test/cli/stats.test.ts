// How reliable everything was, from the running instance or straight from the file; and since when history is told.
import { describe, expect, test } from 'vitest';
import { readSince } from '../../cli/since.ts';
import { describeReliability, describeShare, describeStatistics, type StatisticsReader } from '../../cli/statistics-text.ts';
import { plain } from '../../cli/terminal.ts';
import type { UpkeepEvent } from '../../supervisor/contract/event.ts';
import type { Statistics } from '../../supervisor/contract/history.ts';
import { serviceSnapshot, snapshot, statisticsOf } from '../engine/local-api/in-memory-api.ts';
import { useBundledCli, type Ended } from './bundled-cli.ts';

const bed = useBundledCli();
const DAY_S = 86_400;
const known = (days: number, down: number, incidents: number): Omit<Statistics['windows'][number], 'window'> =>
  ({ availability: (days * DAY_S - down) / (days * DAY_S), up: days * DAY_S - down, down, unknown: 0, incidents });
const POSTGRES = statisticsOf('postgres', {
  windows: [{ window: '24h', ...known(1, 0, 0) }, { window: '7d', ...known(7, 12, 1) }, { window: '30d', ...known(30, 100, 3) }, { window: '90d', ...known(90, 100, 3) }],
  meanTimeToDetectMs: 1_400, meanTimeToHealMs: 33_000, longestOutage: { service: 'postgres', began: '2026-11-20T04:05:06.000Z', ms: 60_000, open: false },
  heals: { total: 4, fixed: 3, byManager: [{ name: 'systemd', total: 4, fixed: 3 }], byCause: [{ name: 'tcp check', total: 3, fixed: 3 }, { name: 'signal', total: 1, fixed: 0 }] }, alertsPerWeek: 0.25,
});
const API = statisticsOf('api', { windows: POSTGRES.windows.map(({ window, up, down }) => ({ window, availability: 1, up: (up + down) / 2, down: 0, unknown: (up + down) / 2, incidents: 0 })) });
const ALL = { ...POSTGRES, service: null };

const TABLE = [
  '              24 hours  7 days   30 days  90 days',
  'Availability  100 %     99.99 %  99.99 %  99.99 %',
  'Down          -         12 s     2 min    2 min',
  'Not known     -         -        -        -',
  'Incidents     0         1        3        3',
  '',
  'In the last 90 days',
  'Noticed after   1.4 s on average',
  'Healed after    33 s on average',
  'Longest outage  60 s: postgres, 2026-11-20 04:05:06',
  'Heals           3 of 4 worked',
  ' by systemd     3 of 4 worked',
  ' for tcp check  3 of 3 worked',
  ' for signal     0 of 1 worked',
  'Alerts a week   0.3',
  '',
];
const ABOUT_POSTGRES = 'postgres  99.99 %  Up all but 2 min of the last 30 days; 3 incidents, healed after 33 s on average.';

describe.each(['a running instance', 'the file alone'])('from %s', (source) => {
  const run = async (...argv: string[]): Promise<Ended> => {
    const statistics = { postgres: POSTGRES, api: API, '': ALL, removed: { ...POSTGRES, service: 'removed' } };
    if (source === 'the file alone') return bed.run(argv, { script: { statistics, lastKnown: snapshot({ running: false }) } });
    const { api } = await bed.serve();
    api.statistics = statistics;
    return bed.run(argv);
  };

  test('stats says a sentence a service, then all together', async () => {
    const { code, out } = await run('stats');
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual(['api       100 %    Up all the time of what is known of the last 30 days; no incident.', ABOUT_POSTGRES, '', ...TABLE]);
  });
  test('stats of one service is about that one', async () => {
    const { code, out } = await run('stats', 'postgres');
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([ABOUT_POSTGRES, '', ...TABLE]);
  });
  test.each([{ argv: ['stats'], is: ALL }, { argv: ['stats', 'api'], is: API }])('$argv --json is one object', async ({ argv, is }) => {
    const { code, out } = await run(...argv, '--json');
    expect({ code, is: JSON.parse(out) as unknown }).toEqual({ code: 0, is });
  });
  test('a service that is gone keeps its statistics', async () => {
    expect(await run('stats', 'removed')).toMatchObject({ code: 0, out: expect.stringMatching(/^removed {2}99\.99 %/) as string });
  });
  test.each(['postgers', 'Not An Id'])('an id that never was (%s) ends with 64', async (id) => {
    expect(await run('stats', id)).toMatchObject({ code: 64, out: '', err: expect.stringContaining(`There is no service "${id}".`) as string });
  });
});

test('stats of more services than a running instance takes connections at once', async () => {
  const { api } = await bed.serve();
  api.current = snapshot({ services: Array.from({ length: 500 }, (_, number) => serviceSnapshot(`service-${number}`)) });
  const { code, out, err } = await bed.run(['stats']);
  expect({ code, err, services: out.split('\n').filter((line) => line.startsWith('service-')).length }).toEqual({ code: 0, err: '', services: 500 });
});

test('nothing known is an answer', async () => {
  const { code, out } = await bed.run(['stats']);
  expect({ code, lines: out.split('\n').slice(0, 5) }).toEqual({ code: 0, lines: [
    '              24 hours  7 days  30 days  90 days', 'Availability  -         -       -        -', 'Down          -         -       -        -', 'Not known     100 %     100 %   100 %    100 %', 'Incidents     0         0       0        0',
  ] });
});

const reader: StatisticsReader = { paint: plain, now: new Date('2026-11-22T14:00:00Z'), elapsed: (ms) => `${ms / 1_000} s` };
test('what failed once was never up for 100 %', () => {
  expect([1, 0.999_999, 0.5, 0, null].map(describeShare)).toEqual(['100 %', '99.99 %', '50.00 %', '0.00 %', '-']);
});
test('an incident that lasts is said so', () => {
  const longestOutage = { service: 'api', began: '2026-11-22T13:00:00.000Z', ms: 3_600_000, open: true };
  expect(describeReliability([{ ...POSTGRES, longestOutage, meanTimeToHealMs: null }], reader)).toEqual(['postgres  99.99 %  Up all but 100 s of the last 30 days; 3 incidents, one of them now.']);
  expect(describeStatistics({ ...POSTGRES, longestOutage }, reader)).toContainEqual(expect.stringMatching(/^Longest outage {2}3600 s: api, .*, and it lasts$/));
});

describe('--since', () => {
  const now = new Date('2026-11-22T14:00:00Z');
  test.each([
    ['24h', '2026-11-21T14:00:00.000Z'], ['90s', '2026-11-22T13:58:30.000Z'], ['7d', '2026-11-15T14:00:00.000Z'],
    ['2026-11-22T14:00:00+01:00', '2026-11-22T13:00:00.000Z'], ['2026-11-20', '2026-11-20T00:00:00.000Z'],
  ])('%s is %s', (text, is) => {
    expect(readSince(text, now)).toBe(is);
  });
  test.each(['yesterday', '24', '2026', '2026-13-01', '-1h', '99999999999d', 'h'])('%s is refused, quoted', (text) => {
    expect(() => readSince(text, now)).toThrow(`--since: expected a duration such as "24h" or a time such as "2026-11-22T14:00:00Z", but got "${text}".`);
  });

  const old: UpkeepEvent = { at: '2026-01-02T03:04:05.000Z', type: 'heal.succeeded', service: 'api', reason: 'Fixed in 0.4 s.' };
  const young: UpkeepEvent = { ...old, at: new Date(Date.now() - 60_000).toISOString() };
  test('history tells what has happened since, from a running instance and from the file', async () => {
    expect(JSON.parse((await bed.run(['history', '--since', '1h', '--json'], { script: { journal: [young, old] } })).out)).toEqual([young]);
    expect((await bed.run(['history', '--since', '1s'], { script: { journal: [young, old] } })).out).toMatch(/^No heals are recorded since \d\d:\d\d:\d\d\.\n$/);
    const { api } = await bed.serve();
    api.events = [young, old];
    expect(JSON.parse((await bed.run(['history', '--since', '1h', '--json'])).out)).toEqual([young]);
    expect((await bed.run(['history', '--since', '2026-01-01'])).out.split('\n')).toHaveLength(3);
  });
  test('a time that is none ends with 64', async () => {
    expect(await bed.run(['history', '--since', 'yesterday'])).toMatchObject({ code: 64, out: '', err: expect.stringContaining('but got "yesterday"') as string });
  });
});
