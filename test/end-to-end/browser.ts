// Debian's Chromium without a window: one for a test file, a fresh profile (cookies, storage) for every person in a test.
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright';
import { afterAll, afterEach, beforeAll } from 'vitest';

const EXECUTABLE = '/usr/bin/chromium';

export interface Profile {
  readonly context: BrowserContext;
  /** A new tab at that address. */
  open(address: string): Promise<Page>;
}

/** Call at the top of a test file; gives a fresh profile. */
export function useBrowser(): () => Promise<Profile> {
  let browser: Browser | undefined;
  beforeAll(async () => {
    // As root Chromium has no sandbox and refuses to start with one.
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  });
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
  });
  afterAll(() => browser?.close());
  return async () => {
    if (browser === undefined) throw new Error('The browser has not started.');
    const context = await browser.newContext();
    return {
      context,
      async open(address) {
        const page = await context.newPage();
        await page.goto(address);
        return page;
      },
    };
  };
}
