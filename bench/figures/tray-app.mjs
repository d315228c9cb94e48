// Figures: from `npm start` to an icon in the tray, and what the whole tray app takes of memory when nobody looks.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { memoryMb, round, summary } from '../numbers.mjs';
import { freePorts, inTemporaryFolder, program, ROOT, startCommand, startPartner, within } from '../running.mjs';

const run = promisify(execFile);
const STARTS = 5;
const SERVICES = 3;
const IDLE_AFTER_MS = 20_000;
const LOOK_EVERY_MS = 5;
const ICON_WITHIN_MS = 60_000;
const BED_LIMIT_MS = 150_000;

export const trayApp = {
  name: 'tray-app',
  title: 'npm start to tray icon; idle memory',
  method: `\`npm start\` as a plain user on the desktop of test/bed (Xvfb, xfwm4, xfce4-panel), dist/ already built, ${SERVICES} watched services, a fresh data folder each time. `
    + `Time from starting npm until the panel has the icon, asked over D-Bus; ${STARTS} starts, the first after whatever was in the file cache. Memory: ${IDLE_AFTER_MS / 1000} s after the icon of the last start, no window open, `
    + 'PSS (smaps_rollup) of all Electron processes; npm, its shell and build/start.mjs, which an installed app does not have, apart from that.',
  async measure() {
    const seen = await inTemporaryFolder(async (folder) => {
      await run('bash', [join(ROOT, 'test', 'bed', 'with-desktop.sh'), process.execPath, fileURLToPath(import.meta.url)], { timeout: BED_LIMIT_MS, env: { ...process.env, BED_ARTIFACTS: folder } });
      return JSON.parse(await readFile(join(folder, 'tray-app.json'), 'utf8'));
    });
    const toIconMs = summary(seen.toIconMs);
    return {
      toIconMs, firstStartMs: round(seen.toIconMs[0]), runtime: seen.runtime, processes: seen.app, appPssMb: sumPss(seen.app), startersPssMb: sumPss(seen.starters),
      measured: `icon after ${toIconMs.median} ms, first start ${round(seen.toIconMs[0])} ms; PSS ${sumPss(seen.app)} MB in ${seen.app.length} processes, starters ${sumPss(seen.starters)} MB; ${seen.runtime}`,
      target: 'none', met: null,
    };
  },
};

const sumPss = (processes) => round(processes.reduce((sum, { pssMb }) => sum + pssMb, 0));

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
      const seen = { toIconMs: [] };
      for (let start = 1; start <= STARTS; start += 1) {
        Object.assign(seen, await startOnce(desktop, configFile, join(folder, `home-${start}`), start === STARTS, seen.toIconMs));
        await desktop.waitForEmptyTray();
      }
      writeFileSync(join(process.env.BED_ARTIFACTS, 'tray-app.json'), JSON.stringify(seen));
    });
  } finally {
    await targets.end();
  }
}

async function startOnce(desktop, configFile, home, idles, toIconMs) {
  const startedAtMs = performance.now();
  const npm = startCommand('npm', ['start', '--silent', '--', '--config', configFile], { UPKEEP_HOME: home });
  try {
    await within(ICON_WITHIN_MS, 'the icon in the tray', Promise.race([iconIsThere(desktop), npm.ended.then(() => { throw new Error('npm start has ended.'); })]));
    toIconMs.push(performance.now() - startedAtMs);
    if (!idles) return {};
    await delay(IDLE_AFTER_MS);
    const all = descendants(npm.child.pid).map((process) => ({ ...process, ...memoryMb(process.pid) }));
    const isApp = ({ executable }) => /electron$/.test(executable);
    return { app: all.filter(isApp).map(describe), starters: all.filter((process) => !isApp(process)).map(describe), runtime: runtimeOf(all.find(isApp)) };
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

/** The bed's own eyes are written in TypeScript. */
async function importDesktop(folder) {
  const outfile = join(folder, 'desktop.mjs');
  await build({ absWorkingDir: ROOT, entryPoints: ['test/bed/desktop.ts'], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  return await import(pathToFileURL(outfile));
}

/** The process and all below it, parents first. */
function descendants(rootPid) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return [{ pid: Number(name), parentPid: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]), command: readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0'), executable: readlinkSync(`/proc/${name}/exe`) }];
    } catch {
      return []; // Another user's, or ended in between.
    }
  });
  const found = all.filter(({ pid }) => pid === rootPid);
  for (const parent of found) found.push(...all.filter(({ parentPid }) => parentPid === parent.pid));
  return found.map((process) => ({ ...process, command: process.command.join(' ') }));
}

const describe = ({ command, executable, pssMb, rssMb }) => ({
  name: /--type=([a-z-]+)/.exec(command)?.[1] ?? (/electron$/.test(executable) ? 'main' : command.slice(0, 40).trim()), pssMb, rssMb,
});

/** "Electron 25.1.1", from the file beside the executable. */
const runtimeOf = ({ executable }) => `Electron ${readFileSync(join(executable, '..', 'version'), 'utf8').trim().replace(/^v/, '')}`;

if (process.argv[1] === fileURLToPath(import.meta.url)) await insideBed();
