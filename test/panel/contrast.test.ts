// Every colour of tokens.css on every surface it stands on, in both themes: text 4.5 to 1, shapes 3 to 1.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('../../renderer/tokens.css', import.meta.url), 'utf8');
const colours = new Map([...css.matchAll(/--([\w-]+): var\(--if-light, (#\w{6})\) var\(--if-dark, (#\w{6})\);/g)].map(([, name = '', light = '', dark = '']) => [name, { light, dark }]));

const SURFACES = ['paper', 'card', 'hover', 'bad-paper', 'note-paper'];
const TEXTS = ['ink', 'ink-soft', 'up', 'degraded', 'down', 'healing', 'quiet'];
const SHAPES = ['edge', 'focus'];
const DRAWINGS = ['bar-up', 'bar-down', 'bar-unknown'];

const rows = (['light', 'dark'] as const).flatMap((theme) => [
  ...SURFACES.flatMap((surface) => [...TEXTS.map((name) => [theme, name, surface, 4.5] as const), ...SHAPES.map((name) => [theme, name, surface, 3] as const)]),
  ...DRAWINGS.map((name) => [theme, name, 'card', 3] as const),
  ...['up', 'degraded', 'down', 'healing', 'quiet'].map((name) => [theme, 'on-mark', name, 4.5] as const),
  [theme, 'paper', 'ink', 4.5] as const,
]);

test.each(rows)('%s: %s on %s stands out %f to 1', (theme, name, surface, least) => {
  const [one, other] = [colours.get(name)?.[theme], colours.get(surface)?.[theme]];
  if (one === undefined || other === undefined) throw new Error(`tokens.css has no ${name} or ${surface} in two themes`);
  const [brighter = 0, darker = 0] = [brightness(one), brightness(other)].sort((left, right) => right - left);
  expect((brighter + 0.05) / (darker + 0.05)).toBeGreaterThanOrEqual(least);
});

/** Relative luminance of WCAG. */
function brightness(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
