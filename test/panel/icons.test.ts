// The icons that are committed are the ones build/icons draws, and each state can be told by its shape alone.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { drawIcons, ICON_FOLDER } from '../../build/icons/draw.mjs';
import { decodePng } from '../../build/icons/png.mjs';
import { STATES } from '../../build/icons/shapes.mjs';
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

/** Luminance as WCAG 2 defines it. */
const luminance = (rgb: readonly number[]) => {
  const [r = 0, g = 0, b = 0] = rgb.map((value) => (value <= 10.3 ? value / 3_294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one: readonly number[], other: readonly number[]) => {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((left, right) => right - left);
  return (light + 0.05) / (dark + 0.05);
};

// WCAG 2.2 asks 3 to 1 of graphics that carry meaning.
test.each([['a white panel', [255, 255, 255]], ['a light panel', [240, 240, 240]], ['a dark panel', [43, 43, 43]], ['a black panel', [0, 0, 0]]] as const)('the outline of every icon stands out from %s', (_panel, background) => {
  const ratios = Object.entries(STATES).map(([state, { colour }]) => [state, contrast([1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)), background)] as const);
  expect(ratios.filter(([, ratio]) => ratio < 3)).toEqual([]);
});
