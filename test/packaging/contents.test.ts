// What lies in the package and what its fuses allow: no sources, no tests, nothing that lets the app be used as something else.
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { extractFile, listPackage, statFile } from '@electron/asar';
import { FuseV1Options } from '@electron/fuses';
import { describe, expect, test } from 'vitest';
import { findElectronRuntime } from '../../build/electron-runtime.mjs';
import { findWrongFuses, FUSES } from '../../build/package/fuses.mjs';
import { RESOURCES, ROOT, TRAY } from './packaged-app.ts';

const ARCHIVE = join(RESOURCES, 'app.asar');
const files = listPackage(ARCHIVE, { isPack: false }).map((file) => file.slice(1)).filter((file) => 'size' in statFile(ARCHIVE, file));

describe('fuses', () => {
  test('every fuse of the packaged executable is as build/package/fuses.mjs says', async () => {
    expect(await findWrongFuses(TRAY)).toEqual([]);
  });
  test('an executable as Electron ships it is told by its fuses', async () => {
    const { executable } = await findElectronRuntime({ log: () => {} });
    expect(await findWrongFuses(executable)).toEqual(expect.arrayContaining(['fuse runAsNode should be off', 'fuse onlyLoadAppFromAsar should be on']));
  });
  test('every fuse that the library knows has an entry', () => {
    const known = Object.values(FuseV1Options).filter((name) => typeof name === 'string').map((name) => name.replace(/^./, (first) => first.toLowerCase()));
    expect(Object.keys(FUSES).sort()).toEqual(known.sort());
  });
});

describe('the archive', () => {
  test('holds the bundles, the panel, icons, and the packages that are loaded at run time', () => {
    const inFolder = (name: string) => files.filter((file) => file.startsWith(`${name}/`));
    const others = files.filter((file) => !/^(?:dist\/icons|node_modules)\//.test(file));
    // The last two only where an old Electron lacks functions of Node.
    const gaps = others.includes('gaps.cjs') ? ['gaps.cjs', 'with-gaps-filled.cjs'] : [];
    expect(others.sort()).toEqual([
      'dist/cli.cjs', 'dist/main.cjs', 'dist/panel/icon.png', 'dist/panel/index.html', 'dist/panel/main.css', 'dist/panel/main.js', 'dist/preload.cjs', 'package.json', ...gaps,
    ].sort());
    expect(inFolder('dist/icons').every((file) => file.endsWith('.png'))).toBe(true);
    const packages = new Set(inFolder('node_modules').map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]));
    expect([...packages].sort()).toEqual([
      '@libsql/linux-x64-gnu', '@neon-rs/load', 'detect-libc', 'growly', 'is-docker', 'is-wsl', 'isexe', 'libsql', 'node-notifier', 'semver', 'shellwords', 'uuid', 'which',
    ]);
  });
  test('holds no sources, maps, tests, nor programs for other systems', () => {
    expect(files.filter((file) => /\.(?:map|tsx?|exe|dll|md)$|(?:^|\/)tests?\/|\.test\.|\/vendor\//i.test(file))).toEqual([]);
  });
  test('names only what it holds as its dependencies, and no script', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { dependencies: Record<string, string>; version: string };
    const packed = JSON.parse(extractFile(ARCHIVE, 'package.json').toString()) as Record<string, unknown>;
    expect(packed).toMatchObject({ name: 'upkeep', version: manifest.version, desktopName: 'upkeep.desktop' });
    expect(packed['dependencies']).toEqual({ libsql: manifest.dependencies['libsql'], 'node-notifier': manifest.dependencies['node-notifier'] });
    expect(Object.keys(packed)).not.toContain('scripts');
  });
});

describe('beside the archive', () => {
  test('the native module is on disk, and a plain Node loads it', () => {
    const Database = createRequire(join(RESOURCES, 'app.asar.unpacked/dist/cli.cjs'))('libsql') as new (file: string) => {
      prepare(sql: string): { get(): unknown };
      close(): void;
    };
    const database = new Database(':memory:');
    expect(database.prepare('select 6 * 7 as answer').get()).toMatchObject({ answer: 42 });
    database.close();
  });
  test('the licences come along, and no app that would be loaded instead of the archive', async () => {
    expect((await readdir(RESOURCES)).sort()).toEqual(['LICENSE.txt', 'LICENSES.packages.txt', 'app.asar', 'app.asar.unpacked', 'command']);
    const licences = readFileSync(join(RESOURCES, 'LICENSES.packages.txt'), 'utf8');
    for (const name of ['libsql', 'preact', 'uplot', 'zod']) expect(licences).toMatch(new RegExp(`^${name} [\\d.]+ \\(MIT\\)\\n\\n.*Copyright`, 'ims'));
  });
});
