// Figure: what the tray app takes of memory with 50 services and nobody looking, beside a tray app that does nothing,
// process by process, and what each way to keep Chromium small saves.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findElectronRuntime } from '../../build/electron-runtime.mjs';
import { round } from '../numbers.mjs';
import { descendants, freePorts, importDesktop, inTemporaryFolder, program, ROOT, startCommand, startPartner, within } from '../running.mjs';

const run = promisify(execFile);
const SERVICES = 50;
const TARGET_MIB = 190;
const IDLE_AFTER_MS = 20_000;
const WITHIN_MS = 60_000;
const BED_LIMIT_S = 400;
const COPY = join(ROOT, '.cache', 'electron-measured');
const SAVINGS = ['no-graphics-card', 'request-in-main', 'draw-in-main'];

export const trayMemory = {
  name: 'tray-memory',
  title: 'idle memory of the tray app',
  method: `PSS (smaps_rollup) of all processes of the app, as a plain user on the desktop of test/bed (Xvfb, xfwm4, xfce4-panel), ${IDLE_AFTER_MS / 1000} s after its icon was there or its panel was closed, one app at a time. `
    + `Upkeep supervises ${SERVICES} services (an HTTP check each, every 5 s). The runtime is a copy nobody else runs, read once beforehand: otherwise its pages are shared with other programs, or not all in memory, and the figure is too small.`,
  async measure() {
    const { executable, version } = await findElectronRuntime();
    try {
      rmSync(COPY, { recursive: true, force: true });
      cpSync(dirname(executable), COPY, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
      const seen = await inTemporaryFolder(async (folder) => {
        await run('bash', [join(ROOT, 'test', 'bed', 'with-desktop.sh'), process.execPath, fileURLToPath(import.meta.url)], {
          timeout: (BED_LIMIT_S + 30) * 1_000, env: { ...process.env, BED_LIMIT: String(BED_LIMIT_S), BED_ARTIFACTS: folder, ELECTRON_OVERRIDE_DIST_PATH: COPY },
        });
        return JSON.parse(await readFile(join(folder, 'tray-memory.json'), 'utf8'));
      });
      printApps(seen);
      const pss = (name) => seen.find((app) => app.name === name).pssMib;
      const most = Math.max(pss('Upkeep'), pss('Upkeep, panel closed again'));
      return {
        runtime: `Electron ${version}`, apps: seen,
        measured: `${pss('Upkeep')} MiB, ${pss('Upkeep, panel closed again')} MiB after its panel was open; an empty tray app ${pss('empty')} MiB; Electron ${version}`,
        target: `below ${TARGET_MIB} MiB`, met: most < TARGET_MIB,
      };
    } finally {
      rmSync(COPY, { recursive: true, force: true });
    }
  },
};

function printApps(apps) {
  const rows = apps.map(({ name, pssMib, anonymousMib, processes }) => [name, `${pssMib} MiB`, `${anonymousMib} MiB of it its own data`, processes.map((process) => `${process.name} ${process.pssMib}`).join(', ')]);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) process.stderr.write(`  ${row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()}\n`);
}

/** What runs inside the bed. */
async function insideBed() {
  readWhole(process.env.ELECTRON_OVERRIDE_DIST_PATH);
  const seen = [];
  await inTemporaryFolder(async (folder) => {
    const desktop = await importDesktop(folder);
    for (const count of SAVINGS.keys()) seen.push(await measureEmpty(desktop, folder, SAVINGS.slice(0, count)));
    seen.push(await measureEmpty(desktop, folder, SAVINGS));
    seen.push(...(await measureUpkeep(desktop, folder)));
  });
  writeFileSync(join(process.env.BED_ARTIFACTS, 'tray-memory.json'), JSON.stringify(seen));
}

async function measureEmpty(desktop, folder, savings) {
  const home = join(folder, `empty-${savings.length}`);
  mkdirSync(home);
  const icon = join(ROOT, 'electron', 'icons', 'up-22.png');
  const app = startCommand(join(process.env.ELECTRON_OVERRIDE_DIST_PATH, 'electron'), [`--user-data-dir=${home}`, program('empty-tray-app'), `--icon=${icon}`, ...savings.map((saving) => `--save=${saving}`)], {});
  try {
    await desktop.waitForTrayItem({ timeoutMs: WITHIN_MS });
    await delay(IDLE_AFTER_MS);
    return describe(savings.length === 0 ? 'empty' : `empty, ${savings.at(-1)} too`, app.child.pid);
  } finally {
    await app.end();
    await desktop.waitForEmptyTray();
  }
}

async function measureUpkeep(desktop, folder) {
  const ports = await freePorts(SERVICES);
  const targets = await startPartner(program('many-targets.mjs'), { answering: ports, hanging: [] });
  const configFile = join(folder, 'services.json');
  writeFileSync(configFile, JSON.stringify({
    version: 1, services: Object.fromEntries(ports.map((port) => [`on-${port}`, { checks: [{ type: 'http', url: `http://127.0.0.1:${port}/` }] }])),
  }));
  const app = startCommand(process.execPath, [join(ROOT, 'build', 'start.mjs'), '--config', configFile], { UPKEEP_HOME: join(folder, 'home') });
  try {
    const item = await desktop.waitForTrayItem({ timeoutMs: WITHIN_MS });
    await delay(IDLE_AFTER_MS);
    const before = describe('Upkeep', app.child.pid);
    await desktop.clickTrayMenu(item, ['Open panel']);
    await within(WITHIN_MS, 'the panel to open', untilWindows(/ Upkeep$/m));
    await delay(IDLE_AFTER_MS / 4);
    await run('wmctrl', ['-c', 'Upkeep']);
    await within(WITHIN_MS, 'the panel to close', untilWindows(/^(?!.* Upkeep$)/));
    await delay(IDLE_AFTER_MS);
    return [before, describe('Upkeep, panel closed again', app.child.pid)];
  } finally {
    await app.end();
    await targets.end();
  }
}

async function untilWindows(pattern) {
  // Without a single window wmctrl complains instead of listing none.
  while (!pattern.test((await run('wmctrl', ['-l']).catch(() => ({ stdout: '' }))).stdout)) await delay(50);
}

/** The Electron processes below this one, and what they take. */
function describe(name, rootPid) {
  const runtime = realpathSync(process.env.ELECTRON_OVERRIDE_DIST_PATH);
  const processes = descendants(rootPid).filter(({ executable }) => executable.startsWith(runtime)).map(({ pid, command }) => {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const mib = (key) => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(text)[1]) / 1024;
    return { name: /--utility-sub-type=([a-z]+)/.exec(command)?.[1] ?? /--type=([a-z-]+)/.exec(command)?.[1] ?? 'main', pssMib: round(mib('Pss')), anonymousMib: round(mib('Pss_Anon')) };
  });
  if (processes.length === 0) throw new Error(`No process of ${name} runs.`);
  const sum = (key) => round(processes.reduce((total, process) => total + process[key], 0));
  return { name, pssMib: sum('pssMib'), anonymousMib: sum('anonymousMib'), processes };
}

/** Into the file cache, as it is on a machine where the app has been started before. */
function readWhole(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isFile()) readFileSync(join(folder, entry.name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await insideBed();
