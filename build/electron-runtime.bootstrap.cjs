// The app inside the bare Electron 25 runtime: gives that runtime what the normal `electron` command has, namely
// `electron [switches] FOLDER [arguments]`, after the file beside it has filled in what its Node lacks.
// Copied into the runtime's resources/app by electron-runtime.mjs; never part of the packaged app.
'use strict';
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { app } = require('electron');

require('./electron-runtime.gaps.cjs');

const folder = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (folder === undefined) {
  process.stderr.write('Usage: electron [switches] FOLDER [arguments]\n');
  process.exit(64);
}
const appPath = path.resolve(folder);
const manifest = JSON.parse(fs.readFileSync(path.join(appPath, 'package.json'), 'utf8'));

// As Electron's own default app does it: the name decides the userData folder, so it must be set before anything asks.
Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
app.name = manifest.productName ?? manifest.name;
if (manifest.version) app.setVersion(manifest.version);
app.setDesktopName(manifest.desktopName ?? `${app.name}.desktop`);
app.setAppPath(appPath);
Module._load(appPath, module, true);
