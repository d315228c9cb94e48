// The supervisor in the foreground: what it prints, and how it ends.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { followEvents } from '../../cli/watch.ts';
import { eventSchema, type UpkeepEvent } from '../../supervisor/contract/event.ts';
import { eventually } from '../engine/local-api/eventually.ts';
import { InMemoryApi } from '../engine/local-api/in-memory-api.ts';
import { useBundledCli, type RunOptions, type Started } from './bundled-cli.ts';

const bed = useBundledCli();

beforeEach(() => writeFile(join(bed.home, 'services.json'), '{"version": 1, "services": {}}'));

async function watching(argv: readonly string[], options?: RunOptions): Promise<Started> {
  const started = bed.start(['watch', ...argv], options);
  await eventually(() => { expect(started.out()).toMatch(/service.up/); });
  return started;
}

test('--json prints one event a line, also those from before anyone could listen', async () => {
  const { child, ended } = await watching(['--json']);
  child.kill('SIGTERM');
  const { code, out, err } = await ended;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const events = out.trimEnd().split('\n').map((line) => eventSchema.parse(JSON.parse(line)));
  expect(events.map(({ type }) => type).slice(0, 2)).toEqual(['supervisor.started', 'service.up']);
  expect(events.filter(({ type }) => type === 'supervisor.started')).toHaveLength(1);
});

test('an event that is in the journal already when it is told live is printed once, in its place', async () => {
  const event = (second: number): UpkeepEvent => ({ at: `2026-11-22T14:00:0${second}.000Z`, type: 'service.up', service: 'api', reason: 'It serves.' });
  const api = new InMemoryApi();
  api.events = [{ reason: 'It serves.', ...event(2) }, event(1), event(0)];
  const told: string[] = [];
  const following = followEvents(api, event(1).at, ({ at }) => told.push(at));
  // The answer of the journal is under way.
  api.tell({ kind: 'event', event: event(2) });
  api.tell({ kind: 'event', event: event(3) });
  await following;
  api.tell({ kind: 'event', event: event(4) });
  expect(told).toEqual([1, 2, 3, 4].map((second) => event(second).at));
});

test('for people it says what it looks after, then a line an event', async () => {
  const { child, ended } = await watching([]);
  child.kill('SIGINT');
  const [greeting, first, second] = (await ended).out.split('\n');
  expect(greeting).toBe('Upkeep 0.1.0 looks after 2 services of /srv/services.json. Ctrl-C ends it.');
  expect(first).toMatch(/^\d\d:\d\d:\d\d {2}· {2}upkeep {2}supervisor started {2}Upkeep began\.$/);
  expect(second).toMatch(/^\d\d:\d\d:\d\d {2}✓ {2}api {2}service up {2}It serves\.$/);
});

describe('ends', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('with 0 after %s, once the engine has stopped', async (signal) => {
    const { child, ended } = await watching([]);
    expect(existsSync(join(bed.home, 'stopped'))).toBe(false);
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 0, err: '' });
    expect(existsSync(join(bed.home, 'stopped'))).toBe(true);
  });

  test('cleanly and quietly when nobody reads any more', async () => {
    const { child, ended } = await watching(['--json']);
    child.stdout.destroy();
    expect(await ended).toMatchObject({ code: 0, err: '' });
    expect(existsSync(join(bed.home, 'stopped'))).toBe(true);
  });

  test('with 1 after a second signal when the engine does not stop', async () => {
    const { child, ended } = await watching([], { script: { host: 'never-stops' } });
    child.kill('SIGINT');
    await eventually(() => { expect(existsSync(join(bed.home, 'stop-asked'))).toBe(true); });
    expect(child.exitCode).toBeNull();
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 1 });
  });
});

test.each([
  { host: 'already-running', code: 1, says: /^Upkeep is already running \(process 4711\)\.\n$/ },
  { host: 'no-folder', code: 1, says: /^upkeep: Cannot use \/nowhere as data folder\.\n$/ },
  { host: 'breaks', code: 70, says: /^upkeep: this should not happen: TypeError: x is not a function\n {4}at / },
] as const)('a host that is $host ends with $code', async ({ host, code, says }) => {
  const { err, ...rest } = await bed.run(['watch'], { script: { host } });
  expect(rest).toEqual({ code, out: '' });
  expect(err).toMatch(says);
});
