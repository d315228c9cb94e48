// Figure: from `npm start` to an icon in the tray.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findElectronRuntime } from '../../build/electron-runtime.mjs';
import { round, summary } from '../numbers.mjs';
import { descendants, freePorts, importDesktop, inTemporaryFolder, program, ROOT, startCommand, startPartner, within } from '../running.mjs';

const run = promisify(execFile);
const STARTS = 5;
const SERVICES = 3;
const LOOK_EVERY_MS = 5;
const ICON_WITHIN_MS = 60_000;
const BED_LIMIT_MS = 150_000;

export const trayApp = {
  name: 'tray-app',
  title: 'npm start to tray icon',
  method: `\`npm start\` as a plain user on the desktop of test/bed (Xvfb, xfwm4, xfce4-panel), dist/ already built, ${SERVICES} watched services, a fresh data folder each time. `
    + `Time from starting npm until the panel has the icon, asked over D-Bus; ${STARTS} starts, the first after whatever was in the file cache.`,
  async measure() {
    const { version } = await findElectronRuntime();
    const starts = await inTemporaryFolder(async (folder) => {
      await run('bash', [join(ROOT, 'test', 'bed', 'with-desktop.sh'), process.execPath, fileURLToPath(import.meta.url)], { timeout: BED_LIMIT_MS, env: { ...process.env, BED_ARTIFACTS: folder } });
      return JSON.parse(await readFile(join(folder, 'tray-app.json'), 'utf8'));
    });
    const toIconMs = summary(starts);
    return {
      toIconMs, firstStartMs: round(starts[0]), runtime: `Electron ${version}`,
      measured: `icon after ${toIconMs.median} ms, first start ${round(starts[0])} ms; Electron ${version}`,
      target: 'none', met: null,
    };
  },
};

/** What runs inside the bed. */
async function insideBed() {
  const ports = await freePorts(SERVICES);
  const targets = await startPartner(program('many-targets.mjs'), { answering: ports, hanging: [] });
  try {
    await inTemporaryFolder(async (folder) => {
      const desktop = await importDesktop(folder);
      const configFile = join(folder, 'services.json');
      writeFileSync(configFile, JSON.stringify({
        version: 1,
        services: Object.fromEntries(ports.map((port) => [`on-${port}`, { checks: [{ type: 'http', url: `http://127.0.0.1:${port}/` }] }])),
      }));
      const toIconMs = [];
      for (let start = 1; start <= STARTS; start += 1) {
        toIconMs.push(await startOnce(desktop, configFile, join(folder, `home-${start}`)));
        await desktop.waitForEmptyTray();
      }
      writeFileSync(join(process.env.BED_ARTIFACTS, 'tray-app.json'), JSON.stringify(toIconMs));
    });
  } finally {
    await targets.end();
  }
}

async function startOnce(desktop, configFile, home) {
  const startedAtMs = performance.now();
  const npm = startCommand('npm', ['start', '--silent', '--', '--config', configFile], { UPKEEP_HOME: home });
  try {
    await within(ICON_WITHIN_MS, 'the icon in the tray', Promise.race([iconIsThere(desktop), npm.ended.then(() => { throw new Error('npm start has ended.'); })]));
    return performance.now() - startedAtMs;
  } finally {
    // npm answers a signal before its child has; asking the innermost starter ends them all in order.
    const starter = descendants(npm.child.pid).findLast(({ command }) => command.includes('build/start.mjs'));
    if (starter !== undefined) process.kill(starter.pid, 'SIGTERM');
    await within(ICON_WITHIN_MS, 'npm start to end', npm.ended);
  }
}

async function iconIsThere({ listTrayItems }) {
  while ((await listTrayItems()).length !== 1) await delay(LOOK_EVERY_MS);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await insideBed();
