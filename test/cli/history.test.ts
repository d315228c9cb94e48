// Heals and alerts, from the running instance or straight from the journal.
import { describe, expect, test } from 'vitest';
import type { UpkeepEvent } from '../../supervisor/contract/event.ts';
import { snapshot } from '../engine/local-api/in-memory-api.ts';
import { useBundledCli } from './bundled-cli.ts';

const bed = useBundledCli();
const HEALED: UpkeepEvent = { at: '2026-01-02T03:04:06.000Z', type: 'heal.succeeded', service: 'api', reason: 'Fixed in 0.4 s.', tookMs: 400 };
const HEALING: UpkeepEvent = { at: '2026-01-02T03:04:05.000Z', type: 'heal.started', service: 'api', reason: 'It was killed by SIGKILL.' };
const ELSEWHERE: UpkeepEvent = { at: '2026-01-02T03:04:04.000Z', type: 'heal.failed', service: 'postgres' };
const ALERT: UpkeepEvent = { at: '2026-01-02T03:04:03.000Z', type: 'alert.raised', service: 'postgres', reason: 'Postgres is down.' };
const NOISE: UpkeepEvent = { at: '2026-01-02T03:04:02.000Z', type: 'service.up', service: 'api' };
const JOURNAL = [HEALED, HEALING, ELSEWHERE, ALERT, NOISE];

describe.each(['a running instance', 'the journal alone'])('from %s', (source) => {
  const run = async (...argv: string[]): Promise<{ code: number | null; out: string; err: string }> => {
    if (source === 'the journal alone') return bed.run(argv, { script: { journal: JOURNAL, lastKnown: snapshot({ running: false }) } });
    const { api } = await bed.serve();
    api.events = JOURNAL;
    return bed.run(argv);
  };

  test.each([
    { argv: ['history'], events: [HEALED, HEALING, ELSEWHERE] },
    { argv: ['history', 'api'], events: [HEALED, HEALING] },
    { argv: ['alerts'], events: [ALERT] },
  ])('$argv --json is an array of events, newest first', async ({ argv, events }) => {
    const { code, out } = await run(...argv, '--json');
    expect({ code, events: JSON.parse(out) as unknown }).toEqual({ code: 0, events });
  });

  test('history is a line an event for people', async () => {
    expect((await run('history')).out.split('\n')).toEqual([
      '2026-01-02 03:04:06  ✓  api       heal succeeded  Fixed in 0.4 s.',
      '2026-01-02 03:04:05  ↻  api       heal started    It was killed by SIGKILL.',
      '2026-01-02 03:04:04  ✗  postgres  heal failed',
      '',
    ]);
  });

  test('an id that never was ends with 64', async () => {
    expect(await run('history', 'postgers', '--json')).toEqual({ code: 64, out: '', err: 'upkeep: There is no service "postgers". Did you mean "postgres"?\n' });
  });
});

test('a service that is gone keeps its history', async () => {
  const { api } = await bed.serve();
  api.events = [{ ...HEALED, service: 'removed' }];
  expect(await bed.run(['history', 'removed'])).toMatchObject({ code: 0, out: expect.stringContaining('removed') as string });
});

test('nothing recorded is an answer', async () => {
  expect(await bed.run(['history'])).toEqual({ code: 0, out: 'No heals are recorded.\n', err: '' });
  expect(await bed.run(['alerts', '--json'])).toEqual({ code: 0, out: '[]\n', err: '' });
  expect(await bed.run(['history', 'api'], { script: { lastKnown: snapshot() } })).toEqual({ code: 0, out: 'No heals are recorded for "api".\n', err: '' });
});
