// Draws every icon of the app into electron/icons: `node build/icons/draw.mjs` after a change in shapes.mjs.
// It decides sizes and file names; what is drawn stands in shapes.mjs.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { encodePng } from './png.mjs';
import { APPLICATION, STATES } from './shapes.mjs';

export const ICON_FOLDER = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'electron', 'icons');

// electron/tray-icons.ts loads these: panels on Linux take 22 or 24 pixels and their doubles, Windows 16 and 32.
const TRAY_SIZES = [16, 22, 24, 32, 44];
// A menu bar item of macOS is 16 points high; @2x is found by its name.
const TEMPLATES = [['Template', 16], ['Template@2x', 32]];
// Windows of the app and the packages made of it.
const APPLICATION_SIZES = [64, 512];
// A large icon has few pixels on its edges, and a million in all.
const samplesASide = (size) => (size > 100 ? 3 : 8);
const WHITE = [255, 255, 255];
const BLACK = [0, 0, 0];

/**
 * Every icon by file name.
 * @returns {Map<string, import('./png.mjs').Image>}
 */
export function drawIcons() {
  const icons = new Map();
  for (const [state, { colour, body, mark }] of Object.entries(STATES)) {
    for (const size of TRAY_SIZES) icons.set(`${state}-${size}.png`, paint(size, layersOf(colour, body, mark)));
    const silhouette = [{ shape: mark === undefined ? body : (x, y) => body(x, y) && !mark(x, y), rgb: BLACK }];
    for (const [suffix, size] of TEMPLATES) icons.set(`${state}${suffix}.png`, paint(size, silhouette));
  }
  for (const size of APPLICATION_SIZES) icons.set(`upkeep-${size}.png`, drawApplication(size));
  return icons;
}

/** The app's own icon, so many pixels wide and high. */
export const drawApplication = (size) => paint(size, layersOf(APPLICATION.colour, APPLICATION.body, APPLICATION.mark));

const layersOf = (colour, body, mark) => [
  { shape: body, rgb: [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) },
  ...(mark === undefined ? [] : [{ shape: mark, rgb: WHITE }]),
];

/** Later layers cover earlier ones; each pixel is the mean of its samples, colours weighted by coverage. */
function paint(size, layers) {
  const rgba = new Uint8Array(size * size * 4);
  const side = samplesASide(size);
  for (let pixel = 0; pixel < size * size; pixel += 1) {
    const sum = [0, 0, 0];
    let covered = 0;
    for (let sample = 0; sample < side ** 2; sample += 1) {
      const x = ((pixel % size) + ((sample % side) + 0.5) / side) / size;
      const y = (Math.floor(pixel / size) + (Math.floor(sample / side) + 0.5) / side) / size;
      const layer = layers.findLast(({ shape }) => shape(x, y));
      if (layer === undefined) continue;
      covered += 1;
      layer.rgb.forEach((value, channel) => (sum[channel] += value));
    }
    if (covered === 0) continue;
    rgba.set([...sum.map((value) => Math.round(value / covered)), Math.round((255 * covered) / side ** 2)], pixel * 4);
  }
  return { width: size, height: size, rgba };
}

async function writeIcons() {
  await mkdir(ICON_FOLDER, { recursive: true });
  for (const [name, image] of drawIcons()) await writeFile(join(ICON_FOLDER, name), encodePng(image));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await writeIcons();
