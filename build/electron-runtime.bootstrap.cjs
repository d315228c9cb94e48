// The app inside the bare Electron 25 runtime: gives that runtime what the normal `electron` command has, namely
// `electron [switches] FOLDER [arguments]`, and the two Node functions its Node 18.15 lacks and our libraries call.
// Copied into the runtime's resources/app by electron-runtime.mjs; never part of the packaged app.
'use strict';
const events = require('node:events');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const stream = require('node:stream');
const { app } = require('electron');

// execa 9 calls both at import time or for each child. May go when this runtime has Node 18.18 or newer.
stream.getDefaultHighWaterMark ??= (objectMode) => (objectMode ? 16 : 16 * 1024);
events.addAbortListener ??= (signal, listener) => {
  const call = () => listener.call(signal, new Event('abort'));
  if (signal.aborted) queueMicrotask(call);
  else signal.addEventListener('abort', listener, { once: true });
  return { [Symbol.for('nodejs.dispose')]: () => signal.removeEventListener('abort', listener) };
};

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
