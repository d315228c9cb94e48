// The panel in a real Electron, over a supervisor that only remembers: what it shows, sends, refuses and leaves behind.
import type { Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { nameHasOwner } from '../../electron/session-bus.ts';
import { watchTrayHost } from '../../electron/tray-host.ts';
import type { LinkState } from '../../supervisor/contract/panel.ts';
import type { CommandName } from '../../supervisor/contract/api.ts';
import { DEFAULT_SETTINGS } from '../../supervisor/contract/settings.ts';
import type { Snapshot } from '../../supervisor/contract/snapshot.ts';
import { clickTrayMenu, readTrayTooltip, waitForTrayItem } from '../bed/desktop.ts';
import { waitFor } from '../bed/wait-for.ts';
import { variedOverview } from '../panel/overview-builders.ts';
import { check, service, snapshot, variedSnapshot } from '../panel/snapshot-builders.ts';
import { type PanelBed, startPanelBed } from './panel-bed.ts';

let bed: PanelBed;
let panel: Page;

beforeAll(async () => { bed = await startPanelBed(); }, 120_000);
afterAll(async () => { await bed.end(); });
beforeEach(async () => {
  await setLink({ kind: 'hosting' });
  await answer('history', []);
  await answer('settings', DEFAULT_SETTINGS);
  await answer('overview', variedOverview());
  await say(variedSnapshot());
  panel = await bed.openPanel();
  await panel.evaluate(() => { if (location.hash.length > 2) location.hash = '#/'; });
  await panel.waitForSelector('.service');
  await calls();
});

const say = (given: Snapshot) => bed.app.evaluate((_electron, snapshot) => globalThis.upkeepStage.say({ kind: 'snapshot', snapshot }), given);
const setLink = (link: LinkState) => bed.app.evaluate((_electron, given) => globalThis.upkeepStage.setLink(given), link);
const answer = (name: CommandName, value: unknown) => bed.app.evaluate((_electron, [command, given]) => { Object.assign(globalThis.upkeepStage.answers, { [command]: given }); }, [name, value] as const);
/** What reached the supervisor since the last look, without what the panel reads by itself. */
const READ_BY_ITSELF: readonly CommandName[] = ['history', 'overview', 'settings', 'series', 'statistics', 'incidents', 'log'];
const calls = async () => (await bed.app.evaluate(() => globalThis.upkeepStage.calls.splice(0))).filter(({ name }) => !READ_BY_ITSELF.includes(name));
const windowCount = () => bed.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
const closePanel = async () => {
  await bed.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await waitFor('the window to be destroyed', async () => (await windowCount()) === 0);
};
/** Runs code in the page, as the page itself could. */
const attempt = (page: Page, code: string) => page.evaluate<unknown>(code);

describe('what a person sees and does', () => {
  test('every state is shown with its word and reason, live', async () => {
    await expect.poll(() => panel.locator('h1').textContent()).toMatch(/^Postgres is down; restarted 3 of 3 times this hour, next try /);
    const words = await panel.locator('.service .word').allTextContents();
    expect(words).toEqual(['up', 'down', 'restarting', 'degraded', 'unknown', 'paused', 'stopped']);
    await say(snapshot([service('postgres', { name: 'Postgres' })]));
    await expect.poll(() => panel.locator('h1').textContent()).toBe('Postgres is up');
  });

  test('restart by keyboard alone reaches the supervisor with the id, and the outcome is announced', async () => {
    await answer('restart', { service: 'postgres', ok: false, message: 'Cannot restart "postgres": systemctl needs a password.' });
    const button = panel.getByRole('button', { name: 'Restart Postgres' });
    for (let presses = 0; presses < 60 && !(await button.evaluate((node) => node === document.activeElement)); presses += 1) await panel.keyboard.press('Tab');
    expect(await button.evaluate((node) => node.matches(':focus-visible'))).toBe(true);
    await panel.keyboard.press('Enter');
    await panel.getByRole('status').getByText('systemctl needs a password.').waitFor();
    expect(await calls()).toEqual([{ name: 'restart', input: { service: 'postgres' } }]);
    expect(await button.evaluate((node) => node === document.activeElement)).toBe(true);
    await panel.getByRole('button', { name: 'Dismiss', exact: true }).click();
  });

  test('a pause is chosen from a menu that Escape closes and arrow keys walk through', async () => {
    await answer('pause', [{ service: 'web', ok: true, message: 'Website is paused.' }]);
    const button = panel.getByRole('button', { name: 'More for Website' });
    const menu = panel.getByRole('menu', { name: 'More for Website' });
    await button.click();
    await menu.waitFor();
    await panel.keyboard.press('Escape');
    await menu.waitFor({ state: 'hidden' });
    await waitFor('the focus to come back', () => button.evaluate((node) => node === document.activeElement));
    await panel.keyboard.press('Enter');
    await waitFor('the first choice to have the focus', () => menu.getByRole('menuitem').first().evaluate((node) => node === document.activeElement));
    await panel.keyboard.press('ArrowUp');
    expect(await panel.evaluate(() => document.activeElement?.textContent)).toBe('Pause until I resume');
    await panel.keyboard.press('Enter');
    await panel.getByText('Website is paused.').waitFor();
    expect(await calls()).toEqual([{ name: 'pause', input: { service: 'web' } }]);
  });

  test('nothing moves while latencies change four times a second', async () => {
    const places = () => panel.locator('button:visible, a:visible, .service').evaluateAll((nodes) => nodes.map((node) => JSON.stringify(node.getBoundingClientRect())));
    const withLatency = (latencyMs: number) => snapshot(['a', 'b', 'c'].map((id) => service(id, { checks: [check({ latencyMs }), check({ target: '127.0.0.1:8080', latencyMs })] })));
    const latency = () => panel.locator('.service .latency').first().textContent();
    await say(withLatency(3));
    await expect.poll(latency).toBe('3 ms');
    const before = await places();
    for (const [latencyMs, text] of [[12, '12 ms'], [145, '145 ms'], [999, '999 ms'], [1_300, '1.3 s']] as const) {
      await say(withLatency(latencyMs));
      await expect.poll(latency).toBe(text);
      expect(await places()).toEqual(before);
    }
  });

  test('configuration errors are shown, all of them with their places, and the buttons stand still', async () => {
    await setLink({ kind: 'invalid', message: 'services.json cannot be used.', issues: ['services.json:1:1 one', 'services.json:2:1 two'] });
    await panel.getByRole('alert').getByText('services.json:2:1 two').waitFor();
    await panel.getByRole('button', { name: 'Line 2: open services.json there' }).waitFor();
    expect(await panel.getByRole('button', { name: 'Restart Website' }).getAttribute('aria-disabled')).toBe('true');
    await panel.getByRole('button', { name: 'Restart Website' }).click({ force: true });
    expect(await calls()).toEqual([]);
  });

  test('the theme of the settings holds against that of the system', async () => {
    const paper = () => panel.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const themed = async (theme: 'light' | 'dark' | 'system') => {
      await answer('settings', { theme, notifications: { level: 'all', quietHours: null } });
      await setLink({ kind: 'starting' });
      await setLink({ kind: 'hosting' });
    };
    for (const [theme, colour] of [['dark', 'rgb(23, 25, 28)'], ['light', 'rgb(247, 247, 245)'], ['dark', 'rgb(23, 25, 28)']] as const) {
      await themed(theme);
      await expect.poll(paper).toBe(colour);
    }
    await themed('system');
    await panel.emulateMedia({ colorScheme: 'light' });
    await expect.poll(paper).toBe('rgb(247, 247, 245)');
    await panel.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(paper).toBe('rgb(23, 25, 28)');
  });

  test('quitting is in reach, also with a long list', async () => {
    await panel.getByRole('button', { name: /^Upkeep .*: more$/ }).click();
    await panel.getByRole('menuitem', { name: 'Quit Upkeep' }).waitFor();
    await panel.keyboard.press('Escape');
  });
});

describe('what a page cannot do', () => {
  test('it has no Node, and of Electron only the bridge', async () => {
    expect(await panel.evaluate(() => [typeof Reflect.get(window, 'require'), typeof Reflect.get(window, 'process'), Object.keys(window.upkeep ?? {}).sort()]))
      .toEqual(['undefined', 'undefined', ['call', 'desktop', 'subscribe']]);
  });

  test('inline code, eval, requests and foreign pictures are blocked', async () => {
    const blocked = await panel.evaluate(async () => {
      const violations: string[] = [];
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => violations.push(effectiveDirective));
      const script = document.createElement('script');
      script.textContent = 'window.wasInjected = true';
      document.head.append(script);
      const image = new Image();
      image.src = 'http://127.0.0.1:9/x.png';
      const requested = await fetch('app://panel/index.html').then(() => 'answered', () => 'refused');
      await new Promise((resolve) => { image.onerror = resolve; });
      return { requested, injected: 'wasInjected' in window, violations: [...new Set(violations)].sort() };
    });
    expect(blocked).toEqual({ requested: 'refused', injected: false, violations: ['connect-src', 'img-src', 'script-src-elem'] });
  });

  // Asked through main: the test driver waits for every navigation it sees begin, and these never end.
  test.each([
    'location.href = "http://127.0.0.1:9/"', 'location.href = "file:///etc/passwd"', 'location.href = "app://elsewhere/index.html"',
    'document.body.append(Object.assign(document.createElement("a"), { id: "out", href: "http://127.0.0.1:9/" })); document.querySelector("#out").click()',
    'window.open("app://panel/index.html")', 'window.open("http://127.0.0.1:9/")',
  ])('it cannot go elsewhere nor open windows: %s', async (code) => {
    const after = await bed.app.evaluate(async ({ BrowserWindow }, source) => {
      const page = BrowserWindow.getAllWindows()[0]?.webContents;
      await page?.executeJavaScript(`${source}; window.isStillHere = true`);
      // A turn of the page's own loop: a navigation that was let through would have begun.
      const isStillHere: unknown = await page?.executeJavaScript('new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(window.isStillHere))))');
      return { isStillHere, address: page?.getURL(), windows: BrowserWindow.getAllWindows().length };
    }, code);
    expect(after).toEqual({ isStillHere: true, address: 'app://panel/index.html', windows: 1 });
    await closePanel();
  });

  test('every permission is refused', async () => {
    expect(await panel.evaluate(() => Notification.requestPermission())).toBe('denied');
    expect(await panel.evaluate(() => navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state))).toBe('denied');
  });

  test('main itself requests nothing either, and serves GET of the panel\'s files only', async () => {
    const answers = await bed.app.evaluate(async ({ net }) => {
      const statusOf = (address: string, method = 'GET') => net.fetch(address, { method }).then(({ status }) => status, () => 'refused');
      return {
        page: await statusOf('app://panel/index.html'), above: await statusOf('app://panel/..%2fmain.cjs'), folder: await statusOf('app://panel/'),
        post: await statusOf('app://panel/index.html', 'POST'), foreign: await statusOf('http://127.0.0.1:9/'),
        policy: (await net.fetch('app://panel/index.html')).headers.get('content-security-policy'),
      };
    });
    expect(answers).toEqual({ page: 200, above: 404, folder: 404, post: 405, foreign: 'refused', policy: expect.stringMatching(/^default-src 'none'; /) as unknown });
  });
});

describe('every call is checked', () => {
  test.each([
    ['restart', { service: '../etc' }], ['restart', { service: 'web', argv: ['rm'] }], ['restart', null], ['heal', { services: [] }], ['history', { limit: 0 }],
  ])('%s with %j is refused before it reaches the supervisor', async (name, input) => {
    const answered = await attempt(panel, `window.upkeep.call(${JSON.stringify(name)}, ${JSON.stringify(input)})`);
    expect(answered).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    expect(await calls()).toEqual([]);
  });

  test('a command the contract does not know has no channel', async () => {
    for (const name of ['exec', '__proto__', 'toString', '../subscribe', 'openPanel']) {
      await expect(attempt(panel, `window.upkeep.call("${name}", {})`)).rejects.toThrow('A page has no command');
      await expect(attempt(panel, `window.upkeep.desktop("${name}", {})`)).rejects.toThrow('A page has no act');
    }
  });

  test('only addresses from services.json are opened, by the id of the service', async () => {
    await bed.app.evaluate(({ shell }) => { shell.openExternal = async (address) => { Reflect.set(globalThis, 'opened', address); }; });
    for (const [id, url] of [['docs', null], ['gone', null], ['evil', 'file:///etc/passwd']] as const) {
      if (url !== null) await say(snapshot([service(id, { url })]));
      expect(await attempt(panel, `window.upkeep.desktop("openUrl", { service: "${id}" })`)).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    }
    await say(variedSnapshot());
    expect(await attempt(panel, 'window.upkeep.desktop("openUrl", { service: "web" })')).toEqual({ ok: true, value: null });
    expect(await bed.app.evaluate(() => Reflect.get(globalThis, 'opened') as unknown)).toBe('http://127.0.0.1:8080/');
  });

  test('a window that is not the panel is refused, though it has the same page and preload', async () => {
    const [other] = await Promise.all([
      bed.app.waitForEvent('window'),
      bed.app.evaluate(({ app, BrowserWindow }) => {
        const intruder = new BrowserWindow({ show: false, webPreferences: { preload: `${app.getAppPath()}/preload.cjs`, sandbox: true } });
        void intruder.loadURL('app://panel/index.html');
      }),
    ]);
    await other.waitForSelector('main');
    await expect(attempt(other, 'window.upkeep.call("restart", { service: "web" })')).rejects.toThrow(/not the panel/);
    await expect(attempt(other, 'window.upkeep.desktop("quit", {})')).rejects.toThrow(/not the panel/);
    expect(await calls()).toEqual([]);
    await other.close();
  });
});

describe('window and tray', () => {
  test('closing destroys the window, and it opens again at the size it had', async () => {
    await bed.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(720, 560));
    await waitFor('the new size', () => panel.evaluate(() => window.outerWidth === 720));
    await closePanel();
    const reopened = await bed.openPanel();
    expect(await reopened.evaluate(() => [window.outerWidth, window.outerHeight])).toEqual([720, 560]);
  });

  test('the service asked for is shown, also in a window that is only opening', async () => {
    await closePanel();
    const [opened] = await Promise.all([bed.app.waitForEvent('window'), bed.app.evaluate(() => globalThis.upkeepStage.showPanel('cache'))]);
    await waitFor('the page of the service', () => opened.evaluate(() => location.hash === '#/service/cache' && document.querySelector('h1')?.textContent?.includes('Redis')));
  });

  test('an act from the tray that is refused opens the panel and says why', async () => {
    await answer('restart', { service: 'web', ok: false, message: 'Cannot restart "web": unit not found.' });
    const tray = await waitForTrayItem();
    await waitFor('the tooltip', async () => (await readTrayTooltip(tray)).includes('Postgres'));
    await closePanel();
    const [opened] = await Promise.all([bed.app.waitForEvent('window'), clickTrayMenu(tray, [/^Website/, 'Restart'])]);
    await opened.getByRole('status').getByText('unit not found.').waitFor();
    expect(await calls()).toEqual([{ name: 'restart', input: { service: 'web' } }]);
    expect(bed.errors()).toContain('unit not found.');
  });
});

describe('the session bus of a real desktop', () => {
  const address = process.env['DBUS_SESSION_BUS_ADDRESS'];
  test('says who is there and who is not', async () => {
    expect(await nameHasOwner('org.freedesktop.DBus', address)).toBe(true);
    expect(await nameHasOwner('org.example.Nobody', address)).toBe(false);
  });
  test('has a tray host', async () => {
    const host = await new Promise((resolve) => { watchTrayHost({ platform: 'linux', busAddress: address, waitMs: 30_000, onHost: resolve }); });
    expect(host).toBe('present');
  });
});
