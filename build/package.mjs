// What `npm run package [target ...]` runs: builds, lays out the app and has electron-builder pack it into release/.
// Targets: dir (default; from the Electron at hand), deb, AppImage, rpm, dmg, zip. What cannot be built here is said, with the reason.
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { archFromString, build, Platform } from 'electron-builder';
import { findElectronRuntime } from './electron-runtime.mjs';
import { drawApplication } from './icons/draw.mjs';
import { encodePng } from './icons/png.mjs';
import { layOutApp } from './package/app-folder.mjs';
import { describePackage, EXECUTABLE, INSTALLED_COMMAND } from './package/configuration.mjs';
import { findWrongFuses, fusesFor } from './package/fuses.mjs';
import { collectLicences } from './package/installed-packages.mjs';
import { explainFailure, hasRpmbuild, isTarget, TARGETS, whyNotHere } from './package/targets.mjs';

const run = promisify(execFile);
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const OUTPUT = join(ROOT, 'release');
const WORK = join(ROOT, '.cache', 'package');
// What desktops look for in the theme they all fall back to.
const ICON_SIZES = [16, 24, 32, 48, 64, 128, 256, 512];
const EXIT_USAGE = 64;

process.exitCode = await packageAll(process.argv.slice(2));

async function packageAll(asked) {
  const unknown = asked.filter((name) => !isTarget(name));
  if (unknown.length > 0) return complain(`There is no target ${unknown.join(', ')}. Targets: ${Object.keys(TARGETS).join(', ')}.`, EXIT_USAGE);
  const targets = asked.length > 0 ? asked : ['dir'];
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const electron = await findElectronRuntime();
  const machine = {
    platform: process.platform, electronVersion: electron.version, wantedElectronVersion: manifest.devDependencies.electron,
    hasHomepage: manifest.homepage !== undefined || manifest.repository !== undefined, hasRpmbuild: hasRpmbuild(),
  };
  const refusals = targets.map((target) => whyNotHere(target, machine)).filter((reason) => reason !== null);
  for (const reason of refusals) complain(reason, 1);
  const possible = targets.filter((target) => whyNotHere(target, machine) === null);
  if (possible.length === 0) return 1;

  const mistake = await run(process.execPath, [join(ROOT, 'build', 'bundle.mjs')]).then(() => null, ({ stderr, message }) => stderr || message);
  if (mistake !== null) return complain(mistake.trim(), 1);
  const describe = await prepare(electron);
  let exitCode = refusals.length > 0 ? 1 : 0;
  for (const target of possible) {
    try {
      await pack(target, describe);
    } catch (error) {
      exitCode = complain(explainFailure(target, error instanceof Error ? error.message : String(error)), 1);
    }
  }
  return exitCode;
}

/** Lays out what goes into the packages; returns their description. */
async function prepare(electron) {
  const appFolder = join(WORK, 'app');
  const commandLink = join(WORK, 'upkeep');
  await mkdir(WORK, { recursive: true });
  await layOutApp({ root: ROOT, folder: appFolder, electronVersion: electron.version, platform: process.platform });
  // fpm takes a link for what it is: it points to where the command will be once it is installed.
  await rm(commandLink, { force: true });
  await symlink(INSTALLED_COMMAND, commandLink);
  const icons = join(WORK, 'icons');
  await mkdir(icons, { recursive: true });
  for (const size of ICON_SIZES) await writeFile(join(icons, `${size}x${size}.png`), encodePng(drawApplication(size)));
  const licences = join(WORK, 'LICENSES.packages.txt');
  await writeFile(licences, await collectLicences(ROOT));
  const onMac = process.platform === 'darwin';
  const bundle = onMac ? electron.executable.slice(0, electron.executable.indexOf('.app/') + '.app'.length) : electron.executable;
  return describePackage({
    root: ROOT, appFolder, icons, licences, commandLink, output: OUTPUT,
    electron: { distribution: dirname(bundle), version: electron.version },
    fuses: await fusesFor(bundle),
  });
}

/** Packs one target, and looks at what came of it: the fuses are what keeps the app from being used as something else. */
async function pack(target, description) {
  const platform = process.platform === 'darwin' ? Platform.MAC : Platform.LINUX;
  const folders = new Set();
  const config = { ...description, afterPack: ({ appOutDir }) => void folders.add(appOutDir) };
  const artifacts = await build({ targets: platform.createTarget([target], archFromString(process.arch)), config, projectDir: ROOT, publish: 'never' });
  for (const folder of folders) {
    const executable = join(folder, process.platform === 'darwin' ? `${description.productName}.app` : EXECUTABLE);
    const wrong = await findWrongFuses(executable);
    if (wrong.length > 0) throw new Error(wrong.join('; '));
    if (target === 'dir') console.log(`Packed: ${executable}`);
  }
  for (const artifact of artifacts) console.log(`Packed: ${artifact}`);
}

function complain(sentence, exitCode) {
  console.error(sentence);
  return exitCode;
}
