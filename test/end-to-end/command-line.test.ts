// The exit codes that scripts build on, and what a person reads beside them, from the command as it ships.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { snapshotSchema } from '../../supervisor/contract/snapshot.ts';
import { freePort, PROGRAMS, served, useUpkeepBed } from './upkeep-bed.ts';

const bed = useUpkeepBed();
const ROOT = join(import.meta.dirname, '../..');
const closed = { checks: [{ type: 'tcp', port: 1 }] };

describe('upkeep check, without a running Upkeep', () => {
  test('healthy is 0: a healthy round starts and heals nothing', async () => {
    const port = await freePort();
    const services = { web: served(port) };
    await bed.configure({ version: 1, services });
    await bed.watch();
    await bed.until('web', 'up');
    const { code, out } = await bed.run('check', '--json');
    expect(code).toBe(0);
    expect(snapshotSchema.parse(JSON.parse(out))).toMatchObject({ overall: 'healthy', running: false, pid: null, services: [{ id: 'web', status: 'up', checks: [{ type: 'http', ok: true, error: null }] }] });
  });

  test('slow is degraded is 1', async () => {
    const port = await freePort();
    const slow = { manager: { type: 'process', command: [process.execPath, join(PROGRAMS, 'answers-late.mjs'), String(port), '60'] }, checks: [{ type: 'http', url: `http://127.0.0.1:${port}/`, expect: { maxLatency: '50ms' } }] };
    await bed.configure({ version: 1, services: { web: slow } });
    await bed.watch();
    await bed.until('web', 'degraded');
    expect(await bed.run('check')).toMatchObject({ code: 1, out: expect.stringContaining('degraded') as string });
  });

  test('down is failing is 2, with the evidence', async () => {
    await bed.configure({ version: 1, services: { gone: closed } });
    expect(await bed.run('check')).toMatchObject({ code: 2, out: expect.stringContaining('connection refused') as string });
  });

  test('down but not critical is 1', async () => {
    await bed.configure({ version: 1, services: { gone: { ...closed, severity: 'info' } } });
    expect((await bed.run('check')).code).toBe(1);
  });

  test('only the named services are checked', async () => {
    await bed.configure({ version: 1, services: { one: closed, two: closed } });
    const { out } = await bed.run('check', 'two', '--json');
    expect(snapshotSchema.parse(JSON.parse(out)).services.map(({ id }) => id)).toEqual(['two']);
  });
});

describe('upkeep status', () => {
  test('is 69 when nothing is known', async () => {
    await bed.configure({ version: 1, services: { gone: closed } });
    expect((await bed.run('status')).code).toBe(69);
  });

  test('is what was known last, marked as such, when Upkeep does not run', async () => {
    await bed.configure({ version: 1, services: { web: served(await freePort()) } });
    const upkeep = await bed.watch();
    await bed.until('web', 'up');
    expect((await bed.run('status')).code).toBe(0);
    upkeep.child.kill('SIGTERM');
    await upkeep.ended;
    expect(await bed.run('status')).toMatchObject({ code: 0, out: expect.stringMatching(/Upkeep is not running; this is what was known at/) as string });
    expect(await bed.status()).toMatchObject({ running: false, pid: null });
  });

  test('has the shape that scripts build on', async () => {
    await bed.configure({ version: 1, services: { web: served(await freePort(), { name: 'Website', group: 'Front' }) } });
    await bed.watch();
    await bed.until('web', 'up');
    const { out } = await bed.run('status', '--json');
    const status = JSON.parse(out) as { services: Record<string, unknown>[] };
    expect(Object.keys(status)).toEqual(expect.arrayContaining(['overall', 'at', 'pid', 'services', 'alerts', 'config']));
    expect(status.services[0]).toMatchObject({
      id: 'web', name: 'Website', group: 'Front', status: 'up', reason: expect.any(String) as string,
      breaker: { state: 'closed', failures: 0, successes: 0, openUntil: null },
      heal: { auto: true, lastAt: null, inLastHour: 0, maxPerHour: 3, nextAllowedAt: null },
      pausedUntil: null,
    });
  });
});

describe('wrong use', () => {
  test.each([
    ['an unknown service, with a close id', ['check', 'wbe'], 64, 'web'],
    ['an unknown command, with a close one', ['statsu'], 64, 'status'],
    ['an unknown option', ['status', '--jsno'], 64, '--json'],
    ['a duration that is none', ['pause', 'web', '--for', 'soon'], 64, 'soon'],
    ['a restart without a running Upkeep', ['restart', 'web'], 1, 'not running'],
  ])('%s', async (_title, argv, code, says) => {
    await bed.configure({ version: 1, services: { web: closed } });
    const ended = await bed.run(...argv);
    expect(ended.code, ended.err).toBe(code);
    expect(ended.err).toContain(says);
  });

  test('a wrong services.json is 78 for validate, check and watch, with every mistake at its place', async () => {
    await bed.configure('{\n  "version": 1,\n  "services": {\n    "web": { "intervall": "1s", "checks": [{ "type": "tcp", "port": 99999 }] }\n  }\n}\n');
    for (const command of ['validate', 'check', 'watch']) {
      const ended = await bed.run(command);
      expect(ended.code, command).toBe(78);
      expect(ended.err + ended.out).toContain('services.json:4:14 services.web.intervall: unknown key; did you mean "interval"?');
      expect(ended.err + ended.out).toMatch(/services\.json:4:69 services\.web\.checks\[0\]\.port: expected a port from 1 to 65535, got 99999/);
    }
  });

  test('a missing services.json says where it was looked for and what to do', async () => {
    const ended = await bed.run('watch');
    expect(ended.code).toBe(78);
    expect(ended.err).toContain('services.json');
  });
});

describe('the shipped services.json', () => {
  test('is valid, and its schema is the one that `upkeep schema` prints', async () => {
    expect(await bed.run('validate', join(ROOT, 'services.json'))).toMatchObject({ code: 0, out: expect.stringContaining('3 services') as string });
    const { out } = await bed.run('schema');
    expect(JSON.parse(out)).toEqual(JSON.parse(await readFile(join(ROOT, 'services.schema.json'), 'utf8')));
  });
});
