// Takes the pictures of docs/screenshots/: every screen of the real panel, light and dark, over real services that fail and heal and a made-up past.
// Run by `npm run screenshots`, which starts it inside the test bed's desktop.
import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { _electron, chromium } from 'playwright';
import { findElectronRuntime } from './electron-runtime.mjs';
import { configuration, SHOWN } from './screenshots/shown.mjs';

const run = promisify(execFile);
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const CLI = join(ROOT, 'dist/cli.cjs');
const PATIENCE = { timeout: 60_000 };
const START_WITHIN_MS = 90_000;
const WIDTH = 960;
const HEIGHT = { least: 360, most: 900 };
const NO_SANDBOX = ['--no-sandbox'];
const artifacts = process.env.BED_ARTIFACTS;
if (artifacts === undefined) throw new Error('Run this with "npm run screenshots".');

// A neutral place: the panel shows where services.json, the data and the programs lie.
const shown = join(tmpdir(), 'upkeep');
const configFile = join(shown, 'services.json');
const environment = { ...process.env, PATH: `${join(shown, 'bin')}:/usr/local/bin:/usr/bin:/bin`, UPKEEP_HOME: join(shown, 'data'), HOME: shown };

await prepare();
const nas = createServer((socket) => socket.end());
await new Promise((resolve) => { nas.listen(portOf('nas'), '127.0.0.1', resolve); });
await pictureDesktopApp();
await pictureBrowser();
nas.close();

async function prepare() {
  mkdirSync(artifacts, { recursive: true });
  mkdirSync(join(shown, 'bin'), { recursive: true });
  mkdirSync(environment.UPKEEP_HOME, { mode: 0o700 });
  symlinkSync(process.execPath, join(shown, 'bin/node'));
  cpSync(join(ROOT, 'build/screenshots/service.mjs'), join(shown, 'service.mjs'));
  configure(configuration);
  const past = join(shown, 'past.cjs');
  await build({
    absWorkingDir: ROOT, entryPoints: ['build/screenshots/past.ts'], outfile: past, bundle: true, platform: 'node', format: 'cjs',
    mainFields: ['module', 'main'], external: ['libsql'], logLevel: 'error',
  });
  await run(process.execPath, [past, join(environment.UPKEEP_HOME, 'journal.db')], { env: { ...process.env, NODE_PATH: join(ROOT, 'node_modules') } });
  rmSync(past);
}

function configure(wanted) {
  writeFileSync(configFile, `${JSON.stringify(wanted, null, 2)}\n`);
}

function portOf(id) {
  return SHOWN.find((service) => service.id === id).port;
}

async function answering(id) {
  return (await fetch(`http://127.0.0.1:${portOf(id)}/health`)).json();
}

async function pictureDesktopApp() {
  const { executable } = await findElectronRuntime();
  const app = await _electron.launch({
    executablePath: executable, args: [...(process.getuid() === 0 ? NO_SANDBOX : []), ROOT, '--config', configFile], env: environment, timeout: START_WITHIN_MS,
  });
  // A second start shows the panel; asking the first one for it is the same without a second process.
  const opened = app.waitForEvent('window', { timeout: START_WITHIN_MS });
  await app.evaluate(({ app: electron }) => electron.emit('second-instance', {}, [], '', undefined));
  const page = await opened;
  await page.setViewportSize({ width: WIDTH, height: HEIGHT.most });
  const all = `All ${SHOWN.length} services are up`;

  await headline(page, all);
  await fetch(`http://127.0.0.1:${portOf('shop-api')}/break`, { method: 'POST' });
  await page.getByText(/^Restarted at .* answered 503/).waitFor({ ...PATIENCE, state: 'attached' });
  await headline(page, all);
  // What was done is told first with its time, then in its sentence.
  await page.getByText(/^Restarted at .* answered 503.*; up again after/).first().waitFor(PATIENCE);
  await picture(page, 'overview');

  writeFileSync(join(shown, 'queue.broken'), '');
  process.kill((await answering('queue')).pid, 'SIGKILL');
  await headline(page, /^Queue is down; restarted 1 of 3 times this hour, next try /);
  await page.getByRole('link', { name: 'Alerts 1' }).waitFor(PATIENCE);
  await picture(page, 'overview-trouble');

  await page.getByRole('link', { name: 'Shop API', exact: true }).click();
  await page.locator('canvas').first().waitFor(PATIENCE);
  await picture(page, 'service', { upTo: await topOf(page, 'Statistics') });
  await page.getByRole('region', { name: 'Incidents' }).getByRole('link').nth(1).click();
  await page.getByRole('heading', { level: 1, name: /^Shop API was down for / }).waitFor(PATIENCE);
  await page.locator('.moments summary').first().click();
  await picture(page, 'incident', { upTo: 1_040 });

  await goTo(page, 'History');
  await page.getByRole('listitem').filter({ hasText: 'healed' }).first().waitFor(PATIENCE);
  await picture(page, 'history');
  await goTo(page, 'Alerts');
  await page.getByText('desktop: delivered').first().waitFor(PATIENCE);
  await page.getByText(/^lasted /).first().waitFor(PATIENCE);
  await picture(page, 'alerts');
  await goTo(page, 'Settings');
  await page.getByRole('button', { name: 'Copy diagnostics' }).waitFor(PATIENCE);
  // The diagnostics below tell of the machine at hand.
  await picture(page, 'settings', { upTo: await topOf(page, 'Diagnostics') });

  rmSync(join(shown, 'queue.broken'));
  await goTo(page, 'Overview');
  await page.getByRole('button', { name: 'Restart what fails' }).click();
  await headline(page, all);
  await page.getByRole('button', { name: 'Dismiss', exact: true }).click();
  configure({ version: 1, services: {} });
  await headline(page, 'There is nothing to look after yet');
  await picture(page, 'no-services');
  await app.close();
}

/** What only a page in a browser can come to: its Upkeep is gone, or it has no address of its own. */
async function pictureBrowser() {
  configure(configuration);
  const upkeep = await watch();
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: NO_SANDBOX });
  const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT.most } });
  const { stdout } = await run(process.execPath, [CLI, 'panel', '--print'], { env: environment });
  await page.goto(stdout.trim());
  await headline(page, `All ${SHOWN.length} services are up`);
  const stranger = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT.most } });
  await stranger.goto(new URL(stdout).origin);
  await headline(stranger, 'This page is not connected');
  await picture(stranger, 'not-connected');
  await upkeep.end('SIGKILL');
  await headline(page, 'Upkeep does not answer');
  await picture(page, 'disconnected');
  await browser.close();
  // Takes over what the killed one had started, and stops it.
  await (await watch()).end('SIGTERM');
}

async function watch() {
  const child = spawn(process.execPath, [CLI, 'watch'], { cwd: shown, env: environment, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const socket = join(environment.UPKEEP_HOME, 'upkeep.sock');
  while ((await run(process.execPath, [CLI, 'panel', '--print'], { env: environment }).catch(() => null)) === null) {
    if (child.exitCode !== null) throw new Error(`upkeep watch has ended with ${child.exitCode}; ${existsSync(socket) ? 'its socket is there' : 'there is no socket'}`);
    await delay(100);
  }
  return { end: (signal) => { child.kill(signal); return ended; } };
}

function headline(page, name) {
  return page.getByRole('heading', { level: 1, name }).waitFor(PATIENCE);
}

function goTo(page, tab) {
  return page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: new RegExp(`^${tab}`) }).click();
}

/** What is below would be cut in its middle, or tells of the machine at hand. */
async function topOf(page, region) {
  const { y } = await page.getByRole('region', { name: region }).boundingBox();
  return Math.round(y) - 8;
}

/** As high as what it shows, in both themes. */
async function picture(page, name, { upTo = HEIGHT.most } = {}) {
  await page.setViewportSize({ width: WIDTH, height: HEIGHT.least });
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: WIDTH, height: Math.min(upTo, Math.max(HEIGHT.least, height)) });
  await page.evaluate(() => { window.scrollTo(0, 0); document.activeElement?.blur(); });
  await page.mouse.move(WIDTH / 2, 2);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Charts are painted again in the colours of the theme.
    await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
    const file = join(artifacts, `${name}-${colorScheme}.png`);
    await page.screenshot({ path: file });
    // A palette takes a third of the room and looks the same.
    await run('convert', [file, '-dither', 'None', '-colors', '256', `PNG8:${file}`]);
  }
}
