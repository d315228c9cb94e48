// The least an Electron tray app can be: an icon and one menu item. What Upkeep takes beyond it is Upkeep's.
// Arguments: --icon=FILE, --save=NAME for each way to keep Chromium small (see SAVINGS).
'use strict';
const { app, Menu, Tray } = require('electron');

const SAVINGS = {
  'no-graphics-card': () => {
    app.disableHardwareAcceleration();
    app.commandLine.appendSwitch('disable-software-rasterizer');
  },
  'request-in-main': () => app.commandLine.appendSwitch('enable-features', 'NetworkServiceInProcess2'),
  'draw-in-main': () => {
    app.commandLine.appendSwitch('in-process-gpu');
    app.commandLine.appendSwitch('use-gl', 'disabled');
  },
};

const valuesOf = (name) => process.argv.filter((argument) => argument.startsWith(`--${name}=`)).map((argument) => argument.slice(name.length + 3));
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
for (const saving of valuesOf('save')) SAVINGS[saving]();

let tray;
void app.whenReady().then(() => {
  tray = new Tray(valuesOf('icon')[0]);
  tray.setContextMenu(Menu.buildFromTemplate([{ label: 'Quit', role: 'quit' }]));
});
process.on('SIGTERM', () => app.quit());
