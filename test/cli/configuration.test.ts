// services.json on the command line: found, valid, or everything that is wrong with it.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useBundledCli } from './bundled-cli.ts';

const bed = useBundledCli();
const ONE = '{"version": 1, "services": {"api": {"checks": [{"type": "tcp", "port": 9}]}}}';
const WRONG = '{"version": 2,\n "services": {"api": {"checks": [{"type": "tcp", "port": 9}], "interval": "1ms"}}}';

const write = async (path: string, text: string): Promise<string> => {
  await mkdir(join(bed.home, path, '..'), { recursive: true });
  await writeFile(join(bed.home, path), text);
  return path;
};

test('validate counts the services', async () => {
  await write('services.json', ONE);
  expect(await bed.run(['validate'])).toEqual({ code: 0, out: 'services.json is valid: 1 service.\n', err: '' });
});

test.each([['validate', 'other/mine.json'], ['validate', '--config', 'other/mine.json']])('%s %s takes the file that is named', async (...argv) => {
  await write('services.json', WRONG);
  await write('other/mine.json', ONE);
  expect(await bed.run(argv)).toEqual({ code: 0, out: 'mine.json is valid: 1 service.\n', err: '' });
});

test('without a file here, the one in the configuration folder is used', async () => {
  await write('.config/upkeep/services.json', ONE);
  expect(await bed.run(['validate'])).toMatchObject({ code: 0 });
});

test.each([['validate'], ['check']])('%s prints everything that is wrong and ends with 78', async (name) => {
  await write('services.json', WRONG);
  const { code, out, err } = await bed.run([name]);
  expect({ code, out }).toEqual({ code: 78, out: '' });
  expect(err).toMatch(/^services\.json:1:\d+ version: .*\nservices\.json:2:\d+ services\.api\.interval: .*\n$/);
});

test.each([['validate'], ['check'], ['watch']])('%s without a file says where it looked and what to do', async (name) => {
  const { code, out, err } = await bed.run([name]);
  expect({ code, out }).toEqual({ code: 78, out: '' });
  expect(err).toContain(`looked for ${join(bed.home, 'services.json')} and ${join(bed.home, '.config/upkeep/services.json')}`);
  expect(err).toContain('--config FILE');
});

test('a named file that is not there is named', async () => {
  expect(await bed.run(['check', '--config', 'nosuch.json'])).toMatchObject({ code: 78, err: expect.stringContaining(`looked for ${join(bed.home, 'nosuch.json')}.`) as string });
});

test('schema prints a JSON Schema', async () => {
  const { code, out } = await bed.run(['schema']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ type: 'object', properties: { services: {} } });
});
