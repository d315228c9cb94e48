// The tray app gives its panel to a browser as `upkeep watch` does: the same command, the same page, the same services.
// Runs inside test/bed/with-desktop.sh.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { waitForEmptyTray, waitForTrayItem } from '../bed/desktop.ts';
import { useBrowser } from '../end-to-end/browser.ts';
import { freePort, served, useUpkeepBed } from '../end-to-end/upkeep-bed.ts';

const ROOT = join(import.meta.dirname, '../..');
const COLD_START = { timeoutMs: 90_000 };
const bed = useUpkeepBed();
const newProfile = useBrowser();
let app: ChildProcess | undefined;

afterEach(async () => {
  const ended = app;
  if (ended !== undefined && ended.exitCode === null) {
    ended.kill('SIGTERM');
    await new Promise((resolve) => { ended.once('exit', resolve); });
  }
  await waitForEmptyTray();
}, 60_000);

test('the panel of the tray app opens in a browser', { timeout: 180_000 }, async () => {
  await bed.configure({ version: 1, services: { web: served(await freePort(), { name: 'Website' }) } });
  app = spawn(process.execPath, [join(ROOT, 'build/start.mjs'), '--config', bed.configFile], {
    cwd: ROOT, stdio: 'ignore', env: { ...process.env, UPKEEP_HOME: join(bed.home, 'data') },
  });
  await waitForTrayItem(COLD_START);
  await bed.until('web', 'up');
  const { code, out, err } = await bed.run('panel', '--print');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const page = await (await newProfile()).open(out.trim());
  await page.getByRole('button', { name: /^Restart Website/ }).waitFor({ timeout: 30_000 });
  expect(page.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#\/$/);
});
