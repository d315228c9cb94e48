// @ts-check
// Answers what electron-builder makes of the app folder: an archive, fuses, icons, a desktop file, and packages for people to install.
// Decides nothing about what is in the app (app-folder.mjs) nor which targets can be built here (targets.mjs).
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The tray app's executable. The command line has the short name, `upkeep`. */
export const EXECUTABLE = 'upkeep-tray';
const PRODUCT = 'Upkeep';
/** Where deb and rpm put the app. */
const INSTALLED = `/opt/${PRODUCT}`;
/** What the bundles of the command line are called from, in the app's resources. */
export const COMMAND_FOLDER = 'command';
/** Its place once it is installed, for the link in /usr/bin. */
export const INSTALLED_COMMAND = `${INSTALLED}/resources/${COMMAND_FOLDER}/upkeep`;

// Electron's own needs (GTK brings most libraries along), a browser opener, and notify-send for notifications with a click.
const DEB_DEPENDS = [
  'libgtk-3-0', 'libnss3', 'libasound2 | libasound2t64', 'libgbm1', 'libx11-xcb1', 'libxss1', 'libxtst6', 'libatspi2.0-0', 'libuuid1', 'libsecret-1-0',
  'xdg-utils', 'libnotify-bin',
];
const RPM_DEPENDS = [
  'gtk3', 'nss', '(alsa-lib or libasound2)', '(mesa-libgbm or libgbm1)', 'libXScrnSaver', '(libXtst or libXtst6)', 'at-spi2-core', '(libuuid or libuuid1)',
  'xdg-utils', '(libnotify or libnotify-tools)',
];
/** The command line runs in the system's Node; the tray app does without. */
const NODE = '18.19';

/**
 * @typedef {object} ConfigurationOptions
 * @property {string} root the repository
 * @property {string} appFolder
 * @property {string} output
 * @property {string} icons a folder of pictures named for their size, such as 48x48.png
 * @property {string} licences a file with those of the packages inside
 * @property {string} commandLink a link to INSTALLED_COMMAND; goes to /usr/bin
 * @property {{ distribution: string, version: string }} electron
 * @property {Partial<NonNullable<import('electron-builder').Configuration['electronFuses']>>} fuses
 */

/**
 * @param {ConfigurationOptions} options
 * @returns {import('electron-builder').Configuration}
 */
export function describePackage({ root, appFolder, output, icons, licences, commandLink, electron, fuses }) {
  return {
    appId: 'app.upkeep.Upkeep',
    productName: PRODUCT,
    directories: { app: appFolder, output, buildResources: join(root, 'build/package') },
    files: ['**/*'],
    extraResources: [
      { from: join(root, 'build/package/command'), to: COMMAND_FOLDER },
      { from: join(root, 'LICENSE'), to: 'LICENSE.txt' },
      { from: licences, to: 'LICENSES.packages.txt' },
    ],
    asar: true,
    // A native module and macOS's notifier are loaded and started from disk; the command line, and the panel it gives to browsers, are read by a
    // Node that knows no archive.
    asarUnpack: ['dist/cli.cjs', 'dist/panel/**', 'node_modules/**'],
    electronDist: electron.distribution,
    electronVersion: electron.version,
    // The native module speaks Node-API: one binary for every Node and Electron.
    npmRebuild: false,
    electronFuses: fuses,
    electronLanguages: ['en-US'],
    // The runtime from the npm package has a starter of its own where an app would be.
    afterExtract: ({ appOutDir }) => rm(join(appOutDir, 'resources/app'), { recursive: true, force: true }),
    publish: null,
    linux: {
      target: ['deb', 'AppImage', 'rpm'],
      executableName: EXECUTABLE,
      icon: icons,
      category: 'System;Monitor',
      synopsis: 'Keeps the services on your own machine running',
      maintainer: 'The Upkeep maintainers',
      syncDesktopName: true,
      desktop: { entry: { GenericName: 'Service Supervisor', Keywords: 'service;supervisor;restart;monitor;tray;' } },
    },
    deb: {
      artifactName: '${name}_${version}_${arch}.${ext}',
      depends: DEB_DEPENDS,
      recommends: [`nodejs (>= ${NODE})`],
      packageCategory: 'admin',
      fpm: [`${commandLink}=/usr/bin/upkeep`],
    },
    rpm: {
      artifactName: '${name}-${version}.${arch}.${ext}',
      depends: RPM_DEPENDS,
      fpm: ['--rpm-tag', `Recommends: nodejs >= ${NODE}`, `${commandLink}=/usr/bin/upkeep`],
    },
    appImage: { artifactName: '${productName}-${version}-${arch}.${ext}' },
    // Its runtime tries the sandbox and gives up on it only where user namespaces are forbidden; the older one always did.
    toolsets: { appimage: '1.0.3' },
    mac: {
      target: ['dmg', 'zip'],
      artifactName: '${productName}-${version}-mac-${arch}.${ext}',
      icon: join(root, 'electron/icons/upkeep-512.png'),
      category: 'public.app-category.developer-tools',
      minimumSystemVersion: '13.0',
      hardenedRuntime: true,
      extendInfo: {
        // A menu bar app: no icon in the Dock.
        LSUIElement: true,
        NSLocalNetworkUsageDescription: 'Upkeep checks the services of your network that you name in services.json.',
      },
    },
  };
}
