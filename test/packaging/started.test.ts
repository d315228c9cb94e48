// The packed tray app as a person starts it, on a real panel: its icon tells, its command answers, and nothing turns it into something else.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { snapshotSchema } from '../../supervisor/contract/snapshot.ts';
import { clickTrayMenu, readTrayTooltip, waitForEmptyTray, waitForTrayItem, type TrayItem } from '../bed/desktop.ts';
import { waitFor } from '../bed/wait-for.ts';
import { freePort, isAlive, served, servingPid, useUpkeepBed } from '../end-to-end/upkeep-bed.ts';
import { ROOT, runCommand, runProgram, start, type Started, TRAY } from './packaged-app.ts';

const COLD_START = { timeoutMs: 90_000 };
const bed = useUpkeepBed();

async function startTray(argv: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<{ readonly app: Started; readonly item: TrayItem }> {
  const app = start(TRAY, ['--config', bed.configFile, ...argv], { cwd: bed.home, env: { ...process.env, UPKEEP_HOME: join(bed.home, 'data'), ...env } });
  bed.children.add(app.child);
  void app.ended.then(() => bed.children.delete(app.child));
  const early = app.ended.then(({ code, err }) => { throw new Error(`the app ended with ${code}: ${err}`); });
  early.catch(() => undefined);
  return { app, item: await Promise.race([waitForTrayItem(COLD_START), early]) };
}

/** Class and instance of every window, as the desktop matches them with its menu entries. */
const windowClasses = async (): Promise<string> => (await runProgram('wmctrl', ['-lx'], { cwd: bed.home, env: process.env })).out;

afterEach(async () => { await waitForEmptyTray(); });

test('the icon appears and says how things are, the command asks the app, and Quit ends both', { timeout: 120_000 }, async () => {
  const port = await freePort();
  await bed.configure({ version: 1, services: { web: served(port, { name: 'Website' }) } });
  const { app, item } = await startTray();
  await waitFor('the tooltip to tell', async () => (await readTrayTooltip(item)).includes('1 up'), COLD_START);
  const status = await runCommand(bed.home, ['status', '--json']);
  expect(snapshotSchema.parse(JSON.parse(status.out))).toMatchObject({ running: true, overall: 'healthy', pid: app.child.pid });
  const before = await servingPid(port);
  expect(await runCommand(bed.home, ['restart', 'web'])).toMatchObject({ code: 0 });
  const after = await servingPid(port);
  expect(after).not.toBe(before);
  await clickTrayMenu(item, ['Quit Upkeep'], COLD_START);
  expect(await app.ended).toMatchObject({ code: 0 });
  expect(isAlive(after)).toBe(false);
});

test('a second start shows the panel, under the name that the menu entry expects', { timeout: 120_000 }, async () => {
  await bed.configure({ version: 1, services: { web: { checks: [{ type: 'tcp', port: await freePort() }] } } });
  const { app, item } = await startTray();
  const second = start(TRAY, [], { cwd: bed.home, env: { ...process.env, UPKEEP_HOME: join(bed.home, 'data') } });
  expect(await second.ended).toMatchObject({ code: 0 });
  const { desktopName } = z.object({ desktopName: z.string() }).parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
  await waitFor('the window', async () => (await windowClasses()).split(/\s+/).includes(`${desktopName.replace(/\.desktop$/, '')}.Upkeep`), COLD_START);
  await clickTrayMenu(item, ['Quit Upkeep'], COLD_START);
  const { code, err } = await app.ended;
  expect(code).toBe(0);
  expect(err).not.toContain('upkeep: the panel');
});

test('neither the environment nor arguments make it a Node, load code into it, or open it to a debugger', { timeout: 120_000 }, async () => {
  const trace = join(bed.home, 'loaded');
  const intruder = join(bed.home, 'intruder.cjs');
  writeFileSync(intruder, `require('node:fs').writeFileSync(${JSON.stringify(trace)}, '');`);
  // The same code does load where nothing keeps it out.
  await runProgram(process.execPath, ['-e', '0'], { cwd: bed.home, env: { NODE_OPTIONS: `--require ${intruder}` } });
  expect(existsSync(trace)).toBe(true);
  writeFileSync(intruder, `require('node:fs').writeFileSync(${JSON.stringify(`${trace}-again`)}, '');`);

  await bed.configure({ version: 1, services: { web: { checks: [{ type: 'tcp', port: await freePort() }] } } });
  const { app, item } = await startTray(['--inspect=127.0.0.1:0', `--require=${intruder}`], { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: `--require ${intruder}` });
  await clickTrayMenu(item, ['Quit Upkeep'], COLD_START);
  const { code, err } = await app.ended;
  expect(code).toBe(0);
  expect(err).not.toContain('Debugger');
  expect(err).toMatch(/NODE_OPTIONS .*disabled/);
  expect(existsSync(`${trace}-again`)).toBe(false);
});
