// What `npm start` runs: builds when the sources are newer than dist, then starts the desktop app when there is a
// display and the headless supervisor when there is none. Decides nothing else; signals and exit codes pass through.
import { execFile, spawn } from 'node:child_process';
import { access, constants as fileConstants, readdir, stat } from 'node:fs/promises';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findElectronRuntime } from './electron-runtime.mjs';

const run = promisify(execFile);
const repository = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const inRepository = (...names) => path.join(repository, ...names);
const say = (line) => process.stderr.write(`${line}\n`);

const sources = ['supervisor', 'cli', 'electron', 'renderer', 'build', 'package.json'];
const forwardedSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const bundles = ['dist/main.cjs', 'dist/cli.cjs'];
// Opened by Electron while it runs, so `ldd` doesn't name it; without it Electron ends with SIGTRAP and says nothing.
const openedLater = ['libX11-xcb.so.1'];

class CannotStart extends Error {}

/** When a file, or the newest file in a folder, was last changed; 0 when there is none. */
async function changedAtMs(name) {
  const entry = await stat(inRepository(name)).catch(() => undefined);
  if (entry === undefined) return 0;
  if (!entry.isDirectory()) return entry.mtimeMs;
  const names = await readdir(inRepository(name));
  return Math.max(0, ...(await Promise.all(names.map((inside) => changedAtMs(path.join(name, inside))))));
}

async function buildWhenStale() {
  const built = Math.min(...(await Promise.all(bundles.map(changedAtMs))));
  const changed = Math.max(...(await Promise.all(sources.map(changedAtMs))));
  if (built >= changed) return;
  const writable = await access(inRepository('dist'), fileConstants.W_OK).then(() => true, () => false);
  if (built > 0 && !writable) {
    say('The sources are newer than the build, but this user may not write dist/; the build there is started as it is.');
    return;
  }
  const code = await runToEnd(process.execPath, [inRepository('build', 'bundle.mjs')]);
  if (code !== 0) throw new CannotStart(`The build failed with code ${code}.`);
}

function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Names of the shared libraries the executable needs and the system lacks. */
async function missingLibraries(executable) {
  if (process.platform !== 'linux') return [];
  const { stdout } = await run('ldd', [executable]);
  const linked = stdout.split('\n').filter((line) => line.includes('not found')).map((line) => line.trim().split(' ')[0]);
  // A user's PATH lacks /sbin on Debian. Where there is no such list, nothing is said against starting.
  const known = await run('/sbin/ldconfig', ['-p']).then((list) => list.stdout, () => undefined);
  return known === undefined ? linked : [...linked, ...openedLater.filter((name) => !known.includes(`${name} `))];
}

async function provideLibraries(executable) {
  const missing = await missingLibraries(executable);
  if (missing.length === 0) return;
  const script = inRepository('build', 'prepare-machine.sh');
  const { stdout } = await run('bash', [script, '--missing', 'desktop']);
  const packages = stdout.trim().split('\n').join(' ');
  const named = missing.length > 3 ? `${missing.slice(0, 3).join(', ')} and ${missing.length - 3} more` : missing.join(', ');
  say(`Electron needs system libraries that are missing here (${named}). Debian packages: ${packages || 'none known'}.`);
  if (process.getuid() !== 0) {
    throw new CannotStart(`Install them with: sudo apt-get install ${packages}   (or run without a desktop: npm run -s upkeep -- watch)`);
  }
  const code = await runToEnd('bash', [script, 'desktop']);
  const still = await missingLibraries(executable);
  if (code !== 0 || still.length > 0) throw new CannotStart(`Electron can't run: ${still.join(', ')} not found.`);
}

/**
 * Runs a program in our place: same terminal, our signals, its exit code.
 * @returns {Promise<number>} its exit code, 128 + n when signal n ended it
 */
function runToEnd(executable, args) {
  return new Promise((resolve, reject) => {
    // Listening comes first: a signal that arrives while the child is being made must not orphan it.
    const forward = (signal) => {
      // A terminal sends Ctrl-C to the child itself; twice would read as impatience.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    for (const signal of forwardedSignals) process.on(signal, forward);
    const child = spawn(executable, args, { cwd: repository, stdio: 'inherit' });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const name of forwardedSignals) process.off(name, forward);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

async function startDesktop(args) {
  const { executable } = await findElectronRuntime({ log: say }).catch((cause) => {
    throw new CannotStart(cause.message, { cause });
  });
  await provideLibraries(executable);
  const asRoot = process.platform === 'linux' && process.getuid() === 0;
  if (asRoot) say('Running as root: Chromium refuses its sandbox there, so the app runs with --no-sandbox.');
  return runToEnd(executable, [...(asRoot ? ['--no-sandbox'] : []), repository, ...args]);
}

async function start(args) {
  await buildWhenStale();
  if (hasDisplay()) return startDesktop(args);
  say('There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so Upkeep runs headless.');
  return runToEnd(process.execPath, [inRepository('dist', 'cli.cjs'), 'watch', ...args]);
}

try {
  process.exitCode = await start(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof CannotStart)) say(error.stack);
  else say(error.message);
  process.exitCode = 1;
}
