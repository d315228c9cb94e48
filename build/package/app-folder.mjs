// @ts-check
// Lays out what ships inside the app: the bundles and the few packages they load at run time. No source, test or map.
// Never trusts its own list: a bundle that requires anything else stops the packaging.
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join, relative } from 'node:path';
import { closureOf, readManifest } from './installed-packages.mjs';

/** What the bundles leave outside, see build/bundle.mjs: one loads a native module, the other starts programs beside it. */
const LOADED_AT_RUN_TIME = ['libsql', 'node-notifier'];
const OLDEST_ELECTRON_WITHOUT_GAPS = 28;

/**
 * @typedef {{ root: string, folder: string, electronVersion: string, platform: NodeJS.Platform }} AppFolderOptions
 * `root`: the repository, built. `folder`: becomes the app; what was in it is removed.
 */

/** @param {AppFolderOptions} options */
export async function layOutApp({ root, folder, electronVersion, platform }) {
  await rm(folder, { recursive: true, force: true });
  await cp(join(root, 'dist'), join(folder, 'dist'), { recursive: true, filter: (file) => !file.endsWith('.map') });
  await refuseForeignRequires(join(folder, 'dist'));
  for (const found of await closureOf(root, LOADED_AT_RUN_TIME)) {
    await cp(found, join(folder, relative(root, found)), { recursive: true, filter: (file) => ships(relative(found, file), platform) });
  }

  const { name, version, description, license, homepage, author, desktopName, main, dependencies } = await readManifest(root);
  const hasGaps = Number.parseInt(electronVersion, 10) < OLDEST_ELECTRON_WITHOUT_GAPS;
  if (hasGaps) await fillGaps(root, folder, main);
  const manifest = {
    name, productName: 'Upkeep', version, description, license, homepage, author, desktopName,
    main: hasGaps ? 'with-gaps-filled.cjs' : main,
    dependencies: Object.fromEntries(LOADED_AT_RUN_TIME.map((one) => [one, dependencies[one]])),
  };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** @type {(root: string, folder: string, main: string) => Promise<void>} */
async function fillGaps(root, folder, main) {
  await cp(join(root, 'build/electron-runtime.gaps.cjs'), join(folder, 'gaps.cjs'));
  await writeFile(join(folder, 'with-gaps-filled.cjs'), `'use strict';\nrequire('./gaps.cjs');\nrequire('./${main}');\n`);
}

/** @type {(dist: string) => Promise<void>} */
async function refuseForeignRequires(dist) {
  for (const file of (await readdir(dist)).filter((name) => name.endsWith('.cjs'))) {
    const required = [...(await readFile(join(dist, file), 'utf8')).matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name ?? '');
    const foreign = required.filter((name) => !isBuiltin(name) && name !== 'electron' && !LOADED_AT_RUN_TIME.includes(name));
    if (foreign.length > 0) throw new Error(`dist/${file} requires ${foreign.join(', ')}, which would not be in the package`);
  }
}

/**
 * Packages of packages come by themselves, and node-notifier carries programs for every system.
 * @type {(file: string, platform: NodeJS.Platform) => boolean}
 */
function ships(file, platform) {
  if (file.split('/').includes('node_modules')) return false;
  if (file.startsWith('vendor/')) return platform === 'darwin' && file.startsWith('vendor/mac.noindex');
  return !/\.(?:md|markdown|map|d\.ts|ts)$|^(?:test|tests|example|examples)\/|(?:^|\/)\./i.test(file);
}
