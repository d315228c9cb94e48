// What deb and rpm would put on a machine, as electron-builder hands it to the tool that writes the file; and where they cannot be built.
import { mkdtempSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archFromString, build, Platform } from 'electron-builder';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { drawApplication } from '../../build/icons/draw.mjs';
import { encodePng } from '../../build/icons/png.mjs';
import { describePackage, EXECUTABLE, INSTALLED_COMMAND } from '../../build/package/configuration.mjs';
import { explainFailure, isTarget, whyNotHere } from '../../build/package/targets.mjs';
import { ROOT } from './packaged-app.ts';

const COMMITTED = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { readonly name: string; readonly version: string; readonly desktopName: string };
let work = '';

/** Everything but the last step, which needs a tool from the network. */
async function planOf(target: 'deb' | 'rpm'): Promise<{ readonly args: readonly string[]; readonly desktopEntry: string }> {
  let plan: { args: readonly string[]; desktopEntry: string } | undefined;
  const config = describePackage({
    root: ROOT, appFolder: join(work, 'app'), output: join(work, 'out'), icons: join(work, 'icons'), licences: join(work, 'licences.txt'), commandLink: join(work, 'upkeep'),
    electron: { distribution: work, version: '45.0.0' }, fuses: {},
  });
  await build({
    targets: Platform.LINUX.createTarget([target], archFromString('x64')), projectDir: ROOT, publish: 'never', prepackaged: join(work, 'packed'),
    config: { ...config, extraMetadata: { homepage: 'https://example.org/' } },
    effectiveOptionComputed: async (computed: unknown) => {
      const [args, desktopFile] = z.tuple([z.array(z.string()), z.string()]).parse(computed);
      plan = { args, desktopEntry: await readFile(desktopFile, 'utf8') };
      return true;
    },
  });
  if (plan === undefined) throw new Error(`electron-builder planned no ${target}`);
  return plan;
}

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'upkeep-package-'));
  for (const folder of ['app', 'icons', 'packed/resources']) await mkdir(join(work, folder), { recursive: true });
  await writeFile(join(work, 'app/package.json'), JSON.stringify({ name: COMMITTED.name, version: COMMITTED.version, description: 'An app.', main: 'main.js', desktopName: COMMITTED.desktopName }));
  for (const size of [48, 256]) await writeFile(join(work, `icons/${size}x${size}.png`), encodePng(drawApplication(size)));
  symlinkSync(INSTALLED_COMMAND, join(work, 'upkeep'));
});
afterAll(() => rmSync(work, { recursive: true }));

describe.each(['deb', 'rpm'] as const)('%s', (target) => {
  test('puts upkeep on the PATH, the tray app under another name, and an entry with its icon into the menus', async () => {
    const { args, desktopEntry } = await planOf(target);
    expect(args).toContain(`${join(work, 'upkeep')}=/usr/bin/upkeep`);
    expect(readlinkSync(join(work, 'upkeep'))).toBe('/opt/Upkeep/resources/command/upkeep');
    expect(args).toContain(`${join(work, 'packed')}/=/opt/Upkeep`);
    expect(args.filter((arg) => /=\/usr\/share\/(?:applications|icons)\//.test(arg)).map((arg) => arg.replace(/^.*=/, ''))).toEqual([
      '/usr/share/icons/hicolor/48x48/apps/upkeep-tray.png', '/usr/share/icons/hicolor/256x256/apps/upkeep-tray.png', '/usr/share/applications/upkeep.desktop',
    ]);
    const entry = Object.fromEntries(desktopEntry.split('\n').filter((line) => line.includes('=')).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
    expect(entry).toMatchObject({
      Name: 'Upkeep', Exec: `/opt/Upkeep/${EXECUTABLE} %U`, Icon: EXECUTABLE, Categories: 'System;Monitor;', Terminal: 'false',
      // The window's class, see started.test.ts: otherwise the desktop shows a window without name and icon.
      StartupWMClass: COMMITTED.desktopName.replace(/\.desktop$/, ''),
    });
  });
});

describe('a target that cannot be built here is refused with the reason', () => {
  const able = { platform: 'linux', electronVersion: '45.4.1', wantedElectronVersion: '45.4.1', hasHomepage: true, hasRpmbuild: true } as const;
  test.each([
    ['dir is built from whatever Electron there is', 'dir', { electronVersion: '25.1.1' }, null],
    ['deb is built where all is there', 'deb', {}, null],
    ['nobody is given an old Electron', 'deb', { electronVersion: '25.1.1' }, /Electron 45\.4\.1 and no other, but only 25\.1\.1/],
    ['a deb that does not say where it comes from', 'deb', { hasHomepage: false }, /no "homepage"/],
    ['rpm without rpmbuild', 'rpm', { hasRpmbuild: false }, /needs rpmbuild/],
    ['dmg on Linux', 'dmg', {}, /built on macOS only/],
    ['AppImage on macOS', 'AppImage', { platform: 'darwin' }, /built on Linux only/],
  ] as const)('%s', (_title, target, machine, reason) => {
    const answer = whyNotHere(target, { ...able, ...machine });
    if (reason === null) expect(answer).toBeNull();
    else expect(answer).toMatch(reason);
  });
  test('a tool that cannot be fetched is named', () => expect(explainFailure('deb', 'connect ECONNREFUSED')).toMatch(/ECONNREFUSED\n.*fpm.*github\.com/));
  test('a target nobody knows', () => expect([isTarget('msi'), isTarget('toString'), isTarget('deb')]).toEqual([false, false, true]));
});
