// The `upkeep` command of the package, on a machine without a display: it behaves as dist/cli.cjs does.
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { snapshotSchema } from '../../supervisor/contract/snapshot.ts';
import { waitFor } from '../bed/wait-for.ts';
import { freePort, isAlive, served, servingPid, useUpkeepBed } from '../end-to-end/upkeep-bed.ts';
import { COMMAND, headless, runCommand, runProgram, start } from './packaged-app.ts';

const bed = useUpkeepBed();

test('the headless supervisor answers status and restart, and stops what it started at SIGTERM', { timeout: 60_000 }, async () => {
  const port = await freePort();
  await bed.configure({ version: 1, services: { web: served(port) } });
  const watching = start(COMMAND, ['watch', '--json'], { cwd: bed.home, env: headless(bed.home) });
  bed.children.add(watching.child);
  await waitFor('the service to be up', async () => (await runCommand(bed.home, ['status'])).code === 0);
  const before = await servingPid(port);
  const status = await runCommand(bed.home, ['status', '--json']);
  expect(snapshotSchema.parse(JSON.parse(status.out))).toMatchObject({ running: true, overall: 'healthy', pid: watching.child.pid });
  expect(status.err).toBe('');
  expect(await runCommand(bed.home, ['restart', 'web'])).toMatchObject({ code: 0 });
  const after = await servingPid(port);
  expect(after).not.toBe(before);
  watching.child.kill('SIGTERM');
  expect(await watching.ended).toMatchObject({ code: 0, err: '' });
  bed.children.delete(watching.child);
  expect(isAlive(after)).toBe(false);
});

test('the headless supervisor gives its panel to a browser', { timeout: 60_000 }, async () => {
  await bed.configure({ version: 1, services: { api: { checks: [{ type: 'tcp', port: await freePort() }] } } });
  const watching = start(COMMAND, ['watch', '--json'], { cwd: bed.home, env: headless(bed.home) });
  bed.children.add(watching.child);
  const printed = await waitFor('an address of the panel', async () => {
    const { code, out } = await runCommand(bed.home, ['panel', '--print']);
    return code === 0 && out;
  });
  const { origin, hash } = new URL(printed.trim());
  expect(hash).not.toBe('');
  for (const path of ['/', '/main.js', '/main.css', '/icon.png']) expect((await fetch(`${origin}${path}`)).status, path).toBe(200);
  watching.child.kill('SIGTERM');
  expect(await watching.ended).toMatchObject({ code: 0 });
  bed.children.delete(watching.child);
});

test('exit codes are those of the command: 64 for wrong usage, 78 for a wrong file, 69 when nothing is known', async () => {
  expect(await runCommand(bed.home, ['nonsense'])).toMatchObject({ code: 64 });
  await bed.configure('{ "version": 2 }');
  expect(await runCommand(bed.home, ['validate'])).toMatchObject({ code: 78 });
  expect(await runCommand(bed.home, ['status'])).toMatchObject({ code: 69 });
});

test('what it prints can be piped on', async () => {
  const piped = await runProgram('/bin/sh', ['-c', '"$1" schema | head -n 1', 'sh', COMMAND], { cwd: bed.home, env: headless(bed.home) });
  expect(piped).toMatchObject({ code: 0, out: '{\n', err: '' });
});

test('called by a link on the PATH it finds the app', async () => {
  const link = join(bed.home, 'upkeep');
  symlinkSync(COMMAND, link);
  expect(await runProgram(link, ['--version'], { cwd: '/', env: headless(bed.home) })).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string });
});

test('without a Node, or with one that is too old, it says what to install', async () => {
  const tools = join(bed.home, 'bin');
  const withoutNode = await runProgram('/bin/sh', ['-c', 'mkdir bin && ln -s "$(command -v readlink)" "$(command -v dirname)" bin && PATH="$PWD/bin" exec /bin/sh "$1" status', 'sh', COMMAND], { cwd: bed.home, env: headless(bed.home) });
  expect(existsSync(join(tools, 'dirname'))).toBe(true);
  expect(withoutNode).toMatchObject({ code: 70, err: expect.stringContaining('needs Node 18.19 or newer') as string });
  const pretend = join(bed.home, 'pretend.cjs');
  writeFileSync(pretend, 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.12.1" } });');
  const old = await runCommand(bed.home, ['status'], { NODE_OPTIONS: `--require ${pretend}` });
  expect(old).toMatchObject({ code: 70, err: expect.stringMatching(/needs Node 18\.19 or newer; .* is 18\.12\.1\./) as string });
});

test('the Node 18 of Debian 12 and Ubuntu 24.04 is enough, though its arrays lack four functions', async () => {
  const pretend = join(bed.home, 'pretend.cjs');
  writeFileSync(pretend, `
    for (const name of ['toReversed', 'toSorted', 'toSpliced', 'with']) delete Array.prototype[name];
    process.on('exit', () => process.stderr.write(JSON.stringify([[3, 1].toSorted(), [1, 2].toReversed(), [1, 2, 3].toSpliced(1, 1, 9), [1, 2].with(-1, 7)])));
  `);
  await bed.configure({ version: 1, services: { api: { checks: [{ type: 'tcp', port: await freePort() }] } } });
  const checked = await runCommand(bed.home, ['check', '--json'], { NODE_OPTIONS: `--require ${pretend}` });
  expect(snapshotSchema.parse(JSON.parse(checked.out)).overall).not.toBe('healthy');
  expect(checked.err).toBe('[[1,3],[2,1],[1,9,3],[1,7]]');
});
