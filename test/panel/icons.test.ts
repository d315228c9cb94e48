// The icons that are committed are the ones build/icons draws, and each state can be told by its shape alone.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { drawIcons, ICON_FOLDER } from '../../build/icons/draw.mjs';
import { decodePng } from '../../build/icons/png.mjs';
import { TRAY_STATES } from '../../electron/tray-menu.ts';

const drawn = drawIcons();

test('committed icons are current (else: node build/icons/draw.mjs)', () => {
  expect(readdirSync(ICON_FOLDER).sort()).toEqual([...drawn.keys()].sort());
  for (const [name, image] of drawn) expect(decodePng(readFileSync(join(ICON_FOLDER, name))), name).toEqual(image);
});

test('every state of the tray has every size', () => {
  const names = TRAY_STATES.flatMap((state) => [...[16, 22, 24, 32, 44].map((size) => `${state}-${size}.png`), `${state}Template.png`, `${state}Template@2x.png`]);
  expect(names.filter((name) => !drawn.has(name))).toEqual([]);
});

test('at 16 pixels any two states differ in at least a tenth of their outline, whatever the colour', () => {
  const outlines = TRAY_STATES.map((state) => {
    const { rgba, width, height } = decodePng(readFileSync(join(ICON_FOLDER, `${state}Template.png`)));
    return { state, alpha: Array.from({ length: width * height }, (_, pixel) => rgba[pixel * 4 + 3] ?? 0) };
  });
  for (const one of outlines) {
    for (const other of outlines.filter(({ state }) => state > one.state)) {
      const different = one.alpha.filter((value, pixel) => Math.abs(value - (other.alpha[pixel] ?? 0)) > 64).length;
      expect(different, `${one.state} and ${other.state}`).toBeGreaterThan(25);
    }
  }
});
