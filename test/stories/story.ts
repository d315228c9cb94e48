// What every story needs: an Upkeep with services of its own, its panel, and what people look at in it.
// After each story the panel is closed; one that complained of anything has failed.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterEach, expect } from 'vitest';
import { useUpkeepBed, type UpkeepBed } from '../end-to-end/upkeep-bed.ts';
import type { OpenPanel } from './carriers.ts';

/** A cold machine that is busy, twice. */
export const STORY = { timeout: 240_000 };
export const PATIENCE = { timeout: 60_000 };
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Story {
  readonly bed: UpkeepBed;
  /** Opens the panel; it is closed when the story ends. */
  open(opening: (bed: UpkeepBed) => Promise<OpenPanel>): Promise<OpenPanel>;
}

/** Call at the top of a file with stories. */
export function useStory(): Story {
  const bed = useUpkeepBed();
  let panel: OpenPanel | undefined;
  afterEach(async ({ task }) => {
    const closing = panel;
    panel = undefined;
    if (task.result?.state === 'fail') await keepPicture(closing, task.name);
    await closing?.close();
    expect(closing?.complaints() ?? []).toEqual([]);
  }, 60_000);
  return {
    bed,
    async open(opening) {
      panel = await opening(bed);
      return panel;
    },
  };
}

async function keepPicture(panel: OpenPanel | undefined, title: string): Promise<void> {
  const folder = process.env['BED_ARTIFACTS'];
  if (folder === undefined || panel === undefined) return;
  mkdirSync(folder, { recursive: true });
  const name = `${title.replace(/\W+/g, '-').slice(0, 60)}-${panel.isDesktop ? 'desktop' : 'browser'}.png`;
  await panel.page.screenshot({ path: join(folder, name), timeout: 10_000 }).catch(() => undefined);
}

export const shows = (page: Page, text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor(PATIENCE);
/** Its first heading: what the screen says in one sentence. */
export const headline = (page: Page, text: string | RegExp): Promise<void> => page.getByRole('heading', { level: 1, name: text }).waitFor(PATIENCE);
export const goTo = (page: Page, tab: string): Promise<void> => page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: new RegExp(`^${tab}`) }).click(PATIENCE);
export const openService = (page: Page, name: string): Promise<void> => page.getByRole('link', { name, exact: true }).first().click(PATIENCE);

interface AxeResults { readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[] }

/** What axe reports on the screen as it is once it has all it asked for, in both themes. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.waitForFunction(() => document.querySelector('.is-loading') === null, undefined, PATIENCE);
  await page.evaluate(AXE);
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const results = await page.evaluate(async () => (await (Reflect.get(globalThis, 'axe') as { run(): Promise<unknown> }).run()) as AxeResults);
    found.push(...results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${colorScheme}: ${id}: ${html.slice(0, 160)}`)));
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  return found;
}
