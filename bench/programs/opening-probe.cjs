// The desktop app as it ships, with a stopwatch beside it: at each line on stdin it opens the panel as a click on the dock does,
// tells in a line of JSON when what was seen, and closes the window again. Times are milliseconds since the act.
'use strict';
const { join } = require('node:path');
const { createInterface } = require('node:readline');
const { app, BrowserWindow, ipcMain, session } = require('electron');

const now = () => performance.timeOrigin + performance.now();
let actAtMs = 0;
let seen = {};
const add = (news) => {
  Object.assign(seen, news);
  if (seen.shown === undefined || seen.content === undefined) return;
  process.stdout.write(`${JSON.stringify(seen)}\n`);
  seen = {};
  for (const window of BrowserWindow.getAllWindows()) window.close();
};

app.on('browser-window-created', (_event, window) => window.once('show', () => add({ shown: now() - actAtMs })));
ipcMain.on('opening-probe', (_event, { paint, content, count }) => add({ paint: paint - actAtMs, content: content - actAtMs, count }));
void app.whenReady().then(() => {
  const filePath = join(__dirname, 'opening-watch.cjs');
  const { defaultSession } = session;
  if (typeof defaultSession.registerPreloadScript === 'function') defaultSession.registerPreloadScript({ type: 'frame', filePath });
  else defaultSession.setPreloads([filePath]);
});
createInterface({ input: process.stdin }).on('line', () => {
  actAtMs = now();
  app.emit('activate');
});

require(process.env.BENCH_MAIN);
