// The tray app as a user starts it (`npm start`), on a real panel with a real notification daemon: the icon tells, the menu heals,
// the notification says the same sentence as status and log. Runs inside test/bed/with-desktop.sh.
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clickTrayMenu, findColour, findMenuItem, listTrayItems, readTrayMenu, readTrayTooltip, recordNotifications, takeScreenshot, waitForEmptyTray, type NotificationRecorder, type TrayItem } from '../bed/desktop.ts';
import { waitFor } from '../bed/wait-for.ts';
import { freePort, isAlive, served, servingPid, useUpkeepBed } from '../end-to-end/upkeep-bed.ts';
import { startTrayApp, type TrayApp, whileItRuns } from './tray-app.ts';

const run = promisify(execFile);
/** The icons' own colours, see build/icons/shapes.mjs. */
const UP_COLOUR = '#1f9d55';
const DOWN_COLOUR = '#e0334a';
const COLD_START = { timeoutMs: 90_000 };
const bed = useUpkeepBed();
let app: TrayApp | undefined;
let notes: NotificationRecorder;

async function startApp(): Promise<TrayItem> {
  app = startTrayApp(bed.configFile, join(bed.home, 'data'));
  return whileItRuns(app, 'one icon in the tray', async () => {
    const items = await listTrayItems();
    return items.length === 1 && items[0];
  });
}
const untilTooltip = (item: TrayItem, expected: RegExp): Promise<string> =>
  waitFor(`the tooltip to match ${expected}`, async () => {
    const tooltip = await readTrayTooltip(item);
    return expected.test(tooltip) && tooltip;
  }, COLD_START);
const keepScreenshot = async (name: string): Promise<void> => {
  const folder = process.env['BED_ARTIFACTS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await takeScreenshot(join(folder, name));
};

beforeEach(async () => { notes = await recordNotifications(); });
afterEach(async () => {
  await notes.stop();
  app?.child.kill('SIGTERM');
  await app?.ended;
  await waitForEmptyTray();
}, 60_000);

describe('the tray app', () => {
  test('heals a killed service and says in the notification what status and log say', { timeout: 180_000 }, async () => {
    const port = await freePort();
    await bed.configure({ version: 1, services: { web: served(port, { name: 'Website' }) } });
    const item = await startApp();
    await untilTooltip(item, /1 up/);
    process.kill(await servingPid(port), 'SIGKILL');
    const note = await notes.waitForNotification(({ summary }) => summary.includes('Website'), COLD_START);
    expect(note.body).toMatch(/^Restarted at \d\d:\d\d because it was killed by SIGKILL; up again after /);
    await bed.until('web', 'up');
    expect((await bed.service('web')).reason).toBe(note.body);
    expect(bed.read('data/upkeep.log')).toContain(note.body);
    await waitFor('the sentence in the menu', async () => findMenuItem(await readTrayMenu(item), [/^Website · up · Restarted at/]) !== undefined);
    await keepScreenshot('healed.png');
  });

  test('shows a service that is down, and a menu item restarts it', { timeout: 180_000 }, async () => {
    const [webPort, apiPort] = [await freePort(), await freePort()];
    await bed.configure({ version: 1, services: { web: served(webPort, { name: 'Website', heal: { auto: false } }), api: served(apiPort, { name: 'API' }) } });
    const item = await startApp();
    await untilTooltip(item, /2 up/);
    const before = await servingPid(webPort);
    process.kill(before, 'SIGKILL');
    await untilTooltip(item, /1 down/);
    await waitFor('the red icon on the panel', () => findColour(DOWN_COLOUR), COLD_START);
    await notes.waitForNotification(({ summary }) => summary === 'Website is down', COLD_START);
    await keepScreenshot('down.png');
    await clickTrayMenu(item, [/^Website · down/, 'Restart'], COLD_START);
    await untilTooltip(item, /2 up/);
    expect(await servingPid(webPort)).not.toBe(before);
    await waitFor('the green icon on the panel', () => findColour(UP_COLOUR), COLD_START);
    await notes.waitForNotification(({ summary }) => summary === 'Website is up again', COLD_START);
    await keepScreenshot('restarted.png');
  });

  test('ends by its menu, and stops what it started', { timeout: 180_000 }, async () => {
    const port = await freePort();
    await bed.configure({ version: 1, services: { web: served(port) } });
    const item = await startApp();
    await untilTooltip(item, /1 up/);
    const pid = await servingPid(port);
    await clickTrayMenu(item, ['Quit Upkeep']);
    expect(await app?.ended, app?.said()).toBe(0);
    expect(isAlive(pid)).toBe(false);
    expect(await bed.status()).toMatchObject({ running: false });
  });

  test('attaches to an Upkeep that runs already, and leaves it running when it quits', { timeout: 180_000 }, async () => {
    const port = await freePort();
    await bed.configure({ version: 1, services: { web: served(port) } });
    const headless = await bed.watch();
    const item = await startApp();
    await untilTooltip(item, /1 up/);
    const before = await servingPid(port);
    await clickTrayMenu(item, [/^web · up/, 'Restart']);
    await headless.event('heal.succeeded', 'web');
    expect(await servingPid(port)).not.toBe(before);
    expect(app?.child.exitCode, app?.said()).toBeNull();
    await clickTrayMenu(item, [/^Quit/]);
    expect(await app?.ended, app?.said()).toBe(0);
    expect(await bed.status()).toMatchObject({ running: true });
  });

  test('says in the tray that services.json is wrong, and goes on when it is mended', { timeout: 180_000 }, async () => {
    const port = await freePort();
    await bed.configure('{ "version": 1, "services": { "web": { "interval": "1ms" } } }');
    const item = await startApp();
    await waitFor('the mistake in the menu', async () => findMenuItem(await readTrayMenu(item), [/services\.json/]) !== undefined, COLD_START);
    await bed.configure({ version: 1, services: { web: served(port) } });
    await untilTooltip(item, /1 up/);
  });

  test('opens no window of its own; a second start shows it, one at login does not', { timeout: 180_000 }, async () => {
    // Without a single window it complains instead of listing none.
    const windows = async () => (await run('wmctrl', ['-l']).catch(() => ({ stdout: '' }))).stdout.split('\n').filter((line) => line.endsWith(' Upkeep'));
    const port = await freePort();
    await bed.configure({ version: 1, services: { web: served(port) } });
    const item = await startApp();
    await untilTooltip(item, /1 up/);
    const atLogin = startTrayApp(bed.configFile, join(bed.home, 'data'), '--hidden');
    expect(await atLogin.ended, atLogin.said()).toBe(0);
    // Takes longer than a window would.
    process.kill(await servingPid(port), 'SIGKILL');
    await notes.waitForNotification(({ body }) => /^Restarted at/.test(body), COLD_START);
    expect(await windows()).toEqual([]);
    const second = startTrayApp(bed.configFile, join(bed.home, 'data'));
    expect(await second.ended, second.said()).toBe(0);
    await waitFor('the window', async () => (await windows()).length === 1);
  });
});
