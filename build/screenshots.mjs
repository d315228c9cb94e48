// Takes the pictures of docs/screenshots/: the real app over the shipped services.json, one service killed and healed, light and dark.
// Run by `npm run screenshots`, which starts it inside the test bed's desktop.
import { cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright';
import { findElectronRuntime } from './electron-runtime.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const PATIENCE = { timeout: 60_000 };
const folder = process.env.BED_ARTIFACTS;
if (folder === undefined) throw new Error('Run this with "npm run screenshots".');
mkdirSync(folder, { recursive: true });
// A neutral place: the panel shows where services.json lies.
const shown = join(tmpdir(), 'upkeep');
cpSync(join(ROOT, 'demo'), join(shown, 'demo'), { recursive: true });
cpSync(join(ROOT, 'services.json'), join(shown, 'services.json'));

const { executable } = await findElectronRuntime();
const app = await _electron.launch({
  executablePath: executable,
  args: [...(process.getuid() === 0 ? ['--no-sandbox'] : []), ROOT, '--config', join(shown, 'services.json')],
  env: { ...process.env, UPKEEP_HOME: mkdtempSync(join(homedir(), 'screenshots-')) },
  timeout: 60_000,
});
// A second start shows the panel; asking the first one for it is the same without a second process.
const opened = app.waitForEvent('window', PATIENCE);
await app.evaluate(({ app: electron }) => electron.emit('second-instance', {}, [], '', undefined));
const page = await opened;
await page.setViewportSize({ width: 900, height: 700 });
const shows = (text) => page.getByText(text).first().waitFor(PATIENCE);
await shows('All 3 services are up');
process.kill(Number(/process (\d+)/.exec(await (await fetch('http://127.0.0.1:4801/')).text())?.[1]), 'SIGKILL');
await shows(/Restarted at .* because it was killed by SIGKILL/);
await shows('All 3 services are up');
for (const colorScheme of ['light', 'dark']) {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.screenshot({ path: join(folder, `panel-${colorScheme}.png`) });
}
await app.close();
