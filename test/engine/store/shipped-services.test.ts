import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'jsonc-parser';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Configuration } from '../../../supervisor/contract/configuration.ts';
import { CHECKS, servicesSchema } from '../../../supervisor/plugins.ts';
import { configurationJsonSchema, readServicesFile } from '../../../supervisor/store/services-file.ts';
import { freePort } from '../checks/loopback-server.ts';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
const FILE = join(PROJECT, 'services.json');

async function readShipped(path = FILE): Promise<Configuration> {
  const file = await readServicesFile(path, { env: {}, schema: servicesSchema });
  return file.ok ? file.configuration : expect.fail(file.issues.join('\n'));
}

describe('the shipped services.json', () => {
  test('is right, with two services that Upkeep runs and one that it only watches', async () => {
    const { services } = await readShipped();
    expect(services.map(({ id, manager }) => [id, manager?.type])).toEqual([['demo-web', 'process'], ['demo-api', 'process'], ['demo-watched', undefined]]);
  });
  test('forgives what it saw before the demo services served: the next look at a service in trouble is never far', async () => {
    const { services } = await readShipped();
    expect(Math.max(...services.map(({ breaker }) => breaker.openForMs))).toBeLessThanOrEqual(2_000);
  });
  test('points to the schema beside it', async () => {
    expect(parse(await readFile(FILE, 'utf8'))).toMatchObject({ $schema: './services.schema.json' });
  });
  test('explains every key of a service that it uses', async () => {
    const text = await readFile(FILE, 'utf8');
    for (const key of ['interval', 'breaker', 'cooldown', 'url', 'manager', 'checks', 'severity']) {
      const before = text.split('\n').slice(0, text.split('\n').findIndex((line) => line.trimStart().startsWith(`"${key}"`)));
      expect(before.at(-1)?.trim(), key).toMatch(/^\/\//);
    }
  });
  test('says in services.schema.json what the reader accepts: regenerate it with `upkeep schema > services.schema.json` when this fails', async () => {
    const committed: unknown = JSON.parse(await readFile(join(PROJECT, 'services.schema.json'), 'utf8'));
    expect(committed).toEqual(configurationJsonSchema(servicesSchema));
  });
});

describe('the demo services', () => {
  const children: ChildProcess[] = [];
  let folder = '';
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'upkeep-shipped-')); });
  afterEach(async () => {
    await rm(folder, { recursive: true });
    await Promise.all(children.splice(0).map((child) => new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) { resolve(); return; }
      child.once('exit', () => { resolve(); });
      child.kill('SIGKILL');
    })));
  });

  test('pass their checks with nothing else installed, fail them when broken, and end on SIGTERM', async () => {
    // On ports of their own: an Upkeep that runs the demo on this machine is left alone.
    const [web, api] = [String(await freePort()), String(await freePort())];
    const text = await readFile(FILE, 'utf8');
    expect(text).toMatch(/4801[^]*4802/);
    const copy = join(folder, 'services.json');
    await writeFile(copy, text.replace(/480[12]/g, (port) => (port === '4801' ? web : api)));
    const { services } = await readShipped(copy);
    const started = services.flatMap(({ manager }) => {
      if (manager === null || !('command' in manager) || !Array.isArray(manager.command)) return [];
      const [program = '', ...args] = manager.command.map(String);
      const child = spawn(program, args, { cwd: PROJECT, stdio: 'ignore' });
      children.push(child);
      return [child];
    });
    expect(started).toHaveLength(2);
    const judge = async (): Promise<string[]> => await Promise.all(services.flatMap(({ id, checks }) => checks.map(async (spec) => {
      const outcome = await CHECKS[spec.type]?.run(spec, { timeoutMs: 5_000, signal: new AbortController().signal });
      return `${id} ${spec.type} ${outcome?.result ?? 'is no check'}`;
    })));
    const up = ['demo-web http pass', 'demo-api tcp pass', 'demo-api http pass', 'demo-watched http pass'];
    await vi.waitFor(async () => { expect(await judge()).toEqual(up); }, { timeout: 30_000, interval: 50 });

    await (await fetch(`http://127.0.0.1:${api}/break`, { method: 'POST' })).text();
    expect(await judge()).toEqual(up.with(2, 'demo-api http fail'));

    const ends = started.map((child) => new Promise((resolve) => { child.once('exit', (_code, signal) => { resolve(signal); }); }));
    for (const child of started) child.kill('SIGTERM');
    expect(await Promise.all(ends)).toEqual(['SIGTERM', 'SIGTERM']);
  });
});
