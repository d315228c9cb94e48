// What is printed about the state of everything, and the exit codes scripts decide on.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Overall } from '../../supervisor/contract/snapshot.ts';
import { serviceSnapshot, snapshot } from '../engine/local-api/in-memory-api.ts';
import { useBundledCli } from './bundled-cli.ts';

const bed = useBundledCli();
const EXITS: { overall: Overall; code: number }[] = [{ overall: 'healthy', code: 0 }, { overall: 'degraded', code: 1 }, { overall: 'failing', code: 2 }];
const configure = (): Promise<void> =>
  writeFile(join(bed.home, 'services.json'), '{"version": 1, "services": {"api": {"checks": [{"type": "tcp", "port": 9}]}, "postgres": {"checks": [{"type": "tcp", "port": 9}]}}}');

test.each(EXITS)('status of a running instance that is $overall ends with $code', async ({ overall, code }) => {
  const { api } = await bed.serve();
  api.current = snapshot({ overall });
  expect((await bed.run(['status'])).code).toBe(code);
});

test('status prints a headline and a line a service', async () => {
  const { api } = await bed.serve();
  api.current = snapshot({ overall: 'failing', services: [serviceSnapshot('api', { status: 'down', reason: 'Held: 3 of 3 restarts used.' }), serviceSnapshot('postgres', { name: 'Postgres' })] });
  const { out, err } = await bed.run(['status']);
  expect(err).toBe('');
  expect(out.split('\n')).toEqual([
    '1 of 2 services is down.',
    '✗  api                  down  Held: 3 of 3 restarts used.',
    '✓  Postgres (postgres)  up    Every check passes.',
    '',
  ]);
});

test('status --json prints exactly the snapshot', async () => {
  const { api } = await bed.serve();
  const { out } = await bed.run(['status', '--json']);
  expect(JSON.parse(out)).toEqual(api.current);
});

test.each(EXITS)('status without a running instance tells what was known, marks it, and ends with $code when that was $overall', async ({ overall, code }) => {
  const lastKnown = snapshot({ overall, running: false, pid: null, at: '2026-01-02T03:04:05.000Z' });
  const human = await bed.run(['status'], { script: { lastKnown } });
  expect(human.code).toBe(code);
  expect(human.out).toMatch(/^Upkeep is not running; this is what was known at 2026-01-02 03:04:05\.\n/);
  const json = await bed.run(['status', '--json'], { script: { lastKnown } });
  expect(json.code).toBe(code);
  expect(JSON.parse(json.out)).toEqual(lastKnown);
});

test('status ends with 69 when nothing is known', async () => {
  expect(await bed.run(['status', '--json'])).toMatchObject({ code: 69, out: '', err: expect.stringContaining('nothing is known') as string });
});

test.each(EXITS)('check ends with $code when everything together is $overall', async ({ overall, code }) => {
  await configure();
  const checked = snapshot({ overall, running: false, pid: null });
  const human = await bed.run(['check'], { script: { checked } });
  expect(human).toMatchObject({ code, err: '' });
  expect(human.out).toMatch(/^Both services are up\.\n/);
  const json = await bed.run(['check', '--json'], { script: { checked } });
  expect({ code: json.code, printed: JSON.parse(json.out) as unknown }).toEqual({ code, printed: checked });
});

test('check looks at the services that are named', async () => {
  await configure();
  const { out } = await bed.run(['check', 'postgres', '--json'], { script: { checked: snapshot() } });
  expect(JSON.parse(out)).toMatchObject({ services: [{ id: 'postgres' }] });
});

test('check of an unknown id ends with 64', async () => {
  await configure();
  expect(await bed.run(['check', 'api', 'postgre'], { script: { checked: snapshot() } })).toEqual({ code: 64, out: '', err: 'upkeep: There is no service "postgre". Did you mean "postgres"?\n' });
});

test.each([
  { title: 'not to a pipe', env: {}, coloured: false },
  { title: 'when it is forced', env: { FORCE_COLOR: '1' }, coloured: true },
  { title: 'never with NO_COLOR', env: { FORCE_COLOR: '1', NO_COLOR: '1' }, coloured: false },
])('colour: $title', async ({ env, coloured }) => {
  await bed.serve();
  expect((await bed.run(['status'], { env })).out.includes('\u001B[')).toBe(coloured);
});
