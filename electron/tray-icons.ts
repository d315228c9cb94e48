// Loads the tray's icons, one a state, drawn by build/icons. macOS gets template images, everybody else coloured ones.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nativeImage, type NativeImage } from 'electron';
import type { TrayState } from './tray-menu.ts';

/** 22 pixels are what panels on Linux call full size; the others serve other heights and dense screens. */
const NOMINAL_SIZE = 22;
const SIZES = [16, 22, 24, 32, 44];

/** @throws when a file is missing: the app was bundled wrongly */
export function loadTrayIcon(folder: string, state: TrayState): NativeImage {
  if (process.platform === 'darwin') {
    // Electron finds @2x by itself and knows by the name that the system may colour it.
    const template = nativeImage.createFromPath(join(folder, `${state}Template.png`));
    if (template.isEmpty()) throw new Error(`There is no icon ${state}Template.png in ${folder}.`);
    return template;
  }
  const icon = nativeImage.createEmpty();
  for (const size of SIZES) {
    const buffer = readFileSync(join(folder, `${state}-${size}.png`));
    icon.addRepresentation({ scaleFactor: size / NOMINAL_SIZE, width: size, height: size, buffer });
  }
  return icon;
}
