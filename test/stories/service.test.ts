// The page of a service and its past: why it is as it is, what was done about it with proof, and everything one can do.
// Over a real Upkeep with real services that fail and heal: in the desktop app and in a browser.
import { describe, expect, test } from 'vitest';
import type { Page } from 'playwright';
import { freePort, isAlive, served, servingPid } from '../end-to-end/upkeep-bed.ts';
import { waitFor } from '../bed/wait-for.ts';
import { CARRIERS } from './carriers.ts';
import { goTo, headline, openService, PATIENCE, shows, STORY, useStory, violations } from './story.ts';

const story = useStory();
const { bed } = story;

/** Answers every request and writes down how many there were. */
const counting = (port: number): string => `let asked = 0;
console.log('listening, all is well');
require('node:http').createServer((_, answer) => { console.log('asked ' + ++asked); answer.end(String(process.pid)); }).listen(${port}, '127.0.0.1');`;

const act = (page: Page, name: string) => page.getByRole('group', { name: 'Actions for Website' }).getByRole('button', { name, exact: true });
const stateIs = (page: Page, word: string): Promise<void> => page.locator('.service-head .word').getByText(word, { exact: true }).waitFor(PATIENCE);

describe.each(CARRIERS)('$name', ({ open }) => {
  test('a killed service comes back by itself before one\'s eyes, and every screen says why', STORY, async () => {
    const [webPort, apiPort] = [await freePort(), await freePort()];
    await bed.configure({ version: 1, services: { web: served(webPort, { name: 'Website', group: 'Shop' }, ['1200']), api: served(apiPort, { name: 'API', group: 'Shop' }) } });
    const panel = await story.open(open);
    const { page } = panel;
    await headline(page, 'Both services are up');

    process.kill(await servingPid(webPort), 'SIGKILL');
    await page.getByRole('list', { name: 'Restart of Website' }).getByText('verifying').waitFor(PATIENCE);
    await shows(page, /Restarted at \d\d:\d\d because it was killed by SIGKILL; up again after |Restarted, up in /);
    await headline(page, 'Both services are up');

    await openService(page, 'Website');
    await headline(page, 'Website');
    const heals = page.getByRole('region', { name: 'Heals' });
    await heals.locator('summary').first().click(PATIENCE);
    await heals.getByText(/killed by SIGKILL/).first().waitFor(PATIENCE);
    await page.getByRole('region', { name: 'Statistics' }).getByRole('table').waitFor(PATIENCE);
    await page.getByRole('region', { name: 'Incidents' }).getByRole('listitem').first().waitFor(PATIENCE);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Copy as text' }).click();
    await shows(page, 'The state of Website is copied.');
    expect(await panel.clipboard()).toMatch(/^Website \(web\): Up since [\s\S]*killed by SIGKILL[\s\S]*Upkeep \d/);

    await goTo(page, 'History');
    const healed = page.getByRole('listitem').filter({ hasText: 'healed' });
    await healed.first().waitFor(PATIENCE);
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Service').selectOption({ label: 'API' });
    await healed.first().waitFor({ ...PATIENCE, state: 'detached' });
    await page.getByLabel('Service').selectOption({ label: 'Website' });
    await page.getByRole('link', { name: 'Heals' }).click();
    await page.getByRole('listitem').filter({ hasText: 'breaker' }).first().waitFor({ ...PATIENCE, state: 'detached' });
    await healed.first().getByRole('link', { name: 'Incident of Website' }).click(PATIENCE);
    await headline(page, /^Website was down for .*; Upkeep fixed it$/);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Copy as text' }).click();
    await shows(page, 'The incident is copied.');
    expect(await panel.clipboard()).toMatch(/^Website was down for .*; Upkeep fixed it\.\n[\s\S]*killed by SIGKILL/);
  });

  test('on its page one reads what it wrote, checks, stops, starts, pauses and opens it', STORY, async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/`;
    // Nobody but the person on the page asks it anything within an hour.
    const checks = [{ type: 'http', url }];
    await bed.configure({ version: 1, services: { web: { name: 'Website', url, manager: { type: 'process', command: [process.execPath, '-e', counting(port)] }, checks, interval: '1h' } } });
    const panel = await story.open(open);
    const { page } = panel;
    await headline(page, 'Website is up');
    await openService(page, 'Website');
    await page.locator('summary').filter({ hasText: 'Log' }).click(PATIENCE);
    const log = page.getByRole('region', { name: 'Log of Website' });
    await log.getByText('listening, all is well').waitFor(PATIENCE);
    const asked = async (): Promise<number> => Number(/asked (\d+)\s*$/.exec((await log.textContent()) ?? '')?.[1] ?? 0);
    const before = await asked();
    await act(page, 'Check now').click();
    await waitFor('the check to reach it, and its log the page', async () => (await asked()) > before);

    const pid = await servingPid(port);
    await act(page, 'Stop').click();
    await stateIs(page, 'Stopped');
    await waitFor('its process to end', () => !isAlive(pid));
    await act(page, 'Start').click();
    await stateIs(page, 'Up');
    await act(page, 'Pause Website').click();
    await page.getByRole('menuitem', { name: 'For 1 hour' }).click(PATIENCE);
    await stateIs(page, 'Paused');
    await shows(page, /It is looked after again/);
    expect(await violations(page)).toEqual([]);
    await act(page, 'Resume').click();
    await stateIs(page, 'Up');
    expect(await panel.opened(() => act(page, 'Open Website in the browser').click())).toBe(url);

    // An address that was copied wrongly. A browser notes that there is nothing.
    panel.forgive(/status of 404/);
    await page.evaluate(() => { location.hash = '#/service/wbsite'; });
    await shows(page, 'No service has this id.');
    expect(await violations(page)).toEqual([]);
    await page.evaluate(() => { location.hash = '#/incident/never-was'; });
    await shows(page, 'There is no incident with this id.');
  });
});
