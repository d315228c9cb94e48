// Keeps Chromium small: a page of text needs no graphics card, and what is drawn and requested for it no processes of their own.
// Never touches the sandbox of pages. What each part saves is measured by bench/figures/tray-memory.mjs.
import { app } from 'electron';

/** Call before Electron is ready. */
export function keepChromiumSmall(): void {
  app.disableHardwareAcceleration();
  // Nor the library that imitates a graphics card.
  app.commandLine.appendSwitch('disable-software-rasterizer');
  // Only measured and seen to draw on Linux.
  if (process.platform !== 'linux') return;
  // Drawing takes place in this process. Without the second switch all of OpenGL would be loaded into it for nothing.
  app.commandLine.appendSwitch('in-process-gpu');
  app.commandLine.appendSwitch('use-gl', 'disabled');
  // The panel's files come from this process anyway, and every other request is refused.
  app.commandLine.appendSwitch('enable-features', 'NetworkServiceInProcess2');
}
