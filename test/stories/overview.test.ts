// The overview: whether everything is all right, what is not, what was done about it, what happens next, what one can do.
// Over a real Upkeep with real services that fail and heal: in the desktop app and in a browser.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Page } from 'playwright';
import { freePort, PROGRAMS, served, servingPid } from '../end-to-end/upkeep-bed.ts';
import { waitFor } from '../bed/wait-for.ts';
import { CARRIERS } from './carriers.ts';
import { goTo, headline, PATIENCE, shows, STORY, useStory, violations } from './story.ts';

const story = useStory();
const { bed } = story;

const row = (page: Page, name: string) => page.getByRole('listitem').filter({ has: page.getByRole('link', { name, exact: true }) });
/** What the focus is on, as it is announced. */
const focused = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');

describe.each(CARRIERS)('$name', ({ open }) => {
  test('five seconds suffice: what is down, what was done, when the next try is, what one can do; and how it ended', STORY, async () => {
    const [webPort, apiPort] = [await freePort(), await freePort()];
    // Serves 1.2 s after its start, so that the course of a restart can be seen.
    const website = {
      name: 'Website', manager: { type: 'process', command: [process.execPath, join(PROGRAMS, 'fails-while-broken.mjs'), String(webPort), '1200'] },
      heal: { cooldown: '100ms', maxPerHour: 2, verifyWithin: '20s' },
    };
    await bed.configure({ version: 1, services: { web: served(webPort, website), api: served(apiPort, { name: 'API' }) } });
    const { page } = await story.open(open);
    await headline(page, 'Both services are up');
    await shows(page, 'Nothing to do.');
    expect(await page.getByRole('button', { name: 'Restart what fails' }).count()).toBe(0);
    expect(await violations(page)).toEqual([]);

    writeFileSync(join(bed.home, 'broken'), '');
    process.kill(await servingPid(webPort), 'SIGKILL');
    await headline(page, /^Website is down; restarted 2 of 2 times this hour, next try \d\d:\d\d$/);
    await shows(page, /Down since \d\d:\d\d\./);
    await row(page, 'Website').getByText(/restart failed at \d\d:\d\d: .*exited with code 3/i).waitFor(PATIENCE);
    await row(page, 'API').getByText('up', { exact: true }).waitFor(PATIENCE);
    expect(await violations(page)).toEqual([]);

    // The budget never stands in a person's way; the failure of their own click is explained as well.
    await page.getByRole('button', { name: 'Restart Website' }).click();
    await page.getByRole('status').getByText(/exited with code 3/).waitFor(PATIENCE);
    await page.getByRole('button', { name: 'Dismiss', exact: true }).click();
    await headline(page, /^Website is down; /);

    rmSync(join(bed.home, 'broken'));
    await page.getByRole('button', { name: 'Restart what fails' }).click();
    await page.getByRole('list', { name: 'Restart of Website' }).getByRole('listitem').and(page.locator('[aria-current=step]')).getByText('verifying').waitFor(PATIENCE);
    await row(page, 'Website').getByText(/^Restarted, up in \d+(\.\d)? s\.$/).waitFor(PATIENCE);
    await headline(page, 'Both services are up');
  });

  test('one finds a service among many with "/", walks through its row and pauses it, by the keyboard alone', STORY, async () => {
    const names = ['Postgres', 'Website', 'Mail relay', 'Search', 'Cache'];
    const services = await Promise.all(names.map(async (name) => [name.toLowerCase().replace(' ', '-'), served(await freePort(), { name })] as const));
    await bed.configure({ version: 1, services: Object.fromEntries(services) });
    const { page } = await story.open(open);
    await headline(page, 'All 5 services are up');
    await page.keyboard.press('/');
    await page.keyboard.type('mail');
    await page.getByRole('link', { name: 'Postgres', exact: true }).waitFor({ ...PATIENCE, state: 'detached' });
    // What is known of its day comes a moment after its row.
    await page.locator('.day-bar[aria-label^="Mail relay: "]').waitFor(PATIENCE);
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => focused(page), PATIENCE).toBe('Mail relay');
    await page.keyboard.press('Tab');
    await expect.poll(() => focused(page), PATIENCE).toMatch(/^Mail relay: /);
    await page.keyboard.press('Home');
    await page.locator('.tip').getByText(/\d\d:\d\d/).waitFor(PATIENCE);
    await page.keyboard.press('Tab');
    await expect.poll(() => focused(page), PATIENCE).toBe('Restart Mail relay');
    await page.keyboard.press('Tab');
    await expect.poll(() => focused(page), PATIENCE).toBe('More for Mail relay');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Pause for 15 minutes' }).waitFor(PATIENCE);
    for (let presses = 0; presses < 10 && (await focused(page)) !== 'Pause for 15 minutes'; presses += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await shows(page, /Paused until \d\d:\d\d/);
    expect((await bed.service('mail-relay')).status).toBe('paused');
    await waitFor('the focus to be where it was', async () => (await focused(page)) === 'More for Mail relay');
    await page.keyboard.press('Shift+Tab');
    await expect.poll(() => focused(page), PATIENCE).toBe('Resume Mail relay');
    await page.keyboard.press('Enter');
    await bed.until('mail-relay', 'up');
    for (let presses = 0; presses < 2; presses += 1) await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await headline(page, 'Mail relay');
  });

  test('without services it says how to name the first one, which is there as soon as the file is saved', STORY, async () => {
    await bed.configure({ version: 1, services: {} });
    const panel = await story.open(open);
    const { page } = panel;
    await headline(page, 'There is nothing to look after yet');
    await shows(page, bed.configFile);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Copy the example' }).click();
    await shows(page, 'The example is copied.');
    const example = await panel.clipboard();
    await bed.configure({ version: 1, services: { shop: served(await freePort(), { name: 'Shop' }) } });
    await headline(page, 'Shop is up');
    // What was copied is understood.
    await bed.configure(`{ "version": 1, "services": { ${example} } }`);
    await page.getByRole('link', { name: 'my-app', exact: true }).waitFor(PATIENCE);
    for (const screen of ['History', 'Alerts', 'Settings']) {
      await goTo(page, screen);
      await headline(page, screen);
      expect(await violations(page)).toEqual([]);
    }
  });
});
