// How a panel is come to and how it ends: from a notification, without an address of its own, and when the Upkeep behind it is killed.
import { describe, expect, test } from 'vitest';
import { recordNotifications } from '../bed/desktop.ts';
import { clickOpen, dismissNotifications, untilNotifications } from '../bed/notifications-on-screen.ts';
import { waitFor } from '../bed/wait-for.ts';
import { freePort, served, servingPid, type Watching } from '../end-to-end/upkeep-bed.ts';
import { openInBrowser, openInDesktopApp, panelAddress } from './carriers.ts';
import { headline, openService, PATIENCE, shows, STORY, useStory, violations } from './story.ts';

const story = useStory();
const { bed } = story;

async function kill({ child, ended }: Watching): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}

describe('when the Upkeep behind it is killed', () => {
  test('a page in a browser says so on every screen, keeps what was known, and says how to come back', STORY, async () => {
    const port = await freePort();
    await bed.configure({ version: 1, services: { web: served(port, { name: 'Website' }) } });
    const upkeep = await bed.watch();
    const { page, forgive } = await story.open(() => openInBrowser(bed, upkeep));
    await headline(page, 'Website is up');
    // It asks in vain, and the browser says so.
    forgive(/^Failed to load resource: net::ERR_/);
    await kill(upkeep);
    await headline(page, 'Upkeep does not answer');
    await shows(page, /run "upkeep panel" for its new address\. What follows was known at \d\d:\d\d\./);
    expect(await page.getByRole('button', { name: 'Restart Website' }).getAttribute('aria-disabled')).toBe('true');
    expect(await violations(page)).toEqual([]);
    await openService(page, 'Website');
    await headline(page, 'Website');
    expect(await page.getByText('Upkeep does not answer.').count()).toBe(1);
    expect(await violations(page)).toEqual([]);

    // The one that is started anew takes over what still runs, and gives a new address.
    const pid = await servingPid(port);
    await bed.watch();
    await page.goto(await panelAddress(bed));
    await headline(page, 'Website is up');
    expect(await servingPid(port)).toBe(pid);
  });

  test('the desktop app that was attached to it takes over, and the page goes on by itself', STORY, async () => {
    const port = await freePort();
    await bed.configure({ version: 1, services: { web: served(port, { name: 'Website' }) } });
    const upkeep = await bed.watch();
    await bed.until('web', 'up');
    const pid = await servingPid(port);
    const { page } = await story.open(openInDesktopApp);
    await headline(page, 'Website is up');
    await page.getByRole('button', { name: /^Upkeep .*: more$/ }).click();
    await page.getByRole('menuitem', { name: `Quit the tray app; process ${upkeep.child.pid} goes on supervising` }).waitFor(PATIENCE);
    await page.keyboard.press('Escape');
    await kill(upkeep);
    await page.getByRole('button', { name: /^Upkeep .*: more$/ }).click();
    await page.getByRole('menuitem', { name: 'Quit Upkeep' }).waitFor(PATIENCE);
    await page.keyboard.press('Escape');
    await headline(page, 'Website is up');
    expect(await servingPid(port)).toBe(pid);
    process.kill(pid, 'SIGKILL');
    await shows(page, /killed by SIGKILL|Restarted, up in/);
    await waitFor('another process to serve', async () => (await servingPid(port)) !== pid);
  });
});

test('a page without an address of its own shows nothing, and says how to get one', STORY, async () => {
  await bed.configure({ version: 1, services: { web: served(await freePort(), { name: 'Website' }) } });
  const { page, forgive } = await story.open((given) => openInBrowser(given));
  await headline(page, 'Website is up');
  const { origin } = new URL(page.url());
  forgive(/status of 401/);
  await page.context().clearCookies();
  for (const screen of ['', '#/history', '#/settings']) {
    await page.goto('about:blank');
    await page.goto(`${origin}/${screen}`);
    await headline(page, 'This page is not connected');
    await shows(page, 'Run "upkeep panel" to get one.');
    expect(await page.getByText(/Website|supervise/).count()).toBe(0);
    expect(await page.getByRole('navigation').count()).toBe(0);
  }
  expect(await violations(page)).toEqual([]);
});

test('a click on a notification opens the page of the service in the desktop app', STORY, async () => {
  await dismissNotifications();
  const notes = await recordNotifications();
  const port = await freePort();
  await bed.configure({
    version: 1, services: { api: served(await freePort(), { name: 'API' }), web: served(port, { name: 'Website', heal: { auto: false } }) },
    alerts: { levels: { critical: { after: 1, to: ['desktop'] } } },
  });
  const { page } = await story.open(openInDesktopApp);
  await headline(page, 'Both services are up');
  process.kill(await servingPid(port), 'SIGKILL');
  await notes.waitForNotification(({ summary }) => summary === 'Website is down', { timeoutMs: PATIENCE.timeout });
  const [window = ''] = await untilNotifications(1);
  await clickOpen(window);
  await headline(page, 'Website');
  // The incident has only begun: it is there all the same.
  await page.getByRole('link', { name: 'Follow this incident' }).click(PATIENCE);
  await headline(page, /^Website has been down for /);
  expect(await violations(page)).toEqual([]);
  await page.locator('a.back').click(PATIENCE);
  await page.getByRole('region', { name: 'Incidents' }).getByRole('listitem').waitFor(PATIENCE);
  await notes.stop();
});
