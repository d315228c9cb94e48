// What holds for every screen of the panel, in both themes: axe has nothing to say, nothing is wider than the narrowest window,
// and nothing needs a style that the content security policy refuses.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manyOverview, manySnapshot, variedOverview } from '../panel/overview-builders.ts';
import { snapshot, variedSnapshot } from '../panel/snapshot-builders.ts';
import { type PanelBrowser, type PanelPageOptions, startPanelBrowser } from './panel-page.ts';

let browser: PanelBrowser;
beforeAll(async () => { browser = await startPanelBrowser(); });
afterAll(() => browser.end());

const varied = { snapshot: variedSnapshot(), answers: { overview: variedOverview() } };
const invalid = { kind: 'invalid', message: '/home/ada/services.json cannot be used.', issues: ['services.json:14:19 services.api.interval: expected 250ms or more, got "100ms".'] } as const;
const SITUATIONS: readonly (readonly [string, PanelPageOptions])[] = [
  ['the overview', varied],
  ['the overview with 500 services', { snapshot: manySnapshot(500), answers: { overview: manyOverview(500) } }],
  ['the overview without services', { snapshot: snapshot([]) }],
  ['the overview, nobody supervises', { ...varied, link: { kind: 'lost', message: 'The running instance has gone.' } }],
  ['the overview, a wrong services.json', { ...varied, link: invalid }],
  ['a start', { link: { kind: 'starting' } }],
  ['a start with a wrong services.json', { link: invalid }],
  ['the end of a page', { link: { kind: 'ended', message: 'Run "upkeep panel" again.' } }],
];

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test.each(SITUATIONS)('axe reports nothing on %s', async (_name, options) => {
    const panel = await browser.open({ ...options, colorScheme });
    await panel.page.waitForSelector('h1');
    expect(await panel.violations()).toEqual([]);
    await panel.close();
  });
});

test.each(SITUATIONS)('%s fits into the narrowest window', async (_name, options) => {
  const panel = await browser.open({ ...options, width: 360, height: 640 });
  await panel.page.waitForSelector('h1');
  expect(await panel.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await panel.close();
});

test('the content security policy has nothing to refuse', async () => {
  const panel = await browser.open(varied);
  const refusals: string[] = [];
  panel.page.on('console', (message) => { if (message.type() === 'error') refusals.push(message.text()); });
  await panel.page.reload();
  await panel.page.waitForSelector('.service');
  await panel.page.getByRole('button', { name: 'More for Website' }).click();
  await panel.page.locator('.day-bar').first().hover();
  await panel.page.locator('.tip').waitFor();
  expect(refusals).toEqual([]);
  await panel.close();
});
