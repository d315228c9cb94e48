// A desktop without a tray, as plain GNOME is one: the window opens instead, closing it asks what to do, and a tray that comes
// gets the icon. The panel of the bed is taken away for this file and put back at its end.
import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { nameHasOwner } from '../../electron/session-bus.ts';
import { TRAY_WATCHER } from '../../electron/tray-host.ts';
import { clickTrayMenu, waitForEmptyTray, waitForTrayItem } from '../bed/desktop.ts';
import { waitFor } from '../bed/wait-for.ts';
import { freePort, isAlive, served, servingPid, useUpkeepBed } from '../end-to-end/upkeep-bed.ts';
import { startTrayApp, type TrayApp, whileItRuns } from './tray-app.ts';

const run = promisify(execFile);
const TOLD = 'Upkeep without a tray';
const QUESTION = 'Closing Upkeep';
const PANEL = 'Upkeep';
const bed = useUpkeepBed();
let app: TrayApp;

const hasTray = () => nameHasOwner(TRAY_WATCHER, process.env['DBUS_SESSION_BUS_ADDRESS']);
async function endTray(): Promise<void> {
  if ((await hasTray()) === true) await run('xfce4-panel', ['--quit']);
  await waitFor('the tray to be gone', async () => (await hasTray()) === false);
}
/** Lives as long as the bed does. */
async function startTray(): Promise<void> {
  if ((await hasTray()) === true) return;
  spawn('xfce4-panel', ['--disable-wm-check'], { detached: true, stdio: 'ignore' }).unref();
  await waitFor('the tray', hasTray);
}

/** Ids of the windows with that title. */
async function windows(title: string): Promise<string[]> {
  // Without a single window it complains instead of listing none.
  const { stdout } = await run('wmctrl', ['-l']).catch((error: unknown) => { if (/client list/.test(String(error))) return { stdout: '' }; throw error; });
  return stdout.split('\n').filter((line) => line.endsWith(` ${title}`)).map((line) => line.split(' ')[0] ?? '');
}
const untilOpen = (title: string) => whileItRuns(app, `the window "${title}"`, async () => (await windows(title))[0]);
const untilClosed = (title: string) => waitFor(`no window "${title}"`, async () => (await windows(title)).length === 0);
/** A key, once the window has the keyboard. */
async function press(title: string, ...keys: string[]): Promise<void> {
  const window = await untilOpen(title);
  await run('wmctrl', ['-i', '-a', window]);
  await waitFor(`the keyboard to be with "${title}"`, async () => Number((await run('xdotool', ['getactivewindow'])).stdout) === Number(window));
  await run('xdotool', ['key', '--clearmodifiers', ...keys]);
}
const closePanel = async () => { await run('wmctrl', ['-i', '-c', await untilOpen(PANEL)]); };
const remembered = (): unknown => {
  const file = join(bed.home, 'data/electron/without-tray.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
};
const start = (...args: string[]) => { app = startTrayApp(bed.configFile, join(bed.home, 'data'), ...args); };
const end = async () => {
  app.child.kill('SIGTERM');
  await app.ended;
};

let port: number;
beforeAll(endTray, 60_000);
afterAll(startTray, 60_000);
beforeEach(async () => {
  port = await freePort();
  await bed.configure({ version: 1, services: { web: served(port) } });
});
afterEach(async () => {
  await end();
  await endTray();
}, 60_000);

describe('a desktop without a tray', { timeout: 180_000 }, () => {
  test('is told once, and the window opens at every start', async () => {
    start();
    await press(TOLD, 'Return');
    await untilClosed(TOLD);
    await untilOpen(PANEL);
    expect(remembered()).toEqual({ isTold: true, closing: null });
    await end();
    start();
    await untilOpen(PANEL);
    await closePanel();
    await untilOpen(QUESTION);
    expect(await windows(TOLD)).toEqual([]);
  });

  test('closing asks: cancel leaves the window, keep running closes it and supervision goes on until Upkeep is opened again', async () => {
    start();
    await press(TOLD, 'Return');
    await closePanel();
    await press(QUESTION, 'Escape');
    await untilClosed(QUESTION);
    expect(await windows(PANEL)).toHaveLength(1);
    await closePanel();
    await press(QUESTION, 'alt+r');
    await untilClosed(PANEL);
    await bed.until('web', 'up');
    const before = await servingPid(port);
    process.kill(before, 'SIGKILL');
    await waitFor('a new process of the service', async () => (await servingPid(port)) !== before);
    expect(remembered()).toEqual({ isTold: true, closing: null });
    const second = startTrayApp(bed.configFile, join(bed.home, 'data'));
    await untilOpen(PANEL);
    expect(await second.ended).toBe(0);
  });

  test('quitting from the question stops what Upkeep started', async () => {
    start();
    await press(TOLD, 'Return');
    await bed.until('web', 'up');
    const pid = await servingPid(port);
    await closePanel();
    await press(QUESTION, 'alt+q');
    expect(await app.ended, app.said()).toBe(0);
    expect(isAlive(pid)).toBe(false);
  });

  test('what the person does not want to be asked again is remembered, and at login not even the window opens', async () => {
    start();
    await press(TOLD, 'Return');
    await closePanel();
    // The check box has the keyboard first.
    await press(QUESTION, 'space', 'alt+r');
    await untilClosed(PANEL);
    expect(remembered()).toEqual({ isTold: true, closing: 'background' });
    await end();
    start();
    await closePanel();
    await untilClosed(PANEL);
    expect(await windows(QUESTION)).toEqual([]);
    await end();
    start('--hidden');
    await bed.until('web', 'up');
    await startTray();
    await waitForTrayItem();
    expect(await windows(PANEL)).toEqual([]);
  });

  test('a tray that comes later gets the icon, and closing no longer asks', async () => {
    start();
    // Left open: it goes with its window.
    await untilOpen(TOLD);
    await startTray();
    const item = await waitForTrayItem();
    await closePanel();
    await untilClosed(PANEL);
    expect(await windows(QUESTION)).toEqual([]);
    await clickTrayMenu(item, ['Open panel']);
    await untilOpen(PANEL);
    await end();
    await waitForEmptyTray();
  });

  test('a signal ends Upkeep while it asks', async () => {
    start();
    await press(TOLD, 'Return');
    await closePanel();
    await untilOpen(QUESTION);
    await end();
    expect(app.child.signalCode ?? app.child.exitCode, app.said()).toBe(0);
  });
});
