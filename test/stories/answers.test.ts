// What people answer and choose: alerts, a wrong services.json, settings, what is copied for a report.
// Over a real Upkeep with real services that fail and heal: in the desktop app and in a browser.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { freePort, served, servingPid } from '../end-to-end/upkeep-bed.ts';
import { waitFor } from '../bed/wait-for.ts';
import { CARRIERS } from './carriers.ts';
import { goTo, headline, PATIENCE, shows, STORY, useStory, violations } from './story.ts';

const story = useStory();
const { bed } = story;

describe.each(CARRIERS)('$name', ({ open }) => {
  test('a person is called for what Upkeep may not heal, answers the alert, and restarts it with one click', STORY, async () => {
    const port = await freePort();
    await bed.configure({
      version: 1, services: { web: served(port, { name: 'Website', heal: { auto: false } }, ['1200']) },
      alerts: { levels: { critical: { after: 1, to: ['log'] } } },
    });
    const { page } = await story.open(open);
    await headline(page, 'Website is up');
    process.kill(await servingPid(port), 'SIGKILL');
    await page.getByRole('link', { name: 'Alerts 1' }).click(PATIENCE);
    const alert = page.getByRole('listitem', { name: 'critical alert: Website' });
    await alert.getByText('log: delivered').waitFor(PATIENCE);
    expect(await violations(page)).toEqual([]);
    await alert.getByRole('button', { name: 'Snooze the alert of Website' }).click();
    await page.getByRole('menuitem', { name: 'Until it recovers' }).click();
    await alert.getByText('Snoozed until it recovers.').waitFor(PATIENCE);
    await alert.getByRole('button', { name: 'Acknowledge the alert of Website' }).click();
    await alert.getByText(/^Acknowledged at/).waitFor(PATIENCE);
    await page.getByRole('button', { name: 'Send a test to log' }).click();
    await waitFor('the test in the log', () => /test/i.test(bed.read('data/upkeep.log')));

    await goTo(page, 'Overview');
    await headline(page, 'Website is down; automatic restarts are off, restart it yourself');
    await page.getByRole('button', { name: 'Restart Website' }).click();
    await page.getByRole('list', { name: 'Restart of Website' }).getByText('verifying').waitFor(PATIENCE);
    await headline(page, 'Website is up');
    await goTo(page, 'Alerts');
    await shows(page, 'Nobody is called for anything.');
    await shows(page, /^lasted /);
    expect(await violations(page)).toEqual([]);
  });

  test('a wrong services.json is shown at its place, and mended without losing what runs', STORY, async () => {
    const port = await freePort();
    const right = { version: 1, services: { web: served(port, { name: 'Website' }) } };
    await bed.configure(right);
    const { page, isDesktop } = await story.open(open);
    await headline(page, 'Website is up');
    const pid = await servingPid(port);
    await bed.configure({ ...right, services: { web: { ...right.services.web, interval: '1ms' } } });
    await shows(page, 'The changed services.json was refused; the one before stays in force.');
    expect(await violations(page)).toEqual([]);
    await goTo(page, 'Settings');
    const mistakes = page.getByRole('list', { name: 'Mistakes in services.json' });
    await mistakes.getByText(/services\.json:\d+:\d+ services\.web\.interval: expected .* got "1ms"/).waitFor(PATIENCE);
    expect(await mistakes.getByRole('button', { name: /line \d+/i }).count()).toBe(isDesktop ? 1 : 0);
    expect(await violations(page)).toEqual([]);
    await bed.configure(right);
    await mistakes.waitFor({ ...PATIENCE, state: 'detached' });
    expect(await servingPid(port)).toBe(pid);
  });

  test('settings hold: the theme, quiet hours, the start at login, and what is copied for a report', STORY, async () => {
    await bed.configure({ version: 1, services: { web: served(await freePort(), { name: 'Website' }) } });
    const panel = await story.open(open);
    const { page, isDesktop } = panel;
    await headline(page, 'Website is up');
    await goTo(page, 'Settings');
    await page.getByRole('radio', { name: 'Dark' }).check();
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
    await page.getByRole('checkbox', { name: 'Quiet hours' }).check();
    await page.getByLabel('From').fill('21:30');
    await waitFor('the settings on disk', () => /"from":\s*"21:30"/.test(bed.read('data/settings.json')));
    await page.reload();
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
    await page.getByLabel('From').waitFor(PATIENCE);
    expect(await page.getByLabel('From').inputValue()).toBe('21:30');
    await page.getByRole('button', { name: 'Copy diagnostics' }).click();
    await shows(page, 'The diagnostics are copied.');
    expect(await panel.clipboard()).toMatch(/^Upkeep\n[\s\S]*Version: \d/);

    const atLogin = page.getByRole('checkbox', { name: 'Start Upkeep when I log in' });
    expect(await atLogin.count()).toBe(isDesktop ? 1 : 0);
    if (!isDesktop) return;
    const entry = join(bed.home, '.config/autostart/upkeep.desktop');
    expect([await atLogin.isChecked(), existsSync(entry)]).toEqual([false, false]);
    await atLogin.check();
    await waitFor('the entry of the desktop', () => existsSync(entry));
    expect(bed.read('.config/autostart/upkeep.desktop')).toMatch(new RegExp(`^Exec=.*UPKEEP_HOME=${bed.home}/data`, 'm'));
    await atLogin.uncheck();
    await waitFor('the entry to be gone', () => !existsSync(entry));
  });
});
